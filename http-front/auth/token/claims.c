/*
 * auth/token/claims.c
 *		Times, audience, tenant, subject and roles of a token.
 */
#include "auth/token/claims.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* A claim and a value by which a provider says what its token is. */
typedef struct Mark
{
	const char *claim;
	const char *value;			/* in any case; NULL: any */
} Mark;

/* Of Keycloak, Amazon Cognito and PingAM. */
static const Mark access_marks[] = {
	{"typ", "Bearer"}, {"token_use", "access"}, {"tokenName", "access_token"}
};
static const Mark id_marks[] = {
	{"typ", "ID"}, {"token_use", "id"}, {"tokenName", "id_token"},
	{"at_hash", NULL}, {"c_hash", NULL}
};

/* What an access token is for and by whom, which an ID token never says. */
static const Mark use_marks[] = {
	{"scope", NULL}, {"scp", NULL}, {"client_id", NULL}, {"cid", NULL}
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Every 64-bit integer beyond this many seconds is as good as any other. */
#define FAR_SECONDS 4e18

static int64_t
seconds_of(double value)
{
	if (value >= FAR_SECONDS)
		return INT64_MAX;
	return value <= -FAR_SECONDS ? INT64_MIN : (int64_t) value;
}

static double
read_number(const json_t *claims, const char *name)
{
	return json_number_value(json_object_get(claims, name));
}

/*
 * Is a claim a NumericDate, which may have a fraction (RFC 7519), or absent
 * where it may be?
 */
static bool
time_is_sound(const json_t *claims, const char *name, bool required)
{
	const json_t *claim = json_object_get(claims, name);

	return claim == NULL ? !required : json_is_number(claim);
}

bool
claims_expired(int64_t expiry, const ClaimsPolicy *policy, time_t now)
{
	/* The leeway is taken from now, which cannot overflow; exp might. */
	return (int64_t) now - policy->leeway >= expiry;
}

int64_t
claims_expiry(const json_t *claims)
{
	return seconds_of(floor(read_number(claims, "exp")));
}

static TokenReason
judge_times(const json_t *claims, const ClaimsPolicy *policy, time_t now)
{
	double		latest = (double) now + (double) policy->leeway;

	if (!time_is_sound(claims, "exp", true) ||
		!time_is_sound(claims, "nbf", false) ||
		!time_is_sound(claims, "iat", false))
		return TOKEN_TIMES;
	if (claims_expired(claims_expiry(claims), policy, now))
		return TOKEN_EXPIRED;
	/* An absent time reads as 0, which is long ago. */
	if (read_number(claims, "nbf") > latest ||
		read_number(claims, "iat") > latest)
		return TOKEN_NOT_YET;
	return TOKEN_NO_REASON;
}

static bool
text_is_one_of(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; text != NULL && i < count; i++)
	{
		if (strcmp(text, list[i]) == 0)
			return true;
	}
	return false;
}

/* RFC 7519, 4.1.3: one string, or an array of them. */
static bool
audience_allowed(const json_t *claims, const ClaimsIssuer *issuer)
{
	const json_t *claim = json_object_get(claims, "aud");
	size_t		index;
	json_t	   *element;

	if (json_is_string(claim))
		return text_is_one_of(json_string_value(claim), issuer->audiences,
							  issuer->audience_count);
	json_array_foreach(claim, index, element)
	{
		if (text_is_one_of(json_string_value(element), issuer->audiences,
						   issuer->audience_count))
			return true;
	}
	return false;
}

static bool
tenant_allowed(const json_t *claims, const ClaimsIssuer *issuer)
{
	const char *tenant = json_string_value(json_object_get(claims, "tid"));

	return issuer->tenant == NULL ||
		(tenant != NULL && strcmp(tenant, issuer->tenant) == 0);
}

const char *
claims_caller(const json_t *claims, const ClaimsIssuer *issuer)
{
	const char *caller = NULL;

	if (issuer->tenant != NULL)
		caller = json_string_value(json_object_get(claims, "oid"));
	if (caller == NULL)
		caller = json_string_value(json_object_get(claims, "sub"));
	return caller;
}

/* The caller goes into the log and the history: it must be fit to print. */
static bool
caller_allowed(const char *caller)
{
	size_t		length = caller != NULL ? strlen(caller) : 0;

	if (length == 0 || length >= TOKEN_CALLER_SIZE)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) caller[i];

		/* C1 controls are C2 80 to C2 9F in UTF-8. */
		if (c < 0x20 || c == 0x7f ||
			(c == 0xc2 && (unsigned char) caller[i + 1] < 0xa0))
			return false;
	}
	return true;
}

static bool
has_mark(const json_t *claims, const Mark *marks, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		const json_t *claim = json_object_get(claims, marks[i].claim);
		const char *text = json_string_value(claim);

		if (claim != NULL &&
			(marks[i].value == NULL ||
			 (text != NULL && strcasecmp(text, marks[i].value) == 0)))
			return true;
	}
	return false;
}

/*
 * An ID token of Entra ID has the application itself as its audience, like an
 * access token for it, and has a nonce only if the client sent one.  But an
 * access token of Entra ID names the client that uses it, in azp (version 2)
 * or appid, and its claims have no nonce.
 */
static bool
is_entra_id_token(const json_t *claims)
{
	return json_object_get(claims, "nonce") != NULL ||
		has_mark(claims, id_marks, LENGTH(id_marks)) ||
		(json_object_get(claims, "azp") == NULL &&
		 json_object_get(claims, "appid") == NULL);
}

/*
 * What the token says of itself counts first.  A nonce alone does not make an
 * ID token: Keycloak and others repeat the login's nonce in the access token.
 */
static bool
is_id_token(const json_t *claims, bool access_type, const ClaimsIssuer *issuer)
{
	if (issuer->tenant != NULL)
		return is_entra_id_token(claims);
	if (access_type || has_mark(claims, access_marks, LENGTH(access_marks)))
		return false;
	if (has_mark(claims, id_marks, LENGTH(id_marks)))
		return true;
	return json_object_get(claims, "nonce") != NULL &&
		!has_mark(claims, use_marks, LENGTH(use_marks));
}

TokenReason
claims_judge(const json_t *claims, bool access_type,
			 const ClaimsIssuer *issuer, const ClaimsPolicy *policy,
			 time_t now)
{
	if (!tenant_allowed(claims, issuer))
		return TOKEN_TENANT;
	if (!audience_allowed(claims, issuer))
		return TOKEN_AUDIENCE;
	if (is_id_token(claims, access_type, issuer))
		return TOKEN_ID_TOKEN;
	if (!caller_allowed(claims_caller(claims, issuer)))
		return TOKEN_SUBJECT;
	return judge_times(claims, policy, now);
}

/* What one name of a role, given with its length, is worth. */
static unsigned
name_to_roles(const char *name, size_t length, const ClaimsPolicy *policy)
{
	unsigned	roles = 0;

	if (strlen(policy->producer_role) == length &&
		memcmp(name, policy->producer_role, length) == 0)
		roles |= TOKEN_PRODUCER;
	if (strlen(policy->steward_role) == length &&
		memcmp(name, policy->steward_role, length) == 0)
		roles |= TOKEN_PRODUCER | TOKEN_STEWARD;
	return roles;
}

/* Scopes are one string with blanks between (RFC 6749, 3.3). */
static unsigned
scopes_to_roles(const char *scopes, const ClaimsPolicy *policy)
{
	unsigned	roles = 0;

	while (*scopes != '\0')
	{
		size_t		length = strcspn(scopes, " ");

		roles |= name_to_roles(scopes, length, policy);
		scopes += length;
		scopes += strspn(scopes, " ");
	}
	return roles;
}

/*
 * Find a claim by its name, or by a path with dots such as
 * "realm_access.roles".  The whole name is tried first, since some providers
 * use URLs for names.
 */
static const json_t *
find_claim(const json_t *claims, const char *path)
{
	const json_t *found = json_object_get(claims, path);
	const json_t *at = claims;
	char		name[256];

	if (found != NULL)
		return found;
	while (at != NULL)
	{
		size_t		length = strcspn(path, ".");

		if (length == 0 || length >= sizeof(name))
			return NULL;
		memcpy(name, path, length);
		name[length] = '\0';
		at = json_object_get(at, name);
		if (path[length] == '\0')
			return at;
		path += length + 1;
	}
	return NULL;
}

/*
 * An array of strings, or one string: a role by itself, but blanks part the
 * scopes in scp and scope.  Anything else gives no role.
 */
static unsigned
claim_to_roles(const json_t *claim, const char *path,
			   const ClaimsPolicy *policy)
{
	unsigned	roles = 0;
	size_t		index;
	json_t	   *element;

	if (json_is_string(claim))
	{
		const char *text = json_string_value(claim);

		if (strcmp(path, "scp") == 0 || strcmp(path, "scope") == 0)
			return scopes_to_roles(text, policy);
		return name_to_roles(text, json_string_length(claim), policy);
	}
	json_array_foreach(claim, index, element)
	{
		if (json_is_string(element))
			roles |= name_to_roles(json_string_value(element),
								   json_string_length(element), policy);
	}
	return roles;
}

unsigned
claims_roles(const json_t *claims, const ClaimsPolicy *policy)
{
	unsigned	roles = TOKEN_READER;

	for (size_t i = 0; i < policy->role_claim_count; i++)
	{
		const char *path = policy->role_claims[i];

		roles |= claim_to_roles(find_claim(claims, path), path, policy);
	}
	return roles;
}
