/*
 * base/address.h
 *		IP addresses, networks of them, and what X-Forwarded-For says.
 */
#ifndef DPMETA_ADDRESS_H
#define DPMETA_ADDRESS_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define ADDRESS_TEXT INET6_ADDRSTRLEN
#define NETWORKS_MOST 64

/* IPv6; an IPv4 one as ::ffff:a.b.c.d, so that it has one form only. */
typedef struct Address
{
	unsigned char bytes[16];
} Address;

typedef struct Network
{
	Address		address;
	int			bits;			/* of 128 that count */
} Network;

typedef struct Networks
{
	Network		list[NETWORKS_MOST];
	int			count;
} Networks;

/* False when it is neither IPv4 nor IPv6. */
extern bool address_from_socket(Address *address, const struct sockaddr *given);
/* "a.b.c.d", "a.b.c.d:port", "x::y", "[x::y]" or "[x::y]:port". */
extern bool address_parse(Address *address, const char *text, size_t length);
/* An IPv4 one is written as such. */
extern void address_write(const Address *address, char text[ADDRESS_TEXT]);
extern bool addresses_equal(const Address *a, const Address *b);
/* What one customer of a provider has: an IPv4 address, an IPv6 /64. */
extern void address_site(Address *site, const Address *address);

/* Addresses and networks (ADDRESS/BITS) with commas between. */
extern bool networks_parse(Networks *networks, const char *list);
extern bool networks_have(const Networks *networks, const Address *address);

/*
 * The client that the trusted proxies tell of.  Each proxy adds the address
 * that it saw at the end, so from the right: the first one that is not a
 * trusted proxy's.  What lies left of that, or of anything that is no address,
 * is anybody's word.  "client" is the other end of the connection before.
 */
extern void forwarded_client(const char *field, const Networks *trusted,
							 Address *client);
/* The last word of a list. */
extern const char *last_word(const char *field, size_t *length);

#endif							/* DPMETA_ADDRESS_H */
