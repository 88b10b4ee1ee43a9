/*
 * db/schedule.c
 *		Which job goes to which lane, and when.
 */
#include "db/schedule.h"

#include "base/loop.h"
#include "config.h"
#include "db/slow.h"

/* Of short reads: each waits for the others of its group. */
#define GROUP_MOST 8
/* Milliseconds after which no read is put behind what is on a lane. */
#define STUCK_AFTER 20
/*
 * Lanes that the writes of one product may have.  A second one would wait for
 * the lock that the first has, and where many products are locked by somebody
 * else there would be no lane for those that are not.
 */
#define WRITES_OF_ONE 1

bool
schedule_has_replayed(const Pool *pool, uint64_t position)
{
	for (int i = 0; i < pool->lane_count && position > 0; i++)
		if (lane_is_up(&pool->lanes[i]) && pool->lanes[i].replayed < position)
			return false;
	return true;
}

static Kind
kind_of(Job *job)
{
	Pace		pace;

	if (job->route->work == WORK_WRITE)
		return KIND_WRITE;
	if (job->route->work != WORK_READ || job->waits)
		return KIND_SLOW;
	pace = slow_pace(job);
	job->alone = pace == PACE_SUSPECT;
	if (pace == PACE_SLOW)
		return KIND_SLOW;
	return KIND_READ;
}

void
schedule_classify(Pool *pool, Job *job)
{
	job->alone = false;
	job->waits = !job->wants_position &&
		!schedule_has_replayed(pool, job->position);
	job->product = job_product(job);
	job->kind = kind_of(job);
}

static bool
is_heavy(const Job *job)
{
	return job->kind != KIND_READ;
}

/*
 * A trace names a whole transaction, and a probe must not wait for those that
 * would be in a group with it.
 */
static bool
is_alone(const Job *job)
{
	return is_heavy(job) || job->alone || job->trace != NULL ||
		job_is_probe(job);
}

static uint8_t *
writing(Pool *pool, const Job *job)
{
	return &pool->writing[job->product % WRITING_PLACES];
}

/* Would it find its product's lock free, as far as we know? */
static bool
may_start(const Job *job, const void *arg)
{
	const Pool *pool = arg;

	return job->product == 0 ||
		pool->writing[job->product % WRITING_PLACES] < WRITES_OF_ONE;
}

static Lane *
idle_among(Pool *pool, int from, int to)
{
	for (int i = from; i < to; i++)
	{
		Lane	   *lane = &pool->lanes[i];

		if (lane_is_up(lane) && lane->count == 0 && !lane->stale)
			return lane;
	}
	return NULL;
}

/*
 * How many lanes are there for reads?  Those that writes got are theirs alone,
 * so that reads keep to few and large groups; but any is better than none.
 */
static int
read_lanes(const Pool *pool)
{
	return pool->kept_up > 0 ? pool->kept : pool->lane_count;
}

/* What stands behind its first job may stand there for long. */
static bool
is_stuck(const Lane *lane)
{
	return loop_now() - lane->flights[lane->head].sent_at > STUCK_AFTER;
}

/* The busy lane with the fewest reads that may take one more: this, or any. */
static Lane *
shared_lane(Pool *pool, int most, const Job *job)
{
	Lane	   *best = NULL;
	int			count = read_lanes(pool);

	for (int i = 0; i < count; i++)
	{
		Lane	   *lane = &pool->lanes[i];

		if (lane_is_up(lane) && !lane->heavy && !lane->reserved &&
			!lane->stale && lane->count < most &&
			(job == NULL || (!is_stuck(lane) &&
							 lane_can_take(lane, job, is_alone(job)))) &&
			(best == NULL || lane->count < best->count))
			best = lane;
	}
	return best;
}

/* The lane with an open group that has room. */
static Lane *
grouping_lane(const Pool *pool, const Job *job)
{
	Lane	   *lane = pool->grouping;

	if (lane == NULL || !lane_is_up(lane) || lane->unsynced == 0 ||
		lane->unsynced >= GROUP_MOST || lane->count >= config.pipeline ||
		lane->reserved || lane->stale ||
		!lane_can_take(lane, job, is_alone(job)))
		return NULL;
	return lane;
}

static Lane *
lane_for_read(Pool *pool, const Job *job)
{
	Lane	   *lane = grouping_lane(pool, job);

	if (lane == NULL)
		lane = idle_among(pool, 0, read_lanes(pool));
	if (lane == NULL || lane->reserved)
		lane = shared_lane(pool, (int) config.pipeline, job);
	return lane;
}

/* Behind whatever is on a lane it might wait, for example for a lock. */
static Lane *
lane_for_probe(Pool *pool)
{
	Lane	   *lane;

	while ((lane = idle_among(pool, 0, pool->lane_count)) != NULL)
	{
		lane_look(lane);
		if (lane_is_up(lane) && lane->count == 0 && !lane->stale)
			break;
	}
	return lane;
}

/* How many more of the kept lanes may a kind have, whatever the others do? */
static int
kind_room(const Pool *pool, Kind kind)
{
	int			own = pool->kind_most - pool->running[kind];
	int			all = pool->heavy_most - pool->running[KIND_SLOW] -
		pool->running[KIND_WRITE];

	return own < all ? own : all;
}

/* Kept lanes are for those first who wait for them. */
static Lane *
lane_for_heavy(Pool *pool, Kind kind, bool kept_too)
{
	Lane	   *lane = NULL;

	if (kept_too && kind_room(pool, kind) > 0)
		lane = idle_among(pool, 0, pool->kept);
	if (lane == NULL && kind == KIND_WRITE)
		lane = idle_among(pool, pool->kept, pool->lane_count);
	return lane;
}

/*
 * The same, once it is known that the server did not close it meanwhile: what
 * is sent to a lane that is lost may have been done or not.
 */
static Lane *
good_lane_for_heavy(Pool *pool, Kind kind, bool kept_too)
{
	Lane	   *lane;

	while ((lane = lane_for_heavy(pool, kind, kept_too)) != NULL)
	{
		lane_look(lane);
		if (lane_is_up(lane) && lane->count == 0 && !lane->stale)
			break;
	}
	return lane;
}

void
schedule_free(Lane *lane)
{
	Pool	   *pool = lane->owner;

	if (lane->heavy && pool_keeps(pool, lane))
		pool->running[lane->kind]--;
	if (lane->product != 0)
		pool->writing[lane->product % WRITING_PLACES]--;
	lane->heavy = false;
	lane->product = 0;
}

static void
note_heavy(Lane *lane, const Job *job)
{
	Pool	   *pool = lane->owner;

	lane->heavy = true;
	lane->kind = job->kind;
	lane->product = job->product;
	if (pool_keeps(pool, lane))
		pool->running[job->kind]++;
	if (job->product != 0)
		(*writing(pool, job))++;
}

/* Put a job on a lane; when that breaks, the job was not sent. */
static void
start_job(Lane *lane, Job *job)
{
	Pool	   *pool = lane->owner;

	if (is_heavy(job))
		note_heavy(lane, job);
	else
		pool->grouping = lane;
	lane->reserved = false;
	if (lane_send(lane, job, is_alone(job)))
		return;
	lane->events->broke(lane, PQerrorMessage(lane->conn));
	lane->events->lost(lane, job, true);
}

/* How many would be started if kept lanes were idle? */
static long
wanted_lanes(const Pool *pool)
{
	long		wanted = 0;
	int			all = pool->heavy_most - pool->running[KIND_SLOW] -
		pool->running[KIND_WRITE];

	for (Kind kind = KIND_SLOW; kind <= KIND_WRITE; kind++)
	{
		int			room = kind_room(pool, kind);

		if (room > 0)
			wanted += queue_count(&pool->queues[kind], may_start, pool, room);
	}
	return wanted < all ? wanted : all;
}

/*
 * What is heavy needs a lane without reads, and under many reads none is ever
 * empty by chance: keep new reads off as many as are wanted.
 */
static void
reserve_lanes(Pool *pool)
{
	long		wanted = wanted_lanes(pool);

	for (int i = 0; i < pool->kept; i++)
		if (pool->lanes[i].reserved)
			wanted--;
	for (; wanted > 0; wanted--)
	{
		Lane	   *lane = shared_lane(pool, LANE_DEPTH + 1, NULL);

		if (lane == NULL)
			return;
		lane->reserved = pool->reserving = true;
	}
}

static void
end_reservations(Pool *pool)
{
	for (int i = 0; i < pool->lane_count; i++)
		pool->lanes[i].reserved = false;
	pool->reserving = false;
}

static bool
start_one(Pool *pool, Kind kind)
{
	Lane	   *lane;
	Job		   *job;

	if (queue_find(&pool->queues[kind], may_start, pool) == NULL)
		return false;
	lane = good_lane_for_heavy(pool, kind, true);
	if (lane == NULL)
		return false;
	job = queue_take_if(&pool->queues[kind], may_start, pool);
	/* Looking at the lane may have started it. */
	if (job == NULL)
		return false;
	start_job(lane, job);
	return true;
}

static Kind
other_kind(Kind kind)
{
	return kind == KIND_WRITE ? KIND_SLOW : KIND_WRITE;
}

/* They take turns. */
static void
serve_heavy(Pool *pool)
{
	for (;;)
	{
		Kind		kind = pool->turn;

		if (!start_one(pool, kind))
		{
			kind = other_kind(kind);
			if (!start_one(pool, kind))
				return;
		}
		pool->turn = other_kind(kind);
	}
}

void
schedule_serve(Pool *pool)
{
	serve_heavy(pool);
	if (wanted_lanes(pool) > 0)
		reserve_lanes(pool);
	else if (pool->reserving)
		end_reservations(pool);
	while (pool->queues[KIND_READ].length > 0)
	{
		Lane	   *lane = lane_for_read(pool, pool->queues[KIND_READ].first);

		if (lane == NULL)
			return;
		start_job(lane, queue_take(&pool->queues[KIND_READ]));
	}
}

/* A job must not overtake those that wait already. */
static bool
must_queue(const Pool *pool, const Job *job)
{
	if (!is_heavy(job))
		return pool->queues[KIND_READ].length > 0;
	return !may_start(job, pool) ||
		queue_find(&pool->queues[job->kind], may_start, pool) != NULL;
}

bool
schedule_start(Pool *pool, Job *job)
{
	Lane	   *lane;

	if (must_queue(pool, job) && !job_is_probe(job))
		return false;
	if (job_is_probe(job))
		lane = lane_for_probe(pool);
	else if (is_heavy(job))
		lane = good_lane_for_heavy(pool, job->kind, wanted_lanes(pool) <= 0);
	else
		lane = lane_for_read(pool, job);
	if (lane == NULL)
		return false;
	start_job(lane, job);
	return true;
}

void
schedule_queue(Pool *pool, Job *job)
{
	/* Whoever asks how it is asks for everyone, and soon gives up. */
	if (job_is_probe(job))
		queue_add_first(&pool->queues[job->kind], job);
	else
		queue_add(&pool->queues[job->kind], job);
	if (is_heavy(job))
		reserve_lanes(pool);
}

int64_t
schedule_wants_lane(const Pool *pool)
{
	const Job  *job = queue_find(&pool->queues[KIND_WRITE], may_start, pool);

	return job != NULL ? job->queued_at : NEVER;
}

void
schedule_send(Pool *pool)
{
	for (int i = 0; i < pool->lane_count; i++)
		if (!lane_sync(&pool->lanes[i]))
			pool->lanes[i].events->broke(&pool->lanes[i],
										 PQerrorMessage(pool->lanes[i].conn));
	pool->grouping = NULL;
}
