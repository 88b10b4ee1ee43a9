/*
 * api/search_hits.c
 *		What a part of the store has of the words that are searched for.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "tsearch/ts_type.h"
#include "tsearch/ts_utils.h"
#include "utils/array.h"

#include "compat.h"
#include "rules/search_query.h"
#include "store/search_words.h"
#include "store/stem.h"
#include "store/word_vector.h"

/* What a word is worth that is found as it is. */
static const int worth[] = {
	[IN_TAGS] = 100,[IN_OWNER] = 200,[IN_DESCRIPTION] = 400,[IN_NAME] = 1000
};

/* What a name is worth beside, if it has no other words. */
#define WHOLE_NAME	1000

/* Of one place in a part: places are from 1 to PART_COLUMNS. */
typedef struct Place
{
	int			score;			/* of the word that is being looked for */
	int			total;			/* of those before it */
	int			words;			/* how many were found */
	int			in_name;		/* of them, in the name as they are */
	int			name_words;		/* that the name has */
	FoundIn		found_in;		/* the best */
} Place;

typedef struct Part
{
	const SearchQuery *query;
	TSVector	words;
	Place		places[PART_COLUMNS + 1];
} Part;

static const char *
lexeme_of(const Part *part, int number, int *length)
{
	const WordEntry *entry = &ARRPTR(part->words)[number];

	*length = entry->len;
	return STRPTR(part->words) + entry->pos;
}

/* The first word that is not sorted before a text. */
static int
find_first(const Part *part, const Beginning *beginning)
{
	int			low = 0;
	int			high = part->words->size;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			length;
		const char *lexeme = lexeme_of(part, middle, &length);

		if (tsCompareString(unconstify(char *, lexeme), length,
							unconstify(char *, beginning->text),
							beginning->length, false) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
note_place(Part *part, WordEntryPos pos, int quality)
{
	FoundIn		found_in = WEP_GETWEIGHT(pos);
	Place	   *place;
	int			score = worth[found_in] * quality / MATCH_EXACT;

	if (WEP_GETPOS(pos) < 1 || WEP_GETPOS(pos) > PART_COLUMNS ||
		(part->query->names_only && found_in != IN_NAME))
		return;
	place = &part->places[WEP_GETPOS(pos)];
	if (score <= place->score)
		return;
	place->score = score;
	place->found_in = Max(place->found_in, found_in);
}

static void
note_lexeme(Part *part, int number, int quality)
{
	WordEntry  *entry = &ARRPTR(part->words)[number];
	int			count = POSDATALEN(part->words, entry);
	WordEntryPos *positions = POSDATAPTR(part->words, entry);

	for (int i = 0; i < count; i++)
		note_place(part, positions[i], quality);
}

/* All words that begin so, and match. */
static void
note_beginning(Part *part, const QueryWord *word, const Beginning *beginning)
{
	for (int i = find_first(part, beginning); i < part->words->size; i++)
	{
		int			length;
		const char *lexeme = lexeme_of(part, i, &length);
		int			quality;

		if (length < beginning->length ||
			memcmp(lexeme, beginning->text, beginning->length) != 0)
			return;
		quality = search_query_match(part->query, word, lexeme, length);
		if (quality > 0)
			note_lexeme(part, i, quality);
	}
}

static void
note_word(Part *part, const QueryWord *word)
{
	Beginning	beginnings[MOST_BEGINNINGS];
	int			count = search_query_beginnings(part->query, word, beginnings);

	for (int i = 0; i < count; i++)
		note_beginning(part, word, &beginnings[i]);
	for (int i = 1; i <= PART_COLUMNS; i++)
	{
		Place	   *place = &part->places[i];

		place->total += place->score;
		place->words += place->score > 0;
		place->in_name += place->score == worth[IN_NAME];
		place->score = 0;
	}
}

static bool
has_hit(const Part *part)
{
	for (int i = 1; i <= PART_COLUMNS; i++)
		if (part->places[i].words == part->query->count)
			return true;
	return false;
}

/* How many words each name has, but for those that no query is about. */
static void
count_name_words(Part *part)
{
	for (int i = 0; i < part->words->size; i++)
	{
		WordEntry  *entry = &ARRPTR(part->words)[i];
		WordEntryPos *positions = POSDATAPTR(part->words, entry);
		int			length;
		const char *lexeme = lexeme_of(part, i, &length);

		if (!part->query->names_only && stem_is_stop(lexeme, length))
			continue;
		for (int j = 0; j < POSDATALEN(part->words, entry); j++)
			if (WEP_GETWEIGHT(positions[j]) == IN_NAME &&
				WEP_GETPOS(positions[j]) <= PART_COLUMNS)
				part->places[WEP_GETPOS(positions[j])].name_words++;
	}
}

/* As search_hits() returns it: RRRRPPF in decimal digits. */
static Datum
encode_hit(const Part *part, int number)
{
	const Place *place = &part->places[number];
	int			count = part->query->count;
	int			rank = place->total / count;

	if (place->in_name == count && place->name_words == count)
		rank += WHOLE_NAME;
	return Int32GetDatum(rank * 1000 + number * 10 + place->found_in);
}

/*
 * search_hits(words, query, names_only): for each place that has all words of the
 * query one number, rank * 1000 + place * 10 + where it was found
 */
PG_FUNCTION_INFO_V1(dpmeta_search_hits);
Datum
dpmeta_search_hits(PG_FUNCTION_ARGS)
{
	Part		part = {
		.query = search_query_argument(fcinfo, 1),
		.words = PG_GETARG_TSVECTOR(0)
	};
	Datum		hits[PART_COLUMNS];
	int			count = 0;

	if (part.query->count == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(INT4OID));
	for (int i = 0; i < part.query->count; i++)
		note_word(&part, &part.query->words[i]);
	if (has_hit(&part))
		count_name_words(&part);
	for (int i = 1; i <= PART_COLUMNS; i++)
		if (part.places[i].words == part.query->count)
			hits[count++] = encode_hit(&part, i);
	PG_RETURN_ARRAYTYPE_P(construct_array(hits, count, INT4OID, 4, true,
										  TYPALIGN_INT));
}
