/*
 * audit.c - minica audit: what was done, and that nobody changed the account.
 */
#include "fail.h"
#include "head.h"
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- list ---- */

struct list_args {
	const char *action, *object;
	struct number since, until, last;
};

#define LIST(name) offsetof(struct list_args, name)

static const struct opt list_opts[] = {
	{ OPT_TEXT, 0, "action", "WORD", LIST(action),
	    "entries of this action: issue, revoke, ..." },
	{ OPT_TEXT, 0, "object", "TEXT", LIST(object),
	    "about this serial number, label or fingerprint" },
	{ OPT_TIME, 0, "since", "TIME", LIST(since), "not before TIME" },
	{ OPT_TIME, 0, "until", "TIME", LIST(until), "not after TIME" },
	{ OPT_NUMBER, 'n', "last", "N", LIST(last), "the last N of them only" },
	{ 0 },
};

static mca_code
tell_entry(void *context, const struct mca_audit_entry *entry,
    struct mca_error *err)
{
	struct session *s = context;
	json_t *row;

	(void)err;
	print(s, "%6lld  %s  %-20s  %s%s%s  (%s)\n", (long long)entry->number,
	    MCA_TIME(entry->at), MCA_SHOW_TEXT(entry->action),
	    MCA_SHOW_TEXT(entry->object), *entry->detail == '\0' ? "" : "  ",
	    MCA_SHOW_TEXT(entry->detail), MCA_SHOW_TEXT(entry->actor));
	if (s->doc == NULL)
		return MCA_OK;
	row = json_object();
	json_put(row, "number", json_integer(entry->number));
	json_put(row, "at", json_time(entry->at));
	json_put(row, "actor", json_text(entry->actor));
	json_put(row, "action", json_text(entry->action));
	json_put(row, "object", json_text(entry->object));
	json_put(row, "detail", json_text(entry->detail));
	json_put(row, "hash", json_text(entry->hash));
	stream_row(s, row);
	return MCA_OK;
}

static mca_code
run_list(struct session *s, void *opaque, struct mca_error *err)
{
	const struct list_args *args = opaque;
	const struct mca_audit_filter filter = {
		.action = args->action,
		.object = args->object,
		.since = args->since.value,
		.until = args->until.value,
		.last = args->last.value,
	};

	if (args->last.given && args->last.value == 0)
		return fail(err, MCA_EUSAGE, "--last: at least 1");
	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK)
		return err->code;
	stream_begin(s, "entries");
	return mca_audit_list(mca_ca_store(s->ca), &filter, tell_entry, s, err);
}

const struct command audit_list_command = {
	"audit list",
	"List what was done, and by whom",
	list_opts,
	sizeof(struct list_args),
	run_list,
	"  minica audit list --last 20\n"
	"  minica audit list --action revoke --since 2026-01-01\n",
};

/* ---- head ---- */

static const struct opt no_opts[] = {
	{ 0 },
};

static mca_code
run_head(struct session *s, void *opaque, struct mca_error *err)
{
	struct mca_audit_head head;

	(void)opaque;
	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK ||
	    mca_audit_head(mca_ca_store(s->ca), &head, err) != MCA_OK)
		return err->code;
	json_put(s->doc, "number", json_integer(head.number));
	json_put(s->doc, "hash", json_text(head.hash));
	print(s, "%lld:%s\n", (long long)head.number, head.hash);
	return MCA_OK;
}

const struct command audit_head_command = {
	"audit head",
	"Print number and hash of the last entry",
	no_opts,
	1,
	run_head,
	"Kept elsewhere, in a commit or a mail, it shows later that nothing "
	"up to\n"
	"here was replaced, and that no older copy was put back:\n"
	"\n"
	"  minica audit head > audit-head\n"
	"  minica audit verify --head \"$(cat audit-head)\"\n",
};

/* ---- verify ---- */

struct verify_args {
	struct words heads;
};

static const struct opt verify_opts[] = {
	{ OPT_TEXTS, 0, "head", "NUMBER:HASH",
	    offsetof(struct verify_args, heads),
	    "the log has this entry, as minica audit head printed it" },
	{ 0 },
};

struct verification {
	struct session *s;
	int64_t problems;
};

static void say_no(struct verification *v, json_t *row, const char *fmt, ...)
    MCA_PRINTF(3, 4);

static void
say_no(struct verification *v, json_t *row, const char *fmt, ...)
{
	char line[1024];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	v->problems++;
	print(v->s, "no: %s\n", line);
	json_put(row, "message", json_text(line));
}

static mca_code
tell_misfit(void *context, const struct mca_audit_misfit *misfit,
    struct mca_error *err)
{
	struct verification *v = context;
	json_t *row = json_row(v->s->doc, "problems");

	(void)err;
	json_put(row, "first", json_integer(misfit->first));
	json_put(row, "last", json_integer(misfit->last));
	if (!misfit->missing)
		say_no(v, row,
		    "entry %lld (%s %s) does not fit: it was changed, moved or "
		    "slipped in",
		    (long long)misfit->first, MCA_SHOW_TEXT(misfit->action),
		    MCA_SHOW_TEXT(misfit->object));
	else if (misfit->first == misfit->last)
		say_no(v, row, "entry %lld was removed",
		    (long long)misfit->first);
	else
		say_no(v, row, "entries %lld to %lld were removed",
		    (long long)misfit->first, (long long)misfit->last);
	return MCA_OK;
}

/* The triggers of the log are what keeps it as it is from now on. */
static mca_code
tell_missing(void *context, const char *type, const char *name,
    struct mca_error *err)
{
	struct verification *v = context;
	json_t *row = json_row(v->s->doc, "problems");
	scoped(mca_text) text = { 0 };

	(void)err;
	mca_store_missing_say(&text, type, name);
	json_put(row, "type", json_text(type));
	json_put(row, "name", json_text(name));
	say_no(v, row, "%s", mca_text_get(&text));
	return MCA_OK;
}

/* What the chain alone cannot show: another chain, or less of it. */
static mca_code
check_pin(struct verification *v, const struct mca_audit_head *pin,
    const struct mca_audit_head *now, struct mca_error *err)
{
	json_t *row;
	bool there;

	if (mca_audit_has(mca_ca_store(v->s->ca), &there, pin, err) != MCA_OK)
		return err->code;
	if (there)
		return MCA_OK;
	row = json_row(v->s->doc, "problems");
	json_put(row, "first", json_integer(pin->number));
	json_put(row, "last", json_integer(pin->number));
	if (pin->number > now->number)
		say_no(v, row,
		    "the log ends at entry %lld, before the pinned %lld: its "
		    "end was cut off, or an older copy was put back",
		    (long long)now->number, (long long)pin->number);
	else
		say_no(v, row,
		    "entry %lld is not the pinned one: the log was replaced "
		    "at or before it",
		    (long long)pin->number);
	return MCA_OK;
}

static mca_code
verify(struct verification *v, const struct words *heads, struct mca_error *err)
{
	mca_store *store = mca_ca_store(v->s->ca);
	struct mca_audit_head now, pin = { 0 };
	int64_t count;

	if (mca_audit_examine(store, &count, tell_misfit, v, err) != MCA_OK ||
	    mca_audit_head(store, &now, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < heads->count; i++)
		if (head_parse(&pin, heads->rows[i], err) != MCA_OK ||
		    check_pin(v, &pin, &now, err) != MCA_OK)
			return err->code;
	if (mca_store_each_missing(store, tell_missing, v, err) != MCA_OK)
		return err->code;
	json_put(v->s->doc, "entries", json_integer(count));
	json_put(v->s->doc, "head", head_json(&now));
	json_put(v->s->doc, "intact", json_boolean(v->problems == 0));
	if (v->problems > 0) {
		talk(v->s,
		    "next: keep this store as it is, ask `minica doctor` what "
		    "else was changed, and compare it with a backup");
		return MCA_EUNTRUSTED;
	}
	print(v->s, "OK: %lld entries, head %lld:%s\n", (long long)count,
	    (long long)now.number, now.hash);
	return MCA_OK;
}

static mca_code
run_verify(struct session *s, void *opaque, struct mca_error *err)
{
	const struct verify_args *args = opaque;
	struct verification v = { .s = s };
	struct mca_audit_head pin = { 0 };

	for (size_t i = 0; i < args->heads.count; i++)
		if (head_parse(&pin, args->heads.rows[i], err) != MCA_OK)
			return err->code;
	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK)
		return err->code;
	json_put(s->doc, "problems", json_array());
	return verify(&v, &args->heads, err);
}

const struct command audit_verify_command = {
	"audit verify",
	"Check that nobody changed the audit log",
	verify_opts,
	sizeof(struct verify_args),
	run_verify,
	"Exit 1 names every entry that was changed, removed or moved, and "
	"what was\n"
	"removed from the tables, indexes and triggers of the store: without "
	"its\n"
	"triggers the log refuses no change.  That the whole log was replaced "
	"shows\n"
	"only against a --head that was kept elsewhere.\n"
	"\n"
	"  minica audit verify --head \"$(cat audit-head)\"\n",
};
