# The names of a struct's fields in databases of other encodings than UTF-8.
use strict;
use warnings;
use utf8;

use Dpmeta;
use Test::More;

my $node = new_node('main');

foreach my $encoding (qw(LATIN1 EUC_JP SQL_ASCII))
{
	$node->safe_psql('postgres',
		qq{CREATE DATABASE "$encoding" ENCODING $encoding LOCALE 'C' TEMPLATE template0});
	$node->safe_psql($encoding, 'CREATE EXTENSION dpmeta');
}

# What is said of a type: its stored spelling, or where it is wrong.
sub answer
{
	my ($encoding, $type) = @_;
	my ($result, $stdout, $stderr);

	utf8::encode($type);
	$result = $node->psql($encoding,
		($encoding eq 'SQL_ASCII' ? '' : "SET client_encoding = 'UTF8'; ") .
		qq{SELECT '$type'::dpmeta.column_type},
		stdout => \$stdout, stderr => \$stderr);
	$stdout = $stderr =~ s/.*DETAIL:\s*([^\n]*).*/$1/sr if $result;
	utf8::decode($stdout);
	return $stdout;
}

is(answer('LATIN1', 'STRUCT<é:INT,e:int>'), 'struct<é:int,e:int>', 'a letter of LATIN1');
like(answer('LATIN1', 'struct<é:int,É:int>'), qr/^At character 14, .* already/,
	'two that differ in case, in a locale that does not know it');
like(answer('LATIN1', 'struct<aé×:int>'), qr/^At character 10, after "struct<aé" and before "×/,
	'what is no letter');
is(answer('EUC_JP', 'struct<日本語:int,имя:int>'), 'struct<日本語:int,имя:int>',
	'letters of EUC_JP');
like(answer('EUC_JP', 'struct<имя:int,ИМЯ:int>'), qr/^At character 16, .* already/,
	'two that differ in case in EUC_JP');
like(answer('EUC_JP', 'struct<日、本:int>'), qr/^At character 9, after "struct<日" and before "、/,
	'what is no letter in EUC_JP');
# nobody knows what these bytes are
is(answer('SQL_ASCII', 'struct<é€:int,É:int>'), 'struct<é€:int,É:int>', 'any byte of SQL_ASCII');
like(answer('SQL_ASCII', 'struct<aé:int,Aé:int>'), qr/ already/, 'ASCII in SQL_ASCII');

done_testing();
