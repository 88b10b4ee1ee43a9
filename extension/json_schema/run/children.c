/*
 * json_schema/run/children.c
 *		The instructions that look at the members of an object or the elements
 *		of an array.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "json_schema/run/children.h"
#include "json_schema/run/fault.h"

/* Runs one member through the patterns; true in *known if one fits its name. */
static bool
run_patterns(SchemaRun *run, const SchemaMembers *members,
			 const JsonItem *key, int index, const JsonItem *value,
			 bool *known)
{
	bool		valid = true;

	for (int i = 0; i < members->npatterns; i++)
	{
		if (!json_pattern_matches(members->patterns[i].pattern,
								  key->u.string, key->len))
			continue;
		*known = true;
		run->keyword = "patternProperties";
		if (schema_run_child(run, members->patterns[i].node, key, index,
							 value))
			continue;
		valid = false;
		if (run->report == NULL)
			break;
	}
	return valid;
}

/* Runs one member through all that goes for it. */
static bool
run_member(SchemaRun *run, const SchemaMembers *members,
		   const SchemaName *name, const JsonItem *key, int index,
		   const JsonItem *value, bool *known)
{
	bool		valid = true;

	*known = name != NULL;
	if (name != NULL)
	{
		run->keyword = "properties";
		valid = schema_run_child(run, name->node, key, index, value);
	}
	if (members->npatterns > 0 && (valid || run->report))
		valid &= run_patterns(run, members, key, index, value, known);
	if (*known || members->additional == NODE_ABSENT)
		return valid;
	*known = true;
	run->keyword = "additionalProperties";
	return schema_run_child(run, members->additional, key, index, value);
}

/*
 * The name that equals the key, if any.  Both lists ascend, so the search goes
 * on from where it was.
 */
static const SchemaName *
step_names(const SchemaNames *names, int *at, const JsonItem *key)
{
	while (names != NULL && *at < names->count)
	{
		const SchemaName *name = &names->list[*at];
		int			order = json_key_compare(name->str, name->len,
											 key->u.string, key->len);

		if (order > 0)
			return NULL;
		(*at)++;
		if (order == 0)
			return name;
	}
	return NULL;
}

bool
schema_run_members(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
				   SchemaMarks *marks)
{
	const SchemaMembers *members = op->arg.members;
	bool		valid = true;
	int			at = 0;
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	value;

	json_walk_start(&walk, item);
	while (json_walk_next(&walk, &key, &value))
	{
		int			index = walk.index - 1;
		const SchemaName *name = step_names(members->names, &at, &key);
		bool		known;

		valid &= run_member(run, members, name, &key, index, &value, &known);
		if (known)
			schema_mark(marks, index);
		if (!valid && run->report == NULL)
			break;
	}
	return valid;
}

bool
schema_run_property_names(SchemaRun *run, const SchemaOp *op,
						  const JsonItem *item)
{
	bool		valid = true;
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	value;

	json_walk_start(&walk, item);
	while (json_walk_next(&walk, &key, &value))
	{
		JsonItem	name = key;

		run->keyword = op->keyword;
		if (schema_run_child(run, op->arg.node, &key, walk.index - 1, &name))
			continue;
		valid = false;
		if (run->report == NULL)
			break;
	}
	return valid;
}

/* Reports each name of the list that the object lacks. */
static bool
require_names(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
			  const SchemaNames *names, const SchemaName *cause)
{
	bool		valid = true;
	int			at = 0;
	JsonWalk	walk;
	JsonItem	key;
	bool		more;

	json_walk_start(&walk, item);
	more = json_walk_next_key(&walk, &key);
	while (at < names->count)
	{
		const SchemaName *name = &names->list[at];
		int			order = more ? json_key_compare(name->str, name->len,
													key.u.string,
													key.len) : -1;

		if (order > 0)
		{
			more = json_walk_next_key(&walk, &key);
			continue;
		}
		at++;
		if (order == 0)
			continue;
		if (cause != NULL)
			valid = SCHEMA_FAULT(run, op, "The member %s is required beside %s.",
								 schema_quote_name(name->str, name->len),
								 schema_quote_name(cause->str, cause->len));
		else
			valid = SCHEMA_FAULT(run, op, "The member %s is required.",
								 schema_quote_name(name->str, name->len));
		if (run->report == NULL)
			break;
	}
	return valid;
}

bool
schema_run_required(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	return require_names(run, op, item, op->arg.names, NULL);
}

bool
schema_run_dependent_required(SchemaRun *run, const SchemaOp *op,
							  const JsonItem *item)
{
	bool		valid = true;

	for (int i = 0; i < op->arg.names->count; i++)
	{
		const SchemaName *name = &op->arg.names->list[i];
		JsonItem	member;

		if (name->names == NULL ||
			!json_item_member(item, name->str, name->len, &member) ||
			require_names(run, op, item, name->names, name))
			continue;
		valid = false;
		if (run->report == NULL)
			break;
	}
	return valid;
}

bool
schema_run_items(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
				 SchemaMarks *marks)
{
	const SchemaItems *items = op->arg.items;
	bool		valid = true;
	JsonWalk	walk;
	JsonItem	value;

	json_walk_start(&walk, item);
	while (json_walk_next(&walk, NULL, &value))
	{
		int			index = walk.index - 1;
		bool		prefix = index < items->nprefix;
		int			node = prefix ? items->prefix[index] : items->rest;

		if (node == NODE_ABSENT)
			break;
		schema_mark(marks, index);
		run->keyword = prefix ? items->prefix_keyword : items->rest_keyword;
		if (schema_run_child(run, node, NULL, index, &value))
			continue;
		valid = false;
		if (run->report == NULL)
			break;
	}
	return valid;
}

/* Does the element hold?  Nobody wants to hear why it does not. */
static bool
element_holds(SchemaRun *run, int node, int index, const JsonItem *value)
{
	SchemaReport *report = run->report;
	bool		holds;

	run->report = NULL;
	holds = schema_run_child(run, node, NULL, index, value);
	run->report = report;
	return holds;
}

static bool
contains_fault(SchemaRun *run, const SchemaOp *op, int64 found)
{
	const SchemaContains *contains = op->arg.contains;
	SchemaOp	bound = *op;

	if (run->report == NULL)
		return false;
	if (found > contains->max)
	{
		bound.keyword = "maxContains";
		return SCHEMA_FAULT(run, &bound, "Must contain at most " INT64_FORMAT " element%s that the schema under \"contains\" accepts, but has more.",
							contains->max, contains->max == 1 ? "" : "s");
	}
	if (!contains->min_given)
		return SCHEMA_FAULT(run, op, "Must contain an element that the schema under \"contains\" accepts.");
	bound.keyword = "minContains";
	return SCHEMA_FAULT(run, &bound, "Must contain at least " INT64_FORMAT " element%s that the schema under \"contains\" accepts, but has " INT64_FORMAT ".",
						contains->min, contains->min == 1 ? "" : "s",
						found);
}

bool
schema_run_contains(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
					SchemaMarks *marks)
{
	const SchemaContains *contains = op->arg.contains;
	int64		found = 0;
	JsonWalk	walk;
	JsonItem	value;

	json_walk_start(&walk, item);
	while (json_walk_next(&walk, NULL, &value))
	{
		int			index = walk.index - 1;

		if (!element_holds(run, contains->node, index, &value))
			continue;
		if (contains->marks)
			schema_mark(marks, index);
		found++;
		if ((marks == NULL || !contains->marks) && found >= contains->min &&
			contains->max == PG_INT64_MAX)
			break;
	}
	if (found >= contains->min && found <= contains->max)
		return true;
	return contains_fault(run, op, found);
}

bool
schema_run_unevaluated(SchemaRun *run, const SchemaOp *op,
					   const JsonItem *item, SchemaMarks *marks)
{
	bool		valid = true;
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	value;

	json_walk_start(&walk, item);
	while (json_walk_next(&walk, &key, &value))
	{
		int			index = walk.index - 1;

		if (schema_is_marked(marks, index))
			continue;
		schema_mark(marks, index);
		run->keyword = op->keyword;
		if (schema_run_child(run, op->arg.node, walk.keyed ? &key : NULL,
							 index, &value))
			continue;
		valid = false;
		if (run->report == NULL)
			break;
	}
	return valid;
}

typedef struct UniqueEntry
{
	uint64		hash;
	int			index;
	JsonItem	item;
} UniqueEntry;

/*
 * Gives the entry a place in the table of entry numbers; if an equal one has
 * one already, gives the number of that, else -1.
 */
static int
place_entry(const UniqueEntry *entries, int i, int *table, uint32 mask)
{
	uint32		slot = (uint32) entries[i].hash & mask;

	for (; table[slot] >= 0; slot = (slot + 1) & mask)
	{
		const UniqueEntry *other = &entries[table[slot]];

		CHECK_FOR_INTERRUPTS();
		if (other->hash == entries[i].hash &&
			json_item_equal(&other->item, &entries[i].item))
			return table[slot];
	}
	table[slot] = i;
	return -1;
}

static bool
twin_fault(SchemaRun *run, const SchemaOp *op, const UniqueEntry *twin,
		   const UniqueEntry *entry)
{
	JsonPath	step = {run->path, NULL, entry->index};
	bool		valid;

	if (op->code == OP_UNIQUE_ITEMS)
		return SCHEMA_FAULT_AT(run, op, NULL, entry->index,
							   "Must be unique, but equals element %d.",
							   twin->index);
	run->path = &step;
	valid = SCHEMA_FAULT_AT(run, op, &op->arg.value, 0,
							"Must be unique, but %s is the %s of element %d as well.",
							schema_quote(&entry->item),
							schema_quote(&op->arg.value), twin->index);
	run->path = step.parent;
	return valid;
}

/* Looks for equal entries by a hash table with at least half of it free. */
static bool
entries_unique(SchemaRun *run, const SchemaOp *op, UniqueEntry *entries,
			   int count)
{
	uint32		size = pg_nextpower2_32(Max(8, (uint32) count * 2));
	int		   *table = palloc_extended(size * sizeof(int), MCXT_ALLOC_HUGE);
	bool		valid = true;

	memset(table, 0xFF, size * sizeof(int));
	for (int i = 0; i < count; i++)
	{
		int			twin;

		entries[i].hash = json_item_hash(&entries[i].item);
		twin = place_entry(entries, i, table, size - 1);
		if (twin < 0)
			continue;
		valid = twin_fault(run, op, &entries[twin], &entries[i]);
		if (run->report == NULL)
			break;
	}
	pfree(table);
	return valid;
}

static UniqueEntry *
make_entries(int count)
{
	return palloc_extended(Max(1, count) * sizeof(UniqueEntry),
						   MCXT_ALLOC_HUGE);
}

/*
 * Do the elements differ from one another; or, with a name, those that have
 * such a member in it?
 */
static bool
elements_unique(SchemaRun *run, const SchemaOp *op, const JsonItem *array,
				const JsonItem *name)
{
	UniqueEntry *entries;
	JsonWalk	walk;
	JsonItem	value;
	int			count = 0;
	bool		valid;

	if (array->len < 2)
		return true;
	entries = make_entries(array->len);
	json_walk_start(&walk, array);
	while (json_walk_next(&walk, NULL, &value))
	{
		if (name == NULL)
			entries[count].item = value;
		else if (!json_item_member(&value, name->u.string, name->len,
								   &entries[count].item))
			continue;
		entries[count++].index = walk.index - 1;
	}
	valid = entries_unique(run, op, entries, count);
	pfree(entries);
	return valid;
}

bool
schema_run_unique_items(SchemaRun *run, const SchemaOp *op,
						const JsonItem *item)
{
	return elements_unique(run, op, item, NULL);
}

/* x-uniqueBy: elements that are objects differ in one of their members. */
bool
schema_run_unique_by(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	return elements_unique(run, op, item, &op->arg.value);
}
