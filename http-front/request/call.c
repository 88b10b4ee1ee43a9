/*
 * request/call.c
 *		What a request asks of the database, and what all their bodies hold.
 */
#include "request/call.h"

#include <inttypes.h>

#include "base/share.h"
#include "config.h"

/* Our own, and the one that libpq makes to send it. */
#define COPIES 2

static Share bodies;

void
call_start(void)
{
	bodies.most = (size_t) config.max_bodies;
}

bool
call_has_room(Call *call, uint64_t size)
{
	size_t		needed = COPIES * (size_t) size;

	if (needed <= call->body_room)
		return true;
	if (!share_take(&bodies, needed - call->body_room))
		return false;
	call->body_room = needed;
	return true;
}

void
call_drop_body(Call *call)
{
	text_free(&call->body);
	share_give(&bodies, call->body_room);
	call->body_room = 0;
}

void
call_free(Call *call)
{
	document_free(&call->job.document);
	text_free(&call->if_match);
	call_drop_body(call);
}

void
call_metrics_write(Text *out)
{
	text_format(out, "# HELP dpmeta_http_bodies_held_bytes "
				"What the bodies of requests hold that are under way.\n"
				"# TYPE dpmeta_http_bodies_held_bytes gauge\n"
				"dpmeta_http_bodies_held_bytes %zu\n"
				"# HELP dpmeta_http_bodies_refused_total "
				"Bodies for which there was no room.\n"
				"# TYPE dpmeta_http_bodies_refused_total counter\n"
				"dpmeta_http_bodies_refused_total %" PRIu64 "\n",
				bodies.held, bodies.refused);
}
