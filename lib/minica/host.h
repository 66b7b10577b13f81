/*
 * minica/host.h - whom a client wants to talk to, and whether a certificate
 * names it (RFC 9525; RFC 5280, 4.2.1.6).
 *
 * No CN, no partial wildcards, IP addresses only against iPAddress.
 */
#ifndef MINICA_HOST_H
#define MINICA_HOST_H

#include "minica/finding.h"
#include "minica/san.h"

/* A reference identity (RFC 9525, 6.1), in normal form. */
struct mca_reference {
	enum mca_san_form form; /* MCA_SAN_DNS, MCA_SAN_IP or MCA_SAN_EMAIL */
	char text[256 + 64];
	uint8_t ip[16];
	size_t ip_length;
};

/*
 * mca_reference_parse reads the name a client was given; U-labels of a host
 * become A-labels.  MCA_EUSAGE, with
 * what to write instead, for an address given as a DNS name, a wildcard, a
 * space, an empty label: nothing a client could connect to.
 */
MCA_API mca_code mca_reference_parse(struct mca_reference *out,
    enum mca_san_form form, const char *text, struct mca_error *err);

/* mca_reference_matches says whether one presented name is `reference`. */
MCA_API bool mca_reference_matches(const struct mca_reference *reference,
    const struct mca_san_name *presented);

#endif
