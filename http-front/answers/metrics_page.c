/*
 * answers/metrics_page.c
 *		The page of metrics: what each part has to say.
 */
#include "answers/metrics_page.h"

#include <inttypes.h>

#include "auth/auth.h"
#include "server/client.h"
#include "config.h"
#include "auth/limit.h"
#include "base/log.h"
#include "metrics/metrics.h"
#include "db/pool.h"
#include "db/pools.h"
#include "request/request.h"
#include "server/tls.h"

static void
write_pool_metrics(Text *out, Pool *pool)
{
	PoolFigures figures;
	const char *name;

	if (pool == NULL)
		return;
	name = pool_name(pool);
	pool_figures(pool, &figures);
	text_format(out,
				"dpmeta_http_lanes{pool=\"%s\",state=\"connected\"} %ld\n"
				"dpmeta_http_lanes{pool=\"%s\",state=\"busy\"} %ld\n"
				"dpmeta_http_lanes{pool=\"%s\",state=\"down\"} %ld\n",
				name, figures.connected, name, figures.busy,
				name, figures.lanes - figures.connected);
}

static void
write_pool_waiting(Text *out, Pool *pool)
{
	PoolFigures figures;

	if (pool == NULL)
		return;
	pool_figures(pool, &figures);
	text_format(out, "dpmeta_http_waiting{pool=\"%s\"} %ld\n",
				pool_name(pool), figures.waiting);
}

static void
add_pool_metrics(Text *out)
{
	Pool	   *pools[2] = {request_write_pool(), NULL};

	if (request_read_pool() != pools[0])
		pools[1] = request_read_pool();
	text_add(out, "# HELP dpmeta_http_lanes Database connections, by state.\n"
			 "# TYPE dpmeta_http_lanes gauge\n");
	for (int i = 0; i < 2; i++)
		write_pool_metrics(out, pools[i]);
	text_add(out, "# HELP dpmeta_http_waiting Requests that wait for a lane.\n"
			 "# TYPE dpmeta_http_waiting gauge\n");
	for (int i = 0; i < 2; i++)
		write_pool_waiting(out, pools[i]);
}

static void
add_lane_events(Text *out)
{
	PoolFigures writes;
	PoolFigures reads = {0};

	pool_figures(request_write_pool(), &writes);
	if (request_read_pool() != request_write_pool())
		pool_figures(request_read_pool(), &reads);
	text_format(out, "# HELP dpmeta_http_lane_events_total "
				"Connections made and lost, statements tried again.\n"
				"# TYPE dpmeta_http_lane_events_total counter\n"
				"dpmeta_http_lane_events_total{event=\"connect\"} %" PRIu64 "\n"
				"dpmeta_http_lane_events_total{event=\"loss\"} %" PRIu64 "\n"
				"dpmeta_http_lane_events_total{event=\"retry\"} %" PRIu64 "\n",
				writes.connects + reads.connects,
				writes.losses + reads.losses,
				writes.retries + reads.retries);
	text_add(out, "# HELP dpmeta_http_build_info The version of the front.\n"
			 "# TYPE dpmeta_http_build_info gauge\n"
			 "dpmeta_http_build_info{version=\"" DPMETA_HTTP_VERSION "\"} 1\n");
}

static void
add_log_metrics(Text *out)
{
	text_format(out, "# HELP dpmeta_http_log_lines_lost_total "
				"Lines dropped, for the log was not read.\n"
				"# TYPE dpmeta_http_log_lines_lost_total counter\n"
				"dpmeta_http_log_lines_lost_total %" PRIu64 "\n", log_lost());
}

void
metrics_write_all(Text *out)
{
	metrics_write(out);
	add_pool_metrics(out);
	add_lane_events(out);
	reads_metrics_write(out);
	document_metrics_write(out);
	auth_metrics_write(out);
	client_metrics_write(out);
	limit_metrics_write(out);
	tls_metrics_write(out);
	add_log_metrics(out);
}
