/*
 * keyring.c - see keyring.h.
 */
#include "keyring.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "minica/pem.h"
#include "swap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
mca_keyring_clear(mca_keyring *ring)
{
	for (size_t i = 0; i < ring->count; i++)
		mca_key_free(ring->rows[i]);
	free(ring->rows);
	*ring = (mca_keyring){ 0 };
}

mca_code
mca_keyring_add(mca_keyring *ring, mca_key *key, struct mca_error *err)
{
	if (ring->count == ring->capacity) {
		size_t capacity = ring->capacity == 0 ? 16 : ring->capacity * 2;
		mca_key **rows =
		    reallocarray(ring->rows, capacity, sizeof(*rows));

		if (rows == NULL)
			return mca_fail_memory(err);
		ring->rows = rows;
		ring->capacity = capacity;
	}
	ring->rows[ring->count++] = key;
	return MCA_OK;
}

mca_key *
mca_keyring_take(mca_keyring *ring, const uint8_t *sha256)
{
	for (size_t i = 0; i < ring->count; i++) {
		mca_key *key = ring->rows[i];

		if (memcmp(mca_spki_sha256(mca_key_spki(key)), sha256,
			MCA_SHA256_SIZE) != 0)
			continue;
		ring->rows[i] = ring->rows[--ring->count];
		return key;
	}
	return NULL;
}

/* "HOME/pending", and the file in it. */
static mca_code
name_places(char **directory, char **path, const char *home,
    const char *manifest, struct mca_error *err)
{
	*path = NULL;
	if (asprintf(directory, "%s/pending", home) < 0) {
		*directory = NULL;
		return mca_fail_memory(err);
	}
	if (asprintf(path, "%s/%s.pem", *directory, manifest) < 0) {
		*path = NULL;
		return mca_fail_memory(err);
	}
	return MCA_OK;
}

static mca_code
add_block(mca_keyring *ring, const struct mca_pem_block *block,
    struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };
	owned(mca_key) *key = NULL;
	mca_code code;

	if ((code = mca_pem_encode(&pem, block->label, block->der.bytes,
		 block->der.length, err)) != MCA_OK ||
	    (code = mca_key_parse(&key, &pem, NULL, err)) != MCA_OK ||
	    (code = mca_keyring_add(ring, key, err)) != MCA_OK)
		return code;
	(void)give(&key);
	return MCA_OK;
}

mca_code
mca_keyring_load(mca_keyring *ring, const char *home, const char *manifest,
    struct mca_error *err)
{
	owned(char) *directory = NULL;
	owned(char) *path = NULL;
	scoped(mca_blob) bytes = { 0 };
	scoped(mca_pem) pem = { 0 };
	mca_code code = name_places(&directory, &path, home, manifest, err);

	if (code != MCA_OK || (access(path, F_OK) != 0 && errno == ENOENT))
		return code;
	code = mca_file_read(&bytes, path, MCA_LIMIT_PENDING, err);
	if (code != MCA_OK)
		return code;
	code = mca_pem_parse(&pem, bytes.bytes, bytes.length, err);
	for (size_t i = 0; i < pem.count && code == MCA_OK; i++)
		code = add_block(ring, &pem.blocks[i], err);
	return code == MCA_OK ? code : mca_within(err, "%s", path);
}

/* Durable under its fixed names, so that a killed run leaves no other. */
static mca_code
save(const char *path, const mca_blob *parts, size_t count,
    struct mca_error *err)
{
	struct mca_swap swap = { .path = path,
		.parts = parts,
		.part_count = count,
		.mode = 0600,
		.uid = geteuid(),
		.gid = getegid() };
	mca_code code = mca_swap_stage(&swap, err);
	struct mca_error ignored;

	if (code != MCA_OK)
		return code;
	code = mca_swap_in(&swap, err);
	if (code == MCA_OK)
		return mca_swap_sync(path, err);
	/* What cannot be removed is replaced by the next run. */
	(void)mca_swap_back(&swap, &ignored);
	return code;
}

mca_code
mca_keyring_save(const char *home, const char *manifest, const mca_blob *keys,
    size_t count, struct mca_error *err)
{
	owned(char) *directory = NULL;
	owned(char) *path = NULL;
	struct stat there;
	mca_code code = name_places(&directory, &path, home, manifest, err);

	if (code != MCA_OK)
		return code;
	if (count == 0)
		return lstat(directory, &there) != 0 && errno == ENOENT
		    ? MCA_OK
		    : mca_swap_remove(path, false, err);
	code = mca_file_make_directory(directory, 0700, err);
	return code == MCA_OK ? save(path, keys, count, err) : code;
}
