# Whoever comes by ALTER EXTENSION UPDATE, from any version on any path, has the
# same extension as whoever creates it afresh, and keeps the data.
#
# So that the comparison is known to see differences, it is also tried with some
# made on purpose.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');

# Every member of the extension with all that the catalogues say of it.  OIDs
# differ between databases and are left out or written as names.
my $catalogue = q{
	SELECT i.type || ' ' || i.identity || ': ' || concat_ws(' | ',
		CASE d.classid
		WHEN 'pg_proc'::regclass THEN (
			SELECT concat_ws(' ', p.prosrc, p.probin, p.provolatile, p.proparallel,
				p.proisstrict, p.prosecdef, p.procost, p.prorows, p.proconfig,
				pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
				p.prosupport::text, pg_get_function_sqlbody(p.oid), p.proacl::text)
			FROM pg_proc p WHERE p.oid = d.objid)
		WHEN 'pg_class'::regclass THEN (
			SELECT concat_ws(' ', c.relkind, c.relpersistence, c.reloptions, c.relacl::text,
				CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END,
				(SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid,
						a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
						a.attstorage, a.attcollation::regcollation, a.attacl::text,
						pg_get_expr(b.adbin, b.adrelid),
						col_description(a.attrelid, a.attnum)), ', ' ORDER BY a.attnum)
					FROM pg_attribute a LEFT JOIN pg_attrdef b
						ON b.adrelid = a.attrelid AND b.adnum = a.attnum
					WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
				(SELECT string_agg(pg_get_indexdef(x.indexrelid), ', '
						ORDER BY pg_get_indexdef(x.indexrelid))
					FROM pg_index x WHERE x.indrelid = c.oid),
				(SELECT string_agg(conname || ' ' || pg_get_constraintdef(k.oid), ', '
						ORDER BY conname)
					FROM pg_constraint k WHERE k.conrelid = c.oid),
				(SELECT string_agg(pg_get_triggerdef(t.oid), ', ' ORDER BY tgname)
					FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT tgisinternal),
				(SELECT array_position(e.extconfig, c.oid) IS NOT NULL
					FROM pg_extension e WHERE e.extname = 'dpmeta'))
			FROM pg_class c WHERE c.oid = d.objid)
		WHEN 'pg_type'::regclass THEN (
			SELECT concat_ws(' ', t.typlen, t.typbyval, t.typtype, t.typcategory,
				t.typalign, t.typstorage, t.typinput, t.typoutput, t.typreceive,
				t.typsend, t.typacl::text)
			FROM pg_type t WHERE t.oid = d.objid)
		WHEN 'pg_operator'::regclass THEN (
			SELECT concat_ws(' ', o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator,
				o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash)
			FROM pg_operator o WHERE o.oid = d.objid)
		WHEN 'pg_opclass'::regclass THEN (
			SELECT concat_ws(' ', c.opcdefault, c.opcintype::regtype,
				(SELECT string_agg(concat_ws(' ', amopstrategy, amopopr::regoperator), ', '
						ORDER BY amopstrategy, amopopr::regoperator::text)
					FROM pg_amop WHERE amopfamily = c.opcfamily),
				(SELECT string_agg(concat_ws(' ', amprocnum, amproc), ', '
						ORDER BY amprocnum, amproc::text)
					FROM pg_amproc WHERE amprocfamily = c.opcfamily))
			FROM pg_opclass c WHERE c.oid = d.objid)
		WHEN 'pg_cast'::regclass THEN (
			SELECT concat_ws(' ', k.castcontext, k.castmethod, k.castfunc::regprocedure)
			FROM pg_cast k WHERE k.oid = d.objid)
		END,
		obj_description(d.objid, d.classid::regclass::name))
	FROM pg_depend d
		CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) i
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
		AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'dpmeta')
	ORDER BY 1};

# What each of the roles may do.
my @rungs = qw(reader producer steward front);
my $rights = q{
	SELECT r.role, o.what
	FROM unnest(ARRAY['reader', 'producer', 'steward', 'front']) r(role)
	JOIN (
		SELECT p.oid::regprocedure::text, p.proacl FROM pg_proc p
		WHERE p.pronamespace = 'dpmeta'::regnamespace
		UNION ALL
		SELECT c.oid::regclass::text, c.relacl FROM pg_class c
		WHERE c.relnamespace = 'dpmeta'::regnamespace
		UNION ALL
		SELECT nspname, nspacl FROM pg_namespace WHERE nspname = 'dpmeta'
	) o(what, acl) ON EXISTS (
		SELECT FROM aclexplode(o.acl) a WHERE a.grantee::regrole::text = r.role)
	ORDER BY 1, 2};

# Rows that the extension itself puts into its tables.
my $models = 'SELECT m::text COLLATE "C" FROM dpmeta.model m
	UNION ALL SELECT i::text FROM dpmeta.installed i ORDER BY 1';

# A branch that gets a table which it lacked where it parted, as 1.0 left it: the range
# that says it is lacking stayed open, and ended with the table's first.
sub part
{
	my ($database) = @_;

	register($node, $_, $database) foreach (
		'register_data_product(' . product('parted') . ')',
		q{register_schema('dp:parted:a', } . table_schema(c => 'int') . ')',
		q{register_schema('dp:parted:b', } . table_schema(c => 'int') . ')',
		q{patch_schema('dp:parted:a', '{"columns": []}')},
		q{delete_data_product('dp:parted:v1.2')},
		q{patch_schema('dp:parted:v1:a', '{"tableDescription": "without b"}')},
		q{register_schema('dp:parted:v1:b', } . table_schema(c => 'int') . ')',
		q{patch_schema('dp:parted:v1:b', '{"tableDescription": "b"}')});
	is($node->safe_psql($database, q{UPDATE dpmeta.table_range SET until = 'v1.5'
			WHERE table_schema_id IS NULL RETURNING since}), 'v1.3', 'a range says so');
}

my $default = $node->safe_psql('postgres',
	"SELECT extversion FROM pg_extension WHERE extname = 'dpmeta'");
my $fresh = $node->safe_psql('postgres', $catalogue);
my $fresh_models = $node->safe_psql('postgres', $models);

$node->safe_psql('postgres', "CREATE ROLE $_; SELECT dpmeta.grant_$_('$_')") foreach @rungs;
my $fresh_rights = $node->safe_psql('postgres', $rights);
$node->safe_psql('postgres', "SELECT dpmeta.revoke_$_('$_')") foreach @rungs;
$node->safe_psql('postgres', "DROP OWNED BY $_; DROP ROLE $_") foreach @rungs;

# every version that is frozen, and the way that leads on
my %starts = map { m{/dpmeta--([^-/]+)\.sql$} ? ($1 => 1) : () }
  glob "$ENV{TEST_SOURCE}/extension/updates/dpmeta--*.sql";

foreach my $from (sort keys %starts)
{
	my $database = "from_$from" =~ s/\W/_/gr;

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, "CREATE EXTENSION dpmeta VERSION '$from'");
	register($node, 'register_data_product(' . product('kept') . ')', $database);
	part($database);
	$node->safe_psql($database, q{
		SELECT count(r.id) FROM generate_series(1, 10000) i
		CROSS JOIN LATERAL dpmeta.register_data_product(jsonb_set(} . product('many')
	  . q{, '{name}', to_jsonb('many_' || i))) r});
	$node->safe_psql($database, 'ALTER EXTENSION dpmeta UPDATE');
	is($node->safe_psql($database, $catalogue), $fresh, "$from, updated, is as $default");
	is($node->safe_psql($database, $models), $fresh_models, "and so are its models, and what check() compares with");
	is($node->safe_psql($database,
		'SELECT name, violations, example FROM dpmeta.check() WHERE violations > 0'),
		'', 'it keeps all invariants with 10,001 products');
	like(get($node, 'dp:kept', $database), qr/"id":"dp:kept:v1.0"/, 'its data is there');
	is($node->safe_psql($database, q{SELECT string_agg(id, ' ' ORDER BY id) FROM dpmeta.schemas
			WHERE data_product = 'parted' AND table_name = 'b'}),
		'dp:parted:v1.4:b dp:parted:v1.5:b dp:parted:v2.0:b', 'a branch has the table that it got late');

	# What users have built on a view or function that gets other columns is named, and nothing else stops.
	$node->safe_psql('postgres', "CREATE DATABASE ${database}_used");
	$node->safe_psql("${database}_used", "CREATE EXTENSION dpmeta VERSION '$from'");
	my @in_the_way = (
		q{VIEW public.of_versions AS SELECT document FROM dpmeta.list_versions('dp:kept')},
		q{MATERIALIZED VIEW public.of_faults AS SELECT message FROM dpmeta.validate('{}', '1')},
		'FUNCTION public.of_cache() RETURNS bigint BEGIN ATOMIC SELECT entries FROM dpmeta.schema_cache(); END',
		q{VIEW public.of_products AS SELECT * FROM dpmeta.data_products},
		'FUNCTION public.of_schemas() RETURNS SETOF dpmeta.schemas BEGIN ATOMIC SELECT * FROM dpmeta.schemas; END');
	$node->safe_psql("${database}_used", join ';', map({ "CREATE $_" } @in_the_way,
		q{VIEW public.of_lists AS SELECT * FROM dpmeta.list_data_products()},
		q{VIEW public.of_checks AS SELECT dpmeta.is_valid('{}', '1'), dpmeta.stats(), dpmeta.domains()}),
		'CREATE TABLE public.kept (id dpmeta.dpid, version dpmeta.dpversion)');
	my (undef, undef, $error) = $node->psql("${database}_used", 'ALTER EXTENSION dpmeta UPDATE');
	like($error, qr/ERROR:  views and functions that the update makes anew are used by: function public\.of_cache\(\), function public\.of_schemas\(\), materialized view public\.of_faults, view public\.of_products, view public\.of_versions\nDETAIL.*\nHINT/,
		'all that stops the update is named');
	$node->safe_psql("${database}_used", "DROP $_") foreach map { /^((?:MATERIALIZED )?\w+ [\w.]+)/ } @in_the_way;
	$node->safe_psql("${database}_used", 'ALTER EXTENSION dpmeta UPDATE');
	$node->safe_psql("${database}_used", "SELECT FROM public.$_") foreach qw(of_lists of_checks);
	$node->safe_psql("${database}_used", "CREATE $_") foreach @in_the_way[1 .. 4];
	$node->safe_psql('postgres', "DROP DATABASE ${database}_used");

	# Rights live on, and a dump leaves out what it takes for the extension's own.
	my @places = map { $database . $_ } qw(_rights _restored);
	$node->safe_psql('postgres', "CREATE DATABASE $_") foreach @places;
	$node->safe_psql($places[0], "CREATE EXTENSION dpmeta VERSION '$from'");
	$node->safe_psql($places[0], "CREATE ROLE $_; SELECT dpmeta.grant_$_('$_')")
	  foreach @rungs;
	$node->safe_psql($places[0], 'ALTER EXTENSION dpmeta UPDATE');
	is($node->safe_psql($places[0], $rights), $fresh_rights,
		'who had rights has those to what is new');
	command_ok([ 'pg_dump', '--file', "$node->{_basedir}/$places[0].sql",
			$node->connstr($places[0]) ], 'it can be dumped');
	command_ok([ 'psql', '--quiet', '--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--file',
			"$node->{_basedir}/$places[0].sql", $node->connstr($places[1]) ],
		'and restored');
	is($node->safe_psql($places[1], $rights), $fresh_rights, 'with the rights');
	$node->safe_psql('postgres', "DROP DATABASE $_") foreach @places;
	$node->safe_psql('postgres', "DROP ROLE $_") foreach @rungs;
}

is($node->safe_psql('postgres', q{
		SELECT count(*) FROM pg_extension_update_paths('dpmeta')
		WHERE path IS NULL
			AND string_to_array(source, '.')::int[] < string_to_array(target, '.')::int[]}),
	'0', 'every version leads to every later one');
ok(scalar %starts, 'there is a version to come from');

# two fresh ones are the same; and a difference is seen
$node->safe_psql('postgres', 'CREATE DATABASE twin');
$node->safe_psql('twin', 'CREATE EXTENSION dpmeta');
is($node->safe_psql('twin', $catalogue), $fresh, 'two fresh ones are the same');
foreach my $change (
	"COMMENT ON VIEW dpmeta.data_products IS 'other'",
	'ALTER FUNCTION dpmeta.get_schema(dpmeta.dpid) COST 77',
	'GRANT SELECT ON dpmeta.data_products TO PUBLIC',
	'ALTER TABLE dpmeta.product ADD COLUMN more integer',
	'CREATE INDEX ON dpmeta.event (actor)',
	'ALTER EXTENSION dpmeta DROP VIEW dpmeta.tags')
{
	isnt($node->safe_psql('twin', "BEGIN; $change; $catalogue"), $fresh,
		"seen: $change");
}

done_testing();
