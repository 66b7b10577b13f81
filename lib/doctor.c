/*
 * doctor.c - see minica/doctor.h: what is looked for, and how it is told.
 */
#include "doctor.h"

#include "minica/text.h"
#include "store.h"

#include <stdarg.h>
#include <stdio.h>

/* So many of one kind are told one by one. */
#define TOLD 20

static const struct {
	const char *rule, *field;
	enum mca_severity severity;
	const char *hint;
} rows[MCA_AIL_COUNT] = {
	[MCA_AIL_PAGES] = { "MC-D-PAGES", "minica.db", MCA_ERROR,
	    "move minica.db and minica.db-wal out of the home and keep them, "
	    "then put back a backup (minica restore FILE)" },
	[MCA_AIL_SCHEMA] = { "MC-D-SCHEMA", "minica.db", MCA_ERROR,
	    "the store was changed by something else than minica: compare it "
	    "with a backup" },
	[MCA_AIL_REFERENCE] = { "MC-D-REFERENCE", "minica.db", MCA_ERROR,
	    "move minica.db and minica.db-wal out of the home and keep them, "
	    "then put back a backup (minica restore FILE)" },
	[MCA_AIL_CERTIFICATE] = { "MC-D-CERTIFICATE", "certificate", MCA_ERROR,
	    "the store was changed by something else than minica: compare it "
	    "with a backup" },
	[MCA_AIL_ANCHOR] = { "MC-D-ANCHOR", "trust anchor", MCA_ERROR,
	    "remove it (minica trust remove), and add it again from a source "
	    "you trust" },
	[MCA_AIL_SEAL] = { "MC-D-SEAL", "", MCA_ERROR,
	    "the store was changed by something else than minica: compare it "
	    "with a backup, and ask minica audit list what was done" },
	[MCA_AIL_AUDIT] = { "MC-D-AUDIT", "audit log", MCA_ERROR,
	    "minica audit verify names every entry; compare it with a backup" },
	[MCA_AIL_DAMAGED] = { "MC-D-DAMAGED", "minica.db", MCA_ERROR,
	    "move minica.db and minica.db-wal out of the home and keep them, "
	    "then put back a backup (minica restore FILE)" },
	[MCA_AIL_UNREAD] = { "MC-D-UNREAD", "", MCA_UNDECIDED,
	    "see to the disk, or to whose it is, and ask again: nobody can "
	    "tell whether it is in order" },
	[MCA_AIL_KEY_MISSING] = { "MC-D-KEY-MISSING", "authority", MCA_ERROR,
	    "put the file back from a backup with keys; without it this "
	    "authority signs nothing more" },
	[MCA_AIL_KEY_UNREADABLE] = { "MC-D-KEY-UNREADABLE", "authority",
	    MCA_ERROR, "put the file back from a backup with keys" },
	[MCA_AIL_KEY_MISMATCH] = { "MC-D-KEY-MISMATCH", "authority", MCA_ERROR,
	    "put the right file back from a backup with keys" },
	[MCA_AIL_KEY_LOCKED] = { "MC-D-KEY-LOCKED", "authority", MCA_NOTE,
	    "give its passphrase (--pass-file) to have it compared" },
	[MCA_AIL_KEY_PLAIN] = { "MC-D-KEY-PLAIN", "authority", MCA_NOTE, "" },
	[MCA_AIL_KEY_ORPHAN] = { "MC-D-KEY-ORPHAN", "file", MCA_WARNING,
	    "a run that broke may have left it: look whose key it is before "
	    "you remove it" },
	[MCA_AIL_PARENT] = { "MC-D-PARENT", "authority", MCA_ERROR,
	    "clients cannot build this chain: have it signed again, or put "
	    "back a backup" },
	[MCA_AIL_ENDED] = { "MC-D-ENDED", "authority", MCA_WARNING,
	    "replace it: minica rollover start, or minica init-intermediate" },
	[MCA_AIL_AWAITED] = { "MC-D-AWAITED", "authority", MCA_WARNING,
	    "take its certificate in: minica init-intermediate --install "
	    "CERT" },
	[MCA_AIL_CRL_STALE] = { "MC-D-CRL-STALE", "CRL", MCA_WARNING,
	    "publish the next one: minica crl" },
	[MCA_AIL_CRL_BEHIND] = { "MC-D-CRL-BEHIND", "CRL", MCA_WARNING,
	    "publish the next one: minica crl" },
	[MCA_AIL_POLICY] = { "MC-D-POLICY", "policy", MCA_ERROR,
	    "minica policy check FILE" },
	[MCA_AIL_MODE] = { "MC-D-MODE", "file", MCA_ERROR,
	    "minica doctor --repair" },
	[MCA_AIL_OWNER] = { "MC-D-OWNER", "file", MCA_ERROR,
	    "give it to the owner of the home (chown), and run minica as that "
	    "user" },
	[MCA_AIL_KIND] = { "MC-D-KIND", "file", MCA_ERROR,
	    "look at what it is, and move it away" },
	[MCA_AIL_LEFTOVER] = { "MC-D-LEFTOVER", "file", MCA_WARNING,
	    "minica doctor --repair" },
	[MCA_AIL_LIMIT] = { "MC-D-LIMIT", "", MCA_WARNING,
	    "raise it before it is met in the middle of a change" },
};

static void
add(struct mca_doctor *doctor, enum mca_ailment ailment,
    enum mca_severity severity, const char *object, const char *text)
{
	const struct mca_finding finding = {
		.severity = severity,
		.depth = MCA_NO_DEPTH,
		.rule = rows[ailment].rule,
		.found = object,
		.hint =
		    severity == MCA_NOTE && rows[ailment].severity != MCA_NOTE
		    ? ""
		    : rows[ailment].hint,
	};

	mca_findings_addf(doctor->out, &finding, "%s%s%s%s%s",
	    rows[ailment].field,
	    *rows[ailment].field == '\0' || *object == '\0' ? "" : " ", object,
	    *rows[ailment].field == '\0' && *object == '\0' ? "" : ": ", text);
}

void
mca_doctor_find(struct mca_doctor *doctor, enum mca_ailment ailment,
    const char *object, const char *fmt, ...)
{
	char text[600];
	va_list args;

	if (++doctor->told[ailment] > TOLD)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add(doctor, ailment, rows[ailment].severity, MCA_SHOW_TEXT(object),
	    text);
}

void
mca_doctor_repaired(struct mca_doctor *doctor, enum mca_ailment ailment,
    const char *object, const char *text)
{
	add(doctor, ailment, MCA_NOTE, MCA_SHOW_TEXT(object), text);
}

mca_code
mca_doctor_survive(struct mca_doctor *doctor, mca_code code,
    const struct mca_error *err)
{
	bool unread =
	    code == MCA_ESYSTEM && !mca_store_is_damaged(doctor->ca->store);

	if (code == MCA_OK || code == MCA_EBUSY)
		return code;
	mca_doctor_find(doctor, unread ? MCA_AIL_UNREAD : MCA_AIL_DAMAGED, "",
	    "%s", err->text);
	return MCA_OK;
}

static void
tell_untold(struct mca_doctor *doctor)
{
	char text[100];

	for (int i = 0; i < MCA_AIL_COUNT; i++) {
		if (doctor->told[i] <= TOLD)
			continue;
		(void)snprintf(text, sizeof(text), "and %zu more alike",
		    doctor->told[i] - TOLD);
		add(doctor, (enum mca_ailment)i, rows[i].severity, "", text);
	}
}

mca_code
mca_doctor(mca_ca *ca, bool repair, mca_findings *out, struct mca_error *err)
{
	static mca_code (*const parts[])(struct mca_doctor *,
	    struct mca_error *) = { mca_doctor_files, mca_doctor_limits,
		mca_doctor_store, mca_doctor_authorities };
	struct mca_doctor doctor = { .ca = ca, .repair = repair, .out = out };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		mca_code code = parts[i](&doctor, err);

		if (mca_doctor_survive(&doctor, code, err) != MCA_OK)
			return code;
	}
	tell_untold(&doctor);
	return out->lost ? mca_fail_memory(err) : MCA_OK;
}
