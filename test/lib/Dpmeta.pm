# What the TAP tests share: a node with the extension, and documents for it.
package Dpmeta;

use strict;
use warnings;

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(@initdb_options new_node product table_schema register get refused
  all_rows);

# PostgreSQL::Test drops LC_ALL, and what LANG says is the machine's affair.  So
# is the name of who runs the tests, which a test may want for a role.
our @initdb_options =
  ('--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8');
$ENV{PGUSER} = 'postgres';

# A running node whose database postgres has the extension.
sub new_node
{
	my ($name, %init) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	push @{ $init{extra} }, @initdb_options;
	$node->init(%init);
	# The framework's own default is to stay down after a crash.
	$node->append_conf('postgresql.conf', q{
		fsync = on
		restart_after_crash = on
		search_path = '"$user", public, dpmeta'});
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION dpmeta');
	return $node;
}

# Documents, as SQL literals.  Members given go before the usual ones.
sub product
{
	my ($name, %member) = @_;
	my %default = (
		description => '"Made by a test"',
		domain => '"HQ"',
		dataProductOwner => '"ann@example.org"',
		dataProductOwnerDisplayName => '"Ann"',
		email => '"ann@example.org"',
		status => '"draft"',
		retentionPeriod => 30,
		dpiaRequired => 'false');
	my %all = (%default, %member);

	$all{name} = "\"$name\"" if defined $name;
	return "'{" . join(', ', map { "\"$_\": $all{$_}" } sort keys %all) . "}'";
}

# table_schema(id => 'bigint', ...): a table of these columns.
sub table_schema
{
	my @columns;

	while (my ($name, $type) = splice @_, 0, 2)
	{
		push @columns,
		  "{\"name\": \"$name\", \"type\": \"$type\", \"description\": \"\"}";
	}
	return "'{\"tableDescription\": \"\", \"columns\": ["
	  . join(', ', @columns) . "]}'";
}

# Call a function that writes, and return the ID that it made.
sub register
{
	my ($node, $call, $database) = @_;

	return $node->safe_psql($database // 'postgres',
		"SELECT id FROM dpmeta.$call");
}

# The document that an ID resolves to.
sub get
{
	my ($node, $id, $database) = @_;
	my $function = $id =~ /:(?!v\d)[^:]+$/ && $id =~ /^dp:[^:]+:/
	  ? 'get_schema' : 'get_data_product';

	return $node->safe_psql($database // 'postgres',
		"SELECT document FROM dpmeta.$function('$id')");
}

# The statement for all rows of a view or table, as text; without sizes on disk, for
# those are each server's own.
sub all_rows
{
	my ($relation) = @_;
	my $row = $relation =~ /(^|\.)(idempotency_stats|log_months)$/
	  ? "(to_jsonb(r) - '{bytes,total_bytes}'::text[])" : 'r';

	return "SELECT ${row}::text COLLATE \"C\" FROM $relation r ORDER BY 1";
}

# The SQLSTATE that a statement ends with, or what it printed.
sub refused
{
	my ($node, $statement, $database) = @_;
	my ($status, $out, $err) = $node->psql($database // 'postgres',
		"\\set VERBOSITY sqlstate\n$statement");

	return $err =~ /ERROR:\s+(\w{5})/ ? $1 : $out;
}

1;
