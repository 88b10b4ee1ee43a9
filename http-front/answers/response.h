/*
 * answers/response.h
 *		A response, and what every one of them has.
 */
#ifndef DPMETA_RESPONSE_H
#define DPMETA_RESPONSE_H

#include <microhttpd.h>
#include <stdbool.h>

#include "answers/compress.h"
#include "base/text.h"
#include "request/request.h"

/* What a browser may do with an answer that is no page: nothing. */
#define RESPONSE_POLICY "default-src 'none'; frame-ancestors 'none'"

/*
 * Each of these makes the reply: its status, its body, and the headers that
 * every answer has.  False means that it could not be made, and the connection
 * is closed.
 */
extern bool response_empty(Request *request, int status);

/* With these bytes as they are; they must never be freed. */
extern bool response_bytes(Request *request, int status, const char *bytes,
						   size_t length);

/* With a text, which it takes over, compressed if that is wanted. */
extern bool response_text(Request *request, int status, Text *text);

/*
 * The same with what is held elsewhere.  When *kept is set the response
 * releases it at its end, otherwise the caller does.
 */
extern bool response_held(Request *request, int status, const Plain *plain,
						  bool *kept);

/* Note whether a body of that length is, or would be, compressed. */
extern bool response_choose_encoding(Request *request, size_t length);

/* From now on every answer closes its connection. */
extern void response_drain(void);

/* Add the methods that the path has. */
extern void response_add_allow(Request *request);

#endif							/* DPMETA_RESPONSE_H */
