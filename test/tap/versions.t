# The library works with the SQL of its own version and of those before it that it
# knows, and with no other.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');
my $own = $node->safe_psql('postgres', q{SELECT extversion FROM pg_extension WHERE extname = 'dpmeta'});

# 1.0, before and after it is updated: all of its functions work, and read the same
my @reads = (
	q{get_data_product('dp:orders')}, q{get_data_product('dp:orders:v1')}, q{get_schema('dp:orders:lines')},
	q{get_schema('dp:orders:v1:lines')}, q{list_versions('dp:orders')}, q{list_changes('dp:orders', 'v1.0')},
	q{list_data_products(q => 'test')}, q{data_products_page(status => 'draft')});
my @others = (q{domains()}, q{validate_ref('https://example.org/x', '"1"')}, q{is_valid_ref('https://example.org/x', '1')},
	q{model('schema')}, q{stats()});
my @writes = (
	'register_data_product(' . product('orders') . ", idempotency_key => 'k')",
	'register_data_product(' . product('gone') . ', idempotent => true)',
	q{update_data_product('dp:orders', } . product(undef, retentionPeriod => 9) . ')',
	q{patch_data_product('dp:orders', '{"retentionPeriod": 10}')},
	q{register_schema('dp:orders:lines', } . table_schema(id => 'int') . ')',
	q{register_schema('dp:orders:more', } . table_schema(id => 'int') . ')',
	q{update_schema('dp:orders:lines', } . table_schema(id => 'bigint') . ')',
	q{patch_schema('dp:orders:lines', '{"tableDescription": "x"}')},
	q{update_schema('dp:orders:v1:lines', } . table_schema(id => 'int', n => 'int') . ')',
	q{delete_schema('dp:orders:more')},
	'sync_data_product(' . product('synced') . q{, '{"t": {"tableDescription": "", "columns": []}}')},
	q{register_catalog_schema('information_schema', } . product('catalogue') . ')',
	q{report_load('dp:orders', '2026-01-01', 7)}, q{set_sunset('orders', '2050-01-01')},
	q{delete_data_product('dp:gone')}, q{restore_data_product('dp:gone')}, q{delete_data_product('dp:gone')},
	q{purge_data_product('gone')}, q{purge_idempotency_keys()}, q{set_domains(ARRAY['HQ', 'Sales'])},
	q{register_json_schema('https://example.org/x', '{"type": "integer"}')});

sub answers { return map { refused($node, "SELECT document FROM dpmeta.$_", 'old') } @reads; }

$node->safe_psql('postgres', 'CREATE DATABASE old');
$node->safe_psql('old', "CREATE EXTENSION dpmeta VERSION '1.0'");
unlike(refused($node, "SELECT dpmeta.$_", 'old'), qr/^\w{5}$/, "1.0: $_") foreach @writes;
unlike(refused($node, "SELECT dpmeta.$_", 'old'), qr/^\w{5}$/, "1.0: $_") foreach @reads, @others;
my @before = answers();
$node->safe_psql('old', 'ALTER EXTENSION dpmeta UPDATE');
is_deeply([ answers() ], \@before, 'and reads the same once it is updated');

# One that is not known, newer and older, found by a session that was there before
my $session = $node->background_psql('postgres', on_error_stop => 0);
$node->safe_psql('postgres', "SELECT dpmeta.$_") foreach @writes[ 0, 4, 20 ];
is($session->query_safe(q{SELECT id FROM dpmeta.get_data_product('dp:orders')}), 'dp:orders:v1.1', 'at first it is known');

sub be_version
{
	my ($version) = @_;

	# an update changes functions too
	$node->safe_psql('postgres', "BEGIN; UPDATE pg_extension SET extversion = '$version' WHERE extname = 'dpmeta';
		ALTER FUNCTION dpmeta.version() COST 100; COMMIT");
	return;
}

foreach my $version ('0.9', '1.2', '1.10', '2.0')
{
	be_version($version);
	foreach my $call (@reads, @others, @writes)
	{
		is(refused($node, "SELECT dpmeta.$call"), '55000', "$version: $call is refused");
	}
	my (undef, undef, $error) = $node->psql('postgres', q{SELECT dpmeta.get_data_product('dp:orders')});
	like($error, qr/^psql:<stdin>:1: ERROR:  the library of dpmeta \Q$own\E does not know version \Q$version\E of the extension\n/,
		'told what it is');
	like($error, qr/HINT:  .*ALTER EXTENSION dpmeta UPDATE/, 'and what to do');
	$session->query(q{SELECT id FROM dpmeta.get_data_product('dp:orders')});
	like($session->{stderr}, qr/does not know version \Q$version\E/, 'told in a session that was there');
	$session->{stderr} = '';
	is(refused($node, q{SELECT 'v1.10'::dpmeta.dpversion > 'v1.9', dpmeta.is_valid('true', '1')}), 't|t',
		'what touches no table computes');
}
be_version($own);
is($session->query_safe(q{SELECT id FROM dpmeta.get_data_product('dp:orders')}), 'dp:orders:v1.1',
	'and known again, in the session too');
$session->quit;

done_testing();
