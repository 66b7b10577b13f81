/*
 * rules_naming.c - the names a certificate carries for its holder, and the
 * shape of the constraints it puts on others.
 */
#include "constraints.h"
#include "rules.h"

#include "minica/host.h"
#include "minica/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static bool
san_missing(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return !mca_facts_have(in->facts, MCA_EXT_SAN) &&
	    mca_fault(fault, "is missing");
}

static bool
san_should_be_critical(const struct mca_rule_input *in, struct mca_fault *fault)
{
	if (!mca_name_is_empty(mca_cert_subject(in->facts->cert)))
		return false;
	if (!mca_facts_have(in->facts, MCA_EXT_SAN))
		return mca_fault(fault,
		    "is missing, and the subject is empty: it names nobody");
	return !mca_facts_critical(in->facts, MCA_EXT_SAN) &&
	    mca_fault(fault, "must be critical, for the subject is empty");
}

static bool
san_should_not_be_critical(const struct mca_rule_input *in,
    struct mca_fault *fault)
{
	return mca_facts_critical(in->facts, MCA_EXT_SAN) &&
	    !mca_name_is_empty(mca_cert_subject(in->facts->cert)) &&
	    mca_fault(fault, "is critical, with a subject beside it");
}

static bool
name_malformed(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const mca_san *san = mca_cert_san(in->facts->cert);
	const struct mca_san_name *name;

	for (size_t i = 0; i < mca_san_count(san); i++) {
		name = mca_san_at(san, i);
		if (name->flaw == NULL)
			continue;
		mca_fault_found(fault, "%s", MCA_SHOW_TAME(name->text));
		return mca_fault(fault, "%s \"%s\" is malformed: %s",
		    mca_san_form_name(name->form), MCA_SHOW_TAME(name->text),
		    name->flaw);
	}
	return false;
}

static bool
wildcard_too_wide(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const mca_san *san = mca_cert_san(in->facts->cert);
	const struct mca_san_name *name;

	for (size_t i = 0; i < mca_san_count(san); i++) {
		name = mca_san_at(san, i);
		if (!mca_suffixes_concern(name) ||
		    !mca_suffixes_has(in->suffixes, name->text + 2))
			continue;
		mca_fault_found(fault, "%s", MCA_SHOW_TAME(name->text));
		return mca_fault(fault,
		    "dNSName \"%s\" covers a whole registry",
		    MCA_SHOW_TAME(name->text));
	}
	return false;
}

static bool
name_not_for_web(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const mca_san *san = mca_cert_san(in->facts->cert);
	const struct mca_san_name *name;

	for (size_t i = 0; i < mca_san_count(san); i++) {
		name = mca_san_at(san, i);
		if (name->form == MCA_SAN_DNS || name->form == MCA_SAN_IP)
			continue;
		mca_fault_wanted(fault, "dNSName and iPAddress alone");
		return mca_fault(fault, "holds a name of another form: %s",
		    mca_san_form_name(name->form));
	}
	return false;
}

/* The common name. */

/* Says whether `text` is what some program would take for an address. */
static bool
looks_like_address(const char *text)
{
	struct in_addr four;
	struct in6_addr six;

	return inet_aton(text, &four) != 0 || strchr(text, ':') != NULL ||
	    inet_pton(AF_INET6, text, &six) == 1;
}

/*
 * A common name is the base of a wildcard in many a good certificate, and a
 * host name where a SAN holds addresses alone; neither can be mistaken for
 * another holder.  Everything else must be one of the names, byte for byte.
 */
static bool
is_one_of(const mca_san *san, const char *cn, size_t length)
{
	const struct mca_san_name *name;
	bool only_addresses = !looks_like_address(cn);

	for (size_t i = 0; i < mca_san_count(san); i++) {
		name = mca_san_at(san, i);
		only_addresses = only_addresses && name->form == MCA_SAN_IP;
		if (name->form == MCA_SAN_IP && strcmp(name->text, cn) == 0)
			return true;
		if (name->form == MCA_SAN_IP)
			continue;
		if (name->raw_length == length &&
		    memcmp(name->raw, cn, length) == 0)
			return true;
		if (name->form == MCA_SAN_DNS &&
		    name->raw_length == length + 2 &&
		    memcmp(name->raw, "*.", 2) == 0 &&
		    memcmp(name->raw + 2, cn, length) == 0)
			return true;
	}
	return only_addresses && mca_san_count(san) > 0;
}

static bool
cn_not_in_san(const struct mca_rule_input *in, struct mca_fault *fault)
{
	X509_NAME *subject = X509_get_subject_name(in->facts->x509);
	const mca_san *san = mca_cert_san(in->facts->cert);
	owned(ossl_bytes) *cn = NULL;
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	int length;

	if (at < 0)
		return false;
	length = ASN1_STRING_to_UTF8(&cn,
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	if (length >= 0 && strlen((char *)cn) == (size_t)length &&
	    X509_NAME_get_index_by_NID(subject, NID_commonName, at) < 0 &&
	    is_one_of(san, (char *)cn, (size_t)length))
		return false;
	if (length < 0)
		return mca_fault(fault, "cannot be decoded");
	mca_fault_found(fault, "%s", MCA_SHOW((char *)cn, (size_t)length));
	mca_fault_wanted(fault, "a copy of one name of the subjectAltName");
	return mca_fault(fault,
	    "\"%s\" is not a copy of one of the names in "
	    "subjectAltName",
	    MCA_SHOW((char *)cn, (size_t)length));
}

/* Name constraints as they are written; verify.c applies them. */

static bool
constraints_misplaced(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return mca_facts_have(in->facts, MCA_EXT_NAME_CONSTRAINTS) &&
	    !in->facts->ca &&
	    mca_fault(fault, "is in a certificate that is not a CA's");
}

static bool
constraints_malformed(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const NAME_CONSTRAINTS *constraints =
	    in->facts->value[MCA_EXT_NAME_CONSTRAINTS];
	scoped(mca_text) flaw = { 0 };

	if (constraints == NULL || !mca_constraints_flaw(&flaw, constraints))
		return false;
	return mca_fault(fault, "%s", mca_text_get(&flaw));
}

const struct mca_rule mca_rules_naming[] = {
	{ "MC-V-SAN-MISSING", "CA/B BR, 7.1.2.7.12", "subjectAltName",
	    MCA_TARGET, MCA_WEB, MCA_REFUSE, BROWSERS | MCA_GO, san_missing,
	    "no client looks at the common name any more" },
	{ "MC-V-SAN-CRITICAL", "RFC 5280, 4.2.1.6", "subjectAltName",
	    MCA_BELOW_ANCHOR, MCA_REFUSE, MCA_REFUSE, MCA_JAVA | MCA_PYTHON,
	    san_should_be_critical, NULL },
	{ "MC-V-SAN-NOT-CRITICAL", "CA/B BR, 7.1.2.7.12", "subjectAltName",
	    MCA_BELOW_ANCHOR, MCA_WEB, MCA_REFUSE, 0,
	    san_should_not_be_critical, NULL },
	{ "MC-V-SAN-MALFORMED", "RFC 5280, 4.2.1.6", "subjectAltName",
	    MCA_BELOW_ANCHOR, MCA_REFUSE, MCA_REFUSE, 0, name_malformed, NULL },
	{ "MC-V-SAN-FORM", "CA/B BR, 7.1.2.7.12", "subjectAltName", MCA_TARGET,
	    MCA_WEB, MCA_REFUSE, 0, name_not_for_web, NULL },
	{ "MC-V-WILDCARD-SUFFIX", "CA/B BR, 3.2.2.6", "subjectAltName",
	    MCA_TARGET, MCA_WEB, MCA_REFUSE, MCA_CHROME, wildcard_too_wide,
	    "name the hosts one by one" },
	{ "MC-V-CN", "CA/B BR, 7.1.4.3", "commonName", MCA_TARGET, MCA_WEB,
	    MCA_REFUSE, 0, cn_not_in_san,
	    "leave the common name away, or copy a name into it" },
	{ "MC-V-NC-NOT-CA", "RFC 5280, 4.2.1.10", "nameConstraints",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, 0, constraints_misplaced,
	    NULL },
	{ "MC-V-NC-MALFORMED", "RFC 5280, 4.2.1.10", "nameConstraints",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE,
	    MCA_CHROME | MCA_FIREFOX | MCA_GO, constraints_malformed,
	    "only the CA that wrote it can mend it" },
	{ 0 },
};
