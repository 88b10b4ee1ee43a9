/*
 * openapi/operation.h
 *		A route as an operation.
 */
#ifndef DPMETA_OPENAPI_OPERATION_H
#define DPMETA_OPENAPI_OPERATION_H

#include <jansson.h>

#include "routes/routes.h"

/* A path item's operation; what it refers to is put to the components. */
extern json_t *openapi_operation(const Route *route, json_t *components);

#endif							/* DPMETA_OPENAPI_OPERATION_H */
