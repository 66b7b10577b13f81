/*
 * minica/san.h - subject alternative names (RFC 5280, 4.2.1.6).
 *
 * Names are kept in one normal form, so that equal names are equal bytes:
 * dNSName in lower case without a trailing dot, iPAddress as inet_ntop writes
 * it, the domain of an rfc822Name and the scheme and host of a URI in lower
 * case.  A name that is not well-formed is kept too, with its flaw, so that
 * every fault of a request can be told at once; who issues asks for flaws.
 *
 * What a request asks for is held to IDNA2008 (RFC 5891): its A-labels decode,
 * and are the A-labels of what they decode to.
 *
 * A san is immutable and may be shared between threads.
 */
#ifndef MINICA_SAN_H
#define MINICA_SAN_H

#include "minica/error.h"

enum mca_san_form {
	MCA_SAN_DNS,
	MCA_SAN_IP,
	MCA_SAN_EMAIL,
	MCA_SAN_URI,
	MCA_SAN_OTHER, /* directoryName, otherName, registeredID, ... */
};

struct mca_san_name {
	enum mca_san_form form;
	const char *text;   /* normal form; escaped if it has a flaw */
	const uint8_t *raw; /* as encoded: the IA5String or octets */
	size_t raw_length;
	const char *flaw;   /* NULL, or why it is not well-formed */
	const char *source; /* of the rule it breaks; NULL without a flaw */

	/*
	 * Of a name with A-labels, the same with U-labels, in UTF-8: letters,
	 * marks and digits that IDNA2008 allows, and so safe to show.  NULL
	 * without one, and where libidn2 is not part of the library.
	 */
	const char *unicode;
};

typedef struct mca_san mca_san;

/*
 * mca_san_new makes a list of names written by a person.  The form is said
 * ("DNS:", "IP:", "email:", "URI:", in any case) or seen: an address is an
 * iPAddress, "//" after a scheme makes a URI, an @ an rfc822Name, the rest
 * are dNSNames.  U-labels of hosts are converted.  A name that is not
 * well-formed is MCA_EUSAGE; a repeated one is kept once.
 */
MCA_API mca_code mca_san_new(mca_san **out, const char *const *names,
    size_t count, struct mca_error *err);
MCA_API void mca_san_free(mca_san *san);
MCA_OWNED(mca_san, mca_san_free)

/* mca_san_count and mca_san_at walk the names, in the order asked. */
MCA_API size_t mca_san_count(const mca_san *san);
MCA_API const struct mca_san_name *mca_san_at(const mca_san *san, size_t i);

/* mca_san_form_name returns "dNSName", "iPAddress", "rfc822Name", ... */
MCA_API const char *mca_san_form_name(enum mca_san_form form);

/* mca_san_has says whether a name of that form and normal form is there. */
MCA_API bool mca_san_has(const mca_san *san, enum mca_san_form form,
    const char *text);

/*
 * mca_dns_flaw says why `name` is not a well-formed DNS name in the preferred
 * syntax (RFC 1034, 3.5, and RFC 1123, 2.1), or returns NULL.  "*" as the
 * whole left-most label is well-formed when `wildcard` is true.
 */
MCA_API const char *mca_dns_flaw(const char *name, size_t length,
    bool wildcard);

#endif
