/*
 * answers/store_metrics.c
 *		What the page of metrics says of the store.
 *
 * A scrape never waits for the database: it gets what is known, and has the
 * figures counted for the next one.  If there are several fronts, the database
 * lets one of them count.
 */
#include "answers/store_metrics.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/loop.h"
#include "db/pools.h"
#include "routes/routes.h"

/* Milliseconds. */
#define ASK_EVERY 60000

static Job	job;
static bool under_way;
static bool asked;
static int64_t asked_at;
static Text page;

/* As the text format wants the value of a label. */
static void
add_label_value(Text *out, const char *value)
{
	for (; *value != '\0'; value++)
	{
		if (*value == '\n')
			text_add(out, "\\n");
		else
		{
			if (*value == '\\' || *value == '"')
				text_add_char(out, '\\');
			text_add_char(out, *value);
		}
	}
}

static void
add_head(Text *out, const char *name, const char *help)
{
	text_format(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* The second label may be NULL, and so may both. */
static void
add_sample(Text *out, const char *name, const char *const labels[2],
		   const char *const values[2], json_int_t number)
{
	text_add(out, name);
	for (int i = 0; i < 2 && labels[i] != NULL; i++)
	{
		text_format(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i]);
		add_label_value(out, values[i]);
		text_add_char(out, '"');
	}
	text_format(out, "%s %" JSON_INTEGER_FORMAT "\n",
				labels[0] != NULL ? "}" : "", number);
}

static void
add_plain(Text *out, const char *name, const char *help, const json_t *number)
{
	static const char *const none[2] = {NULL, NULL};

	if (!json_is_integer(number))
		return;
	add_head(out, name, help);
	add_sample(out, name, none, none, json_integer_value(number));
}

/* One sample for each member of an object. */
static void
add_members(Text *out, const char *name, const char *help, const char *label,
			json_t *object)
{
	const char *const labels[2] = {label, NULL};
	const char *key;
	json_t	   *number;

	add_head(out, name, help);
	json_object_foreach(object, key, number)
	{
		const char *const values[2] = {key, NULL};

		add_sample(out, name, labels, values, json_integer_value(number));
	}
}

static void
add_products(Text *out, json_t *domains)
{
	static const char name[] = "dpmeta_store_products";
	static const char *const labels[2] = {"domain", "status"};
	const char *domain;
	const char *status;
	json_t	   *statuses;
	json_t	   *number;

	add_head(out, name, "Live data products.");
	json_object_foreach(domains, domain, statuses)
		json_object_foreach(statuses, status, number)
	{
		const char *const values[2] = {domain, status};

		add_sample(out, name, labels, values, json_integer_value(number));
	}
}

/* 2026-01-31T12:00:00Z; false if it is no such time. */
static bool
read_time(const json_t *text, json_int_t *seconds)
{
	struct tm	parts = {0};

	if (!json_is_string(text) ||
		sscanf(json_string_value(text), "%d-%d-%dT%d:%d:%dZ", &parts.tm_year,
			   &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min,
			   &parts.tm_sec) != 6)
		return false;
	parts.tm_year -= 1900;
	parts.tm_mon -= 1;
	*seconds = timegm(&parts);
	return true;
}

/* A time, or a number, of the loads of each status. */
static void
add_loads(Text *out, const char *name, const char *help, json_t *loads,
		  const char *member)
{
	static const char *const labels[2] = {"status", NULL};
	const char *status;
	json_t	   *facts;

	add_head(out, name, help);
	json_object_foreach(loads, status, facts)
	{
		const char *const values[2] = {status, NULL};
		const json_t *value = json_object_get(facts, member);
		json_int_t	number = json_integer_value(value);

		if (json_is_integer(value) || read_time(value, &number))
			add_sample(out, name, labels, values, number);
	}
}

static void
add_counted(Text *out, const json_t *time)
{
	static const char name[] = "dpmeta_store_counted_timestamp_seconds";
	static const char *const none[2] = {NULL, NULL};
	json_int_t	seconds;

	if (!read_time(time, &seconds))
		return;
	add_head(out, name, "When the figures of the store were counted.");
	add_sample(out, name, none, none, seconds);
}

/* The figures are a document as of /v1/stats. */
static void
render(Text *out, json_t *figures)
{
	json_t	   *products = json_object_get(figures, "products");
	json_t	   *versions = json_object_get(figures, "versions");
	json_t	   *columns = json_object_get(figures, "columns");
	json_t	   *loads = json_object_get(figures, "loads");

	add_counted(out, json_object_get(figures, "time"));
	add_products(out, json_object_get(products, "byDomainAndStatus"));
	add_plain(out, "dpmeta_store_deleted_products", "Deleted data products.",
			  json_object_get(products, "deleted"));
	add_members(out, "dpmeta_store_versions", "Versions that were made.", "kind",
				json_object_get(versions, "byKind"));
	add_plain(out, "dpmeta_store_tables", "Tables of the current versions.",
			  json_object_get(json_object_get(figures, "tables"), "total"));
	add_plain(out, "dpmeta_store_columns", "Columns of the current versions.",
			  json_object_get(columns, "total"));
	add_plain(out, "dpmeta_store_undescribed_columns",
			  "Columns of the current versions without a description.",
			  json_object_get(columns, "withoutDescription"));
	add_members(out, "dpmeta_store_problems",
				"Open problems of data products.", "problem",
				json_object_get(figures, "problems"));
	add_loads(out, "dpmeta_store_never_loaded_products",
			  "Live data products that no load was reported of.", loads, "never");
	add_loads(out, "dpmeta_store_oldest_load_timestamp_seconds",
			  "Of the last loads of the data products, the oldest.", loads,
			  "oldest");
	add_loads(out, "dpmeta_store_newest_load_timestamp_seconds",
			  "Of the last loads of the data products, the newest.", loads,
			  "newest");
}

static void
take_figures(const char *document)
{
	json_t	   *figures = json_loads(document, 0, NULL);
	Text		rendered = {0};

	if (figures == NULL)
		return;
	render(&rendered, figures);
	json_decref(figures);
	if (text_failed(&rendered))
	{
		text_free(&rendered);
		return;
	}
	text_free(&page);
	page = rendered;
}

/* Whatever went wrong, the next one who looks has it tried again. */
static void
take_result(Job *done, Outcome outcome, PGresult *result)
{
	(void) done;
	under_way = false;
	if (outcome != JOB_ANSWERED)
		return;
	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
		!PQgetisnull(result, 0, 0))
		take_figures(PQgetvalue(result, 0, 0));
	PQclear(result);
}

/* The statement stands in the table, at the route of the page. */
static const Route *
find_route(void)
{
	for (int i = 0; i < ROUTE_COUNT; i++)
		if (ROUTES[i].answer == ANSWER_METRICS)
			return &ROUTES[i];
	return NULL;
}

void
store_metrics_want(void)
{
	Pool	   *pool = pools_for_write();

	if (under_way || !pool_is_up(pool) ||
		(asked && loop_now() < asked_at + ASK_EVERY))
		return;
	memset(&job, 0, sizeof(job));
	job.route = find_route();
	job.done = take_result;
	under_way = true;
	asked = true;
	asked_at = loop_now();
	pool_submit(pool, &job);
}

void
store_metrics_write(Text *out)
{
	if (page.data != NULL)
		text_add_bytes(out, page.data, page.length);
}

void
store_metrics_stop(void)
{
	text_free(&page);
	memset(&page, 0, sizeof(page));
}
