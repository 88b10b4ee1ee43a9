/*
 * rules/search_query.h
 *		What is searched for: the words of q.
 *
 * All words must be found.  Of the last one, which may still be being typed, the
 * beginning is enough.  Texts are stored with their words as they are, so it is the
 * query that knows of the forms of a word: "offences" finds "offence", because
 * both have the same stem.
 */
#ifndef DPMETA_SEARCH_QUERY_H
#define DPMETA_SEARCH_QUERY_H

#include "postgres.h"
#include "fmgr.h"
#include "utils/array.h"

/* How well a word of a text is one of the query, 0 if it is not. */
#define MATCH_PREFIX	8
#define MATCH_STEM		9
#define MATCH_EXACT		10

typedef struct QueryWord
{
	char	   *word;
	int			length;
	char	   *stem;			/* the word itself, if it is too common */
	bool		is_prefix;
} QueryWord;

typedef struct SearchQuery
{
	bool		names_only;		/* all of its words are too common */
	int			count;
	QueryWord  *words;
} SearchQuery;

extern void search_query_fill(SearchQuery *query, ArrayType *words,
							  bool names_only);

/*
 * The query from the arguments n, words, and n + 1, names_only, as search_query()
 * returns them.  It is kept for the calls of the same statement.
 */
extern SearchQuery *search_query_argument(FunctionCallInfo fcinfo, int n);

extern int	search_query_match(const SearchQuery *query, const QueryWord *word,
							   const char *key, int key_len);

/*
 * A text that no word that matches is sorted before: the first "length" bytes of
 * each that does.  There are one or two of these.
 */
typedef struct Beginning
{
	const char *text;
	int			length;
} Beginning;

#define MOST_BEGINNINGS	2

extern int	search_query_beginnings(const SearchQuery *query,
									const QueryWord *word,
									Beginning *beginnings);

#endif							/* DPMETA_SEARCH_QUERY_H */
