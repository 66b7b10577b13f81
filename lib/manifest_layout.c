/*
 * manifest_layout.c - the files of each layout (manifest.h).
 */
#include "manifest.h"

/* clang-format off */
static const struct {
	const char *name, *layout;
	bool has_key;
} roles[MCA_ROLES] = {
	[MCA_ROLE_CERTIFICATE] = { "certificate", "pem", false },
	[MCA_ROLE_FULLCHAIN] = { "fullchain", "fullchain", false },
	[MCA_ROLE_CHAIN] = { "chain", NULL, false },
	[MCA_ROLE_CA] = { "ca", NULL, false },
	[MCA_ROLE_KEY] = { "key", NULL, true },
	[MCA_ROLE_COMBINED] = { "combined", "haproxy", true },
	[MCA_ROLE_KEYSTORE] = { "keystore", "pkcs12", true },
	[MCA_ROLE_TRUSTSTORE] = { "truststore", "java-truststore", false },
	[MCA_ROLE_SECRET] = { "secret", "kubernetes", true },
};

const char *const mca_output_layouts[] = { "pem", "fullchain", "nginx",
	"apache", "haproxy", "postgres", "java", "pkcs12", "kubernetes", NULL };

static const struct {
	const char *names[MCA_ROLES];
} layouts[] = {
	{ { [MCA_ROLE_CERTIFICATE] = "{name}.pem",
	    [MCA_ROLE_KEY] = "{name}.key" } },
	{ { [MCA_ROLE_FULLCHAIN] = "{name}.pem",
	    [MCA_ROLE_KEY] = "{name}.key" } },
	{ { [MCA_ROLE_FULLCHAIN] = "{name}.crt",
	    [MCA_ROLE_KEY] = "{name}.key" } },
	{ { [MCA_ROLE_FULLCHAIN] = "{name}.crt",
	    [MCA_ROLE_KEY] = "{name}.key" } },
	{ { [MCA_ROLE_COMBINED] = "{name}.pem" } },
	{ { [MCA_ROLE_FULLCHAIN] = "server.crt",
	    [MCA_ROLE_KEY] = "server.key" } },
	{ { [MCA_ROLE_KEYSTORE] = "{name}.p12",
	    [MCA_ROLE_TRUSTSTORE] = "{name}-truststore.p12" } },
	{ { [MCA_ROLE_KEYSTORE] = "{name}.p12" } },
	{ { [MCA_ROLE_SECRET] = "{name}.yaml" } },
};
/* clang-format on */
_Static_assert(sizeof(mca_output_layouts) / sizeof(char *) ==
	sizeof(layouts) / sizeof(layouts[0]) + 1,
    "files for every layout");

const char *
mca_role_name(enum mca_role role)
{
	return roles[role].name;
}

const char *
mca_role_layout(enum mca_role role)
{
	return roles[role].layout;
}

bool
mca_role_has_key(enum mca_role role)
{
	return roles[role].has_key;
}

const char *
mca_output_default(unsigned layout, enum mca_role role)
{
	return layouts[layout].names[role];
}
