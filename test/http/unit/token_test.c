/*
 * token_test.c
 *		The token module against a provider of its own on loopback.  TAP.
 */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "forge.h"
#include "auth/jwks/keys.h"
#include "stub.h"
#include "auth/token/settings.h"
#include "auth/token/token.h"
#include "base/base64.h"

#define DISCOVERY "/.well-known/openid-configuration"
#define TENANT "72f988bf-86f1-41af-91ab-2d7cd011db47"
#define CLIENT "11111111-2222-3333-4444-555555555555"

static int	checks;
static int	failures;

static void ok(int holds, const char *format,...)
			__attribute__((format(printf, 2, 3)));

static void
ok(int holds, const char *format,...)
{
	va_list		arguments;

	failures += !holds;
	printf("%sok %d - ", holds ? "" : "not ", ++checks);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
}

/* ---- a provider and a verifier ---- */

typedef struct Fixture
{
	Stub	   *stub;
	char	   *issuer;
	Token	   *token;
	EVP_PKEY   *rsa;
	EVP_PKEY   *ec;
	EVP_PKEY   *stranger;		/* a key that nobody published */
} Fixture;

static char last_log[1200];
static int	log_lines;

static void
take_log(TokenLevel level, const char *message)
{
	snprintf(last_log, sizeof(last_log), "%s %s",
			 level == TOKEN_LOG_WARNING ? "warning" : "info", message);
	log_lines++;
}

/* Serve a discovery document under "path", and its keys under path + keys. */
static void
publish_at(Fixture *f, const char *path, const char *issuer, const char *keys)
{
	char	   *base = forge_format("http://127.0.0.1:%d", stub_port(f->stub));
	char	   *document = forge_format("{\"issuer\":\"%s\",\"jwks_uri\":"
										"\"%s%s/keys\"}", issuer, base, path);
	char	   *discovery = forge_format("%s" DISCOVERY, path);
	char	   *keys_path = forge_format("%s/keys", path);
	char	   *set = forge_format("{\"keys\":[%s]}", keys);

	stub_serve(f->stub, discovery, document);
	stub_serve(f->stub, keys_path, set);
	free(base);
	free(document);
	free(discovery);
	free(keys_path);
	free(set);
}

static void
publish(Fixture *f, EVP_PKEY *rsa, const char *rsa_kid)
{
	char	   *a = forge_jwk(rsa, rsa_kid, ",\"use\":\"sig\"");
	char	   *b = forge_jwk(f->ec, "e1", ",\"alg\":\"ES256\"");
	char	   *both = forge_format("%s,%s", a, b);

	publish_at(f, "", f->issuer, both);
	free(a);
	free(b);
	free(both);
}

/* Wait for the helper's ring and take up what it brought; 0 on time-out. */
static int
collect(Token *token, int milliseconds)
{
	struct pollfd ready = {.fd = token_fd(token), .events = POLLIN};

	if (poll(&ready, 1, milliseconds) != 1)
		return 0;
	token_collect(token);
	return 1;
}

static TokenConfig
oidc_config(const Fixture *f)
{
	return (TokenConfig)
	{
		.oidc_issuer = f->issuer, .oidc_audience = "dpmeta, other",
			.leeway = 60, .refresh = 900, .refetch = 1,
			.max_age = 86400, .log = take_log
	};
}

static Token *
create(const TokenConfig *config)
{
	char		error[600] = "";
	Token	   *token = token_create(config, error, sizeof(error));

	if (token == NULL)
		printf("# %s\n", error);
	return token;
}

static void
start_fixture(Fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->stub = stub_start();
	f->issuer = forge_format("http://127.0.0.1:%d", stub_port(f->stub));
	f->rsa = forge_rsa(2048);
	f->ec = forge_ec("P-256");
	f->stranger = forge_rsa(2048);
}

static void
end_fixture(Fixture *f)
{
	token_destroy(f->token);
	stub_end(f->stub);
	free(f->issuer);
	EVP_PKEY_free(f->rsa);
	EVP_PKEY_free(f->ec);
	EVP_PKEY_free(f->stranger);
}

/* ---- tokens ---- */

/* JSON texts; NULL is the member of a good token, "" leaves it out. */
typedef struct Claims
{
	const char *iss;
	const char *aud;
	const char *sub;
	const char *exp;			/* "@N": N seconds from now */
	const char *more;			/* further members, each with its comma */
} Claims;

static char *
member(const char *name, const char *value, const char *standard)
{
	if (value == NULL)
		value = standard;
	if (value[0] == '\0')
		return forge_format("%s", "");
	if (value[0] == '@')
		return forge_format("\"%s\":%ld,", name,
							(long) time(NULL) + atol(value + 1));
	return forge_format("\"%s\":%s,", name, value);
}

static char *
payload(const Fixture *f, const Claims *claims)
{
	char	   *issuer = forge_format("\"%s\"", f->issuer);
	char	   *iss = member("iss", claims->iss, issuer);
	char	   *aud = member("aud", claims->aud, "\"dpmeta\"");
	char	   *sub = member("sub", claims->sub, "\"alice\"");
	char	   *exp = member("exp", claims->exp, "@600");
	char	   *text = forge_format("{%s%s%s%s\"jti\":\"%d\"%s}",
									iss, aud, sub, exp, rand(),
									claims->more != NULL ? claims->more : "");

	free(issuer);
	free(iss);
	free(aud);
	free(sub);
	free(exp);
	return text;
}

static TokenVerdict
judge_values(Token *token, const char *const *values, size_t count)
{
	TokenVerdict verdict;

	token_verify(token, values, count, time(NULL), false, &verdict);
	return verdict;
}

static TokenVerdict
judge(Token *token, const char *text)
{
	char	   *value = forge_format("Bearer %s", text);
	TokenVerdict verdict = judge_values(token, (const char *const *) &value, 1);

	free(value);
	return verdict;
}

/* Sign with the RSA key, judge. */
static TokenVerdict
judge_claims(const Fixture *f, const char *header, const Claims *claims)
{
	char	   *text = payload(f, claims);
	char	   *signed_text = forge_token(f->rsa, header, text);
	TokenVerdict verdict = judge(f->token, signed_text);

	free(text);
	free(signed_text);
	return verdict;
}

static void
expect(TokenVerdict verdict, TokenReason reason, const char *name)
{
	bool		accepted = reason == TOKEN_NO_REASON;

	ok(verdict.reason == reason &&
	   verdict.outcome == (accepted ? TOKEN_OK : TOKEN_REFUSED),
	   "%s: %s (%s)", name, token_reason_name(reason),
	   token_reason_name(verdict.reason));
}

#define R1 "{\"alg\":\"RS256\",\"kid\":\"r1\"}"
#define WITH(more) "{\"alg\":\"RS256\",\"kid\":\"r1\"," more "}"

typedef struct Case
{
	const char *name;
	const char *header;
	Claims		claims;
	TokenReason reason;
} Case;

static const Case cases[] = {
	{"a good token", R1, {0}, TOKEN_NO_REASON},
	{"typ JWT", WITH("\"typ\":\"JWT\""), {0}, TOKEN_NO_REASON},
	{"typ at+jwt", WITH("\"typ\":\"at+jwt\""), {0}, TOKEN_NO_REASON},
	{"x5t is a name, not a key", WITH("\"x5t\":\"abc\""), {0}, TOKEN_NO_REASON},
	{"typ application/jwt", WITH("\"typ\":\"application/jwt\""), {0}, TOKEN_NO_REASON},
	{"typ logout+jwt", WITH("\"typ\":\"logout+jwt\""), {0}, TOKEN_TYPE},
	{"typ a number", WITH("\"typ\":1"), {0}, TOKEN_TYPE},
	{"alg none", "{\"alg\":\"none\",\"kid\":\"r1\"}", {0}, TOKEN_ALGORITHM},
	{"alg None", "{\"alg\":\"None\",\"kid\":\"r1\"}", {0}, TOKEN_ALGORITHM},
	{"alg RS512", "{\"alg\":\"RS512\",\"kid\":\"r1\"}", {0}, TOKEN_ALGORITHM},
	{"alg rs256", "{\"alg\":\"rs256\",\"kid\":\"r1\"}", {0}, TOKEN_ALGORITHM},
	{"alg a list", "{\"alg\":[\"RS256\"],\"kid\":\"r1\"}", {0}, TOKEN_ALGORITHM},
	{"no alg", "{\"kid\":\"r1\"}", {0}, TOKEN_ALGORITHM},
	{"ES256 with an RSA key", "{\"alg\":\"ES256\",\"kid\":\"r1\"}", {0}, TOKEN_ALGORITHM},
	{"RS256 with an EC key", "{\"alg\":\"RS256\",\"kid\":\"e1\"}", {0}, TOKEN_ALGORITHM},
	{"no kid", "{\"alg\":\"RS256\"}", {0}, TOKEN_NO_REASON},
	{"kid null", "{\"alg\":\"RS256\",\"kid\":null}", {0}, TOKEN_UNKNOWN_KEY},
	{"kid a number", "{\"alg\":\"RS256\",\"kid\":1}", {0}, TOKEN_UNKNOWN_KEY},
	{"kid a path", "{\"alg\":\"RS256\",\"kid\":\"../../dev/null\"}", {.exp = "@-999"}, TOKEN_EXPIRED},
	{"jku", WITH("\"jku\":\"http://127.0.0.1/keys\""), {0}, TOKEN_FOREIGN_KEY},
	{"x5u", WITH("\"x5u\":\"http://127.0.0.1/cert\""), {0}, TOKEN_FOREIGN_KEY},
	{"jwk", WITH("\"jwk\":{\"kty\":\"RSA\"}"), {0}, TOKEN_FOREIGN_KEY},
	{"jwk null", WITH("\"jwk\":null"), {0}, TOKEN_FOREIGN_KEY},
	{"x5c", WITH("\"x5c\":[]"), {0}, TOKEN_FOREIGN_KEY},
	{"crit", WITH("\"crit\":[\"exp\"],\"exp\":1"), {0}, TOKEN_CRITICAL},
	{"crit empty", WITH("\"crit\":[]"), {0}, TOKEN_CRITICAL},
	{"b64 false", WITH("\"b64\":false"), {0}, TOKEN_CRITICAL},
	{"duplicate header", "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"r1\"}", {0}, TOKEN_MALFORMED},
	{"header a list", "[]", {0}, TOKEN_MALFORMED},
	{"header not JSON", "x", {0}, TOKEN_MALFORMED},
	{"issuer other", R1, {.iss = "\"https://evil.example\""}, TOKEN_ISSUER},
	{"issuer with a slash more", R1, {.iss = "\"http://127.0.0.1/\""}, TOKEN_ISSUER},
	{"issuer missing", R1, {.iss = ""}, TOKEN_ISSUER},
	{"issuer a list", R1, {.iss = "[\"a\"]"}, TOKEN_ISSUER},
	{"issuer twice", R1, {.more = ",\"iss\":\"x\""}, TOKEN_MALFORMED},
	{"audience in a list", R1, {.aud = "[\"x\",\"dpmeta\"]"}, TOKEN_NO_REASON},
	{"second audience of the setting", R1, {.aud = "\"other\""}, TOKEN_NO_REASON},
	{"audience other", R1, {.aud = "\"dpmeta2\""}, TOKEN_AUDIENCE},
	{"audience a prefix", R1, {.aud = "\"dp\""}, TOKEN_AUDIENCE},
	{"audience the whole setting", R1, {.aud = "\"dpmeta, other\""}, TOKEN_AUDIENCE},
	{"audience missing", R1, {.aud = ""}, TOKEN_AUDIENCE},
	{"audience an object", R1, {.aud = "{\"dpmeta\":\"dpmeta\"}"}, TOKEN_AUDIENCE},
	{"audience nested", R1, {.aud = "[[\"dpmeta\"]]"}, TOKEN_AUDIENCE},
	{"audience empty list", R1, {.aud = "[]"}, TOKEN_AUDIENCE},
	{"exp just past, within the leeway", R1, {.exp = "@-30"}, TOKEN_NO_REASON},
	{"exp past", R1, {.exp = "@-61"}, TOKEN_EXPIRED},
	{"exp missing", R1, {.exp = ""}, TOKEN_TIMES},
	{"exp a string", R1, {.exp = "\"9999999999\""}, TOKEN_TIMES},
	{"exp a fraction", R1, {.exp = "9999999999.5"}, TOKEN_NO_REASON},
	{"exp a fraction of long ago", R1, {.exp = "1000000000.75"}, TOKEN_EXPIRED},
	{"exp with an exponent", R1, {.exp = "1e10"}, TOKEN_NO_REASON},
	{"exp a negative fraction", R1, {.exp = "-0.5"}, TOKEN_EXPIRED},
	{"exp of 300 digits", R1, {.exp = "1e300"}, TOKEN_NO_REASON},
	{"exp of 300 digits below 0", R1, {.exp = "-1e300"}, TOKEN_EXPIRED},
	{"exp beyond all numbers", R1, {.exp = "1e999"}, TOKEN_MALFORMED},
	{"exp in a list", R1, {.exp = "[9999999999]"}, TOKEN_TIMES},
	{"exp null", R1, {.exp = "null"}, TOKEN_TIMES},
	{"exp true", R1, {.exp = "true"}, TOKEN_TIMES},
	{"exp negative", R1, {.exp = "-1"}, TOKEN_EXPIRED},
	{"exp the least integer", R1, {.exp = "-9223372036854775808"}, TOKEN_EXPIRED},
	{"exp the greatest integer", R1, {.exp = "9223372036854775807"}, TOKEN_NO_REASON},
	{"exp past the greatest integer", R1, {.exp = "9223372036854775808"}, TOKEN_NO_REASON},
	{"a great integer elsewhere", R1, {.more = ",\"employee\":18446744073709551616"}, TOKEN_NO_REASON},
	{"exp twice", R1, {.more = ",\"exp\":9999999999"}, TOKEN_MALFORMED},
	{"nbf past", R1, {.more = ",\"nbf\":1"}, TOKEN_NO_REASON},
	{"nbf to come", R1, {.more = ",\"nbf\":9999999999"}, TOKEN_NOT_YET},
	{"nbf the greatest integer", R1, {.more = ",\"nbf\":9223372036854775807"}, TOKEN_NOT_YET},
	{"nbf a string", R1, {.more = ",\"nbf\":\"1\""}, TOKEN_TIMES},
	{"iat to come", R1, {.more = ",\"iat\":9999999999"}, TOKEN_NOT_YET},
	{"nbf a fraction", R1, {.more = ",\"nbf\":1.5"}, TOKEN_NO_REASON},
	{"nbf a fraction to come", R1, {.more = ",\"nbf\":9999999999.5"}, TOKEN_NOT_YET},
	{"iat a fraction", R1, {.more = ",\"iat\":1.5"}, TOKEN_NO_REASON},
	{"iat a fraction to come", R1, {.more = ",\"iat\":9999999999.5"}, TOKEN_NOT_YET},
	{"iat null", R1, {.more = ",\"iat\":null"}, TOKEN_TIMES},
	{"sub missing", R1, {.sub = ""}, TOKEN_SUBJECT},
	{"sub empty", R1, {.sub = "\"\""}, TOKEN_SUBJECT},
	{"sub a number", R1, {.sub = "1"}, TOKEN_SUBJECT},
	{"sub with a line end", R1, {.sub = "\"a\\nb\""}, TOKEN_SUBJECT},
	{"sub with a NUL", R1, {.sub = "\"a\\u0000b\""}, TOKEN_MALFORMED},
	{"sub with a lone surrogate", R1, {.sub = "\"\\ud800\""}, TOKEN_MALFORMED},
	{"oid is Entra ID's only", R1, {.sub = "", .more = ",\"oid\":\"x\""}, TOKEN_SUBJECT},
	{"an ID token", R1, {.more = ",\"nonce\":\"x\""}, TOKEN_ID_TOKEN},
	{"an ID token of a hybrid flow", R1, {.more = ",\"at_hash\":\"x\""}, TOKEN_ID_TOKEN},
	{"an ID token with a code's hash", R1, {.more = ",\"c_hash\":\"x\",\"scope\":\"a\""}, TOKEN_ID_TOKEN},
	{"Keycloak's access token", R1, {.more = ",\"nonce\":\"x\",\"typ\":\"Bearer\",\"azp\":\"c\""}, TOKEN_NO_REASON},
	{"Keycloak's ID token", R1, {.more = ",\"typ\":\"ID\",\"azp\":\"c\""}, TOKEN_ID_TOKEN},
	{"Keycloak's ID token with a nonce", R1, {.more = ",\"nonce\":\"x\",\"typ\":\"ID\",\"scope\":\"a\""}, TOKEN_ID_TOKEN},
	{"Cognito's access token", R1, {.more = ",\"token_use\":\"access\",\"nonce\":\"x\""}, TOKEN_NO_REASON},
	{"Cognito's ID token", R1, {.more = ",\"token_use\":\"id\""}, TOKEN_ID_TOKEN},
	{"PingAM's access token", R1, {.more = ",\"tokenName\":\"access_token\",\"nonce\":\"x\""}, TOKEN_NO_REASON},
	{"PingAM's ID token", R1, {.more = ",\"tokenName\":\"id_token\""}, TOKEN_ID_TOKEN},
	{"at+jwt with a nonce", WITH("\"typ\":\"at+jwt\""), {.more = ",\"nonce\":\"x\""}, TOKEN_NO_REASON},
	{"a nonce beside a scope", R1, {.more = ",\"nonce\":\"x\",\"scope\":\"openid\""}, TOKEN_NO_REASON},
	{"a nonce beside azp", R1, {.more = ",\"nonce\":\"x\",\"azp\":\"c\""}, TOKEN_ID_TOKEN},
};

static void
test_cases(const Fixture *f)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(judge_claims(f, cases[i].header, &cases[i].claims),
			   cases[i].reason, cases[i].name);
}

/* ---- signatures ---- */

static void
expect_token(const Fixture *f, char *text, TokenReason reason,
			 const char *name)
{
	expect(judge(f->token, text), reason, name);
	free(text);
}

/* HS256 under everything that a public key's text could have been. */
static void
test_key_confusion(const Fixture *f, const char *claims)
{
	static const char *const headers[] = {
		"{\"alg\":\"HS256\",\"kid\":\"r1\"}",
		"{\"alg\":\"HS256\",\"kid\":\"r1\",\"typ\":\"JWT\"}",
		R1						/* the wrong name for what was done */
	};
	char	   *pem = forge_pem(f->rsa);
	char	   *jwk = forge_jwk(f->rsa, "r1", "");
	char	   *trimmed = forge_format("%.*s", (int) strlen(pem) - 1, pem);

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
	{
		TokenReason reason = i < 2 ? TOKEN_ALGORITHM : TOKEN_SIGNATURE;

		expect_token(f, forge_hs256(pem, strlen(pem), headers[i], claims),
					 reason, "HS256 under the PEM");
		expect_token(f, forge_hs256(pem, strlen(pem) + 1, headers[i], claims),
					 reason, "HS256 under the PEM and its NUL");
		expect_token(f, forge_hs256(trimmed, strlen(trimmed), headers[i],
									claims),
					 reason, "HS256 under the PEM less its line end");
		expect_token(f, forge_hs256(jwk, strlen(jwk), headers[i], claims),
					 reason, "HS256 under the JWK");
		expect_token(f, forge_hs256("", 0, headers[i], claims),
					 reason, "HS256 under nothing");
	}
	free(pem);
	free(jwk);
	free(trimmed);
}

static void
test_signatures(const Fixture *f)
{
	char	   *claims = payload(f, &(Claims) {0});
	char	   *good = forge_token(f->rsa, R1, claims);
	size_t		length = strlen(good);
	char	   *dot = strrchr(good, '.');
	const char *es = "{\"alg\":\"ES256\",\"kid\":\"e1\"}";
	char	   *zeros = forge_base64url((char[64]) {0}, 64);
	char	   *input = forge_token(f->ec, es, claims);

	expect_token(f, forge_token(f->ec, es, claims), TOKEN_NO_REASON, "ES256");
	expect_token(f, forge_token(f->stranger, R1, claims), TOKEN_SIGNATURE,
				 "the right kid, another key");
	expect_token(f, forge_format("%.*s", (int) (dot - good) + 1, good),
				 TOKEN_SIGNATURE, "signature left out");
	expect_token(f, forge_format("%.*s", (int) (dot - good), good),
				 TOKEN_MALFORMED, "two parts");
	expect_token(f, forge_format("%.*s", (int) length - 1, good),
				 TOKEN_SIGNATURE, "truncated by one");
	expect_token(f, forge_format("%.*s", (int) length / 4, good),
				 TOKEN_MALFORMED, "truncated to a quarter");
	expect_token(f, forge_format("%s.x", good), TOKEN_SIGNATURE,
				 "four parts");
	expect_token(f, forge_format("%s=", good), TOKEN_SIGNATURE, "padded");
	expect_token(f, forge_format("%s ", good), TOKEN_SIGNATURE,
				 "a blank behind");
	expect_token(f, forge_format("\t%s", good), TOKEN_MALFORMED,
				 "a tab before");
	expect_token(f, forge_format("%s,%s", good, good), TOKEN_SIGNATURE,
				 "two tokens in one value");
	expect_token(f, forge_format("%.*s%s", (int) (strrchr(input, '.') - input)
								 + 1, input, zeros), TOKEN_SIGNATURE,
				 "ES256 with r and s of 0 (CVE-2022-21449)");
	expect_token(f, forge_format("%sAA", input), TOKEN_SIGNATURE,
				 "ES256 with a byte more");
	test_key_confusion(f, claims);

	/* Any one character changed must not pass. */
	{
		int			passed = 0;

		for (size_t i = 0; i < length; i += 7)
		{
			char		kept = good[i];

			good[i] = kept == 'A' ? 'B' : 'A';
			passed += judge(f->token, good).outcome == TOKEN_OK;
			good[i] = kept;
		}
		ok(passed == 0, "no token with a changed character passes");
	}
	free(input);
	free(zeros);
	free(claims);
	free(good);
}

/* ---- the header's value ---- */

static void
test_header_values(const Fixture *f)
{
	char	   *claims = payload(f, &(Claims) {0});
	char	   *good = forge_token(f->rsa, R1, claims);
	char	   *big = malloc(60001);
	char	   *value = forge_format("Bearer %s", good);
	const char *two[] = {value, value};
	static const struct
	{
		const char *format;
		TokenReason reason;
	}			forms[] = {
		{"Bearer %s", TOKEN_NO_REASON}, {"bearer %s", TOKEN_NO_REASON},
		{"BEARER %s", TOKEN_NO_REASON}, {"Bearer   %s", TOKEN_NO_REASON},
		{"Bearer\t%s", TOKEN_SCHEME}, {" Bearer %s", TOKEN_SCHEME},
		{"Bearer%s", TOKEN_SCHEME}, {"Basic %s", TOKEN_SCHEME},
		{"%s", TOKEN_SCHEME}, {"Bearer Bearer %s", TOKEN_MALFORMED},
		{"Bearer: %s", TOKEN_SCHEME}, {"Bearer \"%s\"", TOKEN_MALFORMED},
		{"Bearer token=%s", TOKEN_MALFORMED}, {"Bearer %s x", TOKEN_SIGNATURE},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
	{
		const char *at = strstr(forms[i].format, "%s");
		char	   *text = forge_format("%.*s%s%s", (int) (at - forms[i].format),
										forms[i].format, good, at + 2);

		expect(judge_values(f->token, (const char *const *) &text, 1),
			   forms[i].reason, forms[i].format);
		free(text);
	}
	expect(judge_values(f->token, two, 2), TOKEN_SEVERAL, "two headers");
	expect(judge_values(f->token, NULL, 0), TOKEN_MISSING, "no header");
	expect(judge_values(f->token, (const char *[]) {NULL}, 1), TOKEN_MISSING,
		   "no value");
	expect(judge_values(f->token, (const char *[]) {""}, 1), TOKEN_SCHEME,
		   "an empty value");
	expect(judge_values(f->token, (const char *[]) {"Bearer"}, 1),
		   TOKEN_MALFORMED, "the scheme alone");
	expect(judge_values(f->token, (const char *[]) {"Bearer .."}, 1),
		   TOKEN_MALFORMED, "dots alone");
	memset(big, 'A', 60000);
	big[60000] = '\0';
	expect(judge(f->token, big), TOKEN_TOO_LONG, "60 kB");
	big[16 * 1024] = '\0';
	expect(judge(f->token, big), TOKEN_MALFORMED, "16 kB of A");
	memset(big, '.', 16 * 1024);
	expect(judge(f->token, big), TOKEN_MALFORMED, "16 kB of dots");
	free(big);
	free(value);
	free(claims);
	free(good);
}

static void
test_challenges(void)
{
	char		out[400];
	int			clean = 1;

	token_challenge(TOKEN_MISSING, out, sizeof(out));
	ok(strcmp(out, "Bearer realm=\"dpmeta\"") == 0,
	   "no error attribute for a request without a token");
	token_challenge(TOKEN_EXPIRED, out, sizeof(out));
	ok(strcmp(out, "Bearer realm=\"dpmeta\", error=\"invalid_token\", "
			  "error_description=\"The token has expired; get a new one\"")
	   == 0, "a challenge says why");
	for (int i = 0; i < TOKEN_REASONS; i++)
	{
		const char *c = token_reason_sentence((TokenReason) i);

		clean = clean && token_reason_name((TokenReason) i) != NULL;
		for (; *c != '\0'; c++)
			clean = clean && *c >= 0x20 && *c < 0x7f && *c != '"' &&
				*c != '\\';
	}
	ok(clean, "every reason has a name and a sentence fit for a header");
}

/* ---- roles and callers ---- */

typedef struct RoleCase
{
	const char *claims;			/* the setting; NULL: its default */
	const char *more;
	unsigned	roles;
} RoleCase;

#define READ TOKEN_READER
#define PRODUCE (TOKEN_READER | TOKEN_PRODUCER)
#define STEWARD (TOKEN_READER | TOKEN_PRODUCER | TOKEN_STEWARD)

static const RoleCase role_cases[] = {
	{NULL, "", READ},
	{NULL, ",\"roles\":[]", READ},
	{NULL, ",\"roles\":[\"Data Producer\"]", PRODUCE},
	{NULL, ",\"roles\":[\"x\",\"Data Steward\"]", STEWARD},
	{NULL, ",\"roles\":\"Data Producer\"", PRODUCE},
	{NULL, ",\"roles\":\"Data Producer Data Steward\"", READ},
	{NULL, ",\"roles\":[\"data producer\"]", READ},
	{NULL, ",\"roles\":[\"Data Producer \"]", READ},
	{NULL, ",\"roles\":[\"Data\",\"Producer\"]", READ},
	{NULL, ",\"roles\":[[\"Data Steward\"]]", READ},
	{NULL, ",\"roles\":{\"Data Steward\":true}", READ},
	{NULL, ",\"roles\":{\"0\":\"Data Steward\"}", READ},
	{NULL, ",\"roles\":[{\"roles\":\"Data Steward\"}]", READ},
	{NULL, ",\"roles\":true", READ},
	{NULL, ",\"Roles\":[\"Data Steward\"]", READ},
	{NULL, ",\"scp\":\"Data Steward\"", READ},
	{NULL, ",\"realm_access\":{\"roles\":[\"Data Steward\"]}", READ},
	{"realm_access.roles", ",\"realm_access\":{\"roles\":[\"Data Steward\"]}",
	STEWARD},
	{"realm_access.roles", ",\"roles\":[\"Data Steward\"]", READ},
	{"realm_access.roles", ",\"realm_access\":[\"Data Steward\"]", READ},
	{"realm_access.roles", ",\"realm_access\":\"Data Steward\"", READ},
	{"realm_access.roles", ",\"realm_access\":null", READ},
	{"https://x.example/roles", ",\"https://x.example/roles\":"
	"[\"Data Producer\"]", PRODUCE},
	{"roles..x", ",\"roles\":[\"Data Steward\"]", READ},
	{"a, b", ",\"a\":[\"Data Producer\"],\"b\":[\"Data Steward\"]", STEWARD},
};

static void
test_roles(Fixture *f)
{
	Token	   *standard = f->token;

	for (size_t i = 0; i < sizeof(role_cases) / sizeof(role_cases[0]); i++)
	{
		const RoleCase *c = &role_cases[i];
		TokenConfig config = oidc_config(f);
		TokenVerdict verdict;

		config.roles_claim = c->claims;
		f->token = c->claims != NULL ? create(&config) : standard;
		if (c->claims != NULL)
			collect(f->token, 5000);
		verdict = judge_claims(f, R1, &(Claims) {.more = c->more});
		ok(verdict.outcome == TOKEN_OK && verdict.roles == c->roles &&
		   strcmp(verdict.caller, "alice") == 0,
		   "roles %u of %s by %s", c->roles, c->more,
		   c->claims != NULL ? c->claims : "default");
		if (c->claims != NULL)
			token_destroy(f->token);
	}
	f->token = standard;
}

static void
test_scopes(Fixture *f)
{
	static const struct
	{
		const char *more;
		unsigned	roles;
	}			scopes[] = {
		{",\"scp\":\"read data.write\"", PRODUCE},
		{",\"scp\":\"  data.write  read \"", PRODUCE},
		{",\"scp\":\"data.write.all\"", READ},
		{",\"scp\":\"xdata.write\"", READ},
		{",\"scope\":\"data.own data.write\"", STEWARD},
		{",\"scp\":[\"data.own\"]", STEWARD},
	};
	Token	   *standard = f->token;
	TokenConfig config = oidc_config(f);

	config.roles_claim = "scp,scope";
	config.producer_role = "data.write";
	config.steward_role = "data.own";
	f->token = create(&config);
	collect(f->token, 5000);
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
		ok(judge_claims(f, R1, &(Claims) {.more = scopes[i].more}).roles ==
		   scopes[i].roles, "scopes %s", scopes[i].more);
	ok(strcmp(token_role_name(f->token, TOKEN_PRODUCER), "data.write") == 0 &&
	   strcmp(token_role_name(f->token, TOKEN_STEWARD), "data.own") == 0,
	   "roles go by the names of the settings");
	token_destroy(f->token);
	f->token = standard;
}

/* ---- keys come and go ---- */

static void
test_rotation(Fixture *f)
{
	EVP_PKEY   *next = forge_rsa(2048);
	char	   *claims = payload(f, &(Claims) {0});
	char	   *old = forge_token(f->rsa, R1, claims);
	char	   *fresh = forge_token(next, "{\"alg\":\"RS256\",\"kid\":\"r2\"}",
									claims);
	char	   *value = forge_format("Bearer %s", fresh);
	char	   *unknown = forge_token(next,
									  "{\"alg\":\"RS256\",\"kid\":\"r9\"}",
									  claims);
	TokenVerdict verdict;
	int			hits;
	int			waiting = 0;

	ok(judge(f->token, old).outcome == TOKEN_OK, "the old key signs");
	usleep(1100000);			/* past the refetch bound */
	publish(f, next, "r2");
	hits = stub_hits(f->stub, DISCOVERY);
	for (int i = 0; i < 100; i++)
		waiting += judge(f->token, fresh).outcome == TOKEN_NEED_KEYS;
	ok(waiting >= 1, "a token of an unknown key waits (%d of 100)", waiting);
	collect(f->token, 5000);
	ok(stub_hits(f->stub, DISCOVERY) == hits + 1,
	   "a hundred unknown kids make one fetch");
	token_verify(f->token, (const char *const *) &value, 1, time(NULL), true,
				 &verdict);
	ok(verdict.outcome == TOKEN_OK, "then it passes, without a restart");
	expect(judge(f->token, old), TOKEN_UNKNOWN_KEY,
		   "the old key's token, remembered or not");
	for (int i = 0; i < 100; i++)
		waiting = judge(f->token, unknown).outcome;
	ok(waiting == TOKEN_REFUSED && stub_hits(f->stub, DISCOVERY) == hits + 1,
	   "within the bound an unknown kid fetches nothing");
	ok(strstr(last_log, "which are new") != NULL, "the log tells: %s",
	   last_log);
	usleep(1100000);
	publish(f, f->rsa, "r1");
	judge(f->token, old);
	collect(f->token, 5000);
	ok(judge(f->token, old).outcome == TOKEN_OK, "and back");
	EVP_PKEY_free(next);
	free(claims);
	free(old);
	free(fresh);
	free(value);
	free(unknown);
}

static void
test_provider_down_later(Fixture *f)
{
	char	   *claims = payload(f, &(Claims) {0});
	char	   *good = forge_token(f->rsa, R1, claims);
	char	   *unknown = forge_token(f->rsa,
									  "{\"alg\":\"RS256\",\"kid\":\"r7\"}",
									  claims);
	char	   *value = forge_format("Bearer %s", unknown);
	TokenVerdict verdict;

	stub_down(f->stub, 1);
	usleep(1100000);
	judge(f->token, unknown);
	collect(f->token, 5000);
	ok(token_issuer_state(f->token, 0).failing &&
	   token_issuer_state(f->token, 0).keys == 2 && token_ready(f->token),
	   "the state tells of a provider that is down: %s",
	   token_issuer_state(f->token, 0).error);
	ok(strncmp(last_log, "warning", 7) == 0 &&
	   strstr(last_log, "2 known keys are still used") != NULL,
	   "the log too: %s", last_log);
	ok(judge(f->token, good).outcome == TOKEN_OK, "known keys are still used");
	token_verify(f->token, (const char *const *) &value, 1, time(NULL), true,
				 &verdict);
	expect(verdict, TOKEN_UNKNOWN_KEY, "an unknown key while it is down");
	stub_down(f->stub, 0);
	ok(collect(f->token, 5000) && !token_issuer_state(f->token, 0).failing,
	   "and it is found again by itself: %s", last_log);
	free(claims);
	free(good);
	free(unknown);
	free(value);
}

static void
test_provider_down_at_start(Fixture *f)
{
	TokenConfig config = oidc_config(f);
	Token	   *token;
	char	   *claims = payload(f, &(Claims) {0});
	char	   *good = forge_token(f->rsa, R1, claims);
	char	   *none = forge_token(f->rsa, "{\"alg\":\"none\"}", claims);
	TokenVerdict verdict;

	stub_down(f->stub, 1);
	token = create(&config);
	ok(token != NULL && !token_ready(token), "it starts without a provider");
	collect(token, 5000);
	verdict = judge(token, good);
	ok(verdict.outcome == TOKEN_UNAVAILABLE && verdict.reason == TOKEN_NO_KEYS,
	   "a token that may be good is not refused, but not judged either");
	expect(judge(token, none), TOKEN_ALGORITHM, "a bad one is refused still");
	stub_down(f->stub, 0);
	for (int i = 0; i < 5 && !token_ready(token); i++)
		collect(token, 3000);
	ok(judge(token, good).outcome == TOKEN_OK, "it passes once there are keys");
	token_destroy(token);
	free(claims);
	free(good);
	free(none);
}

/* Fetch again because of a token with a key that is not there. */
static void
refetch(Fixture *f)
{
	char	   *claims = payload(f, &(Claims) {0});
	char	   *unknown = forge_token(f->stranger,
									  "{\"alg\":\"RS256\",\"kid\":\"r8\"}",
									  claims);

	usleep(1100000);
	judge(f->token, unknown);
	collect(f->token, 5000);
	free(claims);
	free(unknown);
}

/* What the provider says it publishes is what counts, though it be nothing. */
static void
test_revocation(Fixture *f)
{
	static const char *const sets[] = {
		"",
		"{\"kty\":\"oct\",\"kid\":\"r1\",\"k\":\"AAAA\"}",
		"{\"kty\":\"OKP\",\"kid\":\"r1\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
		"{\"kty\":\"RSA\",\"kid\":\"r1\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
	};
	char	   *claims = payload(f, &(Claims) {0});
	char	   *good = forge_token(f->rsa, R1, claims);

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
	{
		publish(f, f->rsa, "r1");
		refetch(f);
		ok(judge(f->token, good).outcome == TOKEN_OK, "a good token");
		ok(judge(f->token, good).outcome == TOKEN_OK, "it is remembered");
		publish_at(f, "", f->issuer, sets[i]);
		refetch(f);
		expect(judge(f->token, good), TOKEN_UNKNOWN_KEY,
			   "a remembered token whose key was taken back");
		ok(!token_issuer_state(f->token, 0).failing && !token_ready(f->token) &&
		   strncmp(last_log, "warning", 7) == 0, "the log: %s", last_log);
	}
	/* What cannot be read says nothing. */
	publish(f, f->rsa, "r1");
	refetch(f);
	stub_serve(f->stub, "/keys", "{\"keys\":[");
	refetch(f);
	ok(token_issuer_state(f->token, 0).failing &&
	   judge(f->token, good).outcome == TOKEN_OK,
	   "half a key set takes nothing back");
	publish(f, f->rsa, "r1");
	while (token_issuer_state(f->token, 0).failing && collect(f->token, 5000))
		continue;
	free(claims);
	free(good);
}

/* Silence keeps the keys, but not for ever. */
static void
test_old_keys(Fixture *f)
{
	TokenConfig config = oidc_config(f);
	Token	   *standard = f->token;
	char	   *claims = payload(f, &(Claims) {0});
	char	   *good = forge_token(f->rsa, R1, claims);
	TokenVerdict verdict;

	config.refresh = 1;
	config.max_age = 3;
	f->token = create(&config);
	collect(f->token, 5000);
	for (int i = 0; i < 4; i++)
		collect(f->token, 2000);
	ok(judge(f->token, good).outcome == TOKEN_OK,
	   "while the provider answers keys do not grow old");
	stub_down(f->stub, 1);
	collect(f->token, 3000);
	ok(judge(f->token, good).outcome == TOKEN_OK, "silence keeps them");
	usleep(3100000);
	verdict = judge(f->token, good);
	ok(verdict.outcome == TOKEN_NEED_KEYS || verdict.outcome == TOKEN_UNAVAILABLE,
	   "not for ever, nor what was verified by them");
	while (collect(f->token, 100))
		continue;
	ok(!token_ready(f->token) && strstr(last_log, "none are known") != NULL,
	   "the log: %s", last_log);
	stub_down(f->stub, 0);
	for (int i = 0; i < 5 && !token_ready(f->token); i++)
		collect(f->token, 3000);
	ok(judge(f->token, good).outcome == TOKEN_OK, "then they are back");
	token_destroy(f->token);
	f->token = standard;
	free(claims);
	free(good);
}

/* What a token by "key" with a header is worth when "set" is published. */
static void
expect_choice(Fixture *f, const char *set, EVP_PKEY *key, const char *header,
			  TokenReason reason, const char *name)
{
	char	   *claims = payload(f, &(Claims) {0});
	char	   *text = forge_token(key, header, claims);

	publish_at(f, "", f->issuer, set);
	refetch(f);
	expect(judge(f->token, text), reason, name);
	free(claims);
	free(text);
}

static void
test_keys_without_names(Fixture *f)
{
	const char *bare = "{\"alg\":\"RS256\"}";
	const char *other = "{\"alg\":\"RS256\",\"kid\":\"other\"}";
	EVP_PKEY   *second = forge_rsa(2048);
	char	   *a = forge_jwk(f->rsa, NULL, "");
	char	   *b = forge_jwk(second, NULL, "");
	char	   *named = forge_jwk(second, "r1", "");
	char	   *pair = forge_format("%s,%s", a, b);
	char	   *mixed = forge_format("%s,%s", named, a);

	expect_choice(f, a, f->rsa, bare, TOKEN_NO_REASON,
				  "one key without a kid, a token without");
	expect_choice(f, a, f->rsa, R1, TOKEN_NO_REASON,
				  "one key without a kid, a token with one");
	expect_choice(f, a, f->stranger, bare, TOKEN_UNKNOWN_KEY,
				  "one key without a kid, another's token");
	expect_choice(f, a, f->ec, "{\"alg\":\"ES256\"}", TOKEN_UNKNOWN_KEY,
				  "a token of another algorithm");
	expect_choice(f, pair, second, bare, TOKEN_NO_REASON,
				  "the second of two keys without kids");
	expect_choice(f, mixed, second, bare, TOKEN_NO_REASON,
				  "a named key, a token without");
	expect_choice(f, mixed, f->rsa, other, TOKEN_NO_REASON,
				  "the key without a kid beside a named one");
	expect_choice(f, mixed, second, other, TOKEN_UNKNOWN_KEY,
				  "a named key is for its name");
	expect_choice(f, mixed, f->rsa, R1, TOKEN_SIGNATURE,
				  "a name belongs to the key that has it");
	publish(f, f->rsa, "r1");
	refetch(f);
	EVP_PKEY_free(second);
	free(a);
	free(b);
	free(named);
	free(pair);
	free(mixed);
}

/* The discovery document alone. */
static void
publish_discovery(Fixture *f)
{
	char	   *document = forge_format("{\"issuer\":\"%s\",\"jwks_uri\":"
										"\"%s/keys\"}", f->issuer, f->issuer);

	stub_serve(f->stub, DISCOVERY, document);
	free(document);
}

/* The provider answers, but not what it should. */
static void
expect_provider_fault(Fixture *f, const char *wanted, const char *name)
{
	TokenConfig config = oidc_config(f);
	Token	   *token = create(&config);

	collect(token, 9000);
	ok(!token_ready(token) &&
	   strstr(token_issuer_state(token, 0).error, wanted) != NULL,
	   "%s: %s", name, token_issuer_state(token, 0).error);
	token_destroy(token);
}

static void
test_bad_provider(Fixture *f)
{
	char	   *huge = malloc(700000);
	char	   *good = forge_jwk(f->rsa, "r1", "");

	publish_at(f, "", "http://127.0.0.1:1", good);
	expect_provider_fault(f, "calls itself", "another issuer");
	stub_serve(f->stub, DISCOVERY, "<html>");
	expect_provider_fault(f, "is not JSON", "a page");
	stub_serve(f->stub, DISCOVERY, NULL);
	expect_provider_fault(f, "status 404", "nothing there");
	stub_serve(f->stub, "/keys", "{}");
	publish_discovery(f);
	expect_provider_fault(f, "no list of keys", "an object, but no key set");
	stub_serve(f->stub, "/keys", "{\"keys\":{}}");
	expect_provider_fault(f, "no list of keys", "keys that are no list");
	memset(huge, ' ', 699999);
	huge[699999] = '\0';
	stub_serve(f->stub, "/keys", huge);
	expect_provider_fault(f, "more than", "700 kB of keys");
	stub_delay(f->stub, 6000);
	expect_provider_fault(f, "imed out", "a provider that sleeps");
	stub_delay(f->stub, 0);
	publish(f, f->rsa, "r1");
	free(huge);
	free(good);
}

/* ---- key sets ---- */

static void
expect_keys(const char *keys, const char *tenant, size_t count,
			const char *name)
{
	char		error[600];
	char	   *json = forge_format("{\"keys\":[%s]}", keys);
	KeySet	   *set = keyset_parse(json, strlen(json), tenant, error,
								   sizeof(error));

	ok(set != NULL && set->count == count, "%zu keys of %s", count, name);
	keyset_free(set);
	free(json);
}

static void
expect_no_set(const char *json)
{
	char		error[600] = "";
	KeySet	   *set = keyset_parse(json, strlen(json), NULL, error,
								   sizeof(error));

	ok(set == NULL && error[0] != '\0', "%s is no key set: %s", json, error);
	keyset_free(set);
}

static void
expect_jwk(EVP_PKEY *key, const char *extra, const char *tenant, size_t count,
		   const char *name)
{
	char	   *jwk = forge_jwk(key, "k", extra);

	expect_keys(jwk, tenant, count, name);
	free(jwk);
}

/* As many as fit into what is fetched. */
static void
expect_many_keys(const char *jwk)
{
	enum {MANY = 500};
	char	   *list = calloc(MANY, strlen(jwk) + 1);

	for (int i = 0; i < MANY; i++)
	{
		strcat(list, i > 0 ? "," : "");
		strcat(list, jwk);
	}
	expect_keys(list, NULL, MANY, "a large set");
	free(list);
}

static void
test_key_sets(const Fixture *f)
{
	EVP_PKEY   *weak = forge_rsa(1024);
	EVP_PKEY   *p384 = forge_ec("P-384");
	char	   *good = forge_jwk(f->rsa, "a", "");
	char	   *off_curve = forge_jwk(f->ec, "b", "");
	char	   *several = forge_format("{},[],1,null,%s,%s", good, good);
	char	   *x = strstr(off_curve, "\"x\":\"") + 5;

	expect_jwk(f->rsa, "", NULL, 1, "RSA");
	expect_jwk(f->rsa, ",\"iat\":99999999999999999999", NULL, 1,
			   "RSA with a great integer");
	expect_many_keys(good);
	expect_jwk(f->ec, "", NULL, 1, "P-256");
	expect_jwk(weak, "", NULL, 0, "RSA of 1024 bits");
	expect_jwk(p384, "", NULL, 0, "P-384");
	expect_jwk(f->rsa, ",\"use\":\"enc\"", NULL, 0, "a key for encryption");
	expect_jwk(f->rsa, ",\"alg\":\"RS512\"", NULL, 0, "a key for RS512");
	expect_jwk(f->rsa, ",\"key_ops\":[\"encrypt\"]", NULL, 0,
			   "a key that may not verify");
	expect_jwk(f->rsa, ",\"key_ops\":[\"verify\"]", NULL, 1,
			   "a key that may verify");
	expect_keys(several, NULL, 2, "a set with junk in it");
	expect_keys("", NULL, 0, "an empty set");
	expect_no_set("{\"keys\":[{\"kty\":\"RSA\",\"kty\":\"EC\"}]}");
	expect_no_set("{}");
	expect_no_set("{\"keys\":null}");
	expect_no_set("[]");
	expect_no_set("");
	expect_keys("{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}", NULL, 0,
				"a shared secret");
	expect_keys("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"\",\"e\":\"AQAB\"}",
				NULL, 0, "RSA without a modulus");
	expect_keys("{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\",\"x\":\"AA\","
				"\"y\":\"AA\"}", NULL, 0, "a short point");
	x[3] = x[3] == 'A' ? 'B' : 'A';
	expect_keys(off_curve, NULL, 0, "a point off the curve");
	expect_jwk(f->rsa, ",\"issuer\":\"https://login/{tenantid}/v2.0\"",
			   TENANT, 1, "an Entra ID key for all tenants");
	expect_jwk(f->rsa, ",\"issuer\":\"https://login/" TENANT "/v2.0\"",
			   TENANT, 1, "an Entra ID key of our tenant");
	expect_jwk(f->rsa, ",\"issuer\":\"https://login/9188040d/v2.0\"",
			   TENANT, 0, "an Entra ID key of another tenant");
	EVP_PKEY_free(weak);
	EVP_PKEY_free(p384);
	free(good);
	free(off_curve);
	free(several);
}

static void
test_base64(void)
{
	static const char *const bad[] = {"A", "AB=", "AA==", "A A", "AA\n", "AB",
	"AAB", "+A", "/w"};
	unsigned char out[20];
	size_t		length;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!base64url_decode(bad[i], strlen(bad[i]), out, &length),
		   "base64url refuses \"%s\"", bad[i]);
	ok(base64url_decode("-_8", 3, out, &length) && length == 2 &&
	   out[0] == 0xfb && out[1] == 0xff, "base64url reads -_8");
	ok(base64url_decode("", 0, out, &length) && length == 0,
	   "base64url reads nothing");
}

static void
test_urls(void)
{
	static const struct
	{
		const char *url;
		int			fine;
	}			urls[] = {
		{"https://login.example/x", 1}, {"http://127.0.0.1:3000", 1},
		{"http://localhost/", 1}, {"http://[::1]:80/x", 1},
		{"http://login.example/x", 0}, {"http://127.0.0.1.evil.example", 0},
		{"http://localhost.evil.example", 0}, {"ftp://127.0.0.1/", 0},
		{"file:///etc/passwd", 0}, {"https://user:secret@x.example", 0},
		{"http://127.0.0.1@evil.example/", 0}, {"x", 0}, {"", 0},
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		ok((url_objection(urls[i].url) == NULL) == urls[i].fine,
		   "\"%s\" is %s", urls[i].url, urls[i].fine ? "taken" : "refused");
}

/* ---- Entra ID ---- */

static void
publish_azure(Fixture *f)
{
	char	   *key = forge_jwk(f->rsa, "r1", "");
	char	   *v2 = forge_format("%s/" TENANT "/v2.0", f->issuer);

	publish_at(f, "/" TENANT "/v2.0", v2, key);
	publish_at(f, "/" TENANT, "https://sts.windows.net/" TENANT "/", key);
	free(key);
	free(v2);
}

static void
expect_azure(const Fixture *f, const char *iss, const char *aud,
			 const char *more, TokenReason reason, const char *caller,
			 const char *name)
{
	Claims		claims = {.iss = iss, .aud = aud, .sub = "\"s\"",
		.more = more};
	TokenVerdict verdict = judge_claims(f, R1, &claims);

	expect(verdict, reason, name);
	if (reason == TOKEN_NO_REASON)
		ok(strcmp(verdict.caller, caller) == 0 &&
		   verdict.roles == PRODUCE, "%s is %s, a producer", name, caller);
}

#define TID ",\"tid\":\"" TENANT "\""
#define AZP ",\"azp\":\"c\""
#define PRODUCER ",\"roles\":[\"Data Producer\"]"

static void
test_azure(Fixture *f)
{
	Token	   *standard = f->token;
	TokenConfig config = {
		.azure_tenant_id = "72F988BF-86F1-41AF-91AB-2D7CD011DB47",
		.azure_client_id = CLIENT, .azure_authority = f->issuer,
		.leeway = 60, .refresh = 900, .refetch = 1,
			.max_age = 86400, .log = take_log
	};
	char	   *v2 = forge_format("\"%s/" TENANT "/v2.0\"", f->issuer);
	char	   *other = forge_format("\"%s/" CLIENT "/v2.0\"", f->issuer);
	const char *v1 = "\"https://sts.windows.net/" TENANT "/\"";

	publish_azure(f);
	f->token = create(&config);
	for (int i = 0; i < 4 && (token_issuer_state(f->token, 0).keys == 0 ||
							  token_issuer_state(f->token, 1).keys == 0); i++)
		collect(f->token, 3000);
	expect_azure(f, v2, "\"" CLIENT "\"", TID AZP PRODUCER ",\"oid\":\"o\"",
				 TOKEN_NO_REASON, "o", "a v2 token of a person");
	expect_azure(f, v2, "\"" CLIENT "\"", TID AZP PRODUCER ",\"idtyp\":\"app\"",
				 TOKEN_NO_REASON, "s", "a v2 token without oid");
	expect_azure(f, v1, "\"api://" CLIENT "\"", TID PRODUCER
				 ",\"oid\":\"p\",\"appid\":\"c\",\"appidacr\":\"1\"",
				 TOKEN_NO_REASON, "p", "a v1 token of an application");
	expect_azure(f, v2, "\"" CLIENT "\"", PRODUCER, TOKEN_TENANT, NULL,
				 "no tid");
	expect_azure(f, v2, "\"" CLIENT "\"", ",\"tid\":\"" CLIENT "\"",
				 TOKEN_TENANT, NULL, "another tid");
	expect_azure(f, other, "\"" CLIENT "\"", ",\"tid\":\"" CLIENT "\"",
				 TOKEN_ISSUER, NULL, "another tenant, all through");
	expect_azure(f, v1, "\"00000003-0000-0000-c000-000000000000\"", TID,
				 TOKEN_AUDIENCE, NULL, "a token for Graph");
	expect_azure(f, v2, "\"api://" CLIENT "/\"", TID, TOKEN_AUDIENCE, NULL,
				 "a slash behind the audience");
	expect_azure(f, v2, "\"" CLIENT "\"", TID AZP ",\"nonce\":\"n\"",
				 TOKEN_ID_TOKEN, NULL, "an ID token for the same client");
	expect_azure(f, v2, "\"" CLIENT "\"", TID PRODUCER ",\"oid\":\"o\"",
				 TOKEN_ID_TOKEN, NULL, "an ID token without a nonce");
	token_destroy(f->token);
	f->token = standard;
	free(v2);
	free(other);
}

/* The national clouds: the issuers of version 2 and 1. */
static void
test_azure_clouds(void)
{
	static const struct
	{
		const char *authority;
		const char *own;		/* DPMETA_AZURE_V1_ISSUER */
		const char *v2;
		const char *v1;
	}			clouds[] = {
		{NULL, NULL, "https://login.microsoftonline.com/" TENANT "/v2.0",
		"https://sts.windows.net/" TENANT "/"},
		{"https://login.partner.microsoftonline.cn/", NULL,
			"https://login.partner.microsoftonline.cn/" TENANT "/v2.0",
		"https://sts.chinacloudapi.cn/" TENANT "/"},
		{"https://login.microsoftonline.us", NULL,
			"https://login.microsoftonline.us/" TENANT "/v2.0",
		"https://sts.windows.net/" TENANT "/"},
		{"https://login.microsoftonline.us", "https://login.microsoftonline.us/",
			"https://login.microsoftonline.us/" TENANT "/v2.0",
		"https://login.microsoftonline.us/" TENANT "/"},
	};

	for (size_t i = 0; i < sizeof(clouds) / sizeof(clouds[0]); i++)
	{
		TokenConfig config = {
			.azure_tenant_id = TENANT, .azure_client_id = CLIENT,
			.azure_authority = clouds[i].authority,
			.azure_v1_issuer = clouds[i].own,
			.leeway = 60, .refresh = 900, .refetch = 10, .max_age = 86400
		};
		TokenSettings settings;
		char		error[600] = "";

		ok(token_settings_read(&settings, &config, error, sizeof(error)) &&
		   settings.issuer_count == 2 &&
		   strcmp(settings.issuers[0].issuer, clouds[i].v2) == 0 &&
		   strcmp(settings.issuers[1].issuer, clouds[i].v1) == 0,
		   "issuers of %s %s", clouds[i].v2, error);
		token_settings_free(&settings);
	}
}

/* ---- settings ---- */

static void
expect_config(TokenConfig config, const char *wanted)
{
	char		error[600] = "";
	Token	   *token;

	if (config.leeway == 0)
		config.leeway = 60;
	if (config.refresh == 0)
		config.refresh = 900;
	config.refetch = 10;
	if (config.max_age == 0)
		config.max_age = 86400;
	token = token_create(&config, error, sizeof(error));
	ok(token == NULL && strstr(error, wanted) != NULL, "refused: %s", error);
	token_destroy(token);
}

static void
test_settings(void)
{
	const char *url = "http://127.0.0.1:1";

	expect_config((TokenConfig) {0}, "DPMETA_AUTH=off");
	expect_config((TokenConfig) {.oidc_issuer = url}, "together");
	expect_config((TokenConfig) {.oidc_audience = "x"}, "together");
	expect_config((TokenConfig) {.oidc_issuer = "http://x.example",
				  .oidc_audience = "x"}, "DPMETA_OIDC_ISSUER");
	expect_config((TokenConfig) {.oidc_issuer = "https://x.example?a",
				  .oidc_audience = "x"}, "query");
	expect_config((TokenConfig) {.oidc_issuer = url, .oidc_audience = "a,,b"},
				  "DPMETA_OIDC_AUDIENCE");
	expect_config((TokenConfig) {.oidc_issuer = url, .oidc_audience = " "},
				  "DPMETA_OIDC_AUDIENCE");
	expect_config((TokenConfig) {.oidc_issuer = url, .oidc_audience = "a",
				  .leeway = 301}, "DPMETA_TOKEN_LEEWAY");
	expect_config((TokenConfig) {.oidc_issuer = url, .oidc_audience = "a",
				  .refresh = 100000}, "DPMETA_KEYS_REFRESH");
	expect_config((TokenConfig) {.oidc_issuer = url, .oidc_audience = "a",
				  .steward_role = ""}, "DPMETA_STEWARD_ROLE");
	expect_config((TokenConfig) {.oidc_issuer = url, .oidc_audience = "a",
				  .roles_claim = "a,"}, "DPMETA_ROLES_CLAIM");
	expect_config((TokenConfig) {.oidc_issuer = url, .oidc_audience = "a",
				  .ca_file = "/nonexistent"}, "DPMETA_OIDC_CA_FILE");
	expect_config((TokenConfig) {.azure_tenant_id = TENANT}, "together");
	expect_config((TokenConfig) {.azure_tenant_id = "common",
				  .azure_client_id = CLIENT}, "not \"common\"");
	expect_config((TokenConfig) {.azure_tenant_id = "x.onmicrosoft.com",
				  .azure_client_id = CLIENT}, "DPMETA_AZURE_TENANT_ID");
	expect_config((TokenConfig) {.azure_tenant_id = TENANT,
				  .azure_client_id = "api://" CLIENT},
				  "DPMETA_AZURE_APP_CLIENT_ID");
	expect_config((TokenConfig) {.azure_tenant_id = "a/../b",
				  .azure_client_id = CLIENT}, "DPMETA_AZURE_TENANT_ID");
	expect_config((TokenConfig) {.azure_tenant_id = TENANT,
				  .azure_client_id = CLIENT,
				  .azure_authority = "http://x.example"},
				  "DPMETA_AZURE_AUTHORITY");
	expect_config((TokenConfig) {.azure_tenant_id = TENANT,
				  .azure_client_id = CLIENT,
				  .azure_v1_issuer = "sts.chinacloudapi.cn"},
				  "DPMETA_AZURE_V1_ISSUER");
	expect_config((TokenConfig) {.oidc_issuer = url, .oidc_audience = "a",
				  .max_age = 3000000}, "DPMETA_KEYS_MAX_AGE");
	expect_config((TokenConfig) {.azure_tenant_id = TENANT,
				  .azure_client_id = CLIENT, .oidc_issuer = url}, "not both");
}

/* ---- memory of verified tokens ---- */

static void
test_cache(const Fixture *f)
{
	char	   *claims = payload(f, &(Claims) {.exp = "@2"});
	char	   *text = forge_token(f->rsa, R1, claims);
	char	   *value = forge_format("Bearer %s", text);
	uint64_t	before = token_remembered(f->token);
	TokenVerdict first = judge(f->token, text);
	TokenVerdict second = judge(f->token, text);
	TokenVerdict late;
	int			good = 0;

	ok(token_remembered(f->token) == before + 1 &&
	   memcmp(&first, &second, sizeof(first)) == 0,
	   "a second look gives the same verdict from memory");
	token_verify(f->token, (const char *const *) &value, 1, time(NULL) + 63,
				 false, &late);
	expect(late, TOKEN_EXPIRED, "a remembered token once it has expired");
	free(claims);
	free(text);
	free(value);

	/* More tokens than a set can hold: some are forgotten, none is wrong. */
	for (int i = 0; i < 6000; i += 6)
	{
		claims = payload(f, &(Claims) {0});
		text = forge_token(f->ec, "{\"alg\":\"ES256\",\"kid\":\"e1\"}", claims);
		good += judge(f->token, text).outcome == TOKEN_OK;
		good += judge(f->token, text).outcome == TOKEN_OK;
		free(claims);
		free(text);
	}
	ok(good == 2000, "a thousand tokens in turn all pass");
}

/* All that waits for nothing. */
static void
test_judging(Fixture *f)
{
	test_base64();
	test_urls();
	test_key_sets(f);
	test_settings();
	test_challenges();
	test_cases(f);
	test_signatures(f);
	test_header_values(f);
	test_roles(f);
	test_scopes(f);
	test_cache(f);
	test_azure(f);
	test_azure_clouds();
}

/* Each has a provider of its own. */
static const struct
{
	const char *name;
	void		(*run) (Fixture *f);
}			groups[] = {
	{"judging", test_judging},
	{"rotation", test_rotation},
	{"revocation", test_revocation},
	{"old-keys", test_old_keys},
	{"keys-without-names", test_keys_without_names},
	{"provider-down-later", test_provider_down_later},
	{"provider-down-at-start", test_provider_down_at_start},
	{"bad-provider", test_bad_provider},
};

static void
run_group(void (*run) (Fixture *f))
{
	Fixture		f;
	TokenConfig config;

	start_fixture(&f);
	publish(&f, f.rsa, "r1");
	config = oidc_config(&f);
	f.token = create(&config);
	collect(f.token, 60000);
	ok(token_ready(f.token), "keys are fetched at the start: %s", last_log);
	run(&f);
	end_fixture(&f);
}

/* Without an argument all run; "list" names them; or one is named. */
int
main(int argc, char **argv)
{
	const char *wanted = argc > 1 ? argv[1] : NULL;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
	{
		if (wanted != NULL && strcmp(wanted, "list") == 0)
			puts(groups[i].name);
		else if (wanted == NULL || strcmp(wanted, groups[i].name) == 0)
			run_group(groups[i].run);
	}
	if (wanted == NULL || strcmp(wanted, "list") != 0)
		printf("1..%d\n", checks);
	return failures != 0;
}
