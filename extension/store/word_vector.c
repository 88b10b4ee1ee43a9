/*
 * store/word_vector.c
 *		The words of several texts, as one tsvector.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "tsearch/ts_utils.h"

#include "compat.h"
#include "store/stem.h"
#include "store/word_vector.h"
#include "unicode/words.h"

/*
 * A tsvector has room for 1 MB.  A word takes at most three times what it takes in
 * its text, and few letters are longer when they are folded.  So of longer
 * texts only the beginning is searched.
 */
#define MOST_BYTES		250000
#define TEXT_BYTES		150000

typedef struct Entry
{
	char	   *word;
	int			length;
	WordEntryPos pos;			/* the weight and the place */
} Entry;

struct WordVector
{
	Entry	   *entries;
	int			count;
	int			room;
	int			bytes;			/* of the texts */
};

WordVector *
word_vector_begin(void)
{
	WordVector *vector = palloc0(sizeof(*vector));

	vector->room = 64;
	vector->entries = palloc(vector->room * sizeof(Entry));
	return vector;
}

static void
add_word(WordVector *vector, const Word *word, int place, FoundIn found_in)
{
	Entry	   *entry;

	if (vector->count == vector->room)
	{
		vector->room *= 2;
		vector->entries = repalloc(vector->entries,
								   vector->room * sizeof(Entry));
	}
	entry = &vector->entries[vector->count++];
	entry->word = pnstrdup(word->key, word->key_len);
	entry->length = word->key_len;
	WEP_SETPOS(entry->pos, place);
	WEP_SETWEIGHT(entry->pos, found_in);
}

void
word_vector_add(WordVector *vector, const char *text, int length, int place,
				FoundIn found_in)
{
	int			most = Min(TEXT_BYTES, MOST_BYTES - vector->bytes);
	WordScan	scan;
	Word		word;

	if (length > most)
		length = pg_mbcliplen(text, length, most);
	vector->bytes += length;
	words_begin(&scan, text, length);
	while (words_next(&scan, &word))
		if (word.key_len > 0 && (found_in == IN_NAME ||
								 !stem_is_stop(word.key, word.key_len)))
			add_word(vector, &word, place, found_in);
}

static int
compare_words(const Entry *a, const Entry *b)
{
	return tsCompareString(a->word, a->length, b->word, b->length, false);
}

/* By word, by place, and the best text first. */
static int
compare_entries(const void *a, const void *b)
{
	const Entry *one = a;
	const Entry *other = b;
	int			order = compare_words(one, other);

	if (order == 0)
		order = WEP_GETPOS(one->pos) - WEP_GETPOS(other->pos);
	if (order == 0)
		order = WEP_GETWEIGHT(other->pos) - WEP_GETWEIGHT(one->pos);
	return order;
}

/* Of a word in several texts of one place, only the best text counts. */
static void
sort_entries(WordVector *vector)
{
	Entry	   *entries = vector->entries;
	int			kept = 0;

	qsort(entries, vector->count, sizeof(Entry), compare_entries);
	for (int i = 0; i < vector->count; i++)
		if (kept == 0 || compare_words(&entries[kept - 1], &entries[i]) != 0 ||
			WEP_GETPOS(entries[kept - 1].pos) != WEP_GETPOS(entries[i].pos))
			entries[kept++] = entries[i];
	vector->count = kept;
}

/* How many entries from the first on are of its word. */
static int
count_same(const WordVector *vector, int first)
{
	int			next = first + 1;

	while (next < vector->count &&
		   compare_words(&vector->entries[first], &vector->entries[next]) == 0)
		next++;
	return next - first;
}

/* The number of different words, and the bytes of them and their positions. */
static int
measure(const WordVector *vector, int *bytes)
{
	int			words = 0;

	*bytes = 0;
	for (int i = 0, same; i < vector->count; i += same)
	{
		same = count_same(vector, i);
		words++;
		*bytes = SHORTALIGN(*bytes + vector->entries[i].length) +
			sizeof(uint16) + same * sizeof(WordEntryPos);
	}
	return words;
}

/* Puts one word where the last one ended, and returns where it ends. */
static int
put_word(TSVector tsvector, WordEntry *to, int at, const Entry *entries,
		 int same)
{
	char	   *bytes = STRPTR(tsvector);
	uint16		count = same;

	to->haspos = 1;
	to->len = entries->length;
	to->pos = at;
	memcpy(bytes + at, entries->word, entries->length);
	at = SHORTALIGN(at + entries->length);
	memcpy(bytes + at, &count, sizeof(count));
	at += sizeof(count);
	for (int i = 0; i < same; i++)
	{
		memcpy(bytes + at, &entries[i].pos, sizeof(WordEntryPos));
		at += sizeof(WordEntryPos);
	}
	return at;
}

TSVector
word_vector_end(WordVector *vector)
{
	int			bytes;
	int			words;
	TSVector	tsvector;
	int			at = 0;
	int			number = 0;

	sort_entries(vector);
	words = measure(vector, &bytes);
	tsvector = palloc0(CALCDATASIZE(words, bytes));
	SET_VARSIZE(tsvector, CALCDATASIZE(words, bytes));
	tsvector->size = words;
	for (int i = 0, same; i < vector->count; i += same)
	{
		same = count_same(vector, i);
		at = put_word(tsvector, &ARRPTR(tsvector)[number++], at,
					  &vector->entries[i], same);
	}
	return tsvector;
}
