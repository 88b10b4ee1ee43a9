# The SQL tests in databases that a server may have had before: of other
# encodings and locales, with plans made in parallel or compiled.
#
# The locales are made for this server alone.  The tests that take longest are
# left out, since each kind of database has all the others to go through, and so is
# lists, whose plans depend on the rows that these leave behind.
use strict;
use warnings;

use Dpmeta;
use File::Basename;
use PostgreSQL::Test::Utils;
use Test::More;

my %left_out = map { $_ => 1 } qw(conditions limits lists pages);
my @tests = grep { !$left_out{$_} }
  map { basename($_, '.sql') } sort glob "$ENV{TEST_SOURCE}/sql/*.sql";

# What the machine has of locales is its own affair.
my %locales = (
	'C.UTF-8' => [ 'C', 'UTF-8' ],
	'tr_TR.UTF-8' => [ 'tr_TR', 'UTF-8' ],
	'de_DE.ISO-8859-1' => [ 'de_DE', 'ISO-8859-1' ]);
$ENV{LOCPATH} = PostgreSQL::Test::Utils::tempdir;
foreach my $name (sort keys %locales)
{
	my ($source, $charmap) = @{ $locales{$name} };

	system_log('localedef', '-i', $source, '-f', $charmap, "$ENV{LOCPATH}/$name") == 0
	  or plan skip_all => "localedef cannot make $name: it needs Debian's package locales";
}

my $node = new_node('main');
my $jit = $node->safe_psql('postgres', 'SET jit = on; SELECT pg_jit_available()') eq 't';
my $parallel = $node->safe_psql('postgres', q{
	SELECT name FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query')});

# run NAME, OPTIONS OF THE DATABASE, SETTINGS...
sub run
{
	my ($name, $options, %settings) = @_;
	my $out = PostgreSQL::Test::Utils::tempdir;
	my $passed;

	# As pg_regress does in the database that it makes.
	$settings{"lc_$_"} //= 'C' foreach qw(messages monetary numeric time);
	$node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE template0 $options");
	$node->safe_psql('postgres', "ALTER DATABASE $name SET $_ = '$settings{$_}'")
	  foreach sort keys %settings;
	$node->safe_psql($name, 'CREATE EXTENSION dpmeta');
	$passed = system_log($ENV{PG_REGRESS}, '--use-existing', "--dbname=$name",
		'--host=' . $node->host, '--port=' . $node->port,
		"--inputdir=$ENV{TEST_SOURCE}", "--outputdir=$out", @tests) == 0;
	ok($passed, "$name: " . scalar(@tests) . ' tests');
	diag(PostgreSQL::Test::Utils::slurp_file("$out/regression.diffs")) unless $passed;
	$node->safe_psql('postgres', "DROP DATABASE $name");
}

run('turkish', q{ENCODING 'UTF8' LOCALE 'tr_TR.UTF-8'});
# with names of months that have letters which LATIN1 lacks
run('latin1', q{ENCODING 'LATIN1' LOCALE 'de_DE.ISO-8859-1'}, lc_time => 'tr_TR.UTF-8');
run('parallel', q{ENCODING 'SQL_ASCII' LOCALE 'C'}, $parallel => 'regress', jit => 'off');
SKIP:
{
	skip 'this server has no JIT: it needs the package postgresql-NN-jit', 1 unless $jit;
	# Each plan is compiled, which takes long.
	@tests = qw(column_type dpid dpversion);
	run('compiled', q{ENCODING 'UTF8' LOCALE 'C'}, jit => 'on', jit_above_cost => 0);
}

done_testing();
