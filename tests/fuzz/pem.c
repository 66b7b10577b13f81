/*
 * pem.c - text with PEM blocks.  What was read is written, and read again.
 */
#include "fuzz.h"

#include "minica/pem.h"

void
fuzz_begin(void)
{
}

static void
again(const struct mca_pem_block *block)
{
	scoped(mca_blob) text = { 0 };
	scoped(mca_pem) copy = { 0 };
	struct mca_error err;

	if (block->has_headers)
		return;
	fuzz_require(mca_pem_encode(&text, block->label, block->der.bytes,
			 block->der.length, &err) == MCA_OK);
	fuzz_require(
	    mca_pem_parse(&copy, text.bytes, text.length, &err) == MCA_OK);
	fuzz_require(copy.count == 1 && copy.blocks[0].line == 1 &&
	    strcmp(copy.blocks[0].label, block->label) == 0 &&
	    copy.blocks[0].der.length == block->der.length &&
	    (block->der.length == 0 ||
		memcmp(copy.blocks[0].der.bytes, block->der.bytes,
		    block->der.length) == 0));
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	scoped(mca_pem) pem = { 0 };
	struct mca_error err = { 0 };

	if (mca_pem_parse(&pem, bytes, length, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	for (size_t i = 0; i < pem.count; i++)
		again(&pem.blocks[i]);
}
