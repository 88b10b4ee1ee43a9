/*
 * request/memory.c
 *		What the process may take, in one sum.
 *
 * Whatever strangers send, and whatever the database answers, has a bound, and
 * these bounds add up.  docs/operations.md has the same sum for people, and
 * test/http/test_budget.py fills each of its parts.
 */
#include "request/memory.h"

#include "base/cgroup.h"
#include "base/log.h"
#include "config.h"
#include "connection/tls.h"
#include "connection/waiting.h"
#include "db/lane.h"
#include "request/head.h"
#include "yaml/reader.h"

/* More than an answer has in its head beside what a page's Link repeats. */
#define ANSWER_HEAD 3072
/* libmicrohttpd reads ahead by an eighth of what is free. */
#define READ_AHEAD(room) ((room) / 4)
/*
 * Whatever the settings.  libmicrohttpd 0.9.75 looks, to no effect, at the byte
 * before its copy of a cookie; memory of this size it gets from the system,
 * which has it zeroed.
 */
#define LEAST_MEMORY (36 * 1024)

#define MEGABYTES(n) ((size_t) (n) * 1024 * 1024)

/*
 * The program, its libraries, the keys, the pages, the rates, what is kept of
 * requests for the next ones.
 */
#define PROGRAM MEGABYTES(16)
/*
 * Beside libmicrohttpd's memory: its record of a connection and ours, the
 * request that is under way on it, and what the kernel has of it.
 */
#define BESIDE_CONNECTION (12 * 1024)
/* GnuTLS's, with a record that has come in part. */
#define TLS_SESSION (32 * 1024)
/* A body of YAML that is being read, one at a time. */
#define CONVERSION (YAML_READ_PARTS * (size_t) config.max_body)
/* One part in so many is for what the allocator cannot use. */
#define TO_SPARE 16
/* Of what is left for all three, where the operator did not set them. */
#define ANSWERS_PART 4
#define BODIES_PART 6
#define FEWEST_CONNECTIONS 16

typedef struct Sum
{
	size_t		connections;
	size_t		bodies;
	size_t		answers;
	size_t		lanes;
	size_t		waiting;
	size_t		conversion;
	size_t		spare;
	size_t		all;
} Sum;

static Sum	sum;

/*
 * What libmicrohttpd may need for a head that is within our bounds, and for
 * the answer to it: the head as it came, a copy of its cookies, a record of
 * each of its parts, and the answer's head, whose Link has the query again
 * with each byte as "%XX".  What is query is no cookie.  libmicrohttpd starts
 * with half of its memory to read into, and other requests may fill that from
 * behind this one.
 *
 * With authentication on a token comes on top, however hopeless: it gets a 401
 * rather than a 431.  All that has its price, for libmicrohttpd zeroes the
 * whole memory after each request.
 */
size_t
memory_of_connection(void)
{
	size_t		head = (size_t) config.max_header;
	size_t		token = config.auth == AUTH_ON ? (size_t) config.token_room : 0;
	size_t		needed = head + 2 * (size_t) config.max_path +
		HEAD_PARTS * HEAD_PART_MEMORY + ANSWER_HEAD;
	size_t		whole = head + token + needed + READ_AHEAD(token);

	if (whole < 2 * needed)
		whole = 2 * needed;
	return whole > LEAST_MEMORY ? whole : LEAST_MEMORY;
}

static size_t
each_connection(void)
{
	return memory_of_connection() + BESIDE_CONNECTION +
		(tls_wanted() ? TLS_SESSION : 0);
}

/* With what idle lanes may have kept of them. */
static size_t
bodies_memory(size_t bodies)
{
	return bodies + bodies / LANES_KEEP;
}

static void
add_up(void)
{
	size_t		lanes = (size_t) config.lanes.most +
		(config.read_database_url ? (size_t) config.read_lanes : 0);

	sum.connections = each_connection() *
		((size_t) config.max_connections + WAITING_PROBES);
	sum.bodies = bodies_memory((size_t) config.max_bodies);
	sum.answers = (size_t) config.max_answers;
	sum.lanes = lanes * LANE_MEMORY;
	sum.waiting = WAITING_MOST * WAITING_MEMORY;
	sum.conversion = CONVERSION;
	sum.all = PROGRAM + sum.connections + sum.bodies + sum.answers + sum.lanes +
		sum.waiting + sum.conversion;
	sum.spare = sum.all / TO_SPARE;
	sum.all += sum.spare;
}

/* What there is for what the settings bound. */
static size_t
room_for_parts(size_t memory)
{
	size_t		usable = memory - memory / (TO_SPARE + 1);
	size_t		others = PROGRAM + sum.lanes + sum.waiting + sum.conversion;

	return usable > others ? usable - others : 0;
}

static void
lower(long *setting, size_t most)
{
	if (!config_is_set(setting) && (size_t) *setting > most)
		*setting = (long) most;
}

static size_t
most_of(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Lower what the operator left to us.  One body and its copy must have room. */
static void
lower_defaults(size_t memory)
{
	size_t		room = room_for_parts(memory);
	size_t		others;

	lower(&config.max_answers, most_of(room / ANSWERS_PART, MEGABYTES(1)));
	lower(&config.max_bodies, most_of(room / BODIES_PART,
									  2 * (size_t) config.max_body));
	others = (size_t) config.max_answers +
		bodies_memory((size_t) config.max_bodies) +
		WAITING_PROBES * each_connection();
	lower(&config.max_connections,
		  most_of(room > others ? (room - others) / each_connection() : 0,
				  FEWEST_CONNECTIONS));
	add_up();
}

static size_t
in_megabytes(size_t size)
{
	return (size + MEGABYTES(1) - 1) / MEGABYTES(1);
}

/* The part that takes most can give most. */
static const char *
largest_part(void)
{
	if (sum.connections >= sum.bodies && sum.connections >= sum.answers)
		return sum.connections / 2 > each_connection() * FEWEST_CONNECTIONS ?
			"DPMETA_MAX_CONNECTIONS" : "DPMETA_TOKEN_ROOM and DPMETA_MAX_HEADER";
	if (sum.answers >= sum.bodies)
		return "DPMETA_MAX_ANSWERS";
	return config_is_set(&config.max_bodies) ? "DPMETA_MAX_BODIES" :
		"DPMETA_MAX_BODY";
}

static void
log_sum(size_t memory)
{
	log_event(LOG_INFO, "memory", "at most %zu MB of %zu MB: %zu for the program, "
			  "%zu for %ld connections of %zu kB, %zu for those that wait for a "
			  "place, %zu for bodies, %zu for reading YAML, %zu for answers, %zu for "
			  "lanes, %zu to spare", in_megabytes(sum.all), in_megabytes(memory),
			  in_megabytes(PROGRAM), in_megabytes(sum.connections),
			  config.max_connections, each_connection() / 1024,
			  in_megabytes(sum.waiting), in_megabytes(sum.bodies),
			  in_megabytes(sum.conversion),
			  in_megabytes(sum.answers), in_megabytes(sum.lanes),
			  in_megabytes(sum.spare));
}

static void
log_lowered(void)
{
	log_event(LOG_WARNINGS, "memory-lowered", "what the settings add up to does "
			  "not fit the memory that there is, so these are lowered: "
			  "DPMETA_MAX_CONNECTIONS=%ld, DPMETA_MAX_BODIES=%ldkB, "
			  "DPMETA_MAX_ANSWERS=%ldkB", config.max_connections,
			  config.max_bodies / 1024, config.max_answers / 1024);
}

/* One body and its copy. */
static bool
fits_one_body(void)
{
	if (config.max_bodies / 2 >= config.max_body)
		return true;
	if (!config_is_set(&config.max_bodies))
	{
		config.max_bodies = 2 * config.max_body;
		return true;
	}
	log_refusal("DPMETA_MAX_BODIES is less than twice DPMETA_MAX_BODY, so a body "
				"of that size would never have room: raise it, or lower "
				"DPMETA_MAX_BODY");
	return false;
}

/* 0: there is no limit. */
static size_t
memory_limit(void)
{
	size_t		limit = cgroup_memory();
	size_t		asked = (size_t) config.memory;

	return limit == 0 || (asked != 0 && asked < limit) ? asked : limit;
}

bool
memory_start(void)
{
	size_t		memory = memory_limit();

	if (!fits_one_body())
		return false;
	add_up();
	if (memory == 0)
		memory = sum.all;
	if (sum.all > memory)
	{
		lower_defaults(memory);
		if (sum.all > memory)
		{
			log_refusal("the settings take up to %zu MB, and there are %zu MB: "
						"lower %s, or raise the limit (DPMETA_MEMORY, or that "
						"of the container or the service)",
						in_megabytes(sum.all), in_megabytes(memory),
						largest_part());
			return false;
		}
		log_lowered();
	}
	log_sum(memory);
	return true;
}

static void
add_part(Text *out, const char *part, size_t bytes)
{
	text_format(out, "dpmeta_http_memory_budget_bytes{part=\"%s\"} %zu\n",
				part, bytes);
}

void
memory_metrics_write(Text *out)
{
	text_add(out, "# HELP dpmeta_http_memory_budget_bytes "
			 "What each part may take at most.\n"
			 "# TYPE dpmeta_http_memory_budget_bytes gauge\n");
	add_part(out, "program", PROGRAM);
	add_part(out, "connections", sum.connections);
	add_part(out, "waiting", sum.waiting);
	add_part(out, "bodies", sum.bodies);
	add_part(out, "answers", sum.answers);
	add_part(out, "lanes", sum.lanes);
	add_part(out, "conversion", sum.conversion);
	add_part(out, "spare", sum.spare);
}
