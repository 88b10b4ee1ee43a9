# pg_upgrade takes a store to another server as it is: the data, the rights, and
# what users have built on it.
#
# The old server is of the new one's version, or is that whose folder bin is in
# TEST_OLD_SERVER (/usr/lib/postgresql/15); then both have the extension installed.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $old_server = $ENV{TEST_OLD_SERVER};
chomp(my $new_programs = `pg_config --bindir`);
my @databases = qw(fresh updated);
my @frozen = grep { -e "$ENV{TEST_SOURCE}/extension/updates/dpmeta--$_.sql" } '1.0';

# Checksums are the default of some versions, and must be alike.
sub server
{
	my ($name, $install_path) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name,
		$install_path ? (install_path => $install_path) : ());

	# what is staged is of one version
	local $ENV{TEMP_CONFIG} = $old_server ? undef : $ENV{TEMP_CONFIG};
	delete $ENV{TEMP_CONFIG} unless defined $ENV{TEMP_CONFIG};
	$node->init(extra => [ @initdb_options, '--data-checksums' ]);
	$node->append_conf('postgresql.conf', qq{
		search_path = '"\$user", public, dpmeta'});
	return $node;
}

# A store with all that there can be in one, and what users have built on it.
sub fill
{
	my ($node, $database) = @_;

	register($node, 'register_data_product('
		  . product('orders', tags => '{"team": "red"}') . ", idempotency_key => 'a key')",
		$database);
	register($node, "register_schema('dp:orders:lines', " . table_schema(id => 'int') . ')',
		$database);
	register($node, "update_schema('dp:orders:lines', " . table_schema(id => 'bigint') . ')',
		$database);
	# a minor of an older major, which is a branch
	register($node, "update_schema('dp:orders:v1:lines', "
		  . table_schema(id => 'int', more => 'string') . ')', $database);
	register($node, 'register_data_product(' . product('gone') . ')', $database);
	register($node, "delete_data_product('dp:gone')", $database);
	$node->safe_psql($database, q{
		SELECT dpmeta.set_owner('up_owner');
		SELECT dpmeta.grant_reader('up_reader');
		SELECT dpmeta.grant_producer('up_producer');
		SELECT dpmeta.set_domains(ARRAY['Sales', 'HQ']);
		CREATE TABLE pinned (id dpmeta.dpid PRIMARY KEY, version dpmeta.dpversion,
			type dpmeta.column_type UNIQUE);
		CREATE INDEX ON pinned (version DESC);
		CREATE INDEX ON pinned USING hash (version);
		INSERT INTO pinned VALUES ('dp:orders:v1.9', 'v1.9', 'int'), ('dp:orders:v1.10', 'v1.10', 'map<string,int>');
		CREATE VIEW newest AS
			SELECT version::dpmeta.dpversion, count(*) FROM dpmeta.data_product_versions GROUP BY 1;
		CREATE MATERIALIZED VIEW majors AS
			SELECT DISTINCT version::dpmeta.dpversion, id FROM dpmeta.data_product_versions ORDER BY 1 DESC;
		ANALYZE});
	return;
}

# Who may do what, in words that no version of the server has otherwise.  From 17
# on pg_upgrade makes members of the types of rows and arrays too.
my $rights = q{
	SELECT concat_ws(' ', i.type, i.identity, r.rolname, p.privilege)
	FROM pg_depend d
		CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) i
		CROSS JOIN (SELECT oid, rolname FROM pg_roles WHERE rolname LIKE 'up\\_%') r
		CROSS JOIN unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,EXECUTE,USAGE}'::text[]) p(privilege)
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
		AND CASE
			WHEN d.classid = 'pg_proc'::regclass AND p.privilege = 'EXECUTE'
				THEN has_function_privilege(r.oid, d.objid, p.privilege)
			WHEN d.classid = 'pg_type'::regclass AND p.privilege = 'USAGE'
				AND i.identity !~ '\[\]$' AND to_regclass(i.identity) IS NULL
				THEN has_type_privilege(r.oid, d.objid, p.privilege)
			WHEN d.classid = 'pg_namespace'::regclass AND p.privilege = 'USAGE'
				THEN has_schema_privilege(r.oid, d.objid, p.privilege)
			WHEN d.classid = 'pg_class'::regclass AND p.privilege NOT IN ('EXECUTE', 'USAGE')
				AND (SELECT relkind <> 'S' FROM pg_class WHERE oid = d.objid)
				THEN has_table_privilege(r.oid, d.objid, p.privilege)
			END
	ORDER BY 1};

# Every row of every table and view, and what the functions say.
sub contents
{
	my ($node, $database) = @_;
	my @relations = split /\n/, $node->safe_psql($database, q{
		SELECT oid::regclass FROM pg_class
		WHERE relkind IN ('r', 'v', 'm') AND relnamespace IN ('dpmeta'::regnamespace, 'public'::regnamespace)
		ORDER BY 1});

	return join "\n",
	  map({ "$_: " . $node->safe_psql($database, all_rows($_)) } @relations),
	  map({ get($node, $_, $database) } qw(dp:orders dp:orders:v1 dp:orders:v1:lines dp:orders:v1.1:lines)),
	  'owner', $node->safe_psql($database, 'SELECT dpmeta.owner()'),
	  'rights', $node->safe_psql($database, $rights);
}

my $old = server('old', $old_server);
my $new = server('new');
my $old_programs = $old_server ? "$old_server/bin" : $new_programs;

$old->start;
$old->safe_psql('postgres', 'CREATE ROLE up_reader; CREATE ROLE up_producer; CREATE ROLE up_owner');
foreach my $database (@databases)
{
	$old->safe_psql('postgres', "CREATE DATABASE $database");
	$old->safe_psql($database, $database eq 'fresh' ? 'CREATE EXTENSION dpmeta'
		: "CREATE EXTENSION dpmeta VERSION '$frozen[0]'; ALTER EXTENSION dpmeta UPDATE");
	fill($old, $database);
}
# Which operator class a parsed body sorts by is not known to pg_dump, which puts
# functions first: no such function, nor a view that it reads, is to sort by our types.
is($old->safe_psql('fresh', q{
		BEGIN;
		CREATE FUNCTION sorts() RETURNS SETOF dpmeta.dpversion
			BEGIN ATOMIC SELECT DISTINCT version FROM dpmeta.product_version; END;
		CREATE FUNCTION reads() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM newest; END;
		WITH RECURSIVE parsed AS (
			SELECT 'pg_proc'::regclass AS class, oid, prosqlbody::text AS tree
			FROM pg_proc WHERE prosqlbody IS NOT NULL
			UNION
			SELECT 'pg_class'::regclass, c.oid, r.ev_action::text
			FROM parsed p
				JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND (
					d.classid = p.class AND d.objid = p.oid
					OR p.class = 'pg_class'::regclass AND d.classid = 'pg_rewrite'::regclass
						AND d.objid IN (SELECT oid FROM pg_rewrite WHERE ev_class = p.oid))
				JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'v'
				JOIN pg_rewrite r ON r.ev_class = c.oid)
		SELECT DISTINCT pg_describe_object(p.class, p.oid, 0)
		FROM parsed p
			CROSS JOIN regexp_matches(p.tree, ':(?:eqop|sortop) (\d+)', 'g') m
			JOIN pg_operator o ON o.oid = m[1]::oid
		WHERE o.oprnamespace = 'dpmeta'::regnamespace
		ORDER BY 1}),
	"function sorts()\nview newest", 'no function of ours sorts by our types in a parsed body');
my %before = map { $_ => contents($old, $_) } @databases;
like($before{fresh}, qr/dp:orders:v1.2.*owner\nup_owner\nrights.*up_producer/s, 'there is something to keep');
$old->stop;

# It writes into the folder that it is called in.
chdir $PostgreSQL::Test::Utils::tmp_check or die $!;
my $said;
my $upgraded = IPC::Run::run(
	[
		'pg_upgrade', '--no-sync', '-d', $old->data_dir, '-D', $new->data_dir,
		'-b', $old_programs, '-B', $new_programs,
		'-s', $new->host, '-p', $old->port, '-P', $new->port
	], '>&', \$said);
ok($upgraded, 'pg_upgrade');
if (!$upgraded)
{
	diag($said, map { slurp_file($_) } grep { -f }
		glob($new->data_dir . '/pg_upgrade_output.d/*/{*.txt,log/pg_upgrade_dump*.log}'));
	BAIL_OUT('there is no upgraded cluster to look at');
}

$new->start;
foreach my $database (@databases)
{
	is(contents($new, $database), $before{$database}, "$database: all is as it was");
	is(register($new, "patch_data_product('dp:orders', '{\"retentionPeriod\": 9}')", $database),
		'dp:orders:v2.1', "$database: it goes on");
	is($new->safe_psql($database, 'SELECT replayed FROM dpmeta.register_data_product('
			  . product('orders', tags => '{"team": "red"}') . ", idempotency_key => 'a key')"),
		't', "$database: a retry from before replays");
	is($new->safe_psql($database, q{SET enable_seqscan = off;
			SELECT string_agg(id::text, ' ' ORDER BY version) FROM pinned WHERE version > 'v1.1'}),
		'dp:orders:v1.9 dp:orders:v1.10', "$database: indexes of users work");
	is(refused($new, q{SET ROLE up_reader; SELECT dpmeta.patch_data_product('dp:orders', '{}')},
			$database), '42501', "$database: a reader does not write");
	$new->safe_psql($database, 'DROP MATERIALIZED VIEW majors; DROP VIEW newest; DROP TABLE pinned');
	$new->safe_psql($database, 'DROP EXTENSION dpmeta');
}

done_testing();
