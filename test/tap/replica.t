# Reads work on a hot standby, writes are refused there, and a promoted standby
# goes on where the primary ended.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = new_node('primary', allows_streaming => 1);
my $standby = PostgreSQL::Test::Cluster->new('standby');

$primary->backup('backup');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;

register($primary, 'register_data_product(' . product('orders', tags => '{"a": "b"}') . ')');
register($primary, "register_schema('dp:orders:lines', " . table_schema(id => 'int') . ')');
register($primary, "update_schema('dp:orders:lines', " . table_schema(id => 'bigint') . ')');

sub catch_up
{
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('flush'));
}

catch_up();
foreach my $id (qw(dp:orders dp:orders:v1 dp:orders:v1.0 dp:orders:lines dp:orders:v1:lines))
{
	is(get($standby, $id), get($primary, $id), "$id reads the same");
}
foreach my $call (
	"list_versions('dp:orders')", "list_changes('dp:orders', 'v1.0')",
	"data_products_page()", "data_products_page(tag => 'a:b', q => 'test')",
	"list_data_products()", "model('data-product')", "domains()", "version()")
{
	is($standby->safe_psql('postgres', "SELECT * FROM dpmeta.$call"),
		$primary->safe_psql('postgres', "SELECT * FROM dpmeta.$call"),
		"$call reads the same");
}
is($standby->safe_psql('postgres', "SELECT jsonb_typeof(dpmeta.stats())"), 'object',
	'figures are made there, too');
foreach my $view (split /\n/, $primary->safe_psql('postgres',
		"SELECT viewname FROM pg_views WHERE schemaname = 'dpmeta' ORDER BY 1"))
{
	my $all = all_rows("dpmeta.$view");

	is($standby->safe_psql('postgres', $all), $primary->safe_psql('postgres', $all),
		"view $view shows the same");
}
is($standby->safe_psql('postgres', q{SELECT dpmeta.is_valid('{"type": "integer"}', '1')}),
	't', 'documents are validated there');

is($standby->safe_psql('postgres', 'SELECT count(*) > 25, sum(violations) FROM dpmeta.check()'),
	't|0', 'the store is checked there');

# every function that writes is refused as a write
foreach my $call (
	'register_data_product(' . product('x') . ')',
	"patch_data_product('dp:orders', '{\"retentionPeriod\": 2}')",
	"delete_data_product('dp:orders')",
	"register_schema('dp:orders:t', " . table_schema(id => 'int') . ')',
	'cut_log(now())')
{
	is(refused($standby, "SELECT dpmeta.$call"), '25006', "$call is refused");
}

# waiting for what was written
sub position
{
	return $primary->safe_psql('postgres', 'SELECT pg_current_wal_insert_lsn()');
}

my $wait = 'CALL dpmeta.wait_for_position';
register($primary, 'register_data_product(' . product('waited') . ')');
$standby->safe_psql('postgres', "$wait('" . position() . "', 60000)");
is(get($standby, 'dp:waited') ne '', 1, 'what was waited for is there');
$standby->safe_psql('postgres', 'SELECT pg_wal_replay_pause()');
$standby->poll_query_until('postgres', "SELECT pg_get_wal_replay_pause_state() = 'paused'");
register($primary, "delete_data_product('dp:waited')");
$primary->safe_psql('postgres', 'VACUUM dpmeta.product');
is(refused($standby, "$wait('" . position() . "', 100)"), 'MD015',
	'a wait ends after its time');
my ($in, $out, $error) = ('', '', '');
my $waiting = IPC::Run::start(
	[ 'psql', '-XAtq', '-d', $standby->connstr('postgres'), '-c', "$wait('" . position() . "', 120000)" ],
	'<', \$in, '>', \$out, '2>', \$error);
$standby->poll_query_until('postgres',
	"SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'CALL dpmeta%' AND wait_event = 'Extension'");
is($standby->safe_psql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CALL dpmeta%'
	AND backend_xmin IS NULL"), 1, 'and keeps nothing from being replayed meanwhile');
$standby->safe_psql('postgres', 'SELECT pg_wal_replay_resume()');
ok($waiting->finish, 'it ends well once that was replayed') or diag $error;
is($standby->safe_psql('postgres', "$wait('" . position() . "', 60000);
	SELECT count(*) FROM dpmeta.data_products WHERE name = 'waited'"), 0, 'the deletion is seen');
is(refused($standby, "DO \$\$ BEGIN $wait('0/1', 1); END \$\$"), '', 'PL/pgSQL may wait, too');
foreach my $begin ('BEGIN', 'BEGIN ISOLATION LEVEL REPEATABLE READ')
{
	like($standby->psql('postgres', "$begin; $wait('0/1', 1)", stderr => \$error) ? $error : 'none',
		qr/not possible inside a transaction/, "no wait after $begin");
}

# A page that is full to its end: the next record will stand behind the header of
# the one that follows, and that is where the primary is by its own account.
sub fill_page
{
	foreach (1 .. 20)
	{
		my $fill = sub {
			$primary->safe_psql('postgres', "SELECT pg_logical_emit_message(true, 'fill', repeat('x', $_[0]));
				SELECT pg_current_wal_insert_lsn() - '0/0'");
		};
		my $before = (split /\n/, $fill->(1000))[-1];
		my $needed = (split /\n/, $fill->(1000))[-1] - $before;
		my $left = 8192 - ($before + $needed) % 8192;
		next if $left < $needed + 16 || $left > 7000;
		my $now = (split /\n/, $fill->($left - $needed + 1000))[-1];
		return 1 if $now % 8192 == 24;
	}
	return 0;
}

SKIP:
{
	skip 'no page was filled', 1 unless fill_page();
	is($standby->safe_psql('postgres', "$wait('" . position() . "', 180000); SELECT 'there'"), 'there',
		'the end of a page is reached');
}

# promoted
$primary->stop;
$standby->promote;
is(register($standby, "patch_data_product('dp:orders', '{\"retentionPeriod\": 2}')"),
	'dp:orders:v2.1', 'the promoted standby takes the next write');
is(register($standby, 'register_data_product(' . product('more') . ')'),
	'dp:more:v1.0', 'and the next product');
is($standby->safe_psql('postgres', 'SELECT sum(violations) FROM dpmeta.check()'), '0',
	'and keeps all invariants');
is($standby->safe_psql('postgres', "$wait('FFFFFFFF/0', 0); SELECT 'at once'"), 'at once',
	'it has all that there is');

done_testing();
