/*
 * rules/search_query.c
 *		What is searched for: the words of q.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "rules/search_query.h"
#include "store/stem.h"

/* The arguments, and what was made of them. */
typedef struct Kept
{
	MemoryContext context;		/* of all this */
	ArrayType  *words;
	bool		names_only;
	SearchQuery query;
} Kept;

int
search_query_match(const SearchQuery *query, const QueryWord *word,
				   const char *key, int key_len)
{
	if (key_len == word->length && memcmp(key, word->word, key_len) == 0)
		return MATCH_EXACT;
	/* forms of a word begin alike, and to find a stem takes time */
	if (key_len == 0 || word->length == 0 || key[0] != word->word[0])
		return 0;
	if (!query->names_only)
	{
		char	   *stem = stem_of(key, key_len);

		if (stem != NULL && strcmp(stem, word->stem) == 0)
			return MATCH_STEM;
	}
	if (word->is_prefix && key_len > word->length &&
		memcmp(key, word->word, word->length) == 0)
		return MATCH_PREFIX;
	return 0;
}

static bool
begins_with(const char *text, int length, const char *start, int start_len)
{
	return start_len <= length && memcmp(text, start, start_len) == 0;
}

/*
 * The forms of a word begin with its stem, but the stem may have an e or an i at
 * its end that they have not, as "hope" of "hoping" and "happi" of "happy".
 */
int
search_query_beginnings(const SearchQuery *query, const QueryWord *word,
						Beginning *beginnings)
{
	int			length;

	beginnings[0].text = word->word;
	beginnings[0].length = word->length;
	if (query->names_only)
		return 1;
	length = strlen(word->stem);
	if (length > 3 &&
		(word->stem[length - 1] == 'e' || word->stem[length - 1] == 'i'))
		length--;
	beginnings[1].text = word->stem;
	beginnings[1].length = length;
	if (!begins_with(word->word, word->length, word->stem, length))
		return 2;
	beginnings[0] = beginnings[1];
	return 1;
}

void
search_query_fill(SearchQuery *query, ArrayType *words, bool names_only)
{
	Datum	   *datums;

	deconstruct_array(words, TEXTOID, -1, false, TYPALIGN_INT, &datums, NULL,
					  &query->count);
	query->names_only = names_only;
	query->words = palloc0(sizeof(QueryWord) * Max(query->count, 1));
	for (int i = 0; i < query->count; i++)
	{
		QueryWord  *word = &query->words[i];

		word->word = TextDatumGetCString(datums[i]);
		word->length = strlen(word->word);
		word->stem = stem_of(word->word, word->length);
		/* who calls it by hand may give a word that is too common */
		if (word->stem == NULL)
			word->stem = word->word;
		word->is_prefix = i == query->count - 1;
	}
}

SearchQuery *
search_query_argument(FunctionCallInfo fcinfo, int n)
{
	ArrayType  *words = PG_GETARG_ARRAYTYPE_P(n);
	bool		names_only = PG_GETARG_BOOL(n + 1);
	Kept	   *kept = fcinfo->flinfo->fn_extra;
	MemoryContext context;
	MemoryContext old;

	if (kept != NULL && kept->names_only == names_only &&
		VARSIZE(kept->words) == VARSIZE(words) &&
		memcmp(kept->words, words, VARSIZE(words)) == 0)
		return &kept->query;
	if (kept != NULL)
		MemoryContextDelete(kept->context);
	fcinfo->flinfo->fn_extra = NULL;
	context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "dpmeta search query",
									ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(context);
	kept = palloc0(sizeof(*kept));
	kept->context = context;
	kept->words = (ArrayType *) pg_detoast_datum_copy((struct varlena *) words);
	kept->names_only = names_only;
	search_query_fill(&kept->query, kept->words, names_only);
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = kept;
	return &kept->query;
}
