/*
 * head.c - see head.h.
 */
#include "head.h"

#include "fail.h"
#include "json.h"

#include <string.h>

mca_code
head_parse(struct mca_audit_head *out, const char *text, struct mca_error *err)
{
	size_t digits = strspn(text, "0123456789");
	const char *hash = text + digits + 1;

	if (digits == 0 || digits > 18 || text[digits] != ':' ||
	    strlen(hash) != 64 || strspn(hash, "0123456789abcdef") != 64)
		return fail(err, MCA_EUSAGE,
		    "--head: \"%s\" is not NUMBER:HASH as `minica audit head` "
		    "prints it",
		    MCA_SHOW_TEXT(text));
	out->number = strtoll(text, NULL, 10);
	memcpy(out->hash, hash, sizeof(out->hash));
	return MCA_OK;
}

json_t *
head_json(const struct mca_audit_head *head)
{
	json_t *object = json_object();

	json_put(object, "number", json_integer(head->number));
	json_put(object, "hash", json_text(head->hash));
	return object;
}
