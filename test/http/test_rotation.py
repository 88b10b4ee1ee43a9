"""Secrets and certificates as platforms give them, and replaced while the front serves."""

import os
import shutil
import subprocess
import threading

import psycopg2
import pytest

from cluster import as_server
from documents import PRODUCTS, product, register
from gateway import (https, https_connection, make_certificate, metric, metrics, trusting,
                     wait_for)


class Volume:
    """A folder as Kubernetes mounts a secret: ..data is swapped, names point into it."""

    def __init__(self, scratch, name):
        self.path = os.path.join(scratch, name)
        self.turn = 0
        os.mkdir(self.path)

    def write(self, **files):
        """All of the files at once; returns their paths."""
        self.turn += 1
        folder = os.path.join(self.path, f"..{self.turn}")
        os.mkdir(folder)
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
                out.write(text)
            link = os.path.join(self.path, name)
            if not os.path.islink(link):
                os.symlink(f"..data/{name}", link)
        new = os.path.join(self.path, "..new")
        os.symlink(f"..{self.turn}", new)
        os.rename(new, os.path.join(self.path, "..data"))
        if self.turn > 1:
            shutil.rmtree(os.path.join(self.path, f"..{self.turn - 1}"))
        return [os.path.join(self.path, name) for name in files]


def superuser(cluster):
    return cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]


def ask_for_password(cluster, password):
    """The front's role needs one from now on."""
    root = superuser(cluster)
    path = os.path.join(cluster.path, "hba.conf")
    with open(path, encoding="utf-8") as file:
        rules = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write("local all dpmeta_front scram-sha-256\n" + rules)
    cluster.sql(f"ALTER ROLE dpmeta_front PASSWORD '{password}'", role=root)
    cluster.sql("SELECT pg_reload_conf()", role=root)

    def is_asked():
        try:
            cluster.connect("dpmeta_front").close()
        except psycopg2.OperationalError:
            return True
        return False

    wait_for(is_asked)


def test_password_is_rotated(make_cluster, make_front, scratch, unique):
    """No request fails, and no lane stays that the old one let in."""
    cluster = make_cluster()
    ask_for_password(cluster, "first one")
    volume = Volume(scratch, "password")
    path, = volume.write(password="first one\n")
    front = make_front(cluster, DPMETA_DATABASE_PASSWORD_FILE=path, DPMETA_LANES="3..6")
    root = superuser(cluster)
    name = unique()
    register(front, name)
    answers, over = [], threading.Event()

    def work(turn=0):
        while not over.is_set():
            turn += 1
            answers.append(front.request("GET", f"{PRODUCTS}/dp:{name}").status)
            answers.append(front.request("PUT", f"{PRODUCTS}/dp:{name}",
                                         product(description=f"{turn}")).status)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    # The file comes first: the old lanes stay until the server knows the new one.
    volume.write(password="hush\n")
    front.wait_for_log('"event":"secret-refused"')
    begun = cluster.sql("SELECT now()")[0][0]
    cluster.sql("ALTER ROLE dpmeta_front PASSWORD 'hush'", role=root)
    front.wait_for_log('"event":"secret-loaded"')
    wait_for(lambda: cluster.sql(
        "SELECT count(*) FILTER (WHERE backend_start < %s) = 0 AND count(*) >= 3 "
        "FROM pg_stat_activity WHERE usename = 'dpmeta_front'", (begun,), role=root)[0][0])
    over.set()
    for thread in threads:
        thread.join(180)
    assert set(answers) == {200}, set(answers)
    assert "hush" not in front.log() and "first one" not in front.log()


def test_file_that_goes_away_is_no_secret(make_cluster, make_front, scratch, unique):
    cluster = make_cluster()
    path = os.path.join(scratch, "url")
    with open(path, "w", encoding="utf-8") as out:
        out.write(cluster.url("dpmeta_front") + " \n\n")
    front = make_front(DPMETA_DATABASE_URL_FILE=path)
    os.unlink(path)
    front.wait_for_log('"event":"secret-kept"')
    register(front, unique())
    with open(path, "w", encoding="utf-8") as out:
        out.write(cluster.url("dpmeta_front") + "&application_name=renewed\n")
    front.wait_for_log('"event":"secret-loaded"')
    wait_for(lambda: cluster.sql("SELECT 1 FROM pg_stat_activity "
                                 "WHERE application_name = 'renewed'", role=superuser(cluster)))


@pytest.mark.parametrize("variable", ["PGPASSWORD", "DPMETA_DATABASE_PASSWORD"])
def test_newline_of_a_file_is_not_of_the_password(make_cluster, make_front, variable, unique):
    cluster = make_cluster()
    ask_for_password(cluster, "a b ")
    front = make_front(cluster, **{variable: "a b \n"})
    register(front, unique())


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def test_certificate_is_rotated(make_front, cluster, scratch):
    """By a swapped link, without a signal; a key that does not fit is refused and counted."""
    old, old_key = make_certificate(scratch, stem="rotated-1")
    new, new_key = make_certificate(scratch, stem="rotated-2")
    volume = Volume(scratch, "certificate")
    paths = volume.write(crt=read(old), key=read(old_key))
    front = make_front(cluster, ready=False, DPMETA_TLS_CERT=paths[0], DPMETA_TLS_KEY=paths[1])
    kept = https_connection(front, trusting(old))
    kept.request("GET", "/health")
    assert kept.getresponse().read() is not None

    def figures():
        return https(front, trusting(old), "GET", "/metrics").body.decode()

    assert 0 < metric(figures(), "dpmeta_http_certificate_left_seconds") <= 2 * 86400
    volume.write(crt=read(new), key=read(old_key))
    wait_for(lambda: metric(figures(), "dpmeta_http_certificate_loads_total",
                            result="failure") == 1)
    front.wait_for_log('"event":"certificate-kept"')
    volume.write(crt=read(new), key=read(new_key))
    front.wait_for_log('"event":"certificate-loaded"')
    assert https(front, trusting(new), "GET", "/health").status == 200
    kept.request("GET", "/health")
    assert kept.getresponse().status == 200
    kept.close()


def check(binary, option="--check", **variables):
    """Its exit status, and all that it says."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DPMETA_", "PG"))}
    done = subprocess.run(as_server(binary, option), env={**env, **variables}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def test_check_tells_all_at_once(front_binary):
    status, said = check(
        front_binary, DPMETA_DATABASE_URL="postgresql://secret:pw@h/d?sslmode=verify_full",
        DPMETA_READ_DATABASE_URL="postgresql://h/d?target_session_attrs=read_only",
        DPMETA_DATABASE_PASSWORD="x", DPMETA_DATABASE_PASSWORD_FILE="/nowhere/password",
        DPMETA_READ_DATABASE_PASSWORD_FILE="/nowhere/password",
        DPMETA_PORT="many", DPMETA_PORTS="1", DPMETA_LISTEN="nowhere",
        DPMETA_TRUSTED_PROXIES="10.0.0.0/99", DPMETA_TLS_CERT="/nowhere/tls.crt",
        DPMETA_CORS_ORIGINS="x", DPMETA_IDLE_TIMEOUT="10s", DPMETA_STATEMENT_TIMEOUT="20s")
    assert status == 1
    for name in ("DPMETA_DATABASE_URL", "verify-full", "DPMETA_READ_DATABASE_URL", "read-only",
                 "DPMETA_DATABASE_PASSWORD and", "DPMETA_READ_DATABASE_PASSWORD_FILE",
                 "DPMETA_PORT:", "DPMETA_PORTS", "DPMETA_LISTEN", "DPMETA_TRUSTED_PROXIES",
                 "DPMETA_TLS_KEY", "DPMETA_CORS_ORIGINS", "DPMETA_OIDC", "DPMETA_IDLE_TIMEOUT"):
        assert name in said, (name, said)
    assert "secret" not in said and "pw@" not in said


def test_check_connects(front_binary, cluster):
    good = {"DPMETA_AUTH": "off", "DPMETA_DATABASE_URL": cluster.url("dpmeta_front")}
    status, said = check(front_binary, **good)
    assert (status, "nothing is wrong" in said) == (0, True), said
    status, said = check(front_binary, "--check=connect", **good)
    assert (status, "dpmeta 1.1" in said) == (0, True), said
    status, said = check(front_binary, "--check=connect", DPMETA_AUTH="off",
                         DPMETA_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert (status, "DPMETA_DATABASE_URL" in said) == (1, True), said
    status, said = check(front_binary, "--check=connect",
                         DPMETA_DATABASE_URL=cluster.url("dpmeta_front"),
                         DPMETA_OIDC_ISSUER="http://127.0.0.1:1", DPMETA_OIDC_AUDIENCE="x")
    assert (status, "identity provider" in said) == (1, True), said


def test_values_that_end_with_blanks(make_front, cluster, unique):
    front = make_front(cluster, DPMETA_LANES="2 \n", DPMETA_LOG="probes\n",
                       DPMETA_DATABASE_URL=cluster.url("dpmeta_front") + "\n")
    register(front, unique())


def test_idle_timeout_below_the_statements(make_front, cluster):
    front = make_front(cluster, DPMETA_IDLE_TIMEOUT="5s", DPMETA_STATEMENT_TIMEOUT="6s")
    front.wait_for_log('"event":"settings-doubtful"')
    assert metric(metrics(front), "dpmeta_http_certificate_left_seconds") == 0
