/*
 * openapi/models.h
 *		The schemas that follow from the models that documents are held to.
 */
#ifndef DPMETA_OPENAPI_MODELS_H
#define DPMETA_OPENAPI_MODELS_H

#include <jansson.h>

/* Put the schemas that follow from the models to those that are there. */
extern void openapi_add_models(json_t *schemas, const json_t *models);

#endif							/* DPMETA_OPENAPI_MODELS_H */
