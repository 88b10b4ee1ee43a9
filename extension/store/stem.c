/*
 * store/stem.c
 *		What is common to the forms of a word.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "nodes/value.h"
#include "tsearch/ts_cache.h"
#include "tsearch/ts_public.h"

#include "store/stem.h"

/* The longest words that are so common have ten letters. */
#define STOP_BYTES	12
#define SLOTS		4096

/* What was asked last, by its hash: a text asks for the same few words. */
typedef struct Slot
{
	char		word[STOP_BYTES];
	bool		asked;
	bool		is_stop;
} Slot;

static Slot slots[SLOTS];

static Oid
english_stem(void)
{
	return get_ts_dict_oid(list_make2(makeString("pg_catalog"),
									  makeString("english_stem")), false);
}

char *
stem_of(const char *word, int length)
{
	TSDictionaryCacheEntry *dictionary = lookup_ts_dictionary_cache(english_stem());
	TSLexeme   *stem;

	stem = (TSLexeme *)
		DatumGetPointer(FunctionCall4(&dictionary->lexize,
									  PointerGetDatum(dictionary->dictData),
									  PointerGetDatum(word),
									  Int32GetDatum(length),
									  PointerGetDatum(NULL)));
	if (stem == NULL)
		return pnstrdup(word, length);
	return stem->lexeme;
}

bool
stem_is_stop(const char *word, int length)
{
	Slot	   *slot;
	char		padded[STOP_BYTES] = {0};

	if (length > STOP_BYTES)
		return false;
	memcpy(padded, word, length);
	slot = &slots[hash_bytes((unsigned char *) padded, STOP_BYTES) % SLOTS];
	if (!slot->asked || memcmp(slot->word, padded, STOP_BYTES) != 0)
	{
		slot->is_stop = stem_of(word, length) == NULL;
		memcpy(slot->word, padded, STOP_BYTES);
		slot->asked = true;
	}
	return slot->is_stop;
}
