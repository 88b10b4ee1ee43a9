/*
 * db/connector.h
 *		The helper thread that connects: resolving a name and shaking hands
 *		may block, so they never happen on the loop.
 */
#ifndef DPMETA_CONNECTOR_H
#define DPMETA_CONNECTOR_H

#include <stdbool.h>

#include "db/lane.h"

extern bool connector_start(void);
extern void connector_stop(void);

/*
 * Connect a lane; pool_connected() is called on the loop with what came of
 * it.  The strings must live as long as the connector.
 */
extern void connector_ask(Lane *lane, const char *url,
						  const char *session_attributes);

#endif							/* DPMETA_CONNECTOR_H */
