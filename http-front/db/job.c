/*
 * db/job.c
 *		One statement to run: what its route says of it.
 */
#include "db/job.h"

#include <string.h>

#include "base/hash.h"

static const char *
value_from(const Job *job, Source source)
{
	for (int i = 0; i < job->route->parameter_count && i < job->value_count; i++)
		if (job->route->parameters[i].source == source)
			return job->values[i];
	return NULL;
}

/* The ID's "dp:NAME", without version and table. */
uint64_t
job_product(const Job *job)
{
	const char *id;
	size_t		length;
	uint64_t	hash;

	if (job->route->work != WORK_WRITE)
		return 0;
	id = value_from(job, FROM_PATH);
	if (id == NULL || strncmp(id, "dp:", 3) != 0)
		return 0;
	length = 3 + strcspn(id + 3, ":");
	hash = hash_bytes(id, length);
	return hash != 0 ? hash : 1;
}

/* Those whose replay is given whatever was written since: docs/http-api.md. */
bool
job_is_repeatable(const Job *job)
{
	const char *automatic;

	if (job->route->work != WORK_WRITE)
		return true;
	if (!job->route->idempotent)
		return false;
	if (value_from(job, FROM_IDEMPOTENCY_KEY) != NULL)
		return true;
	automatic = value_from(job, FROM_IDEMPOTENCY);
	return automatic != NULL && automatic[0] == 't' &&
		value_from(job, FROM_IF_MATCH) != NULL;
}

bool
job_is_probe(const Job *job)
{
	return job->route->answer == ANSWER_READY;
}
