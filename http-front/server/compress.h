/*
 * server/compress.h
 *		Answers sent as gzip.
 */
#ifndef DPMETA_COMPRESS_H
#define DPMETA_COMPRESS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#include "request/request.h"

/* Is an answer of that length to be compressed?  Notes it in the request. */
extern bool compress_wanted(Request *request, size_t length);

/*
 * A response with the bytes compressed, NULL when it cannot be done.  When
 * *kept is set it needs them still, and calls release(owner) at its end.
 */
extern struct MHD_Response *compress_response(Request *request,
											  const char *bytes, size_t length,
											  void (*release) (void *),
											  void *owner, bool *kept);
extern void compress_stop(void);

#endif							/* DPMETA_COMPRESS_H */
