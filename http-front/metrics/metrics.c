/*
 * metrics/metrics.c
 *		Counters, cheap to raise, shown as Prometheus text.
 */
#include "metrics/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STATUSES 600
#define CLASSES (STATUSES / 100)	/* 0: no answer; 1xx to 5xx */

/* Upper bounds of the durations' buckets, in microseconds. */
static const int64_t BOUNDS[] = {
	500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000,
	1000000, 2500000, 5000000, 10000000
};

#define BUCKETS (sizeof(BOUNDS) / sizeof(BOUNDS[0]))

typedef struct Durations
{
	uint64_t	buckets[BUCKETS + 1];
	uint64_t	count;
	int64_t		sum;
} Durations;

static const char *const KIND_NAMES[] = {
	"initial", "minor", "major", "deletion", "restoration"
};

#define KIND_COUNT (sizeof(KIND_NAMES) / sizeof(KIND_NAMES[0]))

/* The last row is for what no route was found for. */
static uint64_t requests[ROUTES_MOST + 1][STATUSES];
static Durations durations[ROUTES_MOST + 1][CLASSES];
static uint64_t problems[PROBLEM_COUNT];
static uint64_t connects_failed[PROBLEM_COUNT];
static uint64_t replays;
static uint64_t versions[KIND_COUNT];
static char extension[32];

void
metrics_request(const Route *route, int status, int64_t microseconds)
{
	int			row = route ? (int) (route - ROUTES) : ROUTES_MOST;
	Durations  *duration;
	size_t		bucket = 0;

	if (status < 0 || status >= STATUSES)
		status = 0;
	requests[row][status]++;
	duration = &durations[row][status / 100];
	while (bucket < BUCKETS && microseconds > BOUNDS[bucket])
		bucket++;
	duration->buckets[bucket]++;
	duration->count++;
	duration->sum += microseconds;
}

void
metrics_problem(Problem problem)
{
	problems[problem]++;
}

void
metrics_connect_failed(Problem problem)
{
	connects_failed[problem]++;
}

void
metrics_replay(void)
{
	replays++;
}

void
metrics_version(const char *kind)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strcmp(kind, KIND_NAMES[i]) == 0)
			versions[i]++;
}

void
metrics_extension(const char *version)
{
	snprintf(extension, sizeof(extension), "%s", version);
}

static void
add_head(Text *out, const char *name, const char *type, const char *help)
{
	text_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static const char *
row_name(int row)
{
	return row == ROUTES_MOST ? "none" : ROUTES[row].operation;
}

static void
write_requests(Text *out)
{
	add_head(out, "dpmeta_http_requests_total", "counter",
			 "Requests, by operation and status; 0: the client left before the "
			 "answer.");
	for (int row = 0; row <= ROUTES_MOST; row++)
		for (int status = 0; status < STATUSES; status++)
			if (requests[row][status] > 0)
				text_format(out, "dpmeta_http_requests_total"
							"{operation=\"%s\",status=\"%d\"} %" PRIu64 "\n",
							row_name(row), status, requests[row][status]);
}

static void
write_duration(Text *out, int row, int class)
{
	static const char name[] = "dpmeta_http_request_duration_seconds";
	const Durations *duration = &durations[row][class];
	uint64_t	sum = 0;
	char		labels[128];

	if (duration->count == 0)
		return;
	snprintf(labels, sizeof(labels), "operation=\"%s\",class=\"%dxx\"",
			 row_name(row), class);

	for (size_t i = 0; i < BUCKETS; i++)
	{
		sum += duration->buckets[i];
		text_format(out, "%s_bucket{%s,le=\"%g\"} %" PRIu64 "\n",
					name, labels, (double) BOUNDS[i] / 1e6, sum);
	}
	text_format(out, "%s_bucket{%s,le=\"+Inf\"} %" PRIu64 "\n"
				"%s_sum{%s} %.6f\n"
				"%s_count{%s} %" PRIu64 "\n",
				name, labels, duration->count,
				name, labels, (double) duration->sum / 1e6,
				name, labels, duration->count);
}

static void
write_counts(Text *out)
{
	add_head(out, "dpmeta_http_problems_total", "counter",
			 "Refusals, by problem type.");
	for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++)
		text_format(out, "dpmeta_http_problems_total{type=\"%s\"} %" PRIu64 "\n",
					problem_kind((Problem) i)->name, problems[i]);
	add_head(out, "dpmeta_http_connects_failed_total", "counter",
			 "Database connections that could not be made, by problem type.");
	for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++)
		if (connects_failed[i] > 0 || i == PROBLEM_DATABASE_AWAY)
			text_format(out, "dpmeta_http_connects_failed_total{type=\"%s\"} %"
						PRIu64 "\n", problem_kind((Problem) i)->name,
						connects_failed[i]);
	add_head(out, "dpmeta_http_replays_total", "counter",
			 "Writes answered from the idempotency store.");
	text_format(out, "dpmeta_http_replays_total %" PRIu64 "\n", replays);
	add_head(out, "dpmeta_http_versions_total", "counter",
			 "Versions made, by kind.");
	for (size_t i = 0; i < KIND_COUNT; i++)
		text_format(out, "dpmeta_http_versions_total{kind=\"%s\"} %" PRIu64 "\n",
					KIND_NAMES[i], versions[i]);
}

void
metrics_write(Text *out)
{
	write_requests(out);
	add_head(out, "dpmeta_http_request_duration_seconds", "histogram",
			 "Time from the request line to the end of the answer.");
	for (int row = 0; row <= ROUTES_MOST; row++)
		for (int class = 0; class < CLASSES; class++)
			write_duration(out, row, class);
	write_counts(out);
	if (extension[0] == '\0')
		return;
	add_head(out, "dpmeta_http_extension_info", "gauge",
			 "The version of the extension in the database.");
	text_format(out, "dpmeta_http_extension_info{version=\"%s\"} 1\n",
				extension);
}
