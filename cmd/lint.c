/*
 * lint.c - minica lint: are these certificates, requests and CRLs well-made?
 */
#include "fail.h"
#include "findings.h"
#include "json.h"
#include "objects.h"
#include "pass.h"

struct args {
	struct words files;
	const char *clients;
	bool strict, list;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_ARGS_MAYBE, 0, "FILE", NULL, FIELD(files),
	    "certificates, requests, CRLs; PKCS #7 or #12" },
	{ OPT_TEXT, 0, "for", "CLIENT,...", FIELD(clients),
	    "what these refuse is an error: apple, chrome, firefox, go, java, "
	    "python313, openssl, gnutls, webpki, all" },
	{ OPT_FLAG, 0, "strict", NULL, FIELD(strict), "a warning is an error" },
	{ OPT_FLAG, 0, "list", NULL, FIELD(list), "print all rules" },
	PASS_OPTS,
	{ 0 },
};

/* What counts as an error. */
struct rigour {
	unsigned clients;
	bool strict;
};

/* ---- one object ---- */

static const char *const kinds[] = {
	[OBJECT_CERT] = "certificate",
	[OBJECT_CSR] = "request",
	[OBJECT_CRL] = "crl",
	[OBJECT_PUBLIC] = "public key",
	[OBJECT_PRIVATE] = "private key",
	[OBJECT_SEALED] = "key that is encrypted",
};

static void
find_faults(mca_findings *out, const struct object *object, unsigned clients)
{
	if (object->kind == OBJECT_CERT)
		mca_lint_for(out, object->cert, clients);
	else if (object->kind == OBJECT_CSR)
		mca_lint_request(out, object->csr);
	else if (object->kind == OBJECT_CRL)
		mca_lint_crl(out, object->crl);
}

/* The subject or issuer; without one the first name. */
static const char *
name_of(const struct object *object)
{
	const mca_san *san = object->cert != NULL ? mca_cert_san(object->cert)
	    : object->csr != NULL		  ? mca_csr_san(object->csr)
						  : NULL;
	const mca_name *name = object->cert != NULL
	    ? mca_cert_subject(object->cert)
	    : object->csr != NULL ? mca_csr_subject(object->csr)
				  : mca_crl_issuer(object->crl);

	return mca_name_is_empty(name) && san != NULL && mca_san_count(san) > 0
	    ? mca_san_at(san, 0)->text
	    : mca_name_text(name);
}

/* "chain.pem: ", and of what comes second "chain.pem, line 14: " */
static void
add_place(mca_text *out, const char *path, size_t at,
    const struct object *object)
{
	mca_text_addf(out, "%s", MCA_SHOW_TEXT(path));
	if (object->line != 0 && at > 0)
		mca_text_addf(out, ", line %zu", object->line);
	else if (at > 0)
		mca_text_addf(out, ", %s %zu", kinds[object->kind], at + 1);
	mca_text_addf(out, ": ");
}

static mca_code
lint_object(struct session *s, json_t *row, const char *path, size_t at,
    const struct object *object, const struct rigour *rigour)
{
	scoped(mca_findings) findings = { 0 };
	scoped(mca_text) prefix = { 0 };
	bool broken;
	json_t *told;

	find_faults(&findings, object, rigour->clients);
	if (findings.lost)
		fail_memory();
	broken = findings.count > 0 &&
	    (rigour->strict || mca_findings_worst(&findings) == MCA_ERROR);
	add_place(&prefix, path, at, object);
	findings_lint(s, mca_text_get(&prefix), &findings);
	if (findings.count == 0)
		print(s, "%sOK: %s %s\n", mca_text_get(&prefix),
		    kinds[object->kind], name_of(object));

	told = json_row(row, "objects");
	json_put(told, "kind", json_text(kinds[object->kind]));
	json_put(told, "name", json_text(name_of(object)));
	if (object->line != 0)
		json_put(told, "line", json_integer((json_int_t)object->line));
	json_put(told, "ok", json_boolean(!broken));
	json_put(told, "findings", json_findings(&findings));
	return broken ? MCA_EPOLICY : MCA_OK;
}

/* ---- one file ---- */

static bool
has_rules(const struct object *object)
{
	return object->kind == OBJECT_CERT || object->kind == OBJECT_CSR ||
	    object->kind == OBJECT_CRL;
}

/*
 * Keys beside certificates are passed over, but a file of nothing else is not
 * called good.
 */
static mca_code
lint_file(struct session *s, json_t *row, const char *path,
    const struct rigour *rigour, const struct mca_passphrase *passphrase,
    struct mca_error *err)
{
	scoped(objects) list = { 0 };
	mca_code worst = MCA_OK, code;
	size_t linted = 0;

	code = objects_read(&list, path, passphrase, err);
	for (size_t i = 0; i < list.count; i++)
		if (has_rules(&list.rows[i]))
			worst = worse(worst,
			    lint_object(s, row, path, linted++, &list.rows[i],
				rigour));
	if (code != MCA_OK)
		return code;
	if (linted == 0 && list.rows[0].kind == OBJECT_SEALED &&
	    list.rows[0].from != NULL)
		return fail(err, MCA_EKEY,
		    "%s: is %s, and needs a passphrase to be read "
		    "(--pass-file, --pass-fd, --pass-env or --ask-pass)",
		    MCA_SHOW_TEXT(path), list.rows[0].from);
	if (linted == 0)
		return fail(err, MCA_EFORMAT,
		    "%s: holds a %s, and there are rules for certificates, "
		    "requests and CRLs alone",
		    MCA_SHOW_TEXT(path), kinds[list.rows[0].kind]);
	return worst;
}

/* ---- the rules themselves ---- */

static void
put_kinds(json_t *object, unsigned about)
{
	static const struct {
		enum mca_lint_kind kind;
		const char *name;
	} names[] = { { MCA_LINT_CERT, "certificate" },
		{ MCA_LINT_CSR, "request" }, { MCA_LINT_CRL, "crl" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((about & names[i].kind) != 0)
			json_push(object, "about", json_text(names[i].name));
}

static void
list_rules(const struct session *s)
{
	const struct mca_lint_rule *rule = mca_lint_rules();

	for (; rule->rule != NULL; rule++) {
		json_t *row = json_row(s->doc, "rules");

		print(s, "%s: %s: %s: %s (%s)\n    %s\n", rule->rule,
		    mca_severity_name(rule->severity), rule->field, rule->says,
		    rule->source, rule->mend);
		if (row == NULL)
			continue;
		json_put(row, "rule", json_text(rule->rule));
		json_put(row, "severity",
		    json_text(mca_severity_name(rule->severity)));
		put_kinds(row, rule->kinds);
		json_put(row, "field", json_text(rule->field));
		json_put(row, "says", json_text(rule->says));
		json_put(row, "source", json_text(rule->source));
		json_put(row, "mend", json_text(rule->mend));
	}
}

/* The clients' own rules, which are the verifier's. */
static void
list_client_rules(const struct session *s)
{
	struct mca_client_rule rule;

	for (size_t i = 0; mca_client_rule_at(&rule, i); i++) {
		json_t *row = json_row(s->doc, "client_rules");
		scoped(mca_text) clients = { 0 };

		mca_clients_text(&clients, rule.clients);
		print(s, "%s: %s: %s: refused by %s (%s)\n", rule.rule,
		    rule.field, rule.whose, mca_text_get(&clients),
		    rule.source);
		json_put(row, "rule", json_text(rule.rule));
		json_put(row, "field", json_text(rule.field));
		json_put(row, "whose", json_text(rule.whose));
		json_put_clients(row, mca_text_get(&clients));
		json_put(row, "source", json_text(rule.source));
	}
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_passphrase *passphrase;
	struct rigour rigour = { .strict = args->strict };
	mca_code worst = MCA_OK;

	if (pass_source(&passphrase, &args->pass, false, err) != MCA_OK)
		return err->code;
	if (args->clients != NULL &&
	    mca_clients_parse(&rigour.clients, args->clients, err) != MCA_OK)
		return within(err, "--for");
	if (args->list && args->files.count == 0) {
		list_rules(s);
		list_client_rules(s);
		return MCA_OK;
	}
	if (args->list)
		return fail(err, MCA_EUSAGE, "FILE or --list");
	if (args->files.count == 0)
		return fail(err, MCA_EUSAGE,
		    "FILE is missing: a certificate, request or CRL");
	for (size_t i = 0; i < args->files.count; i++) {
		json_t *row = json_row(s->doc, "results");
		const char *path = args->files.rows[i];
		struct mca_error bad = { 0 };
		mca_code code;

		json_put(row, "file", json_text(path));
		code = lint_file(s, row, path, &rigour, passphrase, &bad);
		if (bad.text[0] != '\0')
			code = complain(s, row, &bad);
		worst = worse(worst, code);
	}
	return worst;
}

const struct command lint_command = {
	"lint",
	"Find what is wrong in certificates, requests and CRLs",
	opts,
	sizeof(struct args),
	run,
	"Each object is looked at alone, by rules with their sources; whether\n"
	"it can be believed is what minica verify tells.  Exit status 1 when "
	"a\n"
	"rule is broken that is an error.\n"
	"\n"
	"  minica lint web.pem\n"
	"  minica lint web.pem --for apple,python313\n"
	"  minica lint --list\n",
};
