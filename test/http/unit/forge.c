/*
 * forge.c
 *		What a provider, or somebody who would like to be one, can write.
 */
#include "forge.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
need(void *pointer)
{
	if (pointer == NULL)
	{
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return pointer;
}

EVP_PKEY *
forge_rsa(unsigned bits)
{
	return need(EVP_RSA_gen(bits));
}

EVP_PKEY *
forge_ec(const char *curve)
{
	return need(EVP_EC_gen(curve));
}

char *
forge_format(const char *format,...)
{
	va_list		arguments;
	char	   *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return need(text);
}

char *
forge_base64url(const void *bytes, size_t length)
{
	char	   *text = need(malloc((length + 2) / 3 * 4 + 1));

	EVP_EncodeBlock((unsigned char *) text, bytes, (int) length);
	for (char *c = text; *c != '\0'; c++)
	{
		if (*c == '+')
			*c = '-';
		else if (*c == '/')
			*c = '_';
		else if (*c == '=')
			*c = '\0';
	}
	return text;
}

/* A big number of a key, in base64url, padded to "width" bytes if not 0. */
static char *
key_number(EVP_PKEY *key, const char *name, int width)
{
	BIGNUM	   *number = NULL;
	unsigned char bytes[1024];
	char	   *text;

	EVP_PKEY_get_bn_param(key, name, &number);
	need(number);
	if (width == 0)
		width = BN_num_bytes(number);
	BN_bn2binpad(number, bytes, width);
	BN_free(number);
	text = forge_base64url(bytes, (size_t) width);
	return text;
}

char *
forge_jwk(EVP_PKEY *key, const char *kid, const char *extra)
{
	int			rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
	int			width = (EVP_PKEY_get_bits(key) + 7) / 8;
	char	   *a = rsa ? key_number(key, OSSL_PKEY_PARAM_RSA_N, 0) :
		key_number(key, OSSL_PKEY_PARAM_EC_PUB_X, width);
	char	   *b = rsa ? key_number(key, OSSL_PKEY_PARAM_RSA_E, 0) :
		key_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, width);
	char	   *name = kid == NULL ? forge_format("%s", "") :
		forge_format("\"kid\":\"%s\",", kid);
	char	   *jwk;

	if (rsa)
		jwk = forge_format("{\"kty\":\"RSA\",%s\"n\":\"%s\","
						   "\"e\":\"%s\"%s}", name, a, b, extra);
	else
		jwk = forge_format("{\"kty\":\"EC\",%s\"crv\":\"P-%d\","
						   "\"x\":\"%s\",\"y\":\"%s\"%s}", name,
						   EVP_PKEY_get_bits(key), a, b, extra);
	free(name);
	free(a);
	free(b);
	return jwk;
}

char *
forge_pem(EVP_PKEY *key)
{
	BIO		   *bio = need(BIO_new(BIO_s_mem()));
	char	   *data;
	long		length;
	char	   *pem;

	PEM_write_bio_PUBKEY(bio, key);
	length = BIO_get_mem_data(bio, &data);
	pem = need(strndup(data, (size_t) length));
	BIO_free(bio);
	return pem;
}

/* "header.payload" in base64url. */
static char *
signing_input(const char *header, const char *payload)
{
	char	   *first = forge_base64url(header, strlen(header));
	char	   *second = forge_base64url(payload, strlen(payload));
	char	   *input = forge_format("%s.%s", first, second);

	free(first);
	free(second);
	return input;
}

/* Join the input, which is freed, and the signature's bytes. */
static char *
join_token(char *input, const void *signature, size_t length)
{
	char	   *third = forge_base64url(signature, length);
	char	   *token = forge_format("%s.%s", input, third);

	free(input);
	free(third);
	return token;
}

/* DER to two numbers of 32 bytes. */
static void
der_to_raw(const unsigned char *der, size_t length, unsigned char *raw)
{
	ECDSA_SIG  *pair = need(d2i_ECDSA_SIG(NULL, &der, (long) length));

	BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 32, 32);
	ECDSA_SIG_free(pair);
}

char *
forge_token(EVP_PKEY *key, const char *header, const char *payload)
{
	char	   *input = signing_input(header, payload);
	unsigned char signature[1024];
	unsigned char raw[64];
	size_t		length = sizeof(signature);
	EVP_MD_CTX *context = need(EVP_MD_CTX_new());

	if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
		EVP_DigestSign(context, signature, &length,
					   (unsigned char *) input, strlen(input)) != 1)
		need(NULL);
	EVP_MD_CTX_free(context);
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ||
		EVP_PKEY_get_bits(key) != 256)
		return join_token(input, signature, length);
	der_to_raw(signature, length, raw);
	return join_token(input, raw, sizeof(raw));
}

char *
forge_hs256(const void *secret, size_t length,
			const char *header, const char *payload)
{
	char	   *input = signing_input(header, payload);
	unsigned char mac[32];
	unsigned	mac_length = sizeof(mac);

	need(HMAC(EVP_sha256(), secret, (int) length, (unsigned char *) input,
			  strlen(input), mac, &mac_length));
	return join_token(input, mac, mac_length);
}
