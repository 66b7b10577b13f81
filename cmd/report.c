/*
 * report.c - see report.h; the rows, and how they are told as text and JSON.
 */
#include "report.h"

#include "fail.h"
#include "json.h"

#include <stdarg.h>
#include <string.h>

/* Unless --fail-within says so: due is what ends within this, or has less
 * than a third of its life left if that is later. */
#define SOON (30 * MCA_DAY)
#define PART 3

void
report_clear(report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->rows[i].name);
		free(r->rows[i].serial);
		free(r->rows[i].parent);
		mca_text_clear(&r->rows[i].detail);
	}
	free(r->rows);
	*r = (report){ 0 };
}

struct report_item *
report_add(report *r, enum report_kind kind, const char *name)
{
	if (r->count == r->capacity) {
		r->capacity = r->capacity == 0 ? 64 : 2 * r->capacity;
		r->rows = reallocarray(r->rows, r->capacity, sizeof(*r->rows));
	}
	if (r->rows == NULL)
		fail_memory();
	r->rows[r->count] =
	    (struct report_item){ .kind = kind, .name = strdup(name) };
	if (r->rows[r->count].name == NULL)
		fail_memory();
	return &r->rows[r->count++];
}

void
report_say(struct report_item *item, enum report_state state, const char *rule,
    const char *fmt, ...)
{
	char text[600];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	mca_text_addf(&item->detail, "%s%s",
	    item->detail.length == 0 ? "" : "; ", text);
	if (item->detail.failed)
		fail_memory();
	if (*item->rule == '\0' || state > item->state)
		(void)snprintf(item->rule, sizeof(item->rule), "%s", rule);
	if (state > item->state)
		item->state = state;
}

void
report_cert(struct report_item *item, const mca_cert *cert)
{
	item->serial = strdup(mca_cert_serial(cert));
	if (item->serial == NULL)
		fail_memory();
	item->from = mca_cert_not_before(cert);
	item->until = mca_cert_not_after(cert);
}

static bool
ends_soon(const report *r, const struct report_item *item)
{
	int64_t left = item->until - r->s->now;
	int64_t part = (item->until - item->from) / PART;

	if (r->within.given)
		return left <= r->within.value;
	return left <= (part < SOON ? part : SOON);
}

void
report_span(const report *r, struct report_item *item)
{
	mca_time now = r->s->now;

	if (item->until < now)
		report_say(item, REPORT_DUE, "MC-S-EXPIRED",
		    "ended %s ago, on %s", MCA_DURATION(now - item->until),
		    MCA_TIME(item->until));
	else if (item->from > now)
		report_say(item, REPORT_DUE, "MC-S-NOT-YET",
		    "is valid only from %s", MCA_TIME(item->from));
	else if (ends_soon(r, item))
		report_say(item, REPORT_DUE, "MC-S-EXPIRING",
		    "ends in %s, on %s", MCA_DURATION(item->until - now),
		    MCA_TIME(item->until));
}

enum report_state
report_worst(const report *r)
{
	enum report_state worst = REPORT_FINE;

	for (size_t i = 0; i < r->count; i++)
		if (r->rows[i].state > worst)
			worst = r->rows[i].state;
	return worst;
}

const char *
report_kind_name(enum report_kind kind)
{
	static const char *const names[] = {
		[REPORT_AUTHORITY] = "authority",
		[REPORT_CRL] = "crl",
		[REPORT_ANCHOR] = "anchor",
		[REPORT_LEAF] = "leaf",
		[REPORT_FILE] = "file",
		[REPORT_SERVER] = "server",
	};

	return names[kind];
}

const char *
report_state_name(enum report_state state)
{
	static const char *const names[] = {
		[REPORT_FINE] = "ok",
		[REPORT_UNKNOWN] = "unknown",
		[REPORT_DUE] = "due",
	};

	return names[state];
}

/* ---- text ---- */

/* Leaves that are fine are many, and counted only. */
static void
print_kind(const report *r, enum report_kind kind)
{
	bool quiet = r->s->globals.quiet;

	for (size_t i = 0; i < r->count; i++) {
		const struct report_item *item = &r->rows[i];

		if (item->kind != kind ||
		    (item->state == REPORT_FINE &&
			(quiet || kind == REPORT_LEAF)))
			continue;
		print(r->s, "%-8s %-10s %s", report_state_name(item->state),
		    report_kind_name(kind), item->name);
		if (item->detail.length > 0)
			print(r->s, ": %s", mca_text_get(&item->detail));
		else if (item->until != 0)
			print(r->s, ": until %s", MCA_TIME(item->until));
		if (*item->rule != '\0')
			print(r->s, " [%s]", item->rule);
		print(r->s, "\n");
	}
}

void
report_text(const report *r)
{
	size_t due = 0, unknown = 0;

	for (int kind = 0; kind < REPORT_KINDS; kind++)
		print_kind(r, (enum report_kind)kind);
	for (size_t i = 0; i < r->count; i++) {
		due += r->rows[i].state == REPORT_DUE;
		unknown += r->rows[i].state == REPORT_UNKNOWN;
	}
	print(r->s, "leaves: %lld valid, %lld expired, %lld revoked\n",
	    (long long)r->valid, (long long)r->expired, (long long)r->revoked);
	if (due + unknown == 0)
		print(r->s, "verdict: fine\n");
	else
		print(r->s, "verdict: %zu due, %zu could not be told\n", due,
		    unknown);
}

/* ---- JSON ---- */

static json_t *
item_object(const struct report_item *item)
{
	json_t *object = json_object();

	json_put(object, "kind", json_text(report_kind_name(item->kind)));
	json_put(object, "name", json_text(item->name));
	json_put(object, "state", json_text(report_state_name(item->state)));
	if (item->serial != NULL)
		json_put(object, "serial", json_text(item->serial));
	if (item->parent != NULL)
		json_put(object, "parent", json_text(item->parent));
	if (item->until != 0) {
		json_put(object, "from", json_time(item->from));
		json_put(object, "until", json_time(item->until));
	}
	if (*item->rule != '\0')
		json_put(object, "rule", json_text(item->rule));
	if (item->detail.length > 0)
		json_put(object, "detail",
		    json_text(mca_text_get(&item->detail)));
	return object;
}

void
report_json(const report *r)
{
	json_t *doc = r->s->doc;
	json_t *leaves = json_object();

	json_put(doc, "verdict", json_text(report_state_name(report_worst(r))));
	json_put(doc, "at", json_time(r->s->now));
	json_put(leaves, "valid", json_integer(r->valid));
	json_put(leaves, "expired", json_integer(r->expired));
	json_put(leaves, "revoked", json_integer(r->revoked));
	json_put(leaves, "not_listed", json_integer(r->more));
	json_put(doc, "leaves", leaves);
	json_put(doc, "items", json_array());
	for (size_t i = 0; i < r->count; i++)
		json_push(doc, "items", item_object(&r->rows[i]));
}
