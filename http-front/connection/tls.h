/*
 * connection/tls.h
 *		The certificate that https is served with.
 */
#ifndef DPMETA_TLS_H
#define DPMETA_TLS_H

#include <gnutls/abstract.h>
#include <stdbool.h>

#include "base/text.h"

/* TLS 1.2 and later, with the ciphers that GnuTLS considers safe. */
#define TLS_PRIORITIES \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* Is https asked for? */
extern bool tls_wanted(void);

/* Load what the settings name; the reason is on standard error when false. */
extern bool tls_start(void);
extern void tls_stop(void);

/*
 * Load it again, for the connections from now on.  If it cannot be used, that
 * is logged and the old certificate stays in use.
 */
extern void tls_reload(void);

/* libmicrohttpd's callback: which certificate is it? */
extern int	tls_choose(gnutls_session_t session,
					   const gnutls_datum_t *authorities, int authority_count,
					   const gnutls_pk_algorithm_t *algorithms,
					   int algorithm_count, gnutls_pcert_st **chain,
					   unsigned *chain_length, gnutls_privkey_t *key);
extern void tls_metrics_write(Text *out);

#endif							/* DPMETA_TLS_H */
