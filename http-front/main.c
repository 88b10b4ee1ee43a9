/*
 * main.c
 *		Options, start, the loop's turns, signals, the end.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "answers/compress.h"
#include "answers/pages.h"
#include "answers/response.h"
#include "answers/store_metrics.h"
#include "auth/auth.h"
#include "auth/cors.h"
#include "auth/limit.h"
#include "base/log.h"
#include "base/loop.h"
#include "config.h"
#include "connection/client.h"
#include "connection/tls.h"
#include "db/connector.h"
#include "db/document.h"
#include "db/pools.h"
#include "health.h"
#include "openapi/openapi.h"
#include "preflight.h"
#include "request/call.h"
#include "request/memory.h"
#include "request/request.h"
#include "rotation.h"
#include "server/flow.h"
#include "server/http.h"

/* How long an idle connection may still bring a request after SIGTERM. */
#define DRAIN_GRACE 500
/* When to try a slow reader of the log again. */
#define LOG_AGAIN 100

static Watch signals = {.fd = -1};
static sigset_t taken;
static int64_t drain_started = NEVER;

static void
take_signal(Watch *watch, uint32_t events)
{
	struct signalfd_siginfo info;

	(void) events;
	if (read(watch->fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
	{
		tls_reload();
		rotation_hurry();
	}
	if (info.ssi_signo == SIGHUP || drain_started != NEVER)
		return;
	log_event(LOG_INFO, "draining", "%ld requests in flight",
			  flow_count());
	drain_started = loop_now();
	response_drain();
	http_quiesce();
}

/*
 * Before anything else, so that one which comes meanwhile is taken once we serve;
 * and before any thread is started, so that none of them gets the signals.
 */
static void
block_signals(void)
{
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&taken);
	sigaddset(&taken, SIGTERM);
	sigaddset(&taken, SIGINT);
	sigaddset(&taken, SIGHUP);
	sigprocmask(SIG_BLOCK, &taken, NULL);
}

static bool
watch_signals(void)
{
	signals.fd = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
	signals.ready = take_signal;
	return signals.fd >= 0 && loop_watch(&signals, EPOLLIN);
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * Drained: no request is left, and idle connections had their time to bring
 * one that was under way.
 */
static bool
drained(int64_t *deadline)
{
	int64_t		grace;
	int64_t		end;

	if (drain_started == NEVER)
		return false;
	grace = drain_started + DRAIN_GRACE;
	end = drain_started + config.drain_timeout;
	if (loop_now() >= end)
		return true;
	*deadline = sooner(*deadline, end);
	if (flow_count() > 0)
		return false;
	*deadline = sooner(*deadline, grace);
	return client_count() == 0 || loop_now() >= grace;
}

static void
serve(void)
{
	for (;;)
	{
		int64_t		deadline = http_run();

		deadline = sooner(deadline, pools_tick());
		deadline = sooner(deadline, client_tick());
		deadline = sooner(deadline, rotation_tick());

		/*
		 * Nothing else wakes libmicrohttpd for the requests that these
		 * resumed.
		 */
		if (flow_waits_for_turn())
			deadline = loop_now();
		if (drained(&deadline))
			return;
		if (!log_flush())
			deadline = sooner(deadline, loop_now() + LOG_AGAIN);
		loop_wait(deadline);
	}
}

/* False when something still runs whose memory must not be freed. */
static bool
stop(void)
{
	bool		ended;

	/* Nothing may be suspended when libmicrohttpd stops. */
	pools_abandon();
	auth_abandon();
	http_run();
	http_stop();
	tls_stop();
	store_metrics_stop();
	rotation_stop();
	auth_stop();
	ended = connector_stop();
	pools_stop();
	request_free_spare();
	document_stop();
	pages_stop();
	openapi_stop();
	limit_stop();
	compress_stop();
	loop_stop();
	log_finish();
	log_event(LOG_INFO, "stopped", "all is done");
	log_finish();
	return ended;
}

static int
print_version(void)
{
	puts("dpmeta-http " DPMETA_HTTP_VERSION);
	return EXIT_SUCCESS;
}

/* Under the same environment, so that it knows where to ask. */
static int
ask_how_it_is(const char *path)
{
	if (!config_load(environ))
		return EXIT_FAILURE;
	return health_ask(path);
}

static int
take_options(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--health") == 0)
		return ask_how_it_is("/health");
	if (argc == 2 && strcmp(argv[1], "--ready") == 0)
		return ask_how_it_is("/ready");
	if (argc == 2 && strcmp(argv[1], "--check") == 0)
		return preflight(false);
	if (argc == 2 && strcmp(argv[1], "--check=connect") == 0)
		return preflight(true);
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return print_version();
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
	{
		config_help(stdout);
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "dpmeta-http: unknown option %s\n"
			"dpmeta-http --help tells how it is configured.\n", argv[1]);
	return EXIT_FAILURE;
}

/* Each says what is wrong with its settings, so all of it is said at once. */
static bool
start_parts(void)
{
	bool		good = client_start();

	good = cors_start() && good;
	good = limit_start() && good;
	good = auth_start() && good;
	good = pages_start() && good;
	return tls_start() && good;
}

static void
warn_of_open_door(void)
{
	if (config.auth != AUTH_ON)
		log_event(LOG_WARNINGS, "authentication-off",
				  "anyone who reaches %s may do everything", config.listen);
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return take_options(argc, argv);
	block_signals();
	if (!config_load(environ))
		return EXIT_FAILURE;
	log_set_level((LogLevel) config.log);
	if (!memory_start())
		return EXIT_FAILURE;
	call_start();
	if (!document_start() || !loop_start() || !watch_signals() || !pools_start() ||
		!connector_start())
	{
		log_refusal("%s", strerror(errno));
		return EXIT_FAILURE;
	}
	if (!start_parts() || !http_start())
	{
		auth_stop();
		connector_stop();
		return EXIT_FAILURE;
	}
	warn_of_open_door();
	preflight_fits();
	rotation_start();
	serve();
	if (!stop())
		_exit(EXIT_SUCCESS);
	return EXIT_SUCCESS;
}
