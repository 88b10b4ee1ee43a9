/*
 * answers/local.h
 *		The answers that need no database.
 */
#ifndef DPMETA_LOCAL_H
#define DPMETA_LOCAL_H

#include "request/request.h"

extern void answer_options(Request *request);

/* The routes without a statement. */
extern void answer_local(Request *request);

#endif							/* DPMETA_LOCAL_H */
