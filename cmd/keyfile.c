/*
 * keyfile.c - see keyfile.h.
 */
#include "keyfile.h"

mca_code
keyfile_write(output *out, struct session *s, const mca_key *key,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };

	if (mca_key_encode(&pem, key, passphrase, err) != MCA_OK ||
	    output_write(out, s, &pem, err) != MCA_OK)
		return err->code;
	if (passphrase == NULL)
		keyfile_warn(s, mca_file_path(out->file));
	return MCA_OK;
}

void
keyfile_warn(struct session *s, const char *what)
{
	warn(s, "%s is not encrypted; its file mode alone protects it",
	    MCA_SHOW_TEXT(what));
}
