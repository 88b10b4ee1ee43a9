/*
 * db/connector.c
 *		The helper thread that connects.
 */
#include "db/connector.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "config.h"
#include "metrics/metrics.h"

#define EXTENSION_MOST 32

typedef struct Order Order;
struct Order
{
	Order	   *next;
	Lane	   *lane;
	const char *url;
	const char *session_attributes;
	PGconn	   *conn;
	char		extension[EXTENSION_MOST];	/* its version, "" without it */
	uint64_t	server;			/* when it started, which no other shares */
};

typedef struct OrderList
{
	Order	   *first;
	Order	  **last;
} OrderList;

static pthread_t thread;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wanted = PTHREAD_COND_INITIALIZER;
static OrderList asked = {NULL, &asked.first};
static OrderList finished = {NULL, &finished.first};
static bool stopping;
static bool running;
static Watch wake = {.fd = -1};

static void
list_add(OrderList *list, Order *order)
{
	order->next = NULL;
	*list->last = order;
	list->last = &order->next;
}

static Order *
list_take(OrderList *list)
{
	Order	   *order = list->first;

	if (order == NULL)
		return NULL;
	list->first = order->next;
	if (list->first == NULL)
		list->last = &list->first;
	return order;
}

/*
 * Settings of the session that the URL does not leave to chance, and a look at
 * what is there.
 */
static void
prepare_session(Order *order)
{
	char		timeout[32];
	const char *values[] = {timeout};
	PGresult   *result;

	snprintf(timeout, sizeof(timeout), "%ld", config.statement_timeout);
	result = PQexecParams(order->conn,
						  "SELECT pg_catalog.set_config('statement_timeout', $1, false), "
						  "pg_catalog.set_config('default_transaction_isolation', 'read committed', false), "
						  "pg_catalog.set_config('search_path', 'pg_catalog', false), "
						  "pg_catalog.set_config('jit', 'off', false), "
						  "(SELECT extversion FROM pg_catalog.pg_extension "
						  "WHERE extname = 'dpmeta'), "
						  "(extract(epoch FROM pg_catalog.pg_postmaster_start_time()) "
						  "* 1000000)::bigint",
						  1, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
	{
		snprintf(order->extension, EXTENSION_MOST, "%s",
				 PQgetvalue(result, 0, 4));
		order->server = strtoull(PQgetvalue(result, 0, 5), NULL, 10);
	}
	PQclear(result);
}

static void
connect_to(Order *order)
{
	char		timeout[32];
	const char *const names[] = {
		"connect_timeout", "target_session_attrs", "fallback_application_name",
		"keepalives_idle", "tcp_user_timeout", "dbname", "client_encoding",
		NULL
	};
	const char *const values[] = {
		timeout, order->session_attributes, "dpmeta-http",
		"10", "20000", order->url, "UTF8",
		NULL
	};

	snprintf(timeout, sizeof(timeout), "%ld",
			 (config.connect_timeout + 999) / 1000);
	/* What the URL says comes later in the list, and so it holds. */
	order->conn = PQconnectdbParams(names, values, 1);
	if (PQstatus(order->conn) == CONNECTION_OK)
		prepare_session(order);
}

static void *
run_connector(void *arg)
{
	(void) arg;
	pthread_mutex_lock(&mutex);
	while (!stopping)
	{
		Order	   *order = list_take(&asked);

		if (order == NULL)
		{
			pthread_cond_wait(&wanted, &mutex);
			continue;
		}
		pthread_mutex_unlock(&mutex);
		connect_to(order);
		pthread_mutex_lock(&mutex);
		list_add(&finished, order);
		eventfd_write(wake.fd, 1);
	}
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static Order *
take_order(OrderList *list)
{
	Order	   *order;

	pthread_mutex_lock(&mutex);
	order = list_take(list);
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
	while ((order = take_order(&finished)) != NULL)
	{
		if (PQstatus(order->conn) == CONNECTION_OK)
			metrics_extension(order->extension);
		pool_connected(order->lane, order->conn, order->server);
		free(order);
	}
}

bool
connector_start(void)
{
	wake.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	wake.ready = collect;
	if (wake.fd < 0 || !loop_watch(&wake, EPOLLIN))
		return false;
	running = pthread_create(&thread, NULL, run_connector, NULL) == 0;
	return running;
}

void
connector_ask(Lane *lane, const char *url, const char *session_attributes)
{
	Order	   *order = calloc(1, sizeof(*order));

	if (order == NULL)
	{
		pool_connected(lane, NULL, 0);
		return;
	}
	order->lane = lane;
	order->url = url;
	order->session_attributes = session_attributes;
	pthread_mutex_lock(&mutex);
	list_add(&asked, order);
	pthread_cond_signal(&wanted);
	pthread_mutex_unlock(&mutex);
}

/*
 * A connection that is being made right now is waited for: at most the
 * connect timeout.
 */
void
connector_stop(void)
{
	Order	   *order;
	int			fd = wake.fd;

	if (!running)
		return;
	pthread_mutex_lock(&mutex);
	stopping = true;
	pthread_cond_signal(&wanted);
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, NULL);
	running = false;
	while ((order = list_take(&asked)) != NULL)
		free(order);
	while ((order = list_take(&finished)) != NULL)
	{
		PQfinish(order->conn);
		free(order);
	}
	loop_forget(&wake);
	close(fd);
}
