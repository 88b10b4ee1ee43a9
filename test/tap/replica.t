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
	my $all = "SELECT v::text COLLATE \"C\" FROM dpmeta.$view v ORDER BY 1";
	is($standby->safe_psql('postgres', $all), $primary->safe_psql('postgres', $all),
		"view $view shows the same");
}
is($standby->safe_psql('postgres', q{SELECT dpmeta.is_valid('{"type": "integer"}', '1')}),
	't', 'documents are validated there');

# every function that writes is refused as a write
foreach my $call (
	'register_data_product(' . product('x') . ')',
	"patch_data_product('dp:orders', '{\"retentionPeriod\": 2}')",
	"delete_data_product('dp:orders')",
	"register_schema('dp:orders:t', " . table_schema(id => 'int') . ')')
{
	is(refused($standby, "SELECT dpmeta.$call"), '25006', "$call is refused");
}

# promoted
$primary->stop;
$standby->promote;
is(register($standby, "patch_data_product('dp:orders', '{\"retentionPeriod\": 2}')"),
	'dp:orders:v2.1', 'the promoted standby takes the next write');
is(register($standby, 'register_data_product(' . product('more') . ')'),
	'dp:more:v1.0', 'and the next product');

done_testing();
