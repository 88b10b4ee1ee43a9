-- to_char() fails in it where the encoding lacks a letter of a month's name
ALTER FUNCTION dpmeta.stats() SET lc_time = 'C';
