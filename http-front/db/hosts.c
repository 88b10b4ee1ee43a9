/*
 * db/hosts.c
 *		The hosts of a database URL, each apart.
 */
#include "db/hosts.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

/* libpq takes no shorter timeout. */
#define SECONDS_LEAST 2

static const char *
option_value(const PQconninfoOption *options, const char *keyword)
{
	for (const PQconninfoOption *o = options; o && o->keyword; o++)
		if (strcmp(o->keyword, keyword) == 0)
			return o->val;
	return NULL;
}

static bool
is_word(const char *value, const char *word)
{
	return value != NULL && strcmp(value, word) == 0;
}

static unsigned
list_length(const char *list)
{
	unsigned	length = 1;

	for (; list != NULL && *list != '\0'; list++)
		length += *list == ',';
	return length;
}

/* One of "a,b,c"; NULL when there is only one, which stands for all. */
static char *
list_item(const char *list, unsigned place)
{
	unsigned	length = list_length(list);

	if (length == 1)
		return NULL;
	for (unsigned i = 0; i < place % length; i++)
		list = strchr(list, ',') + 1;
	return strndup(list, strcspn(list, ","));
}

static unsigned
count_hosts(const PQconninfoOption *options)
{
	const char *attributes = option_value(options, "target_session_attrs");
	const char *balance = option_value(options, "load_balance_hosts");
	unsigned	hosts = list_length(option_value(options, "host"));
	unsigned	addresses = list_length(option_value(options, "hostaddr"));

	if (is_word(attributes, "prefer-standby") ||
		(balance != NULL && !is_word(balance, "disable")))
		hosts = addresses = 1;
	return hosts > addresses ? hosts : addresses;
}

unsigned
hosts_count(const char *url)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	unsigned	count = count_hosts(options);

	PQconninfoFree(options);
	return count;
}

/*
 * The URL's own connect_timeout holds, unless it says that there is no end:
 * a wait without one would never be given up.
 */
static void
note_timeout(Host *host, const char *given)
{
	host->seconds = given != NULL ? strtol(given, NULL, 10) : 0;
	if (host->seconds <= 0)
		host->seconds = (config.connect_timeout + 999) / 1000;
	if (host->seconds < SECONDS_LEAST)
		host->seconds = SECONDS_LEAST;
	snprintf(host->timeout, sizeof(host->timeout), "%ld", host->seconds);
}

void
host_of_url(Host *host, const char *url, unsigned place)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	memset(host, 0, sizeof(*host));
	note_timeout(host, option_value(options, "connect_timeout"));
	host->only = count_hosts(options) == 1;
	if (!host->only)
	{
		host->host = list_item(option_value(options, "host"), place);
		host->hostaddr = list_item(option_value(options, "hostaddr"), place);
		host->port = list_item(option_value(options, "port"), place);
	}
	PQconninfoFree(options);
}

void
host_free(Host *host)
{
	free(host->host);
	free(host->hostaddr);
	free(host->port);
}
