/*
 * base/digest.h
 *		A short name for what a text holds.
 */
#ifndef DPMETA_DIGEST_H
#define DPMETA_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#define DIGEST_SIZE 33			/* 32 hexadecimal digits and a NUL */

/* The first half of its SHA-256; false without memory. */
extern bool digest_text(const char *text, size_t length, char *digest);

#endif							/* DPMETA_DIGEST_H */
