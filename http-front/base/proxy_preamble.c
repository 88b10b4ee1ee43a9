/*
 * base/proxy_preamble.c
 *		The PROXY protocol, versions 1 (a line of text) and 2 (bytes).
 */
#include "base/proxy_preamble.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Neither version is shorter, so these may be read before either is known. */
#define SIGNATURE_LENGTH 12
#define BINARY_HEAD 16
/* The longest line, with its end. */
#define LINE_MOST 107
/* version 2: its commands, and families with SOCK_STREAM */
#define COMMAND_LOCAL 0x20
#define COMMAND_PROXY 0x21
#define FAMILY_TCP4 0x11
#define FAMILY_TCP6 0x21
#define ADDRESSES_TCP4 12
#define ADDRESSES_TCP6 36

static const unsigned char SIGNATURE[SIGNATURE_LENGTH] = {
	0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
};

socklen_t
preamble_address_length(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
		sizeof(struct sockaddr_in);
}

static void
set_ipv4(struct sockaddr_storage *address, const void *host, uint16_t port)
{
	struct sockaddr_in *to = (struct sockaddr_in *) address;

	memset(address, 0, sizeof(*address));
	to->sin_family = AF_INET;
	to->sin_port = port;
	memcpy(&to->sin_addr, host, sizeof(to->sin_addr));
}

static void
set_ipv6(struct sockaddr_storage *address, const void *host, uint16_t port)
{
	struct sockaddr_in6 *to = (struct sockaddr_in6 *) address;

	memset(address, 0, sizeof(*address));
	to->sin6_family = AF_INET6;
	to->sin6_port = port;
	memcpy(&to->sin6_addr, host, sizeof(to->sin6_addr));
}

static uint16_t
port_at(const unsigned char *bytes)
{
	uint16_t	port;

	memcpy(&port, bytes, sizeof(port));
	return port;
}

/* The source comes first, then the destination, then both ports. */
static PreambleState
read_addresses(const unsigned char *bytes, size_t length, int family,
			   struct sockaddr_storage *address)
{
	switch (family)
	{
		case FAMILY_TCP4:
			if (length < ADDRESSES_TCP4)
				return PREAMBLE_MALFORMED;
			set_ipv4(address, bytes, port_at(bytes + 8));
			return PREAMBLE_TOLD;
		case FAMILY_TCP6:
			if (length < ADDRESSES_TCP6)
				return PREAMBLE_MALFORMED;
			set_ipv6(address, bytes, port_at(bytes + 32));
			return PREAMBLE_TOLD;
		default:
			return PREAMBLE_UNTOLD;
	}
}

static PreambleState
read_binary(const unsigned char *bytes, size_t length, size_t *wanted,
			struct sockaddr_storage *address)
{
	size_t		rest;

	if (length < BINARY_HEAD)
	{
		*wanted = BINARY_HEAD - length;
		return PREAMBLE_PART;
	}
	rest = (size_t) bytes[14] << 8 | bytes[15];
	if ((bytes[12] != COMMAND_LOCAL && bytes[12] != COMMAND_PROXY) ||
		BINARY_HEAD + rest > PREAMBLE_MOST)
		return PREAMBLE_MALFORMED;
	if (length < BINARY_HEAD + rest)
	{
		*wanted = BINARY_HEAD + rest - length;
		return PREAMBLE_PART;
	}
	if (bytes[12] == COMMAND_LOCAL)
		return PREAMBLE_UNTOLD;
	return read_addresses(bytes + BINARY_HEAD, rest, bytes[13], address);
}

/* The next word, ended by one blank or the end, or NULL. */
static char *
next_word(char **rest)
{
	char	   *word = *rest;
	char	   *blank;

	if (word == NULL || *word == '\0' || *word == ' ')
		return NULL;
	blank = strchr(word, ' ');
	if (blank != NULL)
		*blank++ = '\0';
	*rest = blank;
	return word;
}

static bool
read_port(const char *word, uint16_t *port)
{
	char	   *end;
	long		number;

	if (word == NULL || !isdigit((unsigned char) word[0]))
		return false;
	number = strtol(word, &end, 10);
	*port = htons((uint16_t) number);
	return *end == '\0' && number <= 65535 && end - word <= 5;
}

/* "TCP4 192.0.2.1 192.0.2.2 56324 443" */
static PreambleState
read_words(char *rest, struct sockaddr_storage *address)
{
	const char *protocol = next_word(&rest);
	const char *source;
	const char *destination;
	unsigned char hosts[2][16];
	uint16_t	ports[2];
	int			family;

	if (protocol != NULL && strcmp(protocol, "UNKNOWN") == 0)
		return PREAMBLE_UNTOLD;
	if (protocol == NULL ||
		(strcmp(protocol, "TCP4") != 0 && strcmp(protocol, "TCP6") != 0))
		return PREAMBLE_MALFORMED;
	family = protocol[3] == '4' ? AF_INET : AF_INET6;
	source = next_word(&rest);
	destination = next_word(&rest);
	if (source == NULL || destination == NULL ||
		inet_pton(family, source, hosts[0]) != 1 ||
		inet_pton(family, destination, hosts[1]) != 1 ||
		!read_port(next_word(&rest), &ports[0]) ||
		!read_port(next_word(&rest), &ports[1]) || rest != NULL)
		return PREAMBLE_MALFORMED;
	if (family == AF_INET)
		set_ipv4(address, hosts[0], ports[0]);
	else
		set_ipv6(address, hosts[0], ports[0]);
	return PREAMBLE_TOLD;
}

static PreambleState
read_line(const unsigned char *bytes, size_t length, size_t *wanted,
		  struct sockaddr_storage *address)
{
	char		line[LINE_MOST + 1];

	*wanted = 0;
	if (length > LINE_MOST || memchr(bytes, '\0', length) != NULL)
		return PREAMBLE_MALFORMED;
	if (bytes[length - 1] != '\n')
		return length < LINE_MOST ? PREAMBLE_PART : PREAMBLE_MALFORMED;
	if (bytes[length - 2] != '\r')
		return PREAMBLE_MALFORMED;
	memcpy(line, bytes, length - 2);
	line[length - 2] = '\0';
	return read_words(line + strlen("PROXY "), address);
}

PreambleState
preamble_read(const unsigned char *bytes, size_t length, size_t *wanted,
			  struct sockaddr_storage *address)
{
	static const char word[] = "PROXY ";
	size_t		known = length < SIGNATURE_LENGTH ? length : SIGNATURE_LENGTH;
	size_t		letters = length < strlen(word) ? length : strlen(word);
	bool		binary = memcmp(bytes, SIGNATURE, known) == 0;

	if (!binary && memcmp(bytes, word, letters) != 0)
		return PREAMBLE_MALFORMED;
	if (length < SIGNATURE_LENGTH)
	{
		*wanted = SIGNATURE_LENGTH - length;
		return PREAMBLE_PART;
	}
	return binary ? read_binary(bytes, length, wanted, address) :
		read_line(bytes, length, wanted, address);
}
