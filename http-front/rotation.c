/*
 * rotation.c
 *		Files that others replace while we run.
 *
 * Each is read again by whoever uses it: config.c its secrets, connection/tls.c
 * the certificate.  libpq and libcurl read theirs whenever they connect, so the
 * lanes are replaced when one of those is another.
 */
#include "rotation.h"

#include <stddef.h>

#include "base/file.h"
#include "base/loop.h"
#include "config.h"
#include "connection/tls.h"
#include "db/database_url.h"
#include "db/pools.h"

/* Milliseconds. */
#define LOOK_EVERY 5000
/* Of two URLs, all that they can name. */
#define NAMED_MOST 10

static Watched named[NAMED_MOST];
static int	named_count;
static int64_t look_at;

static void
watch_named(void *arg, const char *path)
{
	(void) arg;
	if (named_count < NAMED_MOST)
		watched_start(&named[named_count++], path);
}

static void
forget_named(void)
{
	while (named_count > 0)
		watched_stop(&named[--named_count]);
}

void
rotation_start(void)
{
	database_url_files(config.database_url, watch_named, NULL);
	if (config.read_database_url != NULL)
		database_url_files(config.read_database_url, watch_named, NULL);
	look_at = loop_now() + LOOK_EVERY;
}

void
rotation_stop(void)
{
	forget_named();
}

static bool
named_changed(void)
{
	bool		changed = false;

	for (int i = 0; i < named_count; i++)
		changed = watched_changed(&named[i]) || changed;
	return changed;
}

int64_t
rotation_tick(void)
{
	bool		changed;

	if (loop_now() < look_at)
		return look_at;
	tls_look();
	changed = named_changed();
	if (config_reread())
	{
		forget_named();
		rotation_start();
		changed = true;
	}
	if (changed)
		pools_renew();
	look_at = loop_now() + LOOK_EVERY;
	return changed ? loop_now() : look_at;
}

void
rotation_hurry(void)
{
	look_at = 0;
}
