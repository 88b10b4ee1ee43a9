/*
 * openapi/responses.h
 *		What a route answers with, and each problem that it can meet.
 */
#ifndef DPMETA_OPENAPI_RESPONSES_H
#define DPMETA_OPENAPI_RESPONSES_H

#include <jansson.h>

#include "routes/routes.h"

/*
 * What a route answers with, and each problem that it can meet: those responses
 * are put to the shared ones.
 */
extern json_t *openapi_responses(const Route *route, json_t *shared);

/* The examples that those refer to. */
extern void openapi_add_problems(json_t *components);

#endif							/* DPMETA_OPENAPI_RESPONSES_H */
