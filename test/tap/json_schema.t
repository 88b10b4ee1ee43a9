# A table with the validator in a CHECK, the domains and the registered schemas:
# dumped and restored.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');

$node->safe_psql('postgres', q{
	CREATE TABLE event (body jsonb CHECK (dpmeta.is_valid('{"type": "object", "required": ["at"],
		"properties": {"at": {"pattern": "^\\\\p{L}+$"}}}', body)));
	INSERT INTO event VALUES ('{"at": "abc"}'), ('{"at": "Ünï"}');
	SELECT dpmeta.set_domains('{Air,Sea}');
	SELECT dpmeta.register_json_schema('https://example.org/s', '{"maxLength": 2}')});

my $dump = $node->basedir . '/dump.sql';
$node->command_ok([ 'pg_dump', '--file', $dump, $node->connstr('postgres') ],
	'dumped');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'psql', '-qXv', 'ON_ERROR_STOP=1', '-f', $dump,
		$node->connstr('restored') ], 'restored');

is($node->safe_psql('restored', 'SELECT count(*) FROM event'), '2', 'the rows are there');
is(refused($node, q{INSERT INTO event VALUES ('{"at": "1"}')}, 'restored'), '23514',
	'and the constraint holds');
is($node->safe_psql('restored', 'SELECT dpmeta.domains()'), '{Air,Sea}', 'the domains are there');
is($node->safe_psql('restored',
		q{SELECT dpmeta.model('data-product-update') #>> '{properties,domain,enum}'}),
	'["Air", "Sea"]', 'and the models follow them');
is($node->safe_psql('restored', q{SELECT dpmeta.is_valid_ref('https://example.org/s', '"abc"')}),
	'f', 'the registered schemas are there');

# Percent-encoding in a reference is of UTF-8, whatever the database's encoding.
$node->safe_psql('postgres',
	q{CREATE DATABASE latin1 ENCODING LATIN1 LOCALE 'C' TEMPLATE template0});
$node->safe_psql('latin1', 'CREATE EXTENSION dpmeta');
sub latin1
{
	return $node->safe_psql('latin1', "SET client_encoding = 'UTF8'; $_[0]");
}
my $defs = q{"$defs": {"é": {"type": "null"}, "%C3": {"type": "null"}}};
is(latin1(qq{SELECT dpmeta.is_valid('{$defs, "\$ref": "#/\$defs/$_"}', '1')}), 'f',
	"$_ is found in LATIN1") foreach '%C3%A9', 'é', '%C3';
is(latin1(qq{SELECT pointer FROM dpmeta.check_schema('{$defs, "\$ref": "#/\$defs/$_"}')}),
	'/$ref', "$_ is not, and no error") foreach '%E2%82%AC', '%E9', '%C3%A9%C3';

done_testing();
