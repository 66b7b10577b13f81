/*
 * lint.c - the rules of lint, as rows (see minica/lint.h).
 *
 * An error is what a standard forbids, or what a strict client refuses; a
 * warning what some client refuses, or a standard discourages.
 */
#include "lint.h"

/* clang-format off */
/* What rules are about: certificates (as all are), requests, lists, or more. */
#define CERT MCA_LINT_CERT
#define CSR MCA_LINT_CSR
#define CRL MCA_LINT_CRL
#define SIGNED (CERT | CRL)
#define ASKED (CERT | CSR)
#define ALL (CERT | CSR | CRL)

static const struct mca_lint_rule rows[] = {
	/* The encoding. */
	{ "MC-L-DER", "RFC 5280, 4.1; X.690", "certificate",
	    "every octet is as DER demands",
	    "encode it again with a tool that writes DER",
	    MCA_ERROR, ALL, mca_lint_not_der },
	{ "MC-L-DEFAULT", "X.690, 11.5", "certificate",
	    "defaults are left out, so that it can be written in one way alone",
	    "encode it again with a tool that writes DER",
	    MCA_ERROR, CERT, mca_lint_default_written },

	/* TBSCertificate. */
	{ "MC-L-VERSION", "RFC 5280, 4.1.2.1", "version",
	    "the version is 3, for there are extensions",
	    "write version 3", MCA_ERROR, CERT, mca_lint_version },
	{ "MC-L-SERIAL-POSITIVE", "RFC 5280, 4.1.2.2", "serialNumber",
	    "the serial number is above zero",
	    "use a random positive number", MCA_ERROR, CERT,
	    mca_lint_serial_positive },
	{ "MC-L-SERIAL-LENGTH", "RFC 5280, 4.1.2.2", "serialNumber",
	    "the serial number has at most 20 octets",
	    "use 16 random octets, the first bit zero", MCA_ERROR, CERT,
	    mca_lint_serial_long },
	{ "MC-L-SERIAL-SHORT", "CABF BR, 7.1", "serialNumber",
	    "the serial number holds at least 64 random bits",
	    "use 16 random octets, the first bit zero", MCA_WARNING, CERT,
	    mca_lint_serial_short },
	{ "MC-L-SIGNATURE-SAME", "RFC 5280, 4.1.1.2", "signatureAlgorithm",
	    "the algorithm is the same inside and outside TBSCertificate",
	    "sign it again", MCA_ERROR, CERT, mca_lint_signature_differs },
	{ "MC-L-SIGNATURE-WEAK", "RFC 6194; RFC 6151", "signatureAlgorithm",
	    "the signature rests on SHA-2, SHA-3 or EdDSA",
	    "sign it again with SHA-256 or stronger", MCA_ERROR, ALL,
	    mca_lint_signature_weak },
	{ "MC-L-SIGNATURE-PARAMETERS", "RFC 4055, 5; RFC 5758, 3.2",
	    "signatureAlgorithm",
	    "the parameters are NULL for RSA, and absent for EC and EdDSA",
	    "sign it again with another tool", MCA_ERROR, ALL,
	    mca_lint_signature_parameters },
	{ "MC-L-ISSUER-EMPTY", "RFC 5280, 4.1.2.4", "issuer",
	    "the issuer has a name",
	    "give the CA a subject and issue again", MCA_ERROR, SIGNED,
	    mca_lint_issuer_empty },
	{ "MC-L-SUBJECT-EMPTY", "RFC 5280, 4.1.2.6", "subject",
	    "a CA has a subject",
	    "give the CA a subject", MCA_ERROR, CERT, mca_lint_subject_empty },
	{ "MC-L-VALIDITY-ORDER", "RFC 5280, 4.1.2.5", "validity",
	    "the validity ends after it begins",
	    "choose notAfter later than notBefore", MCA_ERROR, CERT,
	    mca_lint_validity_order },
	{ "MC-L-VALIDITY-FORM", "RFC 5280, 4.1.2.5", "validity",
	    "times are UTCTime through 2049 and GeneralizedTime after, with "
	    "seconds and Z",
	    "write the times anew", MCA_ERROR, CERT, mca_lint_validity_form },
	{ "MC-L-UNIQUE-ID", "RFC 5280, 4.1.2.8", "issuerUniqueID",
	    "there are no unique identifiers",
	    "leave them out", MCA_ERROR, CERT, mca_lint_unique_id },

	/* Distinguished names. */
	{ "MC-L-DN-TYPE", "RFC 5280, 4.1.2.4", "subject",
	    "attributes are UTF8String or PrintableString, or of the one type "
	    "they have",
	    "write the name anew, in UTF-8", MCA_ERROR, ALL, mca_lint_dn_type },
	{ "MC-L-DN-LENGTH", "RFC 5280, A.1", "subject",
	    "attributes are neither empty nor longer than their upper bound",
	    "shorten the value", MCA_ERROR, ALL, mca_lint_dn_length },
	{ "MC-L-DN-TEXT", "RFC 5280, 4.1.2.4; X.680, 41.4", "subject",
	    "attributes hold letters of their type and no control characters",
	    "correct the value", MCA_ERROR, ALL, mca_lint_dn_text },
	{ "MC-L-DN-COUNTRY", "RFC 5280, A.1; ISO 3166", "countryName",
	    "a country is two capital letters",
	    "write the two letters of the country", MCA_ERROR, ALL,
	    mca_lint_dn_country },
	{ "MC-L-DN-SPACES", "RFC 5280, 7.1", "subject",
	    "attributes neither begin nor end with a space",
	    "take the spaces away", MCA_WARNING, ALL, mca_lint_dn_spaces },

	/* The key. */
	{ "MC-L-KEY-UNREADABLE", "RFC 5280, 4.1.2.7", "subjectPublicKeyInfo",
	    "the key can be decoded",
	    "make a new key", MCA_ERROR, ASKED, mca_lint_key_unreadable },
	{ "MC-L-KEY-SMALL", "CABF BR, 6.1.5", "subjectPublicKeyInfo",
	    "the key has 112 bits of strength: RSA of 2048 bits, EC of 224",
	    "make a new key: minica keygen", MCA_ERROR, ASKED,
	    mca_lint_key_small },
	{ "MC-L-KEY-BROKEN", "CABF BR, 6.1.1.3; docs/keys.md",
	    "subjectPublicKeyInfo",
	    "the private half of the key can be known to its owner alone",
	    "make a new key: minica keygen", MCA_ERROR, ASKED,
	    mca_lint_key_broken },
	{ "MC-L-KEY-SIZE", "CABF BR, 6.1.5", "subjectPublicKeyInfo",
	    "the size of an RSA modulus is a multiple of 8",
	    "make a new key: minica keygen", MCA_ERROR, ASKED, mca_lint_key_odd },
	{ "MC-L-KEY-EXPONENT", "CABF BR, 6.1.6", "subjectPublicKeyInfo",
	    "an RSA exponent is odd and at least 65537",
	    "make a new key: minica keygen", MCA_ERROR, ASKED,
	    mca_lint_key_exponent },
	{ "MC-L-KEY-CURVE", "CABF BR, 6.1.5", "subjectPublicKeyInfo",
	    "the curve is P-256, P-384 or P-521, by name",
	    "make a new key: minica keygen", MCA_WARNING, ASKED,
	    mca_lint_key_curve },
	{ "MC-L-KEY-PARAMETERS", "RFC 3279, 2.3.1; RFC 5480, 2.1; RFC 8410, 3",
	    "subjectPublicKeyInfo",
	    "the key's parameters are those of its kind",
	    "encode the key anew", MCA_ERROR, ASKED, mca_lint_key_parameters },

	/* Extensions. */
	{ "MC-L-EXT-TWICE", "RFC 5280, 4.2", "extensions",
	    "no extension is there twice",
	    "write each extension once", MCA_ERROR, ALL, mca_lint_ext_twice },
	{ "MC-L-EXT-MALFORMED", "RFC 5280, 4.2.1", "extensions",
	    "every extension can be decoded",
	    "write it anew", MCA_ERROR, ALL, mca_lint_ext_malformed },
	{ "MC-L-EXT-UNKNOWN", "RFC 5280, 4.2", "extensions",
	    "no extension is critical that clients do not know",
	    "write it as not critical, or leave it out", MCA_ERROR, SIGNED,
	    mca_lint_ext_unknown },
	{ "MC-L-SKI-MISSING", "RFC 5280, 4.2.1.2", "subjectKeyIdentifier",
	    "a CA has a subjectKeyIdentifier",
	    "add it", MCA_ERROR, CERT, mca_lint_ski_missing },
	{ "MC-L-SKI-CRITICAL", "RFC 5280, 4.2.1.2", "subjectKeyIdentifier",
	    "it is not critical",
	    "write it as not critical", MCA_ERROR, CERT, mca_lint_ski_critical },
	{ "MC-L-AKI-MISSING", "RFC 5280, 4.2.1.1; Python 3.13",
	    "authorityKeyIdentifier",
	    "all but a self-signed certificate have one",
	    "add it", MCA_ERROR, CERT, mca_lint_aki_missing },
	{ "MC-L-AKI-FORM", "RFC 5280, 4.2.1.1", "authorityKeyIdentifier",
	    "it holds the keyIdentifier of the issuer",
	    "write the issuer's subjectKeyIdentifier into it", MCA_ERROR, CERT,
	    mca_lint_aki_form },
	{ "MC-L-AKI-SERIAL", "CABF BR, 7.1.2.11.1", "authorityKeyIdentifier",
	    "it holds no issuer and serial number, which a renewed CA changes",
	    "write the keyIdentifier alone", MCA_WARNING, CERT,
	    mca_lint_aki_serial },
	{ "MC-L-AKI-CRITICAL", "RFC 5280, 4.2.1.1", "authorityKeyIdentifier",
	    "it is not critical",
	    "write it as not critical", MCA_ERROR, SIGNED, mca_lint_aki_critical },
	{ "MC-L-AKI-OWN", "RFC 5280, 4.2.1.1", "authorityKeyIdentifier",
	    "in a self-signed certificate it is the subjectKeyIdentifier",
	    "write the same identifier into both", MCA_WARNING, CERT,
	    mca_lint_aki_own },
	{ "MC-L-CA-CRITICAL", "RFC 5280, 4.2.1.9; Python 3.13",
	    "basicConstraints",
	    "it is critical in a CA",
	    "write it as critical", MCA_ERROR, CERT, mca_lint_ca_critical },
	{ "MC-L-PATH-LEN", "RFC 5280, 4.2.1.9", "basicConstraints",
	    "only a CA with keyCertSign has a path length",
	    "leave pathLenConstraint out", MCA_ERROR, CERT, mca_lint_path_len },
	{ "MC-L-CONSTRAINTS-CRITICAL", "RFC 5280, 4.2.1.10",
	    "nameConstraints",
	    "it is critical",
	    "write it as critical", MCA_ERROR, CERT, mca_lint_nc_critical },
	{ "MC-L-CONSTRAINTS-LEAF", "RFC 5280, 4.2.1.10", "nameConstraints",
	    "only CAs have it",
	    "leave it out", MCA_ERROR, CERT, mca_lint_nc_leaf },
	{ "MC-L-CONSTRAINTS-DISTANCE", "RFC 5280, 4.2.1.10",
	    "nameConstraints",
	    "there is no minimum but 0 and no maximum",
	    "leave them out", MCA_ERROR, CERT, mca_lint_nc_distance },
	{ "MC-L-CONSTRAINTS-FORM", "RFC 5280, 4.2.1.10", "nameConstraints",
	    "it is not empty, and its subtrees are well-formed",
	    "write the subtrees anew", MCA_ERROR, CERT, mca_lint_nc_empty },
	{ "MC-L-POLICY-TWICE", "RFC 5280, 4.2.1.4", "certificatePolicies",
	    "no policy is there twice",
	    "name each policy once", MCA_ERROR, CERT, mca_lint_policy_twice },
	{ "MC-L-URL-CRITICAL", "RFC 5280, 4.2.1.13, 4.2.2.1", "extensions",
	    "what says where to find more is not critical",
	    "write it as not critical", MCA_ERROR, SIGNED, mca_lint_url_critical },
	{ "MC-L-URL-FORM", "RFC 5280, 4.2.1.13, 4.2.2.1",
	    "uniformResourceIdentifier",
	    "CRLs, issuers and OCSP are at http or ldap URLs",
	    "write a URL that begins with http://", MCA_ERROR, CERT,
	    mca_lint_url_form },
	{ "MC-L-URL-HTTPS", "RFC 5280, 8; CABF BR, 7.1.2.11.2",
	    "uniformResourceIdentifier",
	    "CRLs, issuers and OCSP are fetched over plain http: they are "
	    "signed, and https would need them first",
	    "write http:// instead of https://", MCA_WARNING, CERT,
	    mca_lint_url_https },

	/* Usage. */
	{ "MC-L-USAGE-MISSING", "RFC 5280, 4.2.1.3; Python 3.13", "keyUsage",
	    "a CA has it",
	    "add keyCertSign and cRLSign, critical", MCA_ERROR, CERT,
	    mca_lint_usage_missing },
	{ "MC-L-USAGE-MISSING-LEAF", "CABF BR, 7.1.2.7.6", "keyUsage",
	    "a leaf has it",
	    "add digitalSignature, critical", MCA_WARNING, CERT,
	    mca_lint_usage_missing_leaf },
	{ "MC-L-USAGE-CRITICAL", "RFC 5280, 4.2.1.3", "keyUsage",
	    "it is critical",
	    "write it as critical", MCA_WARNING, CERT, mca_lint_usage_critical },
	{ "MC-L-USAGE-EMPTY", "RFC 5280, 4.2.1.3", "keyUsage",
	    "at least one bit is set",
	    "say what the key is for", MCA_ERROR, ASKED, mca_lint_usage_empty },
	{ "MC-L-USAGE-TRAILING", "X.690, 11.2.2", "keyUsage",
	    "the string ends with the last bit that is set",
	    "encode it anew", MCA_ERROR, ASKED, mca_lint_usage_trailing },
	{ "MC-L-USAGE-CERT-SIGN", "RFC 5280, 4.2.1.9", "keyUsage",
	    "keyCertSign is for CAs alone",
	    "leave it out, or make the certificate a CA's", MCA_ERROR, CERT,
	    mca_lint_usage_cert_sign },
	{ "MC-L-USAGE-CA", "RFC 5280, 4.2.1.3", "keyUsage",
	    "a CA has keyCertSign",
	    "add it", MCA_ERROR, CERT, mca_lint_usage_ca },
	{ "MC-L-USAGE-ENCIPHER", "RFC 8813, 3; RFC 9295, 3", "keyUsage",
	    "keyEncipherment and dataEncipherment are for RSA alone",
	    "leave them out", MCA_ERROR, ASKED, mca_lint_usage_encipher },
	{ "MC-L-USAGE-AGREEMENT", "RFC 4055, 1.2; RFC 9295, 3", "keyUsage",
	    "keyAgreement is not for RSA and EdDSA",
	    "leave it out", MCA_ERROR, ASKED, mca_lint_usage_agreement },
	{ "MC-L-USAGE-ONLY", "RFC 5280, 4.2.1.3", "keyUsage",
	    "encipherOnly and decipherOnly go with keyAgreement",
	    "leave them out", MCA_ERROR, ASKED, mca_lint_usage_only },
	{ "MC-L-PURPOSE-ANY", "RFC 5280, 4.2.1.12; CABF BR, 7.1.2.7.10",
	    "extKeyUsage",
	    "anyExtendedKeyUsage is not there",
	    "name the usages that are meant", MCA_ERROR, ASKED,
	    mca_lint_purpose_any },
	{ "MC-L-PURPOSE-CRITICAL", "CABF BR, 7.1.2.7.6", "extKeyUsage",
	    "it is not critical",
	    "write it as not critical", MCA_WARNING, CERT,
	    mca_lint_purpose_critical },
	{ "MC-L-PURPOSE-EMPTY", "RFC 5280, 4.2.1.12", "extKeyUsage",
	    "at least one usage is named",
	    "name one, or leave the extension out", MCA_ERROR, ASKED,
	    mca_lint_purpose_empty },
	{ "MC-L-PURPOSE-TWICE", "RFC 5280, 4.2.1.12", "extKeyUsage",
	    "no usage is there twice",
	    "name each usage once", MCA_WARNING, ASKED, mca_lint_purpose_twice },
	{ "MC-L-PURPOSE-MISSING", "Apple HT210176; CABF BR, 7.1.2.7.6",
	    "extKeyUsage",
	    "a leaf says what it is for: Apple's clients want serverAuth",
	    "add serverAuth or clientAuth", MCA_WARNING, CERT,
	    mca_lint_purpose_missing },

	/* Names, and the clients that read them. */
	{ "MC-L-SAN-MISSING", "RFC 5280, 4.2.1.6; RFC 9525, 6.1",
	    "subjectAltName",
	    "a TLS server has it, and every leaf without a subject",
	    "add the names", MCA_ERROR, CERT, mca_lint_san_missing },
	{ "MC-L-SAN-EMPTY", "RFC 5280, 4.2.1.6", "subjectAltName",
	    "it holds at least one name",
	    "add the names, or leave it out", MCA_ERROR, ASKED, mca_lint_san_empty },
	{ "MC-L-SAN-CRITICAL", "RFC 5280, 4.2.1.6", "subjectAltName",
	    "it is critical when the subject is empty",
	    "write it as critical", MCA_ERROR, CERT, mca_lint_san_not_critical },
	{ "MC-L-SAN-NOT-CRITICAL", "RFC 5280, 4.2.1.6", "subjectAltName",
	    "it is not critical when there is a subject",
	    "write it as not critical", MCA_WARNING, CERT, mca_lint_san_critical },
	{ "MC-L-SAN-NAME", "RFC 5280, 4.2.1.6; RFC 9598", "subjectAltName",
	    "every name is well-formed",
	    "correct the name", MCA_ERROR, ASKED, mca_lint_san_name },
	{ "MC-L-SAN-TWICE", "RFC 5280, 4.2.1.6", "subjectAltName",
	    "no name is there twice",
	    "name each once", MCA_WARNING, ASKED, mca_lint_san_twice },
	{ "MC-L-SAN-REGISTRY", "RFC 9525, 6.3; CABF BR, 3.2.2.6",
	    "subjectAltName",
	    "no wildcard covers a whole registry",
	    "name a domain below the registry", MCA_ERROR, ASKED,
	    mca_lint_san_registry },
	{ "MC-L-CN", "CABF BR, 7.1.4.3", "commonName",
	    "the CN of a server is one of its names",
	    "copy one of the names, or leave the CN out", MCA_WARNING, CERT,
	    mca_lint_common_name },
	{ "MC-L-CA-NAMES", "CABF BR, 7.1.2.7.8; Firefox", "subjectAltName",
	    "a CA is not named like a server: browsers refuse it as one",
	    "give the server a certificate of its own", MCA_WARNING, CERT,
	    mca_lint_ca_names },
	{ "MC-L-LIFE-398", "CABF BR, 6.3.2; Chrome, Firefox", "validity",
	    "a server's certificate lasts 398 days at most",
	    "ask for a shorter life", MCA_WARNING, CERT, mca_lint_life_398 },
	{ "MC-L-LIFE-825", "Apple HT210176", "validity",
	    "a server's certificate lasts 825 days at most, or Apple's "
	    "clients refuse it even from roots of one's own",
	    "ask for a shorter life", MCA_WARNING, CERT, mca_lint_life_825 },
	{ "MC-L-BROWSER-KEY", "CABF BR, 6.1.1.1; Firefox, Chrome",
	    "subjectPublicKeyInfo",
	    "the key of a server is one that browsers accept",
	    "use ec-p256, where browsers are to connect", MCA_WARNING, CERT,
	    mca_lint_ed25519 },
	/* Requests. */
	{ "MC-L-REQUEST-VERSION", "RFC 2986, 4.1", "version",
	    "the version of a request is 0",
	    "make the request anew: minica csr", MCA_ERROR, CSR,
	    mca_lint_request_version },
	{ "MC-L-REQUEST-TWICE", "RFC 2985, 5.4.2", "attributes",
	    "extensions are asked for in one attribute",
	    "make the request anew: minica csr", MCA_ERROR, CSR,
	    mca_lint_request_twice },
	{ "MC-L-REQUEST-PASSWORD", "RFC 2985, 5.4.1", "challengePassword",
	    "a request holds no password, for it is no secret",
	    "leave it out", MCA_WARNING, CSR, mca_lint_request_password },
	{ "MC-L-REQUEST-NAMES", "RFC 9525, 2", "subjectAltName",
	    "the names are asked for as subjectAltName, not as a CN",
	    "make the request anew: minica csr NAME...", MCA_WARNING, CSR,
	    mca_lint_request_names },

	/* Revocation lists. */
	{ "MC-L-CRL-VERSION", "RFC 5280, 5.1.2.1", "version",
	    "the version is 2, for a list must have extensions",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_version },
	{ "MC-L-CRL-SIGNATURE-SAME", "RFC 5280, 5.1.1.2",
	    "signatureAlgorithm",
	    "the algorithm is the same inside and outside TBSCertList",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_signature_same },
	{ "MC-L-CRL-NEXT-MISSING", "RFC 5280, 5.1.2.5", "nextUpdate",
	    "a list says when the next one comes",
	    "publish it anew: minica crl --days N", MCA_ERROR, CRL,
	    mca_lint_crl_next_missing },
	{ "MC-L-CRL-ORDER", "RFC 5280, 5.1.2.5", "nextUpdate",
	    "the next list comes after this one",
	    "publish it anew: minica crl --days N", MCA_ERROR, CRL,
	    mca_lint_crl_order },
	{ "MC-L-CRL-TIME-FORM", "RFC 5280, 5.1.2.4 to 5.1.2.6", "thisUpdate",
	    "times are UTCTime through 2049 and GeneralizedTime after, with "
	    "seconds and Z",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_times },
	{ "MC-L-CRL-NO-ENTRIES", "RFC 5280, 5.1.2.6", "revokedCertificates",
	    "it is left out when nothing is revoked",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_no_entries },
	{ "MC-L-CRL-NUMBER-MISSING", "RFC 5280, 5.2.3", "cRLNumber",
	    "a list has a number",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_number_missing },
	{ "MC-L-CRL-NUMBER-FORM", "RFC 5280, 5.2.3", "cRLNumber",
	    "it is not critical, not negative, and has at most 20 octets",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_number_form },
	{ "MC-L-CRL-AKI", "RFC 5280, 5.2.1", "authorityKeyIdentifier",
	    "it holds the keyIdentifier of the issuer",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_aki },
	{ "MC-L-CRL-SCOPE-CRITICAL", "RFC 5280, 5.2.4, 5.2.5",
	    "crlExtensions",
	    "what narrows a list is critical, or it passes for a whole one",
	    "write it as critical", MCA_ERROR, CRL,
	    mca_lint_crl_scope_critical },
	{ "MC-L-CRL-ENTRY-TWICE", "RFC 5280, 5.1.2.6", "revokedCertificates",
	    "no serial number is there twice",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_entry_twice },
	{ "MC-L-CRL-REASON", "RFC 5280, 5.3.1", "reasonCode",
	    "a reason is one of the ten that there are",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_reason },
	{ "MC-L-CRL-UNSPECIFIED", "RFC 5280, 5.3.1", "reasonCode",
	    "unspecified is said by leaving the reason out",
	    "leave it out", MCA_WARNING, CRL, mca_lint_crl_unspecified },
	{ "MC-L-CRL-ENTRY-CRITICAL", "RFC 5280, 5.3", "crlEntryExtensions",
	    "certificateIssuer is critical, and nothing else",
	    "publish it anew: minica crl", MCA_ERROR, CRL,
	    mca_lint_crl_entry_critical },
	{ NULL, NULL, NULL, NULL, NULL, MCA_NOTE, 0, NULL },
};
/* clang-format on */

const struct mca_lint_rule *
mca_lint_rules(void)
{
	return rows;
}

static void
apply(mca_findings *out, const struct mca_facts *facts,
    const struct mca_lint_rule *row)
{
	struct mca_fault fault = { 0 };

	if (!row->broken(facts, &fault))
		return;
	mca_findings_add(out,
	    &(struct mca_finding){ .severity = row->severity,
		.depth = MCA_NO_DEPTH,
		.rule = row->rule,
		.source = row->source,
		.field = row->field,
		.detail = fault.detail,
		.found = fault.found,
		.wanted = row->says,
		.hint = row->mend });
}

/* Takes the facts over; NULL means that memory ran out. */
static void
lint(mca_findings *out, struct mca_facts *facts, enum mca_lint_kind kind)
{
	if (facts == NULL) {
		out->lost = true;
		return;
	}
	for (const struct mca_lint_rule *row = rows; row->rule != NULL; row++)
		if ((row->kinds & kind) != 0)
			apply(out, facts, row);
	mca_facts_free(facts);
}

void
mca_lint(mca_findings *out, const mca_cert *cert)
{
	lint(out, mca_facts_new(cert), MCA_LINT_CERT);
}

void
mca_lint_request(mca_findings *out, const mca_csr *csr)
{
	lint(out, mca_facts_of_csr(csr), MCA_LINT_CSR);
}

void
mca_lint_crl(mca_findings *out, const mca_crl *crl)
{
	lint(out, mca_facts_of_crl(crl), MCA_LINT_CRL);
}
