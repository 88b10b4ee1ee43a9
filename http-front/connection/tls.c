/*
 * connection/tls.c
 *		The certificate that https is served with.
 *
 * A handshake uses it without making a copy.  So a certificate that was
 * replaced is kept until every handshake that began with it must have ended.
 */
#include "connection/tls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/loop.h"
#include "config.h"

#define CHAIN_MOST 16
#define KEY_ID_MOST 64

typedef struct Certificate Certificate;
struct Certificate
{
	gnutls_pcert_st chain[CHAIN_MOST];
	unsigned	chain_length;
	gnutls_privkey_t key;
	time_t		expires;
	int64_t		replaced_at;
	Certificate *older;
};

static Certificate *current;
static uint64_t reloads;
static uint64_t failures;

bool
tls_wanted(void)
{
	return config.tls_cert != NULL;
}

static void
free_certificate(Certificate *certificate)
{
	if (certificate == NULL)
		return;
	for (unsigned i = 0; i < certificate->chain_length; i++)
		gnutls_pcert_deinit(&certificate->chain[i]);
	if (certificate->key != NULL)
		gnutls_privkey_deinit(certificate->key);
	free(certificate);
}

static int
load_chain(Certificate *certificate, const char *file)
{
	unsigned	length = CHAIN_MOST;
	gnutls_datum_t pem;
	int			status = gnutls_load_file(file, &pem);

	if (status < 0)
		return status;
	status = gnutls_pcert_list_import_x509_raw(certificate->chain, &length,
											   &pem, GNUTLS_X509_FMT_PEM, 0);
	gnutls_free(pem.data);
	if (status >= 0)
		certificate->chain_length = length;
	return status;
}

static int
load_key(Certificate *certificate, const char *file)
{
	gnutls_datum_t pem;
	int			status = gnutls_privkey_init(&certificate->key);

	if (status < 0)
		return status;
	status = gnutls_load_file(file, &pem);
	if (status < 0)
		return status;
	status = gnutls_privkey_import_x509_raw(certificate->key, &pem,
											GNUTLS_X509_FMT_PEM, NULL, 0);
	gnutls_memset(pem.data, 0, pem.size);
	gnutls_free(pem.data);
	return status;
}

static bool
key_fits(const Certificate *certificate)
{
	unsigned char ids[2][KEY_ID_MOST];
	size_t		sizes[2] = {KEY_ID_MOST, KEY_ID_MOST};
	gnutls_pubkey_t public;
	bool		good;

	if (gnutls_pubkey_init(&public) < 0)
		return false;
	good = gnutls_pubkey_import_privkey(public, certificate->key, 0, 0) >= 0 &&
		gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, ids[0],
								 &sizes[0]) >= 0 &&
		gnutls_pubkey_get_key_id(certificate->chain[0].pubkey,
								 GNUTLS_KEYID_USE_SHA256, ids[1],
								 &sizes[1]) >= 0;
	gnutls_pubkey_deinit(public);
	return good && sizes[0] == sizes[1] && memcmp(ids[0], ids[1], sizes[0]) == 0;
}

static void
note_expiry(Certificate *certificate)
{
	gnutls_x509_crt_t leaf;

	if (gnutls_pcert_export_x509(&certificate->chain[0], &leaf) < 0)
		return;
	certificate->expires = gnutls_x509_crt_get_expiration_time(leaf);
	gnutls_x509_crt_deinit(leaf);
}

/* NULL when it cannot be used, with the reason. */
static Certificate *
load_certificate(char *reason, size_t size)
{
	Certificate *loaded = calloc(1, sizeof(*loaded));
	int			status;

	if (loaded == NULL)
		snprintf(reason, size, "out of memory");
	else if ((status = load_chain(loaded, config.tls_cert)) < 0)
		snprintf(reason, size, "DPMETA_TLS_CERT cannot be used: %s: %s",
				 config.tls_cert, gnutls_strerror(status));
	else if ((status = load_key(loaded, config.tls_key)) < 0)
		snprintf(reason, size, "DPMETA_TLS_KEY cannot be used: %s: %s",
				 config.tls_key, gnutls_strerror(status));
	else if (!key_fits(loaded))
		snprintf(reason, size, "DPMETA_TLS_KEY is not the key of the first "
				 "certificate in DPMETA_TLS_CERT");
	else
	{
		note_expiry(loaded);
		return loaded;
	}
	free_certificate(loaded);
	return NULL;
}

bool
tls_start(void)
{
	char		reason[600];

	if ((config.tls_cert == NULL) != (config.tls_key == NULL))
	{
		log_refusal("%s is set and %s is not: https needs both, http none "
					"of them",
					config.tls_cert ? "DPMETA_TLS_CERT" : "DPMETA_TLS_KEY",
					config.tls_cert ? "DPMETA_TLS_KEY" : "DPMETA_TLS_CERT");
		return false;
	}
	if (!tls_wanted())
		return true;
	current = load_certificate(reason, sizeof(reason));
	if (current == NULL)
		log_refusal("%s", reason);
	return current != NULL;
}

void
tls_stop(void)
{
	while (current != NULL)
	{
		Certificate *older = current->older;

		free_certificate(current);
		current = older;
	}
}

/* Any handshake that began with them has been cut off by now. */
static void
free_replaced(void)
{
	int64_t		least = loop_now() - 2 * config.request_timeout;
	Certificate **link = &current->older;

	while (*link != NULL)
	{
		Certificate *older = *link;

		if (older->replaced_at >= least)
		{
			link = &older->older;
			continue;
		}
		*link = older->older;
		free_certificate(older);
	}
}

void
tls_reload(void)
{
	char		reason[600];
	Certificate *loaded;

	if (!tls_wanted())
		return;
	loaded = load_certificate(reason, sizeof(reason));
	if (loaded == NULL)
	{
		failures++;
		log_event(LOG_ERRORS, "certificate-kept", "%s", reason);
		return;
	}
	current->replaced_at = loop_now();
	loaded->older = current;
	current = loaded;
	free_replaced();
	reloads++;
	log_event(LOG_INFO, "certificate-loaded", "new connections get it");
}

int
tls_choose(gnutls_session_t session, const gnutls_datum_t *authorities,
		   int authority_count, const gnutls_pk_algorithm_t *algorithms,
		   int algorithm_count, gnutls_pcert_st **chain,
		   unsigned *chain_length, gnutls_privkey_t *key)
{
	(void) session;
	(void) authorities;
	(void) authority_count;
	(void) algorithms;
	(void) algorithm_count;
	*chain = current->chain;
	*chain_length = current->chain_length;
	*key = current->key;
	return 0;
}

void
tls_metrics_write(Text *out)
{
	if (!tls_wanted())
		return;
	text_format(out, "# HELP dpmeta_http_certificate_expiry_timestamp_seconds "
				"When the certificate in use expires.\n"
				"# TYPE dpmeta_http_certificate_expiry_timestamp_seconds gauge\n"
				"dpmeta_http_certificate_expiry_timestamp_seconds %" PRId64 "\n"
				"# HELP dpmeta_http_certificate_loads_total "
				"Times that SIGHUP had the certificate loaded again.\n"
				"# TYPE dpmeta_http_certificate_loads_total counter\n"
				"dpmeta_http_certificate_loads_total{result=\"success\"} %"
				PRIu64 "\n"
				"dpmeta_http_certificate_loads_total{result=\"failure\"} %"
				PRIu64 "\n", (int64_t) current->expires, reloads, failures);
}
