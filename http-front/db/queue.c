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

Job *
queue_take(Queue *queue)
{
	Job		   *job = queue->first;

	if (job == NULL)
		return NULL;
	queue->first = job->next;
	if (queue->first == NULL)
		queue->last = &queue->first;
	queue->length--;
	return job;
}

void
queue_fail(Queue *queue, Outcome outcome)
{
	Job		   *job;

	while ((job = queue_take(queue)) != NULL)
		job->done(job, outcome, NULL);
}

int64_t
queue_expire(Queue *queue, int64_t deadline)
{
	while (queue->first != NULL)
	{
		int64_t		until = queue->first->queued_at + config.queue_timeout;
		Job		   *job;

		if (until > loop_now())
			return until < deadline ? until : deadline;
		job = queue_take(queue);
		job->done(job, JOB_BUSY, NULL);
	}
	return deadline;
}
