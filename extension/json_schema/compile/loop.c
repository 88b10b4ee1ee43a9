/*
 * json_schema/compile/loop.c
 *		Finding schemas that come back to themselves on the same value.
 *
 * A run finds that out by itself.  But whoever asks what is wrong with a schema has
 * no value to run it on.  So this follows only the steps that a run takes whatever
 * the value is.  A loop of these is a loop for every value that gets there.
 */
#include "postgres.h"

#include <limits.h>

#include "miscadmin.h"

#include "json/pointer.h"
#include "json_schema/compile/loop.h"

typedef enum NodeState
{
	NODE_NEW,
	NODE_ON_PATH,
	NODE_DONE
} NodeState;

typedef struct LoopSearch
{
	SchemaCompiler *compiler;
	NodeState  *states;			/* of each node */
} LoopSearch;

static void visit_node(LoopSearch *search, int number);

/* Takes the step from one node to another, or reports that it closes a loop. */
static void
take_step(LoopSearch *search, int from, const SchemaOp *op, int to)
{
	const SchemaNode *nodes = search->compiler->program->nodes;

	if (search->states[to] == NODE_NEW)
		visit_node(search, to);
	else if (search->states[to] == NODE_ON_PATH)
		schema_fault(&search->compiler->documents,
					 pointer_to(nodes[from].location, op->keyword,
								strlen(op->keyword)),
					 op->keyword, SCHEMA_LOOP_MESSAGE, nodes[to].location);
}

static void
take_steps(LoopSearch *search, int from, const SchemaOp *op, int limit)
{
	for (int i = 0; i < op->arg.nodes->count && i < limit; i++)
		take_step(search, from, op, op->arg.nodes->nodes[i]);
}

/* Where a dynamic reference leads if it has no choice, else NODE_ABSENT. */
static int
only_target(const SchemaProgram *program, const SchemaOp *op)
{
	int			anchor = op->arg.dynamic.anchor;

	for (int i = schema_program_target(program, anchor, 0);
		 i < program->ntargets && program->targets[i].anchor == anchor; i++)
	{
		if (program->targets[i].node != op->arg.dynamic.node)
			return NODE_ABSENT;
	}
	return op->arg.dynamic.node;
}

/* Follows an instruction as far as every run does. */
static void
follow_op(LoopSearch *search, int from, const SchemaOp *op)
{
	int			target;

	switch ((SchemaOpCode) op->code)
	{
		case OP_REF:
		case OP_NOT:
			take_step(search, from, op, op->arg.node);
			break;
		case OP_DYNAMIC_REF:
			target = only_target(search->compiler->program, op);
			if (target != NODE_ABSENT)
				take_step(search, from, op, target);
			break;
		case OP_ALL_OF:
			take_steps(search, from, op, INT_MAX);
			break;
		case OP_ANY_OF:
			take_steps(search, from, op, 1);
			break;
		case OP_ONE_OF:
			take_steps(search, from, op, 2);
			break;
		case OP_IF:
			take_step(search, from, op, op->arg.branch->condition);
			break;
		default:
			break;
	}
}

static void
visit_node(LoopSearch *search, int number)
{
	const SchemaProgram *program = search->compiler->program;
	const SchemaNode *node = &program->nodes[number];

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	search->states[number] = NODE_ON_PATH;
	for (int i = 0; i < node->count; i++)
		follow_op(search, number, &program->ops[node->first + i]);
	search->states[number] = NODE_DONE;
}

void
compile_find_loops(SchemaCompiler *compiler)
{
	int			count = compiler->program->nnodes;
	LoopSearch	search;

	search.compiler = compiler;
	search.states = palloc_extended((Size) count * sizeof(NodeState),
									MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int i = 0; i < count; i++)
	{
		if (search.states[i] == NODE_NEW)
			visit_node(&search, i);
	}
	pfree(search.states);
}
