-- complain if the script is sourced in psql rather than by CREATE EXTENSION
\echo Use "CREATE EXTENSION dpmeta" to load this file. \quit

/*
 * A member of the extension, not the schema it is "in": that one PostgreSQL
 * takes over from whoever made it before, and leaves behind on DROP.
 */
CREATE SCHEMA dpmeta;
COMMENT ON SCHEMA dpmeta IS 'metadata store for data products';

-- operators are written without it, and only what is ours may be found
SET LOCAL search_path = dpmeta, pg_temp;
-- what reads definitions of functions does so in this form
SET LOCAL quote_all_identifiers = off;
SET LOCAL standard_conforming_strings = on;
