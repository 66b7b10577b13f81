/*
 * lint_client.c - what the clients' own rules say (rules.h), beside lint's.
 *
 * A rule of lint and one of the verifier that end alike are about the same
 * fault; where they are called otherwise, `twins` says so.  A fault is told
 * once, by lint's rule, with the clients that refuse it.
 */
#include "lint.h"

#include <string.h>

static const struct {
	const char *verifier, *lint; /* their last parts */
} twins[] = {
	{ "VERSION-EXTENSIONS", "VERSION" },
	{ "SERIAL-NEGATIVE", "SERIAL-POSITIVE" },
	{ "VALIDITY-TYPE", "VALIDITY-FORM" },
	{ "EXPIRED", "VALIDITY-ORDER" },
	{ "NOT-YET-VALID", "VALIDITY-ORDER" },
	{ "EXT-REPEATED", "EXT-TWICE" },
	{ "EXT-INVALID", "EXT-MALFORMED" },
	{ "EXT-EMPTY", "SAN-EMPTY" },
	{ "EXT-EMPTY", "PURPOSE-EMPTY" },
	{ "AIA-CRITICAL", "URL-CRITICAL" },
	{ "SIA-CRITICAL", "URL-CRITICAL" },
	{ "CDP-CRITICAL", "URL-CRITICAL" },
	{ "FRESHEST-CRITICAL", "URL-CRITICAL" },
	{ "NC-CRITICAL", "CONSTRAINTS-CRITICAL" },
	{ "NC-NOT-CA", "CONSTRAINTS-LEAF" },
	{ "NC-MALFORMED", "CONSTRAINTS-FORM" },
	{ "KEY-WEAK", "KEY-SMALL" },
	{ "KEY-WEAK", "KEY-EXPONENT" },
	{ "KEY-WEAK", "KEY-BROKEN" },
	{ "KEY-TINY", "KEY-SMALL" },
	{ "KEY-CURVE", "KEY-PARAMETERS" },
	{ "KEY-CURVE-TLS", "KEY-CURVE" },
	{ "KEY-TYPE", "KEY-CURVE" },
	{ "KEY-TYPE", "BROWSER-KEY" },
	{ "KEY-P521", "BROWSER-KEY" },
	{ "KEY-RSA-SIZE", "KEY-SIZE" },
	{ "SIGNATURE-ALGORITHM", "SIGNATURE-SAME" },
	{ "SIGNATURE-MD5", "SIGNATURE-WEAK" },
	{ "SIGNATURE-TYPE", "SIGNATURE-WEAK" },
	{ "PATHLEN-NOT-CA", "PATH-LEN" },
	{ "LEAF-CA", "CA-NAMES" },
	{ "LEAF-CERT-SIGN", "USAGE-CERT-SIGN" },
	{ "NO-CERT-SIGN", "USAGE-CA" },
	{ "CA-USAGE-MISSING", "USAGE-MISSING" },
	{ "PURPOSE-ONLY-ANY", "PURPOSE-ANY" },
	{ "AKI-MISSING", "AKI-FORM" },
	{ "AKI-FORM", "AKI-SERIAL" },
	{ "AKI-HALF", "AKI-SERIAL" },
	{ "ROOT-AKI", "AKI-OWN" },
	{ "POLICY-REPEATED", "POLICY-TWICE" },
	{ "SAN-CRITICAL", "SAN-MISSING" },
	{ "SAN-MALFORMED", "SAN-NAME" },
	{ "SAN-ADDRESS", "SAN-NAME" },
	{ "SAN-UNDERSCORE", "SAN-NAME" },
	{ "WILDCARD-SUFFIX", "SAN-REGISTRY" },
};

/* The letters before the last part of a code. */
enum { PREFIX = 5 };

static bool
same_fault(const char *verifier, const char *lint)
{
	verifier += PREFIX;
	lint += PREFIX;
	for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++)
		if (strcmp(verifier, twins[i].verifier) == 0 &&
		    strcmp(lint, twins[i].lint) == 0)
			return true;
	return strcmp(verifier, lint) == 0;
}

/* A CA that is named like a server is judged as one, for it will be served. */
static unsigned
role_of(const struct mca_facts *facts)
{
	struct mca_fault ignored;

	if (!facts->ca || mca_lint_ca_names(facts, &ignored))
		return MCA_TARGET | MCA_ALONE;
	return facts->self_issued ? MCA_ANCHOR : MCA_INTERMEDIATE;
}

/* What each client refuses, in the order of mca_clients(). */
typedef struct refusals {
	mca_findings by[MCA_CLIENTS];
} refusals;

static void
refusals_clear(refusals *all)
{
	for (size_t i = 0; i < MCA_CLIENTS; i++)
		mca_findings_clear(&all->by[i]);
}
MCA_SCOPED(refusals, refusals_clear)

static void
ask_clients(refusals *out, const struct mca_facts *facts, unsigned clients)
{
	bool server =
	    facts->ca || mca_facts_purpose(facts, NID_server_auth, true);
	struct mca_verify_options options = {
		.at = mca_cert_not_before(facts->cert), /* time is no matter */
		.purpose = server ? MCA_PURPOSE_SERVER : MCA_PURPOSE_ANY,
	};

	for (size_t i = 0; i < MCA_CLIENTS; i++) {
		options.clients = clients & mca_clients()[i].client;
		if (options.clients != 0)
			mca_rules_apply(&out->by[i], MCA_NO_DEPTH,
			    &(struct mca_rule_input){ .facts = facts,
				.options = &options,
				.role = role_of(facts) });
	}
}

/* The clients that refuse for a reason for which `same` is true of `rule`. */
static unsigned
refusing(const refusals *all, const char *rule,
    bool (*same)(const char *verifier, const char *rule))
{
	unsigned clients = 0;

	for (size_t i = 0; i < MCA_CLIENTS; i++)
		for (size_t k = 0; k < all->by[i].count; k++)
			if (same(all->by[i].rows[k].rule, rule))
				clients |= mca_clients()[i].client;
	return clients;
}

static bool
same_rule(const char *verifier, const char *rule)
{
	return strcmp(verifier, rule) == 0;
}

static void
tell(mca_findings *out, const struct mca_finding *found, unsigned clients,
    enum mca_severity severity)
{
	struct mca_finding row = *found;
	scoped(mca_text) names = { 0 };

	mca_clients_text(&names, clients);
	row.clients = mca_text_get(&names);
	row.severity = severity;
	mca_findings_add(out, &row);
}

/* What lint has told is told by its rule, anything else once. */
static void
tell_rest(mca_findings *out, const mca_findings *told, const refusals *all,
    enum mca_severity severity)
{
	for (size_t i = 0; i < MCA_CLIENTS; i++)
		for (size_t k = 0; k < all->by[i].count; k++) {
			const struct mca_finding *row = &all->by[i].rows[k];
			bool known = mca_findings_has(out, row->rule);

			for (size_t n = 0; n < told->count && !known; n++)
				known =
				    same_fault(row->rule, told->rows[n].rule);
			if (!known)
				tell(out, row,
				    refusing(all, row->rule, same_rule),
				    severity);
		}
}

void
mca_lint_for(mca_findings *out, const mca_cert *cert, unsigned clients)
{
	enum mca_severity severity = clients == 0 ? MCA_WARNING : MCA_ERROR;
	struct mca_facts *facts = mca_facts_new(cert);
	scoped(mca_findings) told = { 0 };
	scoped(refusals) all = { 0 };

	if (facts == NULL) {
		out->lost = true;
		return;
	}
	mca_lint(&told, cert);
	ask_clients(&all, facts, clients == 0 ? MCA_EVERYONE : clients);
	mca_facts_free(facts);
	for (size_t i = 0; i < told.count; i++) {
		const struct mca_finding *row = &told.rows[i];
		unsigned who = refusing(&all, row->rule, same_fault);

		tell(out, row, who,
		    who != 0 && severity > row->severity ? severity
							 : row->severity);
	}
	tell_rest(out, &told, &all, severity);
	out->lost = out->lost || told.lost;
	for (size_t i = 0; i < MCA_CLIENTS; i++)
		out->lost = out->lost || all.by[i].lost;
}
