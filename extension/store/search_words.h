/*
 * store/search_words.h
 *		What is searched of data products and tables, in the rows of
 *		dpmeta.search_entry.
 */
#ifndef DPMETA_SEARCH_WORDS_H
#define DPMETA_SEARCH_WORDS_H

#include "postgres.h"
#include "tsearch/ts_type.h"
#include "utils/jsonb.h"

/*
 * Part 0 is a data product, or a table, itself; it is in place 1.  Each other part
 * is of so many columns of a table, in places from 1 on.  So a change of one
 * column costs one part, and a part is small enough to be read whole.
 */
#define PART_COLUMNS	16

/* How many parts a table has, itself included. */
extern int	search_part_count(Jsonb *definition);

/* The words of one of them. */
extern TSVector search_part_words(const text *table, Jsonb *definition,
								  int part);

/* May a part have other words in one definition than in the other? */
extern bool search_part_differs(Jsonb *old, Jsonb *new, int part);

#endif							/* DPMETA_SEARCH_WORDS_H */
