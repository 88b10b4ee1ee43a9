/*
 * config.c
 *		The DPMETA_* environment variables: one table reads them, refuses what
 *		it does not know, and prints --help.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "auth/token/options.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "db/database_url.h"

#define PREFIX "DPMETA_"

Config		config;

typedef enum Kind
{
	KIND_TEXT,
	KIND_DATABASE,				/* a secret, because it may hold a password */
	KIND_SECRET,
	KIND_NUMBER,
	KIND_RANGE,					/* a number, or two with ".." between */
	KIND_SIZE,					/* bytes, with kB and MB */
	KIND_TIME,					/* milliseconds, with ms, s, min and h */
	KIND_RATE,					/* a number in a time */
	KIND_SWITCH,				/* on or off */
	KIND_WORD,					/* one of the setting's words */
	KIND_OTHERS					/* known, but not for this program */
} Kind;

typedef struct Word
{
	const char *name;
	long		value;
} Word;

typedef struct Unit
{
	const char *name;
	long		factor;
} Unit;

typedef struct Setting
{
	const char *name;
	Kind		kind;
	size_t		offset;
	const char *initial;		/* NULL: unset */
	long		least;
	long		most;
	const Word *words;
	const char *meaning;
} Setting;

static const Word AUTH_WORDS[] = {
	{"on", AUTH_ON},
	{"off", AUTH_OFF},
	{"off-trusted-network", AUTH_OFF_ANYWHERE},
	{NULL, 0}
};

static const Word LOG_WORDS[] = {
	{"probes", LOG_PROBES},
	{"requests", LOG_REQUESTS},
	{"info", LOG_INFO},
	{"warnings", LOG_WARNINGS},
	{"errors", LOG_ERRORS},
	{NULL, 0}
};

static const Unit SIZE_UNITS[] = {
	{"", 1}, {"B", 1}, {"kB", 1024}, {"MB", 1024 * 1024},
	{"GB", 1024 * 1024 * 1024}, {NULL, 0}
};

static const Unit TIME_UNITS[] = {
	{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {NULL, 0}
};

#define AT(member) offsetof(Config, member)
#define MINUTES(n) ((n) * 60000L)
#define MEGABYTES(n) ((n) * 1024L * 1024L)

static const Setting SETTINGS[] = {
	{"DPMETA_DATABASE_URL", KIND_DATABASE, AT(database_url),
		"postgresql:///dpmeta", 0, 0, NULL,
	"where writes go, and reads too unless DPMETA_READ_DATABASE_URL is set; a libpq URI, which may name several hosts"},
	{"DPMETA_DATABASE_PASSWORD", KIND_SECRET, AT(database_password),
		NULL, 0, 0, NULL,
	"the password for DPMETA_DATABASE_URL; it comes before one in the URL and PGPASSWORD"},
	{"DPMETA_READ_DATABASE_URL", KIND_DATABASE, AT(read_database_url),
		NULL, 0, 0, NULL,
	"where reads go, for example a standby"},
	{"DPMETA_READ_DATABASE_PASSWORD", KIND_SECRET, AT(read_database_password),
		NULL, 0, 0, NULL,
	"the password for DPMETA_READ_DATABASE_URL; if not set, DPMETA_DATABASE_PASSWORD"},
	{"DPMETA_LISTEN", KIND_TEXT, AT(listen), "127.0.0.1", 0, 0, NULL,
	"the address to listen on"},
	{"DPMETA_PORT", KIND_NUMBER, AT(port), "8000", 0, 65535, NULL,
	"the port to listen on; 0 takes a free one, which the log names"},
	{"DPMETA_REUSE_PORT", KIND_SWITCH, AT(reuse_port), "off", 0, 0, NULL,
	"several processes may listen on the same port, one for each core"},
	{"DPMETA_LANES", KIND_RANGE, AT(lanes), "8..40", 1, 256, NULL,
	"database connections: those that are always there, of which writes have at most half, lists and slow reads at most half, and short reads always one; and how many there may be while writes wait, at most half of the server's max_connections"},
	{"DPMETA_READ_LANES", KIND_NUMBER, AT(read_lanes), "8", 1, 64, NULL,
	"connections to DPMETA_READ_DATABASE_URL"},
	{"DPMETA_PIPELINE", KIND_NUMBER, AT(pipeline), "8", 1, 64, NULL,
	"short reads that may share one connection when none is idle"},
	{"DPMETA_QUEUE", KIND_NUMBER, AT(queue), "4096", 0, 1000000, NULL,
	"requests of each kind (writes, slow reads, short reads) that may wait for a connection; further ones get 503"},
	{"DPMETA_QUEUE_TIMEOUT", KIND_TIME, AT(queue_timeout), "5s", 1, MINUTES(60), NULL,
	"how long a request may wait for a connection; then it gets 503"},
	{"DPMETA_STATEMENT_TIMEOUT", KIND_TIME, AT(statement_timeout), "30s", 1, MINUTES(60), NULL,
	"how long the database may take for a request; then it gets 503"},
	{"DPMETA_POSITION_TIMEOUT", KIND_TIME, AT(position_timeout), "1s", 0, MINUTES(1), NULL,
	"how long a read waits for a standby to reach its Dpmeta-Position; then the primary answers it"},
	{"DPMETA_CONNECT_TIMEOUT", KIND_TIME, AT(connect_timeout), "5s", 1000, MINUTES(60), NULL,
	"how long connecting to one database host may take"},
	{"DPMETA_LANE_LIFETIME", KIND_TIME, AT(lane_lifetime), "10min", 0, MINUTES(60 * 24), NULL,
	"a database connection is replaced after this, so that a standby that came back is used again; 0s: never"},
	{"DPMETA_IDLE_TIMEOUT", KIND_TIME, AT(idle_timeout), "60s", 1000, MINUTES(60), NULL,
	"an HTTP connection on which nothing happens is closed after this"},
	{"DPMETA_HEAD_TIMEOUT", KIND_TIME, AT(head_timeout), "10s", 100, MINUTES(60), NULL,
	"how long the head of a request may take behind its first line; then its connection is closed"},
	{"DPMETA_REQUEST_TIMEOUT", KIND_TIME, AT(request_timeout), "30s", 100, MINUTES(60), NULL,
	"how long a client may take to send a request; then its connection is closed"},
	{"DPMETA_ANSWER_TIMEOUT", KIND_TIME, AT(answer_timeout), "10min", 100, MINUTES(600), NULL,
	"how long a client may take to receive an answer; then its connection is closed"},
	{"DPMETA_DRAIN_TIMEOUT", KIND_TIME, AT(drain_timeout), "30s", 1, MINUTES(60), NULL,
	"how long SIGTERM waits for requests in flight"},
	{"DPMETA_MEMORY", KIND_SIZE, AT(memory), NULL, MEGABYTES(32), MEGABYTES(1024 * 1024), NULL,
	"memory that the process may use; if not set, the limit of its control group, and without one what the other settings add up to; what they may take beyond it is lowered, or refused where it was set"},
	{"DPMETA_MAX_BODY", KIND_SIZE, AT(max_body), "1MB", 1, MEGABYTES(256), NULL,
	"larger request bodies get 413"},
	{"DPMETA_MAX_BODIES", KIND_SIZE, AT(max_bodies), "64MB", 2, MEGABYTES(65536), NULL,
	"memory for all request bodies that are under way, each of which takes twice its size; a request beyond it gets 503"},
	{"DPMETA_MAX_ANSWER", KIND_SIZE, AT(max_answer), "32MB", 65536, MEGABYTES(512), NULL,
	"a request for a larger document gets 413; a write that was done is answered without its document"},
	{"DPMETA_MAX_ANSWERS", KIND_SIZE, AT(max_answers), "128MB", MEGABYTES(1), MEGABYTES(65536), NULL,
	"memory for all documents that are not sent yet; a read beyond it gets 503"},
	{"DPMETA_MAX_HEADER", KIND_SIZE, AT(max_header), "8kB", 1024, MEGABYTES(1), NULL,
	"a longer request head gets 431; with authentication on, the Authorization header does not count"},
	{"DPMETA_TOKEN_ROOM", KIND_SIZE, AT(token_room), "20kB", 1024, MEGABYTES(1), NULL,
	"memory of each connection for an Authorization header; a longer one gets a bare 431 rather than a 401"},
	{"DPMETA_MAX_PATH", KIND_SIZE, AT(max_path), "4kB", 512, MEGABYTES(1), NULL,
	"a path that is longer, with its query, gets 414"},
	{"DPMETA_MAX_CONNECTIONS", KIND_NUMBER, AT(max_connections), "4096", 1, 1000000, NULL,
	"HTTP connections in all; more wait for a place as long as DPMETA_QUEUE_TIMEOUT says, and then get 503"},
	{"DPMETA_MAX_CONNECTIONS_PER_ADDRESS", KIND_NUMBER, AT(max_connections_per_address), "0", 0, 1000000, NULL,
	"HTTP connections from one IPv4 address or IPv6 /64; more are closed at once; 0: no limit; trusted proxies have none"},
	{"DPMETA_TRUSTED_PROXIES", KIND_TEXT, AT(trusted_proxies), NULL, 0, 0, NULL,
	"addresses and networks, such as 10.0.0.0/8, with commas between, whose X-Forwarded-For and X-Forwarded-Proto are believed"},
	{"DPMETA_PROXY_PROTOCOL", KIND_SWITCH, AT(proxy_protocol), "off", 0, 0, NULL,
	"connections from DPMETA_TRUSTED_PROXIES begin with the PROXY protocol, version 1 or 2, which names the client; others are served as they are"},
	{"DPMETA_CORS_ORIGINS", KIND_TEXT, AT(cors_origins), NULL, 0, 0, NULL,
	"origins, such as https://app.example.org, with commas between, whose pages may use the interface; * for all"},
	{"DPMETA_RATE_LIMIT", KIND_RATE, AT(rate_limit), NULL, 1, 1000000, NULL,
	"requests that each caller, or each address without a valid token, may send to this process; further ones get 429"},
	{"DPMETA_TLS_CERT", KIND_TEXT, AT(tls_cert), NULL, 0, 0, NULL,
	"a file with the certificate (PEM), followed by those of its issuers; with it https is served instead of http; SIGHUP loads it again"},
	{"DPMETA_TLS_KEY", KIND_TEXT, AT(tls_key), NULL, 0, 0, NULL,
	"the file with its private key (PEM)"},
	{"DPMETA_AUTH", KIND_WORD, AT(auth), "on", 0, 0, AUTH_WORDS,
	"off lets everyone do everything, and needs a loopback address; off-trusted-network does the same on any address"},
	{"DPMETA_OIDC_ISSUER", KIND_TEXT, AT(oidc_issuer), NULL, 0, 0, NULL,
	"the OpenID Connect provider whose tokens are accepted, exactly as it calls itself; https, or http on loopback"},
	{"DPMETA_OIDC_AUDIENCE", KIND_TEXT, AT(oidc_audience), NULL, 0, 0, NULL,
	"what a token's aud must contain; of several, with commas between, any one"},
	{"DPMETA_OIDC_CA_FILE", KIND_TEXT, AT(oidc_ca_file), NULL, 0, 0, NULL,
	"certificate authorities (PEM) for reaching the provider, in place of the system's"},
	{"DPMETA_AZURE_TENANT_ID", KIND_TEXT, AT(azure_tenant_id), NULL, 0, 0, NULL,
	"Microsoft Entra ID: the tenant whose tokens, v1 and v2, are accepted; in place of DPMETA_OIDC_*"},
	{"DPMETA_AZURE_APP_CLIENT_ID", KIND_TEXT, AT(azure_client_id), NULL, 0, 0, NULL,
	"Microsoft Entra ID: the application's client ID; aud must be that, or api:// followed by it"},
	{"DPMETA_AZURE_AUTHORITY", KIND_TEXT, AT(azure_authority),
		TOKEN_DEFAULT_AUTHORITY, 0, 0, NULL,
	"Microsoft Entra ID: the login host, another one for national clouds; https, or http on loopback"},
	{"DPMETA_AZURE_V1_ISSUER", KIND_TEXT, AT(azure_v1_issuer), NULL, 0, 0, NULL,
	"Microsoft Entra ID: the issuer of version 1 tokens, without the tenant; if not set, that of the login host's cloud, mostly https://sts.windows.net"},
	{"DPMETA_ROLES_CLAIM", KIND_TEXT, AT(roles_claim),
		TOKEN_DEFAULT_ROLES_CLAIM, 0, 0, NULL,
	"the claim with the caller's roles: a name or a path such as realm_access.roles; several with commas between, scp and scope among them"},
	{"DPMETA_PRODUCER_ROLE", KIND_TEXT, AT(producer_role),
		TOKEN_DEFAULT_PRODUCER_ROLE, 0, 0, NULL,
	"the role that may register and update"},
	{"DPMETA_STEWARD_ROLE", KIND_TEXT, AT(steward_role),
		TOKEN_DEFAULT_STEWARD_ROLE, 0, 0, NULL,
	"the role that may also publish, retire, delete and restore"},
	{"DPMETA_TOKEN_LEEWAY", KIND_TIME, AT(token_leeway), "60s", 0, TOKEN_MAX_LEEWAY * 1000L, NULL,
	"how far clocks may differ when a token's times are checked; in whole seconds"},
	{"DPMETA_KEYS_REFRESH", KIND_TIME, AT(keys_refresh), "15min", 1000, MINUTES(60 * 24), NULL,
	"how often the provider's keys are fetched again"},
	{"DPMETA_KEYS_REFETCH", KIND_TIME, AT(keys_refetch), "10s", 1000, MINUTES(60), NULL,
	"for a token with an unknown key they are fetched at once, but not more often than this"},
	{"DPMETA_KEYS_MAX_AGE", KIND_TIME, AT(keys_max_age), "24h", 1000, MINUTES(60 * 24 * 30), NULL,
	"how long the keys of a provider that cannot be reached are trusted; then tokens get 503"},
	{"DPMETA_DOCS_CLIENT_ID", KIND_TEXT, AT(docs_client_id), NULL, 0, 0, NULL,
	"the client ID with which /docs logs in, by authorization code with PKCE; a public client whose redirect address is /oauth2-redirect"},
	{"DPMETA_DOCS_SCOPE", KIND_TEXT, AT(docs_scope), NULL, 0, 0, NULL,
	"the scopes that /docs asks for, separated by blanks"},
	{"DPMETA_LOG", KIND_WORD, AT(log), "requests", 0, 0, LOG_WORDS,
	"what is logged: probes, requests, info, warnings or errors, each with those after it; probes are /health, /ready and /metrics that succeed"},
	{"DPMETA_HOME", KIND_OTHERS, 0, NULL, 0, 0, NULL,
	"where make run keeps its cluster; this program does not look at it"},
};

#define SETTING_COUNT (sizeof(SETTINGS) / sizeof(SETTINGS[0]))
#define FILE_SUFFIX "_FILE"

/* Where the value of each setting comes from: a variable, or a file. */
static struct
{
	bool		given;
	Watched		file;
}			sources[SETTING_COUNT];

static bool
is_secret(const Setting *setting)
{
	return setting->kind == KIND_DATABASE || setting->kind == KIND_SECRET;
}

static bool
parse_scaled(const Setting *setting, const char *value, const Unit *units,
			 long *result)
{
	char	   *end;
	long		number;

	if (!isdigit((unsigned char) value[0]))
		return false;
	errno = 0;
	number = strtol(value, &end, 10);
	if (errno != 0)
		return false;
	for (; units->name != NULL; units++)
	{
		if (strcmp(end, units->name) != 0)
			continue;
		if (number > LONG_MAX / units->factor)
			return false;
		*result = number * units->factor;
		return *result >= setting->least && *result <= setting->most;
	}
	return false;
}

static bool
parse_rate(const Setting *setting, const char *value, Rate *rate)
{
	static const Unit per[] = {
		{"/s", 1}, {"/min", 60}, {"/h", 3600}, {NULL, 0}
	};
	char	   *end;

	if (!isdigit((unsigned char) value[0]))
		return false;
	errno = 0;
	rate->count = strtol(value, &end, 10);
	if (errno != 0 || rate->count < setting->least || rate->count > setting->most)
		return false;
	for (const Unit *unit = per; unit->name != NULL; unit++)
	{
		rate->seconds = unit->factor;
		if (strcmp(end, unit->name) == 0)
			return true;
	}
	return false;
}

static bool
parse_range(const Setting *setting, const char *value, Range *range)
{
	char	   *end;

	if (!isdigit((unsigned char) value[0]))
		return false;
	errno = 0;
	range->least = range->most = strtol(value, &end, 10);
	if (strncmp(end, "..", 2) == 0 && isdigit((unsigned char) end[2]))
		range->most = strtol(end + 2, &end, 10);
	return errno == 0 && *end == '\0' && range->least >= setting->least &&
		range->most >= range->least && range->most <= setting->most;
}

static bool
parse_word(const char *value, const Word *words, long *result)
{
	for (; words->name != NULL; words++)
	{
		if (strcmp(value, words->name) != 0)
			continue;
		*result = words->value;
		return true;
	}
	return false;
}

static bool
parse_switch(const char *value, bool *result)
{
	*result = strcmp(value, "on") == 0;
	return *result || strcmp(value, "off") == 0;
}

static bool
set_value(const Setting *setting, const char *value)
{
	static const Unit no_units[] = {{"", 1}, {NULL, 0}};
	void	   *place = (char *) &config + setting->offset;

	switch (setting->kind)
	{
		case KIND_TEXT:
		case KIND_SECRET:
			*(const char **) place = value;
			return value == NULL || value[0] != '\0';
		case KIND_DATABASE:
			*(const char **) place = value;
			return database_url_fault(value) == NULL;
		case KIND_NUMBER:
			return parse_scaled(setting, value, no_units, place);
		case KIND_RANGE:
			return parse_range(setting, value, place);
		case KIND_SIZE:
			return parse_scaled(setting, value, SIZE_UNITS, place);
		case KIND_TIME:
			return parse_scaled(setting, value, TIME_UNITS, place);
		case KIND_RATE:
			return parse_rate(setting, value, place);
		case KIND_SWITCH:
			return parse_switch(value, place);
		case KIND_WORD:
			return parse_word(value, setting->words, place);
		case KIND_OTHERS:
			return true;
	}
	return false;
}

static void
add_expected(Text *out, const Setting *setting)
{
	switch (setting->kind)
	{
		case KIND_DATABASE:
			text_add(out, "a libpq URI, such as "
					 "postgresql://USER@HOST:5432/DATABASE");
			break;
		case KIND_NUMBER:
			text_format(out, "a number from %ld to %ld", setting->least,
						setting->most);
			break;
		case KIND_RANGE:
			text_format(out, "a number from %ld to %ld, or two such as 8..40",
						setting->least, setting->most);
			break;
		case KIND_SIZE:
			text_format(out, "a size from %ldB to %ldB, such as 512kB or 1MB",
						setting->least, setting->most);
			break;
		case KIND_TIME:
			text_format(out, "a time from %ldms to %ldms, such as 500ms, 5s, "
						"1min or 24h", setting->least, setting->most);
			break;
		case KIND_RATE:
			text_format(out, "a number from %ld to %ld in a time, such as "
						"100/s, 600/min or 1000/h", setting->least,
						setting->most);
			break;
		case KIND_SWITCH:
			text_add(out, "on or off");
			break;
		case KIND_WORD:
			for (const Word *word = setting->words; word->name; word++)
				text_format(out, "%s%s", word == setting->words ? "" : ", ",
							word->name);
			break;
		case KIND_TEXT:
		case KIND_SECRET:
		case KIND_OTHERS:
			text_add(out, "a text that is not empty");
	}
}

/* What the setting accepts, for a sentence; the caller frees it. */
static Text
expected(const Setting *setting)
{
	Text		text = {0};

	add_expected(&text, setting);
	return text;
}

static const Setting *
find_setting(const char *name, size_t length)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (strlen(SETTINGS[i].name) == length &&
			memcmp(SETTINGS[i].name, name, length) == 0)
			return &SETTINGS[i];
	return NULL;
}

/*
 * Blanks and newlines at the end of a value are nobody's intention.  Of a secret
 * only the newline goes that a file ends with, because a password may end with a
 * blank.
 */
static char *
trimmed(const Setting *setting, const char *value)
{
	char	   *copy = strdup(value);
	size_t		length = copy != NULL ? strlen(copy) : 0;

	if (setting->kind == KIND_SECRET)
	{
		if (length > 0 && copy[length - 1] == '\n')
			copy[length - 1] = '\0';
		return copy;
	}
	while (length > 0 && isspace((unsigned char) copy[length - 1]))
		copy[--length] = '\0';
	return copy;
}

/* The value is not told: a database URL may hold a password. */
static void
refuse_value(const Setting *setting, const char *value)
{
	const char *fault = setting->kind == KIND_DATABASE ?
		database_url_fault(value) : NULL;
	Text		takes = expected(setting);

	if (fault != NULL)
		log_refusal("malformed value of %s: %s", setting->name, fault);
	else
		log_refusal("malformed value of %s: it takes %s", setting->name,
					text_failed(&takes) ? "another" : takes.data);
	text_free(&takes);
}

/*
 * A value that is refused leaves the default, so that whoever goes on to look
 * for more faults finds a value that can be used.
 */
static bool
take_value(const Setting *setting, const char *value)
{
	if (value != NULL && set_value(setting, value))
		return true;
	refuse_value(setting, value != NULL ? value : "");
	if (setting->initial != NULL)
		set_value(setting, setting->initial);
	else
		memset((char *) &config + setting->offset, 0,
			   setting->kind == KIND_RATE ? sizeof(Rate) : sizeof(void *));
	return false;
}

/* Text is kept as it is; what was only read, or refused, is not. */
static bool
is_kept(const Setting *setting, const char *value)
{
	const void *place = (const char *) &config + setting->offset;

	switch (setting->kind)
	{
		case KIND_TEXT:
		case KIND_SECRET:
		case KIND_DATABASE:
			return *(const char *const *) place == value;
		default:
			return false;
	}
}

static bool
take_text(const Setting *setting, char *value)
{
	bool		good = take_value(setting, value);

	if (!is_kept(setting, value))
		free(value);
	return good;
}

static bool
take_file(const Setting *setting, const char *path)
{
	char		reason[200];
	char	   *read = file_read(path, reason, sizeof(reason));
	char	   *value;

	watched_start(&sources[setting - SETTINGS].file, path);
	if (read == NULL)
	{
		log_refusal("%s%s cannot be used: %s: %s", setting->name, FILE_SUFFIX,
					path, reason);
		return false;
	}
	value = setting->kind == KIND_SECRET ? read : trimmed(setting, read);
	if (value != read)
		free(read);
	return take_text(setting, value);
}

/* NAME, or NAME_FILE of a secret. */
static const Setting *
find_variable(const char *name, size_t length, bool *is_file)
{
	const Setting *setting = find_setting(name, length);
	size_t		suffix = strlen(FILE_SUFFIX);

	*is_file = false;
	if (setting != NULL || length <= suffix ||
		memcmp(name + length - suffix, FILE_SUFFIX, suffix) != 0)
		return setting;
	*is_file = true;
	setting = find_setting(name, length - suffix);
	return setting != NULL && is_secret(setting) ? setting : NULL;
}

static bool
load_variable(const char *variable)
{
	const char *equals = strchr(variable, '=');
	const Setting *setting;
	size_t		length;
	bool		is_file;

	if (equals == NULL || strncmp(variable, PREFIX, strlen(PREFIX)) != 0)
		return true;
	length = (size_t) (equals - variable);
	setting = find_variable(variable, length, &is_file);
	if (setting == NULL)
	{
		log_refusal("unknown variable %.*s: dpmeta-http --help lists those "
					"that there are", (int) length, variable);
		return false;
	}
	if (sources[setting - SETTINGS].given)
	{
		log_refusal("%s and %s%s are both set: one of them must go",
					setting->name, setting->name, FILE_SUFFIX);
		return false;
	}
	sources[setting - SETTINGS].given = true;
	if (is_file)
		return take_file(setting, equals + 1);
	return take_text(setting, trimmed(setting, equals + 1));
}

/* libpq's own variable, which platforms fill from a file, too. */
static void
trim_library_password(void)
{
	const char *value = getenv("PGPASSWORD");
	size_t		length = value != NULL ? strlen(value) : 0;
	char	   *copy;

	if (length == 0 || value[length - 1] != '\n')
		return;
	copy = strndup(value, length - 1);
	if (copy != NULL)
		setenv("PGPASSWORD", copy, 1);
	free(copy);
}

bool
config_load(char **environment)
{
	bool		good = true;

	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (SETTINGS[i].initial != NULL)
			set_value(&SETTINGS[i], SETTINGS[i].initial);
	for (; *environment != NULL; environment++)
		good = load_variable(*environment) && good;
	trim_library_password();
	return good;
}

/* One that is of no use is as if it had not been replaced. */
static bool
reread(const Setting *setting)
{
	const char **place = (const char **) ((char *) &config + setting->offset);
	const char *before = *place;
	const char *path = sources[setting - SETTINGS].file.path;
	char		reason[200];
	char	   *value = file_read(path, reason, sizeof(reason));
	const char *fault = value == NULL ? reason : NULL;

	if (value != NULL && setting->kind == KIND_DATABASE)
	{
		char	   *whole = value;

		value = trimmed(setting, whole);
		secret_free(whole);
		fault = value == NULL ? "out of memory" : database_url_fault(value);
	}
	if (fault != NULL)
	{
		log_event(LOG_ERRORS, "secret-kept", "%s%s cannot be used: %s: %s",
				  setting->name, FILE_SUFFIX, path, fault);
		secret_free(value);
		return false;
	}
	if (before != NULL && strcmp(before, value) == 0)
	{
		secret_free(value);
		return false;
	}
	/* Whoever needs it longer has a copy. */
	secret_free((char *) before);
	*place = value;
	return true;
}

bool
config_reread(void)
{
	bool		changed = false;

	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (watched_changed(&sources[i].file))
			changed = reread(&SETTINGS[i]) || changed;
	return changed;
}

bool
config_is_set(const void *member)
{
	size_t		offset = (size_t) ((const char *) member - (char *) &config);

	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (SETTINGS[i].kind != KIND_OTHERS && SETTINGS[i].offset == offset)
			return sources[i].given;
	return false;
}

void
config_help(FILE *out)
{
	fputs("dpmeta-http serves the dpmeta extension's functions over HTTP.\n\n"
		  "Usage:\n"
		  "  dpmeta-http            serve until SIGTERM or SIGINT\n"
		  "  dpmeta-http --help     show this\n"
		  "  dpmeta-http --version  show the version\n"
		  "  dpmeta-http --health   ask the one that runs with the same variables for\n"
		  "                         /health; exit status 0 when it answers 200\n"
		  "  dpmeta-http --ready    the same with /ready\n"
		  "  dpmeta-http --check    say all that is wrong with the variables; exit\n"
		  "                         status 0 when nothing is\n"
		  "  dpmeta-http --check=connect\n"
		  "                         the same, and reach the databases and the identity\n"
		  "                         provider\n\n"
		  "It is configured by these environment variables and by nothing "
		  "else:\n", out);
	for (size_t i = 0; i < SETTING_COUNT; i++)
	{
		const Setting *setting = &SETTINGS[i];
		Text		takes;

		fprintf(out, "\n  %s (default: %s)\n      %s\n", setting->name,
				setting->initial ? setting->initial : "none",
				setting->meaning);
		if (is_secret(setting))
			fprintf(out, "      or %s%s: a file with it, which is read again "
					"when it is replaced\n", setting->name, FILE_SUFFIX);
		if (setting->kind == KIND_TEXT || setting->kind == KIND_SECRET || setting->kind == KIND_OTHERS)
			continue;
		takes = expected(setting);
		fprintf(out, "      takes %s\n", text_failed(&takes) ? "" : takes.data);
		text_free(&takes);
	}
}
