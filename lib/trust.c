/*
 * trust.c - see minica/trust.h.
 */
#include "minica/trust.h"
#include "error.h"

#include <openssl/x509.h>
#include <string.h>
#include <unistd.h>

/* Where systems keep their roots as one file; libcrypto's own place last. */
static const char *const system_files[] = {
	"/etc/ssl/certs/ca-certificates.crt",	  /* Debian, Alpine, Arch */
	"/etc/pki/tls/certs/ca-bundle.crt",	  /* Fedora, RHEL */
	"/etc/ssl/ca-bundle.pem",		  /* openSUSE */
	"/etc/ssl/cert.pem",			  /* macOS, BSD, Alpine */
	"/usr/local/share/certs/ca-root-nss.crt", /* FreeBSD */
	NULL,
};

static mca_code
read_system(mca_certs *out, struct mca_error *err)
{
	const char *path = X509_get_default_cert_file();
	mca_code code;

	for (size_t i = 0; system_files[i] != NULL; i++)
		if (access(system_files[i], R_OK) == 0) {
			path = system_files[i];
			break;
		}
	code = mca_certs_read(out, path, err);
	if (code != MCA_OK)
		return mca_within(err, "the machine's root store");
	return MCA_OK;
}

mca_code
mca_trust_read(mca_certs *out, const char *where, struct mca_error *err)
{
	if (strcmp(where, "system") == 0)
		return read_system(out, err);
	return mca_certs_gather(out, where, NULL, err);
}
