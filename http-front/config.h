/*
 * config.h
 *		The DPMETA_* environment variables: the only configuration there is.
 */
#ifndef DPMETA_CONFIG_H
#define DPMETA_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define DPMETA_HTTP_VERSION "1.1"

typedef enum AuthMode
{
	AUTH_ON,
	AUTH_OFF,					/* on loopback only */
	AUTH_OFF_ANYWHERE			/* said a second time */
} AuthMode;

/* So many requests in so many seconds; 0: no limit. */
typedef struct Rate
{
	long		count;
	long		seconds;
} Rate;

/* From a number to another one. */
typedef struct Range
{
	long		least;
	long		most;
} Range;

typedef struct Config
{
	const char *database_url;
	const char *read_database_url;	/* NULL: reads go to database_url */
	const char *listen;
	long		port;
	bool		reuse_port;
	Range		lanes;			/* always; and with those that writes get */
	long		read_lanes;
	long		pipeline;		/* most reads on one lane at a time */
	long		queue;			/* most requests that wait for a lane */
	long		queue_timeout;	/* all times in milliseconds */
	long		statement_timeout;
	long		position_timeout;
	long		lane_lifetime;	/* 0: no end */
	long		connect_timeout;
	long		idle_timeout;
	long		drain_timeout;
	long		memory;			/* for all of it, in bytes; 0: not said */
	long		max_body;
	long		max_bodies;		/* all that are held */
	long		max_answer;		/* one, in bytes */
	long		max_answers;	/* all that are held */
	long		max_header;
	long		token_room;
	long		max_path;
	long		max_connections;
	long		max_connections_per_address;	/* 0: no limit */
	const char *trusted_proxies;
	long		head_timeout;
	long		request_timeout;
	long		answer_timeout;
	const char *cors_origins;
	Rate		rate_limit;
	const char *tls_cert;
	const char *tls_key;
	long		auth;			/* AuthMode */
	const char *oidc_issuer;
	const char *oidc_audience;
	const char *oidc_ca_file;
	const char *azure_tenant_id;
	const char *azure_client_id;
	const char *azure_authority;
	const char *azure_v1_issuer;
	const char *roles_claim;
	const char *producer_role;
	const char *steward_role;
	long		token_leeway;
	long		keys_refresh;
	long		keys_refetch;
	long		keys_max_age;
	const char *docs_client_id;
	const char *docs_scope;
	long		log;			/* LogLevel */
} Config;

/* The settings in force; config_load() fills it. */
extern Config config;

/* False when variables are unknown or malformed, with a reason for each. */
extern bool config_load(char **environment);

/* Did the operator set it?  Give the address of a member of "config". */
extern bool config_is_set(const void *member);
extern void config_help(FILE *out);

#endif							/* DPMETA_CONFIG_H */
