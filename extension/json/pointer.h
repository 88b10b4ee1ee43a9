/*
 * json/pointer.h
 *		The tokens of JSON Pointers (RFC 6901).
 */
#ifndef DPMETA_POINTER_H
#define DPMETA_POINTER_H

#include "postgres.h"
#include "lib/stringinfo.h"

/* Appends the token of a member's name, with its slash. */
extern void pointer_append_token(StringInfo buf, const char *str, int len);

/* The pointer to a member of what "above" points to. */
extern char *pointer_to(const char *above, const char *str, int len);

#endif							/* DPMETA_POINTER_H */
