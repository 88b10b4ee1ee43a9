/*
 * db/queue.h
 *		Jobs that wait for a lane, in the order of their times.
 */
#ifndef DPMETA_QUEUE_H
#define DPMETA_QUEUE_H

#include "db/job.h"

typedef struct Queue
{
	Job		   *first;
	Job		  **last;
	long		length;
} Queue;

/* May this one be taken? */
typedef bool (*QueueTest) (const Job *job, const void *arg);

extern void queue_init(Queue *queue);

/* At the end; its waiting time begins now, even if it has waited before. */
extern void queue_add(Queue *queue, Job *job);

/* Before all others. */
extern void queue_add_first(Queue *queue, Job *job);
extern Job *queue_take(Queue *queue);

/* The first that may be taken, or NULL; the second leaves it where it is. */
extern Job *queue_take_if(Queue *queue, QueueTest may, const void *arg);
extern const Job *queue_find(const Queue *queue, QueueTest may, const void *arg);

/* How many may be taken, counted up to a number. */
extern long queue_count(const Queue *queue, QueueTest may, const void *arg,
						long most);

/* End all of them. */
extern void queue_fail(Queue *queue, Outcome outcome);

/* End those that waited too long; returns the next deadline, or this one. */
extern int64_t queue_expire(Queue *queue, Outcome outcome, int64_t deadline);

#endif							/* DPMETA_QUEUE_H */
