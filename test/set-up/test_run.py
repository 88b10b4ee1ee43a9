"""make run: who gets in, how it ends, and what it says when it cannot."""

import os
import pwd
import re
import signal
import socket
import subprocess
import urllib.request

import pytest

from cluster import as_server
from serving import Serving

PRODUCT = """SELECT id FROM dpmeta.register_data_product('{"name": "kept",
    "description": "", "domain": "HQ", "dataProductOwner": "a",
    "dataProductOwnerDisplayName": "a", "email": "a@example.org", "status": "draft",
    "retentionPeriod": 1, "dpiaRequired": false}')"""


@pytest.fixture
def serving():
    one = Serving()
    yield one
    one.discard()


def test_serves_and_ends_with_each_signal_to_make(serving):
    for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
        serving.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{serving.port}/health") as answer:
            assert answer.status == 200
        assert serving.stop(how) == []
        assert "database system is shut down" in server_log(serving).splitlines()[-1]


def server_log(serving):
    with open(os.path.join(serving.home, "server.log"), encoding="utf-8") as file:
        return file.read()


def test_nothing_stays_when_the_script_is_killed(serving):
    serving.start()
    with open(os.path.join(serving.home, "lock"), encoding="utf-8") as file:
        os.kill(int(file.read()), signal.SIGKILL)
    assert serving.stop() == []


def test_data_is_there_at_the_next_run_and_after_a_crash(serving):
    serving.start()
    assert serving.psql(PRODUCT).stdout == "dp:kept:v1.0\n"
    for pid, words in serving.processes():
        if "bin/postgres" in words:
            os.kill(pid, signal.SIGKILL)
    serving.process.wait(60)
    assert "the database server ended" in serving.log()
    serving.start()
    assert serving.psql("SELECT id FROM dpmeta.data_products").stdout == "dp:kept:v1.0\n"


def test_the_url_is_the_owners_and_nobody_elses(serving):
    before = serving.make("database-url")
    assert before.returncode == 0
    assert "not running" in before.stderr
    serving.start()
    during = serving.make("database-url")
    assert during.stderr == ""
    assert without_port(during.stdout) == without_port(before.stdout)
    who = serving.psql("SELECT current_user, d.datdba::regrole FROM pg_database d"
                       " WHERE datname = current_database()")
    assert who.stdout == "dpmeta|dpmeta\n"
    if os.geteuid() == 0:
        refused = as_user("nobody", "psql", serving.database_url(), "-c", "SELECT 1")
        assert refused.returncode == 2
        refused = subprocess.run(as_server("psql", serving.database_url(), "-c", "SELECT 1"),
                                 text=True, stderr=subprocess.PIPE)
        assert "Peer authentication failed" in refused.stderr


def without_port(url):
    return re.sub(r"port=[0-9]+", "port=", url)


def as_user(name, *command):
    user = pwd.getpwnam(name)
    return subprocess.run(["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                           "--clear-groups", "--", *command], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_the_front_has_least_rights(serving):
    serving.start()
    role = serving.psql("SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication,"
                        " rolbypassrls FROM pg_roles WHERE rolname = 'dpmeta_front'")
    assert role.stdout == "f|f|f|f|f\n"
    used = serving.psql("SELECT DISTINCT usename FROM pg_stat_activity"
                        " WHERE datname = 'dpmeta' AND pid <> pg_backend_pid()")
    assert used.stdout == "dpmeta_front\n"


def reader_url(serving):
    done = serving.make("database-url", "ROLE=reader")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_reader_gets_in_by_tcp_and_password(serving):
    early = serving.make("database-url", "ROLE=reader")
    assert early.returncode != 0 and "make run makes it" in early.stderr
    serving.start()
    assert serving.psql("SHOW listen_addresses").stdout == "127.0.0.1\n"
    serving.psql(PRODUCT)
    url = reader_url(serving)
    read = "SELECT id, session_user FROM dpmeta.data_products"
    assert serving.psql(read, url).stdout == "dp:kept:v1.0|dpmeta_reader\n"
    refused = serving.psql("SELECT dpmeta.delete_data_product('dp:kept')", url)
    assert "permission denied" in refused.stderr
    wrong = serving.psql(read, re.sub("password=.*", "password=wrong", url))
    assert "password authentication failed" in wrong.stderr
    owner = serving.psql(read, url.replace("dpmeta_reader", "dpmeta"))
    assert "no pg_hba.conf entry" in owner.stderr
    serving.stop()
    serving.start()
    assert reader_url(serving) == url
    assert serving.psql(read, url).returncode == 0


def test_a_port_that_another_has_is_not_taken(serving):
    serving.start()
    serving.stop()
    port = int(re.search("127.0.0.1:([0-9]+)/", reader_url(serving)).group(1))
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        serving.start()
        assert f":{port}/" not in reader_url(serving)
        assert serving.psql("SELECT 1", reader_url(serving)).stdout == "1\n"


def test_only_two_roles_have_a_url(serving):
    done = serving.make("database-url", "ROLE=front")
    assert done.returncode != 0
    assert "ROLE=reader" in done.stderr


def test_what_the_owner_makes_is_not_the_extensions(serving):
    serving.start()
    # as of a cluster that was made before
    serving.psql("ALTER ROLE dpmeta RESET search_path")
    serving.stop()
    serving.start()
    serving.psql("CREATE TABLE customers (id int)")
    assert serving.psql("SELECT 'customers'::regclass::oid::regclass, relnamespace::regnamespace FROM pg_class"
                        " WHERE relname = 'customers'").stdout == "customers|public\n"
    assert serving.psql("SELECT count(*) FROM data_products").stdout == "0\n"
    other = serving.database_url().replace("/dpmeta?", "/other?")
    serving.psql("CREATE DATABASE other")
    serving.psql("CREATE EXTENSION dpmeta", other)
    serving.psql("CREATE TABLE customers (id int)", other)
    assert serving.psql("SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'customers'",
                        other).stdout == "public\n"
    for url in (None, other):
        assert serving.psql("DROP EXTENSION dpmeta CASCADE", url).returncode == 0
        assert serving.psql("SELECT count(*) FROM public.customers", url).stdout == "0\n"


def test_a_second_run_is_told_of_the_first(serving):
    serving.start()
    second = serving.make("run")
    assert second.returncode != 0
    assert "already running here" in second.stderr
    assert serving.psql("SELECT 1").stdout == "1\n"


def test_a_taken_port_is_named(serving):
    with socket.socket() as other:
        other.bind(("127.0.0.1", serving.port))
        other.listen()
        done = serving.make("run")
    assert done.returncode != 0
    assert str(serving.port) in done.stdout + done.stderr
    assert "the front did not start" in done.stderr
    assert serving.processes() == []


def test_variables_reach_the_front(serving):
    done = Serving(serving.home, DPMETA_NO_SUCH_SETTING="1").make("run")
    assert done.returncode != 0
    assert "DPMETA_NO_SUCH_SETTING" in done.stdout + done.stderr


def test_a_long_path_and_one_with_blanks(tmp_path_factory):
    for name in ("x" * 120, "a b%'c"):
        home = os.path.join("/tmp", f"dpmeta-run.{os.getpid()}", name)
        os.makedirs(home)
        os.chmod(os.path.dirname(home), 0o755)
        serving = Serving(home)
        try:
            serving.start()
            assert serving.psql("SELECT 1").stdout == "1\n"
        finally:
            serving.discard()
            os.rmdir(os.path.dirname(home))


def test_an_update_of_the_extension_is_applied(serving):
    """A later version that is staged reaches the database at the next start."""
    serving.start()
    serving.stop()
    subprocess.run(["sed", "-i", "1s/^/-- edited\\n/",
                    os.path.join(serving.home, "installed.sql")], check=True)
    serving.start()
    assert "changed since this cluster was made" in serving.log()
