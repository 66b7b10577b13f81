/*
 * csr_parts.h - a request from the inside.
 */
#ifndef MCA_CSR_PARTS_H
#define MCA_CSR_PARTS_H

#include "error.h"
#include "minica/csr.h"
#include "object.h"

#include <openssl/err.h>

/* An asked extension that owns its strings. */
struct mca_asked {
	struct mca_csr_extension public;
	char *oid, *name, *asks;
	char **usages;
};

struct mca_csr {
	X509_REQ *req;
	mca_blob der;
	mca_name *subject;
	mca_spki *spki;
	mca_san *san;
	char *signature_algorithm;
	struct mca_asked *asked;
	size_t asked_count;
	char **attributes; /* by name, those that ask for extensions left out */
	size_t attribute_count;
	bool renewal; /* unsigned: see mca_csr_renew */
};

typedef STACK_OF(X509_EXTENSION) extension_stack;

static inline void
extension_stack_free(extension_stack *stack)
{
	sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
MCA_OWNED(extension_stack, extension_stack_free)

/*
 * mca_csr_read_asked reads the attributes of a request: the extensions that it
 * asks for, the names among them, and what other attributes there are.
 */
mca_code mca_csr_read_asked(mca_csr *csr, struct mca_error *err);
void mca_asked_clear(struct mca_asked *asked);

#endif
