-- ECMA-262 patterns on the server's engine
-- Of other encodings a database cannot hold this, or counts it otherwise.  There,
-- this test says so and no more: expected/NAME_1.out.
SELECT getdatabaseencoding() <> 'UTF8' AS other \gset
\if :other
\echo skipped: it needs a database in UTF8
\quit
\endif
\set VERBOSITY default
CREATE FUNCTION pg_temp.matches(pattern text, str text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	reason text;
BEGIN
	RETURN dpmeta.is_valid(jsonb_build_object('pattern', pattern), to_jsonb(str))::text;
EXCEPTION WHEN SQLSTATE 'MD014' THEN
	GET STACKED DIAGNOSTICS reason = PG_EXCEPTION_DETAIL;
	RETURN reason;
END
$$;

-- those that match
SELECT pattern, pg_temp.matches(pattern, str) FROM (VALUES
	('', ''), ('a', 'xax'), ('^a$', 'a'), ('a|', 'zz'), ('(|a)b', 'b'), ('^()$', ''), ('$^', ''),
	('^.$', '😀'), ('^[😀-😂]$', '😁'), ('\u{1F600}', '😀'), ('\uD83D\uDE00', '😀'), ('^[\uD83D\uDE00-\uD83D\uDE02]$', '😁'),
	('^\d{3}-\d{4}$', '555-1234'), ('^\w+$', 'aZ_9'), ('^\W$', 'é'), ('^\D$', '৪'),
	('^\s{6}$', E' \t\u00A0\uFEFF\u2029\u2003'), ('^[^\W\d_]$', 'a'), ('^[\w-.]+$', 'a-.b'), ('^[\]\-\\^]+$', ']-\^'),
	('[^]', 'a'), ('\cA', E'\x01'), ('[\b]', E'\x08'), ('\x41\/\-\@', 'A/-@'), ('^\$\.\*$', '$.*'),
	('\bfoo\b', 'éfooé'), ('\Boo', 'foo'), ('(?=ab)a', 'ab'), ('^(?!ab)a', 'ac'), ('(?<=a+)b', 'aab'), ('(?<!a)b', 'cb'),
	('^(?:ab){2}$', 'abab'), ('^a*?$', 'aaa'), ('a{', 'a{'), ('a{,5}', 'a{,5}'), ('}]', '}]'), ('a{0}b', 'b'),
	('^a{300}$', repeat('a', 300)), ('^(?:ab){2,600}$', repeat('ab', 600)), ('^a{260,}$', repeat('a', 1000)),
	('^(["'']).*?\1$', '"x"'), ('^(?<q>[xy])\k<q>$', 'yy'), ('^(?:(a)\1)+$', 'aaaa'), ('^(a)(?:b|c)\1$', 'aca'),
	('^()\1{2}$', ''), ('^(?<x>a)\k<x>0$', 'aa0'), ('^(a?)\1+b$', 'b'), ('^(?=a)(a)\1(?:\b|$)', 'aa'),
	('^\p{L}+$', 'Ünïcode'), ('^\p{Letter}\p{Lu}\p{digit}$', 'éÉ৪'), ('^\P{L}+$', '12'), ('^\p{Script=Greek}+$', 'αβγ'),
	('^\p{sc=Cyrl}$', 'ж'), ('^\p{Script_Extensions=Grek}$', 'α'), ('^\p{White_Space}$', ' '), ('^\p{Emoji_Presentation}$', '😀'),
	('^[\p{L}\p{N}_]+$', 'é9_'), ('^[^\p{L}]$', '9'), ('^\p{Any}\p{ASCII}\p{Assigned}$', 'aaa'), ('[[:alpha:]]', 'a]')) t (pattern, str)
	WHERE pg_temp.matches(pattern, str) <> 'true';

-- those that do not
SELECT pattern, pg_temp.matches(pattern, str) FROM (VALUES
	('^a$', E'a\n'), ('.', E'\n'), ('^.$', E'\u2028'), ('^\d$', '৪'), ('^\w$', 'é'), ('^\S$', E'\u00A0'), ('[]', 'a'),
	('(?<!a)b', 'ab'), ('\bé', 'é'), ('^a{300}$', repeat('a', 299)), ('^(?:ab){2,600}$', repeat('ab', 601)),
	('^(["'']).*?\1$', '"x'''), ('\cA', 'cA'), ('^\p{Lu}$', 'a'), ('A', 'a'), ('[[:alpha:]]', 'a'), ('\0', '0'), ('\uD83D', '😀'),
	('^(a+)+$', repeat('a', 1000) || 'b'), ('^[a-z0-9_]{1,128}$', repeat('a', 129))) t (pattern, str)
	WHERE pg_temp.matches(pattern, str) <> 'false';

-- those that are refused, and why
SELECT pattern, pg_temp.matches(pattern, 'x') FROM (VALUES
	('('), (')'), ('[a'), ('\'), ('a**'), ('+'), ('{1}'), ('a{2,1}'), ('[z-a]'), ('^*'), ('(?=a)*'), ('\Z'), ('\A'), ('[\1]'),
	('(?i)a'), ('(?i:a)'), ('(?P<n>a)'), ('(?#x)'), ('(?>a)'), ('(?<1>a)'), ('(?<n>a)(?<n>b)'), ('\k<n>'), ('\1'), ('(a)\2'),
	('(?:(a)|b)\1'), ('()(?:\1){2}'), ('(a)?\1'), ('\1(a)'), ('(a\1)'), ('(?=(a))\1'), ('(,|$)[^,]*\1'), ('(^|a)\1'),
	('((?:\b|a))\1'), ('(\Ba)\1'), ('((?<=b)|c)\1'), ('(?<x>a(?!b))\k<x>'), ('\u12'), ('\u{110000}'), ('\xg'), ('\c1'),
	('\p{Nope}'), ('\pL'), ('\p{Script=Nope}'), ('\p{L'), ('a{100001}'), ('(\w{1000}){100}')) t (pattern);

-- a row of sets from "^" on is matched without the engine, and says the same as
-- in a group, which the engine matches
SELECT count(*), count(*) FILTER (WHERE alone) AS matches, count(*) FILTER (WHERE alone <> grouped) AS differ
	FROM unnest(ARRAY['^', '^$', '^x-', '^x-$', '^a*$', '^a*b', '^a?ab$', '^[a-c]+$', '^[^a]', '^.+$', '^.{2}$', '^\d{2,3}-\d+$', '^\w+\.\w*$',
		'^a{0}b', '^[ab]{1,2}c$', '^a{2,}?b?$', '^é+$', '^[à-ü]{2}', '^\u00e9a', '^\S+$', '^\x61', '^[]', '^[^]$', '^\p{L}\d$', '^\$\-\/$']) p,
	unnest(ARRAY['', 'a', 'b', 'ab', 'aab', 'aabb', 'abc', 'abcc', 'x-', 'x-a', 'X-', '12-3', '1234-5', '123-', 'a.b', 'a.', '.', 'é', 'éa', 'éé', 'ü1', E'a\n',
		'$-/', '😀', '😀😀', ' ', 'aa']) s,
	LATERAL (SELECT dpmeta.is_valid(jsonb_build_object('pattern', p), to_jsonb(s)) AS alone,
		dpmeta.is_valid(jsonb_build_object('pattern', '(?:' || p || ')'), to_jsonb(s)) AS grouped) m;
