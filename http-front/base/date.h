/*
 * base/date.h
 *		Times as HTTP writes them.
 */
#ifndef DPMETA_DATE_H
#define DPMETA_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* "Sun, 06 Nov 1994 08:49:37 GMT" and a NUL. */
#define HTTP_DATE_SIZE 30

/*
 * Write an IMF-fixdate (RFC 9110, section 5.6.7) for seconds since 1970.  False for
 * a time outside the years 0 to 9999, which it cannot express.
 */
extern bool http_date(int64_t seconds, char date[HTTP_DATE_SIZE]);

#endif							/* DPMETA_DATE_H */
