# Rights are kept as they were granted: by an update, by a dump of an older version,
# by set_owner(), and when the role that created the extension is dropped.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';

# Each right on what is in the schema: of whom, by whom, to which name.
sub rights
{
	my ($database, $condition) = @_;

	return $node->safe_psql($database, qq{
		SELECT a.grantee::regrole, a.grantor::regrole, a.is_grantable, o.name, a.privilege_type
		FROM (
			SELECT p.proname AS name, coalesce(p.proacl, acldefault('f', p.proowner)) AS acl, p.proowner AS owner,
				p.oid::regprocedure::text AS identity
			FROM pg_proc p WHERE p.pronamespace = 'dpmeta'::regnamespace
			UNION ALL
			SELECT c.relname, c.relacl, c.relowner, c.oid::regclass::text
			FROM pg_class c WHERE c.relnamespace = 'dpmeta'::regnamespace
		) o, aclexplode(o.acl) a
		WHERE a.grantee <> o.owner AND ($condition)
		ORDER BY a.grantee::regrole::text, o.name, 2, 3, 5, o.identity});
}

sub restored
{
	my ($database, $prepare) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0");
	$node->safe_psql($database, $prepare) if defined $prepare;
	$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $database, '-f', $dump ],
		"$database: restored");
	return;
}

# An update keeps what was granted, and gives what is new to whoever has their rung.
my @roles = qw(a_reader a_front narrowed single lender borrower);
$node->safe_psql('postgres', join ';', map { "CREATE ROLE $_" } @roles);
$node->safe_psql('postgres', 'CREATE DATABASE old');
$node->safe_psql('old', q{
	CREATE EXTENSION dpmeta VERSION '1.0';
	SELECT dpmeta.grant_reader('a_reader'), dpmeta.grant_front('a_front'), dpmeta.grant_producer('narrowed');
	REVOKE SELECT ON dpmeta.events FROM narrowed;
	REVOKE EXECUTE ON FUNCTION dpmeta.list_versions(dpmeta.dpid, boolean) FROM narrowed;
	GRANT EXECUTE ON FUNCTION dpmeta.validate_ref(text, jsonb, boolean), dpmeta.schema_cache(),
		dpmeta.get_data_product(dpmeta.dpid), dpmeta.list_data_products,
		dpmeta.catalog_schemas(regnamespace, boolean) TO single;
	REVOKE EXECUTE ON FUNCTION dpmeta.validate(jsonb, jsonb, boolean) FROM PUBLIC;
	GRANT EXECUTE ON FUNCTION dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion) TO lender WITH GRANT OPTION;
	GRANT USAGE ON SCHEMA dpmeta TO lender, borrower, single;
	SET ROLE lender;
	GRANT EXECUTE ON FUNCTION dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion) TO borrower});
my $of_old = q{o.name IN (SELECT proname FROM before_update) AND (a.grantee <> 0 OR o.name = 'validate')
	AND o.identity NOT IN ('validate_ref(text,jsonb,boolean,text)', 'is_valid_ref(text,jsonb,boolean,text)',
		'validate(jsonb,jsonb,boolean,text)', 'get_data_product(dpid,timestamp with time zone)',
		'get_schema(dpid,timestamp with time zone)', 'wait_for_position(text,integer)')};
$node->safe_psql('old', q{CREATE TABLE before_update AS
	SELECT proname FROM pg_proc WHERE pronamespace = 'dpmeta'::regnamespace
	UNION SELECT relname FROM pg_class WHERE relnamespace = 'dpmeta'::regnamespace});
my $before = rights('old', $of_old);
$node->command_ok([ 'pg_dump', '-f', $dump, 'old' ], '1.0 is dumped');
$node->safe_psql('old', 'ALTER EXTENSION dpmeta UPDATE');
is(rights('old', $of_old), $before, 'an update keeps every right, and gives no more of what was there');
unlike(rights('old', "a.grantee::regrole::text IN ('narrowed', 'single', 'lender', 'borrower')"),
	qr/follow_events|log_months|validate_output_ref/, 'who has not all of a rung gets nothing new');
my $reader = rights('old', "a.grantee = 'a_reader'::regrole");
like($reader, qr/follow_events.*log_months/s, 'who has it does');
$node->safe_psql('postgres', q{SELECT dpmeta.grant_reader('a_reader')});
is($reader, rights('postgres', "a.grantee = 'a_reader'::regrole"), 'all of it');

# A dump of 1.0 goes into 1.0, which is updated then.
restored('from_old', q{CREATE EXTENSION dpmeta VERSION '1.0'});
$node->safe_psql('from_old', 'ALTER EXTENSION dpmeta UPDATE');
is(rights('from_old', 'a.grantee <> 0'), rights('old', 'a.grantee <> 0'), 'a dump of 1.0 is restored with the rights');

# and an updated one is dumped with them
$node->command_ok([ 'pg_dump', '-f', $dump, 'old' ], 'what was updated is dumped');
restored('from_new');
is(rights('from_new', 'true'), rights('old', 'true'), 'and restored with the rights');

# The role that the functions run as keeps what grant_* gave to it, and takes no harm
# from losing it.
$node->safe_psql('postgres', 'CREATE ROLE worker; CREATE ROLE plain_worker');
my $of_worker = "a.grantee = 'worker'::regrole";
foreach my $rung ('', qw(reader producer steward front))
{
	my ($name, $state) = ($rung || 'none', '');

	$node->safe_psql('postgres', "SELECT dpmeta.grant_$rung('worker')") if $rung;
	my $granted = rights('postgres', $of_worker);
	foreach my $other ('NULL', "'plain_worker'")
	{
		$node->safe_psql('postgres', "SELECT dpmeta.set_owner('worker'); SELECT dpmeta.set_owner($other)");
		is(rights('postgres', $of_worker), $granted, "$name: set_owner($other) takes what set_owner gave");
	}
	$node->safe_psql('postgres', 'SELECT dpmeta.set_owner(NULL)');
	is(rights('postgres', "a.grantee = 'plain_worker'::regrole"), '', "$name: all of it");
	next unless $rung;
	$node->safe_psql('postgres', "SELECT dpmeta.revoke_reader('worker'); SELECT dpmeta.set_owner('worker')");
	my $needed = rights('postgres', $of_worker);
	$node->safe_psql('postgres', "SELECT dpmeta.grant_$rung('worker'); SELECT dpmeta.revoke_reader('worker')");
	is(rights('postgres', $of_worker), $needed, "$name: the owner keeps what it needs");
	$node->safe_psql('postgres', "SELECT dpmeta.set_owner(NULL)");
	is(rights('postgres', $of_worker), '', "$name: until it is no longer the owner");
}

# A predefined role is nobody's alone.
foreach my $call (qw(set_owner grant_owner))
{
	my (undef, undef, $error) = $node->psql('postgres', "SELECT dpmeta.$call('pg_write_all_data')");
	like($error, qr/ERROR:  role pg_write_all_data is one of PostgreSQL's own\nDETAIL.*\nHINT/, "not by $call()");
}
is($node->safe_psql('postgres', q{BEGIN; GRANT EXECUTE ON FUNCTION dpmeta.owner() TO pg_write_all_data; SELECT dpmeta.owner()}),
	$node->safe_psql('postgres', 'SELECT dpmeta.owner()'), 'nor by GRANT');

# The role that created the extension goes.
$node->safe_psql('postgres', q{
	CREATE ROLE founder SUPERUSER LOGIN; CREATE ROLE "Odd=1/2" SUPERUSER; CREATE ROLE dbo LOGIN;
	CREATE DATABASE founded; CREATE DATABASE theirs OWNER dbo});
foreach my $way ([ 'founded', 'founder' ], [ 'theirs', 'dbo' ])
{
	my ($database, $role) = @$way;

	is($node->psql($database, 'CREATE EXTENSION dpmeta', extra_params => [ '-U', $role ]), 0, "$database: created by $role");
	$node->safe_psql($database, qq{
		SELECT dpmeta.grant_reader('a_reader');
		REASSIGN OWNED BY $role TO "Odd=1/2"; DROP OWNED BY $role});
	register($node, 'register_data_product(' . product('orders') . ')', $database);
}
$node->safe_psql('postgres', 'REASSIGN OWNED BY dbo TO "Odd=1/2"; DROP ROLE founder, dbo');
foreach my $database (qw(founded theirs))
{
	my $broken = q{SELECT count(*) FROM dpmeta.check() WHERE name = 'first rights' AND violations > 0};
	my $noted = $node->safe_psql($database, 'SHOW server_version_num') < 170000 ? 1 : 0;

	is($node->safe_psql($database, $broken), $noted, "$database: check() says that it cannot be dumped");
	is($node->safe_psql($database, 'SELECT dpmeta.forget_dropped_roles() > 0'), $noted ? 't' : 'f', "$database: mended");
	is($node->safe_psql($database, $broken), 0, "$database: and check() is content");
	is($node->safe_psql($database, 'SELECT dpmeta.forget_dropped_roles()'), 0, "$database: there is nothing more to mend");
	$node->command_ok([ 'pg_dump', '-f', $dump, $database ], "$database: dumped");
	unlike(slurp_file($dump), qr/^(GRANT|REVOKE).*"\d+"/m, "$database: no role that is gone is in the dump");
	restored("again_$database");
	like(rights("again_$database", "a.grantee = 'a_reader'::regrole"), qr/data_products/, "$database: a reader has its rights");
}

done_testing();
