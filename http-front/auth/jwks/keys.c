/*
 * auth/jwks/keys.c
 *		Discovery documents and JSON Web Keys (RFC 7517, RFC 7518) to keys
 *		that OpenSSL verifies with.
 */
#include "auth/jwks/keys.h"

#include <curl/curl.h>
#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

#define MIN_RSA_BITS 2048
#define MAX_RSA_BYTES (8192 / 8)

/* OpenSSL refuses longer ones with large keys: they only cost time. */
#define MAX_EXPONENT_BYTES 8

#define P256_BYTES 32

static const char *
key_alg_name(KeyAlg alg)
{
	return alg == KEY_RS256 ? "RS256" : "ES256";
}

bool
key_alg_from_name(const char *name, KeyAlg *alg)
{
	if (strcmp(name, "RS256") == 0)
		*alg = KEY_RS256;
	else if (strcmp(name, "ES256") == 0)
		*alg = KEY_ES256;
	else
		return false;
	return true;
}

/* Decode a member of at most "max" bytes; 0 when there is no such. */
static size_t
decode_member(const json_t *jwk, const char *name,
			  unsigned char *out, size_t max)
{
	const json_t *value = json_object_get(jwk, name);
	unsigned char bytes[BASE64URL_DECODED_MAX(MAX_RSA_BYTES * 4 / 3 + 4)];
	size_t		length = json_string_length(value);

	if (value == NULL || length == 0 ||
		BASE64URL_DECODED_MAX(length) > sizeof(bytes) ||
		!base64url_decode(json_string_value(value), length, bytes, &length) ||
		length > max)
		return 0;
	memcpy(out, bytes, length);
	return length;
}

/* Make a public key of "type" from its parts, checked; NULL if not sound. */
static EVP_PKEY *
build_key(const char *type, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY   *pkey = NULL;
	bool		sound = false;

	if (params != NULL && context != NULL &&
		EVP_PKEY_fromdata_init(context) == 1 &&
		EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1)
	{
		EVP_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);

		sound = check != NULL && EVP_PKEY_public_check(check) == 1;
		EVP_PKEY_CTX_free(check);
	}
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(params);
	if (sound)
		return pkey;
	EVP_PKEY_free(pkey);
	return NULL;
}

static EVP_PKEY *
import_rsa(const json_t *jwk)
{
	unsigned char modulus[MAX_RSA_BYTES];
	unsigned char exponent[MAX_EXPONENT_BYTES];
	size_t		modulus_length = decode_member(jwk, "n", modulus,
											   sizeof(modulus));
	size_t		exponent_length = decode_member(jwk, "e", exponent,
												sizeof(exponent));
	BIGNUM	   *n = BN_bin2bn(modulus, (int) modulus_length, NULL);
	BIGNUM	   *e = BN_bin2bn(exponent, (int) exponent_length, NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY   *pkey = NULL;

	if (n != NULL && e != NULL && build != NULL &&
		BN_num_bits(n) >= MIN_RSA_BITS && BN_is_odd(n) &&
		BN_is_odd(e) && !BN_is_one(e) &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		pkey = build_key("RSA", build);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	return pkey;
}

static EVP_PKEY *
import_p256(const json_t *jwk)
{
	const char *curve = json_string_value(json_object_get(jwk, "crv"));
	unsigned char point[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
	OSSL_PARAM_BLD *build;
	EVP_PKEY   *pkey = NULL;

	if (curve == NULL || strcmp(curve, "P-256") != 0 ||
		decode_member(jwk, "x", point + 1, P256_BYTES) != P256_BYTES ||
		decode_member(jwk, "y", point + 1 + P256_BYTES,
					  P256_BYTES) != P256_BYTES)
		return NULL;
	build = OSSL_PARAM_BLD_new();
	if (build != NULL &&
		OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
										"P-256", 0) == 1 &&
		OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY,
										 point, sizeof(point)) == 1)
		pkey = build_key("EC", build);
	OSSL_PARAM_BLD_free(build);
	return pkey;
}

/*
 * An absent member allows everything; a member that is there must be "wanted".
 */
static bool
member_allows(const json_t *jwk, const char *name, const char *wanted)
{
	const json_t *value = json_object_get(jwk, name);
	const char *text = json_string_value(value);

	return value == NULL || (text != NULL && strcmp(text, wanted) == 0);
}

static bool
operations_allow(const json_t *jwk)
{
	const json_t *operations = json_object_get(jwk, "key_ops");
	size_t		index;
	json_t	   *operation;

	if (operations == NULL)
		return true;
	json_array_foreach(operations, index, operation)
	{
		const char *text = json_string_value(operation);

		if (text != NULL && strcmp(text, "verify") == 0)
			return true;
	}
	return false;
}

/*
 * Entra ID's common key list also holds keys of single tenants, which it marks
 * with their issuer.  One that names neither the template nor our tenant would
 * let another tenant's signature pass as ours.
 */
static bool
tenant_allows(const json_t *jwk, const char *tenant)
{
	const char *issuer = json_string_value(json_object_get(jwk, "issuer"));

	return tenant == NULL || issuer == NULL ||
		strstr(issuer, "{tenantid}") != NULL || strstr(issuer, tenant) != NULL;
}

/* Make a Key of one JWK; false when it is not one that we use. */
static bool
import_key(const json_t *jwk, const char *tenant, Key *key)
{
	const char *kty = json_string_value(json_object_get(jwk, "kty"));
	const json_t *kid = json_object_get(jwk, "kid");

	if (kty == NULL || (kid != NULL && !json_is_string(kid)) ||
		!tenant_allows(jwk, tenant) ||
		!member_allows(jwk, "use", "sig") || !operations_allow(jwk))
		return false;
	if (strcmp(kty, "RSA") == 0)
		key->alg = KEY_RS256;
	else if (strcmp(kty, "EC") == 0)
		key->alg = KEY_ES256;
	else
		return false;
	if (!member_allows(jwk, "alg", key_alg_name(key->alg)))
		return false;
	key->pkey = key->alg == KEY_RS256 ? import_rsa(jwk) : import_p256(jwk);
	if (key->pkey == NULL)
		return false;
	key->kid = kid != NULL ? strdup(json_string_value(kid)) : NULL;
	if (kid == NULL || key->kid != NULL)
		return true;
	EVP_PKEY_free(key->pkey);
	return false;
}

/*
 * Read a JSON object in which no member comes twice.  JSON allows integers of
 * any size, and we read none of them.
 */
static json_t *
load_object(const char *json, size_t length, const char *what,
			char *error, size_t error_size)
{
	json_error_t fault;
	json_t	   *root = json_loadb(json, length, JSON_REJECT_DUPLICATES |
								  JSON_DECODE_INT_AS_REAL, &fault);

	if (root == NULL)
		snprintf(error, error_size, "%s is not JSON: %s", what, fault.text);
	else if (!json_is_object(root))
	{
		snprintf(error, error_size, "%s is not a JSON object", what);
		json_decref(root);
		root = NULL;
	}
	return root;
}

KeySet *
keyset_parse(const char *json, size_t length, const char *tenant,
			 char *error, size_t error_size)
{
	json_t	   *root = load_object(json, length, "the key set",
								   error, error_size);
	json_t	   *list = json_object_get(root, "keys");
	size_t		count = json_array_size(list);
	KeySet	   *set = NULL;

	if (root == NULL)
		return NULL;
	if (!json_is_array(list))
		snprintf(error, error_size, "the key set has no list of keys");
	else if ((set = calloc(1, sizeof(KeySet) + count * sizeof(Key))) == NULL)
		snprintf(error, error_size, "out of memory");
	for (size_t i = 0; set != NULL && i < count; i++)
	{
		Key		   *key = &set->keys[set->count];

		if (import_key(json_array_get(list, i), tenant, key))
			set->count++;
		else
			set->unusable++;
	}
	json_decref(root);
	return set;
}

void
keyset_free(KeySet *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->count; i++)
	{
		free(set->keys[i].kid);
		EVP_PKEY_free(set->keys[i].pkey);
	}
	free(set);
}

static bool
kids_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
keyset_equal(const KeySet *a, const KeySet *b)
{
	if (a == NULL || b == NULL || a->count != b->count)
		return a == b;
	for (size_t i = 0; i < a->count; i++)
	{
		if (!kids_equal(a->keys[i].kid, b->keys[i].kid) ||
			EVP_PKEY_eq(a->keys[i].pkey, b->keys[i].pkey) != 1)
			return false;
	}
	return true;
}

/* Add the keys of that algorithm and name; NULL: those without a name. */
static void
choose_named(const KeySet *set, const char *kid, KeyAlg alg,
			 KeyChoice *choice)
{
	for (size_t i = 0; i < set->count; i++)
	{
		const Key  *key = &set->keys[i];

		if (!kids_equal(key->kid, kid))
			continue;
		choice->named = choice->named || kid != NULL;
		if (key->alg == alg && choice->count < KEYS_TRIED_MOST)
			choice->keys[choice->count++] = key;
	}
}

void
keyset_choose(const KeySet *set, const char *kid, KeyAlg alg,
			  KeyChoice *choice)
{
	choice->count = 0;
	choice->named = false;
	if (set == NULL)
		return;
	if (kid != NULL)
		choose_named(set, kid, alg, choice);
	if (!choice->named)
		choose_named(set, NULL, alg, choice);
	if (kid != NULL)
		return;
	for (size_t i = 0; i < set->count && choice->count < KEYS_TRIED_MOST; i++)
	{
		if (set->keys[i].kid != NULL && set->keys[i].alg == alg)
			choice->keys[choice->count++] = &set->keys[i];
	}
}

char *
discovery_parse(const char *json, size_t length, const char *url,
				const char *issuer, char *error, size_t error_size)
{
	json_t	   *root = load_object(json, length, "the discovery document",
								   error, error_size);
	const char *name = json_string_value(json_object_get(root, "issuer"));
	const char *uri = json_string_value(json_object_get(root, "jwks_uri"));
	const char *objection;
	char	   *copy = NULL;

	if (root == NULL)
		return NULL;
	if (name == NULL || strcmp(name, issuer) != 0)
		snprintf(error, error_size,
				 "the provider calls itself \"%.200s\", not \"%.200s\"",
				 name != NULL ? name : "", issuer);
	else if (uri == NULL)
		snprintf(error, error_size, "the discovery document has no jwks_uri");
	else if ((objection = url_objection(uri)) != NULL)
		snprintf(error, error_size, "the jwks_uri \"%.200s\" %s", uri,
				 objection);
	else if (url_is_loopback(uri) && !url_is_loopback(url))
		snprintf(error, error_size,
				 "the jwks_uri \"%.200s\" points back to this machine", uri);
	else if ((copy = strdup(uri)) == NULL)
		snprintf(error, error_size, "out of memory");
	json_decref(root);
	return copy;
}

char *
discovery_endpoint(const char *json, size_t length, const char *name)
{
	json_t	   *root = json_loadb(json, length, JSON_DECODE_INT_AS_REAL, NULL);
	const char *url = json_string_value(json_object_get(root, name));
	char	   *copy = NULL;

	if (url != NULL && url_objection(url) == NULL)
		copy = strdup(url);
	json_decref(root);
	return copy;
}

/* The part of a parsed URL, to be freed with curl_free(), or NULL. */
static char *
url_part(CURLU *url, CURLUPart part)
{
	char	   *text = NULL;

	return curl_url_get(url, part, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool
host_is_loopback(const char *host)
{
	return host != NULL &&
		(strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0 ||
		 strcmp(host, "localhost") == 0);
}

const char *
url_objection(const char *text)
{
	CURLU	   *url = curl_url();
	char	   *scheme = NULL;
	char	   *host = NULL;
	char	   *user = NULL;
	const char *objection = NULL;

	if (url == NULL || curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
		objection = "is not a URL";
	else
	{
		scheme = url_part(url, CURLUPART_SCHEME);
		host = url_part(url, CURLUPART_HOST);
		user = url_part(url, CURLUPART_USER);
		if (user != NULL)
			objection = "holds a user name";
		else if (scheme == NULL || host == NULL ||
				 (strcmp(scheme, "https") != 0 &&
				  (strcmp(scheme, "http") != 0 || !host_is_loopback(host))))
			objection = "is neither https nor http on loopback";
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	curl_url_cleanup(url);
	return objection;
}

bool
url_is_loopback(const char *text)
{
	CURLU	   *url = curl_url();
	char	   *host = NULL;
	bool		loopback = false;

	if (url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK)
	{
		host = url_part(url, CURLUPART_HOST);
		loopback = host_is_loopback(host);
	}
	curl_free(host);
	curl_url_cleanup(url);
	return loopback;
}
