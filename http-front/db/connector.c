/*
 * db/connector.c
 *		The helper threads that connect.
 */
#include "db/connector.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/text.h"
#include "config.h"
#include "db/hosts.h"
#include "metrics/metrics.h"

#define EXTENSION_MOST 32
#define STACK_SIZE (512 * 1024)
/* How long the end waits for those that are about to be done. */
#define STOP_WITHIN 200

typedef struct Order Order;
struct Order
{
	Order	   *next;
	Connected	done;
	void	   *owner;
	Target		target;
	char	   *url;			/* of the target */
	char	   *password;
	NewConnection made;
	char		extension[EXTENSION_MOST];	/* its version, "" without it */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_ended = PTHREAD_COND_INITIALIZER;
static Order *finished;
static int	threads;
static bool stopping;
static int	stop_fd = -1;		/* readable from the stop on */
static Watch wake = {.fd = -1};

/* The first line of why; it holds no password. */
static void
refuse(Order *order, const char *what, const char *why)
{
	NewConnection *made = &order->made;

	snprintf(made->error, sizeof(made->error), "%s%s", what, why);
	made->error[strcspn(made->error, "\n")] = '\0';
	PQfinish(made->conn);
	made->conn = NULL;
}

/*
 * Wait until the next result can be taken without waiting.  NULL then, or why
 * it will not come.
 */
static const char *
await_result(PGconn *conn, int64_t deadline)
{
	for (;;)
	{
		int			left = PQflush(conn);
		int64_t		rest = deadline - clock_microseconds() / 1000;
		struct pollfd fds[] = {
			{.fd = PQsocket(conn), .events = POLLIN},
			{.fd = stop_fd, .events = POLLIN}
		};

		if (left < 0)
			return PQerrorMessage(conn);
		if (!PQisBusy(conn))
			return NULL;
		if (rest <= 0)
			return "no answer in time";
		if (left > 0)
			fds[0].events |= POLLOUT;
		poll(fds, 2, (int) rest);
		if (fds[1].revents != 0)
			return "the front stops";
		if (fds[0].revents != 0 && PQconsumeInput(conn) != 1)
			return PQerrorMessage(conn);
	}
}

static const char *
send_settings(PGconn *conn)
{
	char		timeout[32];
	const char *values[] = {timeout};
	int			sent;

	snprintf(timeout, sizeof(timeout), "%ld", config.statement_timeout);
	sent = PQsendQueryParams(conn,
							 "SELECT pg_catalog.set_config('statement_timeout', $1, false), "
							 "pg_catalog.set_config('default_transaction_isolation', 'read committed', false), "
							 "pg_catalog.set_config('search_path', 'pg_catalog', false), "
							 "pg_catalog.set_config('jit', 'off', false), "
							 "(SELECT extversion FROM pg_catalog.pg_extension "
							 "WHERE extname = 'dpmeta'), "
							 "(extract(epoch FROM pg_catalog.pg_postmaster_start_time()) "
							 "* 1000000)::bigint, "
							 "pg_catalog.current_setting('max_connections')::bigint - "
							 "pg_catalog.current_setting('superuser_reserved_connections')::bigint, "
							 "(SELECT NULLIF(rolconnlimit, -1) FROM pg_catalog.pg_roles "
							 "WHERE rolname = SESSION_USER)",
							 1, NULL, values, NULL, NULL, 0);
	return sent == 1 ? NULL : PQerrorMessage(conn);
}

/* One result, and its end. */
static const char *
take_settings(Order *order, int64_t deadline)
{
	PGconn	   *conn = order->made.conn;
	const char *why = await_result(conn, deadline);
	PGresult   *result;

	if (why != NULL)
		return why;
	result = PQgetResult(conn);
	if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
		why = PQerrorMessage(conn);
	else
	{
		snprintf(order->extension, EXTENSION_MOST, "%s",
				 PQgetvalue(result, 0, 4));
		order->made.server = strtoull(PQgetvalue(result, 0, 5), NULL, 10);
		order->made.most = strtol(PQgetvalue(result, 0, 6), NULL, 10);
		if (!PQgetisnull(result, 0, 7) &&
			strtol(PQgetvalue(result, 0, 7), NULL, 10) < order->made.most)
			order->made.most = strtol(PQgetvalue(result, 0, 7), NULL, 10);
	}
	while (result != NULL)
	{
		PQclear(result);
		result = NULL;
		if (why == NULL)
			why = await_result(conn, deadline);
		if (why == NULL)
			result = PQgetResult(conn);
	}
	return why;
}

/*
 * Settings of the session that the URL does not leave to chance, and a look at
 * what is there.  A session without them would serve without its timeout, so
 * it is not used.
 */
static void
prepare_session(Order *order)
{
	PGconn	   *conn = order->made.conn;
	int64_t		deadline = clock_microseconds() / 1000 + config.connect_timeout;
	const char *host = PQhost(conn);
	const char *port = PQport(conn);
	const char *why = PQerrorMessage(conn);
	char		what[160];

	if (PQsetnonblocking(conn, 1) == 0)
		why = send_settings(conn);
	if (why == NULL)
		why = take_settings(order, deadline);
	if (why == NULL)
		return;
	snprintf(what, sizeof(what), "setting up the session at %s, port %s: ",
			 host ? host : "?", port ? port : "?");
	order->made.silent = clock_microseconds() / 1000 >= deadline;
	refuse(order, what, why);
}

/* Ours to ignore: notices would otherwise go to standard error as they are. */
static void
drop_notice(void *arg, const PGresult *notice)
{
	(void) arg;
	(void) notice;
}

/* PQconnectdbParams(), which waits until it is done, or PQconnectStartParams(). */
typedef PGconn *(*Connect) (const char *const *names,
							const char *const *values, int expand);

/* The host has its timeout, which libpq keeps in this form only. */
static PGconn *
open_connection(Connect connect, const Host *host, const Target *target,
				const char *attributes)
{
	PGconn	   *conn;
	const char *const names[] = {
		"target_session_attrs", "fallback_application_name",
		"keepalives_idle", "tcp_user_timeout", "dbname", "client_encoding",
		"connect_timeout", "host", "hostaddr", "port", "password",
		NULL
	};
	const char *values[] = {
		attributes, "dpmeta-http", "10", "20000", target->url, "UTF8",
		host->timeout, host->host, host->hostaddr, host->port,
		target->password, NULL
	};

	/* What the URL says comes after what is before it in the list, and holds. */
	conn = connect(names, values, 1);
	if (conn != NULL)
		PQsetNoticeReceiver(conn, drop_notice, NULL);
	return conn;
}

/* ":  57P03: ", as libpq writes it when it is to say all. */
static void
find_state(const char *message, char *state)
{
	const char *found = strstr(message, ":  ");

	if (found == NULL)
		return;
	found += strlen(":  ");
	if (strspn(found, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5 &&
		found[5] == ':')
		snprintf(state, sizeof(((NewConnection *) NULL)->state), "%.5s", found);
}

/*
 * libpq has an SQLSTATE for why there is no session, and tells it only in the
 * message, if that is asked for before the server answers.  So connect once
 * more, by hand; a session that comes of it is as good as any.
 */
static PGconn *
ask_for_state(const Host *host, Order *order, int64_t deadline)
{
	const Target *target = &order->target;
	const char *attributes = host->only ? "any" :
		target->session_attributes;
	PGconn	   *conn = open_connection(PQconnectStartParams, host, target,
									   attributes);
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	if (PQstatus(conn) != CONNECTION_BAD)
		PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
	while (PQstatus(conn) != CONNECTION_BAD && status != PGRES_POLLING_OK)
	{
		int64_t		rest = deadline - clock_microseconds() / 1000;
		struct pollfd fds[] = {
			{.fd = PQsocket(conn), .events = status == PGRES_POLLING_READING ?
			POLLIN : POLLOUT},
			{.fd = stop_fd, .events = POLLIN}
		};

		if (rest <= 0 || poll(fds, 2, (int) rest) <= 0 || fds[1].revents != 0)
			break;
		status = PQconnectPoll(conn);
	}
	if (PQstatus(conn) == CONNECTION_OK)
	{
		PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
		return conn;
	}
	find_state(PQerrorMessage(conn), order->made.state);
	PQfinish(conn);
	return NULL;
}

/*
 * Of one host that is not as it should be, read-only for instance, more is to
 * be had than of none.
 */
static void
connect_to(Order *order)
{
	const Target *target = &order->target;
	Host		host;
	int64_t		started = clock_microseconds() / 1000;
	int64_t		deadline;
	PGconn	   *another = NULL;

	host_of_url(&host, target->url, target->host);
	deadline = started + host.seconds * 1000;
	order->made.conn = open_connection(PQconnectdbParams, &host, target,
									   target->session_attributes);
	if (PQstatus(order->made.conn) != CONNECTION_OK &&
		host.only && clock_microseconds() / 1000 < deadline)
	{
		PQfinish(order->made.conn);
		order->made.conn = open_connection(PQconnectdbParams, &host, target,
										   "any");
	}
	/* libpq says that its time was up only in the user's language. */
	order->made.silent = clock_microseconds() / 1000 >= deadline;
	if (PQstatus(order->made.conn) != CONNECTION_OK && !order->made.silent)
		another = ask_for_state(&host, order, deadline);
	if (another != NULL)
	{
		PQfinish(order->made.conn);
		order->made.conn = another;
	}
	if (PQstatus(order->made.conn) == CONNECTION_OK)
	{
		order->made.silent = false;
		prepare_session(order);
	}
	else
		refuse(order, "", order->made.conn ? PQerrorMessage(order->made.conn) :
			   "out of memory");
	host_free(&host);
}

static void
free_order(Order *order)
{
	if (order == NULL)
		return;
	secret_free(order->url);
	secret_free(order->password);
	free(order);
}

static void
drop_order(Order *order)
{
	PQfinish(order->made.conn);
	free_order(order);
}

static void *
run_order(void *arg)
{
	Order	   *order = arg;

	connect_to(order);
	pthread_mutex_lock(&mutex);
	if (stopping)
		drop_order(order);
	else
	{
		order->next = finished;
		finished = order;
		eventfd_write(wake.fd, 1);
	}
	threads--;
	pthread_cond_signal(&one_ended);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static Order *
take_finished(void)
{
	Order	   *order;

	pthread_mutex_lock(&mutex);
	order = finished;
	if (order != NULL)
		finished = order->next;
	pthread_mutex_unlock(&mutex);
	return order;
}

static void
collect(Watch *watch, uint32_t events)
{
	eventfd_t	count;
	Order	   *order;

	(void) events;
	eventfd_read(watch->fd, &count);
	while ((order = take_finished()) != NULL)
	{
		if (order->made.conn != NULL)
			metrics_extension(order->extension);
		order->done(order->owner, &order->made);
		free_order(order);
	}
}

bool
connector_start(void)
{
	stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	wake.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	wake.ready = collect;
	return stop_fd >= 0 && wake.fd >= 0 && loop_watch(&wake, EPOLLIN);
}

/* A thread of its own, which nobody joins. */
static bool
start_thread(Order *order)
{
	pthread_attr_t attributes;
	pthread_t	thread;
	bool		started;

	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_mutex_lock(&mutex);
	started =
		pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0 &&
		pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0 &&
		pthread_create(&thread, &attributes, run_order, order) == 0;
	if (started)
		threads++;
	pthread_mutex_unlock(&mutex);
	pthread_attr_destroy(&attributes);
	return started;
}

/* NULL without memory. */
static Order *
make_order(const Target *target)
{
	Order	   *order = calloc(1, sizeof(*order));

	if (order == NULL)
		return NULL;
	order->target = *target;
	order->made.host = target->host;
	order->made.generation = target->generation;
	order->url = strdup(target->url);
	order->password = target->password ? strdup(target->password) : NULL;
	order->target.url = order->url;
	order->target.password = order->password;
	if (order->url != NULL &&
		(order->password != NULL) == (target->password != NULL))
		return order;
	free_order(order);
	return NULL;
}

void
connector_ask(const Target *target, Connected done, void *owner)
{
	Order	   *order = make_order(target);
	NewConnection none = {
		.host = target->host, .generation = target->generation,
		.error = "no thread to connect with"
	};

	if (order != NULL)
	{
		order->done = done;
		order->owner = owner;
		if (start_thread(order))
			return;
	}
	free_order(order);
	done(owner, &none);
}

/* Those that wait for an answer hear of it; others are left to themselves. */
static bool
await_threads(void)
{
	struct timespec until;
	bool		ended;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += STOP_WITHIN * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&mutex);
	stopping = true;
	eventfd_write(stop_fd, 1);
	while (threads > 0 &&
		   pthread_cond_timedwait(&one_ended, &mutex, &until) == 0)
		;
	ended = threads == 0;
	pthread_mutex_unlock(&mutex);
	return ended;
}

bool
connector_stop(void)
{
	Order	   *order;
	int			fd = wake.fd;
	bool		ended;

	if (fd < 0)
		return true;
	ended = await_threads();
	while ((order = take_finished()) != NULL)
		drop_order(order);
	loop_forget(&wake);
	close(fd);
	if (ended)
		close(stop_fd);
	return ended;
}
