/*
 * field_fuzz.c
 *		libFuzzer on header fields, forwarded addresses, and the JSON strings
 *		in which a stranger's bytes are shown again.
 *
 * The first byte of an input says what the rest is.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/field.h"

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What can be read as tags can be handed to the database, and only that. */
static void
check_tags(const char *text)
{
	Text		array = {0};
	bool		good = tags_to_array(text, &array);

	if (good != (tags_match(text, "x", true) != TAGS_MALFORMED))
		abort();
	if (tags_match(text, "x", true) == TAGS_MATCH &&
		tags_match(text, "x", false) != TAGS_MATCH)
		abort();
	if (good && (array.data[0] != '{' || array.data[array.length - 1] != '}'))
		abort();
	text_free(&array);
}

static void
check_media(const char *text)
{
	accept_find(text, "application/json");
	if (content_is_json(text, true) && content_is_json(text, false) &&
		strlen(text) < strlen("application/json"))
		abort();
	accepts_gzip(text);
}

static void
check_ids(const char *text)
{
	if (is_traceparent(text) && strlen(text) < 55)
		abort();
	if (is_plain_id(text) && strlen(text) > 128)
		abort();
	is_token_text(text, 255);
}

/* An address has one form: what is written reads the same. */
static void
check_address(const char *text)
{
	Address		address;
	Address		again;
	char		form[ADDRESS_TEXT];

	if (!address_parse(&address, text, strlen(text)))
		return;
	address_write(&address, form);
	if (!address_parse(&again, form, strlen(form)) ||
		!addresses_equal(&address, &again))
		abort();
}

/* Nobody is believed but those who are trusted. */
static void
check_forwarded(const char *text)
{
	Networks	trusted;
	Address		peer;
	Address		client;
	size_t		length;

	if (!networks_parse(&trusted, "10.0.0.0/8, fd00::/8") ||
		!address_parse(&peer, "10.0.0.1", 8))
		abort();
	client = peer;
	forwarded_client(text, &trusted, &client);
	if (networks_have(&trusted, &client) && strchr(text, ',') == NULL &&
		strchr(text, '.') == NULL && strchr(text, ':') == NULL &&
		!addresses_equal(&client, &peer))
		abort();
	if (!address_parse(&peer, "192.0.2.1", 9))
		abort();
	client = peer;
	forwarded_client(text, &trusted, &client);
	if (!addresses_equal(&client, &peer))
		abort();
	last_word(text, &length);
}

static void
check_networks(const char *text)
{
	static const Address any;
	Networks	networks;

	if (!networks_parse(&networks, text))
		return;
	if (networks.count < 1 || networks.count > NETWORKS_MOST)
		abort();
	for (int i = 0; i < networks.count; i++)
		if (!networks_have(&networks, &networks.list[i].address))
			abort();
	networks_have(&networks, &any);
}

/* Whatever the bytes, what comes out is JSON. */
static void
check_json(const char *bytes, size_t size)
{
	Text		out = {0};
	json_t	   *value;

	text_add_json_bytes(&out, bytes, size);
	value = json_loadb(out.data, out.length,
					   JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (!json_is_string(value))
		abort();
	json_decref(value);
	text_free(&out);
}

/* Looked at one by one or eight at once, the bytes are the same. */
static void
check_value(const char *bytes, size_t size)
{
	bool		good = true;

	for (size_t i = 0; i < size; i++)
		good &= is_field_value(bytes + i, 1);
	if (is_field_value(bytes, size) != good)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text;

	if (size == 0)
		return 0;
	/* A copy with its end where the sanitizer sees what is read past it. */
	text = malloc(size);
	if (text == NULL)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0] % 7)
	{
		case 0:
			check_tags(text);
			break;
		case 1:
			check_media(text);
			break;
		case 2:
			check_ids(text);
			break;
		case 3:
			check_address(text);
			break;
		case 4:
			check_forwarded(text);
			break;
		case 5:
			check_networks(text);
			break;
		case 6:
			check_json(text, size - 1);
			check_value(text, size - 1);
			break;
	}
	free(text);
	return 0;
}
