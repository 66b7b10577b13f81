/*
 * curve.c - see curve.h.
 *
 * To make a curve takes longer than to see that a point is on it, and each
 * request asks several questions about its own.  Curves are only read, which
 * many threads may do at once.
 */
#include "curve.h"

#include <openssl/err.h>

#include <pthread.h>

static struct {
	int nid;
	EC_GROUP *group;
} usual[] = {
	{ NID_X9_62_prime256v1, NULL },
	{ NID_secp384r1, NULL },
	{ NID_secp521r1, NULL },
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static EC_GROUP *
make(int nid)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(nid);

	if (group == NULL)
		ERR_clear_error();
	return group;
}

const EC_GROUP *
mca_curve(EC_GROUP **own, int nid)
{
	const EC_GROUP *found;

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (usual[i].nid != nid)
			continue;
		(void)pthread_mutex_lock(&lock);
		if (usual[i].group == NULL)
			usual[i].group = make(nid);
		found = usual[i].group;
		(void)pthread_mutex_unlock(&lock);
		return found;
	}
	*own = nid == NID_undef ? NULL : make(nid);
	return *own;
}
