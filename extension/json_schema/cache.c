/*
 * json_schema/cache.c
 *		Compiled schemas, kept by what they were compiled from.
 *
 * The key is the content, so nothing ever has to be invalidated: another
 * content is another entry, and an entry that nobody asks for any more is the
 * first to go when the bound is reached.  What a caller holds is never freed
 * under it.
 *
 * A program that is larger than the whole bound would push out all others, or
 * be compiled anew for each value; such ones are kept apart, by a bound of
 * their own.
 */
#include "postgres.h"

#include <limits.h>

#include "common/hashfn.h"
#include "lib/ilist.h"
#include "mb/pg_wchar.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"
#include "json_schema/cache.h"
#include "json_schema/check.h"
#include "json_schema/registry.h"

/* The entries of one bound. */
typedef struct CacheTier
{
	dlist_head	recent;			/* most recently used first */
	int64		bytes;
	int			limit_kb;
} CacheTier;

struct SchemaCacheEntry
{
	CacheTier  *tier;
	dlist_node	recent;			/* in the list, most recently used first */
	uint64		hash;
	bool		by_uri;			/* the key is a URI, not a schema */
	SchemaDraft draft;			/* of what names none */
	char	   *uri;
	SchemaProgram *program;
	Size		bytes;
	int			holders;
	bool		listed;			/* false: to be freed by its last holder */
};

typedef struct CacheKey
{
	uint64		hash;
	bool		by_uri;
} CacheKey;

/* The entries of one hash; more than one is a wonder but no fault. */
typedef struct CacheSlot
{
	CacheKey	key;
	List	   *entries;
} CacheSlot;

static CacheTier common_tier = {DLIST_STATIC_INIT(common_tier.recent), 0, 16384};
static CacheTier large_tier = {DLIST_STATIC_INIT(large_tier.recent), 0, 65536};
static HTAB *cache_slots = NULL;
static MemoryContext cache_context = NULL;
static SchemaCacheStats stats;

static void
start_cache(void)
{
	HASHCTL		control;

	if (cache_slots != NULL)
		return;
	cache_context = AllocSetContextCreate(TopMemoryContext,
										  "dpmeta schema cache",
										  ALLOCSET_DEFAULT_SIZES);
	control.keysize = sizeof(CacheKey);
	control.entrysize = sizeof(CacheSlot);
	control.hcxt = cache_context;
	cache_slots = hash_create("dpmeta schema cache", 64, &control,
							  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static CacheSlot *
find_slot(uint64 hash, bool by_uri, HASHACTION action)
{
	CacheKey	key;
	bool		found;
	CacheSlot  *slot;

	memset(&key, 0, sizeof(key));
	key.hash = hash;
	key.by_uri = by_uri;
	slot = hash_search(cache_slots, &key, action, &found);
	if (action == HASH_ENTER && !found)
		slot->entries = NIL;
	return slot;
}

static void
free_entry(SchemaCacheEntry *entry)
{
	/* the entry itself lies in the program's context */
	MemoryContextDelete(entry->program->context);
}

/* Takes an entry out of the cache; it lives on while somebody holds it. */
static void
drop_entry(SchemaCacheEntry *entry)
{
	CacheSlot  *slot = find_slot(entry->hash, entry->by_uri, HASH_FIND);
	MemoryContext caller = MemoryContextSwitchTo(cache_context);

	slot->entries = list_delete_ptr(slot->entries, entry);
	if (slot->entries == NIL)
		find_slot(entry->hash, entry->by_uri, HASH_REMOVE);
	MemoryContextSwitchTo(caller);
	dlist_delete(&entry->recent);
	entry->listed = false;
	stats.entries--;
	stats.bytes -= entry->bytes;
	entry->tier->bytes -= entry->bytes;
	if (entry->holders == 0)
		free_entry(entry);
}

/* Makes room: what was used longest ago goes first. */
static void
shrink_tier(CacheTier *tier)
{
	while (tier->bytes > (int64) tier->limit_kb * 1024 &&
		   !dlist_is_empty(&tier->recent))
	{
		stats.evictions++;
		drop_entry(dlist_container(SchemaCacheEntry, recent,
								   dlist_tail_node(&tier->recent)));
	}
}

/* Where an entry belongs; NULL if it is too large for all.  0 keeps none. */
static CacheTier *
choose_tier(const SchemaCacheEntry *entry)
{
	if (entry->bytes <= (int64) common_tier.limit_kb * 1024)
		return &common_tier;
	if (common_tier.limit_kb > 0 &&
		entry->bytes <= (int64) large_tier.limit_kb * 1024)
		return &large_tier;
	return NULL;
}

static void
release_entry(void *arg)
{
	SchemaCacheEntry *entry = arg;

	if (--entry->holders == 0 && !entry->listed)
		free_entry(entry);
}

/* Holds the entry until the context is reset. */
static void
hold_entry(SchemaCacheEntry *entry, MemoryContext holder)
{
	MemoryContextCallback *callback =
		MemoryContextAlloc(holder, sizeof(MemoryContextCallback));

	callback->func = release_entry;
	callback->arg = entry;
	entry->holders++;
	MemoryContextRegisterResetCallback(holder, callback);
}

static uint64
hash_schema(const Jsonb *schema)
{
	return hash_bytes_extended((const unsigned char *) VARDATA(schema),
							   VARSIZE(schema) - VARHDRSZ, 0);
}

static bool
entry_is_for(const SchemaCacheEntry *entry, Jsonb *schema, const char *uri,
			 SchemaDraft draft)
{
	if (entry->draft != draft)
		return false;
	if (uri != NULL)
		return strcmp(entry->uri, uri) == 0 &&
			schema_registry_is_current(entry->program->sources);
	return VARSIZE(entry->program->schema) == VARSIZE(schema) &&
		memcmp(entry->program->schema, schema, VARSIZE(schema)) == 0;
}

/* A URI's entry that the registry has moved on from. */
static void
drop_stale(uint64 hash, const char *uri, SchemaDraft draft)
{
	CacheSlot  *slot = find_slot(hash, true, HASH_FIND);
	ListCell   *lc;

	if (slot == NULL)
		return;
	foreach(lc, slot->entries)
	{
		SchemaCacheEntry *entry = lfirst(lc);

		if (entry->draft == draft && strcmp(entry->uri, uri) == 0)
		{
			drop_entry(entry);
			return;
		}
	}
}

static SchemaCacheEntry *
find_entry(uint64 hash, Jsonb *schema, const char *uri, SchemaDraft draft)
{
	CacheSlot  *slot = find_slot(hash, uri != NULL, HASH_FIND);
	ListCell   *lc;

	if (slot == NULL)
		return NULL;
	foreach(lc, slot->entries)
	{
		if (entry_is_for(lfirst(lc), schema, uri, draft))
			return lfirst(lc);
	}
	return NULL;
}

/* By what a person finds a schema again: the first of these that it has. */
static const char *
name_of_schema(Jsonb *schema)
{
	static const char *const members[] = {"$id", "id", "title"};

	if (schema == NULL || !JB_ROOT_IS_OBJECT(schema))
		return "";
	for (int i = 0; i < lengthof(members); i++)
	{
		JsonbValue *found = getKeyJsonValueFromContainer(&schema->root,
														 members[i],
														 strlen(members[i]),
														 NULL);

		if (found != NULL && found->type == jbvString)
			return pnstrdup(found->val.string.val, found->val.string.len);
	}
	return "";
}

static void
note_too_large(const SchemaCacheEntry *entry)
{
	const char *name;

	if (common_tier.limit_kb == 0)
		return;
	stats.too_large++;
	if (entry->bytes < stats.too_large_bytes)
		return;
	name = entry->uri != NULL ? entry->uri :
		name_of_schema(entry->program->schema);
	stats.too_large_bytes = entry->bytes;
	strlcpy(stats.too_large_name, name, SCHEMA_NAME_SIZE);
	stats.too_large_name[pg_mbcliplen(name, strlen(name),
									  SCHEMA_NAME_SIZE - 1)] = '\0';
}

static void
list_entry(SchemaCacheEntry *entry)
{
	CacheSlot  *slot;
	MemoryContext caller;

	entry->tier = choose_tier(entry);
	if (entry->tier == NULL)
	{
		note_too_large(entry);
		return;
	}
	slot = find_slot(entry->hash, entry->by_uri, HASH_ENTER);
	caller = MemoryContextSwitchTo(cache_context);
	slot->entries = lappend(slot->entries, entry);
	MemoryContextSwitchTo(caller);
	dlist_push_head(&entry->tier->recent, &entry->recent);
	entry->listed = true;
	stats.entries++;
	stats.bytes += entry->bytes;
	entry->tier->bytes += entry->bytes;
}

/* Compiles into a context that is the backend's only once all went well. */
static SchemaCacheEntry *
make_entry(uint64 hash, Jsonb *schema, const char *uri, SchemaDraft draft)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "dpmeta schema",
												  ALLOCSET_SMALL_SIZES);
	SchemaCacheEntry *entry;

	entry = MemoryContextAllocZero(context, sizeof(SchemaCacheEntry));
	entry->hash = hash;
	entry->by_uri = uri != NULL;
	entry->draft = draft;
	if (uri != NULL)
		entry->program = schema_registry_compile(uri, draft, context);
	else
		entry->program = schema_compile_checked(schema, NULL, draft, NULL,
												context);
	if (uri != NULL)
		entry->uri = MemoryContextStrdup(context, uri);
	entry->bytes = MemoryContextMemAllocated(context, true) +
		entry->program->extra_bytes;
	MemoryContextSetParent(context, cache_context);
	return entry;
}

static SchemaCacheEntry *
get_entry(uint64 hash, Jsonb *schema, const char *uri, SchemaDraft draft)
{
	SchemaCacheEntry *entry;

	start_cache();
	entry = find_entry(hash, schema, uri, draft);
	if (entry != NULL)
	{
		stats.hits++;
		dlist_move_head(&entry->tier->recent, &entry->recent);
		return entry;
	}
	stats.misses++;
	if (uri != NULL)
		drop_stale(hash, uri, draft);
	entry = make_entry(hash, schema, uri, draft);
	list_entry(entry);
	return entry;
}

static const SchemaProgram *
get_program(uint64 hash, Jsonb *schema, const char *uri, SchemaDraft draft,
			MemoryContext holder)
{
	SchemaCacheEntry *entry = get_entry(hash, schema, uri, draft);

	hold_entry(entry, holder);
	shrink_tier(&common_tier);
	shrink_tier(&large_tier);
	return entry->program;
}

const SchemaProgram *
schema_cache_get(Jsonb *schema, SchemaDraft draft, MemoryContext holder)
{
	return get_program(hash_schema(schema), schema, NULL, draft, holder);
}

const SchemaProgram *
schema_cache_get_ref(const char *uri, SchemaDraft draft, MemoryContext holder)
{
	uint64		hash = hash_bytes_extended((const unsigned char *) uri,
										   strlen(uri), 0);

	return get_program(hash, NULL, uri, draft, holder);
}

void
schema_cache_stats(SchemaCacheStats *result)
{
	*result = stats;
}

static void
assign_cache_size(int new_size, void *extra)
{
	common_tier.limit_kb = new_size;
	shrink_tier(&common_tier);
}

static void
assign_large_size(int new_size, void *extra)
{
	large_tier.limit_kb = new_size;
	shrink_tier(&large_tier);
}

void
schema_cache_init(void)
{
	DefineCustomIntVariable("dpmeta.schema_cache_size",
							"Memory that a session keeps compiled JSON schemas in.",
							"The schemas used longest ago are dropped first; 0 keeps none.",
							&common_tier.limit_kb,
							16384, 0, MAX_KILOBYTES,
							PGC_SUSET, GUC_UNIT_KB,
							NULL, assign_cache_size, NULL);
	DefineCustomIntVariable("dpmeta.schema_cache_large_size",
							"Memory that a session keeps those compiled JSON schemas in that are larger than dpmeta.schema_cache_size.",
							"One that is larger than this too is compiled for each call; dpmeta.schema_cache() counts that.",
							&large_tier.limit_kb,
							65536, 0, MAX_KILOBYTES,
							PGC_SUSET, GUC_UNIT_KB,
							NULL, assign_large_size, NULL);
}
