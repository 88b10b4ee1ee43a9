/*
 * server/flow.h
 *		One request from its first line to the end of its answer.
 */
#ifndef DPMETA_FLOW_H
#define DPMETA_FLOW_H

#include <microhttpd.h>
#include <stdbool.h>

/* libmicrohttpd's callbacks: a line has come; what follows it; the end. */
extern void *flow_begin(void *cls, const char *uri,
						struct MHD_Connection *connection);
extern enum MHD_Result flow_handle(void *cls,
								   struct MHD_Connection *connection,
								   const char *url, const char *method,
								   const char *version, const char *upload,
								   size_t *upload_size, void **context);
extern void flow_completed(void *cls, struct MHD_Connection *connection,
						   void **context,
						   enum MHD_RequestTerminationCode code);

/* libmicrohttpd is about to refuse a head that is whole. */
extern void flow_refuse_head(void);

/* Requests whose head is there and whose answer is not all sent. */
extern long flow_count(void);

/* Has something happened since the last call that libmicrohttpd must act on? */
extern bool flow_progressed(void);

/* The same, but the next call of flow_progressed() will say it again. */
extern bool flow_waits_for_turn(void);

#endif							/* DPMETA_FLOW_H */
