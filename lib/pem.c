/*
 * pem.c - see minica/pem.h.
 *
 * The lines of a file are walked here, for their numbers and for the text
 * between blocks; what a block holds is decoded by libcrypto.
 */
#include "minica/pem.h"

#include "cleanse.h"
#include "error.h"
#include "minica/text.h"
#include "ossl.h"

#include <openssl/pem.h>

#include <stdlib.h>
#include <string.h>

/* A walk over the lines of a text. */
struct lines {
	const char *at, *end;
	const char *line; /* the current one */
	size_t length;	  /* without its end and trailing blanks */
	size_t number;
};

static bool
next_line(struct lines *lines)
{
	const char *newline;

	if (lines->at == lines->end)
		return false;
	newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
	lines->line = lines->at;
	lines->at = newline == NULL ? lines->end : newline + 1;
	lines->length = (size_t)(lines->at - lines->line);
	lines->number++;
	while (lines->length > 0 &&
	    strchr(" \t\r\n", lines->line[lines->length - 1]) != NULL)
		lines->length--;
	return true;
}

/* Reads the label of "-----BEGIN label-----", or of another `word`. */
static bool
boundary(const struct lines *lines, const char *word, char *label, size_t size)
{
	const char dashes[] = "-----";
	size_t before = 5 + strlen(word) + 1, n;

	if (lines->length < before + 5 || memcmp(lines->line, dashes, 5) != 0 ||
	    memcmp(lines->line + 5, word, strlen(word)) != 0 ||
	    lines->line[before - 1] != ' ' ||
	    memcmp(lines->line + lines->length - 5, dashes, 5) != 0)
		return false;
	n = lines->length - 5 - before;
	if (n >= size || memchr(lines->line + before, '\0', n) != NULL)
		return false;
	memcpy(label, lines->line + before, n);
	label[n] = '\0';
	return true;
}

/* Moves to the END line of `block`; false with `err` set if there is none. */
static mca_code
find_end(struct lines *lines, struct mca_pem_block *block,
    struct mca_error *err)
{
	char label[sizeof(block->label)];

	while (next_line(lines)) {
		if (memchr(lines->line, ':', lines->length) != NULL)
			block->has_headers = true;
		if (boundary(lines, "BEGIN", label, sizeof(label)))
			break;
		if (!boundary(lines, "END", label, sizeof(label)))
			continue;
		if (strcmp(label, block->label) == 0)
			return MCA_OK;
		return mca_fail(err, MCA_EFORMAT,
		    "line %zu: the %s that begins on line %zu ends as %s",
		    lines->number, MCA_SHOW_TEXT(block->label), block->line,
		    MCA_SHOW_TEXT(label));
	}
	return mca_fail(err, MCA_EFORMAT,
	    "line %zu: the %s that begins here has no END line", block->line,
	    MCA_SHOW_TEXT(block->label));
}

/*
 * One block from BEGIN to END through libcrypto, into memory that is cleansed
 * whatever it holds: it may be a key.
 */
static mca_code
decode(struct mca_pem_block *block, const char *begin, size_t length,
    struct mca_error *err)
{
	owned(BIO) *bio = BIO_new_mem_buf(begin, (int)length);
	char *name = NULL, *header = NULL;
	unsigned char *der = NULL;
	long size = 0;
	mca_code code;

	if (bio == NULL)
		return mca_fail_memory(err);
	if (PEM_read_bio_ex(bio, &name, &header, &der, &size,
		PEM_FLAG_EAY_COMPATIBLE) != 1)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "line %zu: the %s that begins here is not base64",
		    block->line, MCA_SHOW_TEXT(block->label));
	code = mca_blob_copy(&block->der, der, (size_t)size, err);
	OPENSSL_clear_free(der, (size_t)size);
	OPENSSL_free(name);
	OPENSSL_free(header);
	return code;
}

static mca_code
add_block(mca_pem *pem, const struct mca_pem_block *block,
    struct mca_error *err)
{
	struct mca_pem_block *rows =
	    reallocarray(pem->blocks, pem->count + 1, sizeof(*rows));

	if (rows == NULL)
		return mca_fail_memory(err);
	pem->blocks = rows;
	pem->blocks[pem->count++] = *block;
	return MCA_OK;
}

static mca_code
read_block(mca_pem *pem, struct lines *lines, struct mca_pem_block *block,
    struct mca_error *err)
{
	const char *begin = lines->line;
	mca_code code = find_end(lines, block, err);

	if (code != MCA_OK)
		return code;
	if (strstr(block->label, "PRIVATE") != NULL)
		mca_cleanse_begin();
	if (!block->has_headers) {
		code = decode(block, begin, (size_t)(lines->at - begin), err);
		if (code != MCA_OK)
			return code;
	}
	code = add_block(pem, block, err);
	if (code != MCA_OK)
		mca_blob_clear(&block->der);
	return code;
}

mca_code
mca_pem_parse(mca_pem *out, const uint8_t *bytes, size_t length,
    struct mca_error *err)
{
	struct lines lines = { 0 };
	scoped(mca_pem) pem = { 0 };
	static const char mark[] = "\xEF\xBB\xBF";
	mca_code code;

	if (length >= 3 && memcmp(bytes, mark, 3) == 0) {
		bytes += 3;
		length -= 3;
	}
	lines.at = (const char *)bytes;
	lines.end = lines.at + length;
	while (next_line(&lines)) {
		struct mca_pem_block block = { .line = lines.number };

		if (!boundary(&lines, "BEGIN", block.label,
			sizeof(block.label)))
			continue;
		code = read_block(&pem, &lines, &block, err);
		if (code != MCA_OK)
			return code;
	}
	mca_pem_clear(out);
	*out = pem;
	pem = (mca_pem){ 0 };
	return MCA_OK;
}

void
mca_pem_clear(mca_pem *pem)
{
	for (size_t i = 0; i < pem->count; i++)
		mca_blob_clear(&pem->blocks[i].der);
	free(pem->blocks);
	memset(pem, 0, sizeof(*pem));
}

mca_code
mca_pem_encode(mca_blob *out, const char *label, const uint8_t *der,
    size_t length, struct mca_error *err)
{
	owned(BIO) *bio = BIO_new(BIO_s_secmem());
	char *text;
	long size;

	if (bio == NULL ||
	    (out->length > 0 &&
		BIO_write(bio, out->bytes, (int)out->length) <= 0) ||
	    PEM_write_bio(bio, label, "", der, (long)length) <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot encode a %s",
		    label);
	size = BIO_get_mem_data(bio, &text);
	return mca_blob_copy(out, text, (size_t)size, err);
}
