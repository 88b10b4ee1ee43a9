"""make run: who gets in, how it ends, and what it says when it cannot."""

import os
import pwd
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
    assert during.stdout == before.stdout
    who = serving.psql("SELECT current_user, d.datdba::regrole FROM pg_database d"
                       " WHERE datname = current_database()")
    assert who.stdout == "dpmeta|dpmeta\n"
    if os.geteuid() == 0:
        refused = as_user("nobody", "psql", serving.database_url(), "-c", "SELECT 1")
        assert refused.returncode == 2
        refused = subprocess.run(as_server("psql", serving.database_url(), "-c", "SELECT 1"),
                                 text=True, stderr=subprocess.PIPE)
        assert "Peer authentication failed" in refused.stderr


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


def test_no_tcp_port_of_the_database(serving):
    serving.start()
    assert serving.psql("SHOW listen_addresses").stdout == "\n"


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
