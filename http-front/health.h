/*
 * health.h
 *		Asking the front that runs here how it is.
 */
#ifndef HEALTH_H
#define HEALTH_H

/* An exit status: success when the answer to GET PATH is 200. */
extern int	health_ask(const char *path);

#endif
