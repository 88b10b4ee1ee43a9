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

# What is written now is lost.
$old->wait_for_catchup($new);
$new->stop;
patch($old, 2);
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

done_testing();
