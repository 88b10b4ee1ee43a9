/*
 * store/search.h
 *		The SQL expression for what q searches: the one that writes store and
 *		that check() compares with.
 */
#ifndef DPMETA_SEARCH_H
#define DPMETA_SEARCH_H

/*
 * A tsvector has room for 1 MB.  A text takes at most three times its length in
 * it, because a compound word is stored whole and in its parts, each with a
 * position.  So only the beginning of a long text is searched: 37,500 characters,
 * which are at most 150,000 bytes.
 */
#define SEARCHED(text) \
	"(SELECT to_tsvector('pg_catalog.english', left(s.t," \
	" CASE WHEN octet_length(s.t) <= 150000 THEN 150000 ELSE 37500 END))" \
	" FROM (SELECT " text " AS t OFFSET 0) s)"

/* Of a data product's name and metadata. */
#define SEARCH_VECTOR(name, metadata) \
	"setweight(to_tsvector('pg_catalog.english', " name "), 'A')" \
	" || setweight(" SEARCHED(metadata "->>'description'") ", 'B')" \
	" || setweight(" SEARCHED("concat_ws(' '," \
	" " metadata "->>'domain', " metadata "->>'dataProductOwner'," \
	" " metadata "->>'dataProductOwnerDisplayName'," \
	" " metadata "->>'dataProductMaintainer'," \
	" " metadata "->>'dataProductMaintainerDisplayName'," \
	" (SELECT string_agg(concat_ws(' ', t.key, t.value), ' ')" \
	" FROM jsonb_each_text(" metadata "->'tags') t))") ", 'C')"

/*
 * Leaves one row, of the columns that check() has, about those products whose row
 * says something else.  The caller has connected to SPI.
 */
extern void search_compare(void);

#endif							/* DPMETA_SEARCH_H */
