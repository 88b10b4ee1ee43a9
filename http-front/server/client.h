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
	bool		waits;			/* has a timeout of its own */
	bool		sending;		/* an answer is under way to it */
	bool		chunked;		/* a body of chunks is under way from it */
	bool		unread;			/* some of it was, at the last look */
	Request    *coming;			/* whose head was not handed over yet */
	int64_t		grows_by;
	int64_t		deadline;
	Site	   *site;			/* NULL: not counted */
	struct Client *previous;
	struct Client *next;
} Client;

/* False when the settings will not do, with the reason said. */
extern bool client_start(void);

/* May it connect? */
extern bool client_admit(const struct sockaddr *address);
/* libmicrohttpd's callback: one has connected, or has gone. */
extern void client_notify(void *cls, struct MHD_Connection *connection,
						  void **context,
						  enum MHD_ConnectionNotificationCode code);

/* A request's line is there; its head; the whole of it; its answer; that is all sent. */
extern Client *client_begin(struct MHD_Connection *connection,
							Request *request);
extern void client_head_came(Client *client);
extern void client_sent_all(Client *client);
extern void client_answer_begins(Client *client);
extern void client_answered(Client *client);
/* A body of chunks begins, or has grown. */
extern void client_sends_chunk(Client *client);

/*
 * Around a wait: libmicrohttpd 0.9.75 and 1.0.1 read from a connection that is
 * resumed before they ask for its answer, and drop one whose client has closed
 * its half.  One with a timeout of its own they ask first.
 */
extern void client_waits(Client *client);
extern void client_waited(Client *client);
extern unsigned client_idle_seconds(void);

/*
 * Answer by these bytes and no more, past libmicrohttpd, which will not come
 * so far.  The connection is of no use any more.
 */
extern void client_last_words(Client *client, const char *bytes, size_t size);

/* Of whom libmicrohttpd judges a whole head, before it hands that over. */
extern Request *client_judged(void);

/* Fill in who sends the request, once its head is there. */
extern void client_find(Request *request);

/* Close what takes too long; returns when to look again. */
extern int64_t client_tick(void);
extern long client_count(void);
/* To whom an answer is under way. */
extern long client_sending(void);
extern void client_metrics_write(Text *out);

#endif							/* DPMETA_CLIENT_H */
