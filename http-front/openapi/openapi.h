/*
 * openapi/openapi.h
 *		The OpenAPI document, from the route table and the models in force.
 */
#ifndef DPMETA_OPENAPI_H
#define DPMETA_OPENAPI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"

typedef struct OpenApi
{
	char	   *text;
	size_t		length;
	char		etag[DIGEST_SIZE];
} OpenApi;

/*
 * The document for these models, as getOpenApi's statement gives them; made
 * anew when they or the login have changed.  NULL when it cannot be made.
 */
extern const OpenApi *openapi_document(const char *models);
extern void openapi_stop(void);

#endif							/* DPMETA_OPENAPI_H */
