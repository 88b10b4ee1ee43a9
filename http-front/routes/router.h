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
	bool		negotiated;		/* Accept decides which route it is */
	const Piece *name;			/* and for {name}, behind it */
} RouteMatch;

extern Method method_from_name(const char *name);
extern void route_find(RouteMatch *match, const Uri *uri, Method method);

/*
 * Give a browser, by its Accept field, the page of the route that was found.
 * A build that lacks the pages' files offers none.
 */
extern void route_negotiate(RouteMatch *match, const char *accept);
extern void route_offer_pages(void);

/* "GET, HEAD, OPTIONS" */
extern void methods_write(Text *out, unsigned methods);

#endif							/* DPMETA_ROUTER_H */
