/*
 * auth/jwks/fetch.h
 *		One document over HTTP(S), bounded in size and time.  It blocks, so
 *		only the helper thread of auth/jwks/jwks.c calls it.
 */
#ifndef DPMETA_JWKS_FETCH_H
#define DPMETA_JWKS_FETCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Fetcher Fetcher;

/*
 * "ca_file" replaces the system's certificate authorities unless NULL; it and
 * "stop", which ends a transfer under way, must outlive the fetcher.
 */
extern Fetcher *fetcher_create(const char *ca_file, const atomic_bool *stop);
extern void fetcher_destroy(Fetcher *fetcher);

/*
 * Get "url".  The body stays valid until the next call.  False with a sentence
 * in "error" for anything but a whole 200 answer.
 */
extern bool fetcher_get(Fetcher *fetcher, const char *url,
						const char **body, size_t *length,
						char *error, size_t error_size);

#endif
