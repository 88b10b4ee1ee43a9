# A dump carries the data, the rights and the counters; what is restored goes on
# as the original would have.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';

$node->safe_psql('postgres', q{
	CREATE ROLE a_reader LOGIN;
	CREATE ROLE a_producer LOGIN;
	SELECT dpmeta.grant_reader('a_reader');
	SELECT dpmeta.grant_producer('a_producer');
	SELECT dpmeta.set_domains(ARRAY['Sales', 'HQ']);
});
register($node, 'register_data_product(' . product('orders', domain => '"Sales"') . ')');
register($node, "register_schema('dp:orders:lines', " . table_schema(id => 'int') . ')');
register($node, "update_schema('dp:orders:lines', " . table_schema(id => 'bigint') . ')');
register($node, 'register_data_product(' . product('gone') . ')');
register($node, "delete_data_product('dp:gone')");
$node->safe_psql('postgres',
	"SELECT dpmeta.register_data_product("
	  . product('keyed') . ", idempotency_key => 'a key')");

# Everything that a reader can see, in one text, but for the numbers of
# transactions, which are each cluster's own (follow.t), and sizes on disk.
sub contents
{
	my ($database) = @_;
	my @views = split /\n/, $node->safe_psql($database, q{
		SELECT viewname FROM pg_views WHERE schemaname = 'dpmeta' ORDER BY 1});

	return join "\n", map {
		"$_:\n" . $node->safe_psql($database,
			"SELECT (to_jsonb(v) - '{transaction_id,bytes,total_bytes}'::text[])::text COLLATE \"C\" FROM dpmeta.$_ v ORDER BY 1")
	} @views;
}

# Each way that people dump, and how they restore from it.
my %ways = (
	plain => sub {
		$node->command_ok([ 'pg_dump', '-f', $dump, 'postgres' ], 'dump, plain');
		$node->command_ok(
			[ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $_[0], '-f', $dump ],
			'restore, plain');
	},
	custom => sub {
		$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'postgres' ], 'dump, custom');
		$node->command_ok([ 'pg_restore', '-e', '-1', '-d', $_[0], $dump ],
			'restore, custom, in one transaction');
	},
	extension => sub {
		$node->command_ok([ 'pg_dump', '-e', 'dpmeta', '-f', $dump, 'postgres' ],
			'dump, of the extension alone');
		$node->command_ok(
			[ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $_[0], '-f', $dump ],
			'restore, of the extension alone');
	},
	parallel => sub {
		$node->command_ok([ 'pg_dump', '-Fd', '-j2', '-f', "$dump.d", 'postgres' ],
			'dump, directory');

		# pg_restore knows no order among an extension's tables (docs/install.md)
		local $ENV{PGOPTIONS} = '-c session_replication_role=replica';
		$node->command_ok([ 'pg_restore', '-e', '-j2', '-d', $_[0], "$dump.d" ],
			'restore, two jobs');
	});

# What docs/operations.md warns of: a dump of the schema has nothing, and says nothing.
$node->command_ok([ 'pg_dump', '-n', 'dpmeta', '-f', $dump, 'postgres' ], 'dump, of the schema');
unlike(slurp_file($dump), qr/^(CREATE|COPY|GRANT)/m, 'has nothing in it');
# and one of the tables has the rows alone
$node->command_ok([ 'pg_dump', '-t', 'dpmeta.*', '-f', $dump, 'postgres' ], 'dump, of the tables');
like(slurp_file($dump), qr/^COPY dpmeta\.product /m, 'has rows');
unlike(slurp_file($dump), qr/^(CREATE|GRANT)/m, 'and nothing that they could go to');

my $before = contents('postgres');
like($before, qr/orders.*keyed/s, 'the views show what was registered');

foreach my $way (sort keys %ways)
{
	my $copy = "copy_$way";

	$node->safe_psql('postgres', "CREATE DATABASE $copy TEMPLATE template0");
	$ways{$way}->($copy);
	is(contents($copy), $before, "$way: every view shows the same");
	is(get($node, 'dp:orders:v1:lines', $copy), get($node, 'dp:orders:v1:lines'),
		"$way: an old version is the same");

	# goes on counting
	is(register($node, "patch_data_product('dp:orders', '{\"retentionPeriod\": 9}')",
			$copy), 'dp:orders:v2.1', "$way: the next minor");
	is(register($node, "register_schema('dp:orders:more', "
			. table_schema(id => 'int') . ')', $copy),
		'dp:orders:v2.2:more', "$way: a table more");
	is(register($node, 'register_data_product(' . product('fresh') . ')', $copy),
		'dp:fresh:v1.0', "$way: a product more");
	is(register($node, 'register_data_product(' . product('gone') . ')', $copy),
		'dp:gone:v2.0', "$way: a deleted product's numbers stay used");

	# remembers
	is($node->safe_psql($copy, "SELECT replayed FROM dpmeta.register_data_product("
			. product('keyed') . ", idempotency_key => 'a key')"),
		't', "$way: a retry from before the dump replays");
	is(refused($node, "SELECT dpmeta.register_data_product("
			. product('orders') . ')', $copy), 'MD004', "$way: a name stays taken");

	# domains and the model that enforces them
	is($node->safe_psql($copy, 'SELECT d FROM unnest(dpmeta.domains()) d ORDER BY 1'),
		"HQ\nSales",
		"$way: the domains");
	is(register($node, 'register_data_product('
			. product('sold', domain => '"Sales"') . ')', $copy),
		'dp:sold:v1.0', "$way: a domain of ours is accepted");
	is(refused($node, "SELECT dpmeta.register_data_product("
			. product('bad', domain => '"OPG"') . ')', $copy),
		'MD007', "$way: a default domain is not");

	# rights
	is($node->safe_psql($copy, q{SET ROLE a_reader;
			SELECT count(*) > 0 FROM dpmeta.data_products}),
		't', "$way: a reader reads");
	is(refused($node, q{SET ROLE a_reader;
			SELECT dpmeta.patch_data_product('dp:orders', '{}')}, $copy),
		'42501', "$way: and does not write");
	is($node->safe_psql($copy, q{SET ROLE a_producer;
			SELECT id FROM dpmeta.patch_data_product('dp:orders', '{"retentionPeriod": 8}')}),
		'dp:orders:v2.3', "$way: a producer writes");
}

done_testing();
