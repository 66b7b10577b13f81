/*
 * account.c - see account.h.
 */
#include "account.h"

#include <string.h>

/* Wide enough for "authorityKeyIdentifier". */
#define LABEL_WIDTH 23

static void
line(const struct session *s, const char *label, const char *text)
{
	if (text != NULL && *text != '\0')
		print(s, "  %-*s %s\n", LABEL_WIDTH, label, text);
}

void
account_names(mca_text *out, const mca_san *san)
{
	size_t count = mca_san_count(san);

	if (count == 0)
		mca_text_addf(out, "(no names)");
	for (size_t i = 0; i < count; i++)
		mca_text_addf(out, "%s%s", i == 0 ? "" : ", ",
		    mca_san_at(san, i)->text);
}

void
account_fingerprint(mca_text *out, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		mca_text_addf(out, "%s%02X", i == 0 ? "" : ":", bytes[i]);
}

const char *
record_status(const struct mca_record *record, mca_time now)
{
	if (record->revoked != 0)
		return "revoked";
	return record->not_after < now ? "expired" : "valid";
}

static void
name_line(const struct session *s, const char *label, const mca_name *name)
{
	line(s, label,
	    mca_name_is_empty(name) ? "(empty)" : mca_name_text(name));
}

static void
san_lines(const struct session *s, const mca_san *san)
{
	for (size_t i = 0; i < mca_san_count(san); i++) {
		const struct mca_san_name *name = mca_san_at(san, i);

		const char *remark =
		    name->flaw == NULL ? name->unicode : name->flaw;

		print(s, "  %-*s %s%s%s%s\n", LABEL_WIDTH,
		    mca_san_form_name(name->form), name->text,
		    remark == NULL ? "" : " (", remark == NULL ? "" : remark,
		    remark == NULL ? "" : ")");
	}
}

void
account_converted(const struct session *s, const mca_san *san)
{
	for (size_t i = 0; i < mca_san_count(san); i++) {
		const struct mca_san_name *name = mca_san_at(san, i);

		if (name->unicode != NULL)
			talk(s, "%s is written as %s", name->unicode,
			    name->text);
	}
}

static void
key_lines(const struct session *s, const mca_spki *spki)
{
	scoped(mca_text) hex = { 0 };
	scoped(mca_findings) weak = { 0 };

	if (spki == NULL) {
		line(s, "publicKey", "(cannot be decoded)");
		return;
	}
	line(s, "publicKey", mca_spki_algorithm(spki));
	mca_text_hex(&hex, mca_spki_sha256(spki), MCA_SHA256_SIZE);
	line(s, "publicKey SHA-256", mca_text_get(&hex));
	mca_weak_check(&weak, spki, MCA_WEAK_ANY);
	for (size_t i = 0; i < weak.count; i++)
		print(s, "  %-*s %s [%s]\n", LABEL_WIDTH, "weak",
		    weak.rows[i].detail, weak.rows[i].rule);
}

static void
time_line(const struct session *s, const char *label, mca_time time)
{
	if (time == INT64_MIN || time == INT64_MAX)
		line(s, label, "(cannot be decoded, or absent)");
	else
		print(s, "  %-*s %s%s\n", LABEL_WIDTH, label, MCA_TIME(time),
		    time == MCA_TIME_NEVER ? " (never)" : "");
}

static void
extension_line(const struct session *s, const struct mca_cert_extension *row,
    const mca_text *value)
{
	print(s, "  %-*s %s%s\n", LABEL_WIDTH, row->name, mca_text_get(value),
	    row->critical ? " (critical)" : "");
}

/* Well-formed names have lines of their own. */
static bool
is_told(const struct mca_cert_extension *row, const mca_san *san)
{
	return strcmp(row->oid, "2.5.29.17") == 0 && !row->critical &&
	    mca_san_count(san) > 0;
}

static void
extension_lines(const struct session *s, const mca_cert *cert)
{
	for (size_t i = 0; i < mca_cert_extension_count(cert); i++) {
		struct mca_cert_extension row;
		scoped(mca_text) value = { 0 };

		mca_cert_extension_at(&row, cert, i);
		if (is_told(&row, mca_cert_san(cert)))
			continue;
		mca_cert_extension_text(&value, cert, i);
		extension_line(s, &row, &value);
	}
}

static void
fingerprint_line(const struct session *s, const uint8_t *sha256)
{
	scoped(mca_text) text = { 0 };

	account_fingerprint(&text, sha256, MCA_SHA256_SIZE);
	line(s, "SHA-256", mca_text_get(&text));
}

void
account_cert(const struct session *s, const mca_cert *cert)
{
	print(s, "certificate, version %ld\n", mca_cert_version(cert));
	name_line(s, "subject", mca_cert_subject(cert));
	name_line(s, "issuer", mca_cert_issuer(cert));
	line(s, "serialNumber", mca_cert_serial(cert));
	time_line(s, "notBefore", mca_cert_not_before(cert));
	time_line(s, "notAfter", mca_cert_not_after(cert));
	san_lines(s, mca_cert_san(cert));
	key_lines(s, mca_cert_spki(cert));
	extension_lines(s, cert);
	line(s, "signatureAlgorithm", mca_cert_signature_algorithm(cert));
	fingerprint_line(s, mca_cert_sha256(cert));
}

void
account_csr(const struct session *s, const mca_csr *csr)
{
	print(s, "certificate request, %s\n",
	    mca_csr_is_proven(csr) ? "signed by its key"
				   : "whose key must not be used");
	name_line(s, "subject", mca_csr_subject(csr));
	san_lines(s, mca_csr_san(csr));
	key_lines(s, mca_csr_spki(csr));
	for (size_t i = 0; i < mca_csr_extension_count(csr); i++) {
		const struct mca_csr_extension *row =
		    mca_csr_extension_at(csr, i);

		print(s, "  %-*s %s%s\n", LABEL_WIDTH, row->name,
		    row->asks == NULL ? "" : row->asks,
		    row->critical ? " (critical)" : "");
	}
	line(s, "signatureAlgorithm", mca_csr_signature_algorithm(csr));
}

static void
entry_lines(const struct session *s, const mca_crl *crl)
{
	size_t count = mca_crl_count(crl);

	for (size_t i = 0; i < count && i < ACCOUNT_ENTRIES; i++) {
		struct mca_revoked entry;

		mca_crl_revoked_at(&entry, crl, i);
		print(s, "    %s  %s%s%s\n", entry.serial,
		    entry.revoked == INT64_MAX ? "(cannot be decoded)"
					       : MCA_TIME(entry.revoked),
		    entry.reason == NULL ? "" : "  ",
		    entry.reason == NULL ? "" : entry.reason);
	}
	if (count > ACCOUNT_ENTRIES)
		print(s, "    and %zu more\n", count - ACCOUNT_ENTRIES);
}

void
account_crl(const struct session *s, const mca_crl *crl)
{
	print(s, "certificate revocation list\n");
	name_line(s, "issuer", mca_crl_issuer(crl));
	time_line(s, "thisUpdate", mca_crl_this_update(crl));
	time_line(s, "nextUpdate", mca_crl_next_update(crl));
	line(s, "cRLNumber", mca_crl_number(crl));
	for (size_t i = 0; i < mca_crl_extension_count(crl); i++) {
		struct mca_cert_extension row;
		scoped(mca_text) value = { 0 };

		mca_crl_extension_at(&row, crl, i);
		if (strcmp(row.oid, "2.5.29.20") == 0)
			continue;
		mca_crl_extension_text(&value, crl, i);
		extension_line(s, &row, &value);
	}
	line(s, "signatureAlgorithm", mca_crl_signature_algorithm(crl));
	print(s, "  %-*s %zu\n", LABEL_WIDTH, "revoked certificates",
	    mca_crl_count(crl));
	entry_lines(s, crl);
}

void
account_spki(const struct session *s, const mca_spki *spki)
{
	key_lines(s, spki);
}

void
account_record(mca_text *out, const struct mca_record *record, mca_time now)
{
	mca_text_addf(out, "%s %s, %s\n",
	    record->origin == MCA_ORIGIN_ISSUED ? "issued" : "imported",
	    MCA_TIME(record->recorded), record_status(record, now));
	if (*record->authority != '\0')
		mca_text_addf(out, "  %-*s %s\n", LABEL_WIDTH, "authority",
		    record->authority);
	if (*record->policy != '\0')
		mca_text_addf(out, "  %-*s %s\n", LABEL_WIDTH, "policy",
		    record->policy);
	if (*record->labels != '\0')
		mca_text_addf(out, "  %-*s %s\n", LABEL_WIDTH, "labels",
		    record->labels);
	if (record->revoked != 0)
		mca_text_addf(out, "  %-*s %s %s\n", LABEL_WIDTH, "revoked",
		    MCA_TIME(record->revoked), record->reason);
}

static int
widest_field(const mca_review *review)
{
	size_t width = 0;

	for (size_t i = 0; i < review->count; i++) {
		size_t length = strlen(review->rows[i].field);

		if (length > width)
			width = length;
	}
	return (int)width;
}

/* "example.org", "CN=web -> (nothing)", "-> serverAuth" */
static void
add_change(mca_text *out, const struct mca_review_row *row)
{
	if (row->decision == MCA_KEPT || row->decision == MCA_REFUSED ||
	    row->decision == MCA_DROPPED)
		mca_text_addf(out, "%s", row->asked);
	else if (row->decision == MCA_CHANGED)
		mca_text_addf(out, "%s -> %s", row->asked, row->written);
	else
		mca_text_addf(out, "%s", row->written);
	if (*row->unicode != '\0')
		mca_text_addf(out, " (%s)", row->unicode);
}

void
account_review(const struct session *s, const mca_review *review)
{
	int width = widest_field(review);

	for (size_t i = 0; i < review->count; i++) {
		const struct mca_review_row *row = &review->rows[i];
		scoped(mca_text) change = { 0 };

		add_change(&change, row);
		print(s, "  %-7s  %-*s  %s%s%s%s\n",
		    mca_decision_name(row->decision), width, row->field,
		    mca_text_get(&change), *row->because == '\0' ? "" : "  [",
		    row->because, *row->because == '\0' ? "" : "]");
	}
}
