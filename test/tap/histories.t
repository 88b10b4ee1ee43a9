# A failover that loses commits leaves two histories, which use the same numbers.
# What stands for something of the one is never taken for something of the other.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $old = new_node('old', allows_streaming => 1);
my $new = PostgreSQL::Test::Cluster->new('new');
$old->backup('backup');
$new->init_from_backup($old, 'backup', has_streaming => 1);
$new->start;

# The entity tags of these IDs, and of what they resolve to.
sub tags
{
	my ($node, $database, @ids) = @_;
	my @tags;

	foreach my $id (@ids)
	{
		my $function = $id =~ /:lines$/ ? 'get_schema' : 'get_data_product';

		push @tags, $node->safe_psql($database, "SELECT id || ' ' || etag FROM dpmeta.$function('$id')");
	}
	return \@tags;
}

sub patch
{
	my ($node, $period) = @_;

	return register($node, "patch_data_product('dp:orders', '{\"retentionPeriod\": $period}')");
}

my @common = qw(dp:orders:v1.0 dp:orders:v1.1 dp:orders:v1.1:lines);

register($old, 'register_data_product(' . product('orders') . ')');
register($old, "register_schema('dp:orders:lines', " . table_schema(id => 'int') . ')');
my $tags = tags($old, 'postgres', @common);
like($_, qr/^dp:orders:(v1\.[01])(:lines)? \1-[0-9a-f]{32}$/, 'a tag') foreach @$tags;
is_deeply(tags($old, 'postgres', qw(dp:orders:v1.0 dp:orders:v1 dp:orders:v1:lines)), $tags,
	'the same by each ID');
is_deeply(tags($old, 'postgres', qw(dp:orders:v1.0 dp:orders dp:orders:lines)), $tags,
	'and without a version');
is($old->safe_psql('postgres', q{SELECT id || ' ' || etag FROM dpmeta.list_data_products()}),
	$tags->[1], 'and in a list');
isnt((split / /, $tags->[1])[1], (split / /, $tags->[2])[1], 'a table has its own');

$old->wait_for_catchup($new);
is_deeply(tags($new, 'postgres', @common), $tags, 'the same on a standby');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
$old->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'postgres' ], 'dump');
$old->safe_psql('postgres', 'CREATE DATABASE restored TEMPLATE template0');
$old->command_ok([ 'pg_restore', '-e', '-d', 'restored', $dump ], 'restore');
is_deeply(tags($old, 'restored', @common), $tags, 'the same in a store that a dump was restored to');

# Where a write was committed: in the same session, whatever others write since.
sub write_and_ask
{
	my ($node, $statement) = @_;
	my @lines = split /\n/, $node->safe_psql('postgres',
		"$statement;\nSELECT dpmeta.current_position(), pg_current_wal_insert_lsn()");

	return split /\|/, $lines[-1];
}

sub waited
{
	my ($node, $position, $timeout) = @_;

	return refused($node, "CALL dpmeta.wait_for_position('$position', " . ($timeout // 60000) . ')');
}

my ($cluster) = split /\n/, $old->safe_psql('postgres', 'SELECT system_identifier FROM pg_control_system()');
my ($common) = write_and_ask($old, "SELECT FROM dpmeta.patch_data_product('dp:orders', '{\"retentionPeriod\": 7}')");
like($common, qr{^[0-9A-F]+/[0-9A-F]+:1:$cluster$}, 'a position');
is($old->safe_psql('postgres', "SELECT split_part('$common', ':', 1)::pg_lsn <= pg_current_wal_flush_lsn()"),
	't', 'of the commit, which was flushed');
my ($unchanged, $insert) = write_and_ask($old, 'SELECT 1');
is((split /:/, $unchanged)[0], $insert, 'whoever wrote nothing gets the last place of all');
is(waited($_, $common), '', 'it is reached on ' . $_->name) foreach $old, $new;
is(waited($_, $common =~ s/:.*//r), '', 'and without its history on ' . $_->name) foreach $old, $new;
like($new->safe_psql('postgres', 'SELECT dpmeta.current_position()'), qr/:1:$cluster$/, 'a standby has one, too');
is(waited($_, $common =~ s/:1:.*/:1:1/r), 'MD018', 'one of another cluster is lost on ' . $_->name)
  foreach $old, $new;
is(waited($old, $common =~ s/:1:/:2:/r), 'MD018', 'a primary has no later timeline');
is(waited($new, $common =~ s/:1:/:2:/r, 10), 'MD015', 'a standby may get to it');
is(waited($old, "FFFFFFFF/0:1:$cluster"), 'MD018', 'nor has it what it has not written');
is(waited($old, $_), 'MD010', "\"$_\" is none")
  foreach '', '0', '0/', '0/0:1', "0/0:0:$cluster", '0/123456789', '0/0:1:1:1', '0/0:4294967296:1', ' 0/0';

# What is written now is lost.
$old->wait_for_catchup($new);
$new->stop;
my ($lost_position) =
  write_and_ask($old, "SELECT FROM dpmeta.patch_data_product('dp:orders', '{\"retentionPeriod\": 2}')");
my $read = $old->safe_psql('postgres', 'SELECT next FROM dpmeta.follow_events() ORDER BY event_id DESC LIMIT 1');
my $lost = tags($old, 'postgres', qw(dp:orders dp:orders:lines));
$old->stop('immediate');
$new->start;
$new->promote;

is_deeply(tags($new, 'postgres', @common), $tags, 'what was not lost keeps its tags');
patch($new, 2);
my $made = tags($new, 'postgres', qw(dp:orders dp:orders:lines));
is($made->[$_] =~ s/ .*//r, $lost->[$_] =~ s/ .*//r, 'the number comes again') foreach 0, 1;
isnt($made->[$_], $lost->[$_], 'with the same content, and not the same tag') foreach 0, 1;
my ($lost_tag) = $lost->[0] =~ / (.*)/;
is(refused($new, "SELECT dpmeta.patch_data_product('dp:orders', '{}', if_match => '{$lost_tag}')"),
	'MD006', 'a tag of what was lost is not the current one');

# A follower that read what was lost is told what it still has.
my ($status, $out, $err) = $new->psql('postgres', "SELECT dpmeta.follow_events('$read')");
like($err, qr/the last event of the cursor is not in the log/, 'a cursor of what was lost is refused');
my ($said, $next) = $err =~ /that both have is: (.*); its next is ([0-9a-f:]+)\./ or die $err;
is($said =~ s/ at .*//r, 'patch of "orders"', 'and told the last event that is left');
is($new->safe_psql('postgres', "SELECT string_agg(concat(action, ' ', to_version), ',') FROM dpmeta.follow_events('$next')"),
	'patch v1.3', 'from which it goes on with what took the place of the lost one');
($status, $out, $err) = $new->psql('postgres', "SELECT dpmeta.follow_events('" . ($read =~ s/:\d+$//r) . "')");
unlike($err, qr/both have/, 'a cursor of before says nothing of that');
like($err, qr/HINT:  Begin at the first event/, 'but where to begin');

# Positions of the old timeline are good up to where the new one begins.
my $other = PostgreSQL::Test::Cluster->new('other');
$new->backup('again');
$other->init_from_backup($new, 'again', has_streaming => 1);
$other->start;
my ($now) = write_and_ask($new, "SELECT FROM dpmeta.patch_data_product('dp:orders', '{\"retentionPeriod\": 3}')");
like($now, qr/:2:$cluster$/, 'a position has the new timeline');
foreach my $node ($new, $other)
{
	my $name = $node->name;

	is(waited($node, $now), '', "what is written now is reached on $name");
	is(waited($node, $common), '', "what was not lost is reached on $name");
	is(waited($node, $lost_position), 'MD018', "what was lost is said to be on $name");
}

# A standby that waits while the next primary begins another timeline.
$other->safe_psql('postgres', 'SELECT pg_wal_replay_pause()');
my $waiting = $other->background_psql('postgres', on_error_stop => 0);
my ($to_come) = write_and_ask($new, "SELECT FROM dpmeta.patch_data_product('dp:orders', '{\"retentionPeriod\": 4}')");
$waiting->query_until(qr/begun/, "\\echo begun\nCALL dpmeta.wait_for_position('$to_come', 180000);\n");
$other->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'CALL dpmeta.wait%' AND state = 'active'});
$new->stop;
$other->safe_psql('postgres', 'SELECT pg_wal_replay_resume()');
$other->promote;
$waiting->quit;
is(waited($other, $to_come), '', 'what a clean switchover keeps is reached');
is(waited($other, $common), '', 'and what is two timelines old');
is(waited($other, $lost_position), 'MD018', 'and what was lost is so still');
($now) = write_and_ask($other, "SELECT FROM dpmeta.patch_data_product('dp:orders', '{\"retentionPeriod\": 5}')");
like($now, qr/:3:$cluster$/, 'the third timeline');

# The first primary comes back as it was, and takes itself for one.
$old->start;
is(waited($old, $lost_position), '', 'to itself nothing is lost');
is(waited($old, $now), 'MD018', 'but it is not in the history of the others');

done_testing();
