/*
 * unicode/words.c
 *		The words of a text.
 *
 * In UTF-8, what is a letter and what is its lower case is Unicode's, so that the
 * words that are stored do not depend on the locale of a database.  Other
 * encodings cannot compose a letter in two ways.  There, every character that is
 * not ASCII is a letter, and its lower case is that of the locale.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "common/unicode_norm.h"
#include "mb/pg_wchar.h"
#include "utils/formatting.h"

#include "unicode/property.h"
#include "unicode/words.h"

static bool
is_ascii_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		(byte >= '0' && byte <= '9');
}

/* Each letter of a text asks, so properties are looked up by name once only. */
static bool
is_unicode_letter(uint32 code)
{
	static struct
	{
		const char *name;
		const CodeRange *ranges;
		int			count;
	}			kinds[] = {{"gc=L"}, {"gc=M"}, {"gc=N"}};

	for (int i = 0; i < lengthof(kinds); i++)
	{
		if (kinds[i].ranges == NULL)
			kinds[i].ranges = unicode_property(kinds[i].name, &kinds[i].count);
		if (unicode_in_ranges(code, kinds[i].ranges, kinds[i].count))
			return true;
	}
	return false;
}

static bool
is_letter(const char *pos)
{
	if (!IS_HIGHBIT_SET(*pos))
		return is_ascii_letter(*pos);
	return GetDatabaseEncoding() != PG_UTF8 ||
		is_unicode_letter(utf8_to_unicode((const unsigned char *) pos));
}

void
words_begin(WordScan *scan, const char *text, int length)
{
	scan->pos = text;
	scan->end = text + length;
}

static const char *
after(const WordScan *scan, const char *pos)
{
	int			length = IS_HIGHBIT_SET(*pos) ? pg_mblen(pos) : 1;

	return pos + Min(length, scan->end - pos);
}

/* Sets the key; returns whether all of the word is ASCII. */
static bool
take_ascii(const char *start, int length, Word *word)
{
	for (int i = 0; i < length; i++)
	{
		if (IS_HIGHBIT_SET(start[i]))
			return false;
		word->key[i] = pg_ascii_tolower((unsigned char) start[i]);
	}
	word->key_len = length;
	return true;
}

static void
take_key(const char *key, int length, Word *word)
{
	word->key_len = pg_mbcliplen(key, length, WORD_BYTES);
	memcpy(word->key, key, word->key_len);
}

/* Composed, folded, and composed again, because folding may undo it. */
static void
take_utf8(const char *start, int length, Word *word)
{
	int			count;
	pg_wchar   *codes = unicode_from_server(start, length, &count);
	pg_wchar   *composed;
	pg_wchar   *folded;
	char	   *key;
	int			key_len = 0;

	codes[count] = 0;
	composed = unicode_normalize(UNICODE_NFC, codes);
	for (pg_wchar *code = composed; *code != 0; code++)
		*code = unicode_fold(*code);
	folded = unicode_normalize(UNICODE_NFC, composed);
	for (count = 0; folded[count] != 0;)
		count++;
	key = palloc(count * MAX_MULTIBYTE_CHAR_LEN + 1);
	for (int i = 0; i < count; i++)
	{
		unicode_to_utf8(folded[i], (unsigned char *) key + key_len);
		key_len += pg_encoding_mblen(PG_UTF8, key + key_len);
	}
	take_key(key, key_len, word);
	pfree(key);
	pfree(folded);
	pfree(composed);
	pfree(codes);
}

static void
make_key(Word *word)
{
	int			length = word->length <= WORD_BYTES ? word->length :
		pg_mbcliplen(word->start, word->length, WORD_BYTES);
	char	   *lower;

	if (take_ascii(word->start, length, word))
		return;
	if (GetDatabaseEncoding() == PG_UTF8)
	{
		take_utf8(word->start, length, word);
		return;
	}
	lower = str_tolower(word->start, length, DEFAULT_COLLATION_OID);
	take_key(lower, strlen(lower), word);
	pfree(lower);
}

bool
words_next(WordScan *scan, Word *word)
{
	const char *pos = scan->pos;

	while (pos < scan->end && !is_letter(pos))
		pos = after(scan, pos);
	word->start = pos;
	while (pos < scan->end && is_letter(pos))
		pos = after(scan, pos);
	scan->pos = pos;
	word->length = pos - word->start;
	if (word->length == 0)
		return false;
	make_key(word);
	return true;
}
