# A follower gets each event once, or is told: in a store restored by pg_dump,
# a copy, a standby that is promoted, one that lost events, a logical subscriber
# and after pg_upgrade, each with lower numbers of transactions or the same.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main', allows_streaming => 1);
$node->append_conf('postgresql.conf', 'wal_level = logical');
$node->restart;

# This cluster has used many more transactions than any other here.
$node->safe_psql('postgres', q{
	DO $$ BEGIN
		FOR i IN 1..3000 LOOP
			PERFORM pg_current_xact_id();
			COMMIT;
		END LOOP;
	END $$});

# A follower: what it has read, and where it stands.
sub new_follower { return { next => undef, seen => [] } }

# Reads to the end in small pages; returns how many events came, or the SQLSTATE.
sub follow
{
	my ($follower, $server, $database) = @_;
	my $count = 0;

	while (1)
	{
		my $after = defined $follower->{next} ? "'$follower->{next}'" : 'NULL';
		my $rows = refused($server, "SELECT next, data_product, occurred_at"
			  . " FROM dpmeta.follow_events($after, 3)", $database);

		return $rows if $rows =~ /^\w{5}$/;
		return $count if $rows eq '';
		foreach my $row (split /\n/, $rows)
		{
			my ($next, @event) = split /\|/, $row;

			$follower->{next} = $next;
			push @{ $follower->{seen} }, join ' ', @event;
			$count++;
		}
	}
}

# What it has read is all that there is, each once.
sub is_complete
{
	my ($follower, $server, $what, $database) = @_;

	is(join("\n", sort @{ $follower->{seen} }),
		$server->safe_psql($database // 'postgres', q{
			SELECT concat_ws(' ', data_product, occurred_at) COLLATE "C" FROM dpmeta.events ORDER BY 1}),
		"$what: each event once");
}

sub patch
{
	my ($server, $period, $database) = @_;

	return register($server,
		"patch_data_product('dp:orders', '{\"retentionPeriod\": $period}')", $database);
}

my $follower = new_follower();
is(follow($follower, $node), 0, 'nothing yet');
register($node, 'register_data_product(' . product('orders') . ')');
register($node, 'register_data_product(' . product('gone') . ')');
patch($node, $_) foreach 1 .. 6;
is(follow($follower, $node), 8, 'all that there is');
is(follow($follower, $node), 0, 'and not again');

# What is written by a transaction that began earlier comes first, and waits
my $early = $node->background_psql('postgres');
$early->query_safe(q{BEGIN; SELECT pg_current_xact_id()});
patch($node, 7);
is(follow($follower, $node), 0, 'nothing while an earlier transaction runs');
$early->query_safe(q{SELECT kind FROM dpmeta.patch_data_product('dp:gone', '{"retentionPeriod": 1}'); COMMIT});
$early->quit;
is(follow($follower, $node), 2, 'both once it is over');
is_complete($follower, $node, 'main');

# Not a cursor
is(refused($node, "SELECT dpmeta.follow_events('$_')"), 'MD010', "\"$_\" is none")
  foreach '', '5364', '0:1:2:3', 'x' x 200;
is(refused($node, "SELECT dpmeta.follow_events(page_size => $_)"), 'MD010', "no page of $_")
  foreach 0, 10001, 'NULL';

# An event that went with its product is not missed
{
	my $other = new_follower();

	register($node, "delete_data_product('dp:gone')");
	follow($other, $node);
	$node->safe_psql('postgres', q{SELECT dpmeta.purge_data_product('gone')});
	is(follow($other, $node), 1, 'a purge is an event');
	follow($follower, $node);
}

# A server that has the past and will miss what comes
$node->backup('past');
my $past = PostgreSQL::Test::Cluster->new('past');
$past->init_from_backup($node, 'past', has_streaming => 0);

# One that has all
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'past', has_streaming => 1);
$standby->start;

patch($node, 8);
my $unread = { %$follower, seen => [ @{ $follower->{seen} } ] };
is(follow($follower, $node), 1, 'one more');

# pg_dump into a cluster with lower numbers
my $other = new_node('other');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'postgres' ], 'dump');
$other->safe_psql('postgres', 'CREATE DATABASE restored TEMPLATE template0');
$other->command_ok([ 'pg_restore', '-e', '-d', 'restored', $dump ], 'restore');
cmp_ok($other->safe_psql('restored', 'SELECT pg_current_xact_id()'), '<',
	(split /:/, $follower->{next})[1], 'its transactions have lower numbers');
is(follow($follower, $other, 'restored'), 'MD016', 'restored: told');
patch($other, 9, 'restored');
is(follow($follower, $other, 'restored'), 'MD016', 'restored and written to: told');
{
	my $again = new_follower();

	follow($again, $other, 'restored');
	is_complete($again, $other, 'restored', 'restored');
	patch($other, 10, 'restored');
	is(follow($again, $other, 'restored'), 1, 'restored: what is written then');
	is_complete($again, $other, 'restored, followed', 'restored');

	# the same dump once more is yet another
	$other->safe_psql('postgres', 'CREATE DATABASE twice TEMPLATE template0');
	$other->command_ok([ 'pg_restore', '-e', '-d', 'twice', $dump ], 'restore again');
	is(follow($again, $other, 'twice'), 'MD016', 'restored twice: told');

	# a copy
	$other->safe_psql('postgres', 'CREATE DATABASE copied TEMPLATE restored');
	is(follow($again, $other, 'copied'), 'MD016', 'copied: told');
	my $copy = new_follower();
	follow($copy, $other, 'copied');
	patch($other, 11, 'copied');
	is(follow($copy, $other, 'copied'), 1, 'copied: what is written then');
	is(follow($again, $other, 'restored'), 0, 'and not seen in the one it is of');
}

# Restored with triggers switched off: told what to do, and then right
$other->safe_psql('postgres', 'CREATE DATABASE untriggered TEMPLATE template0');
{
	my $again = new_follower();

	$other->command_ok([ 'pg_restore', '-e', '-s', '-d', 'untriggered', $dump ], 'restore the schema');
	$other->safe_psql('untriggered', 'ALTER TABLE dpmeta.event DISABLE TRIGGER event_arrived');
	$other->command_ok([ 'pg_restore', '-e', '-a', '-d', 'untriggered', $dump ], 'and the data');
	is(follow($again, $other, 'untriggered'), '55000', 'triggers switched off: told');
	my (undef, undef, $error) = $other->psql('untriggered', 'SELECT dpmeta.follow_events()');
	$error =~ /HINT:.*run: (.*)/ or die $error;
	$other->safe_psql('untriggered', $1);
	follow($again, $other, 'untriggered');
	is_complete($again, $other, 'untriggered', 'untriggered');
	patch($other, 12, 'untriggered');
	is(follow($again, $other, 'untriggered'), 1, 'what is written then');
}

# A standby, and once it is promoted
$node->wait_for_catchup($standby);
is(follow($unread, $standby), 1, 'a standby has what the primary has');
is(follow($follower, $standby), 0, 'and not more');

# A logical subscriber with lower numbers
my $subscriber = new_node('subscriber');
$node->safe_psql('postgres', q{
	CREATE PUBLICATION p FOR TABLE dpmeta.product, dpmeta.product_version,
		dpmeta.table_schema, dpmeta.table_range, dpmeta.event});
$subscriber->safe_psql('postgres',
	"CREATE SUBSCRIPTION s CONNECTION '" . $node->connstr . " dbname=postgres' PUBLICATION p");
$subscriber->wait_for_subscription_sync($node, 's');
{
	my $there = new_follower();

	follow($there, $subscriber);
	is_complete($there, $subscriber, 'subscriber');
	is(follow($follower, $subscriber), 'MD016', "subscriber: the publisher's cursor is told");
	patch($node, 13);
	$node->wait_for_catchup('s');
	is(follow($there, $subscriber), 1, 'subscriber: what comes then');
	is(follow($follower, $node), 1, 'as on the publisher');

	# transactions that commit in another order than they began
	$early = $node->background_psql('postgres');
	$early->query_safe(q{BEGIN; SELECT pg_current_xact_id()});
	patch($node, 14);
	$node->wait_for_catchup('s');
	is(follow($there, $subscriber), 1, 'subscriber: what was committed first');
	$early->query_safe('SELECT id FROM dpmeta.register_data_product(' . product('late') . '); COMMIT');
	$early->quit;
	$node->wait_for_catchup('s');
	is(follow($there, $subscriber), 1, 'subscriber: then what began earlier');
	is_complete($there, $subscriber, 'subscriber, followed');
	is(follow($follower, $node), 2, 'as on the publisher, both');
	$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION s');
	$subscriber->stop;
}

$node->wait_for_catchup($standby);
$node->stop;
$standby->promote;
is(follow($follower, $standby), 0, 'promoted: nothing again');
patch($standby, 15);
is(follow($follower, $standby), 1, 'promoted: what is written then');
is(follow($unread, $standby), 4, 'and by one that was behind');

# One that lost what the follower has read, and goes on with the same numbers
$past->start;
is(follow($follower, $past), 'MD016', 'an earlier time: told');
patch($past, 20 + $_) foreach 1 .. 20;
is(follow($follower, $past), 'MD016', 'and when it has gone on');
$past->stop;

# pg_upgrade
my $new = PostgreSQL::Test::Cluster->new('new');
$new->init(extra => [ @initdb_options ]);
$standby->stop;
my $bin = $node->config_data('--bindir');
chdir PostgreSQL::Test::Utils::tempdir();
command_ok([ 'pg_upgrade', '--no-sync', '-b', $bin, '-B', $bin,
		'-d', $standby->data_dir, '-D', $new->data_dir, '-s', $new->host,
		'-p', $standby->port, '-P', $new->port ], 'pg_upgrade');
$new->start;
is(follow($follower, $new), 0, 'upgraded: nothing again');
patch($new, 16);
is(follow($follower, $new), 1, 'upgraded: what is written then');
follow($unread, $new);

done_testing();
