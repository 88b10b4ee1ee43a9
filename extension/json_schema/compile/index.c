/*
 * json_schema/compile/index.c
 *		Numbers by name or by address.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "json_schema/compile/index.h"

typedef struct NameKey
{
	int			space;
	const char *name;
} NameKey;

typedef struct NameEntry
{
	NameKey		key;
	uint32		hash;
	char		status;
	int			number;
} NameEntry;

typedef struct PlaceEntry
{
	const void *place;
	char		status;
	int			number;
} PlaceEntry;

static inline uint32
hash_name(NameKey key)
{
	return hash_combine(murmurhash32((uint32) key.space),
						hash_bytes((const unsigned char *) key.name,
								   strlen(key.name)));
}

static inline bool
same_name(NameKey a, NameKey b)
{
	return a.space == b.space && strcmp(a.name, b.name) == 0;
}

static inline uint32
hash_place(const void *place)
{
	return hash_bytes((const unsigned char *) &place, sizeof(place));
}

#define SH_PREFIX			names
#define SH_ELEMENT_TYPE		NameEntry
#define SH_KEY_TYPE			NameKey
#define SH_KEY				key
#define SH_HASH_KEY(tb, key)	hash_name(key)
#define SH_EQUAL(tb, a, b)		same_name(a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a)		(a)->hash
#define SH_SCOPE			static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define SH_PREFIX			places
#define SH_ELEMENT_TYPE		PlaceEntry
#define SH_KEY_TYPE			const void *
#define SH_KEY				place
#define SH_HASH_KEY(tb, key)	hash_place(key)
#define SH_EQUAL(tb, a, b)		((a) == (b))
#define SH_SCOPE			static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct SchemaIndex
{
	names_hash *names;
	places_hash *places;
};

SchemaIndex *
schema_index_create(MemoryContext context)
{
	SchemaIndex *index = MemoryContextAlloc(context, sizeof(SchemaIndex));

	index->names = names_create(context, 8, NULL);
	index->places = places_create(context, 8, NULL);
	return index;
}

int
schema_index_get(const SchemaIndex *index, int space, const char *name)
{
	NameKey		key = {space, name};
	NameEntry  *entry = names_lookup(index->names, key);

	return entry ? entry->number : INDEX_NONE;
}

int
schema_index_add(SchemaIndex *index, int space, const char *name, int number)
{
	NameKey		key = {space, name};
	bool		found;
	NameEntry  *entry = names_insert(index->names, key, &found);

	if (!found)
		entry->number = number;
	return entry->number;
}

void
schema_index_remove(SchemaIndex *index, int space, const char *name)
{
	NameKey		key = {space, name};

	names_delete(index->names, key);
}

int
schema_index_get_place(const SchemaIndex *index, const void *place)
{
	PlaceEntry *entry = places_lookup(index->places, place);

	return entry ? entry->number : INDEX_NONE;
}

int
schema_index_add_place(SchemaIndex *index, const void *place, int number)
{
	bool		found;
	PlaceEntry *entry = places_insert(index->places, place, &found);

	if (!found)
		entry->number = number;
	return entry->number;
}
