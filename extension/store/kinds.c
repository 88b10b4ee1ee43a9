/*
 * store/kinds.c
 *		Has dpmeta.column_kind the names and types of a definition's columns?
 *
 * Nearly always it has, and every write of a schema asks.  So a session notes
 * what it found there.  Rows go only by a purge, which holds a lock that nobody
 * has who relies on them, and then tells every session to forget.  What the
 * session added itself may be undone.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "compat.h"
#include "json/columns.h"
#include "store/lookup.h"
#include "store/statements.h"

/* A session notes at most so many. */
#define MAX_NOTED		32768

/* Columns of dpmeta.column_kind. */
enum
{
	KIND_NAME = 1,
	KIND_TYPE = 2
};

/* Hashes of a name and a type, by numbers that only this session knows. */
typedef struct Noted
{
	uint64		name;
	uint64		type;
} Noted;

static HTAB *noted = NULL;
static uint64 seed;
static Oid	kinds_relation = InvalidOid;

static void
forget_kinds(void)
{
	if (noted != NULL)
		hash_destroy(noted);
	noted = NULL;
}

static void
forget_at_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_ABORT || event == XACT_EVENT_PARALLEL_ABORT)
		forget_kinds();
}

static void
forget_at_sub_end(SubXactEvent event, SubTransactionId own,
				  SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		forget_kinds();
}

static void
forget_on_message(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == kinds_relation)
		forget_kinds();
}

static void
watch(void)
{
	static bool watched = false;

	if (watched)
		return;
	if (!pg_strong_random(&seed, sizeof(seed)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate a random number")));
	RegisterXactCallback(forget_at_end, NULL);
	RegisterSubXactCallback(forget_at_sub_end, NULL);
	CacheRegisterRelcacheCallback(forget_on_message, (Datum) 0);
	watched = true;
}

/*
 * With the lock come the messages of whoever held it before.  It is kept until
 * the transaction ends, as is what relies on the rows.
 */
static void
begin_noting(void)
{
	HASHCTL		control = {.keysize = sizeof(Noted), .entrysize = sizeof(Noted)};

	watch();
	kinds_relation = get_relname_relid("column_kind",
									   get_namespace_oid("dpmeta", false));
	LockRelationOid(kinds_relation, RowExclusiveLock);
	if (noted != NULL && hash_get_num_entries(noted) >= MAX_NOTED)
		forget_kinds();
	if (noted == NULL)
		noted = hash_create("dpmeta kinds of columns", 256, &control,
							HASH_ELEM | HASH_BLOBS);
}

static uint64
hash_text(JsonbValue *text)
{
	return hash_bytes_extended((const unsigned char *) text->val.string.val,
							   text->val.string.len, seed);
}

/* Is there a row of this name and type? */
static bool
is_there(Lookup *kinds, JsonbValue *name, JsonbValue *type)
{
	ScanKeyData key;

	lookup_key_text(&key, KIND_NAME, BTEqualStrategyNumber,
					pnstrdup(name->val.string.val, name->val.string.len));
	lookup_seek(kinds, &key);
	while (lookup_next(kinds, ForwardScanDirection))
	{
		text	   *other = DatumGetTextPP(lookup_column(kinds, KIND_TYPE));

		if (VARSIZE_ANY_EXHDR(other) == type->val.string.len &&
			memcmp(VARDATA_ANY(other), type->val.string.val,
				   type->val.string.len) == 0)
			return true;
	}
	return false;
}

/* The lookup begins with the first that is not noted. */
static bool
is_known(Lookup *kinds, bool *begun, JsonbValue *name, JsonbValue *type)
{
	Noted		key = {hash_text(name), hash_text(type)};

	if (hash_search(noted, &key, HASH_FIND, NULL) != NULL)
		return true;
	if (!*begun)
		lookup_begin(kinds, "column_kind", "column_kind_name_idx", 1,
					 READ_SNAPSHOT);
	*begun = true;
	/* lookup_begin() may have had messages */
	if (!is_there(kinds, name, type))
		return false;
	if (noted != NULL)
		hash_search(noted, &key, HASH_ENTER, NULL);
	return true;
}

/* columns_known(definition) */
PG_FUNCTION_INFO_V1(dpmeta_columns_known);
Datum
dpmeta_columns_known(PG_FUNCTION_ARGS)
{
	JsonbContainer *columns = columns_of(PG_GETARG_JSONB_P(0));
	uint32		count = count_of(columns);
	bool		known = true;
	bool		begun = false;
	Lookup		kinds;

	begin_noting();
	for (uint32 i = 0; i < count && known; i++)
	{
		JsonbValue *name = column_text(columns, i, "name");
		JsonbValue *type = column_text(columns, i, "type");

		known = name == NULL || type == NULL ||
			(noted != NULL && is_known(&kinds, &begun, name, type));
	}
	if (begun)
		lookup_end(&kinds);
	PG_RETURN_BOOL(known);
}

static text *
text_of(JsonbValue *value)
{
	return cstring_to_text_with_len(value->val.string.val,
									value->val.string.len);
}

/*
 * The names and types that are not there, in turn.  What this transaction has added
 * is looked for, too.
 */
static List *
list_new(JsonbContainer *columns)
{
	uint32		count = count_of(columns);
	List	   *found = NIL;
	Lookup		kinds;

	lookup_begin(&kinds, "column_kind", "column_kind_name_idx", 1, READ_LATEST);
	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *name = column_text(columns, i, "name");
		JsonbValue *type = column_text(columns, i, "type");

		if (name != NULL && type != NULL && !is_there(&kinds, name, type))
			found = lappend(lappend(found, text_of(name)), text_of(type));
	}
	lookup_end(&kinds);
	return found;
}

/* The new definition of the row that a trigger is called for. */
static Jsonb *
triggering_definition(const TriggerData *trigger)
{
	HeapTuple	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ?
		trigger->tg_newtuple : trigger->tg_trigtuple;
	TupleDesc	desc = trigger->tg_relation->rd_att;
	bool		is_null;
	Datum		definition = heap_getattr(row, SPI_fnumber(desc, "definition"),
										  desc, &is_null);

	return DatumGetJsonbP(definition);
}

/* columns_arrived(): adds what a definition has that is new. */
PG_FUNCTION_INFO_V1(dpmeta_columns_arrived);
Datum
dpmeta_columns_arrived(PG_FUNCTION_ARGS)
{
	List	   *kinds;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by a trigger",
						"dpmeta.columns_arrived")));
	begin_noting();
	SPI_connect();
	kinds = list_new(columns_of(triggering_definition((TriggerData *) fcinfo->context)));
	for (int i = 0; i < list_length(kinds); i += 2)
	{
		Values		values = {0};

		bind_text(&values, list_nth(kinds, i));
		bind_text(&values, list_nth(kinds, i + 1));
		statement_run(STMT_KIND_INSERT, &values, false);
	}
	SPI_finish();
	return PointerGetDatum(NULL);
}

/* forget_kinds(): whoever removed rows tells every session, when it commits. */
PG_FUNCTION_INFO_V1(dpmeta_forget_kinds);
Datum
dpmeta_forget_kinds(PG_FUNCTION_ARGS)
{
	CacheInvalidateRelcacheByRelid(get_relname_relid("column_kind",
													 get_namespace_oid("dpmeta", false)));
	PG_RETURN_VOID();
}
