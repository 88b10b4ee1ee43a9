/*
 * health.h
 *		Asking the front that runs here how it is.
 */
#ifndef DPMETA_HEALTH_H
#define DPMETA_HEALTH_H

/* An exit status: success when the answer to GET PATH is 200. */
extern int	health_ask(const char *path);

#endif							/* DPMETA_HEALTH_H */
