-- column types as other engines' own tests of their type parsers write them
--
-- Each row is a string that the tests of Hive (TestTypeInfoUtils), Trino
-- (TestTypeInfoUtils of its metastore, TestTypeSignatureTranslator of its SQL) or
-- Spark (DataTypeParserSuite) have.  It says who takes it, and what dpmeta stores;
-- NULL where dpmeta refuses it.
CREATE SCHEMA column_type_others;
SET search_path = column_type_others, dpmeta;

CREATE FUNCTION refusal(input text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM input::dpmeta.column_type;
	RETURN NULL;
EXCEPTION WHEN invalid_text_representation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END
$$;

CREATE TABLE spelling (id integer GENERATED ALWAYS AS IDENTITY, input text, hive boolean,
	trino boolean, spark boolean, dpmeta text);
INSERT INTO spelling (input, hive, trino, spark, dpmeta) VALUES
-- primitive types
('boolean', true, true, true, 'boolean'),
('BooLean', true, true, true, 'boolean'),
('BOOLEAN', true, true, true, 'boolean'),
('tinyint', true, true, true, 'tinyint'),
('tinYint', true, true, true, 'tinyint'),
('smallint', true, true, true, 'smallint'),
('smallINT', true, true, true, 'smallint'),
('int', true, true, true, 'int'),
('INT', true, true, true, 'int'),
('integer', true, true, true, 'int'),
('INTEGER', true, true, true, 'int'),
('bigint', true, true, true, 'bigint'),
('BIGINT', true, true, true, 'bigint'),
('long', false, false, true, NULL),
('float', true, true, true, 'float'),
('double', true, true, true, 'double'),
('dOUBle', true, true, true, 'double'),
('DOUBLE PRECISION', true, true, false, 'double'),
('string', true, true, true, 'string'),
('binary', true, true, true, 'binary'),
('BINARY', true, true, true, 'binary'),
('date', true, true, true, 'date'),
('DATE', true, true, true, 'date'),
('void', true, true, true, NULL),
-- moments and intervals
('timestamp', true, true, true, 'timestamp'),
('TIMESTAMP', true, true, true, 'timestamp'),
('TIMESTAMP(1)', false, true, false, NULL),
('TIMESTAMP WITHOUT TIME ZONE', false, true, false, NULL),
('TIMESTAMP(1) WITHOUT TIME ZONE', false, true, false, NULL),
('TIMESTAMP WITH TIME ZONE', false, true, false, NULL),
('timestamp with local time zone', true, true, false, NULL),
('timestamp_ntz', false, false, true, NULL),
('timestamp_ltz', false, false, true, NULL),
('Time', false, true, true, NULL),
('TIME WITHOUT TIME ZONE', false, true, false, NULL),
('TIME WITH TIME ZONE', false, true, false, NULL),
('interval', false, false, true, NULL),
('interval_year_month', true, true, false, NULL),
('interval_day_time', true, true, false, NULL),
('INTERVAL YEAR TO MONTH', false, true, true, NULL),
('INTERVAL DAY TO SECOND', false, true, true, NULL),
-- lengths
('char', false, false, false, NULL),
('char(0)', false, false, false, NULL),
('char(1)', true, true, true, 'char(1)'),
('ChaR(5)', true, true, true, 'char(5)'),
('ChaRacter(5)', false, false, true, NULL),
('char(15)', true, true, true, 'char(15)'),
('cHaR(27)', true, true, true, 'char(27)'),
('char(50)', true, true, true, 'char(50)'),
('char(255)', true, true, true, 'char(255)'),
('char(256)', false, false, true, NULL),
('char(123', false, false, false, NULL),
('char(123,)', false, false, false, NULL),
('char()', false, false, false, NULL),
('char(', false, false, false, NULL),
('varchar', false, true, false, 'varchar'),
('varchar(0)', false, false, false, NULL),
('varchar(1)', true, true, true, 'varchar(1)'),
('varchar(10)', true, true, true, 'varchar(10)'),
('varchAr(20)', true, true, true, 'varchar(20)'),
('varchar(42)', true, true, true, 'varchar(42)'),
('VARCHAR(123)', true, true, true, 'varchar(123)'),
('varchar(65535)', true, true, true, 'varchar(65535)'),
('varchar(65536)', false, true, true, NULL),
('varchar(123', false, false, false, NULL),
('varchar(123,', false, false, false, NULL),
('varchar()', false, false, false, NULL),
('varchar(', false, false, false, NULL),
-- decimals
('decimal', true, true, true, 'decimal(10,0)'),
('deC', true, true, true, 'decimal(10,0)'),
('Dec(10, 5)', true, true, true, 'decimal(10,5)'),
('decimal(10, 5)', true, true, true, 'decimal(10,5)'),
('decimal(1)', true, true, true, 'decimal(1,0)'),
('DECIMAL(1)', true, true, true, 'decimal(1,0)'),
('decimal(5)', true, true, true, 'decimal(5,0)'),
('decimal(38)', true, true, true, 'decimal(38,0)'),
('decimal(1,1)', true, true, true, 'decimal(1,1)'),
('decimal(10,5)', true, true, true, 'decimal(10,5)'),
('decimal(38,38)', true, true, true, 'decimal(38,38)'),
('decimal(0)', false, false, false, NULL),
('decimal(39)', false, false, false, NULL),
('decimal(38,39)', false, false, false, NULL),
('decimal(4,5)', false, false, false, NULL),
('DECIMAL(1, 38)', false, false, false, NULL),
-- arrays and maps
('array<int>', true, true, true, 'array<int>'),
('array<doublE>', true, true, true, 'array<double>'),
('array<', false, false, false, NULL),
('ARRAY(TINYINT)', false, true, false, NULL),
('VARCHAR(7) ARRAY', false, true, false, NULL),
('VARCHAR(7) ARRAY array', false, true, false, NULL),
('foo(42, 55) ARRAY', false, true, false, NULL),
('map<int,string>', true, true, true, 'map<int,string>'),
('MAP<int, STRING>', true, true, true, 'map<int,string>'),
('MAp<int, ARRAY<double>>', true, true, true, 'map<int,array<double>>'),
('Array<map<int, tinYint>>', true, true, true, 'array<map<int,tinyint>>'),
('MAP(BIGINT, SMALLINT)', false, true, false, NULL),
('MAP<int, struct<varchar:string>>', true, true, true, 'map<int,struct<varchar:string>>'),
-- structs
('struct<x:int,y:bigint>', true, true, true, 'struct<x:int,y:bigint>'),
('struct<x:int,y:array<string>>', true, true, true, 'struct<x:int,y:array<string>>'),
('array<struct<tinYint:tinyint>>', true, true, true, 'array<struct<tinYint:tinyint>>'),
('struct<intType: int, ts:timestamp>', true, true, true, 'struct<intType:int,ts:timestamp>'),
('Struct<int: int, timestamp:timestamp>', true, true, true, 'struct<int:int,timestamp:timestamp>'),
(E'\nstruct<\n  struct:struct<deciMal:DECimal, anotherDecimal:decimAL(5,2)>,\n  MAP:Map<timestamp, varchar(10)>,\n  arrAy:Array<double>,\n  anotherArray:Array<char(9)>>\n',
	true, true, true, 'struct<struct:struct<deciMal:decimal(10,0),anotherDecimal:decimal(5,2)>,MAP:map<timestamp,varchar(10)>,arrAy:array<double>,anotherArray:array<char(9)>>'),
('Struct<TABLE: string, DATE:boolean>', true, true, true, 'struct<TABLE:string,DATE:boolean>'),
('struct<end: long, select: int, from: string>', false, false, true, NULL),
('struct<end: bigint, select: int, from: string>', true, true, true, 'struct<end:bigint,select:int,from:string>'),
('Struct<x: INT, y: STRING COMMENT ''test''>', true, false, true, NULL),
('struct<x int, y string>', false, false, true, NULL),
('struct<`x+y`:int, `!@#$%^&*()`:string, `1_2.345<>:"`:varchar(20)>', false, false, true, NULL),
('struct<x+y: int, 1.1:timestamp>', false, false, false, NULL),
('struct<x: int', false, false, false, NULL),
('strUCt<>', false, false, true, NULL),
('ROW(a BIGINT, b VARCHAR)', false, true, false, NULL),
('ROW("a" BIGINT, "from" VARCHAR)', false, true, false, NULL),
('ROW("$x" BIGINT, "$y" VARCHAR)', false, true, false, NULL),
('ROW(x BIGINT, y DOUBLE PRECISION, z ROW(m array<bigint>,n map<double,varchar>))', false, true, false, NULL),
-- none
('it is not a data type', false, false, false, NULL),
('unknown', false, true, false, NULL),
('unknown(1,2,3)', false, false, false, NULL);

-- each is taken and stored as the table says
SELECT s.input, s.dpmeta,
	CASE WHEN refusal(s.input) IS NULL THEN s.input::column_type::text END AS stored
FROM spelling s
WHERE s.dpmeta IS DISTINCT FROM
	CASE WHEN refusal(s.input) IS NULL THEN s.input::column_type::text END;

-- how many there are, and of those that all three take, all are taken
SELECT count(*), count(*) FILTER (WHERE hive) AS hive, count(*) FILTER (WHERE trino) AS trino,
	count(*) FILTER (WHERE spark) AS spark, count(dpmeta) AS dpmeta,
	count(*) FILTER (WHERE hive AND trino AND spark AND dpmeta IS NULL) AS refused_by_dpmeta_alone
FROM spelling;

-- why those are refused that somebody takes
SELECT input, refusal(input) FROM spelling
WHERE dpmeta IS NULL AND (hive OR trino OR spark) ORDER BY id;

SET client_min_messages = warning;
DROP SCHEMA column_type_others CASCADE;
