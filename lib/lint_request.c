/*
 * lint_request.c - what requests alone have (RFC 2986, RFC 2985).
 */
#include "lint.h"

bool
mca_lint_request_version(const struct mca_facts *facts, struct mca_fault *fault)
{
	long version = X509_REQ_get_version(mca_csr_get0_x509_req(facts->csr));

	return version != X509_REQ_VERSION_1 &&
	    mca_fault(fault, "is %ld", version);
}

/* How often the request has an attribute of a kind. */
static int
count_attributes(const struct mca_facts *facts, int nid)
{
	const X509_REQ *req = mca_csr_get0_x509_req(facts->csr);
	int count = 0;

	for (int i = 0; i < X509_REQ_get_attr_count(req); i++)
		count += OBJ_obj2nid(X509_ATTRIBUTE_get0_object(
			     X509_REQ_get_attr(req, i))) == nid;
	return count;
}

bool
mca_lint_request_twice(const struct mca_facts *facts, struct mca_fault *fault)
{
	return count_attributes(facts, NID_ext_req) +
		count_attributes(facts, NID_ms_ext_req) >
	    1 &&
	    mca_fault(fault, "extensionRequest is there more than once");
}

bool
mca_lint_request_password(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	return count_attributes(facts, NID_pkcs9_challengePassword) > 0 &&
	    mca_fault(fault, "is there, for everyone to read");
}

/* Clients of today read no common name, so a CA would have to guess. */
bool
mca_lint_request_names(const struct mca_facts *facts, struct mca_fault *fault)
{
	return mca_san_count(facts->san) == 0 &&
	    mca_fault(fault, "is not asked for: the request names no host");
}
