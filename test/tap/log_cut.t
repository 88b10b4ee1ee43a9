# A DBA cuts the log: the history of versions stays as it was, and a follower
# misses nothing without being told.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');

# The events behind a cursor, up to so many, as "product action"; and the next cursor.
sub follow
{
	my ($cursor, $count, $database) = @_;
	my @rows = split /\n/, $node->safe_psql($database // 'postgres',
		"SELECT next, data_product || ' ' || action FROM dpmeta.follow_events("
		  . (defined $cursor ? "'$cursor'" : 'NULL') . ", $count)");

	$cursor = (split /\|/, $rows[-1])[0] if @rows;
	return ($cursor, map { (split /\|/)[1] } @rows);
}

# All that readers are told of the versions, deleted ones too, and the stores' order.
sub history
{
	my ($database) = @_;

	return $node->safe_psql($database // 'postgres', q{
		SELECT l.document FROM unnest(ARRAY['dp:orders', 'dp:gone']) id
		CROSS JOIN LATERAL dpmeta.list_versions(id::dpmeta.dpid, true) l;
		SELECT document FROM dpmeta.list_changes('dp:orders', 'v1.0');
		SELECT document, etag FROM dpmeta.get_data_product('dp:orders');
		SELECT v::text FROM dpmeta.data_product_versions v ORDER BY id;
		SELECT day, versions, initial, minor, major, deletions, restorations FROM dpmeta.daily_stats;
		SELECT dpmeta.stats() - 'time'});
}

sub is_in_order
{
	my ($what, $database) = @_;

	is($node->safe_psql($database // 'postgres',
		'SELECT name, violations, example FROM dpmeta.check() WHERE violations > 0'),
		'', "$what: the store keeps its invariants");
}

sub report
{
	my ($rows, $database) = @_;

	register($node, "report_load('dp:orders', row_count => $rows)", $database);
}

sub now { return $node->safe_psql('postgres', 'SELECT clock_timestamp()') }

register($node, 'register_data_product(' . product('orders') . ')');
register($node, "register_schema('dp:orders:lines', " . table_schema(id => 'int') . ')');
report($_) foreach 1 .. 3;
$node->safe_psql('postgres', q{SELECT document FROM dpmeta.set_sunset('orders', '2030-01-01')});
register($node, 'register_data_product(' . product('gone') . ')');
register($node, "delete_data_product('dp:gone')");
register($node, "restore_data_product('dp:gone')");
register($node, "delete_data_product('dp:gone')");
register($node, 'register_data_product(' . product('purged') . ')');
$node->safe_psql('postgres', q{SELECT dpmeta.purge_data_product('purged')});
report(4);

# one follower has read all, one less, and one less still
my ($all, @seen) = follow(undef, 100);
is(scalar @seen, 12, 'the log, without what went with the purge');
my ($most) = follow(undef, 11);
my ($few) = follow(undef, 2);

my $cut = now();
report(5);
my $before = history();
is($node->safe_psql('postgres', 'SELECT dpmeta.log_kept_since()'), '', 'the log has everything');

# who may not, and what it does not take
is(refused($node, "SELECT dpmeta.cut_log($_)"), 'MD010', "not $_")
  foreach 'NULL', "now() + interval '1 hour'", "'infinity'", "'-infinity'";
$node->safe_psql('postgres', q{CREATE ROLE reader; CREATE ROLE janitor;
	SELECT dpmeta.grant_steward('reader'); GRANT USAGE ON SCHEMA dpmeta TO janitor;
	GRANT EXECUTE ON FUNCTION dpmeta.cut_log(timestamptz) TO janitor});
is(refused($node, "SET ROLE reader; SELECT dpmeta.cut_log('$cut')"), '42501', 'not a steward');
is($node->safe_psql('postgres', 'SELECT count(*) FROM dpmeta.events'), '13', 'nothing went');

# whoever may execute it needs no other right
is($node->safe_psql('postgres', "SET ROLE janitor; SELECT dpmeta.cut_log('$cut')"), '5',
	'four reports and a sunset date go');
is(history(), $before, 'the history of versions is as it was');
is_in_order('cut');
is($node->safe_psql('postgres', "SELECT dpmeta.log_kept_since() = '$cut'"), 't', 'since when it has everything');
is($node->safe_psql('postgres', "SET ROLE reader; SELECT dpmeta.log_kept_since() = '$cut'"), 't', 'a reader may know');

# followers
{
	my ($next, @events) = follow($all, 100);
	is("@events", 'orders report', 'whoever had read all goes on');
	is(join(',', (follow($next, 100))[1 .. 9]), ',' x 8, 'and is at the end');
}
foreach my $cursor ($most, $few)
{
	is(refused($node, "SELECT dpmeta.follow_events('$cursor')"), 'MD016', 'who had not is told');
	my (undef, undef, $error) = $node->psql('postgres', "SELECT dpmeta.follow_events('$cursor')");
	my $time = $node->safe_psql('postgres', "SELECT to_char('$cut'::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
	like($error, qr/DETAIL: .*since \Q$time\E[,.]/, 'with the time');
}
{
	my (undef, @events) = follow(undef, 100);
	is(join(',', @events), 'orders register,orders register-schema,gone register,gone delete,'
		  . 'gone restore,gone delete,purged purge,orders report', 'who begins has the versions and what came since');
}

# again: nothing more at first, then what was kept
is($node->safe_psql('postgres', "SELECT dpmeta.cut_log('$cut')"), '0', 'the same again removes nothing');
is($node->safe_psql('postgres', "SELECT dpmeta.cut_log('2000-01-01')"), '0', 'and nor does an earlier one');
is($node->safe_psql('postgres', 'SELECT count(*), max(removed) FROM dpmeta.log_cut'), '1|5', 'neither is noted');
is($node->safe_psql('postgres', "SELECT dpmeta.log_kept_since() = '$cut'"), 't', 'the time is the same');
my ($later) = follow($all, 100);
my $second = now();
report(6);
is($node->safe_psql('postgres', "SELECT dpmeta.cut_log('$second')"), '1', 'the second one takes what came before it');
is(join(',', (follow($later, 100))[1]), 'orders report', 'whoever had read that goes on');
is(refused($node, "SELECT dpmeta.follow_events('$all')"), 'MD016', 'whoever had not is told');
is_in_order('cut twice');
is($node->safe_psql('postgres', 'SELECT count(*) FROM dpmeta.log_cut'), '1', 'the first cut says no more than the second one');

# an event that is not there is still told
my @parts = split /:/, $later;
is(refused($node, "SELECT dpmeta.follow_events('$parts[0]:$parts[1]:" . ($parts[2] + 100) . ":$parts[3]:$parts[4]')"),
	'MD016', 'a cursor of an event that there never was');

# a dump has it
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
$node->safe_psql('postgres', 'CREATE DATABASE restored TEMPLATE template0');
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'postgres' ], 'dump');
$node->command_ok([ 'pg_restore', '-e', '-d', 'restored', $dump ], 'restore');
is($node->safe_psql('restored', "SELECT dpmeta.log_kept_since() = '$second'"), 't', 'restored: since when');
is_in_order('restored', 'restored');
is(history('restored'), history(), 'restored: the history');
{
	my ($next, @events) = follow(undef, 3, 'restored');
	is(scalar((follow($next, 100, 'restored'))) ne '', 1, 'restored: a follower goes on from page to page');
	report(7, 'restored');
	($next, @events) = follow($next, 100, 'restored');
	is($events[-1], 'orders report', 'restored: and has what is written then');
	$node->safe_psql('restored', 'SELECT dpmeta.cut_log(now())');
	is((follow($next, 100, 'restored'))[1], undef, 'restored: and goes on after a cut there');
}

# nobody who reads or writes waits for a cut, nor it for them
{
	my $reader = $node->background_psql('postgres');
	$reader->query_safe(q{BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT dpmeta.stats()});
	my $seen = $reader->query_safe(q{SELECT count(*) FROM dpmeta.events});
	my $writer = $node->background_psql('postgres');
	$writer->query_safe(q{BEGIN; SELECT id FROM dpmeta.report_load('dp:orders', row_count => 8)});
	cmp_ok($node->safe_psql('postgres', 'SELECT dpmeta.cut_log(now())'), '>', 0, 'a cut beside a reader and a writer');
	is($reader->query_safe(q{SELECT count(*) FROM dpmeta.events}), $seen, 'the reader sees what it saw');
	$writer->query_safe('COMMIT');
	$reader->quit;
	$writer->quit;
	like($node->safe_psql('postgres', q{SELECT document FROM dpmeta.get_data_product('dp:orders')}),
		qr/"rowCount":8/, 'the write is there');
	is_in_order('cut beside others');
}

done_testing();
