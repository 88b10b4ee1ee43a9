/*
 * db/database_url.c
 *		What a database URL must be like for the front to start with it.
 *
 * libpq's own words are not shown: they quote what it could not read, which
 * may be a password.  For the same reason a URL is refused that libpq would
 * read, but not as it was meant: with a password in which @ or / stand for
 * themselves, a part of it would be taken for the host, and be logged as a
 * host that could not be found.
 */
#include "db/database_url.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

/* "h1,h2" may come with "1,2" or "1"; an empty one is the default. */
static bool
ports_valid(const char *ports)
{
	while (ports != NULL && *ports != '\0')
	{
		size_t		length = strspn(ports, "0123456789");
		long		port = strtol(ports, NULL, 10);

		if (length > 0 && (length > 5 || port < 1 || port > 65535))
			return false;
		if (ports[length] != ',' && ports[length] != '\0')
			return false;
		ports += length + (ports[length] == ',');
	}
	return true;
}

static bool
options_valid(const char *url)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	bool		valid = options != NULL;

	for (const PQconninfoOption *o = options; valid && o->keyword; o++)
		valid = strcmp(o->keyword, "port") != 0 || ports_valid(o->val);
	PQconninfoFree(options);
	return valid;
}

/*
 * As libpq splits it: a user and a password end at the first @, unless a / was
 * before.  No other @ may be there, up to the parameters.
 */
static bool
authority_is_plain(const char *rest)
{
	size_t		user = strcspn(rest, "@/");

	if (rest[user] == '@')
		rest += user + 1;
	return memchr(rest, '@', strcspn(rest, "?")) == NULL;
}

bool
database_url_valid(const char *url)
{
	const char *rest = strstr(url, "://");

	/* libpq takes any other word for the name of a database. */
	if (strncmp(url, "postgresql://", strlen("postgresql://")) == 0 ||
		strncmp(url, "postgres://", strlen("postgres://")) == 0)
		return authority_is_plain(rest + strlen("://")) && options_valid(url);
	return strchr(url, '=') != NULL && options_valid(url);
}
