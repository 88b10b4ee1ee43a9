/*
 * answers/response.h
 *		A response, and what every one of them has.
 */
#ifndef DPMETA_RESPONSE_H
#define DPMETA_RESPONSE_H

#include <microhttpd.h>
#include <stdbool.h>

#include "base/text.h"
#include "request/request.h"

/* What a browser may do with an answer that is no page: nothing. */
#define REPLY_POLICY "default-src 'none'; frame-ancestors 'none'"

/*
 * Hands the response over and adds what every answer has; when it was not made,
 * the line is closed.
 */
extern bool reply_set(Request *request, struct MHD_Response *response,
					  int status);
extern void reply_header(Request *request, const char *name,
						 const char *value);
/* A response of a text, which it takes over, compressed if that is wanted. */
extern struct MHD_Response *reply_text(Request *request, Text *text);
/* The methods that the path has. */
extern void reply_allow(Request *request);

#endif							/* DPMETA_RESPONSE_H */
