# The owner of a database who is no superuser has the extension as their own:
# creates it, uses all of it, lets others in, dumps, restores, updates and drops
# it.  They gain nothing by it that they had not before.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';

$node->safe_psql('postgres', q{
	CREATE ROLE dbo LOGIN;
	CREATE ROLE narrow;
	CREATE ROLE a_reader LOGIN;
	CREATE ROLE a_producer LOGIN;
	CREATE ROLE a_steward LOGIN;
	CREATE ROLE a_front LOGIN});
$node->safe_psql('postgres', "CREATE DATABASE $_ OWNER dbo TEMPLATE template0")
  foreach qw(theirs updated again narrowed);

# What a statement prints, or its SQLSTATE, in a session of the role.
sub as
{
	my ($role, $statement, $database) = @_;
	my ($status, $out, $err) = $node->psql($database // 'theirs',
		"\\set VERBOSITY sqlstate\n$statement", extra_params => [ '-U', $role ]);

	return $err =~ /(?:ERROR|FATAL|PANIC):\s+(\w{5})/ ? $1 : $err =~ /closed the connection/ ? 'crash' : $out;
}

is(as('dbo', 'CREATE EXTENSION dpmeta'), '', 'created by who owns the database');
is(as('dbo', 'SELECT dpmeta.owner()'), 'dbo', 'and the functions run as that role');

# All that is there belongs to a superuser
my $superuser = $node->safe_psql('postgres', 'SELECT rolname FROM pg_roles WHERE oid = 10');
is($node->safe_psql('theirs', q{
		SELECT DISTINCT coalesce(s.refobjid, 10)::regrole
		FROM pg_depend d
		LEFT JOIN pg_shdepend s ON s.classid = d.classid AND s.objid = d.objid AND s.deptype = 'o'
			AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
		WHERE d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'dpmeta')}),
	$superuser, 'nothing in it belongs to them');

# Every function that anybody may be given, and every one for a DBA
my @calls = (
	q{grant_reader('a_reader')}, q{grant_producer('a_producer')}, q{grant_steward('a_steward')},
	q{grant_front('a_front')}, q{revoke_front('a_front')}, q{revoke_steward('a_steward')},
	q{revoke_producer('a_producer')}, q{revoke_reader('a_reader')},
	q{grant_reader('a_reader')}, q{grant_producer('a_producer')}, q{grant_steward('a_steward')},
	q{grant_front('a_front')},
	q{set_domains(ARRAY['Sales', 'HQ'])}, q{domains()}, q{model('schema')},
	q{register_json_schema('https://example.org/x', '{"type": "integer"}')},
	q{is_valid_ref('https://example.org/x', '1')}, q{validate_ref('https://example.org/x', '"1"')},
	q{validate_output_ref('https://example.org/x', '1')}, q{schema_cache()},
	q{unregister_json_schema('https://example.org/x')},
	'register_data_product(' . product('orders', domain => '"Sales"') . ", idempotency_key => 'k')",
	'register_data_product(' . product('gone') . ', idempotent => true)',
	q{update_data_product('dp:orders', } . product(undef, retentionPeriod => 9) . ')',
	q{patch_data_product('dp:orders', '{"status": "published"}')},
	q{register_schema('dp:orders:lines', } . table_schema(id => 'int') . ')',
	q{register_schema('dp:orders:more', } . table_schema(id => 'int') . ')',
	q{update_schema('dp:orders:lines', } . table_schema(id => 'bigint') . ')',
	q{patch_schema('dp:orders:lines', '{"tableDescription": "x"}')},
	q{update_schema('dp:orders:v1:lines', } . table_schema(id => 'int', n => 'int') . ')',
	q{delete_schema('dp:orders:more')},
	'sync_data_product(' . product('synced') . q{, '{"t": {"tableDescription": "", "columns": []}}')},
	q{lock_data_product('orders')}, q{catalog_type('int'::regtype, -1)},
	q{catalog_schemas('information_schema', only_tables => '{tables,columns}')}, q{catalog_product_name('information_schema', '{}', false)},
	q{check_catalog_schemas('information_schema', '{}', false)}, q{check_catalog_names('information_schema', false, NULL, NULL, '{}', false)},
	q{check_catalog_rights('information_schema', '{tables,columns}', NULL, false)}, q{catalog_relations('information_schema', false, NULL, NULL, '{}', false)},
	q{catalog_columns('information_schema', false, NULL, NULL, '{}', false)},
	q{catalog_definitions('information_schema', false, NULL, NULL, '{}', false)},
	q{catalog_merged('information_schema', 'x', '{}', false, NULL, NULL, '{}', false)},
	q{check_catalog('information_schema', } . product('x') . q{, '{}', false)},
	'check_catalog_product(' . product('x') . ')',
	q{register_catalog_schema('information_schema', } . product('catalogue') . q{, only_tables => '{tables,columns}')},
	'check()', 'cut_log(now())', 'log_kept_since()', 'idempotency_retention()',
	q{report_load('dp:orders', now(), 7)}, q{set_sunset('orders', '2050-01-01')},
	q{delete_data_product('dp:gone')}, q{restore_data_product('dp:gone')}, q{delete_data_product('dp:gone')},
	q{purge_data_product('gone')}, q{purge_idempotency_keys()},
	q{get_data_product('dp:orders')}, q{get_schema('dp:orders:v1:lines')},
	q{list_data_products(q => 'test')}, q{data_products_page(status => 'published')},
	q{list_versions('dp:orders')}, q{list_changes('dp:orders', 'v1.0')}, q{follow_events()},
	q{take_over()}, q{check()}, q{cut_log('2001-01-01')}, q{stats()}, q{version()}, q{check_actor(NULL, NULL)}, q{owner()}, q{role_rights()});

sub use_all
{
	my ($database, $who) = @_;

	foreach my $call (@calls)
	{
		unlike(as('dbo', "SELECT * FROM dpmeta.$call", $database), qr/^(\w{5}|crash)$/, "$who: $call");
	}
	is(as('dbo', q{CALL dpmeta.wait_for_position('0/1', 1)}, $database), '', "$who: wait_for_position");
	foreach my $view (views())
	{
		like(as('dbo', "SELECT count(*) FROM dpmeta.$view", $database), qr/^\d+$/, "$who: view $view");
	}
	return;
}

sub views
{
	return split /\n/, $node->safe_psql('theirs', q{
		SELECT name FROM dpmeta.role_rights() WHERE kind = 'view'});
}

use_all('theirs', 'the owner');
is($node->safe_psql('theirs', q{
		SELECT DISTINCT r.kind || ' ' || r.name
		FROM dpmeta.role_rights() r
		LEFT JOIN pg_proc p ON r.kind = 'function' AND p.proname = r.name AND p.pronamespace = 'dpmeta'::regnamespace
		WHERE NOT CASE r.kind WHEN 'function' THEN has_function_privilege('dbo', p.oid, 'EXECUTE')
			ELSE has_table_privilege('dbo', 'dpmeta.' || r.name, 'SELECT') END}),
	'', 'they may do all that they may give');

# Those whom they let in
sub others
{
	my ($database, $who) = @_;

	like(as('a_reader', 'SELECT count(*) FROM dpmeta.data_products', $database), qr/^[1-9]/, "$who: a reader reads");
	is(as('a_reader', q{SELECT dpmeta.patch_data_product('dp:orders', '{}')}, $database), '42501',
		"$who: and does not write");
	is(as('a_producer', q{SELECT dpmeta.patch_data_product('dp:orders', '{"status": "retired"}')}, $database),
		'MD009', "$who: a producer does not retire");
	is(as('a_steward', q{SELECT (dpmeta.patch_data_product('dp:orders', '{"status": "retired"}')).kind}, $database),
		'minor', "$who: a steward does");
	is(as('a_front', q{SELECT (dpmeta.patch_data_product('dp:orders', '{"status": "published"}',
			actor => 'ann@example.org', actor_roles => '{steward}')).kind}, $database), 'minor',
		"$who: the front acts for another");
	is(as('a_producer', 'SELECT count(*) FROM dpmeta.product', $database), '42501', "$who: tables are private");
	is($node->safe_psql($database, 'SELECT actor, session_role FROM dpmeta.events ORDER BY event_id DESC LIMIT 1'),
		'ann@example.org|a_front', "$who: the log says who");
	return;
}

others('theirs', 'the owner');

# A materialized view writes nothing in the session of whoever refreshes it
is($node->safe_psql('theirs', 'SELECT dpmeta.domains()'), '{HQ,Sales}', 'domains');
is(as('dbo', q{CREATE SCHEMA mine; CREATE MATERIALIZED VIEW mine.trap AS
		SELECT dpmeta.set_domains('{Evil}') AS d WITH NO DATA}), '', 'a materialized view that would');
is(refused($node, 'REFRESH MATERIALIZED VIEW mine.trap', 'theirs'), 'MD009', 'is refused');
is($node->safe_psql('theirs', 'DROP SCHEMA mine CASCADE; SELECT dpmeta.domains()'), '{HQ,Sales}', 'and the domains are as they were');

# What they may not do: whatever would have their code run as another, or ours
# meet what it does not expect
foreach my $attempt (
	'CREATE FUNCTION dpmeta.mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
	'CREATE TABLE dpmeta.mine (i int)',
	'CREATE OR REPLACE FUNCTION dpmeta.stats() RETURNS jsonb LANGUAGE sql AS $$ SELECT NULL::jsonb $$',
	'CREATE OR REPLACE VIEW dpmeta.tags AS SELECT 1 AS i',
	'ALTER FUNCTION dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion, int, timestamptz) STRICT',
	'ALTER FUNCTION dpmeta.as_owner_stats() OWNER TO dbo',
	'ALTER TABLE dpmeta.model ALTER schema TYPE text',
	'ALTER TABLE dpmeta.event DISABLE TRIGGER event_arrived',
	'ALTER TYPE dpmeta.dpversion OWNER TO dbo',
	'ALTER SCHEMA dpmeta RENAME TO mine',
	'DROP FUNCTION dpmeta.stats()',
	'ALTER EXTENSION dpmeta DROP FUNCTION dpmeta.stats()',
	'CREATE TRIGGER t AFTER INSERT ON dpmeta.event EXECUTE FUNCTION suppress_redundant_updates_trigger()',
	'CREATE RULE r AS ON INSERT TO dpmeta.event DO INSTEAD NOTHING',
	'CREATE TABLE public.t (p bigint REFERENCES dpmeta.product)',
	'CREATE INDEX ON dpmeta.event (actor)',
	'CREATE POLICY p ON dpmeta.event',
	'TRUNCATE dpmeta.domain',
	'SELECT dpmeta.publish()',
	q{UPDATE dpmeta.model SET schema = '{}'},
	q{INSERT INTO dpmeta.model VALUES ('mine', '{}')},
	"SELECT dpmeta.run_as(10, 'CREATE ROLE evil SUPERUSER')",
	'SELECT dpmeta.as_owner_stats()',
	q{SELECT dpmeta.change_rights('grant', 'a_reader', 1, 4)},
	q{SELECT dpmeta.grant_owner('a_reader')})
{
	like(as('dbo', "SET ROLE dbo; $attempt"), qr/^(42501|2BP01|42P13)$/, "refused: $attempt");
}
is(as('dbo', "SELECT dpmeta.set_owner('$superuser')"), '22023', 'the functions are not made to run as a superuser');
is(as('dbo', "GRANT EXECUTE ON FUNCTION dpmeta.owner() TO \"$superuser\"; SELECT dpmeta.owner()"), 'dbo',
	'nor by GRANT');
as('dbo', "REVOKE EXECUTE ON FUNCTION dpmeta.owner() FROM \"$superuser\"");
$node->safe_psql('postgres', 'CREATE ROLE other_superuser SUPERUSER');
is(as('dbo', 'GRANT EXECUTE ON FUNCTION dpmeta.owner() TO other_superuser; SELECT dpmeta.owner()'), 'dbo',
	'nor as another superuser');
as('dbo', 'REVOKE EXECUTE ON FUNCTION dpmeta.owner() FROM other_superuser');
is($node->safe_psql('postgres', "SELECT rolsuper FROM pg_roles WHERE rolname = 'dbo'"), 'f', 'they are who they were');

# A dump by them, restored by them and by a superuser
sub contents
{
	my ($database) = @_;

	return join "\n", map {
		"$_:\n" . $node->safe_psql($database,
			"SELECT (to_jsonb(v) - 'transaction_id')::text COLLATE \"C\" FROM dpmeta.$_ v ORDER BY 1")
	} views();
}

sub dump_as
{
	my ($database, $role) = @_;

	$node->command_ok([ 'pg_dump', '-U', $role, '-Fc', '-f', $dump, $database ], "$database: dumped by $role");
	return;
}

sub restore_as
{
	my ($database, $role, @options) = @_;

	$node->safe_psql('postgres', "DROP DATABASE IF EXISTS $database");
	$node->safe_psql('postgres', "CREATE DATABASE $database OWNER dbo TEMPLATE template0");
	$node->command_ok([ 'pg_restore', '-e', '-U', $role, @options, '-d', $database, $dump ],
		"$database: restored by $role @options");
	is(contents($database), contents('theirs'), "$database: all is there");
	is(as('dbo', q{SELECT replayed FROM dpmeta.register_data_product(}
			. product('orders', domain => '"Sales"') . ", idempotency_key => 'k')", $database),
		$role eq 'dbo' || @options ? 't' : '42501', "$database: it remembers");
	others($database, "$database, restored by $role");
	return;
}

dump_as('theirs', 'dbo');
restore_as('again', 'dbo');
is(as('dbo', 'SELECT dpmeta.owner()', 'again'), 'dbo', 'the functions run as them there');
is(as('dbo', q{SELECT dpmeta.revoke_reader('a_front'), dpmeta.revoke_steward('a_steward')}, 'again'), '|',
	'rights that came by the restore are taken back');
is(as('a_front', 'SELECT dpmeta.version()', 'again'), '42501', 'so that nothing is left');
is(as('a_steward', q{SELECT dpmeta.delete_data_product('dp:orders')}, 'again'), '42501', 'or as much as was said');
is(as('a_steward', q{SELECT kind FROM dpmeta.patch_data_product('dp:orders', '{"retentionPeriod": 77}')}, 'again'),
	'minor', 'and the rest is');
$node->safe_psql('postgres', 'ALTER ROLE dbo SUPERUSER; ALTER ROLE dbo NOSUPERUSER');
restore_as('by_superuser', $node->safe_psql('postgres', 'SELECT current_user'));
restore_as('for_them', $node->safe_psql('postgres', 'SELECT current_user'), '--role=dbo');
is(as('dbo', 'SELECT dpmeta.owner()', 'for_them'), 'dbo', 'restored for them, it is theirs');

# A role for the functions alone
is(as('dbo', "SELECT dpmeta.set_owner('narrow'); SELECT dpmeta.owner()"), "\nnarrow", 'the owner names another role');
others('theirs', 'narrow');
dump_as('theirs', 'dbo');
foreach my $way ([ 'by_them', 'dbo' ], [ 'by_superuser', $node->safe_psql('postgres', 'SELECT current_user') ])
{
	restore_as(@$way);
	is($node->safe_psql($way->[0], 'SELECT dpmeta.owner()'), 'narrow', "$way->[0]: it is kept");
	is($node->safe_psql($way->[0], q{SELECT has_table_privilege('narrow', 'dpmeta.event', 'INSERT')}), 't',
		"$way->[0]: with its rights");
}
is(as('dbo', 'CREATE EXTENSION dpmeta', 'narrowed'), '', 'created once more');
as('dbo', "SELECT dpmeta.set_owner('narrow')", 'narrowed');
use_all('narrowed', 'narrow');
$node->safe_psql('narrowed', 'REVOKE INSERT ON dpmeta.event FROM narrow');
is(as('a_producer', 'SELECT dpmeta.register_data_product(' . product('fresh') . ')', 'narrowed'), '42501',
	'it is that role that writes');
is(as('dbo', 'SELECT dpmeta.set_owner(NULL); SELECT dpmeta.owner()', 'narrowed'), "\ndbo", 'and no longer');
is(as('a_producer', 'SELECT kind FROM dpmeta.register_data_product(' . product('fresh') . ')', 'narrowed'), 'initial',
	'then the owner does');

# 1.0, and updated by them
is(as('dbo', "CREATE EXTENSION dpmeta VERSION '1.0'", 'updated'), '', '1.0');
is(as('dbo', 'ALTER EXTENSION dpmeta UPDATE', 'updated'), '', '1.0 is updated by them');
is(as('dbo', 'SELECT dpmeta.owner()', 'updated'), 'dbo', 'and theirs');
use_all('updated', 'updated');
dump_as('updated', 'dbo');
$node->safe_psql('postgres', 'CREATE DATABASE updated_again OWNER dbo TEMPLATE template0');
$node->command_ok([ 'pg_restore', '-e', '-U', 'dbo', '-d', 'updated_again', $dump ], 'restored by them');

# What they may put into the tables, or have from a dump, need be no document: no
# crash
my $long = "repeat('a', 20000)";
foreach my $odd (
	[ q{'[]', '1'}, q{'null'}, q{'7'}, q{'[]'}, q{'{}'}, q{'t'} ],
	[ q{'{}', '{}'}, q{'""'}, q{'{}'}, q{'1'}, q{'[1]'}, $long ],
	[ q{'"x"', '"x"'}, q{'[1]'}, q{'{"columns": {}}'}, q{'{}'}, q{'[[]]'}, q{''} ],
	[ q{'{"status": {}, "tags": []}', '{"rowCount": "x"}'}, q{'{}'}, q{'{"columns": [1]}'}, q{'"x"'},
		q{'[{}, {"change": 1}]'}, q{'v1'} ],
	[ q{'[1]', '[[]]'}, q{'1'}, q{'{"columns": [{"name": 1, "type": []}, {}, []]}'}, q{'{}'}, q{'"x"'}, q{'T'} ])
{
	my ($metadata_and_facts, $document, $definition, $table_document, $changes, $table) = @$odd;

	is(as('dbo', qq{
		DELETE FROM dpmeta.event; DELETE FROM dpmeta.idempotency_key; DELETE FROM dpmeta.table_range;
		DELETE FROM dpmeta.product_state; DELETE FROM dpmeta.undone_deletion; DELETE FROM dpmeta.past_facts;
		DELETE FROM dpmeta.search_entry;
		DELETE FROM dpmeta.table_schema; DELETE FROM dpmeta.product_version; DELETE FROM dpmeta.product;
		INSERT INTO dpmeta.product (name, current, trunk, registered_at, changed_at, domain, status, owner, tags, search)
			VALUES ('odd', 'v1.1', 'v1.1', now(), now(), '', '', '', '[]', ''),
				('none', 'v3.0', 'v3.0', now(), now(), '', '', '', '"x"', ''),
				($long, 'v1.0', 'v1.0', now(), now(), '', '', '', '"x"', '');
		INSERT INTO dpmeta.product_version (product_id, version, trunk, created_at, metadata, facts, document)
			SELECT product_id, v::dpmeta.dpversion, v::dpmeta.dpversion, now(), $metadata_and_facts, $document
			FROM dpmeta.product, unnest('{v1.0,v1.1}'::text[]) v WHERE name <> 'none';
		INSERT INTO dpmeta.table_schema (product_id, definition, document)
			SELECT product_id, $definition, $table_document FROM dpmeta.product WHERE name = 'odd';
		INSERT INTO dpmeta.table_range (product_id, table_name, branch, since, table_schema_id)
			SELECT product_id, t, 0, 'v1.0', table_schema_id
			FROM dpmeta.table_schema JOIN dpmeta.product USING (product_id), unnest(ARRAY[$table, 'tt']) t
			WHERE name = 'odd';
		INSERT INTO dpmeta.search_entry (product_id, table_name, part, words)
			SELECT product_id, t, n, 'odd:1A,2B,17C,16383D word' FROM dpmeta.product, unnest(ARRAY['', $table]) t, unnest('{-1,0,1,7}'::integer[]) n
			WHERE name = 'odd' ON CONFLICT DO NOTHING;
		INSERT INTO dpmeta.event (occurred_at, product_id, action, to_version, kind, actor, changes)
			SELECT now(), product_id, '', v::dpmeta.dpversion, 'minor', '', $changes
			FROM dpmeta.product, unnest('{v1.0,v1.1}'::text[]) v WHERE name = 'odd'}, 'updated'),
		'', 'what is no document is in the tables');
	as('dbo', 'SELECT dpmeta.register_data_product(' . product('kept') . q{, idempotency_key => 'k');
		UPDATE dpmeta.idempotency_key SET changes = } . $changes . q{, kind = '', table_name = } . $long, 'updated');
	my $crashed = '';
	foreach my $name (qw(odd none))
	{
		foreach my $call ("get_data_product('dp:$name')", "get_data_product('dp:$name:v1.0')", "get_schema('dp:$name:tt')",
			"list_versions('dp:$name')", "list_changes('dp:$name', 'v1.0')", 'list_data_products()', 'data_products_page()',
			'stats()', "search('odd')", "search_page('odds')", "search_page('od')", 'follow_events()', "patch_data_product('dp:$name', '{}')",
			"patch_data_product('dp:$name', '{\"status\": \"draft\"}')", "update_data_product('dp:$name', " . product(undef) . ')',
			"patch_schema('dp:$name:tt', '{}')", "update_schema('dp:$name:tt', " . table_schema(id => 'int') . ')',
			"register_schema('dp:$name:u', " . table_schema(id => 'int') . ')', "report_load('dp:$name', now())",
			"sync_data_product(" . product($name) . ", '{}')",
			"sync_data_product(" . product($name) . q{, '{"tt": {"tableDescription": "", "columns": []}}')},
			'register_data_product(' . product('kept') . q{, idempotency_key => 'k')},
			"delete_schema('dp:$name:tt')", "set_sunset('$name', now()::date)",
			"delete_data_product('dp:$name')", "restore_data_product('dp:$name')", "purge_data_product('$name')")
		{
			$crashed .= "$name: $call\n" if as('dbo', "BEGIN; SELECT * FROM dpmeta.$call; ROLLBACK", 'updated') eq 'crash';
		}
	}
	foreach my $view (views())
	{
		$crashed .= "$view\n" if as('dbo', "SELECT count(v::text) FROM dpmeta.$view v", 'updated') eq 'crash';
	}
	is($crashed, '', 'no crash');
}

# Dropped
is(as('dbo', 'DROP EXTENSION dpmeta', $_), '', "$_: dropped by them") foreach qw(theirs again updated narrowed);
is($node->safe_psql('theirs', q{SELECT count(*) FROM pg_proc WHERE oid >= 16384 AND pronamespace <> 'public'::regnamespace}),
	'0', 'nothing is left');

unlike(slurp_file($node->logfile), qr/terminated by signal|PANIC/, 'no crash');

# EXECUTE on everything, by a grant or as a default, names nobody.
$node->safe_psql('postgres', q{CREATE ROLE app LOGIN; CREATE DATABASE bulk});
$node->safe_psql('bulk', q{ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO app;
	CREATE EXTENSION dpmeta;
	GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dpmeta TO app});
is($node->safe_psql('bulk', 'SELECT dpmeta.owner()::oid = 10'), 't',
	'a grant on all functions does not change whom they run as');
is(register($node, 'register_data_product(' . product('bulk') . ')', 'bulk'),
	'dp:bulk:v1.0', 'and writes go on');

done_testing();
