/*
 * store/search_words.h
 *		What is searched of data products and tables, in the rows of
 *		dpmeta.search_entry.
 */
#ifndef DPMETA_SEARCH_WORDS_H
#define DPMETA_SEARCH_WORDS_H

/*
 * Part 0 is a data product, or a table, itself; it is in place 1.  Each other part
 * is of so many columns of a table, in places from 1 on.  So a change of one
 * column costs one part, and a part is small enough to be read whole.
 */
#define PART_COLUMNS	16

#endif							/* DPMETA_SEARCH_WORDS_H */
