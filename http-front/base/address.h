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

/*
 * IPv6.  An IPv4 address is kept as ::ffff:a.b.c.d, so that it has only one
 * form.
 */
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

/* An IPv4 address is written as one. */
extern void address_write(const Address *address, char text[ADDRESS_TEXT]);
extern bool addresses_equal(const Address *a, const Address *b);

/* What one customer of a provider has: an IPv4 address, an IPv6 /64. */
extern void address_site(Address *site, const Address *address);

/* Addresses and networks (ADDRESS/BITS) with commas between. */
extern bool networks_parse(Networks *networks, const char *list);
extern bool networks_have(const Networks *networks, const Address *address);

/*
 * Find the client behind trusted proxies.  Each proxy appends the address that
 * it saw, so the client is the first address from the right that is not a
 * trusted proxy's.  Anybody could have written what stands left of that, or
 * left of something that is not an address.  Before the call, "client" is the
 * other end of the connection.
 */
extern void forwarded_client(const char *field, const Networks *trusted,
							 Address *client);

/* The last word of a list. */
extern const char *last_word(const char *field, size_t *length);

#endif							/* DPMETA_ADDRESS_H */
