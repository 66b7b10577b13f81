/*
 * live.c - see live.h.
 *
 *	example.com:443: connected to 192.0.2.1:443
 *	  protocol      TLSv1.3, TLS_AES_256_GCM_SHA384
 *	  key exchange  x25519
 *	  stapled OCSP  good, of 2026-11-21T00:00:00Z, until
 *2026-11-28T00:00:00Z sent          1  example.com valid until
 *2027-01-01T00:00:00Z, issued by CN=...
 */
#include "live.h"

#include "account.h"
#include "fail.h"
#include "json.h"

#define LONGEST_TIMEOUT 3600

void
live_clear(live *server)
{
	mca_live_clear(&server->served);
}

static mca_code
check_needless(const struct live_args *args, struct mca_error *err)
{
	const char *option = args->starttls != NULL ? "starttls"
	    : args->servername != NULL		    ? "servername"
	    : args->save != NULL		    ? "save"
	    : args->timeout.given		    ? "timeout"
						    : NULL;

	if (args->connect == NULL && option != NULL)
		return fail(err, MCA_EUSAGE, "--%s goes with --connect",
		    option);
	if (args->force && args->save == NULL)
		return fail(err, MCA_EUSAGE, "--force goes with --save");
	if (args->save != NULL && output_is_stdout(args->save))
		return fail(err, MCA_EUSAGE,
		    "--save: a file; the verdict has standard output");
	return MCA_OK;
}

mca_code
live_begin(live *server, const struct live_args *args, struct mca_error *err)
{
	server->args = args;
	if (check_needless(args, err) != MCA_OK)
		return err->code;
	if (args->connect == NULL)
		return MCA_OK;
	if (mca_endpoint_parse(&server->endpoint, args->connect, err) != MCA_OK)
		return within(err, "--connect");
	if (args->starttls != NULL &&
	    mca_starttls_find(&server->starttls, args->starttls, err) != MCA_OK)
		return within(err, "--starttls");
	if (args->servername != NULL &&
	    mca_reference_parse(&server->servername, MCA_SAN_DNS,
		args->servername, err) != MCA_OK)
		return within(err, "--servername");
	if (args->timeout.given &&
	    (args->timeout.value < 1 || args->timeout.value > LONGEST_TIMEOUT))
		return fail(err, MCA_EUSAGE, "--timeout: 1 to %d seconds",
		    LONGEST_TIMEOUT);
	return MCA_OK;
}

static mca_code
ask(live *server, const struct mca_reference *reference, struct mca_error *err)
{
	const struct live_args *args = server->args;
	struct mca_live_options options = {
		.endpoint = &server->endpoint,
		.starttls = server->starttls,
		.seconds = args->timeout.given ? args->timeout.value
					       : MCA_LIMIT_LIVE_SECONDS,
	};

	if (args->servername != NULL)
		options.servername = server->servername.text;
	else if (reference->form == MCA_SAN_DNS)
		options.servername = reference->text;
	return mca_live_fetch(&server->served, &options, err);
}

static mca_code
save(const live *server, const struct session *s, output *out,
    struct mca_error *err)
{
	const mca_certs *sent = &server->served.sent;
	scoped(mca_blob) pem = { 0 };

	for (size_t i = 0; i < sent->count; i++)
		if (mca_cert_pem(&pem, sent->rows[i], err) != MCA_OK)
			return err->code;
	return output_write(out, s, &pem, err);
}

mca_code
live_fetch(live *server, const struct session *s,
    const struct mca_reference *reference, struct mca_error *err)
{
	const struct live_args *args = server->args;
	scoped(output) out = { 0 };

	if (args->save != NULL &&
	    output_open(&out, s, args->save, MODE_PUBLIC, args->force, err) !=
		MCA_OK)
		return err->code;
	detail(s, "connecting to %s", server->endpoint.text);
	if (ask(server, reference, err) != MCA_OK)
		return err->code;
	if (args->save == NULL)
		return MCA_OK;
	return save(server, s, &out, err);
}

static void
tell_ocsp(const struct session *s, const struct mca_ocsp *ocsp)
{
	const char *answer = mca_ocsp_answer_name(ocsp->answer);

	if (ocsp->answer == MCA_OCSP_UNUSABLE)
		print(s, "  stapled OCSP  unusable: %s\n", ocsp->why);
	else if (ocsp->answer == MCA_OCSP_NONE || ocsp->this_update < 0)
		print(s, "  stapled OCSP  %s\n", answer);
	else if (ocsp->next_update < 0)
		print(s, "  stapled OCSP  %s, of %s\n", answer,
		    MCA_TIME(ocsp->this_update));
	else
		print(s, "  stapled OCSP  %s, of %s, until %s\n", answer,
		    MCA_TIME(ocsp->this_update), MCA_TIME(ocsp->next_update));
}

static void
tell_chain(const struct session *s, const mca_certs *sent)
{
	for (size_t i = 0; i < sent->count; i++) {
		const mca_cert *cert = sent->rows[i];
		scoped(mca_text) who = { 0 };

		if (mca_san_count(mca_cert_san(cert)) > 0)
			account_names(&who, mca_cert_san(cert));
		else
			mca_text_addf(&who, "%s",
			    mca_name_text(mca_cert_subject(cert)));
		print(s, "  %-12s %2zu  %s\n", i == 0 ? "sent" : "", i + 1,
		    mca_text_get(&who));
		print(s, "                   valid until %s, issued by %s\n",
		    MCA_TIME(mca_cert_not_after(cert)),
		    mca_name_text(mca_cert_issuer(cert)));
	}
}

static json_t *
json_ocsp(const struct mca_ocsp *ocsp)
{
	json_t *object = json_object();

	json_put(object, "answer",
	    json_text(mca_ocsp_answer_name(ocsp->answer)));
	if (ocsp->answer == MCA_OCSP_UNUSABLE)
		json_put(object, "why", json_text(ocsp->why));
	if (ocsp->answer < MCA_OCSP_GOOD)
		return object;
	json_put(object, "this_update", json_time(ocsp->this_update));
	if (ocsp->next_update != INT64_MIN)
		json_put(object, "next_update", json_time(ocsp->next_update));
	return object;
}

static json_t *
json_connection(const live *server, const struct mca_ocsp *ocsp)
{
	const mca_live *served = &server->served;
	json_t *object = json_object();

	json_put(object, "address", json_text(served->address));
	if (server->starttls != MCA_STARTTLS_NONE)
		json_put(object, "starttls",
		    json_text(mca_starttls_name(server->starttls)));
	if (*served->servername != '\0')
		json_put(object, "servername", json_text(served->servername));
	json_put(object, "protocol", json_text(served->protocol));
	json_put(object, "cipher", json_text(served->cipher));
	json_put(object, "key_exchange", json_text(served->key_exchange));
	json_put(object, "forward_secret",
	    json_boolean(served->forward_secret));
	json_put(object, "asks_client", json_boolean(served->asks_client));
	json_put(object, "ocsp", json_ocsp(ocsp));
	json_put(object, "sent", json_array());
	for (size_t i = 0; i < served->sent.count; i++)
		json_push(object, "sent", json_cert(served->sent.rows[i]));
	return object;
}

void
live_tell(const struct session *s, json_t *row, const live *server,
    const struct mca_ocsp *ocsp)
{
	const mca_live *served = &server->served;

	if (row != NULL) {
		json_put(row, "server", json_text(server->endpoint.text));
		json_put(row, "connection", json_connection(server, ocsp));
	}
	if (s->globals.quiet)
		return;
	print(s, "%s: connected to %s\n", server->endpoint.text,
	    served->address);
	print(s, "  protocol      %s, %s\n", served->protocol, served->cipher);
	print(s, "  key exchange  %s\n", served->key_exchange);
	if (served->asks_client)
		print(s, "  asks for a certificate of its clients\n");
	tell_ocsp(s, ocsp);
	tell_chain(s, &served->sent);
}
