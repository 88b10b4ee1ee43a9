/*
 * api/search.c
 *		What search() is asked for.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "tsearch/ts_utils.h"
#include "utils/builtins.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "api/filters.h"
#include "api/page.h"
#include "compat.h"
#include "errors.h"
#include "rules/search_query.h"
#include "store/bind.h"
#include "store/stem.h"
#include "unicode/words.h"

/* The longest text to search for, in bytes, and the most words of it. */
#define MAX_SEARCH	2000
#define MAX_WORDS	32

/* The different words of a text, and which of them are too common. */
typedef struct SplitText
{
	int			count;
	Datum		words[MAX_WORDS];
	bool		is_common[MAX_WORDS];
	int			common_count;
	Datum		beyond;			/* the first word that is one too many, or 0 */
} SplitText;

static bool
is_there(const SplitText *split, const Word *word)
{
	for (int i = 0; i < split->count; i++)
	{
		text	   *other = DatumGetTextPP(split->words[i]);

		if (VARSIZE_ANY_EXHDR(other) == word->key_len &&
			memcmp(VARDATA_ANY(other), word->key, word->key_len) == 0)
			return true;
	}
	return false;
}

static void
split_text(const text *q, SplitText *split)
{
	WordScan	scan;
	Word		word;

	memset(split, 0, sizeof(*split));
	words_begin(&scan, VARDATA_ANY(q), VARSIZE_ANY_EXHDR(q));
	while (words_next(&scan, &word))
	{
		Datum		datum;

		if (word.key_len == 0 || is_there(split, &word))
			continue;
		datum = PointerGetDatum(cstring_to_text_with_len(word.key, word.key_len));
		if (split->count == MAX_WORDS)
		{
			split->beyond = datum;
			return;
		}
		split->is_common[split->count] = stem_is_stop(word.key, word.key_len);
		split->common_count += split->is_common[split->count];
		split->words[split->count++] = datum;
	}
}

/* Those that are searched for, or those that are not. */
static ArrayType *
choose_words(const SplitText *split, bool ignored)
{
	bool		all_common = split->common_count == split->count;
	Datum		chosen[MAX_WORDS + 1];
	int			count = 0;

	for (int i = 0; i < split->count; i++)
		if (ignored ? split->is_common[i] : all_common || !split->is_common[i])
			chosen[count++] = split->words[i];
	if (ignored && split->beyond != 0)
		chosen[count++] = split->beyond;
	return construct_array(chosen, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* Words have letters, marks and digits only, so nothing in them needs an escape. */
static void
append_term(StringInfo out, const char *word, int length, bool is_prefix,
			bool names_only)
{
	appendStringInfo(out, "'%.*s'", length, word);
	if (is_prefix || names_only)
		appendStringInfo(out, ":%s%s", is_prefix ? "*" : "",
						 names_only ? "A" : "");
}

static void
append_word(StringInfo out, const SearchQuery *query, const QueryWord *word)
{
	Beginning	beginnings[MOST_BEGINNINGS];
	int			count = search_query_beginnings(query, word, beginnings);

	appendStringInfoString(out, out->len > 0 ? " & (" : "(");
	for (int i = 0; i < count; i++)
	{
		bool		is_whole = beginnings[i].text == word->word;

		if (i > 0)
			appendStringInfoString(out, " | ");
		append_term(out, beginnings[i].text, beginnings[i].length,
					!is_whole || word->is_prefix, query->names_only);
	}
	appendStringInfoChar(out, ')');
}

/* What the index is asked, null for no words; it may find more than matches. */
static NullableDatum
make_tsquery(const SearchQuery *query)
{
	NullableDatum tsquery = {0, query->count == 0};
	StringInfoData out;

	if (tsquery.isnull)
		return tsquery;
	initStringInfo(&out);
	for (int i = 0; i < query->count; i++)
		append_word(&out, query, &query->words[i]);
	tsquery.value = DirectFunctionCall1(tsqueryin, CStringGetDatum(out.data));
	return tsquery;
}

/*
 * search_query(q, domain, status, tag, page_size): words, ignored, names_only,
 * query, tags, page_size
 */
PG_FUNCTION_INFO_V1(dpmeta_search_query);
Datum
dpmeta_search_query(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	text	   *q = argument_text(fcinfo, 0);
	text	   *tag = argument_text(fcinfo, 3);
	SplitText	split;
	SearchQuery query;
	Values		values = {0};
	ArrayType  *words;
	bool		names_only;
	Datum		row;

	SPI_connect();
	if (q == NULL || VARSIZE_ANY_EXHDR(q) > MAX_SEARCH)
		report_invalid_parameter("q", q == NULL ? "null" : text_to_cstring(q),
								 "Search for words of at most 2000 bytes.");
	filter_check_domain(argument_text(fcinfo, 1));
	filter_check_status(argument_text(fcinfo, 2));
	split_text(q, &split);
	names_only = split.count > 0 && split.common_count == split.count;
	words = choose_words(&split, false);
	search_query_fill(&query, words, names_only);
	bind_array(&values, words, TEXTARRAYOID);
	bind_array(&values, choose_words(&split, true), TEXTARRAYOID);
	bind_bool(&values, names_only);
	bind_nullable(&values, make_tsquery(&query), TSQUERYOID);
	bind_array_or_null(&values, tag == NULL ? NULL : filter_tag(tag),
					   JSONBARRAYOID);
	bind_int4(&values, argument_page_size(fcinfo, 4, "hits"));
	row = answer_row(fcinfo, &values, caller);
	SPI_finish();
	return row;
}
