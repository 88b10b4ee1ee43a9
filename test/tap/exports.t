# The module exports what the install scripts call, and nothing else: PostgreSQL
# 15 loads a module so that its names stand for those of libraries that come
# later, such as jansson's json_string().
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

my $stage = "$ENV{TEST_SOURCE}/stage";
my ($library, $folder) = map { chomp(my $path = `pg_config $_`); $path } '--pkglibdir', '--sharedir';
my @scripts = grep { /--\d[\d.]*\.sql$/ } glob "$stage$folder/extension/dpmeta--*.sql";

# Every function of the module that a version of the extension ever named; one
# that is named by AS 'MODULE_PATHNAME' alone is called as in SQL.
my %called;
foreach my $script (@scripts)
{
	my $sql = slurp_file($script);

	while ($sql =~ /CREATE (?:FUNCTION|PROCEDURE) dpmeta\.(\w+)[^;]*?AS 'MODULE_PATHNAME'(?:,\s*'(\w+)')?/g)
	{
		$called{$2 // $1} = 1;
	}
	# also what a DO block puts together
	$called{$1} = 1 while $sql =~ /AS 'MODULE_PATHNAME',\s*'(\w+)'/g;
}

my %wanted = map { $_ => 1 } '_PG_init', 'Pg_magic_func', map { ($_, "pg_finfo_$_") } keys %called;
my %found = map { /^\S* [A-Za-z] (\w+)/ ? ($1 => 1) : () }
  split /\n/, `nm -D --defined-only "$stage$library/dpmeta.so"`;

cmp_ok(scalar @scripts, '>=', 2, '1.0 and the current version are compared');
cmp_ok(scalar keys %called, '>', 50, 'the scripts were read');
is_deeply([ grep { !$wanted{$_} } sort keys %found ], [], 'nothing is exported beside');
is_deeply([ grep { !$found{$_} } sort keys %wanted ], [], 'all that is called is exported');
done_testing();
