/*
 * api/search_headline.c
 *		A short piece of the text in which something was found.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "rules/search_query.h"
#include "unicode/words.h"

/* How much is shown, and of that before the first word that was found, in bytes. */
#define HEADLINE_BYTES	240
#define BYTES_BEFORE	80

/* A word that stands later in its text is not shown. */
#define LOOK_BYTES		16000

/* What stands before and behind a word that was found, and where text is left out. */
#define MARK	"**"
#define CUT		"..."

static bool
is_found(const SearchQuery *query, const Word *word)
{
	for (int i = 0; i < query->count; i++)
		if (search_query_match(query, &query->words[i], word->key,
							   word->key_len) > 0)
			return true;
	return false;
}

/* The first word of a text that was searched for; false if there is none. */
static bool
find_word(const SearchQuery *query, const char *text, int length, Word *word)
{
	WordScan	scan;

	words_begin(&scan, text, length <= LOOK_BYTES ? length :
				pg_mbcliplen(text, length, LOOK_BYTES));
	while (words_next(&scan, word))
		if (is_found(query, word))
			return true;
	return false;
}

/*
 * Where to begin, so that the word is in what is shown: where a word begins, or
 * at the word itself.
 */
static int
choose_begin(const char *text, int length, const Word *first)
{
	int			at = first->start - text;
	WordScan	scan;
	Word		word;

	if (at + first->length <= HEADLINE_BYTES - BYTES_BEFORE)
		return 0;
	words_begin(&scan, text, length);
	while (words_next(&scan, &word) && word.start < first->start)
		if (word.start - text >= at - BYTES_BEFORE)
			return word.start - text;
	return at;
}

/* Line breaks and runs of blanks become one blank. */
static void
append_plain(StringInfo out, const char *from, const char *to)
{
	for (const char *pos = from; pos < to; pos++)
	{
		bool		is_blank = (unsigned char) *pos <= ' ';

		if (!is_blank)
			appendStringInfoChar(out, *pos);
		else if (out->len > 0 && out->data[out->len - 1] != ' ')
			appendStringInfoChar(out, ' ');
	}
}

static void
append_marked(const SearchQuery *query, StringInfo out, const char *pos,
			  const char *end)
{
	WordScan	scan;
	Word		word;

	words_begin(&scan, pos, end - pos);
	while (words_next(&scan, &word))
	{
		append_plain(out, pos, word.start);
		pos = word.start + word.length;
		if (is_found(query, &word))
			appendStringInfo(out, MARK "%.*s" MARK, word.length, word.start);
		else
			appendBinaryStringInfo(out, word.start, word.length);
	}
	append_plain(out, pos, end);
}

/* Where to end: behind the last word that fits, if there is one. */
static int
choose_end(const char *text, int length, int begin)
{
	int			most = begin + pg_mbcliplen(text + begin, length - begin,
											HEADLINE_BYTES);
	int			end = begin;
	WordScan	scan;
	Word		word;

	if (most == length)
		return length;
	words_begin(&scan, text + begin, length - begin);
	while (words_next(&scan, &word) && word.start + word.length <= text + most)
		end = word.start + word.length - text;
	return end == begin ? most : end;
}

static text *
make_headline(const SearchQuery *query, const char *text, int length,
			  const Word *first)
{
	int			begin = first == NULL ? 0 : choose_begin(text, length, first);
	int			end = choose_end(text, length, begin);
	StringInfoData out;

	initStringInfo(&out);
	if (begin > 0)
		appendStringInfoString(&out, CUT);
	append_marked(query, &out, text + begin, text + end);
	if (end < length)
		appendStringInfoString(&out, CUT);
	return cstring_to_text_with_len(out.data, out.len);
}

/*
 * search_headline(texts, query, names_only): a piece of the first text that has a
 * word of the query, or the beginning of the first
 */
PG_FUNCTION_INFO_V1(dpmeta_search_headline);
Datum
dpmeta_search_headline(PG_FUNCTION_ARGS)
{
	SearchQuery *query = search_query_argument(fcinfo, 1);
	Datum	   *texts;
	bool	   *nulls;
	int			count;
	int			first = -1;
	Word		word;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false,
					  TYPALIGN_INT, &texts, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		text	   *value = nulls[i] ? NULL : DatumGetTextPP(texts[i]);

		if (value == NULL || VARSIZE_ANY_EXHDR(value) == 0)
			continue;
		if (first == -1)
			first = i;
		if (find_word(query, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &word))
			PG_RETURN_TEXT_P(make_headline(query, VARDATA_ANY(value),
										   VARSIZE_ANY_EXHDR(value), &word));
	}
	if (first == -1)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(make_headline(query,
								   VARDATA_ANY(DatumGetTextPP(texts[first])),
								   VARSIZE_ANY_EXHDR(DatumGetTextPP(texts[first])),
								   NULL));
}
