/*
 * db/renewal.c
 *		Another password or URL for a pool that is at work.
 */
#include "db/renewal.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/loop.h"
#include "base/text.h"
#include "db/hosts.h"
#include "db/pool_state.h"

/* Milliseconds until one that was not accepted is tried again. */
#define AGAIN_AFTER 1000

static void
forget(Renewal *renewal)
{
	secret_free(renewal->url);
	secret_free(renewal->password);
	renewal->url = renewal->password = NULL;
}

void
renewal_offer(Pool *pool, const char *url, const char *password)
{
	Renewal    *renewal = &pool->renewal;

	forget(renewal);
	renewal->url = strdup(url);
	renewal->password = password != NULL ? strdup(password) : NULL;
	renewal->offered++;
	renewal->host = 0;
	renewal->said = false;
	renewal->at = 0;
	if (renewal->url == NULL || (password != NULL && renewal->password == NULL))
	{
		forget(renewal);
		log_event(LOG_ERRORS, "secret-kept", "no memory for another one");
	}
}

void
renewal_free(Pool *pool)
{
	forget(&pool->renewal);
	secret_free((char *) pool->target.url);
	secret_free((char *) pool->target.password);
}

/* Places of hosts are only added: those that are connecting have theirs. */
static bool
make_room(Pool *pool, unsigned count)
{
	PoolHost   *hosts;

	if (count <= pool->host_room)
		return true;
	hosts = reallocarray(pool->hosts, count, sizeof(PoolHost));
	if (hosts == NULL)
		return false;
	memset(hosts + pool->host_room, 0,
		   (count - pool->host_room) * sizeof(PoolHost));
	pool->hosts = hosts;
	pool->host_room = count;
	return true;
}

static void
adopt(Pool *pool)
{
	Renewal    *renewal = &pool->renewal;
	unsigned	count = hosts_count(renewal->url);

	if (!make_room(pool, count))
		return;
	secret_free((char *) pool->target.url);
	secret_free((char *) pool->target.password);
	pool->target.url = renewal->url;
	pool->target.password = renewal->password;
	pool->target.generation++;
	renewal->url = renewal->password = NULL;
	pool->host_count = count;
	if (pool->host >= count)
		pool->host = 0;
	for (unsigned i = 0; i < count; i++)
		pool->hosts[i].connect_at = pool->hosts[i].backoff = 0;
	log_event(LOG_INFO, "secret-loaded",
			  "%s lanes are replaced, one after the other", pool->name);
}

static void
judge(void *owner, NewConnection *made)
{
	Pool	   *pool = owner;
	Renewal    *renewal = &pool->renewal;
	bool		good = made->conn != NULL;

	PQfinish(made->conn);
	renewal->asking = false;
	/* Another one has been offered meanwhile, or it was adopted. */
	if (renewal->url == NULL || renewal->asked != renewal->offered)
		return;
	if (good)
	{
		adopt(pool);
		return;
	}
	renewal->host++;
	renewal->at = loop_now() + AGAIN_AFTER;
	if (!renewal->said)
		log_event(LOG_WARNINGS, "secret-refused",
				  "%s lanes stay as they are until the new one is accepted: %s",
				  pool->name, made->error);
	renewal->said = true;
}

static void
ask(Pool *pool)
{
	Renewal    *renewal = &pool->renewal;
	Target		target = {
		.url = renewal->url,
		.password = renewal->password,
		.session_attributes = "any",
		.host = renewal->host % hosts_count(renewal->url)
	};

	renewal->asking = true;
	renewal->asked = renewal->offered;
	connector_ask(&target, judge, pool);
}

int64_t
renewal_tick(Pool *pool, int64_t deadline)
{
	Renewal    *renewal = &pool->renewal;

	if (renewal->url == NULL)
		return deadline;
	/* Nothing is there that could be lost. */
	if (pool->up == 0)
	{
		adopt(pool);
		return loop_now();
	}
	if (renewal->asking)
		return deadline;
	if (renewal->at > loop_now())
		return renewal->at < deadline ? renewal->at : deadline;
	ask(pool);
	return deadline;
}
