/*
 * base/address.c
 *		IP addresses, networks of them, and what X-Forwarded-For says.
 */
#include "base/address.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define IPV4_BITS 96			/* in front of an IPv4 address */

static const unsigned char IPV4_PREFIX[12] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF
};

static void
set_ipv4(Address *address, const struct in_addr *ipv4)
{
	memcpy(address->bytes, IPV4_PREFIX, sizeof(IPV4_PREFIX));
	memcpy(address->bytes + sizeof(IPV4_PREFIX), ipv4, 4);
}

static bool
is_ipv4(const Address *address)
{
	return memcmp(address->bytes, IPV4_PREFIX, sizeof(IPV4_PREFIX)) == 0;
}

bool
address_from_socket(Address *address, const struct sockaddr *given)
{
	if (given == NULL)
		return false;
	if (given->sa_family == AF_INET)
		set_ipv4(address, &((const struct sockaddr_in *) given)->sin_addr);
	else if (given->sa_family == AF_INET6)
		memcpy(address->bytes,
			   &((const struct sockaddr_in6 *) given)->sin6_addr, 16);
	else
		return false;
	return true;
}

/* 1 to 5 digits; the value of the port does not matter. */
static bool
is_port(const char *text, size_t length)
{
	size_t		digits = 0;

	while (digits < length && text[digits] >= '0' && text[digits] <= '9')
		digits++;
	return digits == length && length >= 1 && length <= 5;
}

/* Leave brackets and port out; false when they are malformed. */
static bool
strip_port(const char **text, size_t *length)
{
	const char *colon;
	const char *end;

	if (*length > 0 && (*text)[0] == '[')
	{
		end = memchr(*text, ']', *length);
		if (end == NULL)
			return false;
		if (end + 1 < *text + *length &&
			(end[1] != ':' ||
			 !is_port(end + 2, (size_t) (*text + *length - end) - 2)))
			return false;
		*length = (size_t) (end - *text) - 1;
		(*text)++;
		return true;
	}
	colon = memchr(*text, ':', *length);
	if (colon == NULL ||
		memchr(colon + 1, ':', *length - (size_t) (colon + 1 - *text)) != NULL)
		return true;
	if (!is_port(colon + 1, *length - (size_t) (colon + 1 - *text)))
		return false;
	*length = (size_t) (colon - *text);
	return true;
}

bool
address_parse(Address *address, const char *text, size_t length)
{
	char		copy[ADDRESS_TEXT];
	struct in_addr ipv4;

	if (!strip_port(&text, &length) || length == 0 || length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (strlen(copy) != length)
		return false;
	if (inet_pton(AF_INET, copy, &ipv4) == 1)
	{
		set_ipv4(address, &ipv4);
		return true;
	}
	return inet_pton(AF_INET6, copy, address->bytes) == 1;
}

void
address_write(const Address *address, char text[ADDRESS_TEXT])
{
	text[0] = '\0';
	if (is_ipv4(address))
		inet_ntop(AF_INET, address->bytes + sizeof(IPV4_PREFIX), text,
				  ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, address->bytes, text, ADDRESS_TEXT);
}

bool
addresses_equal(const Address *a, const Address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void
address_site(Address *site, const Address *address)
{
	*site = *address;
	if (!is_ipv4(address))
		memset(site->bytes + 8, 0, 8);
}

static const char *
trim(const char *text, size_t *length)
{
	while (*length > 0 && (text[0] == ' ' || text[0] == '\t'))
	{
		text++;
		(*length)--;
	}
	while (*length > 0 &&
		   (text[*length - 1] == ' ' || text[*length - 1] == '\t'))
		(*length)--;
	return text;
}

/* "10.0.0.0/8"; bits that are set after the prefix are a typing error. */
static bool
parse_network(Network *network, const char *text, size_t length)
{
	const char *slash = memchr(text, '/', length);
	size_t		digits = slash ? length - (size_t) (slash + 1 - text) : 0;
	int			most;

	if (!address_parse(&network->address, text,
					   slash ? (size_t) (slash - text) : length))
		return false;
	network->bits = 128;
	if (slash == NULL)
		return true;
	most = is_ipv4(&network->address) ? 128 - IPV4_BITS : 128;
	if (!is_port(slash + 1, digits) || digits > 3 || atoi(slash + 1) > most)
		return false;
	network->bits = atoi(slash + 1) + 128 - most;
	for (int i = network->bits; i < 128; i++)
		if (network->address.bytes[i / 8] & (0x80 >> i % 8))
			return false;
	return true;
}

bool
networks_parse(Networks *networks, const char *list)
{
	networks->count = 0;
	for (;;)
	{
		size_t		length = strcspn(list, ",");
		size_t		trimmed = length;
		const char *word = trim(list, &trimmed);

		if (networks->count == NETWORKS_MOST ||
			!parse_network(&networks->list[networks->count++], word, trimmed))
			return false;
		list += length;
		if (*list++ == '\0')
			return true;
	}
}

static bool
network_has(const Network *network, const Address *address)
{
	int			whole = network->bits / 8;
	int			rest = network->bits % 8;

	if (memcmp(network->address.bytes, address->bytes, (size_t) whole) != 0)
		return false;
	return rest == 0 || ((network->address.bytes[whole] ^
						  address->bytes[whole]) >> (8 - rest)) == 0;
}

bool
networks_have(const Networks *networks, const Address *address)
{
	for (int i = 0; i < networks->count; i++)
		if (network_has(&networks->list[i], address))
			return true;
	return false;
}

/* The word before "end", which moves to the comma in front of it. */
static const char *
word_before(const char *field, const char **end, size_t *length)
{
	const char *start = *end;

	while (start > field && start[-1] != ',')
		start--;
	*length = (size_t) (*end - start);
	*end = start > field ? start - 1 : NULL;
	return trim(start, length);
}

const char *
last_word(const char *field, size_t *length)
{
	const char *end = field + strlen(field);

	return word_before(field, &end, length);
}

void
forwarded_client(const char *field, const Networks *trusted, Address *client)
{
	const char *end = field + strlen(field);

	while (end != NULL && networks_have(trusted, client))
	{
		size_t		length;
		const char *word = word_before(field, &end, &length);
		Address		told;

		if (!address_parse(&told, word, length))
			return;
		*client = told;
	}
}
