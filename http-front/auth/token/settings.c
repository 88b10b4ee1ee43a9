/*
 * auth/token/settings.c
 *		Which issuers, audiences, claims and roles the configuration means.
 */
#include "auth/token/settings.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GUID_LENGTH 36
#define MAX_INTERVAL 86400		/* seconds */

/* Entra ID's clouds: in whose name tokens of version 1 are signed. */
#define AZURE_V1_ISSUER "https://sts.windows.net"
static const struct
{
	const char *authority;
	const char *v1_issuer;
}			azure_clouds[] = {
	{"https://login.partner.microsoftonline.cn", "https://sts.chinacloudapi.cn"},
	{"https://login.chinacloudapi.cn", "https://sts.chinacloudapi.cn"},
};

#define DISCOVERY_PATH "/.well-known/openid-configuration"

/* Where a check puts its sentence. */
typedef struct Complaint
{
	char	   *text;
	size_t		size;
} Complaint;

static bool complain(const Complaint *complaint, const char *format,...)
			__attribute__((format(printf, 2, 3)));
static char *keep(TokenSettings *settings, const char *format,...)
			__attribute__((format(printf, 2, 3)));

/* Write the sentence; false, so that a check can return it. */
static bool
complain(const Complaint *complaint, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	vsnprintf(complaint->text, complaint->size, format, arguments);
	va_end(arguments);
	return false;
}

/* Make a string that lives as long as the settings; NULL without memory. */
static char *
keep(TokenSettings *settings, const char *format,...)
{
	va_list		arguments;
	char	   *text = NULL;

	if (settings->string_count == SETTINGS_MAX_STRINGS)
		return NULL;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (text != NULL)
		settings->strings[settings->string_count++] = text;
	return text;
}

/*
 * Split a comma-separated value; blanks around the parts do not count.  False
 * when a part is empty or there are too many.
 */
static bool
split_list(TokenSettings *settings, const char *value,
		   const char **parts, size_t max, size_t *count)
{
	*count = 0;
	for (;;)
	{
		size_t		length = strcspn(value, ",");
		const char *start = value;
		size_t		kept = length;

		while (kept > 0 && isspace((unsigned char) *start))
			start++, kept--;
		while (kept > 0 && isspace((unsigned char) start[kept - 1]))
			kept--;
		if (kept == 0 || *count == max)
			return false;
		parts[*count] = keep(settings, "%.*s", (int) kept, start);
		if (parts[(*count)++] == NULL)
			return false;
		if (value[length] == '\0')
			return true;
		value += length + 1;
	}
}

static bool
read_role(TokenSettings *settings, const char *name, const char *value,
		  const char *standard, const char **out, const Complaint *complaint)
{
	if (value == NULL)
		value = standard;
	if (value[0] == '\0')
		return complain(complaint, "%s must not be empty", name);
	*out = keep(settings, "%s", value);
	return *out != NULL || complain(complaint, "out of memory");
}

static bool
read_policy(TokenSettings *settings, const TokenConfig *config,
			const Complaint *complaint)
{
	ClaimsPolicy *policy = &settings->policy;
	const char *claims = config->roles_claim != NULL ? config->roles_claim :
		TOKEN_DEFAULT_ROLES_CLAIM;

	policy->leeway = config->leeway;
	if (policy->leeway > TOKEN_MAX_LEEWAY)
		return complain(complaint, "DPMETA_TOKEN_LEEWAY must be at most %d "
						"seconds", TOKEN_MAX_LEEWAY);
	if (!split_list(settings, claims, policy->role_claims,
					CLAIMS_MAX_ROLE_CLAIMS, &policy->role_claim_count))
		return complain(complaint, "DPMETA_ROLES_CLAIM must name 1 to %d "
						"claims, with commas between",
						CLAIMS_MAX_ROLE_CLAIMS);
	return read_role(settings, "DPMETA_PRODUCER_ROLE", config->producer_role,
					 TOKEN_DEFAULT_PRODUCER_ROLE, &policy->producer_role,
					 complaint) &&
		read_role(settings, "DPMETA_STEWARD_ROLE", config->steward_role,
				  TOKEN_DEFAULT_STEWARD_ROLE, &policy->steward_role,
				  complaint);
}

/* Append an issuer; its audiences are filled in by the caller. */
static ClaimsIssuer *
add_issuer(TokenSettings *settings, char *issuer, char *discovery_url,
		   char *tenant, const Complaint *complaint)
{
	size_t		index = settings->issuer_count;

	if (issuer == NULL || discovery_url == NULL ||
		index == SETTINGS_MAX_ISSUERS)
	{
		complain(complaint, "out of memory");
		return NULL;
	}
	settings->issuers[index] = (ClaimsIssuer)
	{
		.issuer = issuer, .tenant = tenant
	};
	settings->sources[index] = (JwksSource)
	{
		.issuer = issuer, .discovery_url = discovery_url, .tenant = tenant
	};
	settings->issuer_count++;
	return &settings->issuers[index];
}

/* The length of a URL without the slash at its end. */
static int
length_without_slash(const char *url)
{
	size_t		length = strlen(url);

	return (int) (length > 0 && url[length - 1] == '/' ? length - 1 : length);
}

static bool
read_oidc(TokenSettings *settings, const TokenConfig *config,
		  const Complaint *complaint)
{
	const char *url = config->oidc_issuer;
	const char *objection;
	ClaimsIssuer *issuer;

	if (url == NULL || config->oidc_audience == NULL)
		return complain(complaint, "DPMETA_OIDC_ISSUER and "
						"DPMETA_OIDC_AUDIENCE must be set together");
	objection = url_objection(url);
	if (objection == NULL && strpbrk(url, "?#\"\\") != NULL)
		objection = "has a query, a fragment or a quote";
	/* The value is not shown: it may hold a password. */
	if (objection != NULL)
		return complain(complaint, "DPMETA_OIDC_ISSUER %s", objection);
	issuer = add_issuer(settings, keep(settings, "%s", url),
						keep(settings, "%.*s" DISCOVERY_PATH,
							 length_without_slash(url), url),
						NULL, complaint);
	if (issuer == NULL)
		return false;
	return split_list(settings, config->oidc_audience, issuer->audiences,
					  CLAIMS_MAX_AUDIENCES, &issuer->audience_count) ||
		complain(complaint, "DPMETA_OIDC_AUDIENCE must name 1 to %d "
				 "audiences, with commas between", CLAIMS_MAX_AUDIENCES);
}

/*
 * Check an Entra ID identifier and keep it in lower case, as tokens have it.
 * A tenant's domain would do for fetching keys, but no token names it.
 */
static char *
keep_azure_id(TokenSettings *settings, const char *name, const char *id,
			  const Complaint *complaint)
{
	char	   *copy = NULL;

	if (strlen(id) != GUID_LENGTH ||
		strspn(id, "0123456789abcdefABCDEF-") != GUID_LENGTH)
		complain(complaint, "%s must be an id such as "
				 "72f988bf-86f1-41af-91ab-2d7cd011db47, not \"%s\"", name, id);
	else if ((copy = keep(settings, "%s", id)) == NULL)
		complain(complaint, "out of memory");
	for (char *c = copy; c != NULL && *c != '\0'; c++)
		*c = (char) tolower((unsigned char) *c);
	return copy;
}

/* One of Entra ID's two issuers, with both spellings of the audience. */
static bool
add_azure_issuer(TokenSettings *settings, char *issuer, char *discovery_url,
				 char *tenant, const char *client, const Complaint *complaint)
{
	ClaimsIssuer *added = add_issuer(settings, issuer, discovery_url, tenant,
									 complaint);

	if (added == NULL)
		return false;
	added->audiences[0] = client;
	added->audiences[1] = keep(settings, "api://%s", client);
	added->audience_count = 2;
	return added->audiences[1] != NULL || complain(complaint, "out of memory");
}

/* In whose name tokens of version 1 are signed, without the tenant. */
static const char *
azure_v1_issuer(const TokenConfig *config, const char *authority, int length)
{
	if (config->azure_v1_issuer != NULL)
		return config->azure_v1_issuer;
	for (size_t i = 0; i < sizeof(azure_clouds) / sizeof(azure_clouds[0]); i++)
	{
		if (strlen(azure_clouds[i].authority) == (size_t) length &&
			strncasecmp(azure_clouds[i].authority, authority,
						(size_t) length) == 0)
			return azure_clouds[i].v1_issuer;
	}
	return AZURE_V1_ISSUER;
}

static bool
read_azure(TokenSettings *settings, const TokenConfig *config,
		   const Complaint *complaint)
{
	const char *authority = config->azure_authority != NULL ?
		config->azure_authority : TOKEN_DEFAULT_AUTHORITY;
	int			length = length_without_slash(authority);
	const char *v1 = azure_v1_issuer(config, authority, length);
	const char *objection = url_objection(authority);
	const char *v1_objection = url_objection(v1);
	char	   *tenant;
	char	   *client;

	if (config->azure_tenant_id == NULL || config->azure_client_id == NULL)
		return complain(complaint, "DPMETA_AZURE_TENANT_ID and "
						"DPMETA_AZURE_APP_CLIENT_ID must be set together");
	if (objection != NULL)
		return complain(complaint, "DPMETA_AZURE_AUTHORITY %s", objection);
	if (v1_objection != NULL)
		return complain(complaint, "DPMETA_AZURE_V1_ISSUER %s", v1_objection);
	tenant = keep_azure_id(settings, "DPMETA_AZURE_TENANT_ID",
						   config->azure_tenant_id, complaint);
	client = tenant == NULL ? NULL :
		keep_azure_id(settings, "DPMETA_AZURE_APP_CLIENT_ID",
					  config->azure_client_id, complaint);
	return client != NULL &&
		add_azure_issuer(settings,
						 keep(settings, "%.*s/%s/v2.0", length, authority,
							  tenant),
						 keep(settings, "%.*s/%s/v2.0" DISCOVERY_PATH, length,
							  authority, tenant),
						 tenant, client, complaint) &&
		add_azure_issuer(settings,
						 keep(settings, "%.*s/%s/", length_without_slash(v1),
							  v1, tenant),
						 keep(settings, "%.*s/%s" DISCOVERY_PATH, length,
							  authority, tenant),
						 tenant, client, complaint);
}

/*
 * One provider, not two: a subject is unique within its provider only, and a
 * caller of one must never be taken for a caller of the other.
 */
static bool
read_provider(TokenSettings *settings, const TokenConfig *config,
			  const Complaint *complaint)
{
	bool		oidc = config->oidc_issuer != NULL ||
		config->oidc_audience != NULL;
	bool		azure = config->azure_tenant_id != NULL ||
		config->azure_client_id != NULL;

	if (oidc && azure)
		return complain(complaint, "set either DPMETA_OIDC_* or "
						"DPMETA_AZURE_*, not both");
	if (oidc)
		return read_oidc(settings, config, complaint);
	if (azure)
		return read_azure(settings, config, complaint);
	return complain(complaint, "set DPMETA_OIDC_ISSUER and "
					"DPMETA_OIDC_AUDIENCE, or DPMETA_AZURE_TENANT_ID and "
					"DPMETA_AZURE_APP_CLIENT_ID, or DPMETA_AUTH=off");
}

static bool
read_fetching(TokenSettings *settings, const TokenConfig *config,
			  const Complaint *complaint)
{
	settings->refresh = config->refresh;
	settings->refetch = config->refetch;
	settings->max_age = config->max_age;
	if (config->refresh == 0 || config->refresh > MAX_INTERVAL)
		return complain(complaint, "DPMETA_KEYS_REFRESH must be 1 to %d "
						"seconds", MAX_INTERVAL);
	if (config->refetch == 0 || config->refetch > MAX_INTERVAL)
		return complain(complaint, "DPMETA_KEYS_REFETCH must be 1 to %d "
						"seconds", MAX_INTERVAL);
	if (config->max_age == 0 || config->max_age > TOKEN_MAX_MAX_AGE)
		return complain(complaint, "DPMETA_KEYS_MAX_AGE must be 1 to %d "
						"seconds", TOKEN_MAX_MAX_AGE);
	if (config->ca_file == NULL)
		return true;
	if (access(config->ca_file, R_OK) != 0)
		return complain(complaint, "DPMETA_OIDC_CA_FILE \"%s\" cannot be "
						"read", config->ca_file);
	settings->ca_file = keep(settings, "%s", config->ca_file);
	return settings->ca_file != NULL || complain(complaint, "out of memory");
}

bool
token_settings_read(TokenSettings *settings, const TokenConfig *config,
					char *error, size_t error_size)
{
	Complaint	complaint = {error, error_size};

	memset(settings, 0, sizeof(*settings));
	return read_policy(settings, config, &complaint) &&
		read_fetching(settings, config, &complaint) &&
		read_provider(settings, config, &complaint);
}

void
token_settings_free(TokenSettings *settings)
{
	for (size_t i = 0; i < settings->string_count; i++)
		free(settings->strings[i]);
	memset(settings, 0, sizeof(*settings));
}
