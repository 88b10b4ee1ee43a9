/*
 * db/hosts.h
 *		The hosts of a database URL, begun with another one than the first.
 */
#ifndef DPMETA_HOSTS_H
#define DPMETA_HOSTS_H

/* Lists with commas between, as libpq takes them; NULL: as the URL has them. */
typedef struct Hosts
{
	char	   *host;
	char	   *hostaddr;
	char	   *port;
	char		timeout[24];	/* seconds for connecting to each */
} Hosts;

/*
 * The lists turned by so many places.  libpq takes the first host that lets
 * it in; one that does so and is silent afterwards would be taken for ever.
 */
extern void hosts_of_url(Hosts *hosts, const char *url, unsigned turn);
extern void hosts_free(Hosts *hosts);

#endif							/* DPMETA_HOSTS_H */
