/*
 * db/database_url.h
 *		What a database URL must be like for the front to start with it.
 */
#ifndef DPMETA_DATABASE_URL_H
#define DPMETA_DATABASE_URL_H

#include <stdbool.h>

extern bool database_url_valid(const char *url);

#endif							/* DPMETA_DATABASE_URL_H */
