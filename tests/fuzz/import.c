/*
 * import.c - what other programs kept: an index.txt as `openssl ca` writes it,
 * alone and in a tree of its authority, and a list of keys that are refused.
 */
#include "fuzz.h"

#include "import.h"
#include "minica/weak.h"

#include <stdio.h>
#include <sys/stat.h>

static char tree[300], index_path[320];

/* The certificate of the tree: read and never checked against a key. */
void
fuzz_begin(void)
{
	(void)snprintf(tree, sizeof(tree), "%s/tree", fuzz_directory());
	(void)snprintf(index_path, sizeof(index_path), "%s/index.txt", tree);
	fuzz_require(mkdir(tree, 0700) == 0);
}

static void
read_index(void)
{
	scoped(mca_index) index = { 0 };
	struct mca_error err = { 0 };

	if (mca_index_read(&index, index_path, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	for (size_t i = 0; i < index.count; i++) {
		show_text(index.rows[i].serial);
		fuzz_require(mca_index_find(&index, index.rows[i].serial) ==
		    &index.rows[i]);
	}
}

static void
read_paths(const char *path)
{
	owned(mca_import) *import = NULL;
	struct mca_error err = { 0 };
	struct mca_imported counts;

	if (mca_import_read(&import, &path, 1, NULL, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	show_findings(mca_import_notes(import));
	mca_import_outlook(&counts, import);
}

static void
read_list(void)
{
	owned(mca_weaklist) *list = NULL;
	struct mca_error err = { 0 };

	if (mca_weaklist_read(&list, index_path, &err) != MCA_OK)
		show_error(&err);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	fuzz_save(index_path, bytes, length);
	read_index();
	read_paths(index_path);
	read_paths(tree);
	read_list();
}
