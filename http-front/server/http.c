/*
 * server/http.c
 *		libmicrohttpd inside our loop: its epoll descriptor is in ours.
 */
#include "server/http.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "answers/refuse.h"
#include "base/log.h"
#include "base/loop.h"
#include "compat.h"
#include "config.h"
#include "connection/client.h"
#include "connection/listener.h"
#include "connection/tls.h"
#include "connection/waiting.h"
#include "request/memory.h"
#include "request/request.h"
#include "server/flow.h"

/* libmicrohttpd may count one that has gone for longer than we do. */
#define SPARE_PLACES 1024
#define MOST_TURNS 16
/* Milliseconds to pause after a turn in which nothing moved, ever longer. */
#define SHORTEST_PAUSE 1
#define LONGEST_PAUSE 32
/* Turns until an event shows: TLS unpacks it, it is read, it is answered. */
#define TURNS_AN_EVENT 3

static struct MHD_Daemon *daemon_handle;
static Watch watch = {.fd = -1};
static bool ready;
static int64_t run_again = NEVER;
static int64_t pause_length = SHORTEST_PAUSE;

static void
note_ready(Watch *unused, uint32_t events)
{
	(void) unused;
	(void) events;
	ready = true;
}

/* The target is decoded by base/uri.c, which also sees what a C string hides. */
static size_t
leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
	(void) cls;
	(void) connection;
	return strlen(text);
}

/*
 * 0.9.75 sends the head of its refusal twice when it refuses a head that is
 * whole: for a malformed Content-Length, or cookies that it has no memory for.
 * It says so first, and so the refusal can be ours.
 */
static void
hear_message(void *cls, const char *format, va_list arguments)
{
	(void) cls;
	(void) arguments;
	if (compat_says_refused(format))
		flow_refuse_head();
}

static bool
start_daemon(void)
{
	struct MHD_OptionItem https[] = {
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (char[]) {TLS_PRIORITIES}},
		{MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *) tls_choose},
		{MHD_OPTION_END, 0, NULL}
	};
	struct MHD_OptionItem http = {MHD_OPTION_END, 0, NULL};
	const union MHD_DaemonInfo *info;

	daemon_handle =
		MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TURBO |
						 MHD_ALLOW_SUSPEND_RESUME |
						 MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG |
						 (tls_wanted() ? MHD_USE_TLS : 0), 0,
						 NULL, NULL,
						 flow_handle, NULL,
						 MHD_OPTION_EXTERNAL_LOGGER, hear_message, NULL,
						 MHD_OPTION_URI_LOG_CALLBACK, flow_begin, NULL,
						 MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
						 MHD_OPTION_NOTIFY_COMPLETED, flow_completed, NULL,
						 MHD_OPTION_NOTIFY_CONNECTION, client_notify, NULL,
						 COMPAT_STRICT,
						 MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
						 MHD_OPTION_CONNECTION_LIMIT,
						 (unsigned) config.max_connections + SPARE_PLACES,
						 MHD_OPTION_CONNECTION_TIMEOUT,
						 client_idle_seconds(),
						 MHD_OPTION_CONNECTION_MEMORY_LIMIT,
						 memory_of_connection(),
						 MHD_OPTION_ARRAY, tls_wanted() ? https : &http,
						 MHD_OPTION_END);
	if (daemon_handle == NULL)
		return false;
	info = MHD_get_daemon_info(daemon_handle, MHD_DAEMON_INFO_EPOLL_FD);
	watch.fd = info->epoll_fd;
	watch.ready = note_ready;
	return loop_watch(&watch, EPOLLIN);
}

/*
 * libmicrohttpd closes a connection that it does not accept.  It may begin with a
 * new one only in its next turn, but we must have counted it before we accept
 * another.
 */
static void
take_client(int fd, const struct sockaddr *address, socklen_t length)
{
	long		before = client_count();

	if (!client_admit(address))
	{
		close(fd);
		return;
	}
	MHD_add_connection(daemon_handle, fd, address, length);
	if (client_count() == before)
		MHD_run(daemon_handle);
	ready = true;
}

/* What a client is told for whom there is no place. */
static void
write_busy(Text *out)
{
	Request    *request = request_create("");

	if (request == NULL)
		return;
	refusal_note(&request->refusal, PROBLEM_BUSY, PROBLEM_TRY_AGAIN,
				 "all connections that there may be are taken");
	refuse_past_library(request, out);
	request_destroy(request);
}

bool
http_start(void)
{
	if (!start_daemon())
	{
		log_refusal("libmicrohttpd did not start");
		return false;
	}
	waiting_start(client_spare_files(), take_client, write_busy);
	return listener_open(take_client);
}

/*
 * libmicrohttpd may want to run again at once for a connection that cannot
 * move, and does not tell it from one that has more to do.  So it gets its way
 * while anything moves or an event may still show, and then ever longer pauses.
 * While an answer is being sent they stay short: that moves without our
 * knowing.
 */
static int64_t
next_run(bool moved, int turns_left)
{
	int64_t		longest = client_sending() > 0 ? SHORTEST_PAUSE : LONGEST_PAUSE;
	MHD_UNSIGNED_LONG_LONG timeout;
	int64_t		pause = 0;

	if (moved || turns_left > 0)
		pause_length = SHORTEST_PAUSE;
	if (MHD_get_timeout(daemon_handle, &timeout) != MHD_YES)
		return NEVER;
	if (timeout > 0 || moved || turns_left > 0)
		return loop_now() + (int64_t) timeout;
	pause = pause_length < longest ? pause_length : longest;
	pause_length = 2 * pause < longest ? 2 * pause : longest;
	return loop_now() + pause;
}

/*
 * A request that was answered is sent in the next turn, hence more than one;
 * bounded, so that the lanes get theirs.
 */
int64_t
http_run(void)
{
	int			turns_left;
	int64_t		look_at;

	listener_tick();
	turns_left = ready ? TURNS_AN_EVENT : 0;
	ready |= flow_progressed();
	for (int i = 0; i < MOST_TURNS && (ready || run_again <= loop_now()); i++)
	{
		bool		moved;

		ready = false;
		MHD_run(daemon_handle);
		moved = flow_progressed();
		if (moved)
			turns_left = TURNS_AN_EVENT;
		run_again = next_run(moved, --turns_left);
	}
	/* Places that were freed meanwhile are for those who wait. */
	look_at = listener_tick();
	if (ready)
		return loop_now();
	return run_again < look_at ? run_again : look_at;
}

void
http_quiesce(void)
{
	listener_close();
	ready = true;
}

void
http_stop(void)
{
	waiting_stop();
	loop_forget(&watch);
	if (daemon_handle != NULL)
		MHD_stop_daemon(daemon_handle);
	daemon_handle = NULL;
}
