/*
 * preflight.h
 *		What is wrong with the settings, before anybody relies on them.
 */
#ifndef DPMETA_PREFLIGHT_H
#define DPMETA_PREFLIGHT_H

#include <stdbool.h>

/*
 * Settings that are valid each, but not together: false, and a warning in the
 * log for each.
 */
extern bool preflight_fits(void);

/*
 * An exit status: success if nothing is wrong with the settings and, if so
 * asked, the databases and the identity provider can be reached.
 */
extern int	preflight(bool connects);

#endif							/* DPMETA_PREFLIGHT_H */
