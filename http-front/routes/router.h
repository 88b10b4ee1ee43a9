/*
 * routes/router.h
 *		Which route a method and a path are.
 */
#ifndef DPMETA_ROUTER_H
#define DPMETA_ROUTER_H

#include "base/text.h"
#include "base/uri.h"
#include "routes/routes.h"

typedef struct RouteMatch
{
	const Route *route;			/* NULL: see methods */
	unsigned	methods;		/* that the path has; 0: no such path */
	const Piece *id;			/* what stands for {id} */
	const Piece *name;			/* and for {name}, behind it */
} RouteMatch;

extern Method method_from_name(const char *name);
extern void route_find(RouteMatch *match, const Uri *uri, Method method);

/* "GET, HEAD, OPTIONS" */
extern void methods_write(Text *out, unsigned methods);

#endif							/* DPMETA_ROUTER_H */
