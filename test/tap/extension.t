# The extension as a guest in databases: created where wanted, gone when dropped.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');

# What a database holds beyond what every database does, by catalogue.
sub leftovers
{
	my ($database) = @_;

	return $node->safe_psql($database, q{
		SELECT 'namespace ' || nspname FROM pg_namespace WHERE nspname = 'dpmeta'
		UNION ALL
		SELECT 'procedure ' || oid::regprocedure FROM pg_proc WHERE oid >= 16384
		UNION ALL
		SELECT 'type ' || oid::regtype FROM pg_type WHERE oid >= 16384
		UNION ALL
		SELECT 'relation ' || oid::regclass FROM pg_class WHERE oid >= 16384
		UNION ALL
		SELECT 'operator ' || oid::regoperator FROM pg_operator WHERE oid >= 16384
		UNION ALL
		SELECT 'operator class ' || opcname FROM pg_opclass WHERE oid >= 16384
		UNION ALL
		SELECT 'cast ' || oid FROM pg_cast WHERE oid >= 16384
		UNION ALL
		SELECT 'event trigger ' || evtname FROM pg_event_trigger});
}

is(refused($node, 'CREATE EXTENSION dpmeta'), '42710', 'not created twice');
is(refused($node, 'ALTER EXTENSION dpmeta SET SCHEMA public'), '0A000',
	'not moved to another schema');

# two databases, each with its own
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', 'CREATE EXTENSION dpmeta');
register($node, 'register_data_product(' . product('mine') . ')');
is($node->safe_psql('other', 'SELECT count(*) FROM dpmeta.data_products'), '0',
	'another database does not see it');
is(register($node, 'register_data_product(' . product('mine') . ')', 'other'),
	'dp:mine:v1.0', 'and has its own');

# dropped, with data and after use in this and other sessions
isnt(leftovers('other'), '', 'an extension shows in the catalogues');
$node->safe_psql('other', 'DROP EXTENSION dpmeta');
is(leftovers('other'), '', 'and leaves nothing behind');
is(get($node, 'dp:mine:v1.0') ne '', 1, 'the other database has its own still');

# a user's objects hold it, unless CASCADE is said
$node->safe_psql('other', q{
	CREATE EXTENSION dpmeta;
	CREATE TABLE pinned (id dpmeta.dpid, version dpmeta.dpversion);
	CREATE INDEX ON pinned (version);
	INSERT INTO pinned VALUES ('dp:x:v1.10', 'v1.10'), ('dp:x:v1.9', 'v1.9')});
is(refused($node, 'DROP EXTENSION dpmeta', 'other'), '2BP01',
	'columns of its types hold it');
is($node->safe_psql('other', 'SELECT max(version) FROM pinned'), 'v1.10',
	'and are used');
$node->safe_psql('other', 'DROP EXTENSION dpmeta CASCADE');
is($node->safe_psql('other', q{SELECT count(*) FROM pg_attribute
		WHERE attrelid = 'pinned'::regclass AND attnum > 0 AND NOT attisdropped}),
	'0', 'CASCADE takes the columns and leaves the table');
$node->safe_psql('other', 'DROP TABLE pinned');
is(leftovers('other'), '', 'nothing else is left');

# dropped and created again in one transaction and one session
is($node->safe_psql('postgres', q{
		BEGIN;
		DROP EXTENSION dpmeta;
		CREATE EXTENSION dpmeta;
		COMMIT;
		SELECT count(*) FROM dpmeta.data_products}),
	'0', 'created afresh in the transaction that dropped it');
is($node->safe_psql('postgres',
		"SELECT id FROM dpmeta.register_data_product(" . product('again') . ');'
		. 'DROP EXTENSION dpmeta; CREATE EXTENSION dpmeta;'
		. "SELECT id FROM dpmeta.register_data_product(" . product('again') . ')'),
	"dp:again:v1.0\ndp:again:v1.0", 'works in the session that dropped it');

# a plain owner of a database
$node->safe_psql('postgres', 'CREATE ROLE plain LOGIN');
$node->safe_psql('postgres', 'CREATE DATABASE theirs OWNER plain');
is(refused($node, 'SET ROLE plain; CREATE EXTENSION dpmeta', 'theirs'), '',
	'creates it (owner.t tells what they may do then)');
$node->safe_psql('postgres', 'CREATE DATABASE not_theirs');
is(refused($node, 'SET ROLE plain; CREATE EXTENSION dpmeta', 'not_theirs'), '42501',
	'and nobody does in a database that is not theirs');
is(refused($node, 'SET ROLE plain; DROP EXTENSION dpmeta', 'theirs'), '', 'drops it');
is(leftovers('theirs'), '', 'and nothing is left');

# logs say nothing of crashes
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile),
	qr/terminated by signal|PANIC/, 'no crash');

# Settings that a database may have, and encodings that lack what ASCII has not:
# neither a fresh install nor an update depends on them.
my $number = 0;
for my $case (
	['standard_conforming_strings', 'off'], ['quote_all_identifiers', 'on'],
	['check_function_bodies', 'off'], ['default_transaction_isolation', 'serializable'],
	['DateStyle', 'German'], ['EUC_JP'], ['EUC_KR'], ['LATIN1'])
{
	my ($setting, $value) = @$case;
	my $name = 'odd' . $number++;

	$node->safe_psql('postgres', defined $value ? "CREATE DATABASE $name" :
		"CREATE DATABASE $name TEMPLATE template0 ENCODING '$setting' LC_COLLATE 'C' LC_CTYPE 'C'");
	# 1.0 is as it is.
	$node->safe_psql($name, q{CREATE EXTENSION dpmeta VERSION '1.0'});
	$node->safe_psql('postgres', "ALTER DATABASE $name SET $setting = '$value'")
		if defined $value;
	$node->safe_psql($name, 'ALTER EXTENSION dpmeta UPDATE');
	is(register($node, 'register_data_product(' . product('odd') . ')', $name),
		'dp:odd:v1.0', "updated with @$case");
	$node->safe_psql($name, 'DROP EXTENSION dpmeta CASCADE; CREATE EXTENSION dpmeta');
	is(register($node, 'register_data_product(' . product('odd') . ')', $name),
		'dp:odd:v1.0', "and made anew with @$case");
	is($node->safe_psql($name, 'SELECT count(*) FROM dpmeta.check() WHERE violations > 0'), '0',
		'and in order');
}

# What plans cost that must do with a method that was ruled out is no reason to compile them.
register($node, 'register_data_product(' . product('jitted') . ')');
$node->safe_psql('postgres', q{
	LOAD 'auto_explain';
	SET jit = on; SET jit_above_cost = 100000;
	SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
	SET auto_explain.log_nested_statements = on; SET client_min_messages = log;
	SELECT count(*) FROM dpmeta.list_changes('dp:jitted:v1.0', 'v1.0')});
my $log = slurp_file($node->logfile);
like($log, qr/Query Text/, 'plans of statements within are told');
unlike($log, qr/JIT:/, 'and none of them is compiled');

done_testing();
