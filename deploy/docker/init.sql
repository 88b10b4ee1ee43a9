-- Make database, extension and the front's role, or bring them up to date; may
-- be run any number of times, by a superuser connected to another database:
--
--     FRONT_PASSWORD_FILE=FILE psql -v ON_ERROR_STOP=1 -f init.sql postgres
--
-- The password is in no statement, so that no log has it, whatever is logged,
-- and neither has pg_stat_statements.  It comes as the data of a COPY, and the
-- server makes of it what it keeps of a password (RFC 5803).

SELECT 'CREATE DATABASE dpmeta'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dpmeta') \gexec

SELECT 'CREATE ROLE dpmeta_front LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dpmeta_front') \gexec

-- what the functions run as
SELECT 'CREATE ROLE dpmeta_owner'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dpmeta_owner') \gexec

CREATE TEMPORARY TABLE front_secret (line text);
\copy front_secret FROM PROGRAM 'base64 <"$FRONT_PASSWORD_FILE"'

DO $$
DECLARE
	rounds CONSTANT integer := 4096;
	password bytea := (SELECT decode(string_agg(line, ''), 'base64') FROM pg_temp.front_secret);
	salt bytea := decode(replace(gen_random_uuid()::text, '-', ''), 'hex');
	salted bytea := decode(repeat('00', 32), 'hex');
	keys bytea[] := '{}';
	inner_pad bytea;
	outer_pad bytea;
	u bytea;
	total bit(256) := 0::bit(256);
BEGIN
	-- One newline that a file ends with, as the front has it.
	IF length(password) > 0 AND get_byte(password, length(password) - 1) = 10 THEN
		password := substr(password, 1, length(password) - 1);
	END IF;
	IF password IS NULL OR length(password) = 0 THEN
		RAISE 'the file with the password of dpmeta_front is empty';
	END IF;
	-- What cannot be normalized is taken as it is, by clients, too.
	BEGIN
		password := convert_to(normalize(convert_from(password, 'UTF8'), NFKC), 'UTF8');
	EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character OR syntax_error
		OR feature_not_supported THEN
		NULL;
	END;

	-- HMAC's two pads of the password, for all rounds
	IF length(password) > 64 THEN
		password := sha256(password);
	END IF;
	inner_pad := decode(repeat('36', 64), 'hex');
	outer_pad := decode(repeat('5c', 64), 'hex');
	FOR i IN 0 .. length(password) - 1 LOOP
		inner_pad := set_byte(inner_pad, i, get_byte(password, i) # 54);
		outer_pad := set_byte(outer_pad, i, get_byte(password, i) # 92);
	END LOOP;

	-- PBKDF2 with HMAC-SHA-256
	u := salt || '\x00000001'::bytea;
	FOR i IN 1 .. rounds LOOP
		u := sha256(outer_pad || sha256(inner_pad || u));
		total := total # ('x' || encode(u, 'hex'))::bit(256);
	END LOOP;
	FOR i IN 0 .. 31 LOOP
		salted := set_byte(salted, i, substring(total FROM 8 * i + 1 FOR 8)::integer);
	END LOOP;

	-- the client's key and the server's
	inner_pad := decode(repeat('36', 64), 'hex');
	outer_pad := decode(repeat('5c', 64), 'hex');
	FOR i IN 0 .. 31 LOOP
		inner_pad := set_byte(inner_pad, i, get_byte(salted, i) # 54);
		outer_pad := set_byte(outer_pad, i, get_byte(salted, i) # 92);
	END LOOP;
	FOR i IN 1 .. 2 LOOP
		keys := keys || sha256(outer_pad || sha256(inner_pad || convert_to(
			(ARRAY['Client Key', 'Server Key'])[i], 'UTF8')));
	END LOOP;
	EXECUTE format('ALTER ROLE dpmeta_front PASSWORD %L', format('SCRAM-SHA-256$%s:%s$%s:%s',
		rounds, encode(salt, 'base64'), encode(sha256(keys[1]), 'base64'),
		encode(keys[2], 'base64')));
END $$;

DROP TABLE front_secret;
ALTER DATABASE dpmeta SET search_path = "$user", public, dpmeta;

\connect dpmeta
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS dpmeta;
ALTER EXTENSION dpmeta UPDATE;
SELECT dpmeta.set_owner('dpmeta_owner') \g /dev/null
SELECT dpmeta.grant_front('dpmeta_front') \g /dev/null
