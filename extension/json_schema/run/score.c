/*
 * json_schema/run/score.c
 *		How far a value is from an alternative.
 *
 * One wrong member may have many faults in it, and a member that the
 * alternative does not know has but one.  So what counts is how many members do
 * not fit, and how: one that must have another value, or must not be there,
 * says more against the alternative than one with a fault somewhere inside.
 * The number of faults decides where that is equal.
 */
#include "postgres.h"

#include "port/pg_bitutils.h"

#include "json_schema/run/score.h"

#define WEIGHT				16
#define WEIGHT_FAULTY		(1 * WEIGHT)
#define WEIGHT_MISSING		(2 * WEIGHT)
#define WEIGHT_STRANGER		(3 * WEIGHT)
#define WEIGHT_OTHER		(4 * WEIGHT)

static int
count_bits(uint64 bits)
{
	return pg_popcount((const char *) &bits, sizeof(bits));
}

int
schema_score(const SchemaScore *score)
{
	uint64		strangers = score->strangers & ~score->others;
	uint64		faulty = score->faulty & ~(score->others | score->strangers);

	return score->own + WEIGHT_OTHER * count_bits(score->others) +
		WEIGHT_STRANGER * count_bits(strangers) +
		WEIGHT_FAULTY * count_bits(faulty) + Min(score->count, WEIGHT - 1);
}

/* What a fault of the value itself says. */
static int
own_weight(const SchemaOp *op, int nested)
{
	switch ((SchemaOpCode) op->code)
	{
		case OP_TYPE:
		case OP_FALSE:
			return SCORE_OTHER_TYPE;
		case OP_CONST:
		case OP_ENUM:
			return WEIGHT_OTHER;
		case OP_REQUIRED:
			return WEIGHT_MISSING;
		default:
			return nested > 0 ? nested : WEIGHT_FAULTY;
	}
}

void
schema_score_add(SchemaRun *run, const SchemaOp *op, const JsonPath *path,
				 int nested)
{
	SchemaScore *score = run->score;
	int			depth = 0;
	uint64		place = 0;

	for (; path != score->base; path = path->parent)
	{
		place = UINT64CONST(1) << (path->index % 64);
		depth++;
	}
	score->count++;
	if (depth == 0)
		score->own += own_weight(op, nested);
	else if (depth == 1 && (op->code == OP_CONST || op->code == OP_ENUM))
		score->others |= place;
	else if (depth == 1 && op->code == OP_FALSE)
		score->strangers |= place;
	else
		score->faulty |= place;
	if (schema_score(score) > score->limit)
		run->report = NULL;
}
