/*
 * ocsp.c - minica ocsp: signed answers about single certificates.
 */
#include "fail.h"
#include "json.h"
#include "output.h"
#include "pass.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct args {
	const char *request, *out, *out_dir, *names, *issuer;
	struct number life;
	bool all, by_issuer, force;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "request", "FILE", FIELD(request),
	    "answer this request (DER)" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out),
	    "write the response to FILE" },
	{ OPT_FLAG, 0, "all", NULL, FIELD(all),
	    "answer for every certificate that has not expired" },
	{ OPT_TEXT, 0, "out-dir", "DIR", FIELD(out_dir),
	    "where the responses of --all go" },
	{ OPT_WORD, 0, "names", "serial|get", FIELD(names),
	    "their names: SERIAL.ocsp, or the path of a GET (serial)" },
	{ OPT_TEXT, 0, "issuer", "LABEL", FIELD(issuer),
	    "whose certificates, with --all (the one that signs leaves)" },
	{ OPT_LIFE, 'd', "days", "N", FIELD(life),
	    "until the next response: days, or a duration such as 12h (7)" },
	{ OPT_FLAG, 0, "by-issuer", NULL, FIELD(by_issuer),
	    "sign with the authority's own key, without a responder" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace files that are there" },
	PASS_OPTS,
	{ 0 },
};

static mca_code
check(const struct args *args, struct mca_error *err)
{
	if (args->all == (args->request != NULL))
		return fail(err, MCA_EUSAGE, "one of --request FILE and --all");
	if (args->all != (args->out_dir != NULL))
		return fail(err, MCA_EUSAGE,
		    "--all and --out-dir DIR go together");
	if (args->all && args->out != NULL)
		return fail(err, MCA_EUSAGE, "--out goes with --request");
	if (!args->all && (args->issuer != NULL || args->names != NULL))
		return fail(err, MCA_EUSAGE,
		    "--issuer and --names go with --all: a request says whom "
		    "it is about");
	return MCA_OK;
}

/* ---- one request ---- */

static void
tell_answer(void *context, const char *serial, enum mca_ocsp_answer answer,
    const struct mca_revocation *revocation)
{
	struct session *s = context;
	json_t *row = json_row(s->doc, "answers");
	bool revoked = answer == MCA_OCSP_REVOKED;

	json_put(row, "serial", json_text(serial));
	json_put(row, "answer", json_text(mca_ocsp_answer_name(answer)));
	if (revoked) {
		json_put(row, "revoked", json_time(revocation->revoked));
		json_put(row, "reason", json_text(revocation->reason));
	}
	talk(s, "serial %s: %s%s%s%s%s", serial, mca_ocsp_answer_name(answer),
	    revoked ? " since " : "",
	    revoked ? MCA_TIME(revocation->revoked) : "", revoked ? ", " : "",
	    revoked ? revocation->reason : "");
}

/* Responses replace responses, and nothing else. */
static mca_code
is_response(bool *found, const char *path, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	struct mca_error why = { 0 };
	struct stat there;
	mca_code code;

	*found = false;
	if (output_is_stdout(path) || stat(path, &there) != 0 ||
	    !S_ISREG(there.st_mode))
		return MCA_OK;
	code = mca_ocsp_read(&bytes, path, &why);
	*found = code == MCA_OK;
	if (code == MCA_OK || code == MCA_EFORMAT)
		return MCA_OK;
	*err = why;
	return code;
}

static mca_code
answer_one(struct session *s, const struct args *args,
    const struct mca_ocsp_how *how, struct mca_error *err)
{
	scoped(mca_blob) request = { 0 };
	scoped(mca_blob) response = { 0 };
	scoped(output) out = { 0 };
	bool replace = args->force;

	if (mca_file_read(&request, args->request, MCA_LIMIT_OCSP, err) !=
		MCA_OK ||
	    output_check_binary(s, args->out, "an OCSP response", err) !=
		MCA_OK ||
	    (!replace && is_response(&replace, args->out, err) != MCA_OK) ||
	    output_open(&out, s, args->out, MODE_PUBLIC, replace, err) !=
		MCA_OK)
		return err->code;
	if (mca_ca_ocsp(s->ca, &response, &request, how, tell_answer, s, err) !=
	    MCA_OK)
		return within(err, "%s", MCA_SHOW_TEXT(args->request));
	return output_write(&out, s, &response, err);
}

/* ---- all ---- */

struct presigned {
	struct session *s;
	const struct args *args;
	size_t count, revoked;
};

/*
 * RFC 6960, A.1: the path of a GET is the request in base64.  Servers look for
 * a file after they have taken the percent signs out, so a slash of base64 is
 * a directory.
 */
static mca_code
name_by_get(char **out, const char *directory, const mca_blob *request,
    struct mca_error *err)
{
	scoped(mca_text) path = { 0 };

	mca_text_addf(&path, "%s/", directory);
	mca_text_base64(&path, request->bytes, request->length);
	return mca_text_take(out, &path, err);
}

static mca_code
make_parents(const char *path, struct mca_error *err)
{
	owned(char) *parent =
	    strndup(path, (size_t)(strrchr(path, '/') - path));

	if (parent == NULL)
		fail_memory();
	return mca_file_make_directory(parent, 0755, err);
}

static mca_code
write_over(const char *path, const mca_blob *response, bool force,
    struct mca_error *err)
{
	bool replace = force;
	mca_code code;

	if (!replace && is_response(&replace, path, err) != MCA_OK)
		return err->code;
	code = mca_file_save(path, response->bytes, response->length,
	    MODE_PUBLIC, replace ? MCA_FILE_REPLACE : MCA_FILE_NEW, err);
	if (code == MCA_EEXISTS)
		return fail(err, MCA_EEXISTS,
		    "%s: exists, and is no OCSP response: choose another "
		    "directory, or replace it with --force",
		    MCA_SHOW_TEXT(path));
	return code;
}

static mca_code
save(void *context, const struct mca_ocsp_response *response,
    struct mca_error *err)
{
	struct presigned *all = context;
	const struct args *args = all->args;
	bool get = args->names != NULL && strcmp(args->names, "get") == 0;
	owned(char) *path = NULL;

	if (!get &&
	    asprintf(&path, "%s/%s.ocsp", args->out_dir, response->serial) < 0)
		fail_memory();
	if (get &&
	    (name_by_get(&path, args->out_dir, response->request, err) !=
		    MCA_OK ||
		make_parents(path, err) != MCA_OK))
		return err->code;
	if (write_over(path, response->response, args->force, err) != MCA_OK)
		return err->code;
	all->count++;
	all->revoked += response->answer == MCA_OCSP_REVOKED;
	return MCA_OK;
}

static mca_code
answer_all(struct session *s, const struct args *args,
    const struct mca_ocsp_how *how, struct mca_error *err)
{
	struct presigned all = { s, args, 0, 0 };
	const char *label;

	if (mca_ca_ocsp_all(s->ca, &label, args->issuer, how, save, &all,
		err) != MCA_OK)
		return err->code;
	json_put(s->doc, "issuer", json_text(label));
	json_put(s->doc, "responses", json_integer((json_int_t)all.count));
	json_put(s->doc, "revoked", json_integer((json_int_t)all.revoked));
	json_put(s->doc, "nextUpdate", json_time(s->now + how->life));
	talk(s, "%zu responses about \"%s\", %zu of them revoked, until %s",
	    all.count, label, all.revoked, MCA_TIME(s->now + how->life));
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_ocsp_how how = {
		.life = args->life.given ? args->life.value : 7 * MCA_DAY,
		.by_issuer = args->by_issuer,
	};
	const struct mca_passphrase *passphrase;

	if (check(args, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    session_open(s, MCA_STORE_WRITE, passphrase, err) != MCA_OK)
		return err->code;
	return args->all ? answer_all(s, args, &how, err)
			 : answer_one(s, args, &how, err);
}

const struct command ocsp_command = {
	"ocsp",
	"Sign answers about certificates (OCSP)",
	opts,
	sizeof(struct args),
	run,
	"No server is needed: responses for all certificates can lie on any "
	"web\n"
	"server, or be stapled from files.  A responder with a key of its own "
	"is\n"
	"made when there is none; --by-issuer does without.\n"
	"\n"
	"  minica ocsp --request ask.der --out answer.der\n"
	"  minica ocsp --all --out-dir responses --days 3\n",
};
