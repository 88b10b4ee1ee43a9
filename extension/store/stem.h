/*
 * store/stem.h
 *		What is common to the forms of a word, by PostgreSQL's English
 *		dictionary.
 */
#ifndef DPMETA_STEM_H
#define DPMETA_STEM_H

#include "postgres.h"

/* Is the word so common that no text is found by it? */
extern bool stem_is_stop(const char *word, int length);

/* The stem of a word; NULL if it is so common. */
extern char *stem_of(const char *word, int length);

#endif							/* DPMETA_STEM_H */
