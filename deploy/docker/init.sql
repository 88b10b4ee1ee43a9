-- Make database, extension and the front's role, or bring them up to date; may
-- be run any number of times, by a superuser connected to another database:
--
--     FRONT_PASSWORD_FILE=FILE psql -v ON_ERROR_STOP=1 -f init.sql postgres

SET log_statement = none;
SET log_min_error_statement = panic;
SET password_encryption = 'scram-sha-256';

SELECT 'CREATE DATABASE dpmeta'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dpmeta') \gexec

SELECT 'CREATE ROLE dpmeta_front LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dpmeta_front') \gexec

-- what the functions run as
SELECT 'CREATE ROLE dpmeta_owner'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dpmeta_owner') \gexec

\set front_password `cat "$FRONT_PASSWORD_FILE"`
ALTER ROLE dpmeta_front PASSWORD :'front_password';
ALTER DATABASE dpmeta SET search_path = "$user", public, dpmeta;

\connect dpmeta
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS dpmeta;
ALTER EXTENSION dpmeta UPDATE;
SELECT dpmeta.set_owner('dpmeta_owner') \g /dev/null
SELECT dpmeta.grant_front('dpmeta_front') \g /dev/null
