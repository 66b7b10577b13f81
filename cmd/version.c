/*
 * version.c - minica version: which one this is, and its limits.
 */
#include "version.h"

#include "json.h"

struct args {
	bool limits;
};

static const struct opt opts[] = {
	{ OPT_FLAG, 0, "limits", NULL, FIELD(limits),
	    "list every bound on input" },
	{ 0 },
};

static const struct limit {
	const char *name;
	int64_t value;
	const char *unit;
} limits[] = {
	{ "request", MCA_LIMIT_REQUEST, "bytes" },
	{ "certificate", MCA_LIMIT_CERTIFICATE, "bytes" },
	{ "bundle", MCA_LIMIT_BUNDLE, "bytes" },
	{ "key", MCA_LIMIT_KEY, "bytes" },
	{ "private_key", MCA_LIMIT_PRIVATE_KEY, "bytes" },
	{ "passphrase", MCA_LIMIT_PASSPHRASE, "bytes" },
	{ "crl", MCA_LIMIT_CRL, "bytes" },
	{ "yaml", MCA_LIMIT_YAML, "bytes" },
	{ "list", MCA_LIMIT_LIST, "bytes" },
	{ "manifest", MCA_LIMIT_MANIFEST, "bytes" },
	{ "pending", MCA_LIMIT_PENDING, "bytes of keys on their way" },
	{ "names", MCA_LIMIT_NAMES, "names unless the policy says more" },
	{ "names_read", MCA_LIMIT_NAMES_READ, "names in an object" },
	{ "certificates", MCA_LIMIT_CERTIFICATES, "in a bundle" },
	{ "labels", MCA_LIMIT_LABELS, "labels of a certificate" },
	{ "label", MCA_LIMIT_LABEL, "bytes of a label" },
	{ "yaml_depth", MCA_LIMIT_YAML_DEPTH, "levels" },
	{ "yaml_nodes", MCA_LIMIT_YAML_NODES, "nodes" },
	{ "manifest_nodes", MCA_LIMIT_MANIFEST_NODES, "nodes" },
	{ "iterations", MCA_LIMIT_ITERATIONS,
	    "derivations in a PKCS #12 file" },
	{ "key_iterations", MCA_LIMIT_KEY_ITERATIONS,
	    "derivations of an encrypted key" },
	{ "path_depth", MCA_LIMIT_PATH_DEPTH, "intermediates" },
	{ "path_candidates", MCA_LIMIT_PATH_CANDIDATES, "candidates" },
	{ "signatures", MCA_LIMIT_SIGNATURES, "checks" },
	{ "constraints", MCA_LIMIT_CONSTRAINTS, "comparisons" },
	{ "policy_nodes", MCA_LIMIT_POLICY_NODES, "nodes" },
	{ "hook_output", MCA_LIMIT_HOOK_OUTPUT, "bytes" },
	{ "rsa_bits", MCA_LIMIT_RSA_BITS, "bits" },
	{ "rsa_exponent_bits", MCA_LIMIT_RSA_EXPONENT_BITS, "bits" },
	{ "live_seconds", MCA_LIMIT_LIVE_SECONDS, "seconds for each step" },
	{ "live_addresses", MCA_LIMIT_LIVE_ADDRESSES, "addresses of a server" },
	{ "live_line", MCA_LIMIT_LIVE_LINE, "bytes of a STARTTLS reply" },
	{ "live_dialogue", MCA_LIMIT_LIVE_DIALOGUE, "bytes before TLS" },
	{ "live_chain", MCA_LIMIT_LIVE_CHAIN, "bytes of a served chain" },
	{ "live_certificates", MCA_LIMIT_LIVE_CERTIFICATES,
	    "in a served chain" },
	{ "live_bytes", MCA_LIMIT_LIVE_BYTES, "bytes from a server" },
	{ "ocsp", MCA_LIMIT_OCSP, "bytes" },
	{ "hook_seconds", MCA_LIMIT_HOOK_SECONDS, "seconds" },
	{ "busy_seconds", MCA_LIMIT_BUSY_SECONDS, "seconds" },
	{ "apply_seconds", MCA_LIMIT_APPLY_SECONDS, "seconds" },
};

void
version_tell(struct session *s)
{
	print(s, "minica %s\n", MINICA_VERSION);
	json_put(s->doc, "version", json_text(MINICA_VERSION));
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	json_t *object = NULL;

	(void)err;
	version_tell(s);
	if (!args->limits)
		return MCA_OK;

	if (s->doc != NULL)
		json_put(s->doc, "limits", object = json_object());
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		print(s, "%-20s %10lld  %s\n", limits[i].name,
		    (long long)limits[i].value, limits[i].unit);
		json_put(object, limits[i].name, json_integer(limits[i].value));
	}
	return MCA_OK;
}

const struct command version_command = {
	"version",
	"Tell the version, and the limits on input",
	opts,
	sizeof(struct args),
	run,
	NULL,
};
