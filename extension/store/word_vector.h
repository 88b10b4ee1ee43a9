/*
 * store/word_vector.h
 *		What search looks at: the words of several texts, as one tsvector.
 *
 * A position is not that of the word in its text.  It is the place of the thing
 * that has the word, and the weight says in which of its texts.
 */
#ifndef DPMETA_WORD_VECTOR_H
#define DPMETA_WORD_VECTOR_H

#include "postgres.h"
#include "tsearch/ts_type.h"

/* In which text a word is, as a tsvector's weights: the best is the highest. */
typedef enum FoundIn
{
	IN_TAGS,
	IN_OWNER,					/* or who maintains it, or the domain */
	IN_DESCRIPTION,
	IN_NAME
} FoundIn;

typedef struct WordVector WordVector;

extern WordVector *word_vector_begin(void);

/* Of a text that is no name, words that are too common are left out. */
extern void word_vector_add(WordVector *vector, const char *text, int length,
							int place, FoundIn found_in);

extern TSVector word_vector_end(WordVector *vector);

#endif							/* DPMETA_WORD_VECTOR_H */
