/*
 * answers/compress.h
 *		Answers sent as gzip.
 */
#ifndef DPMETA_COMPRESS_H
#define DPMETA_COMPRESS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is an answer of that length to be compressed, by an Accept-Encoding field? */
extern bool compress_wanted(const char *encodings, size_t length);

/* What is to be compressed, and how to let it go. */
typedef struct Plain
{
	const char *bytes;
	size_t		length;
	void		(*release) (void *owner);
	void	   *owner;
} Plain;

/*
 * A response with the bytes compressed, NULL when it cannot be done.  When
 * *kept is set it needs them still, and releases them at its end.  *size is
 * what it has, where that is known beforehand.
 */
extern struct MHD_Response *compress_response(const Plain *plain,
											  uint64_t *size, bool *kept);

/*
 * The head of such a response, for an answer whose body is not sent: its
 * length is what the body would have, where that is known beforehand.
 */
extern struct MHD_Response *compress_head(const Plain *plain, uint64_t *size);
extern void compress_stop(void);

#endif							/* DPMETA_COMPRESS_H */
