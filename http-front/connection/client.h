/*
 * connection/client.h
 *		The client at the other end of a connection, and how long it may take.
 */
#ifndef DPMETA_CLIENT_H
#define DPMETA_CLIENT_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/loop.h"
#include "base/text.h"

typedef struct Site Site;

/* One connection; libmicrohttpd keeps it for us. */
typedef struct Client
{
	struct MHD_Connection *connection;
	Watch		end;			/* it has closed its half, or all */
	struct Client *next_ended;	/* which libmicrohttpd may not have noticed */
	struct Client **ended;		/* what points to it then */
	Address		address;
	char		text[ADDRESS_TEXT];
	bool		proxy;			/* one that may speak for others */
	bool		cut;			/* it took too long */
	bool		begun;			/* the line of its first request has come */
	bool		waits;			/* has a timeout of its own */
	bool		sending;		/* an answer is under way to it */
	bool		chunked;		/* a body of chunks is under way from it */
	bool		unread;			/* some of it was, at the last look */
	void	   *coming;			/* a request whose head is still to come */
	int64_t		grows_by;
	int64_t		whole_by;		/* when its request must have come */
	int64_t		deadline;
	Site	   *site;			/* NULL: not counted */
	struct Client *previous;
	struct Client *next;
} Client;

/* False, after saying why, when the settings are not usable. */
extern bool client_start(void);

/* Is it one of DPMETA_TRUSTED_PROXIES? */
extern bool client_is_proxy(const struct sockaddr *address);

/* Descriptors that are left for clients who find no place. */
extern long client_spare_files(void);

/* May it connect? */
extern bool client_admit(const struct sockaddr *address);

/* libmicrohttpd's callback: one has connected, or has gone. */
extern void client_notify(void *cls, struct MHD_Connection *connection,
						  void **context,
						  enum MHD_ConnectionNotificationCode code);

/* Is called with a request of which libmicrohttpd never spoke again. */
typedef void (*ClientLost) (void *request);

/*
 * Tell how far a request is: its line has come, its head, all of it; its answer
 * begins, and has been sent.
 */
extern Client *client_begin(struct MHD_Connection *connection, void *request,
							ClientLost lost);
extern void client_head_came(Client *client);
extern void client_sent_all(Client *client);
extern void client_answer_begins(Client *client);
extern void client_answered(Client *client);

/* A body of chunks begins, or has grown. */
extern void client_sends_chunk(Client *client);

/*
 * Around a wait: libmicrohttpd 0.9.75 and 1.0.1 read from a connection that is
 * resumed before they ask for its answer, and drop one whose client has closed
 * its half.  They ask first for one that has its own timeout.
 */
extern void client_waits(Client *client);
extern void client_waited(Client *client);
extern unsigned client_idle_seconds(void);

/*
 * Answer with these bytes only, bypassing libmicrohttpd, which will not get so
 * far.  The connection cannot be used afterwards.
 */
extern void client_last_words(Client *client, const char *bytes, size_t size);

/* The request whose head libmicrohttpd has whole, but did not hand over, or NULL. */
extern void *client_unannounced(void);

/* The proxies that may speak for others. */
extern const Networks *client_proxies(void);

/* Close what takes too long; returns when to look again. */
extern int64_t client_tick(void);
extern long client_count(void);

/* Clients to whom an answer is being sent. */
extern long client_sending(void);
extern void client_metrics_write(Text *out);

#endif							/* DPMETA_CLIENT_H */
