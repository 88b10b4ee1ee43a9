/*
 * token_bench.c
 *		What judging a token costs: remembered, and with its signature.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "forge.h"
#include "stub.h"
#include "auth/token/token.h"

#define ROUNDS 4000
#define DISTINCT 4000

static double
microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

/* Header values of distinct tokens, so that none is remembered. */
static char **
make_values(EVP_PKEY *key, const char *header, const char *issuer, int count)
{
	char	  **values = calloc((size_t) count, sizeof(char *));

	for (int i = 0; i < count; i++)
	{
		char	   *claims = forge_format("{\"iss\":\"%s\",\"aud\":\"dpmeta\","
										  "\"sub\":\"alice\",\"exp\":%ld,"
										  "\"jti\":\"%d\",\"roles\":"
										  "[\"Data Producer\"]}", issuer,
										  (long) time(NULL) + 3600, i);
		char	   *token = forge_token(key, header, claims);

		values[i] = forge_format("Bearer %s", token);
		free(claims);
		free(token);
	}
	return values;
}

static void
measure(Token *token, char **values, int count, int rounds, const char *name)
{
	double		start = microseconds();
	int			good = 0;

	for (int i = 0; i < rounds; i++)
	{
		const char *value = values[i % count];
		TokenVerdict verdict;

		token_verify(token, &value, 1, time(NULL), false, &verdict);
		good += verdict.outcome == TOKEN_OK;
	}
	printf("%-24s %8.2f us a token (%d of %d passed)\n", name,
		   (microseconds() - start) / rounds, good, rounds);
}

static void
measure_key(Token *token, EVP_PKEY *key, const char *header,
			const char *issuer, const char *name)
{
	char	  **values = make_values(key, header, issuer, DISTINCT);
	char	   *label = forge_format("%s, verified", name);

	measure(token, values, DISTINCT, ROUNDS, label);
	free(label);
	label = forge_format("%s, remembered", name);
	measure(token, values, 1, 1, "(warm-up)");
	measure(token, values, 1, 100 * ROUNDS, label);
	free(label);
	for (int i = 0; i < DISTINCT; i++)
		free(values[i]);
	free(values);
}

int
main(void)
{
	Stub	   *stub = stub_start();
	char	   *issuer = forge_format("http://127.0.0.1:%d", stub_port(stub));
	EVP_PKEY   *rsa = forge_rsa(2048);
	EVP_PKEY   *ec = forge_ec("P-256");
	char	   *a = forge_jwk(rsa, "r1", "");
	char	   *b = forge_jwk(ec, "e1", "");
	char	   *keys = forge_format("{\"keys\":[%s,%s]}", a, b);
	char	   *document = forge_format("{\"issuer\":\"%s\",\"jwks_uri\":"
										"\"%s/keys\"}", issuer, issuer);
	TokenConfig config = {
		.oidc_issuer = issuer, .oidc_audience = "dpmeta",
		.leeway = 60, .refresh = 900, .refetch = 10, .max_age = 86400
	};
	char		error[600];
	Token	   *token;
	struct pollfd ready = {.events = POLLIN};

	stub_serve(stub, "/.well-known/openid-configuration", document);
	stub_serve(stub, "/keys", keys);
	token = token_create(&config, error, sizeof(error));
	if (token == NULL)
	{
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	ready.fd = token_fd(token);
	poll(&ready, 1, 5000);
	token_collect(token);
	measure_key(token, rsa, "{\"alg\":\"RS256\",\"kid\":\"r1\"}", issuer,
				"RS256");
	measure_key(token, ec, "{\"alg\":\"ES256\",\"kid\":\"e1\"}", issuer,
				"ES256");
	token_destroy(token);
	stub_end(stub);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	free(issuer);
	free(a);
	free(b);
	free(keys);
	free(document);
	return 0;
}
