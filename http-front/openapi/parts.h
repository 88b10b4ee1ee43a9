/*
 * openapi/parts.h
 *		What the makers of the OpenAPI document share.
 */
#ifndef DPMETA_OPENAPI_PARTS_H
#define DPMETA_OPENAPI_PARTS_H

#include <jansson.h>
#include <stdbool.h>

#include "routes/routes.h"

/*
 * jansson's setters take the value over, and fail only without memory.  A
 * failure is remembered, and whoever uses the result asks for it once.
 */
extern void parts_put(json_t *object, const char *name, json_t *value);
extern void parts_add(json_t *array, json_t *value);
extern void parts_begin(void);
extern void parts_fail(void);
extern bool parts_failed(void);

/* {"$ref": "#/components/KIND/NAME"} */
extern json_t *parts_reference(const char *kind, const char *name);

/* Does the route need a token? */
extern bool openapi_is_secured(const Route *route);

/* Does its answer to a read have an entity tag? */
extern bool openapi_is_tagged(const Route *route);
extern const Parameter *openapi_parameter(const Route *route, Source source,
										  const char *name);

#endif							/* DPMETA_OPENAPI_PARTS_H */
