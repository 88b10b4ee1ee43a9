-- complain if the script is sourced in psql rather than by ALTER EXTENSION
\echo Use "ALTER EXTENSION dpmeta UPDATE" to load this file. \quit

-- as in the install script: operators are written without their schema
SET LOCAL search_path = dpmeta, pg_temp;
-- what reads definitions of functions does so in this form
SET LOCAL quote_all_identifiers = off;
SET LOCAL standard_conforming_strings = on;
