# What was acknowledged is there after a crash, what was not is wholly absent.
use strict;
use warnings;

use Dpmeta;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');

register($node, 'register_data_product(' . product('orders') . ')');
register($node, "register_schema('dp:orders:lines', " . table_schema(id => 'int') . ')');

# everything stops at once between two writes
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', q{SELECT string_agg(version::text, ' ' ORDER BY version)
		FROM dpmeta.data_product_versions}), 'v1.0 v1.1', 'both writes are there');
is(register($node, "update_schema('dp:orders:lines', " . table_schema(id => 'bigint') . ')'),
	'dp:orders:v2.0:lines', 'the next one goes on counting');

# a backend killed in the middle of a write: psql holds the transaction open
sub open_write
{
	my ($call) = @_;
	my ($in, $out) = ('', '');
	my $psql = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-f', '-' ],
		'<', \$in, '>', \$out, '2>', '/dev/null',
		IPC::Run::timeout(180));

	$in .= "BEGIN;\nSELECT id FROM dpmeta.$call;\nSELECT 'pid', pg_backend_pid();\n";
	$psql->pump until $out =~ /pid\|(\d+)/;
	$out =~ /^(dp:\S+)\npid\|(\d+)/m or die "no answer: $out";
	return ($psql, $1, $2);
}

my ($psql, $id, $pid) = open_write("patch_data_product('dp:orders', "
	  . "'{\"retentionPeriod\": 1}', idempotency_key => 'k')");
is($id, 'dp:orders:v2.1', 'a write that is not committed yet');
my $log_end = -s $node->logfile;
kill 'KILL', $pid;
$psql->finish;
# It still lets sessions in until it sees the death: the log tells of the event.
$node->wait_for_log(qr/terminated by signal 9(?s:.*)ready to accept connections/, $log_end);
$node->poll_query_until('postgres', 'SELECT 1', '1') or die 'no recovery';

is($node->safe_psql('postgres', q{SELECT max(version) FROM dpmeta.data_product_versions}),
	'v2.0', 'it left no version');
is($node->safe_psql('postgres', q{SELECT max(to_version) FROM dpmeta.events}),
	'v2.0', 'and no event');
is($node->safe_psql('postgres', "SELECT id, replayed FROM dpmeta.patch_data_product("
	  . "'dp:orders', '{\"retentionPeriod\": 1}', idempotency_key => 'k')"),
	'dp:orders:v2.1|f', 'its retry is no replay and takes its number');

# committed, and killed before the client heard: the retry replays
my $key = ", idempotency_key => 'heard nothing')";
register($node, 'register_data_product(' . product('silent') . $key);
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', 'SELECT id, replayed FROM dpmeta.register_data_product('
	  . product('silent') . $key), 'dp:silent:v1.0|t', 'a retry after a crash replays');

# many writers when the power goes
my $script = PostgreSQL::Test::Utils::tempdir() . '/write.sql';
PostgreSQL::Test::Utils::append_to_file($script, q{
	\set n random(1, 1000000)
	SELECT id FROM dpmeta.patch_data_product('dp:orders',
		('{"retentionPeriod": ' || :n || '}')::jsonb);
});
my $bench = IPC::Run::start(
	[ 'pgbench', '-n', '-c4', '-T600', '-f', $script, '-d', $node->connstr('postgres') ],
	'>', '/dev/null', '2>', '/dev/null', IPC::Run::timeout(900));
$node->poll_query_until('postgres',
	'SELECT count(*) > 50 FROM dpmeta.data_product_versions') or die 'no writes';
my $acknowledged = $node->safe_psql('postgres', 'SELECT max(to_version) FROM dpmeta.events');
$node->stop('immediate');
$bench->finish;
$node->start;
is($node->safe_psql('postgres', q{
		SELECT count(*) = count(DISTINCT version) AND count(*) = (
			SELECT count(*) FROM dpmeta.events WHERE data_product = 'orders')
		FROM dpmeta.data_product_versions WHERE data_product = 'orders'}),
	't', 'as many events as versions, and no number twice');
is($node->safe_psql('postgres', qq{SELECT max(version) >= '$acknowledged'
		FROM dpmeta.data_product_versions WHERE data_product = 'orders'}),
	't', 'what was seen before the crash is there after it');
is($node->safe_psql('postgres', q{SELECT count(*) FROM (
		SELECT created_at <= lag(created_at) OVER (ORDER BY version) AS earlier
		FROM dpmeta.data_product_versions WHERE data_product = 'orders') v
		WHERE earlier}),
	'0', 'times increase with version numbers');
is($node->safe_psql('postgres',
		'SELECT name, violations, example FROM dpmeta.check() WHERE violations > 0'),
	'', 'the store keeps all invariants');

done_testing();
