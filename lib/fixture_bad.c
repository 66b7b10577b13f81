/*
 * fixture_bad.c - chains that a strict client refuses, each for one reason.
 */
#include "fixture_parts.h"

#define BAD(name_, sentence_, rule_)                                           \
	.facts.name = (name_), .facts.sentence = (sentence_),                  \
	.facts.rule = (rule_), .facts.answer = MCA_NO,                         \
	.facts.purpose = MCA_PURPOSE_SERVER
#define UNKNOWN(name_, sentence_, rule_)                                       \
	.facts.name = (name_), .facts.sentence = (sentence_),                  \
	.facts.rule = (rule_), .facts.answer = MCA_COULD_NOT_TELL,             \
	.facts.purpose = MCA_PURPOSE_SERVER
#define HOST(host_) .facts.host = (host_)
#define ALSO(rule_) .facts.also = (rule_)
#define WWW HOST("www.example.test")

/* Refused by browsers alone; RFC 5280 does not mind. */
#define WEB .facts.rules = MCA_RULES_WEBPKI

#define LENIENT .facts.lenient = "OpenSSL"
#define ASKS .facts.require_crl = true

#define AROUND MIDDLE(), ROOT()

/* ---- what no configuration can express ---- */

static void
make_version_1(X509 *x509)
{
	while (X509_get_ext_count(x509) > 0)
		X509_EXTENSION_free(X509_delete_ext(x509, 0));
	(void)X509_set_version(x509, X509_VERSION_1);
}

static void
repeat_extension(X509 *x509)
{
	(void)X509_add_ext(x509, X509_get_ext(x509, 0), -1);
}

/* A name that ends early for who takes it for a C string. */
static void
put_nul(X509 *x509)
{
	static const char name[] = "www.example.test\0.example.org";
	owned(GENERAL_NAMES) *names = GENERAL_NAMES_new();
	GENERAL_NAME *one = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	if (names == NULL || one == NULL || text == NULL ||
	    ASN1_STRING_set(text, name, sizeof(name) - 1) != 1 ||
	    sk_GENERAL_NAME_push(names, one) <= 0) {
		GENERAL_NAME_free(one);
		ASN1_IA5STRING_free(text);
		return;
	}
	GENERAL_NAME_set0_value(one, GEN_DNS, text);
	(void)X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0,
	    X509V3_ADD_REPLACE);
}

const struct fixture_row mca_fixtures_bad[] = {
	/* ---- time ---- */
	{ BAD("expired", "ended yesterday", "MC-V-EXPIRED"), WWW,
	    .certs = { LEAF(.from = -30 * DAY, .until = -DAY), AROUND } },
	{ BAD("not-yet-valid", "begins tomorrow", "MC-V-NOT-YET-VALID"), WWW,
	    .certs = { LEAF(.from = DAY), AROUND } },
	{ BAD("expired-intermediate", "its intermediate ended yesterday",
	      "MC-V-EXPIRED"),
	    WWW, .certs = { LEAF(), MIDDLE(.until = -DAY), ROOT() } },
	{ BAD("expired-root", "the root that the client trusts has ended",
	      "MC-V-EXPIRED"),
	    WWW, .certs = { LEAF(), MIDDLE(), ROOT(.until = -DAY) } },
	{ BAD("expired-cross",
	      "a cross-certificate whose time is over is the only way up",
	      "MC-V-EXPIRED"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(.issuer = "New Root"),
		MIDDLE(.subject = "New Root", .issuer = "Example Root",
		    .from = -700 * DAY, .until = -DAY),
		ROOT() } },

	/* ---- names ---- */
	{ BAD("wrong-host", "is for another host", "MC-V-HOST"), WWW,
	    .certs = { LEAF(.subject = "mail.example.test",
			   .san = "DNS:mail.example.test"),
		AROUND } },
	{ BAD("no-san", "names the host in its common name alone", "MC-V-HOST"),
	    LENIENT, WWW, .certs = { LEAF(.san = ""), AROUND } },
	{ BAD("ip-in-dns-name", "has the address as a dNSName",
	      "MC-V-SAN-MALFORMED"),
	    ALSO("MC-V-HOST"), HOST("192.0.2.1"),
	    .certs = { LEAF(.san = "DNS:192.0.2.1"), AROUND } },
	{ BAD("ip-in-common-name", "has the address as its common name alone",
	      "MC-V-HOST"),
	    HOST("192.0.2.1"),
	    .certs = { LEAF(.subject = "192.0.2.1"), AROUND } },
	{ BAD("wildcard-two-labels", "a wildcard that would cover two labels",
	      "MC-V-HOST"),
	    HOST("a.b.example.test"),
	    .certs = { LEAF(.subject = "example.test",
			   .san = "DNS:*.example.test"),
		AROUND } },
	{ BAD("wildcard-no-label", "a wildcard that would cover no label",
	      "MC-V-HOST"),
	    HOST("example.test"),
	    .certs = { LEAF(.san = "DNS:*.example.test"), AROUND } },
	{ BAD("wildcard-partial", "a wildcard for a part of a label",
	      "MC-V-SAN-MALFORMED"),
	    LENIENT, ALSO("MC-V-HOST"), WWW,
	    .certs = { LEAF(.san = "DNS:w*.example.test"), AROUND } },
	{ BAD("wildcard-inside", "a wildcard that is not the first label",
	      "MC-V-SAN-MALFORMED"),
	    ALSO("MC-V-HOST"), WWW,
	    .certs = { LEAF(.san = "DNS:www.*.test"), AROUND } },
	{ BAD("wildcard-suffix", "a wildcard over a whole public suffix",
	      "MC-V-WILDCARD-SUFFIX"),
	    ALSO("MC-V-HOST"), HOST("example.test"), WEB,
	    .certs = { LEAF(.subject = "test", .san = "DNS:*.test"), AROUND } },
	{ BAD("nul-in-name", "a dNSName with a NUL after the host's name",
	      "MC-V-SAN-MALFORMED"),
	    ALSO("MC-V-HOST"), WWW,
	    .certs = { LEAF(.spoil = put_nul), AROUND } },
	{ BAD("san-not-critical",
	      "has no subject, and subjectAltName is not critical",
	      "MC-V-SAN-CRITICAL"),
	    WWW, .certs = { LEAF(.subject = "", .key = "nobody"), AROUND } },
	{ BAD("other-common-name",
	      "its common name is none of its names (CA/B BR, 7.1.4.3)",
	      "MC-V-CN"),
	    WWW, WEB,
	    .certs = { LEAF(.subject = "mail.example.test"), AROUND } },

	/* ---- name constraints ---- */
	{ BAD("not-permitted",
	      "its intermediate may issue below example.org alone", "MC-V-NC"),
	    WWW,
	    .certs = { LEAF(),
		MIDDLE(.constraints = "critical,permitted;DNS:example.org"),
		ROOT() } },
	{ BAD("excluded", "its intermediate may not issue below example.test",
	      "MC-V-NC"),
	    WWW,
	    .certs = { LEAF(),
		MIDDLE(.constraints = "critical,excluded;DNS:example.test"),
		ROOT() } },
	{ BAD("excluded-other-name",
	      "the host is permitted, but another of its names is not",
	      "MC-V-NC"),
	    WWW,
	    .certs = { LEAF(.san = "DNS:www.example.test,DNS:example.org"),
		MIDDLE(.constraints = "critical,permitted;DNS:example.test"),
		ROOT() } },
	{ BAD("ip-not-permitted",
	      "its intermediate may issue for 198.51.100.0/24 alone",
	      "MC-V-NC"),
	    HOST("192.0.2.1"),
	    .certs = { LEAF(.san = "IP:192.0.2.1"),
		MIDDLE(.constraints = "critical,permitted;IP:198.51.100.0/"
				      "255.255.255.0"),
		ROOT() } },
	{ BAD("root-not-permitted",
	      "the root that the client trusts is constrained to example.org",
	      "MC-V-NC"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(),
		ROOT(.constraints = "critical,permitted;DNS:example.org") } },
	{ BAD("constraints-not-critical",
	      "name constraints that old clients would pass over",
	      "MC-V-NC-CRITICAL"),
	    LENIENT, WWW,
	    .certs = { LEAF(),
		MIDDLE(.constraints = "permitted;DNS:example.test"), ROOT() } },
	{ BAD("constraints-in-leaf", "name constraints in what is no CA",
	      "MC-V-NC-NOT-CA"),
	    LENIENT, WWW,
	    .certs = { LEAF(.constraints = "critical,permitted;DNS:"
					   "example.test"),
		AROUND } },

	/* ---- who may do what ---- */
	{ BAD("ca-as-leaf", "the server shows a CA's certificate",
	      "MC-V-LEAF-CA"),
	    WWW, WEB, .certs = { LEAF(.basic = "critical,CA:TRUE"), AROUND } },
	{ BAD("leaf-as-ca", "issued by another server's certificate",
	      "MC-V-NOT-CA"),
	    WWW,
	    .certs = { LEAF(.issuer = "mail.example.test"),
		LEAF(.subject = "mail.example.test",
		    .san = "DNS:mail.example.test", .usage = ""),
		AROUND } },
	{ BAD("no-basic-constraints",
	      "its intermediate does not say that it is a CA", "MC-V-NOT-CA"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(.basic = "", .usage = ""), ROOT() } },
	{ BAD("ca-not-critical",
	      "its intermediate's basicConstraints are not critical",
	      "MC-V-CA-CRITICAL"),
	    WWW, WEB, .certs = { LEAF(), MIDDLE(.basic = "CA:TRUE"), ROOT() } },
	{ BAD("no-cert-sign", "its intermediate may not sign certificates",
	      "MC-V-NO-CERT-SIGN"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(.usage = "critical,cRLSign"), ROOT() } },
	{ BAD("no-ca-usage", "its intermediate does not say what it may do",
	      "MC-V-CA-USAGE-MISSING"),
	    WWW, WEB, .certs = { LEAF(), MIDDLE(.usage = ""), ROOT() } },
	{ BAD("path-length",
	      "one intermediate more than the one above it allows",
	      "MC-V-PATHLEN"),
	    WWW,
	    .certs = { LEAF(.issuer = "Example Issuing"),
		MIDDLE(.subject = "Example Issuing",
		    .issuer = "Example Intermediate"),
		MIDDLE(.basic = "critical,CA:TRUE,pathlen:0"), ROOT() } },
	{ BAD("root-path-length",
	      "an intermediate where the trusted root allows none",
	      "MC-V-PATHLEN"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(),
		ROOT(.basic = "critical,CA:TRUE,pathlen:0") } },
	{ BAD("path-length-in-leaf", "a path length in what is no CA",
	      "MC-V-PATHLEN-NOT-CA"),
	    WWW,
	    .certs = { LEAF(.basic = "critical,CA:FALSE,pathlen:0"), AROUND } },
	{ BAD("wrong-usage", "its key may only sign CRLs", "MC-V-USAGE"), WWW,
	    .certs = { LEAF(.usage = "critical,cRLSign"), AROUND } },
	{ BAD("leaf-cert-sign", "may sign certificates, and is no CA",
	      "MC-V-LEAF-CERT-SIGN"),
	    WWW,
	    .certs = { LEAF(.usage = "critical,digitalSignature,keyCertSign"),
		AROUND } },
	{ BAD("wrong-purpose", "is for clients, and a server shows it",
	      "MC-V-PURPOSE"),
	    WWW, .certs = { LEAF(.purposes = "clientAuth"), AROUND } },
	{ BAD("no-purpose", "does not say what it is for",
	      "MC-V-PURPOSE-MISSING"),
	    WWW, WEB, .certs = { LEAF(.purposes = ""), AROUND } },
	{ BAD("any-purpose", "is for any purpose (CA/B BR, 7.1.2.7.10)",
	      "MC-V-PURPOSE-ANY"),
	    WWW, WEB,
	    .certs = { LEAF(.purposes = "anyExtendedKeyUsage,serverAuth"),
		AROUND } },
	{ BAD("intermediate-purpose",
	      "its intermediate may only issue for clients", "MC-V-PURPOSE"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(.purposes = "clientAuth"), ROOT() } },

	/* ---- extensions and fields ---- */
	{ BAD("unknown-critical", "a critical extension that nobody knows",
	      "MC-V-EXT-UNKNOWN"),
	    WWW,
	    .certs = { LEAF(.more = "1.3.6.1.4.1.32473.1",
			   .more_value = "critical,DER:0500"),
		AROUND } },
	{ BAD("unknown-critical-intermediate",
	      "a critical extension that nobody knows, in its intermediate",
	      "MC-V-EXT-UNKNOWN"),
	    WWW,
	    .certs = { LEAF(),
		MIDDLE(.more = "1.3.6.1.4.1.32473.1",
		    .more_value = "critical,DER:0500"),
		ROOT() } },
	{ BAD("repeated-extension", "the same extension twice",
	      "MC-V-EXT-REPEATED"),
	    WWW, .certs = { LEAF(.spoil = repeat_extension), AROUND } },
	{ BAD("broken-extension", "an extension that cannot be decoded",
	      "MC-V-EXT-MALFORMED"),
	    WWW,
	    .certs = { LEAF(.more = "2.5.29.32",
			   .more_value = "DER:3003020101"),
		AROUND } },
	{ BAD("no-aki", "no authorityKeyIdentifier", "MC-V-AKI-MISSING"), WWW,
	    .certs = { LEAF(.no_aki = true), AROUND } },
	{ BAD("no-ski", "its intermediate has no subjectKeyIdentifier",
	      "MC-V-SKI-MISSING"),
	    WWW, .certs = { LEAF(), MIDDLE(.no_ski = true), ROOT() } },
	{ BAD("version-1", "of version 1: it has no extension, and so no names",
	      "MC-V-HOST"),
	    LENIENT, ALSO("MC-V-AKI-MISSING"), WWW,
	    .certs = { LEAF(.spoil = make_version_1), AROUND } },
	{ BAD("serial-zero", "its serial number is zero",
	      "MC-V-SERIAL-POSITIVE"),
	    LENIENT, WWW, .certs = { LEAF(.serial = "00"), AROUND } },
	{ BAD("serial-negative", "its serial number is negative",
	      "MC-V-SERIAL-POSITIVE"),
	    LENIENT, WWW, .certs = { LEAF(.serial = "-7B"), AROUND } },
	{ BAD("serial-long", "its serial number has 21 octets",
	      "MC-V-SERIAL-LENGTH"),
	    LENIENT, WWW,
	    .certs = { LEAF(.serial = "0102030405060708090A0B0C0D0E0F1011"
				      "12131415"),
		AROUND } },

	/* ---- keys and signatures ---- */
	{ BAD("weak-key", "an RSA key of 1024 bits", "MC-V-KEY-WEAK"), WWW,
	    .certs = { LEAF(.key = "rsa-1024 leaf",
			   .usage = "critical,digitalSignature,"
				    "keyEncipherment"),
		AROUND } },
	{ BAD("weak-intermediate-key",
	      "its intermediate has an RSA key of 1024 bits", "MC-V-KEY-WEAK"),
	    WWW,
	    .certs = { LEAF(.issuer_key = "rsa-1024 intermediate"),
		MIDDLE(.key = "rsa-1024 intermediate"), ROOT() } },
	{ BAD("sha1", "signed with SHA-1", "MC-V-SIGNATURE-WEAK"), WWW,
	    .certs = { LEAF(.digest = "SHA1"), AROUND } },
	{ BAD("tampered", "a bit of its signature was turned over",
	      "MC-V-SIGNATURE"),
	    WWW, .certs = { LEAF(.tamper = true, .serial = "51"), AROUND } },
	{ BAD("forged", "signed by a key that is not its issuer's",
	      "MC-V-SIGNATURE"),
	    WWW,
	    .certs = { LEAF(.signer = "forger", .serial = "52"), AROUND } },

	/* ---- ways up ---- */
	{ BAD("missing-intermediate",
	      "the server does not send the intermediate", "MC-V-NO-ANCHOR"),
	    WWW, .certs = { LEAF(), MIDDLE(.hidden = true), ROOT() } },
	{ BAD("unknown-root", "the client trusts another root",
	      "MC-V-NO-ANCHOR"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(), ROOT(.unknown = true),
		ROOT(.subject = "Another Root") } },
	{ BAD("unknown-root-sent",
	      "the server sends its root, which the client does not trust",
	      "MC-V-NO-ANCHOR"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(), ROOT(.unknown = true, .sent = true),
		ROOT(.subject = "Another Root") } },
	{ BAD("self-signed", "signed by its own key", "MC-V-NO-ANCHOR"), WWW,
	    .certs = { LEAF(.issuer = "www.example.test"), ROOT() } },
	{ BAD("old-root-same-name",
	      "the client has a root of that name, with another key",
	      "MC-V-SIGNATURE"),
	    WWW,
	    .certs = { LEAF(), MIDDLE(), ROOT(.unknown = true),
		ROOT(.key = "old root") } },

	/* ---- revocation ---- */
	{ BAD("revoked", "on its issuer's CRL", "MC-V-REVOKED"), WWW, ASKS,
	    .certs = { LEAF(), AROUND },
	    CRLS({ .issuer = "Example Intermediate", .revoked = 1 },
		{ .issuer = "Example Root" }) },
	{ BAD("revoked-intermediate", "its intermediate is on the root's CRL",
	      "MC-V-REVOKED"),
	    WWW, ASKS, .certs = { LEAF(), AROUND },
	    CRLS({ .issuer = "Example Intermediate" },
		{ .issuer = "Example Root", .revoked = 2 }) },
	{ BAD("revoked-stale",
	      "on a CRL whose time is over: a revocation stays one",
	      "MC-V-REVOKED"),
	    WWW, ASKS, .certs = { LEAF(), AROUND },
	    CRLS({ .issuer = "Example Intermediate",
		     .revoked = 1,
		     .from = -8 * DAY,
		     .until = -DAY },
		{ .issuer = "Example Root" }) },
	{ UNKNOWN("stale-crl", "the only CRL ended yesterday",
	      "MC-V-CRL-UNUSABLE"),
	    WWW, ASKS, .certs = { LEAF(), AROUND },
	    CRLS({ .issuer = "Example Intermediate",
		     .from = -8 * DAY,
		     .until = -DAY },
		{ .issuer = "Example Root" }) },
	{ UNKNOWN("missing-crl", "its issuer's CRL is not there",
	      "MC-V-CRL-MISSING"),
	    WWW, ASKS, .certs = { LEAF(), AROUND },
	    CRLS({ .issuer = "Example Root" }) },
	{ UNKNOWN("forged-crl", "its issuer's CRL is signed by another key",
	      "MC-V-CRL-UNUSABLE"),
	    WWW, ASKS, .certs = { LEAF(), AROUND },
	    CRLS({ .issuer = "Example Intermediate", .signer = "forger" },
		{ .issuer = "Example Root" }) },
	{ .facts.name = NULL },
};
