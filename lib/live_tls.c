/*
 * live_tls.c - the handshake, which is libssl's (live_parts.h).
 *
 * libssl is to speak TLS and to judge nothing: what it makes of the chain is
 * thrown away.  It sees no socket either: bytes go to and fro here, where
 * they are counted and timed.
 */
#include "error.h"
#include "live_parts.h"
#include "ossl.h"

#include "minica/text.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdio.h>
#include <string.h>

MCA_OWNED(SSL, SSL_free)
MCA_OWNED(SSL_CTX, SSL_CTX_free)

struct tls {
	SSL *ssl;
	BIO *in, *out; /* owned by `ssl` */
	struct mca_wire *wire;
	struct mca_heard heard;
};

static void
on_message(int ours, int version, int type, const void *bytes, size_t length,
    SSL *ssl, void *heard)
{
	(void)version;
	(void)ssl;
	if (type == SSL3_RT_HANDSHAKE)
		mca_heard_message(heard, ours == 1, bytes, length);
}

/* Replaces X509_verify_cert, which is then never called. */
static int
accept_any(X509_STORE_CTX *store, void *context)
{
	(void)store;
	(void)context;
	return 1;
}

/*
 * Level 1 of libssl's security levels: what it refuses (keys of 768 bits, no
 * encryption) is not worth a connection; the rest is for us to judge.
 */
static SSL_CTX *
context_new(void)
{
	owned(SSL_CTX) *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL ||
	    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(context, "DEFAULT") != 1)
		return NULL;
	SSL_CTX_set_security_level(context, 1);
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_cert_verify_callback(context, accept_any, NULL);
	(void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
#ifdef SSL_OP_NO_RX_CERTIFICATE_COMPRESSION
	(void)SSL_CTX_set_options(context,
	    SSL_OP_NO_RX_CERTIFICATE_COMPRESSION);
#endif
	return give(&context);
}

/* What signs with keys of a kind; libssl's own choice for all others. */
static bool
take_only(SSL *ssl, const char *key)
{
	static const struct {
		const char *kind;
		char *signatures; /* as the macro of libssl takes it */
	} rows[] = {
		{ "rsa-",
		    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:"
		    "rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512" },
		{ "ec-", "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512" },
		{ "ed25519", "ed25519" },
	};

	for (size_t i = 0; key != NULL && i < sizeof(rows) / sizeof(rows[0]);
	     i++)
		if (strncmp(key, rows[i].kind, strlen(rows[i].kind)) == 0)
			return SSL_set1_sigalgs_list(ssl, rows[i].signatures) ==
			    1;
	return true;
}

static bool
prepare(struct tls *tls, char *servername, const char *key)
{
	owned(SSL_CTX) *context = context_new();
	owned(BIO) *in = BIO_new(BIO_s_mem());
	owned(BIO) *out = BIO_new(BIO_s_mem());

	if (context == NULL || in == NULL || out == NULL)
		return false;
	tls->ssl = SSL_new(context);
	if (tls->ssl == NULL)
		return false;
	tls->in = in;
	tls->out = out;
	SSL_set_bio(tls->ssl, give(&in), give(&out));
	SSL_set_msg_callback(tls->ssl, on_message);
	SSL_set_msg_callback_arg(tls->ssl, &tls->heard);
	(void)SSL_set_max_cert_list(tls->ssl, MCA_LIMIT_LIVE_CHAIN);
	(void)SSL_set_tlsext_status_type(tls->ssl, TLSEXT_STATUSTYPE_ocsp);
	return take_only(tls->ssl, key) &&
	    (*servername == '\0' ||
		SSL_set_tlsext_host_name(tls->ssl, servername) == 1);
}

/* Sends what libssl has to say. */
static mca_code
flush(struct tls *tls, struct mca_error *err)
{
	uint8_t bytes[4096];
	int length;

	while ((length = BIO_read(tls->out, bytes, sizeof(bytes))) > 0)
		if (mca_wire_write(tls->wire, bytes, (size_t)length, err) !=
		    MCA_OK)
			return err->code;
	return MCA_OK;
}

/* A record of TLS begins with its type (alert or handshake) and a 3. */
static mca_code
check_begin(struct tls *tls, const uint8_t *bytes, size_t length,
    struct mca_error *err)
{
	mca_blob *begin = &tls->heard.begin;

	if (begin->length > 0)
		return MCA_OK;
	if (mca_blob_copy(begin, bytes, length, err) != MCA_OK)
		return err->code;
	if ((bytes[0] == SSL3_RT_ALERT || bytes[0] == SSL3_RT_HANDSHAKE) &&
	    (length == 1 || bytes[1] == SSL3_VERSION_MAJOR))
		return MCA_OK;
	return mca_wire_fail(tls->wire, err,
	    "this is not TLS: the server said \"%s\"; %s",
	    MCA_SHOW((const char *)bytes, length),
	    mca_heard_guess(&tls->heard));
}

/* Hands libssl what the server says next. */
static mca_code
hear(struct tls *tls, struct mca_error *err)
{
	uint8_t bytes[4096];
	size_t got;

	if (mca_wire_read(tls->wire, bytes, sizeof(bytes), &got, err) !=
		MCA_OK ||
	    check_begin(tls, bytes, got, err) != MCA_OK)
		return err->code;
	if (BIO_write(tls->in, bytes, (int)got) != (int)got)
		return mca_fail_memory(err);
	return MCA_OK;
}

static const char *
version_name(unsigned version)
{
	return version == TLS1_1_VERSION ? "TLS 1.1"
	    : version == TLS1_VERSION	 ? "TLS 1.0"
					 : "SSL 3.0";
}

/* Why libssl gave up. */
static mca_code
handshake_failed(struct tls *tls, struct mca_error *err)
{
	unsigned long error = ERR_peek_last_error();
	int reason = ERR_GET_REASON(error);
	const char *words = ERR_reason_error_string(error);
	unsigned version = tls->heard.version;

	if (version != 0 && version < TLS1_2_VERSION)
		return mca_wire_fail(tls->wire, err,
		    "the server offers %s at best; TLS 1.2 and 1.3 are "
		    "accepted (RFC 8996)",
		    version_name(version));
	if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
	    reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION)
		return mca_wire_fail(tls->wire, err,
		    "the server takes neither TLS 1.2 nor TLS 1.3");
	if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
	    reason == SSL_R_EXCESSIVE_MESSAGE_SIZE)
		return mca_wire_fail(tls->wire, err,
		    "the server sent a longer message than it may; of a chain, "
		    "%d bytes are taken",
		    MCA_LIMIT_LIVE_CHAIN);
	if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET)
		return mca_wire_fail(tls->wire, err,
		    "the server broke off with the alert \"%s\"",
		    SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET));
	return mca_wire_fail(tls->wire, err, "%s",
	    words == NULL ? "failed" : words);
}

static mca_code
shake_hands(struct tls *tls, struct mca_error *err)
{
	struct mca_error unsent;
	int result;

	for (;;) {
		ERR_clear_error();
		result = SSL_connect(tls->ssl);
		if (result == 1)
			return flush(tls, err);
		if (SSL_get_error(tls->ssl, result) != SSL_ERROR_WANT_READ) {
			(void)handshake_failed(tls, err);
			if (flush(tls, &unsent) != MCA_OK)
				return err->code;
			return err->code;
		}
		if (flush(tls, err) != MCA_OK || hear(tls, err) != MCA_OK)
			return err->code;
	}
}

/*
 * Has the server shown that it holds the key?  Our Finished is only sent when
 * it has: after its CertificateVerify (TLS 1.3) or its signed ephemeral key.
 * A server that wants a client's certificate may hang up right then.
 */
static bool
has_proven_itself(const struct tls *tls)
{
	owned(EVP_PKEY) *ephemeral = NULL;

	if (!tls->heard.finished)
		return false;
	return SSL_version(tls->ssl) == TLS1_3_VERSION ||
	    SSL_get_peer_tmp_key(tls->ssl, &ephemeral) == 1;
}

/*
 * Every handshake of TLS 1.3 begins with an exchange of keys that are then
 * forgotten, for we resume none.  What the server sent may be a ciphertext
 * (ML-KEM, FIPS 203) and no key that libssl could show.
 */
static bool
is_forward_secret(SSL *ssl, EVP_PKEY **ephemeral)
{
	return SSL_get_peer_tmp_key(ssl, ephemeral) == 1 ||
	    SSL_version(ssl) == TLS1_3_VERSION;
}

static const SSL_CIPHER *
cipher_of(const SSL *ssl)
{
	const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);

	return cipher == NULL ? SSL_get_pending_cipher(ssl) : cipher;
}

/*
 * "x25519", "X25519MLKEM768"; "DH, 2048 bits"; or that there was no exchange.
 */
static void
tell_key_exchange(mca_live *out, SSL *ssl)
{
	owned(EVP_PKEY) *ephemeral = NULL;
	long group = SSL_get_negotiated_group(ssl);
	const char *name =
	    group == 0 ? NULL : SSL_group_to_name(ssl, (int)group);

	out->forward_secret = is_forward_secret(ssl, &ephemeral);
	if (!out->forward_secret)
		(void)snprintf(out->key_exchange, sizeof(out->key_exchange),
		    "RSA key transport");
	else if (name != NULL)
		(void)snprintf(out->key_exchange, sizeof(out->key_exchange),
		    "%s", name);
	else if (ephemeral != NULL)
		(void)snprintf(out->key_exchange, sizeof(out->key_exchange),
		    "%s, %d bits", EVP_PKEY_get0_type_name(ephemeral),
		    EVP_PKEY_get_bits(ephemeral));
	else
		(void)snprintf(out->key_exchange, sizeof(out->key_exchange),
		    "group 0x%04lx", (unsigned long)group & 0xffff);
}

static void
tell_connection(mca_live *out, const struct tls *tls)
{
	const SSL_CIPHER *cipher = cipher_of(tls->ssl);

	(void)snprintf(out->protocol, sizeof(out->protocol), "%s",
	    SSL_get_version(tls->ssl));
	(void)snprintf(out->cipher, sizeof(out->cipher), "%s",
	    cipher == NULL ? "" : SSL_CIPHER_standard_name(cipher));
	tell_key_exchange(out, tls->ssl);
	out->asks_client = tls->heard.asks_client;
}

static mca_code
keep(mca_live *out, const struct tls *tls, struct mca_error *err)
{
	const unsigned char *ocsp = NULL;
	long length = SSL_get_tlsext_status_ocsp_resp(tls->ssl, &ocsp);
	bool tls13 = SSL_version(tls->ssl) == TLS1_3_VERSION;

	if (mca_heard_chain(&out->sent, &tls->heard, tls13, err) != MCA_OK)
		return mca_within(err, "%s", tls->wire->step);
	if (length <= 0 || ocsp == NULL)
		return MCA_OK;
	return mca_blob_copy(&out->ocsp, ocsp, (size_t)length, err);
}

/* Says goodbye; nobody waits for the answer. */
static void
close_tls(struct tls *tls)
{
	struct mca_error unsent;

	mca_wire_step(tls->wire, "closing");
	(void)SSL_shutdown(tls->ssl);
	if (flush(tls, &unsent) != MCA_OK)
		return;
}

static mca_code
run(mca_live *out, struct tls *tls, const char *key, struct mca_error *err)
{
	mca_code code;

	if (!prepare(tls, out->servername, key))
		return mca_fail_ssl(err, MCA_ESYSTEM, "libssl");
	mca_wire_step(tls->wire, "TLS handshake");
	code = shake_hands(tls, err);
	if (code != MCA_OK && !has_proven_itself(tls))
		return code;
	if (code != MCA_OK)
		(void)snprintf(out->broke_off, sizeof(out->broke_off), "%.250s",
		    err->text);
	tell_connection(out, tls);
	if (keep(out, tls, err) != MCA_OK)
		return err->code;
	if (code == MCA_OK)
		close_tls(tls);
	return MCA_OK;
}

mca_code
mca_live_tls(mca_live *out, struct mca_wire *wire, const char *key,
    struct mca_error *err)
{
	struct tls tls = { .wire = wire };
	mca_code code = run(out, &tls, key, err);

	SSL_free(tls.ssl);
	mca_heard_clear(&tls.heard);
	ERR_clear_error();
	return code;
}
