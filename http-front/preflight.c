/*
 * preflight.c
 *		What is wrong with the settings, all of it at once.
 */
#include "preflight.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/auth.h"
#include "auth/cors.h"
#include "auth/limit.h"
#include "base/log.h"
#include "base/loop.h"
#include "config.h"
#include "connection/client.h"
#include "connection/listener.h"
#include "connection/tls.h"
#include "db/connector.h"
#include "db/hosts.h"
#include "request/memory.h"

/* One database of the settings, while it is tried. */
typedef struct Trial
{
	const char *setting;
	unsigned	waiting;		/* hosts that have not answered */
	unsigned	good;
} Trial;

/*
 * libmicrohttpd closes a connection on which nothing happened, also while the
 * database works for it.
 */
bool
preflight_fits(void)
{
	if (config.idle_timeout >= config.statement_timeout)
		return true;
	log_event(LOG_WARNINGS, "settings-doubtful", "DPMETA_IDLE_TIMEOUT is "
			  "shorter than DPMETA_STATEMENT_TIMEOUT: a client may get an "
			  "empty reply to a write that is done");
	return false;
}

static bool
settings_are_good(void)
{
	bool		good = config_load(environ);

	good = client_start() && good;
	good = memory_start() && good;
	good = cors_start() && good;
	good = auth_settings_good() && good;
	good = tls_start() && good;
	good = listener_settings_good() && good;
	return preflight_fits() && good;
}

/* The session is not blocking any more, but PQexec() waits anyway. */
static void
look_for_extension(const Trial *trial, PGconn *conn)
{
	PGresult   *result = PQexec(conn, "SELECT extversion FROM "
								"pg_catalog.pg_extension "
								"WHERE extname = 'dpmeta'");

	if (PQntuples(result) == 1)
		printf("%s: %s, port %s, has dpmeta %s\n", trial->setting,
			   PQhost(conn), PQport(conn), PQgetvalue(result, 0, 0));
	else
		log_refusal("%s: the database at %s, port %s, does not have the "
					"extension dpmeta", trial->setting, PQhost(conn),
					PQport(conn));
	PQclear(result);
}

static void
take_connection(void *owner, NewConnection *made)
{
	Trial	   *trial = owner;

	trial->waiting--;
	if (made->conn == NULL)
		log_refusal("%s: %s", trial->setting, made->error);
	else
	{
		trial->good++;
		look_for_extension(trial, made->conn);
	}
	PQfinish(made->conn);
}

/* Each host is told of; one that serves is enough. */
static bool
try_database(const char *setting, const char *url, const char *password)
{
	Trial		trial = {.setting = setting, .waiting = hosts_count(url)};
	Target		target = {
		.url = url, .password = password, .session_attributes = "any"
	};
	unsigned	count = trial.waiting;

	for (target.host = 0; target.host < count; target.host++)
		connector_ask(&target, take_connection, &trial);
	while (trial.waiting > 0)
		loop_wait(NEVER);
	return trial.good > 0;
}

static bool
all_are_reached(void)
{
	const char *password = config.read_database_password ?
		config.read_database_password : config.database_password;
	bool		good;

	if (!connector_start())
		return false;
	good = try_database("DPMETA_DATABASE_URL", config.database_url,
						config.database_password);
	if (config.read_database_url != NULL)
		good = try_database("DPMETA_READ_DATABASE_URL",
							config.read_database_url, password) && good;
	good = auth_start() && auth_reaches_provider() && good;
	auth_stop();
	connector_stop();
	return good;
}

int
preflight(bool connects)
{
	bool		good;

	if (!loop_start())
		return EXIT_FAILURE;
	good = settings_are_good();
	if (good && connects)
		good = all_are_reached();
	log_finish();
	if (good)
		puts(connects ? "nothing is wrong with the settings, and all is reached" :
			 "nothing is wrong with the settings");
	tls_stop();
	loop_stop();
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
