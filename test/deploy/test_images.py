"""What the images run, run in scratch folders: no container engine is needed."""

import base64
import os
import shutil
import subprocess
import time

import psycopg2
import pytest

from cluster import as_server
from files import DEPLOY
from ports import free_port

BIN = "/usr/lib/postgresql/15/bin"
pytestmark = pytest.mark.skipif(not os.path.exists(BIN), reason="the image is of PostgreSQL 15")


class Database:
    """database-start on loopback, with the image's files where the test has them."""

    def __init__(self, folder, stage):
        self.folder, self.stage, self.port = folder, stage, free_port()
        self.process = None

    def start(self, password="a secret's %/ß", wait=True):
        with open(os.path.join(self.folder, "password"), "w", encoding="utf-8") as out:
            out.write(password + "\n" if password else "")
        env = {"PATH": f"{BIN}:/usr/bin:/bin", "PGDATA": os.path.join(self.folder, "15"),
               "FRONT_PASSWORD_FILE": os.path.join(self.folder, "password"),
               "INIT_SQL": os.path.join(self.folder, "init.sql"), "HOME": "/",
               # The image has the extension installed; here it is staged.
               "PGOPTIONS": f"-c extension_destdir={self.stage}"}
        self.process = subprocess.Popen(
            as_server("env", "-i", *(f"{k}={v}" for k, v in env.items()),
                      os.path.join(self.folder, "database-start"), "-c", f"port={self.port}",
                      "-c", f"unix_socket_directories={self.folder}",
                      "-c", f"extension_destdir={self.stage}"),
            stdin=subprocess.DEVNULL, stdout=open(self.folder + ".log", "ab"),
            stderr=subprocess.STDOUT)
        limit = time.monotonic() + 300
        while wait and not self.is_ready():
            assert self.process.poll() is None and time.monotonic() < limit, self.log()
            time.sleep(0.1)
        return self

    def is_ready(self):
        """The image's health check."""
        return subprocess.run([f"{BIN}/pg_isready", "--quiet", "--host=127.0.0.1",
                               f"--port={self.port}", "--dbname=dpmeta"]).returncode == 0

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(2)
        return self.process.wait(180)

    def log(self):
        with open(self.folder + ".log", encoding="utf-8") as file:
            return file.read()

    def connect(self, password):
        return psycopg2.connect(host="127.0.0.1", port=self.port, user="dpmeta_front",
                                dbname="dpmeta", password=password)


@pytest.fixture
def database(scratch, stage):
    folder = os.path.join(scratch, "image")
    os.mkdir(folder)
    os.chmod(folder, 0o777)
    for name in ("database-start", "init.sql"):
        shutil.copy(os.path.join(DEPLOY, "docker", name), folder)
    one = Database(folder, stage)
    yield one
    one.stop()
    shutil.rmtree(folder)


def test_database(database, make_front):
    """Made, used by a front with its password, made up to date when it starts again."""
    database.start()
    url = f"postgresql://dpmeta_front@127.0.0.1:{database.port}/dpmeta"
    front = make_front(DPMETA_DATABASE_URL=url, PGPASSWORD="a secret's %/ß")
    assert front.request("GET", "/v1/data-products").status == 200
    front.stop()
    assert database.stop() == 0
    database.start(password="another")
    with pytest.raises(psycopg2.OperationalError):
        database.connect("a secret's %/ß")
    with database.connect("another") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dpmeta.list_data_products()")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE SCHEMA mine")
    with database.connect("another") as connection, connection.cursor() as cursor:
        # The functions run as one who may do no more than they must.
        cursor.execute("SELECT has_function_privilege(oid, 'dpmeta.owner()', 'EXECUTE'),"
                       " rolsuper, rolcanlogin FROM pg_roles WHERE rolname = 'dpmeta_owner'")
        assert cursor.fetchall() == [(True, False, False)]
    assert "secret's" not in database.log() and "another" not in database.log()


def test_password_is_in_no_log(database):
    """Whatever is logged; nor anything that it could be read from."""
    database.start(password="first")
    assert database.stop() == 0
    settings = ["log_statement = 'all'", "log_min_duration_statement = 0", "log_duration = on",
                "log_min_messages = 'debug1'", "log_min_error_statement = 'debug5'",
                "log_parameter_max_length = -1", "log_error_verbosity = 'verbose'"]
    with open(os.path.join(database.folder, "15", "postgresql.auto.conf"), "a",
              encoding="utf-8") as out:
        out.write("\n".join(settings) + "\n")
    secret = "Tr0ub4dor's &3 \\ ünd " + "x" * 70
    database.start(password=secret)
    database.connect(secret).close()
    log = database.log()
    assert "ALTER ROLE" in log or "DO $$" in log
    for form in (secret, "Tr0ub4dor", secret.encode().hex(),
                 base64.b64encode(secret.encode())[:20].decode()):
        assert form not in log


def test_database_without_password(database):
    database.start(password="", wait=False)
    assert database.process.wait(180) == 1
    assert "must hold the password" in database.log()


def test_health(front, front_binary, make_front):
    """The image's own health check, with and without a database."""
    def ask(one, option):
        env = {"DPMETA_PORT": str(one.port), "DPMETA_AUTH": "off"}
        return subprocess.run([front_binary, option], env=env).returncode

    away = make_front(ready=False, DPMETA_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert (ask(front, "--health"), ask(front, "--ready")) == (0, 0)
    assert (ask(away, "--health"), ask(away, "--ready")) == (0, 1)
    away.stop()
    assert ask(away, "--health") == 1
