/*
 * server/request_log.h
 *		The log's line for each request.
 */
#ifndef DPMETA_REQUEST_LOG_H
#define DPMETA_REQUEST_LOG_H

#include <microhttpd.h>
#include <stdint.h>

#include "request/request.h"

/* It took so many microseconds, and ended by this code. */
extern void request_log(const Request *request, int64_t duration,
						enum MHD_RequestTerminationCode code);

#endif							/* DPMETA_REQUEST_LOG_H */
