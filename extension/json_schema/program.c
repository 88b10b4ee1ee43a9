/*
 * json_schema/program.c
 *		What a compiled schema is asked: where its dynamic references lead.
 */
#include "postgres.h"

#include "json_schema/program.h"

static int
compare_targets(const void *a, const void *b)
{
	const SchemaDynamicTarget *left = a;
	const SchemaDynamicTarget *right = b;

	if (left->anchor != right->anchor)
		return left->anchor < right->anchor ? -1 : 1;
	if (left->resource != right->resource)
		return left->resource < right->resource ? -1 : 1;
	return 0;
}

void
schema_program_sort_targets(SchemaProgram *program)
{
	if (program->ntargets > 1)
		qsort(program->targets, program->ntargets,
			  sizeof(SchemaDynamicTarget), compare_targets);
}

int
schema_program_target(const SchemaProgram *program, int anchor, int resource)
{
	SchemaDynamicTarget key = {anchor, resource, NODE_ABSENT};
	int			low = 0;
	int			high = program->ntargets;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (compare_targets(&program->targets[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
