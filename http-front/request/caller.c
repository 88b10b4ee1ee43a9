/*
 * request/caller.c
 *		Who sends a request.
 */
#include "request/caller.h"

#include <string.h>
#include <strings.h>

#include "config.h"

/*
 * Only the last word of X-Forwarded-Proto counts, and only from a trusted
 * proxy.
 */
static bool
is_secure(const Client *client, const Head *head)
{
	const char *proto = head->fields[FIELD_FORWARDED_PROTO];
	size_t		length;

	if (!client->proxy || proto == NULL)
		return config.tls_cert != NULL;
	proto = last_word(proto, &length);
	return length == strlen("https") && strncasecmp(proto, "https", length) == 0;
}

void
caller_locate(Caller *caller, const Client *client, const Head *head)
{
	const char *forwarded = head->fields[FIELD_FORWARDED_FOR];

	if (client == NULL)
		return;
	caller->secure = is_secure(client, head);
	caller->address = client->address;
	caller->address_text = client->text;
	if (!client->proxy || forwarded == NULL)
		return;
	forwarded_client(forwarded, client_proxies(), &caller->address);
	address_write(&caller->address, caller->address_room);
	caller->address_text = caller->address_room;
}
