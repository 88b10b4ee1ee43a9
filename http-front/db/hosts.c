/*
 * db/hosts.c
 *		The hosts of a database URL, begun with another one than the first.
 */
#include "db/hosts.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

/* "a,b,c" by one place is "b,c,a"; NULL when it is not worth it. */
static char *
turn_list(const char *list, unsigned turn)
{
	unsigned	count = 1;
	const char *from = list;
	char	   *turned;

	if (list == NULL)
		return NULL;
	for (const char *c = list; *c != '\0'; c++)
		count += *c == ',';
	if (turn % count == 0)
		return NULL;
	for (unsigned i = 0; i < turn % count; i++)
		from = strchr(from, ',') + 1;
	if (asprintf(&turned, "%s,%.*s", from, (int) (from - list - 1), list) < 0)
		return NULL;
	return turned;
}

/*
 * The URL's own connect_timeout holds, unless it says that there is no end:
 * a wait without one would never be given up.
 */
static void
note_timeout(Hosts *hosts, const char *seconds)
{
	if (seconds != NULL && strtol(seconds, NULL, 10) > 0)
		snprintf(hosts->timeout, sizeof(hosts->timeout), "%ld",
				 strtol(seconds, NULL, 10));
}

void
hosts_of_url(Hosts *hosts, const char *url, unsigned turn)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	memset(hosts, 0, sizeof(*hosts));
	snprintf(hosts->timeout, sizeof(hosts->timeout), "%ld",
			 (config.connect_timeout + 999) / 1000);
	for (const PQconninfoOption *o = options; o && o->keyword; o++)
	{
		if (strcmp(o->keyword, "host") == 0)
			hosts->host = turn_list(o->val, turn);
		else if (strcmp(o->keyword, "hostaddr") == 0)
			hosts->hostaddr = turn_list(o->val, turn);
		else if (strcmp(o->keyword, "port") == 0)
			hosts->port = turn_list(o->val, turn);
		else if (strcmp(o->keyword, "connect_timeout") == 0)
			note_timeout(hosts, o->val);
	}
	PQconninfoFree(options);
}

void
hosts_free(Hosts *hosts)
{
	free(hosts->host);
	free(hosts->hostaddr);
	free(hosts->port);
}
