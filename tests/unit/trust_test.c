/* trust_test.c - where trust anchors are read from, and when they are not. */
#include "forge.h"
#include "rows.h"

#include "minica/blob.h"
#include "minica/file.h"
#include "minica/trust.h"

#include <sys/stat.h>
#include <unistd.h>

/* A directory of its own, and a path in it. */
struct place {
	char directory[64], path[96];
};

static const char *
in(struct place *place, const char *name)
{
	(void)snprintf(place->path, sizeof(place->path), "%s/%s",
	    place->directory, name);
	return place->path;
}

static void
open_place(struct place *place)
{
	strcpy(place->directory, "/tmp/minica-trust.XXXXXX");
	assert_non_null(mkdtemp(place->directory));
}

static void
close_place(struct place *place)
{
	static const char *const names[] = { "a.pem", "b.pem", ".hidden",
		"bad.pem", "empty" };

	for (size_t i = 0; i < ROWS(names); i++)
		if (unlink(in(place, names[i])) != 0)
			(void)rmdir(place->path);
	assert_int_equal(rmdir(place->directory), 0);
}

static void
write_text(struct place *place, const char *name, const char *text)
{
	struct mca_error err;

	assert_int_equal(mca_file_save(in(place, name), text, strlen(text),
			     0644, MCA_FILE_NEW, &err),
	    MCA_OK);
}

static void
write_root(struct place *place, const char *name, const char *subject)
{
	mca_cert *cert =
	    forge_cert(&(struct forge){ .subject = subject, .ca = true });
	scoped(mca_blob) pem = { 0 };
	struct mca_error err;

	assert_int_equal(mca_cert_pem(&pem, cert, &err), MCA_OK);
	assert_int_equal(mca_file_save(in(place, name), pem.bytes, pem.length,
			     0644, MCA_FILE_NEW, &err),
	    MCA_OK);
	mca_cert_free(cert);
}

static void
a_file_or_every_file_of_a_directory_is_read(void **state)
{
	scoped(mca_certs) certs = { 0 };
	struct mca_error err;
	struct place place;

	(void)state;
	open_place(&place);
	write_root(&place, "b.pem", "b");
	write_root(&place, "a.pem", "a");
	write_text(&place, ".hidden", "not read");
	assert_int_equal(mkdir(in(&place, "empty"), 0755), 0);
	assert_int_equal(mca_trust_read(&certs, in(&place, "b.pem"), &err),
	    MCA_OK);
	assert_int_equal(certs.count, 1);
	mca_certs_clear(&certs);
	assert_int_equal(mca_trust_read(&certs, place.directory, &err), MCA_OK);
	assert_int_equal(certs.count, 2);
	assert_string_equal(mca_name_text(mca_cert_subject(certs.rows[0])),
	    "CN=a");
	close_place(&place);
}

static void
one_bad_file_fails_the_whole(void **state)
{
	scoped(mca_certs) certs = { 0 };
	struct mca_error err;
	struct place place;

	(void)state;
	open_place(&place);
	write_root(&place, "a.pem", "a");
	write_text(&place, "bad.pem",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	assert_int_equal(mca_trust_read(&certs, place.directory, &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "bad.pem"));
	close_place(&place);
}

static void
what_is_not_there_is_told(void **state)
{
	scoped(mca_certs) certs = { 0 };
	struct mca_error err;
	struct place place;

	(void)state;
	open_place(&place);
	assert_int_equal(mca_trust_read(&certs, in(&place, "none"), &err),
	    MCA_ENOTFOUND);
	assert_int_equal(mca_trust_read(&certs, place.directory, &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "no file"));
	close_place(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_or_every_file_of_a_directory_is_read),
		cmocka_unit_test(one_bad_file_fails_the_whole),
		cmocka_unit_test(what_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
