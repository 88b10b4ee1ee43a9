/*
 * answers/metrics_page.c
 *		The page of metrics: what each part has to say.
 */
#include "answers/metrics_page.h"

#include <inttypes.h>

#include "answers/store_metrics.h"
#include "auth/auth.h"
#include "auth/limit.h"
#include "base/log.h"
#include "config.h"
#include "connection/client.h"
#include "connection/preamble.h"
#include "connection/tls.h"
#include "connection/waiting.h"
#include "db/pools.h"
#include "metrics/metrics.h"
#include "request/call.h"
#include "request/memory.h"

static void
add_build(Text *out)
{
	text_add(out, "# HELP dpmeta_http_build_info The version of the front.\n"
			 "# TYPE dpmeta_http_build_info gauge\n"
			 "dpmeta_http_build_info{version=\"" DPMETA_HTTP_VERSION "\"} 1\n");
}

static void
add_log_metrics(Text *out)
{
	text_format(out, "# HELP dpmeta_http_log_lines_lost_total "
				"Log lines dropped because the log was not read.\n"
				"# TYPE dpmeta_http_log_lines_lost_total counter\n"
				"dpmeta_http_log_lines_lost_total %" PRIu64 "\n", log_lost());
}

void
metrics_write_all(Text *out)
{
	metrics_write(out);
	pools_metrics_write(out);
	add_build(out);
	document_metrics_write(out);
	call_metrics_write(out);
	memory_metrics_write(out);
	auth_metrics_write(out);
	client_metrics_write(out);
	preamble_metrics_write(out);
	waiting_metrics_write(out);
	limit_metrics_write(out);
	tls_metrics_write(out);
	add_log_metrics(out);
	store_metrics_write(out);
	store_metrics_want();
}
