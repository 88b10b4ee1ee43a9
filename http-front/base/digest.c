/*
 * base/digest.c
 *		A short name for what a text holds.
 */
#include "base/digest.h"

#include <openssl/evp.h>
#include <stdio.h>

bool
digest_text(const char *text, size_t length, char *digest)
{
	unsigned char hash[EVP_MAX_MD_SIZE];

	if (EVP_Digest(text, length, hash, NULL, EVP_sha256(), NULL) != 1)
		return false;
	for (int i = 0; i < DIGEST_SIZE / 2; i++)
		snprintf(digest + 2 * i, 3, "%02x", hash[i]);
	return true;
}
