/*
 * live_chain.c - a chain as it was sent, whatever it is worth (live_parts.h).
 *
 * Who certifies whom is told by names and key identifiers alone: signatures
 * are the verifier's.
 */
#include "live_parts.h"

#include <string.h>

struct chain {
	const mca_live *live;
	const char *source; /* of the rules about the order */
	mca_findings *out;
	bool used[MCA_LIMIT_LIVE_CERTIFICATES];
};

static bool
same(const mca_cert *a, const mca_cert *b)
{
	return memcmp(mca_cert_sha256(a), mca_cert_sha256(b),
		   MCA_SHA256_SIZE) == 0;
}

size_t
mca_live_sent(const mca_live *live, const mca_cert *cert)
{
	size_t at = 0;

	while (at < live->sent.count && !same(live->sent.rows[at], cert))
		at++;
	return at;
}

static bool
certifies(const mca_cert *issuer, const mca_cert *cert)
{
	const char *ski = mca_cert_ski(issuer), *aki = mca_cert_aki(cert);

	return !same(issuer, cert) &&
	    mca_name_equal(mca_cert_subject(issuer), mca_cert_issuer(cert)) &&
	    (ski == NULL || aki == NULL || strcmp(ski, aki) == 0);
}

/* People count from one, and the server's own certificate is the first. */
static const char *
subject_at(const struct chain *chain, size_t at)
{
	return mca_name_text(mca_cert_subject(chain->live->sent.rows[at]));
}

/*
 * The next place after `at` that certifies it: further on if there is one.
 * Returns the length of the chain when there is none at all.
 */
static size_t
issuer_of(const struct chain *chain, size_t at)
{
	const mca_certs *sent = &chain->live->sent;

	for (size_t i = 1; i < sent->count; i++) {
		size_t place = (at + i) % sent->count;

		if (!chain->used[place] &&
		    certifies(sent->rows[place], sent->rows[at]))
			return place;
	}
	return sent->count;
}

static void
check_order(struct chain *chain)
{
	size_t count = chain->live->sent.count;
	size_t before, at = 0;

	for (chain->used[0] = true;; chain->used[at] = true) {
		before = at;
		at = issuer_of(chain, before);
		if (at == count)
			return;
		if (at > before)
			continue;
		mca_findings_addf(chain->out,
		    &(struct mca_finding){ .severity = MCA_WARNING,
			.depth = MCA_NO_DEPTH,
			.rule = "MC-V-LIVE-ORDER",
			.source = chain->source,
			.field = "certificate_list",
			.wanted = "each one certified by the next",
			.hint = "have the server send its own certificate, "
				"then its issuer's, and so on" },
		    "is out of order: certificate %zu (%s) certifies "
		    "certificate %zu (%s) and is sent before it",
		    at + 1, subject_at(chain, at), before + 1,
		    subject_at(chain, before));
		return;
	}
}

static bool
is_useful(const struct chain *chain, size_t at)
{
	const mca_certs *sent = &chain->live->sent;

	for (size_t i = 0; i < sent->count; i++)
		if (certifies(sent->rows[at], sent->rows[i]))
			return true;
	return false;
}

static void
report_duplicate(const struct chain *chain, size_t at, size_t first)
{
	mca_findings_addf(chain->out,
	    &(struct mca_finding){ .severity = MCA_WARNING,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-V-LIVE-DUPLICATE",
		.source = chain->source,
		.field = "certificate_list",
		.found = subject_at(chain, at),
		.hint = "take it out of the file that the server sends" },
	    "has the same certificate twice: %zu and %zu (%s)", first + 1,
	    at + 1, subject_at(chain, at));
}

static void
report_stranger(const struct chain *chain, size_t at)
{
	mca_findings_addf(chain->out,
	    &(struct mca_finding){ .severity = MCA_WARNING,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-V-LIVE-STRANGER",
		.source = chain->source,
		.field = "certificate_list",
		.found = subject_at(chain, at),
		.hint = "take it out of the file that the server sends" },
	    "has a certificate that certifies none of the others: %zu (%s)",
	    at + 1, subject_at(chain, at));
}

static void
report_root(const struct chain *chain, size_t at)
{
	size_t bytes;

	(void)mca_cert_der(chain->live->sent.rows[at], &bytes);
	mca_findings_addf(chain->out,
	    &(struct mca_finding){ .severity = MCA_NOTE,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-V-LIVE-ROOT",
		.source = chain->source,
		.field = "certificate_list",
		.found = subject_at(chain, at),
		.hint = "leave it out: who trusts it has it, and nobody else "
			"believes it" },
	    "has a root, certificate %zu (%s): %zu bytes in every handshake",
	    at + 1, subject_at(chain, at), bytes);
}

void
mca_live_check_chain(const mca_live *live, mca_findings *out)
{
	bool tls13 = strcmp(live->protocol, "TLSv1.3") == 0;
	struct chain chain = { .live = live,
		.out = out,
		.source = tls13 ? "RFC 8446, 4.4.2" : "RFC 5246, 7.4.2" };

	check_order(&chain);
	for (size_t i = 1; i < live->sent.count; i++) {
		const mca_cert *cert = live->sent.rows[i];
		size_t first = mca_live_sent(live, cert);

		if (first < i)
			report_duplicate(&chain, i, first);
		else if (!is_useful(&chain, i))
			report_stranger(&chain, i);
		else if (mca_cert_is_self_issued(cert))
			report_root(&chain, i);
	}
}
