/*
 * db/queue.c
 *		Jobs that wait for a lane, in the order of their times.
 */
#include "db/queue.h"

#include <stddef.h>

#include "base/loop.h"
#include "config.h"

void
queue_init(Queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
	queue->length = 0;
}

void
queue_add(Queue *queue, Job *job)
{
	job->next = NULL;
	job->queued_at = loop_now();
	*queue->last = job;
	queue->last = &job->next;
	queue->length++;
}

void
queue_add_first(Queue *queue, Job *job)
{
	job->queued_at = loop_now();
	job->next = queue->first;
	if (queue->first == NULL)
		queue->last = &job->next;
	queue->first = job;
	queue->length++;
}

/* Take what a link of the chain points to. */
static Job *
unlink_job(Queue *queue, Job **link)
{
	Job		   *job = *link;

	if (job == NULL)
		return NULL;
	*link = job->next;
	if (job->next == NULL)
		queue->last = link;
	queue->length--;
	return job;
}

Job *
queue_take(Queue *queue)
{
	return unlink_job(queue, &queue->first);
}

Job *
queue_take_if(Queue *queue, QueueTest may, const void *arg)
{
	Job		  **link = &queue->first;

	while (*link != NULL && !may(*link, arg))
		link = &(*link)->next;
	return unlink_job(queue, link);
}

const Job *
queue_find(const Queue *queue, QueueTest may, const void *arg)
{
	const Job  *job = queue->first;

	while (job != NULL && !may(job, arg))
		job = job->next;
	return job;
}

long
queue_count(const Queue *queue, QueueTest may, const void *arg, long most)
{
	long		count = 0;

	for (const Job *job = queue->first; job != NULL && count < most;
		 job = job->next)
		count += may(job, arg);
	return count;
}

void
queue_fail(Queue *queue, Outcome outcome)
{
	Job		   *job;

	while ((job = queue_take(queue)) != NULL)
		job->done(job, outcome, NULL);
}

int64_t
queue_expire(Queue *queue, Outcome outcome, int64_t deadline)
{
	while (queue->first != NULL)
	{
		int64_t		until = queue->first->queued_at + config.queue_timeout;
		Job		   *job;

		if (until > loop_now())
			return until < deadline ? until : deadline;
		job = queue_take(queue);
		job->done(job, outcome, NULL);
	}
	return deadline;
}
