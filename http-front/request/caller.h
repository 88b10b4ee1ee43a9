/*
 * request/caller.h
 *		Who sends a request, and what they may do.
 */
#ifndef DPMETA_CALLER_H
#define DPMETA_CALLER_H

#include <stdbool.h>

#include "auth/token/verdict.h"
#include "base/address.h"
#include "connection/client.h"
#include "request/head.h"

/* How many requests a caller may still send: auth/limit.c fills it in. */
typedef struct Quota
{
	bool		counted;		/* the request was, and these are true: */
	long		left;
	long		reset;			/* seconds, as is the next */
	long		retry_after;
} Quota;

typedef struct Caller
{
	Address		address;		/* of the client behind trusted proxies */
	const char *address_text;	/* NULL: not known */
	bool		secure;			/* came by https, as far as we know */
	bool		undecided;		/* the keys that judge the token are missing */
	const char *name;			/* NULL: nobody in particular */
	unsigned	roles;
	TokenReason refused;		/* why the token was, if it was */
	Quota		quota;

	/* While it waits for keys: what auth/auth.c calls when they have come. */
	void		(*keys_came) (struct Caller *caller);
	void	   *owner;
	struct Caller *next_waiting;

	/* This is not cleared for the next request. */
	char		name_room[TOKEN_CALLER_SIZE];
	char		address_room[ADDRESS_TEXT];
} Caller;

/* Fill in from where the request comes; the client may be NULL. */
extern void caller_locate(Caller *caller, const Client *client,
						  const Head *head);

#endif							/* DPMETA_CALLER_H */
