/*
 * base/proxy_preamble.h
 *		What a balancer says of its client before the first byte of that client:
 *		the PROXY protocol, versions 1 and 2.
 */
#ifndef DPMETA_PROXY_PREAMBLE_H
#define DPMETA_PROXY_PREAMBLE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* Of version 2, with what balancers add to the addresses. */
#define PREAMBLE_MOST 2048

typedef enum PreambleState
{
	PREAMBLE_PART,				/* more is to come */
	PREAMBLE_TOLD,				/* whole, with an address */
	PREAMBLE_UNTOLD,			/* whole: the connection's own address holds */
	PREAMBLE_MALFORMED
} PreambleState;

/*
 * Read what has come.  If it is only a part, "*wanted" is how many more bytes
 * belong to it for sure; or 0, if it ends at the next newline.
 */
extern PreambleState preamble_read(const unsigned char *bytes, size_t length,
								   size_t *wanted,
								   struct sockaddr_storage *address);

/* Of the address. */
extern socklen_t preamble_address_length(const struct sockaddr_storage *address);

#endif							/* DPMETA_PROXY_PREAMBLE_H */
