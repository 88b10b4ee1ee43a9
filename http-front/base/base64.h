/*
 * base/base64.h
 *		base64url as RFC 7515 has it: no padding, no blanks, one spelling.
 */
#ifndef DPMETA_TOKEN_BASE64_H
#define DPMETA_TOKEN_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that "length" characters can stand for. */
#define BASE64URL_DECODED_MAX(length) ((length) / 4 * 3 + 2)

/*
 * Decode "length" characters of "text" into "out", which has room for
 * BASE64URL_DECODED_MAX(length) bytes.  False for anything that an encoder
 * would not have written, so that one value has one spelling.
 */
extern bool base64url_decode(const char *text, size_t length,
							 unsigned char *out, size_t *out_length);

#endif
