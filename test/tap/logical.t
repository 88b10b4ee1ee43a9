# A logical subscriber reads as the publisher does, and takes over from it.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my ($publisher, $subscriber) = map { new_node($_, allows_streaming => 'logical') } qw(publisher subscriber);

# so that what is waited for is known at once
$subscriber->append_conf('postgresql.conf', 'wal_receiver_status_interval = 1');
$subscriber->reload;

# What can be read, but for numbers of transactions, which are each cluster's own
my $reads = join ";\n", '\set VERBOSITY sqlstate',
  map({ "SELECT '$_', (to_jsonb(v) - 'transaction_id')::text COLLATE \"C\" FROM dpmeta.$_ v ORDER BY 2" }
	  split /\n/, $publisher->safe_psql('postgres', q{SELECT name FROM dpmeta.role_rights() WHERE kind = 'view'})),
  map({ "SELECT $_" } "dpmeta.model('data-product')", "dpmeta.model('data-product-update')", "dpmeta.model('schema')", "dpmeta.model('contract')",
	  'dpmeta.domains()', q{dpmeta.stats() - 'time'}),
  map({ "SELECT '$_', to_jsonb(f) FROM dpmeta.$_ f" =~ s/'(\w+\(.*\))',/\$\$$1\$\$,/r }
	  q{get_data_product('dp:orders')}, q{get_contract('dp:orders')}, q{get_schema('dp:orders:v1:lines')}, q{list_versions('dp:orders')},
	  q{list_changes('dp:orders', 'v1.0')}, q{data_products_page()}, q{get_data_product('dp:gone')},
	  q{get_data_product('dp:purged')}, q{validate_ref('https://example.org/x', '"1"')});

sub contents
{
	my ($node) = @_;
	my ($status, $out, $err) = $node->psql('postgres', $reads =~ s/^(\\.*);/$1/r, on_error_stop => 0);

	return "$out\n$err";
}

sub is_equal
{
	my ($what) = @_;

	$publisher->wait_for_catchup('dpmeta');
	is(contents($subscriber), contents($publisher), "$what: all reads the same");
	return;
}

# A follower: how many events come, or the SQLSTATE
sub follow
{
	my ($follower, $node) = @_;
	my $after = defined $follower->{next} ? "'$follower->{next}'" : 'NULL';
	my $rows = refused($node, "SELECT next, data_product, occurred_at FROM dpmeta.follow_events($after, 10000)");

	return $rows if $rows =~ /^\w{5}$/;
	foreach my $row (split /\n/, $rows)
	{
		($follower->{next}, my @event) = split /\|/, $row;
		push @{ $follower->{seen} }, join ' ', @event;
	}
	return scalar(() = $rows =~ /^./gm);
}

sub write_to { $_[0]->safe_psql('postgres', "SELECT dpmeta.$_[1]"); return; }

# There before the subscription
write_to($publisher, q{set_domains(ARRAY['Sales', 'HQ', 'Law'])});
write_to($publisher, q{register_json_schema('https://example.org/x', '{"type": "integer"}')});
write_to($publisher, 'register_data_product(' . product('orders', domain => '"Sales"') . ", idempotency_key => 'k')");
write_to($publisher, q{register_schema('dp:orders:lines', } . table_schema(id => 'int') . ')');
write_to($publisher, q{update_schema('dp:orders:lines', } . table_schema(id => 'bigint') . ')');
write_to($publisher, 'register_data_product(' . product($_) . ')') foreach qw(gone purged back);
write_to($publisher, "delete_data_product('dp:$_')") foreach qw(gone purged back);
write_to($publisher, "purge_data_product('purged')");

$publisher->safe_psql('postgres', 'SELECT dpmeta.publish()');
is($publisher->safe_psql('postgres', q{
		SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_publication_tables WHERE pubname = 'dpmeta'}),
	$publisher->safe_psql('postgres', q{
		SELECT string_agg(c.relname, ' ' ORDER BY c.relname)
		FROM pg_class c
		WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
			AND c.relname NOT IN ('model', 'life', 'installed', 'column_kind', 'stats_kept')}),
	'every table but those that are of one store alone');
is($publisher->safe_psql('postgres', q{
		SELECT DISTINCT c.relname FROM pg_publication_tables t JOIN pg_class c ON c.relname = t.tablename AND c.relnamespace = 'dpmeta'::regnamespace
		WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)}),
	'', 'and each has a key by which a change is found');
$publisher->safe_psql('postgres', 'ALTER PUBLICATION dpmeta DROP TABLE dpmeta.domain; SELECT dpmeta.publish()');
is($publisher->safe_psql('postgres', q{SELECT count(*) FROM pg_publication_tables WHERE tablename = 'domain'}), '1',
	'a publication that is there is brought up to date');

# but nothing is taken away, and one that will not do is refused
$publisher->safe_psql('postgres', 'CREATE TABLE mine (i int PRIMARY KEY); CREATE TABLE other (i int PRIMARY KEY);
	ALTER PUBLICATION dpmeta ADD TABLE mine; ALTER PUBLICATION dpmeta DROP TABLE dpmeta.domain; SELECT dpmeta.publish()');
is($publisher->safe_psql('postgres', q{SELECT string_agg(tablename, ' ' ORDER BY 1) FROM pg_publication_tables
		WHERE pubname = 'dpmeta' AND tablename IN ('domain', 'mine')}), 'domain mine', "a user's table stays in it");
$publisher->safe_psql('postgres', 'ALTER PUBLICATION dpmeta DROP TABLE mine');
foreach my $made (
	'FOR ALL TABLES', 'FOR TABLES IN SCHEMA dpmeta', 'FOR TABLE other', 'FOR TABLE dpmeta.model', 'FOR TABLES IN SCHEMA public',
	"FOR TABLE dpmeta.product WITH (publish = 'insert')", 'FOR TABLE dpmeta.product WHERE (product_id > 7)',
	'FOR TABLE dpmeta.domain (name)')
{
	$publisher->safe_psql('postgres', "CREATE PUBLICATION users $made");
	my $tables = q{SELECT string_agg(tablename, ' ' ORDER BY 1) FROM pg_publication_tables WHERE pubname = 'users'};
	my $before = $publisher->safe_psql('postgres', $tables);
	my (undef, undef, $error) = $publisher->psql('postgres', "SELECT dpmeta.publish('users')");
	like($error, qr/ERROR:  publication "users" is not one for the store\nDETAIL:  It .*\nHINT:  Give/, "refused: $made");
	is($publisher->safe_psql('postgres', $tables), $before, 'and left as it was');
	$publisher->safe_psql('postgres', 'DROP PUBLICATION users');
}

$subscriber->safe_psql('postgres',
	"CREATE SUBSCRIPTION dpmeta CONNECTION '" . $publisher->connstr . " dbname=postgres' PUBLICATION dpmeta");
$subscriber->wait_for_subscription_sync($publisher, 'dpmeta');
like(contents($publisher), qr/dp:orders:v2.0:lines.*Sales.*ERROR:  MD003.*ERROR:  MD003/s, 'there is something to read');
is_equal('what was there');
my ($of_publisher, $of_subscriber) = ({}, {});
follow($of_publisher, $publisher);
is(follow($of_subscriber, $subscriber), scalar @{ $of_publisher->{seen} }, 'and a follower has the same events');

# Every kind of write
foreach my $write (
	q{update_data_product('dp:orders', } . product(undef, retentionPeriod => 9) . ')',
	q{update_schema('dp:orders:v1:lines', } . table_schema(id => 'int', n => 'int') . ')',
	'sync_data_product(' . product('synced') . q{, '{"t": {"tableDescription": "", "columns": []}}')},
	q{report_load('dp:orders', '2026-01-01', 7)}, q{set_sunset('orders', '2050-01-01')},
	q{restore_data_product('dp:back')}, q{delete_schema('dp:orders:lines')},
	q{set_domains(ARRAY['HQ', 'Art', 'Music'])},
	'register_data_product(' . product('art', domain => '"Art"') . ')',
	q{register_json_schema('https://example.org/x', '{"type": "boolean"}')},
	q{delete_data_product('dp:synced')}, q{purge_data_product('synced')}, q{purge_idempotency_keys()},
	q{set_domains('{}')}, q{unregister_json_schema('https://example.org/x')})
{
	write_to($publisher, $write);
	is_equal($write);
}
like($subscriber->safe_psql('postgres', q{SELECT dpmeta.model('data-product') #> '{properties,domain,enum}'}), qr/HMPPS/,
	'the domains that are shipped are back in the models there');
write_to($publisher, q{set_domains(ARRAY['HQ', 'Zoo', 'Sales'])});
is_equal('domains');
is($publisher->safe_psql('postgres', q{SELECT count(DISTINCT seed) FROM dpmeta.life}), '1', 'each has one life');
my $names = q{SELECT string_agg(DISTINCT concat_ws(' ', column_name, column_type), ', ') FROM dpmeta.columns};
is($subscriber->safe_psql('postgres', $names =~ s/dpmeta\.columns/dpmeta.column_names/r),
	$subscriber->safe_psql('postgres', $names), 'and keeps a list of the names of columns for itself');
follow($of_publisher, $publisher);
follow($of_subscriber, $subscriber);
is(join("\n", sort @{ $of_subscriber->{seen} }), join("\n", sort @{ $of_publisher->{seen} }), 'each event once, by either');

# It takes no writes, neither while rows arrive nor until it takes over
my @writes = (
	'register_data_product(' . product('early') . ')', q{patch_data_product('dp:orders', '{"retentionPeriod": 1}')},
	q{report_load('dp:orders', '2026-01-01', 7)}, q{delete_data_product('dp:orders')}, q{purge_idempotency_keys()},
	q{purge_data_product('back')}, 'cut_log(now())', q{set_domains('{}')}, q{unregister_json_schema('https://example.org/y')},
	q{register_json_schema('https://example.org/y', '{}')}, q{lock_data_product('orders')});
sub is_refused
{
	my ($when, $pattern) = @_;

	foreach my $write (@writes)
	{
		my (undef, undef, $error) = $subscriber->psql('postgres', "SELECT dpmeta.$write");
		like($error, qr/ERROR:  the store is not written to, because $pattern.*\nDETAIL.*\nHINT.*SELECT dpmeta\.take_over\(\)/,
			"$when: $write");
	}
	return;
}
is_refused('subscribed', 'subscription dpmeta brings its rows');

# It takes over
is(refused($subscriber, 'SELECT dpmeta.take_over()'), '55000', 'not while rows arrive');
my (undef, undef, $error) = $subscriber->psql('postgres', 'SELECT dpmeta.take_over()');
$error =~ /HINT:.*run: (.*)/ or die $error;
my $last = $publisher->safe_psql('postgres', 'SELECT max(event_id) FROM dpmeta.event');
$publisher->stop('immediate');
my @steps = split /(?<=;) /, $1;
$subscriber->safe_psql('postgres', shift @steps);
is_refused('subscription disabled', 'subscription dpmeta brings its rows');
is(refused($subscriber, 'SELECT dpmeta.take_over()'), '55000', 'nor is it taken over while it could go on');
$subscriber->safe_psql('postgres', $_) foreach @steps;
is_refused('subscription dropped', 'its sequences are behind its rows');
my $broken = q{SELECT coalesce(string_agg(name, ', '), '') FROM dpmeta.check() WHERE violations > 0};
is($subscriber->safe_psql('postgres', $broken), 'next numbers', 'check() says so, too');
$subscriber->safe_psql('postgres', 'SELECT dpmeta.take_over()');
is($subscriber->safe_psql('postgres', $broken), '', 'and nothing is wrong after it');
is(register($subscriber, 'register_data_product(' . product('fresh') . ')'), 'dp:fresh:v1.0', 'a product more');
is(register($subscriber, q{register_schema('dp:fresh:t', } . table_schema(id => 'int') . ')'), 'dp:fresh:v1.1:t',
	'a table more');
is(register($subscriber, q{patch_data_product('dp:orders', '{"retentionPeriod": 77}')}), 'dp:orders:v3.1',
	'it goes on where the publisher ended');
is(register($subscriber, 'register_data_product(' . product('gone') . ')'), 'dp:gone:v2.0',
	"a deleted product's numbers stay used");
cmp_ok($subscriber->safe_psql('postgres', 'SELECT max(event_id) FROM dpmeta.event'), '>', $last,
	'its events have later numbers');
is($subscriber->safe_psql('postgres', 'SELECT replayed FROM dpmeta.register_data_product('
		  . product('orders', domain => '"Sales"') . ", idempotency_key => 'k')"), 't',
	'a retry from before replays');
is(refused($subscriber, 'SELECT dpmeta.register_data_product(' . product('bad', domain => '"OPG"') . ')'), 'MD007',
	'the domains hold');
is(register($subscriber, 'register_data_product(' . product('zoo', domain => '"Zoo"') . ')'), 'dp:zoo:v1.0',
	'those that arrived');
is(follow($of_subscriber, $subscriber), 5, "a follower of it goes on");
is(follow($of_publisher, $subscriber), 'MD016', "one of the publisher's is told that it is another life");
$subscriber->safe_psql('postgres', 'SELECT dpmeta.take_over()');
is(register($subscriber, q{patch_data_product('dp:orders', '{"retentionPeriod": 78}')}), 'dp:orders:v3.2',
	'taking over once more does no harm');

done_testing();
