/*
 * auth/token/verdict.c
 *		Why a token was refused, in the words of a metric, a person and HTTP.
 */
#include "auth/token/verdict.h"

#include <stdio.h>

typedef struct ReasonText
{
	const char *name;
	const char *sentence;		/* ASCII, no quotes: for a header */
} ReasonText;

static const ReasonText texts[TOKEN_REASONS] = {
	[TOKEN_NO_REASON] = {"none", ""},
	[TOKEN_MISSING] = {"missing",
	"Send an access token in the header Authorization: Bearer TOKEN"},
	[TOKEN_SEVERAL] = {"several",
	"Send one Authorization header, not several"},
	[TOKEN_SCHEME] = {"scheme",
	"Only the Bearer scheme is accepted: Authorization: Bearer TOKEN"},
	[TOKEN_TOO_LONG] = {"too_long",
	"The token is longer than 16 kB; ask for one with fewer claims"},
	[TOKEN_MALFORMED] = {"malformed",
	"The token is not a signed JSON Web Token; send it whole, as issued"},
	[TOKEN_ALGORITHM] = {"algorithm",
	"The token must be signed with RS256 or ES256, whichever its key is for"},
	[TOKEN_CRITICAL] = {"critical",
	"The token demands an extension (crit or b64) that is not supported"},
	[TOKEN_FOREIGN_KEY] = {"foreign_key",
	"The token carries its own key (jku, jwk, x5u or x5c); send one without"},
	[TOKEN_TYPE] = {"type",
	"The token's typ must be JWT or at+jwt"},
	[TOKEN_ISSUER] = {"issuer",
	"The token comes from an issuer that is not trusted here"},
	[TOKEN_TENANT] = {"tenant",
	"The token comes from another tenant"},
	[TOKEN_AUDIENCE] = {"audience",
	"The token is for another audience; ask for one for this API"},
	[TOKEN_TIMES] = {"times",
	"The token must have exp, and exp, nbf and iat must be numbers of seconds"},
	[TOKEN_EXPIRED] = {"expired",
	"The token has expired; get a new one"},
	[TOKEN_NOT_YET] = {"not_yet",
	"The token is not valid yet; check the clocks"},
	[TOKEN_SUBJECT] = {"subject",
	"The token must name its subject in at most 255 printable bytes"},
	[TOKEN_ID_TOKEN] = {"id_token",
	"This is an ID token; send the access token"},
	[TOKEN_UNKNOWN_KEY] = {"unknown_key",
	"The token's key is not one that its issuer publishes"},
	[TOKEN_SIGNATURE] = {"signature",
	"The token's signature is not valid"},
	[TOKEN_NO_KEYS] = {"no_keys",
	"Tokens cannot be checked now: the identity provider cannot be reached"},
};

static const ReasonText *
reason_text(TokenReason reason)
{
	return &texts[(unsigned) reason < TOKEN_REASONS ? reason : TOKEN_MALFORMED];
}

const char *
token_reason_name(TokenReason reason)
{
	return reason_text(reason)->name;
}

const char *
token_reason_sentence(TokenReason reason)
{
	return reason_text(reason)->sentence;
}

void
token_challenge(TokenReason reason, char *out, size_t size)
{
	/*
	 * RFC 6750, 3.1: no error code for a request that did not try to
	 * authenticate.
	 */
	if (reason == TOKEN_MISSING || reason == TOKEN_SCHEME)
		snprintf(out, size, "Bearer realm=\"dpmeta\"");
	else
		snprintf(out, size, "Bearer realm=\"dpmeta\", error=\"invalid_token\", "
				 "error_description=\"%s\"", token_reason_sentence(reason));
}

void
token_scope_challenge(char *out, size_t size)
{
	snprintf(out, size, "Bearer realm=\"dpmeta\", error=\"insufficient_scope\", "
			 "error_description=\"The token lacks the role that this needs\"");
}
