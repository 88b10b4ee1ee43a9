/*
 * api/search_guess.c
 *		What a word may have been meant to be that nothing is found by.
 *
 * Most mistyped words are one step away from what was meant: a letter too few, one
 * too many, another one, or two that changed places.  There are some fifty times as
 * many such words as the word has letters, and the index that finds words tells
 * which of them there are.  So no list of all words has to be kept, or read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/varlena.h"

#include "compat.h"

/* Longer words are not guessed. */
#define MOST_LETTERS	40

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

typedef struct Guesses
{
	const char *word;
	int			count;			/* of letters, and where each begins */
	int			begins[MOST_LETTERS + 1];
	ArrayBuildState *found;
} Guesses;

/* The word up to a letter, some text, and the word from another letter on. */
static void
add_guess(Guesses *guesses, int to, const char *middle, int middle_len,
		  int from)
{
	int			head = guesses->begins[to];
	int			tail = guesses->begins[guesses->count] - guesses->begins[from];
	text	   *guess = palloc(VARHDRSZ + head + middle_len + tail);
	char	   *out = VARDATA(guess);

	if (head + middle_len + tail == 0)
		return;
	SET_VARSIZE(guess, VARHDRSZ + head + middle_len + tail);
	memcpy(out, guesses->word, head);
	memcpy(out + head, middle, middle_len);
	memcpy(out + head + middle_len,
		   guesses->word + guesses->begins[from], tail);
	guesses->found = accumArrayResult(guesses->found, PointerGetDatum(guess),
									  false, TEXTOID, CurrentMemoryContext);
}

/* The letter at a place and the one before it change places. */
static void
add_swapped(Guesses *guesses, int place)
{
	const int  *begins = guesses->begins;
	char		swapped[2 * MAX_MULTIBYTE_CHAR_LEN];
	int			second = begins[place + 1] - begins[place];
	int			first = begins[place] - begins[place - 1];

	memcpy(swapped, guesses->word + begins[place], second);
	memcpy(swapped + second, guesses->word + begins[place - 1], first);
	add_guess(guesses, place - 1, swapped, first + second, place + 1);
}

static void
add_guesses(Guesses *guesses)
{
	for (int i = 0; i <= guesses->count; i++)
	{
		for (const char *letter = letters; *letter != '\0'; letter++)
		{
			add_guess(guesses, i, letter, 1, i);
			if (i < guesses->count)
				add_guess(guesses, i, letter, 1, i + 1);
		}
		if (i < guesses->count)
			add_guess(guesses, i, "", 0, i + 1);
		if (i > 0 && i < guesses->count)
			add_swapped(guesses, i);
	}
}

/* False if the word has too many letters. */
static bool
find_letters(Guesses *guesses, const text *word)
{
	const char *pos = VARDATA_ANY(word);
	const char *end = pos + VARSIZE_ANY_EXHDR(word);

	guesses->word = pos;
	guesses->count = 0;
	guesses->begins[0] = 0;
	while (pos < end)
	{
		if (guesses->count == MOST_LETTERS)
			return false;
		pos += Min(pg_mblen(pos), end - pos);
		guesses->begins[++guesses->count] = pos - guesses->word;
	}
	return true;
}

/* search_guesses(word): all words that are one step away */
PG_FUNCTION_INFO_V1(dpmeta_search_guesses);
Datum
dpmeta_search_guesses(PG_FUNCTION_ARGS)
{
	Guesses		guesses = {0};

	if (!find_letters(&guesses, PG_GETARG_TEXT_PP(0)))
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(TEXTOID));
	add_guesses(&guesses);
	PG_RETURN_DATUM(makeArrayResult(guesses.found, CurrentMemoryContext));
}

/* search_distance(word, other): how many letters differ; more than 2 are 3 */
PG_FUNCTION_INFO_V1(dpmeta_search_distance);
Datum
dpmeta_search_distance(PG_FUNCTION_ARGS)
{
	text	   *word = PG_GETARG_TEXT_PP(0);
	text	   *other = PG_GETARG_TEXT_PP(1);

	if (VARSIZE_ANY_EXHDR(word) > MOST_LETTERS * MAX_MULTIBYTE_CHAR_LEN ||
		VARSIZE_ANY_EXHDR(other) > MOST_LETTERS * MAX_MULTIBYTE_CHAR_LEN)
		PG_RETURN_INT32(3);
	PG_RETURN_INT32(Min(3, varstr_levenshtein_less_equal(VARDATA_ANY(word),
														 VARSIZE_ANY_EXHDR(word),
														 VARDATA_ANY(other),
														 VARSIZE_ANY_EXHDR(other),
														 1, 1, 1, 2, false)));
}
