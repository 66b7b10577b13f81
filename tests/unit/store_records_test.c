/*
 * store_records_test.c - authorities, trust anchors and written files.
 */
#include "inventory.h"

static void
in_transaction(mca_store *store)
{
	assert_int_equal(mca_store_begin(store, &err), MCA_OK);
}

/* What was seen of the authorities, one line for each. */
static mca_code
see_authority(void *context, const struct mca_authority *authority,
    struct mca_error *error)
{
	char *text = context;
	size_t used = strlen(text);

	(void)error;
	assert_int_equal(authority->der == NULL, authority->certificate == 0);
	assert_int_equal(authority->der_length == 0,
	    authority->certificate == 0);
	(void)snprintf(text + used, 500 - used, "%s %s <%s> %s %lld %lld\n",
	    authority->label, authority->kind, authority->parent,
	    authority->key, (long long)authority->certificate,
	    (long long)(authority->created - NOW));
	return MCA_OK;
}

static void
authorities_are_listed_oldest_first(void **state)
{
	static const struct mca_authority awaiting = { .label = "a-tls",
		.kind = "intermediate",
		.key = "pkcs11:object=tls",
		.created = NOW + 7 };
	struct filled *filled = *state;
	char text[500] = "";

	in_transaction(filled->store);
	assert_int_equal(mca_store_add_authority(filled->store, &awaiting,
			     &err),
	    MCA_OK);
	assert_int_equal(mca_store_authorities(filled->store, see_authority,
			     text, &err),
	    MCA_OK);
	assert_string_equal(text,
	    "Root root <> keys/root.pem 1 0\n"
	    "a-tls intermediate <> pkcs11:object=tls 0 7\n");

	assert_int_equal(mca_store_install(filled->store, "A-TLS", 2, "root",
			     &err),
	    MCA_OK);
	text[0] = '\0';
	assert_int_equal(mca_store_authorities(filled->store, see_authority,
			     text, &err),
	    MCA_OK);
	assert_string_equal(text,
	    "Root root <> keys/root.pem 1 0\n"
	    "a-tls intermediate <Root> pkcs11:object=tls 2 7\n");
	mca_store_rollback(filled->store);
}

static void
an_authority_that_does_not_fit_is_refused(void **state)
{
	static const struct {
		const char *why;
		struct mca_authority authority;
		mca_code code;
		const char *says;
	} cases[] = {
		{ "a label taken",
		    { .label = "Root", .kind = "root", .key = "k" },
		    MCA_EEXISTS, "\"Root\" already" },
		{ "a label taken but for its case",
		    { .label = "ROOT", .kind = "root", .key = "k" },
		    MCA_EEXISTS, "\"ROOT\" already" },
		{ "a certificate taken",
		    { .label = "b",
			.kind = "root",
			.key = "k",
			.certificate = 1 },
		    MCA_EEXISTS, "with this certificate" },
		{ "no such certificate",
		    { .label = "b",
			.kind = "root",
			.key = "k",
			.certificate = 77 },
		    MCA_ESYSTEM, "FOREIGN KEY" },
		{ "no such parent",
		    { .label = "b",
			.kind = "intermediate",
			.key = "k",
			.parent = "none\033" },
		    MCA_ENOTFOUND, "no authority \"none\\x1B\"" },
		{ "no such kind", { .label = "b", .kind = "leaf", .key = "k" },
		    MCA_ESYSTEM, "CHECK" },
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		in_transaction(filled->store);
		CHECK(mca_store_add_authority(filled->store,
			  &cases[i].authority, &err) == cases[i].code,
		    "%s: %s", cases[i].why, err.text);
		CHECK(strstr(err.text, cases[i].says) != NULL, "%s: %s",
		    cases[i].why, err.text);
		mca_store_rollback(filled->store);
	}
}

static void
a_certificate_is_installed_once(void **state)
{
	struct filled *filled = *state;

	in_transaction(filled->store);
	assert_int_equal(mca_store_install(filled->store, "root", 2, NULL,
			     &err),
	    MCA_EEXISTS);
	assert_int_equal(mca_store_install(filled->store, "none", 2, NULL,
			     &err),
	    MCA_ENOTFOUND);
	mca_store_rollback(filled->store);
}

static mca_code
see_anchor(void *context, const struct mca_anchor *anchor,
    struct mca_error *error)
{
	char *text = context;
	size_t used = strlen(text);

	(void)error;
	assert_int_equal(strlen(anchor->sha256), 64);
	assert_true(anchor->der_length > 100);
	assert_int_equal(anchor->der[0], 0x30);
	(void)snprintf(text + used, 500 - used, "%s %s %lld %lld\n",
	    anchor->subject, anchor->origin,
	    (long long)(anchor->not_after - NOW),
	    (long long)(anchor->added - NOW));
	return MCA_OK;
}

static void
an_anchor_is_added_once_and_removed_once(void **state)
{
	struct filled *filled = *state;
	mca_cert *root = filled->certs[0];
	scoped(mca_text) digest = { 0 };
	char text[500] = "";
	bool changed = false;

	mca_text_hex(&digest, mca_cert_sha256(root), 32);
	in_transaction(filled->store);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(mca_store_add_anchor(filled->store, &changed,
				     root, "init-root", NOW + 3, &err),
		    MCA_OK);
		assert_int_equal(changed, i == 0);
	}
	assert_int_equal(mca_store_add_anchor(filled->store, &changed,
			     filled->certs[1], "/etc/a.pem", NOW + 4, &err),
	    MCA_OK);
	assert_int_equal(mca_store_anchors(filled->store, see_anchor, text,
			     &err),
	    MCA_OK);
	assert_string_equal(text,
	    "CN=Test Root init-root 9000 3\n"
	    "CN=www.example.org /etc/a.pem 500 4\n");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(mca_store_remove_anchor(filled->store,
				     &changed, mca_text_get(&digest), &err),
		    MCA_OK);
		assert_int_equal(changed, i == 0);
	}
	mca_store_rollback(filled->store);
}

static void
an_anchor_is_removed_by_whole_fingerprint(void **state)
{
	static const char *const words[] = { "", "00", "root",
		"00112233445566778899aabbccddeeff00112233445566778899aabbccdde"
		"e",
		"zz112233445566778899aabbccddeeff00112233445566778899aabbccddee"
		"ff" };
	struct filled *filled = *state;
	bool changed;

	in_transaction(filled->store);
	for (size_t i = 0; i < ROWS(words); i++)
		CHECK(mca_store_remove_anchor(filled->store, &changed, words[i],
			  &err) == MCA_EUSAGE,
		    "\"%s\" was taken for a fingerprint", words[i]);
	assert_int_equal(mca_store_remove_anchor(filled->store, &changed,
			     "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
			     "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF",
			     &err),
	    MCA_OK);
	assert_false(changed);
	mca_store_rollback(filled->store);
}

static void
a_file_is_ours_by_path_and_digest(void **state)
{
	static const uint8_t first[32] = { 1 }, second[32] = { 2 };
	static const struct {
		const char *why, *path;
		const uint8_t *digest;
		bool ours;
	} cases[] = {
		{ "what we wrote", "/a.pem", first, true },
		{ "what we wrote later", "/a.pem", second, true },
		{ "the same bytes elsewhere", "/c.pem", first, false },
		{ "other bytes in its place", "/b.pem", second, false },
		{ "the path in another case", "/A.pem", first, false },
	};
	struct filled *filled = *state;

	in_transaction(filled->store);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(mca_store_note_file(filled->store, "/a.pem",
				     first, 1, NOW, &err),
		    MCA_OK);
		assert_int_equal(mca_store_note_file(filled->store, "/a.pem",
				     second, 2, NOW, &err),
		    MCA_OK);
		assert_int_equal(mca_store_note_file(filled->store, "/b.pem",
				     first, 1, NOW, &err),
		    MCA_OK);
	}
	for (size_t i = 0; i < ROWS(cases); i++) {
		bool ours;

		assert_int_equal(mca_store_wrote(filled->store, &ours,
				     cases[i].path, cases[i].digest, &err),
		    MCA_OK);
		CHECK(ours == cases[i].ours, "%s", cases[i].why);
	}
	mca_store_rollback(filled->store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(authorities_are_listed_oldest_first),
		cmocka_unit_test(an_authority_that_does_not_fit_is_refused),
		cmocka_unit_test(a_certificate_is_installed_once),
		cmocka_unit_test(an_anchor_is_added_once_and_removed_once),
		cmocka_unit_test(an_anchor_is_removed_by_whole_fingerprint),
		cmocka_unit_test(a_file_is_ours_by_path_and_digest),
	};

	return cmocka_run_group_tests(tests, fill, empty);
}
