/*
 * auth/token/parts.c
 *		Compact JWS: split, decode, judge the header, verify the signature.
 *
 * The signature is verified by OpenSSL directly.  libjwt 1.10 refuses the
 * "typ": "at+jwt" that RFC 9068 prescribes, takes an HS256 token signed with
 * the text of a public key, and parses the key anew for each token.
 */
#include "auth/token/parts.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <string.h>

#include "base/base64.h"

#define MAX_SIGNATURE 1024		/* RSA of 8192 bits */
#define P256_BYTES 32

/* Header members by which a token would bring its own key. */
static const char *const foreign_keys[] = {"jku", "x5u", "jwk", "x5c"};

/*
 * A part must be a JSON object in which no member comes twice.  Numbers are
 * read as reals, which integers of any size can be; the only ones that we
 * compare are times, and a real has the microseconds of those.
 */
static json_t *
read_object(const char *text, size_t length)
{
	unsigned char bytes[BASE64URL_DECODED_MAX(TOKEN_MAX_LENGTH)];
	json_t	   *object;

	if (!base64url_decode(text, length, bytes, &length))
		return NULL;
	object = json_loadb((const char *) bytes, length,
						JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, NULL);
	if (json_is_object(object))
		return object;
	json_decref(object);
	return NULL;
}

/* "application/" may be left out (RFC 7515, 4.1.9). */
static bool
type_is(const char *type, const char *name)
{
	static const char prefix[] = "application/";

	if (strncasecmp(type, prefix, sizeof(prefix) - 1) == 0)
		type += sizeof(prefix) - 1;
	return strcasecmp(type, name) == 0;
}

/* RFC 9068 has at+jwt, nearly everybody else JWT or nothing. */
static bool
read_type(TokenParts *parts)
{
	const json_t *type = json_object_get(parts->header, "typ");
	const char *text = json_string_value(type);

	parts->access_type = text != NULL && type_is(text, "at+jwt");
	return type == NULL || parts->access_type ||
		(text != NULL && type_is(text, "JWT"));
}

static TokenReason
judge_header(TokenParts *parts)
{
	const char *alg = json_string_value(json_object_get(parts->header, "alg"));
	const json_t *kid = json_object_get(parts->header, "kid");
	size_t		count = sizeof(foreign_keys) / sizeof(foreign_keys[0]);

	if (alg == NULL || !key_alg_from_name(alg, &parts->alg))
		return TOKEN_ALGORITHM;
	for (size_t i = 0; i < count; i++)
	{
		if (json_object_get(parts->header, foreign_keys[i]) != NULL)
			return TOKEN_FOREIGN_KEY;
	}

	/* b64 changes what is signed, and must come with crit (RFC 7797). */
	if (json_object_get(parts->header, "crit") != NULL ||
		json_object_get(parts->header, "b64") != NULL)
		return TOKEN_CRITICAL;
	if (!read_type(parts))
		return TOKEN_TYPE;
	parts->kid = json_string_value(kid);
	return kid == NULL || parts->kid != NULL ? TOKEN_NO_REASON :
		TOKEN_UNKNOWN_KEY;
}

TokenReason
token_parts_read(const char *text, size_t length, TokenParts *parts)
{
	const char *end = text + length;
	const char *first = memchr(text, '.', length);
	const char *second;

	memset(parts, 0, sizeof(*parts));
	if (length > TOKEN_MAX_LENGTH)
		return TOKEN_TOO_LONG;
	if (first == NULL)
		return TOKEN_MALFORMED;
	second = memchr(first + 1, '.', (size_t) (end - first - 1));
	if (second == NULL)
		return TOKEN_MALFORMED;
	parts->text = text;
	parts->signed_length = (size_t) (second - text);
	parts->signature = second + 1;
	parts->signature_length = (size_t) (end - second - 1);
	parts->header = read_object(text, (size_t) (first - text));
	parts->claims = read_object(first + 1, (size_t) (second - first - 1));
	if (parts->header == NULL || parts->claims == NULL)
		return TOKEN_MALFORMED;
	return judge_header(parts);
}

void
token_parts_free(TokenParts *parts)
{
	json_decref(parts->header);
	json_decref(parts->claims);
	parts->header = NULL;
	parts->claims = NULL;
}

/*
 * JWS has the two numbers of an ECDSA signature side by side (RFC 7518, 3.4),
 * OpenSSL wants them in DER.  0 when they are not two such numbers.
 */
static size_t
signature_to_der(const unsigned char *raw, size_t length,
				 unsigned char *der, size_t size)
{
	ECDSA_SIG  *pair = ECDSA_SIG_new();
	BIGNUM	   *r = NULL;
	BIGNUM	   *s = NULL;
	int			written = 0;

	if (pair != NULL && length == 2 * P256_BYTES)
	{
		r = BN_bin2bn(raw, P256_BYTES, NULL);
		s = BN_bin2bn(raw + P256_BYTES, P256_BYTES, NULL);
	}
	if (r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1)
	{
		int			needed = i2d_ECDSA_SIG(pair, NULL);

		if (needed > 0 && (size_t) needed <= size)
			written = i2d_ECDSA_SIG(pair, &der);
	}
	else
	{
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	return written > 0 ? (size_t) written : 0;
}

static bool
verify_bytes(const TokenParts *parts, EVP_PKEY *pkey,
			 const unsigned char *signature, size_t length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool		holds = context != NULL &&
		EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, pkey) == 1 &&
		EVP_DigestVerify(context, signature, length,
						 (const unsigned char *) parts->text,
						 parts->signed_length) == 1;

	EVP_MD_CTX_free(context);
	/* A refusal leaves a queue of reasons that nobody will read. */
	ERR_clear_error();
	return holds;
}

bool
token_signature_holds(const TokenParts *parts, const Key *key)
{
	unsigned char raw[BASE64URL_DECODED_MAX(MAX_SIGNATURE * 4 / 3 + 4)];
	unsigned char der[2 * P256_BYTES + 16];
	size_t		length = parts->signature_length;

	/* The caller found the key by the algorithm; say so where it matters. */
	if (key->alg != parts->alg || length == 0 ||
		BASE64URL_DECODED_MAX(length) > sizeof(raw) ||
		!base64url_decode(parts->signature, length, raw, &length))
		return false;
	if (key->alg == KEY_RS256)
		return verify_bytes(parts, key->pkey, raw, length);
	length = signature_to_der(raw, length, der, sizeof(der));
	return length > 0 && verify_bytes(parts, key->pkey, der, length);
}
