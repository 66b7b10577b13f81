/*
 * ca_keys.c - keys that the home knows something about.
 */
#include "ca_parts.h"

#include "minica/text.h"

#include <stdio.h>

mca_code
mca_ca_listed(mca_ca *ca, const mca_weaklist **out, struct mca_error *err)
{
	owned(char) *path = NULL;
	mca_code code = MCA_OK;

	if (ca->listed == NULL) {
		if (asprintf(&path, "%s/weak-keys", ca->options.home) < 0) {
			path = NULL;
			return mca_fail_memory(err);
		}
		code = mca_weaklist_read(&ca->listed, path, err);
	}
	*out = ca->listed;
	return code;
}

mca_code
mca_ca_check_key(mca_ca *ca, const mca_spki *spki, struct mca_error *err)
{
	scoped(mca_findings) found = { 0 };
	const mca_weaklist *listed;
	const char *what;
	mca_code code = mca_ca_listed(ca, &listed, err);

	if (code != MCA_OK)
		return code;
	mca_weak_check(&found, spki, MCA_WEAK_ANY);
	if (found.lost)
		return mca_fail_memory(err);
	if (found.count > 0)
		return mca_fail(err, MCA_EPOLICY,
		    "an authority must not have this key: %s (%s) [%s]",
		    found.rows[0].detail, found.rows[0].source,
		    found.rows[0].rule);
	what = mca_weaklist_find(listed, spki);
	if (what != NULL)
		return mca_fail(err, MCA_EPOLICY,
		    "an authority must not have this key: HOME/weak-keys has "
		    "it: %s [MC-K-LISTED]",
		    MCA_SHOW_TEXT(what));
	return MCA_OK;
}
