/*
 * server/client.h
 *		Who is at the other end of a connection, and how long it takes.
 */
#ifndef DPMETA_CLIENT_H
#define DPMETA_CLIENT_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/text.h"

typedef struct Site Site;
typedef struct Request Request;

/* One connection; libmicrohttpd keeps it for us. */
typedef struct Client
{
	struct MHD_Connection *connection;
	Address		address;
	char		text[ADDRESS_TEXT];
	bool		proxy;			/* one that may speak for others */
	bool		cut;			/* it took too long */
	int64_t		deadline;
	Site	   *site;			/* NULL: not counted */
	struct Client *previous;
	struct Client *next;
} Client;

/* False when the settings will not do, with the reason said. */
extern bool client_start(void);

/* libmicrohttpd's callbacks: may it connect; it has, or has gone. */
extern enum MHD_Result client_admit(void *cls, const struct sockaddr *address,
									socklen_t length);
extern void client_notify(void *cls, struct MHD_Connection *connection,
						  void **context,
						  enum MHD_ConnectionNotificationCode code);

/* A request's line is there; the whole of it; its answer; that is all sent. */
extern Client *client_begin(struct MHD_Connection *connection);
extern void client_sent_all(Client *client);
extern void client_answer_begins(Client *client);
extern void client_answered(Client *client);

/* Fill in who sends the request, once its head is there. */
extern void client_find(Request *request);

/* Close what takes too long; returns when to look again. */
extern int64_t client_tick(void);
extern long client_count(void);
/* Since the last call: a connection went, and there were as many as may be. */
extern bool client_freed_place(void);
extern void client_metrics_write(Text *out);

#endif							/* DPMETA_CLIENT_H */
