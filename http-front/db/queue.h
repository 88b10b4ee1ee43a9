/*
 * db/queue.h
 *		Jobs that wait for a lane, in the order of their times.
 */
#ifndef DPMETA_QUEUE_H
#define DPMETA_QUEUE_H

#include "db/pool.h"

typedef struct Queue
{
	Job		   *first;
	Job		  **last;
	long		length;
} Queue;

extern void queue_init(Queue *queue);
/* Who comes again waits anew. */
extern void queue_add(Queue *queue, Job *job);
extern Job *queue_take(Queue *queue);
/* End all of them. */
extern void queue_fail(Queue *queue, Outcome outcome);
/* End those that waited too long; returns the next deadline, or this one. */
extern int64_t queue_expire(Queue *queue, int64_t deadline);

#endif							/* DPMETA_QUEUE_H */
