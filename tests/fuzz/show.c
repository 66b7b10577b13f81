/*
 * show.c - everything that an object tells, asked for: see fuzz.h.
 */
#include "fuzz.h"

#include "minica/weak.h"

#include <stdio.h>

/* Printable ASCII, and the ends of lines. */
void
show_text(const char *text)
{
	fuzz_require(text != NULL);
	for (const char *c = text; *c != '\0'; c++)
		fuzz_require((*c >= 0x20 && *c < 0x7f) || *c == '\n');
}

/* The same and U-labels, which are UTF-8 of letters, marks and digits. */
static void
show_unicode(const char *text)
{
	static const char *const never[] = { "\u200e", "\u200f", "\u202a",
		"\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067",
		"\u2068", "\u2069", "\u2028", "\u2029" };

	for (const char *c = text; *c != '\0'; c++) {
		fuzz_require((unsigned char)*c >= 0x20 && *c != 0x7f);
		/* U+0080 to U+009F are control characters too. */
		fuzz_require(
		    (unsigned char)c[0] != 0xc2 || (unsigned char)c[1] >= 0xa0);
	}
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		fuzz_require(strstr(text, never[i]) == NULL);
}

static void
show_maybe(const char *text)
{
	if (text != NULL)
		show_text(text);
}

void
show_error(const struct mca_error *err)
{
	fuzz_require(err->code != MCA_OK);
	fuzz_require(err->text[0] != '\0');
	show_text(err->text);
}

void
show_findings(const mca_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct mca_finding *row = &findings->rows[i];

		fuzz_require(row->rule != NULL && row->rule[0] != '\0');
		show_text(row->source);
		show_text(row->field);
		show_unicode(row->detail);
		show_unicode(row->found);
		show_text(row->wanted);
		show_text(row->clients);
		show_text(row->hint);
	}
	fuzz_require(!findings->lost);
}

void
show_name(const mca_name *name)
{
	show_text(mca_name_text(name));
	fuzz_require(mca_name_equal(name, name));
	for (size_t i = 0; i < mca_name_count(name); i++) {
		struct mca_attribute row = mca_name_at(name, i);

		show_text(row.type);
		show_text(row.value);
	}
}

void
show_names(const mca_san *san)
{
	for (size_t i = 0; i < mca_san_count(san); i++) {
		const struct mca_san_name *name = mca_san_at(san, i);

		show_text(mca_san_form_name(name->form));
		show_text(name->text);
		show_maybe(name->flaw);
		if (name->unicode != NULL)
			show_unicode(name->unicode);
		fuzz_require((name->flaw == NULL) == (name->source == NULL));
		fuzz_require(mca_san_has(san, name->form, name->text));
	}
}

void
show_spki(const mca_spki *spki)
{
	scoped(mca_findings) findings = { 0 };

	show_text(mca_spki_algorithm(spki));
	fuzz_require(mca_spki_bits(spki) >= 0);
	mca_weak_check(&findings, spki, MCA_WEAK_ANY);
	show_findings(&findings);
}

static void
show_extensions(const mca_cert *cert)
{
	scoped(mca_text) text = { 0 };
	struct mca_cert_extension row;

	for (size_t i = 0; i < mca_cert_extension_count(cert); i++) {
		mca_cert_extension_at(&row, cert, i);
		show_text(row.oid);
		show_text(row.name);
		mca_cert_extension_text(&text, cert, i);
	}
	show_text(mca_text_get(&text));
}

void
show_cert(const mca_cert *cert)
{
	scoped(mca_blob) pem = { 0 };
	struct mca_error err;

	show_name(mca_cert_subject(cert));
	show_name(mca_cert_issuer(cert));
	show_names(mca_cert_san(cert));
	show_text(mca_cert_serial(cert));
	show_text(MCA_TIME(mca_cert_not_before(cert)));
	show_text(MCA_TIME(mca_cert_not_after(cert)));
	show_maybe(mca_cert_key_usage(cert));
	show_maybe(mca_cert_ext_key_usage(cert));
	show_maybe(mca_cert_ski(cert));
	show_maybe(mca_cert_aki(cert));
	show_text(mca_cert_signature_algorithm(cert));
	show_extensions(cert);
	fuzz_require(mca_cert_path_len(cert) >= -1);
	fuzz_require(mca_cert_pem(&pem, cert, &err) == MCA_OK);
	if (mca_cert_spki(cert) == NULL)
		return;
	show_spki(mca_cert_spki(cert));
	(void)mca_cert_is_signed_by(cert, mca_cert_spki(cert));
}

static mca_code
show_entry(void *context, const struct mca_crl_entry *entry,
    struct mca_error *err)
{
	(void)context;
	(void)err;
	show_text(entry->serial);
	show_text(MCA_TIME(entry->revoked));
	return MCA_OK;
}

void
show_crl(const mca_crl *crl)
{
	scoped(mca_text) text = { 0 };
	struct mca_error err = { 0 };
	struct mca_cert_extension extension;
	struct mca_revoked entry;

	show_name(mca_crl_issuer(crl));
	show_maybe(mca_crl_number(crl));
	show_text(mca_crl_signature_algorithm(crl));
	show_text(MCA_TIME(mca_crl_this_update(crl)));
	show_text(MCA_TIME(mca_crl_next_update(crl)));
	for (size_t i = 0; i < mca_crl_extension_count(crl); i++) {
		mca_crl_extension_at(&extension, crl, i);
		show_text(extension.oid);
		show_text(extension.name);
		mca_crl_extension_text(&text, crl, i);
	}
	show_text(mca_text_get(&text));
	for (size_t i = 0; i < mca_crl_count(crl); i++) {
		mca_crl_revoked_at(&entry, crl, i);
		show_text(entry.serial);
		show_maybe(entry.reason);
	}
	if (mca_crl_each(crl, show_entry, NULL, &err) != MCA_OK)
		show_error(&err);
}

void
show_csr(const mca_csr *csr)
{
	show_name(mca_csr_subject(csr));
	show_names(mca_csr_san(csr));
	show_spki(mca_csr_spki(csr));
	show_text(mca_csr_signature_algorithm(csr));
	for (size_t i = 0; i < mca_csr_extension_count(csr); i++) {
		const struct mca_csr_extension *row =
		    mca_csr_extension_at(csr, i);

		show_text(row->oid);
		show_text(row->name);
		show_text(row->asks);
		for (size_t k = 0; k < row->usage_count; k++)
			show_text(row->usages[k]);
	}
	for (size_t i = 0; i < mca_csr_attribute_count(csr); i++)
		show_text(mca_csr_attribute_at(csr, i));
}
