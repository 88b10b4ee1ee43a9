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

#define MALFORMED \
	"it takes a libpq URI, such as postgresql://USER@HOST:5432/DATABASE; " \
	"in a password @ is written %40, / %2F, % %25"

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
is_one_of(const char *value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(value, *words) == 0)
			return true;
	return false;
}

/* Those whose words libpq looks at only when it connects. */
static const char *
option_fault(const PQconninfoOption *option)
{
	static const char *const ssl_modes[] = {
		"disable", "allow", "prefer", "require", "verify-ca", "verify-full", NULL
	};
	static const char *const attributes[] = {
		"any", "read-write", "read-only", "primary", "standby",
		"prefer-standby", NULL
	};

	if (option->val == NULL || option->val[0] == '\0')
		return NULL;
	if (strcmp(option->keyword, "port") == 0 && !ports_valid(option->val))
		return MALFORMED;
	if (strcmp(option->keyword, "sslmode") == 0 &&
		!is_one_of(option->val, ssl_modes))
		return "its sslmode must be disable, allow, prefer, require, verify-ca "
			"or verify-full, with a hyphen";
	if (strcmp(option->keyword, "target_session_attrs") == 0 &&
		!is_one_of(option->val, attributes))
		return "its target_session_attrs must be any, read-write, read-only, "
			"primary, standby or prefer-standby, with a hyphen";
	return NULL;
}

static const char *
options_fault(const char *url)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	const char *fault = options == NULL ? MALFORMED : NULL;

	for (const PQconninfoOption *o = options; fault == NULL && o && o->keyword; o++)
		fault = option_fault(o);
	PQconninfoFree(options);
	return fault;
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

const char *
database_url_fault(const char *url)
{
	const char *rest = strstr(url, "://");

	/* libpq takes any other word for the name of a database. */
	if (strncmp(url, "postgresql://", strlen("postgresql://")) == 0 ||
		strncmp(url, "postgres://", strlen("postgres://")) == 0)
		return authority_is_plain(rest + strlen("://")) ? options_fault(url) :
			MALFORMED;
	return strchr(url, '=') != NULL ? options_fault(url) : MALFORMED;
}

void
database_url_files(const char *url, void (*take) (void *arg, const char *path),
				   void *arg)
{
	static const char *const keywords[] = {
		"passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl", NULL
	};
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	for (const PQconninfoOption *o = options; o && o->keyword; o++)
		if (o->val != NULL && is_one_of(o->keyword, keywords))
			take(arg, o->val);
	PQconninfoFree(options);
}
