# Whose rights a write has: those of whoever's code calls.  Code that runs in
# somebody else's maintenance writes nothing, and nobody acts for another but a
# session that logged in as the front.
use strict;
use warnings;

use Dpmeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');

$node->append_conf('postgresql.conf', q{
	autovacuum = off
	autovacuum_naptime = 1s});
$node->reload;
$node->safe_psql('postgres', q{
	CREATE ROLE producer LOGIN;
	CREATE ROLE steward LOGIN;
	CREATE ROLE front LOGIN;
	CREATE ROLE other LOGIN;
	SELECT dpmeta.grant_producer('producer'), dpmeta.grant_steward('steward'),
		dpmeta.grant_front('front');
	GRANT ALL ON SCHEMA public TO producer, steward, front});

# What a statement prints, or its SQLSTATE, in a session of the role.
sub as
{
	my ($role, $statement) = @_;
	my ($status, $out, $err) = $node->psql('postgres', "\\set VERBOSITY sqlstate\n$statement",
		extra_params => [ '-U', $role ]);

	return $err =~ /ERROR:\s+(\w{5})/ ? $1 : $out;
}

sub status { return $node->safe_psql('postgres', "SELECT status FROM dpmeta.data_products WHERE name = '$_[0]'"); }
sub events { return $node->safe_psql('postgres', 'SELECT count(*) FROM dpmeta.events'); }

my $publish = q{dpmeta.patch_data_product('dp:mine', '{"status": "published"}'};

as('producer', 'SELECT id FROM dpmeta.register_data_product(' . product('mine') . ')');
is(as('producer', "SELECT $publish)"), 'MD009', 'a producer does not publish');
is(as('producer', "SELECT $publish, actor => 'ceo\@example.org', actor_roles => '{steward}')"), 'MD009',
	'nor as somebody else');

# Code of the producer's that publishes, as itself and as another, and that
# remembers what became of it; as IMMUTABLE as it says it is.
as('producer', q{
	CREATE TABLE attempt (n serial, role text, outcome text);
	CREATE FUNCTION attack(i integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
	BEGIN
		BEGIN
			PERFORM dpmeta.patch_data_product('dp:mine', '{"status": "published"}',
				actor => 'ceo@example.org', actor_roles => '{steward}');
			RAISE WARNING 'attack: done for another';
		EXCEPTION WHEN OTHERS THEN
			RAISE WARNING 'attack: % %', SQLSTATE, SQLERRM;
		END;
		BEGIN
			PERFORM dpmeta.patch_data_product('dp:mine', '{"status": "published"}');
			RAISE WARNING 'attack: done';
		EXCEPTION WHEN OTHERS THEN
			RAISE WARNING 'attack: % %', SQLSTATE, SQLERRM;
		END;
		BEGIN
			PERFORM dpmeta.patch_data_product('dp:mine', '{"description": "by maintenance"}');
			RAISE WARNING 'attack: wrote';
		EXCEPTION WHEN OTHERS THEN
			RAISE WARNING 'attack: % %', SQLSTATE, SQLERRM;
		END;
		RETURN i;
	END $$;
	CREATE FUNCTION harmless(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT i';
	CREATE FUNCTION step(i integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
		$$ BEGIN RETURN public.harmless(i); END $$;
	CREATE FUNCTION step_definer(i integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER AS
		$$ BEGIN RETURN public.harmless(i); END $$;
	CREATE TABLE bait (i integer);
	INSERT INTO bait SELECT generate_series(1, 3);
	CREATE INDEX bait_idx ON bait (step(i));
	CREATE INDEX bait_definer ON bait (step_definer(i));
	CREATE INDEX bait_part ON bait (i) WHERE step(i) > 0;
	CREATE MATERIALIZED VIEW bait_view AS SELECT step(i) FROM bait;
	CREATE OR REPLACE FUNCTION harmless(i integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
		$$ BEGIN RETURN public.attack(i); END $$});

# Runs it by a superuser, and tells what the code was told.
sub outcomes
{
	my ($statement) = @_;
	my ($status, $out, $err) = $node->psql('postgres', $statement);

	return join ',', do { my %seen; sort grep { !$seen{$_}++ } $err =~ /attack: (\w+)/g };
}

foreach my $maintenance ('ANALYZE bait', 'REINDEX TABLE bait', 'REINDEX INDEX bait_part',
	'REINDEX TABLE CONCURRENTLY bait', 'VACUUM FULL bait', 'CLUSTER bait USING bait_idx', 'VACUUM ANALYZE bait',
	'CREATE INDEX ON bait (step(i + 1))', 'REFRESH MATERIALIZED VIEW bait_view',
	'SET ROLE steward; RESET ROLE; REINDEX TABLE bait')
{
	my $before = events();

	is(outcomes($maintenance), 'MD009', "$maintenance: every write is refused");
	is(status('mine'), 'draft', 'nothing is published');
	is(events(), $before, 'nothing is recorded');
}

# autovacuum, whose session is nobody's
my $log = -s $node->logfile;
$node->append_conf('postgresql.conf', q{
	autovacuum = on
	autovacuum_analyze_threshold = 1
	autovacuum_vacuum_insert_threshold = 1});
$node->reload;
as('producer', q{CREATE OR REPLACE FUNCTION harmless(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT i';
	INSERT INTO bait SELECT generate_series(1, 200);
	CREATE OR REPLACE FUNCTION harmless(i integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
		$$ BEGIN RETURN public.attack(i); END $$});
ok($node->wait_for_log(qr/attack: MD009/, $log), 'autovacuum ran into it');
unlike(slurp_file($node->logfile, $log), qr/attack: (?!MD009)/, 'and refused every write');
is(status('mine'), 'draft', 'nothing is published');
$node->append_conf('postgresql.conf', 'autovacuum = off');
$node->reload;

# SECURITY DEFINER: the rights are the owner's, whoever calls
as('steward', q{
	CREATE FUNCTION publish_mine() RETURNS text LANGUAGE sql SECURITY DEFINER AS
		$$ SELECT kind FROM dpmeta.patch_data_product('dp:mine', '{"status": "published"}') $$;
	CREATE FUNCTION draft_mine() RETURNS text LANGUAGE sql SECURITY DEFINER AS
		$$ SELECT kind FROM dpmeta.patch_data_product('dp:mine', '{"status": "draft"}') $$});
is(as('producer', 'SELECT publish_mine()'), 'minor', "a steward's wrapper publishes for a producer");
is($node->safe_psql('postgres', 'SELECT actor, session_role FROM dpmeta.events ORDER BY event_id DESC LIMIT 1'),
	'producer|producer', 'and the log says who called it');
is(as('producer', 'SELECT draft_mine()'), 'minor', 'and takes it back');
as('producer', q{
	CREATE FUNCTION lure() RETURNS text LANGUAGE sql SECURITY DEFINER AS
		$$ SELECT kind FROM dpmeta.patch_data_product('dp:mine', '{"status": "published"}') $$;
	CREATE FUNCTION lure_another() RETURNS text LANGUAGE sql SECURITY DEFINER AS
		$$ SELECT kind FROM dpmeta.patch_data_product('dp:mine', '{"status": "published"}',
			actor => 'ceo@example.org', actor_roles => '{steward}') $$;
	CREATE VIEW lures AS SELECT lure();
	GRANT SELECT ON lures TO PUBLIC});
foreach my $role ('steward', 'front', $node->safe_psql('postgres', 'SELECT current_user'))
{
	is(as($role, 'SELECT lure()'), 'MD009', "a producer's function has a producer's rights, called by $role");
	is(as($role, 'SELECT lure_another()'), 'MD009', 'and acts for nobody');
	is(as($role, 'SELECT * FROM lures'), 'MD009', 'by a view too');
}
is(status('mine'), 'draft', 'nothing is published');

# acting for another is for who logged in as the front, and for its own code
my $for_another = "SELECT id FROM $publish, actor => 'ceo\@example.org', actor_roles => '{steward}')";
as('front', q{CREATE FUNCTION of_front() RETURNS text LANGUAGE sql SECURITY DEFINER AS
	$$ SELECT kind FROM dpmeta.patch_data_product('dp:mine', '{"description": "x"}', actor => 'ceo@example.org') $$});
is(as('producer', 'SELECT of_front()'), 'MD009', "a front's own wrapper does not act for another");
is(as('steward', $for_another), 'MD009', 'a steward does not act for another');
is(as('front', "SET ROLE steward; $for_another"), '42501', 'no role that one is not a member of');
$node->safe_psql('postgres', 'GRANT steward TO front');
is(as('front', "SET ROLE steward; $for_another"), 'MD009', 'nor with a role put on that may not');
is(as('producer', "SELECT dpmeta.check_actor('x', '{reader}')"), '42501', 'check_actor() is the right itself');
is(as('front', $for_another), 'dp:mine:v1.3', 'the front acts for another');
is($node->safe_psql('postgres', 'SELECT actor, session_role FROM dpmeta.events ORDER BY event_id DESC LIMIT 1'),
	'ceo@example.org|front', 'and the log has both');
is(as('front', "SET SESSION AUTHORIZATION steward"), '42501', 'nobody becomes another');

# what was begun is ended, also by an error that is caught
is(as('producer', q{
	DO $$ BEGIN
		PERFORM dpmeta.patch_data_product('dp:none', '{}');
	EXCEPTION WHEN OTHERS THEN NULL; END $$;
	SELECT current_user, (SELECT count(*) FROM dpmeta.register_data_product(} . product('second') . q{)), current_user}),
	'producer|1|producer', 'the user is who it was, after an error and after a success');
is(as('producer', 'SELECT count(*) FROM dpmeta.product'), '42501', 'and has no right more');

done_testing();
