/*
 * manifest_keys.c - the keys of a manifest, as rows.
 */
#include "manifest_parts.h"

#include "manifest_value.h"

#define LABEL "letters, digits, \"-\", \"_\" and \".\", at most 63"
#define DAYS "1m to 36500 days, as a number of days or with a unit (12h)"
#define CENTURY (36500 * MCA_DAY)
#define COMMAND "a list of words such as [nginx, -t]"

static const char *const starttls[] = { "none", "smtp", "imap", "pop3", "ldap",
	"postgres", "mysql", "ftp", "xmpp", NULL };

/* clang-format off */
#define FIELD(name) offsetof(struct mca_manifest, name)
const struct mca_key_row mca_manifest_document[] = {
	{ "manifest", mca_manifest_read_label, FIELD(name), LABEL, NULL, 0, 0 },
	{ "authorities", NULL, 0, "a list", NULL, 0, 0 },
	{ "defaults", NULL, 0, "keys of certificates", NULL, 0, 0 },
	{ "certificates", NULL, 0, "a list", NULL, 0, 0 },
	{ 0 },
};
#undef FIELD

#define FIELD(name) offsetof(struct mca_wanted_authority, name)
const struct mca_key_row mca_manifest_authority[] = {
	{ "authorities.name", mca_manifest_read_label, FIELD(name), LABEL,
	    NULL, 0, 0 },
	{ "authorities.issuer", mca_manifest_read_label, FIELD(issuer),
	    "the name of an authority", NULL, 0, 0 },
	{ "authorities.common_name", mca_manifest_read_text,
	    FIELD(common_name), "a name", NULL, 0, 0 },
	{ "authorities.organization", mca_manifest_read_text,
	    FIELD(organization), "a name", NULL, 0, 0 },
	{ "authorities.key", mca_manifest_read_algorithm, FIELD(key),
	    "a key algorithm such as ec-p384", NULL, 0, 0 },
	{ "authorities.life", mca_policy_read_days, FIELD(life), DAYS, NULL,
	    MCA_MINUTE, CENTURY },
	{ "authorities.permit", mca_manifest_read_words, FIELD(permit),
	    "a list such as [example.org, 10.0.0.0/8]", NULL, 0, 0 },
	{ "authorities.exclude", mca_manifest_read_words, FIELD(exclude),
	    "a list such as [secret.example.org]", NULL, 0, 0 },
	{ 0 },
};
#undef FIELD

#define FIELD(name) offsetof(struct mca_wanted, name)
const struct mca_key_row mca_manifest_certificate[] = {
	{ "certificates.name", mca_manifest_read_label, FIELD(name), LABEL,
	    NULL, 0, 0 },
	{ "certificates.hosts", mca_manifest_read_hosts, FIELD(hosts),
	    "a list such as [www.example.org, 10.0.0.1]", NULL, 0, 0 },
	{ "certificates.csr", mca_manifest_read_text, FIELD(csr),
	    "the path of a request", NULL, 0, 0 },
	{ "certificates.key_file", mca_manifest_read_text, FIELD(key_file),
	    "the path of a private key", NULL, 0, 0 },
	/* From here on defaults may have them too. */
	{ "certificates.policy", mca_manifest_read_text, FIELD(policy),
	    "the name of a policy", NULL, 0, 0 },
	{ "certificates.issuer", mca_manifest_read_label, FIELD(issuer),
	    "the name of an authority", NULL, 0, 0 },
	{ "certificates.key", mca_manifest_read_algorithm, FIELD(key),
	    "a key algorithm such as ec-p256", NULL, 0, 0 },
	{ "certificates.life", mca_policy_read_days, FIELD(life), DAYS, NULL,
	    MCA_MINUTE, CENTURY },
	{ "certificates.renew_before", mca_policy_read_days,
	    FIELD(renew_before), DAYS, NULL, MCA_MINUTE, CENTURY },
	{ "certificates.rekey", mca_policy_read_bool, FIELD(rekey),
	    "true or false", NULL, 0, 0 },
	{ "certificates.labels", mca_manifest_read_labels, FIELD(labels),
	    "keys and values such as { team: shop }", NULL, 0, 0 },
	{ "certificates.outputs", NULL, 0, "a list", NULL, 0, 0 },
	{ 0 },
};
const struct mca_key_row *const mca_manifest_defaults =
    mca_manifest_certificate + 4;
#undef FIELD

#define FIELD(name) offsetof(struct mca_output, name)
const struct mca_key_row mca_manifest_output[] = {
	{ "outputs.directory", mca_manifest_read_text, FIELD(directory),
	    "the path of a directory", NULL, 0, 0 },
	{ "outputs.layout", mca_policy_read_choice, FIELD(layout),
	    "pem, fullchain, nginx, apache, haproxy, postgres, java, pkcs12 "
	    "or kubernetes", mca_output_layouts, 0, 0 },
	{ "outputs.files", mca_manifest_read_files, FIELD(names),
	    "certificate, fullchain, chain, ca, key, combined, keystore, "
	    "truststore and secret", NULL, 0, 0 },
	{ "outputs.mode", mca_manifest_read_mode, FIELD(mode),
	    "a mode such as 0644, not writable by others", NULL, 0, 0022 },
	{ "outputs.key_mode", mca_manifest_read_mode, FIELD(key_mode),
	    "a mode such as 0600 or 0640, with nothing for others", NULL,
	    0, 0027 },
	{ "outputs.owner", mca_manifest_read_text, FIELD(owner),
	    "the name of a user", NULL, 0, 0 },
	{ "outputs.group", mca_manifest_read_text, FIELD(group),
	    "the name of a group", NULL, 0, 0 },
	{ "outputs.password_file", mca_manifest_read_text,
	    FIELD(password_file), "the path of a file", NULL, 0, 0 },
	{ "outputs.namespace", mca_manifest_read_label, FIELD(name_space),
	    "a Kubernetes namespace", NULL, 0, 0 },
	{ "outputs.check", mca_manifest_read_words, FIELD(check), COMMAND,
	    NULL, 0, 0 },
	{ "outputs.reload", mca_manifest_read_words, FIELD(reload), COMMAND,
	    NULL, 0, 0 },
	{ "outputs.shell", mca_policy_read_bool, FIELD(shell),
	    "true or false", NULL, 0, 0 },
	{ "outputs.timeout", mca_policy_read_count, FIELD(timeout),
	    "seconds, from 1 to 3600", NULL, 1, 3600 },
	{ "outputs.probe", mca_manifest_read_text, FIELD(probe),
	    "HOST:PORT such as localhost:443", NULL, 0, 0 },
	{ "outputs.starttls", mca_policy_read_choice, FIELD(starttls),
	    "none, smtp, imap, pop3, ldap, postgres, mysql, ftp or xmpp",
	    starttls, 0, 0 },
	{ "outputs.servername", mca_manifest_read_text, FIELD(servername),
	    "a DNS name", NULL, 0, 0 },
	{ 0 },
};
/* clang-format on */
