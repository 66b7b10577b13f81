/*
 * chain.c - certificates and CRLs, one after the other, signed again so that
 * their names are a chain: paths are built and judged, by every set of rules.
 *
 * The first two octets choose what is asked.  The first certificate is the
 * target, those whose issuer is their subject are anchors, and all of them
 * candidates.  Signed again they may well be good: then a yes must have a path.
 */
#include "fuzz.h"

#include "minica/verify.h"
#include "resign.h"
#include "tlv.h"

#define MOST 24

struct input {
	mca_certs all, anchors;
	mca_crls crls;
	mca_crl *lists[MOST];
};

void
fuzz_begin(void)
{
	resign_begin();
}

static void
add_cert(struct input *input, const uint8_t *der, size_t length)
{
	owned(mca_cert) *cert = NULL;
	struct mca_error err;

	if (mca_cert_parse(&cert, der, length, &err) != MCA_OK)
		return;
	fuzz_require(mca_certs_add(&input->all, cert, &err) == MCA_OK);
	if (mca_cert_is_self_issued(cert))
		fuzz_require(
		    mca_certs_add(&input->anchors, cert, &err) == MCA_OK);
}

static void
add_crl(struct input *input, const uint8_t *der, size_t length)
{
	struct mca_error err;

	if (mca_crl_parse(&input->lists[input->crls.count], der, length,
		&err) != MCA_OK)
		return;
	input->crls.rows = input->lists;
	input->crls.count++;
}

static void
add(struct input *input, const uint8_t *der, size_t length)
{
	scoped(mca_text) cert = { 0 };
	scoped(mca_text) crl = { 0 };

	if (resign_cert(&cert, der, length))
		add_cert(input, (const uint8_t *)mca_text_get(&cert),
		    cert.length);
	if (resign_crl(&crl, der, length))
		add_crl(input, (const uint8_t *)mca_text_get(&crl), crl.length);
}

static void
read_input(struct input *input, const uint8_t *bytes, size_t length)
{
	struct mca_tlv in = { bytes, bytes + length };
	struct mca_tlv_element element;

	for (int i = 0; i < MOST && in.at != in.end; i++) {
		const uint8_t *at = in.at;

		if (mca_tlv_read(&in, &element) != NULL)
			return;
		add(input, at, (size_t)(in.at - at));
	}
}

static void
show_verdict(const mca_verdict *verdict)
{
	show_findings(&verdict->findings);
	for (size_t i = 0; i < verdict->trials.count; i++) {
		show_text(verdict->trials.rows[i].rule);
		show_text(verdict->trials.rows[i].why);
	}
	if (verdict->answer == MCA_YES) {
		fuzz_require(verdict->anchored && verdict->path.count > 0);
		fuzz_require(
		    mca_findings_worst(&verdict->findings) <= MCA_WARNING);
	} else {
		fuzz_require(verdict->findings.count > 0);
	}
}

static void
judge(const struct input *input, const uint8_t *choice)
{
	static const char *const policies[] = { "2.5.29.32.0", "1.2.3.4" };
	owned(mca_verifier) *verifier = NULL;
	scoped(mca_verdict) verdict = { 0 };
	struct mca_verify_options options;
	struct mca_reference host;
	struct mca_error err = { 0 };

	mca_verify_defaults(&options, FUZZ_NOW);
	options.purpose = choice[0] % 3;
	options.rules =
	    (choice[0] & 8) != 0 ? MCA_RULES_WEBPKI : MCA_RULES_RFC5280;
	options.strict = (choice[0] & 16) != 0;
	options.require_crl = (choice[0] & 32) != 0;
	if ((choice[0] & 64) != 0)
		options.clients = choice[1];
	options.require_explicit_policy = (choice[1] & 1) != 0;
	options.inhibit_policy_mapping = (choice[1] & 2) != 0;
	options.inhibit_any_policy = (choice[1] & 4) != 0;
	options.policy_oids = policies;
	options.policy_oid_count = choice[1] / 8 % 3;
	options.suffixes = NULL;
	fuzz_require(mca_reference_parse(&host, MCA_SAN_DNS, "www.example.org",
			 &err) == MCA_OK);
	if (mca_verifier_new(&verifier, &input->anchors, NULL,
		(choice[0] & 128) != 0 ? &input->crls : NULL, &options,
		&err) != MCA_OK) {
		show_error(&err);
		return;
	}
	if (mca_verify(&verdict, verifier, input->all.rows[0], &input->all,
		(choice[1] & 128) != 0 ? &host : NULL, &err) != MCA_OK)
		show_error(&err);
	else
		show_verdict(&verdict);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	struct input input = { 0 };

	if (length < 2)
		return;
	read_input(&input, bytes + 2, length - 2);
	if (input.all.count > 0)
		judge(&input, bytes);
	mca_certs_clear(&input.all);
	mca_certs_clear(&input.anchors);
	for (size_t i = 0; i < input.crls.count; i++)
		mca_crl_free(input.lists[i]);
}
