/*
 * unicode/words.h
 *		The words of a text, as search knows them.
 *
 * A word is a run of letters, marks and digits.  Two words are the same if they
 * differ in case only, or in how their letters are composed.
 */
#ifndef DPMETA_UNICODE_WORDS_H
#define DPMETA_UNICODE_WORDS_H

#include "postgres.h"

/* What follows in a longer word is not looked at. */
#define WORD_BYTES	255

typedef struct Word
{
	const char *start;			/* in the text */
	int			length;
	char		key[WORD_BYTES + 1];	/* in lower case and composed */
	int			key_len;
} Word;

typedef struct WordScan
{
	const char *pos;
	const char *end;
} WordScan;

extern void words_begin(WordScan *scan, const char *text, int length);

/* False at the end. */
extern bool words_next(WordScan *scan, Word *word);

#endif							/* DPMETA_UNICODE_WORDS_H */
