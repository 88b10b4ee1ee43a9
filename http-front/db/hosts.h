/*
 * db/hosts.h
 *		The hosts of a database URL, each apart.
 *
 * libpq tries the hosts of a URL one after the other, each for as long as its
 * timeout is.  Several that hang would hold up the one that does not.
 */
#ifndef DPMETA_HOSTS_H
#define DPMETA_HOSTS_H

#include <stdbool.h>

/* What takes the place of the URL's own; NULL: as the URL has it. */
typedef struct Host
{
	char	   *host;
	char	   *hostaddr;
	char	   *port;
	bool		only;			/* the URL has no other one */
	long		seconds;		/* for connecting to it */
	char		timeout[24];	/* the same for libpq */
} Host;

/*
 * How many hosts can be tried separately.  It is 1 if libpq has to see all of them
 * to choose as the URL says ("prefer-standby", or a random one).
 */
extern unsigned hosts_count(const char *url);
extern void host_of_url(Host *host, const char *url, unsigned place);
extern void host_free(Host *host);

#endif							/* DPMETA_HOSTS_H */
