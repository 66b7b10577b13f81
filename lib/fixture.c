/*
 * fixture.c - see minica/fixture.h: from a row to its files.
 */
#include "fixture_parts.h"
#include "minica/digest.h"
#include "minica/pem.h"

#include <openssl/pem.h>
#include <openssl/rand.h>

/* ---- rows ---- */

static const struct fixture_row *
row_at(size_t i)
{
	static const struct fixture_row *const tables[] = {
		mca_fixtures_good,
		mca_fixtures_bad,
	};

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct fixture_row *row = tables[t];
		     row->facts.name != NULL; row++)
			if (i-- == 0)
				return row;
	return NULL;
}

const struct mca_fixture *
mca_fixture_at(size_t i)
{
	const struct fixture_row *row = row_at(i);

	return row == NULL ? NULL : &row->facts;
}

/* ---- the maker ---- */

mca_code
mca_fixtures_new(mca_fixtures **out, const void *seed, size_t length,
    mca_time now, struct mca_error *err)
{
	owned(mca_fixtures) *fixtures = calloc(1, sizeof(*fixtures));

	if (fixtures == NULL)
		return mca_fail_memory(err);
	fixtures->now = now;
	if (mca_sha256(fixtures->seed, seed, length, err) != MCA_OK)
		return err->code;
	fixtures->library = OSSL_LIB_CTX_new();
	if (fixtures->library == NULL ||
	    RAND_set_DRBG_type(fixtures->library, "TEST-RAND", NULL, NULL,
		NULL) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "libcrypto takes no seed (TEST-RAND)");
	*out = give(&fixtures);
	return MCA_OK;
}

void
mca_fixtures_free(mca_fixtures *fixtures)
{
	if (fixtures == NULL)
		return;
	for (size_t i = 0; i < MCA_FIXTURE_KEYS; i++)
		EVP_PKEY_free(fixtures->keys[i].key);
	OSSL_LIB_CTX_free(fixtures->library);
	free(fixtures);
}

/* ---- files ---- */

void
mca_fixture_files_clear(mca_fixture_files *files)
{
	mca_blob_clear(&files->chain);
	mca_blob_clear(&files->key);
	mca_blob_clear(&files->roots);
	mca_blob_clear(&files->crls);
}

static mca_code
add_cert(mca_blob *out, const X509 *x509, struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_X509(x509, &der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "a certificate cannot be encoded");
	return mca_pem_encode(out, "CERTIFICATE", der, (size_t)length, err);
}

static mca_code
add_crl(mca_blob *out, const X509_CRL *crl, struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_X509_CRL(crl, &der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "a CRL cannot be encoded");
	return mca_pem_encode(out, "X509 CRL", der, (size_t)length, err);
}

static mca_code
make_key(mca_blob *out, mca_fixtures *fixtures, const struct fixture_cert *what,
    struct mca_error *err)
{
	owned(BIO) *bio = BIO_new(BIO_s_secmem());
	EVP_PKEY *key;
	char *text;
	long size;

	if (mca_fixture_key(&key, fixtures, mca_fixture_key_word(what), err) !=
	    MCA_OK)
		return err->code;
	if (bio == NULL ||
	    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot encode a key");
	size = BIO_get_mem_data(bio, &text);
	return mca_blob_copy(out, text, (size_t)size, err);
}

static mca_code
make_certs(mca_fixture_files *out, mca_fixtures *fixtures,
    const struct fixture_row *row, struct mca_error *err)
{
	for (size_t i = 0; row->certs[i] != NULL; i++) {
		const struct fixture_cert *what = row->certs[i];
		bool root = what->kind == FIXTURE_ROOT;
		owned(X509) *x509 = NULL;

		if (mca_fixture_cert(&x509, fixtures, what, err) != MCA_OK)
			return err->code;
		if (!what->hidden && (!root || what->sent) &&
		    add_cert(&out->chain, x509, err) != MCA_OK)
			return err->code;
		if (root && !what->unknown &&
		    add_cert(&out->roots, x509, err) != MCA_OK)
			return err->code;
	}
	return MCA_OK;
}

static mca_code
make_crls(mca_fixture_files *out, mca_fixtures *fixtures,
    const struct fixture_row *row, struct mca_error *err)
{
	const struct fixture_crl *what = row->crls;

	for (; what != NULL && what->issuer != NULL; what++) {
		owned(X509_CRL) *crl = NULL;
		owned(X509) *revoked = NULL;

		/* The same bytes come of the same row again. */
		if (what->revoked > 0 &&
		    mca_fixture_cert(&revoked, fixtures,
			row->certs[what->revoked - 1], err) != MCA_OK)
			return err->code;
		if (mca_fixture_crl(&crl, fixtures, what, revoked, err) !=
			MCA_OK ||
		    add_crl(&out->crls, crl, err) != MCA_OK)
			return err->code;
	}
	return MCA_OK;
}

mca_code
mca_fixtures_make(mca_fixture_files *out, mca_fixtures *fixtures, size_t i,
    struct mca_error *err)
{
	const struct fixture_row *row = row_at(i);

	if (row == NULL)
		return mca_fail(err, MCA_ENOTFOUND, "there is no fixture %zu",
		    i);
	if (make_key(&out->key, fixtures, row->certs[0], err) != MCA_OK ||
	    make_certs(out, fixtures, row, err) != MCA_OK ||
	    make_crls(out, fixtures, row, err) != MCA_OK)
		return mca_within(err, "fixture %s", row->facts.name);
	return MCA_OK;
}
