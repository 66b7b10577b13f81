/*
 * doctor.c - minica doctor: is everything in the home in order?
 */
#include "confine.h"
#include "fail.h"
#include "fence.h"
#include "findings.h"
#include "guard.h"
#include "json.h"
#include "need.h"
#include "pass.h"
#include "session.h"

#include <stdio.h>

struct args {
	bool repair;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_FLAG, 0, "repair", NULL, FIELD(repair),
	    "set modes right and remove temporary files left behind" },
	PASS_OPTS,
	{ 0 },
};

/* What is not confined, in words and as a list. */
struct others {
	mca_text words;
	json_t *object;
};

static void
add_other(void *context, const char *command, const char *option)
{
	struct others *others = context;
	scoped(mca_text) name = { 0 };

	mca_text_addf(&name, "%s%s%s", command, option == NULL ? "" : " --",
	    option == NULL ? "" : option);
	mca_text_addf(&others->words, "%s%s",
	    others->words.length == 0 ? "" : ", ", mca_text_get(&name));
	json_push(others->object, "unconfined", json_text(mca_text_get(&name)));
}

static void
tell_others(const struct session *s, json_t *object)
{
	struct others others = { { 0 }, object };

	needs_others(add_other, &others);
	print(s, "        but for what runs others: %s\n",
	    mca_text_get(&others.words));
	mca_text_clear(&others.words);
}

/* How this process, and so each like it, is protected on this machine. */
static void
tell_protection(const struct session *s)
{
	json_t *object = s->doc == NULL ? NULL : json_object();
	int version = fence_landlock();

	print(s, "memory: %s\n",
	    guard_holds()
		? "closed: no core is dumped, no debugger of this user let in"
		: "open to debuggers and core dumps of this user");
	if (confine_holds()) {
		char known[40] = "";

		if (version > 0)
			(void)snprintf(known, sizeof(known), " (version %d)",
			    version);
		print(s,
		    "files:  confined by %s%s to the home and what a command "
		    "is given,\n",
		    fence_name(), known);
		tell_others(s, object);
	} else {
		print(s, "files:  not confined: %s\n",
		    !fence_is_there()
			? "this kernel has no Landlock, or has it off"
			: "switched off by MINICA_LANDLOCK, or a key "
			  "of an authority is behind a URI");
	}
	json_put(object, "memory_closed", json_boolean(guard_holds()));
	json_put(object, "confined", json_boolean(confine_holds()));
	json_put(object, "landlock", json_integer(version));
	json_put(s->doc, "protection", object);
}

/* Whether anything is known to need doing, or nothing can be told. */
static mca_code
judge(struct session *s, const mca_findings *findings, struct mca_error *err)
{
	bool needed = false, unread = false;

	for (size_t i = 0; i < findings->count; i++) {
		enum mca_severity severity = findings->rows[i].severity;

		needed |= severity == MCA_WARNING || severity == MCA_ERROR;
		unread |= severity == MCA_UNDECIDED;
	}
	json_put(s->doc, "healthy",
	    !needed && unread ? json_null() : json_boolean(!needed));
	if (needed)
		return MCA_EPOLICY;
	if (unread)
		return fail(err, MCA_ESYSTEM,
		    "what could be read is in order, and not all of it could");
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_passphrase *passphrase;
	scoped(mca_findings) findings = { 0 };
	mca_code code;

	if (pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    session_open(s, args->repair ? MCA_STORE_WRITE : MCA_STORE_READ,
		passphrase, err) != MCA_OK)
		return err->code;
	if (mca_doctor(s->ca, args->repair, &findings, err) != MCA_OK)
		return err->code;
	findings_print(s, "", &findings, MCA_NOTE);
	json_put(s->doc, "findings", json_findings(&findings));
	code = judge(s, &findings, err);
	tell_protection(s);
	if (code == MCA_OK)
		print(s, "OK: nothing needs to be done\n");
	return code;
}

const struct command doctor_command = {
	"doctor",
	"Look whether store, keys and files are in order",
	opts,
	sizeof(struct args),
	run,
	"Exit 1 when anything needs to be done; each finding says what.  "
	"Exit 7 when\n"
	"something could not be read and all else is in order.  A key that "
	"is\n"
	"encrypted is compared with its certificate when its passphrase "
	"is given.\n",
};
