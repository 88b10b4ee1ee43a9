# What a client does wrong is a line in the server's log, however much there is to
# tell the client; and a client takes no more memory than a DBA allows.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');
$node->append_conf('postgresql.conf', q{
	log_line_prefix = '@@ '
	log_min_duration_statement = -1
	log_connections = off
	log_disconnections = off});
$node->restart;
$node->safe_psql('postgres', q{CREATE ROLE a_reader LOGIN; SELECT dpmeta.grant_reader('a_reader')});
register($node, 'register_data_product(' . product('orders') . ')');

# What a session writes to the log, and what its client is told.
sub logged
{
	my ($statement) = @_;
	my $before = -s $node->logfile;
	my ($status, $out, $told) = $node->psql('postgres', $statement);

	# the log is written before the client is told
	return (slurp_file($node->logfile, $before), $told, $out);
}

my $columns = join ',', map { qq({"name": "c$_", "type": "no such type $_", "description": 7}) } 1 .. 9999;
my $many = qq{'{"tableDescription": "", "columns": [$columns]}'};

# one line for each
foreach my $refused (
	[ q{SELECT * FROM dpmeta.get_data_product('dp:none')}, 'does not exist' ],
	[ q{SELECT dpmeta.get_data_product('dp:orders:v7.0')}, 'does not exist' ],
	[ q{SELECT dpmeta.get_data_product('nonsense')}, 'nonsense' ],
	[ q{SELECT dpmeta.patch_data_product('dp:orders', '{"status": 1, "email": 1}')}, 'breaks its model in 3 places' ],
	[ "SELECT dpmeta.register_schema('dp:orders:t', $many)", 'breaks its model in at least 1000 places' ],
	[ q{SELECT dpmeta.follow_events('x')}, 'invalid value' ],
	[ q{SELECT dpmeta.list_data_products(page_size => -1)}, 'invalid|must' ],
	[ 'SELECT dpmeta.register_data_product(' . product('orders') . ')', 'exists|taken' ])
{
	my ($statement, $sentence) = @$refused;
	my $name = substr $statement, 0, 80;
	my ($log, $told) = logged($statement);

	is(scalar(() = $log =~ /\n/g), 1, "$name: one line");
	like($log, qr/^@@ ERROR:  .*(?:$sentence)/, 'that says what it was');
	cmp_ok(length $log, '<', 500, 'and is short');
	like($told, qr/ERROR:.*(?:$sentence).*\n(?:.*\n)*?.*(?:DETAIL|HINT):/, 'the client is told more');
}
{
	my ($log, $told) = logged("SELECT dpmeta.register_schema('dp:orders:t', $many)");

	cmp_ok(length $told, '>', 100_000, 'the first thousand');
	like($told, qr{/columns/499/type}, 'to the last of them');
}

# What is no refusal is as it was, also in a session that had one, and in one that
# caught one
foreach my $before ('', q{SELECT dpmeta.get_data_product('dp:none');},
	q{BEGIN; SAVEPOINT s; SELECT dpmeta.get_data_product('dp:none'); ROLLBACK TO s; COMMIT;},
	q{DO $$ BEGIN PERFORM dpmeta.get_data_product('dp:none'); EXCEPTION WHEN OTHERS THEN NULL; END $$;})
{
	my ($log, $told, $out) = logged("\\set ON_ERROR_STOP 0\n$before SHOW log_error_verbosity; SELECT 1/0 AS mine");

	like($log, qr/ERROR:  division by zero\n@@ STATEMENT:  .*SELECT 1\/0 AS mine/, 'another error has its statement');
	is($out, 'default', 'and the setting is what it was');
}

# Whoever wants more has it, within a bound
{
	my ($log) = logged("SET log_error_verbosity = verbose; SELECT dpmeta.register_schema('dp:orders:t', $many)");

	like($log, qr/ERROR:  MD007: .*\n@@ DETAIL:  \[.* \.\.\. \(\d+ bytes\)\n@@ HINT:/, 'verbose: the beginning of the detail');
	cmp_ok(length $log, '<', 3000, 'and no more');
}

# The memory of the cache of schemas is a DBA's to give
foreach my $setting (qw(dpmeta.schema_cache_size dpmeta.schema_cache_large_size dpmeta.idempotency_retention))
{
	is(refused($node, "SET SESSION AUTHORIZATION a_reader; SELECT dpmeta.is_valid('true', '1'); SET $setting = '1000'"), '42501',
		"$setting is not a reader's to set");
	# a setting that is made before the library is there
	my ($own) = split /\n/, refused($node, "SET $setting = '1000'; SELECT dpmeta.is_valid('true', '1'); RESET $setting; SHOW $setting") =~ s/^t\n//r;
	is((split /\n/, refused($node, "SET SESSION AUTHORIZATION a_reader; SET $setting = '1000';
			SELECT dpmeta.is_valid('true', '1'); SHOW $setting"))[-1], $own, 'nor before');
	is(refused($node, "SELECT dpmeta.is_valid('true', '1'); SET $setting = '1000'; SHOW $setting") =~ /^t\n(1000|1000kB|16min 40s|1000s)$/, 1,
		'but a superuser\'s');
	$node->safe_psql('postgres', "GRANT SET ON PARAMETER $setting TO a_reader");
	unlike(refused($node, "SET SESSION AUTHORIZATION a_reader; SELECT dpmeta.is_valid('true', '1'); SET $setting = '1000'"), qr/42501/,
		'and of whom a superuser lets');
}

done_testing();
