REVOKE ALL ON dpmeta.search_entry FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION dpmeta.search_words(text, jsonb), dpmeta.search_parts(text, jsonb),
	dpmeta.searchable(bigint), dpmeta.search_query(text, text, text, text, integer),
	dpmeta.search_hits(tsvector, text[], boolean), dpmeta.search_headline(text[], text[], boolean),
	dpmeta.search_guesses(text), dpmeta.search_distance(text, text),
	dpmeta.search_rows(text[], boolean, tsquery, text, text, text, jsonb[], integer, text),
	dpmeta.search_guess(text), dpmeta.search_meant(text[], text, text, text, jsonb[]),
	dpmeta.search(text, text, text, text, text, integer, text),
	dpmeta.search_page(text, text, text, text, text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.search_guesses(text), dpmeta.search_distance(text, text) TO PUBLIC;
