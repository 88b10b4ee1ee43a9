/*
 * token_fuzz.c
 *		libFuzzer on all that reads a stranger's bytes on the way to a verdict:
 *		tokens, key sets and discovery documents.
 *
 * The first byte of an input says what the rest is.  Tokens that the fuzzer
 * would never sign get their checks all the same: the parts after a NUL are
 * encoded here, so that it works on JSON rather than on base64.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"
#include "auth/jwks/keys.h"
#include "auth/token/claims.h"
#include "auth/token/parts.h"

#define NOW 1700000000

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static KeySet *keys;

static const ClaimsIssuer issuers[] = {
	{.issuer = "i", .audiences = {"a"}, .audience_count = 1},
	{.issuer = "i", .tenant = "t", .audiences = {"a", "api://a"},
	.audience_count = 2},
};

static const ClaimsPolicy policy = {
	.role_claims = {"roles", "a.b.c", "scp"}, .role_claim_count = 3,
	.producer_role = "p", .steward_role = "s", .leeway = 60
};

/* Keys of this run: no token that the fuzzer makes can hold. */
static void
make_keys(void)
{
	EVP_PKEY   *rsa = forge_rsa(2048);
	EVP_PKEY   *ec = forge_ec("P-256");
	char	   *a = forge_jwk(rsa, "r", "");
	char	   *b = forge_jwk(ec, "e", "");
	char	   *json = forge_format("{\"keys\":[%s,%s]}", a, b);
	char		error[600];

	keys = keyset_parse(json, strlen(json), NULL, error, sizeof(error));
	if (keys == NULL)
		abort();
	free(a);
	free(b);
	free(json);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
}

/* What must be true of claims that passed. */
static void
check_passed(const json_t *claims, const ClaimsIssuer *issuer)
{
	const char *caller = claims_caller(claims, issuer);
	unsigned	roles = claims_roles(claims, &policy);

	if (caller == NULL || caller[0] == '\0' ||
		strlen(caller) >= TOKEN_CALLER_SIZE ||
		claims_expired(claims_expiry(claims), &policy, NOW) ||
		!(roles & TOKEN_READER) ||
		((roles & TOKEN_STEWARD) && !(roles & TOKEN_PRODUCER)))
		abort();
}

static void
judge_token(const char *text, size_t length)
{
	TokenParts	parts;
	KeyChoice	choice;

	if (token_parts_read(text, length, &parts) == TOKEN_NO_REASON)
	{
		for (size_t i = 0; i < 2; i++)
		{
			if (claims_judge(parts.claims, parts.access_type, &issuers[i],
							 &policy, NOW) == TOKEN_NO_REASON)
				check_passed(parts.claims, &issuers[i]);
		}
		keyset_choose(keys, parts.kid, parts.alg, &choice);
		for (size_t i = 0; i < choice.count; i++)
			if (token_signature_holds(&parts, choice.keys[i]))
				abort();
	}
	token_parts_free(&parts);
}

/* header NUL payload NUL signature, to a token. */
static void
judge_encoded(const char *data, size_t size)
{
	const char *end = data + size;
	char	   *token = forge_format("%s", "");

	for (int part = 0; part < 3; part++)
	{
		const char *nul = memchr(data, '\0', (size_t) (end - data));
		size_t		length = (size_t) ((nul != NULL ? nul : end) - data);
		char	   *text = forge_base64url(data, length);
		char	   *longer = forge_format("%s%s%s", token,
										  part > 0 ? "." : "", text);

		free(text);
		free(token);
		token = longer;
		data += length + (nul != NULL);
	}
	judge_token(token, strlen(token));
	free(token);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char		error[600];
	char	   *text;

	if (keys == NULL)
		make_keys();
	if (size == 0)
		return 0;

	/* A copy with its end where the sanitizer sees what is read past it. */
	size--;
	text = malloc(size + 1);
	if (text == NULL)
		return 0;
	memcpy(text, data + 1, size);
	text[size] = '\0';
	switch (data[0] % 4)
	{
		case 0:
			judge_token(text, size);
			break;
		case 1:
			judge_encoded(text, size);
			break;
		case 2:
			keyset_free(keyset_parse(text, size, "t", error, sizeof(error)));
			break;
		case 3:
			free(discovery_parse(text, size, "https://i/x", "i", error,
								 sizeof(error)));
			break;
	}
	free(text);
	return 0;
}
