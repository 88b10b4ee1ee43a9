/*
 * db/document.c
 *		An answer's document, read in pieces, and what all of them may hold.
 */
#include "db/document.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/share.h"
#include "config.h"

#define PIECE 65536
/* Of the first row and of what the allocator adds. */
#define BESIDE (2 * PIECE)
/* From this size on memory is given back to the system when it is freed. */
#define GIVEN_BACK (128 * 1024)

static char **statements;		/* of each route, NULL if it is not pieced */
static Share answers;
static uint64_t too_large;

bool
document_is_pieced(const Route *route)
{
	return route->sql != NULL && route->answer != ANSWER_READY &&
		route->answer != ANSWER_METRICS && route->answer != ANSWER_OPENAPI;
}

size_t
document_most(void)
{
	long		most = config.max_answers - BESIDE;

	return (size_t) (config.max_answer < most ? config.max_answer : most);
}

/*
 * The inner query is not merged into the outer ones because of its OFFSET, so
 * the document is made once.  textsend() gives its bytes in the client's
 * encoding, which is UTF-8.
 */
static char *
piece_statement(const char *sql)
{
	Text		text = {0};

	text_format(&text,
				"SELECT id, etag, pg_catalog.substr(bytes, 1 + %d * piece, %d), "
				"retired_at, sunset, successor, replayed, kind, next, length "
				"FROM (SELECT id, etag, "
				"CASE WHEN pg_catalog.octet_length(bytes) <= %zu THEN bytes END "
				"AS bytes, retired_at, sunset, successor, replayed, kind, next, "
				"pg_catalog.octet_length(bytes)::text AS length, "
				"pg_catalog.generate_series(0, "
				"CASE WHEN pg_catalog.octet_length(bytes) BETWEEN 1 AND %zu "
				"THEN (pg_catalog.octet_length(bytes) - 1) / %d ELSE 0 END) AS piece "
				"FROM (SELECT id, etag, pg_catalog.textsend(document::text) AS bytes, "
				"retired_at::text, sunset::text, successor, replayed::text, kind, "
				"next FROM (%s) AS answer(id, etag, document, retired_at, sunset, "
				"successor, replayed, kind, next) OFFSET 0) AS once) AS pieces",
				PIECE, PIECE, document_most(), document_most(), PIECE, sql);
	return text_failed(&text) ? NULL : text_release(&text);
}

bool
document_start(void)
{
	/*
	 * By itself the allocator raises this bound with each large answer that
	 * is freed, and keeps the next ones.
	 */
	answers.most = (size_t) config.max_answers;
	mallopt(M_MMAP_THRESHOLD, GIVEN_BACK);
	statements = calloc((size_t) ROUTE_COUNT, sizeof(*statements));
	if (statements == NULL)
		return false;
	for (int i = 0; i < ROUTE_COUNT; i++)
		if (document_is_pieced(&ROUTES[i]) &&
			(statements[i] = piece_statement(ROUTES[i].sql)) == NULL)
			return false;
	return true;
}

void
document_stop(void)
{
	for (int i = 0; statements != NULL && i < ROUTE_COUNT; i++)
		free(statements[i]);
	free(statements);
	statements = NULL;
}

const char *
document_sql(const Route *route)
{
	return document_is_pieced(route) ? statements[route - ROUTES] : route->sql;
}

bool
document_take_room(size_t size)
{
	return share_take(&answers, size);
}

void
document_give_room(size_t size)
{
	share_give(&answers, size);
}

/*
 * Room is asked for before anything is kept.  A small document stays in its
 * row, whose memory counts as well.
 */
static void
begin(Document *document, const PGresult *result, int row)
{
	const char *length = PQgetvalue(result, row, DOCUMENT_LENGTH_COLUMN);
	bool		whole;

	document->begun = true;
	document->length = strtoull(length, NULL, 10);
	if (PQgetisnull(result, row, DOCUMENT_COLUMN))
	{
		if (document->length > 0)
		{
			document->fault = DOCUMENT_TOO_LARGE;
			too_large++;
		}
		return;
	}
	document->length = document->length > document_most() ? document_most() :
		document->length;
	whole = (size_t) PQgetlength(result, row, DOCUMENT_COLUMN) ==
		document->length;
	document->room = PQresultMemorySize(result) +
		(whole ? 0 : document->length);
	if (!document_take_room(document->room))
	{
		document->room = 0;
		document->fault = DOCUMENT_NO_ROOM;
		return;
	}
	if (whole)
		return;
	document->memory = malloc(document->length);
	if (document->memory == NULL)
		document->fault = DOCUMENT_NO_ROOM;
}

void
document_take(Document *document, const PGresult *result, int row)
{
	size_t		size = (size_t) PQgetlength(result, row, DOCUMENT_COLUMN);

	if (!document->begun)
		begin(document, result, row);
	if (document->memory == NULL || size > document->length - document->filled)
		return;
	memcpy(document->memory + document->filled,
		   PQgetvalue(result, row, DOCUMENT_COLUMN), size);
	document->filled += size;
}

void
document_free(Document *document)
{
	free(document->memory);
	document_give_room(document->room);
	memset(document, 0, sizeof(*document));
}

void
document_metrics_write(Text *out)
{
	text_format(out, "# HELP dpmeta_http_answers_held_bytes "
				"What answers hold that are not sent yet.\n"
				"# TYPE dpmeta_http_answers_held_bytes gauge\n"
				"dpmeta_http_answers_held_bytes %zu\n"
				"# HELP dpmeta_http_answers_refused_total "
				"Answers that were too large, or for which there was no room.\n"
				"# TYPE dpmeta_http_answers_refused_total counter\n"
				"dpmeta_http_answers_refused_total{reason=\"size\"} %llu\n"
				"dpmeta_http_answers_refused_total{reason=\"room\"} %llu\n",
				answers.held, (unsigned long long) too_large,
				(unsigned long long) answers.refused);
}
