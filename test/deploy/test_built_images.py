"""Both images as their Dockerfiles make them, and one before the other."""

import json
import os
import signal

import pytest

import images
from gateway import wait_for

pytestmark = pytest.mark.skipif(images.what_is_missing() != "",
                                reason=images.what_is_missing())
PASSWORD = "a secret's %/ß"
ORIGIN = "http://127.0.0.1:8000"
PRODUCT = {"name": "orders", "description": "", "domain": "HQ", "dataProductOwner": "o",
           "dataProductOwnerDisplayName": "O", "email": "o@example.org", "status": "draft",
           "retentionPeriod": 1, "dpiaRequired": False}


@pytest.fixture(scope="module")
def builder():
    with images.closing(images.Builder()) as (one,):
        yield one


@pytest.fixture(scope="module")
def front_image(builder):
    return builder.image("deploy/docker/front.Dockerfile")


@pytest.fixture(scope="module")
def database_image(builder):
    one = builder.image("deploy/docker/database.Dockerfile")
    secrets = os.path.join(one.root, "run/secrets")
    os.makedirs(secrets, exist_ok=True)
    with open(os.path.join(secrets, "front_password"), "w", encoding="utf-8") as out:
        out.write(PASSWORD + "\n")
    return one


@pytest.fixture
def pod():
    with images.closing(images.Pod()) as (one,):
        yield one


@pytest.fixture
def log(tmp_path):
    with open(tmp_path / "log", "w+b") as file:
        yield file


def said(log):
    log.seek(0)
    return log.read().decode(errors="replace")


def until_healthy(pod, image, process, log):
    """By the image's own health check."""
    def healthy():
        assert process.poll() is None, said(log)
        return pod.run(image, image.health_check(), log).wait(180) == 0

    wait_for(healthy, 180)


def ask(pod, path, *options):
    """(status, body) of one request in the pod."""
    done = pod.ask("curl", "--silent", "--write-out", "\n%{http_code}", *options, ORIGIN + path)
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def users_of(process):
    """The user and group of the container's first process, each as four numbers."""
    with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
        first = file.read().split()[0]
    with open(f"/proc/{first}/status", encoding="ascii") as file:
        lines = dict(line.split(":\t", 1) for line in file)
    return {lines["Uid"].strip(), lines["Gid"].strip()}


def test_they_serve(pod, front_image, database_image, log):
    database = pod.run(database_image, database_image.command("-c", "fsync=off"), log)
    until_healthy(pod, database_image, database, log)
    front = pod.run(front_image, front_image.command(), log, DPMETA_AUTH="off",
                    DPMETA_LISTEN="127.0.0.1", PGPASSWORD=PASSWORD,
                    DPMETA_DATABASE_URL="postgresql://dpmeta_front@127.0.0.1/dpmeta")
    until_healthy(pod, front_image, front, log)
    wait_for(lambda: ask(pod, "/ready")[0] == 200, 180)
    assert users_of(front) == {"\t".join(["10001"] * 4)}
    assert users_of(database) == {"\t".join(["999"] * 4)}

    status, body = ask(pod, "/v1/data-products", "--json", json.dumps(PRODUCT))
    assert (status, json.loads(body)["id"]) == (201, "dp:orders:v1.0")
    # The pages' files came from npm while the image was built.
    for page in ("/docs", "/redoc", "/openapi.json"):
        assert ask(pod, page)[0] == 200
    assert "build has no pages" not in ask(pod, "/docs")[1]

    assert images.stop(front, signal.Signals[front_image.config["StopSignal"]]) == 0, said(log)
    assert images.stop(database, signal.Signals[database_image.config["StopSignal"]]) == 0
    again = pod.run(database_image, database_image.command("-c", "fsync=off"), log)
    until_healthy(pod, database_image, again, log)
    assert PASSWORD not in said(log)


def test_front_listens_for_others_by_default(pod, front_image, log):
    """Which it refuses with authentication off: the image opens no door by itself."""
    refused = pod.run(front_image, front_image.command(), log, DPMETA_AUTH="off")
    assert refused.wait(180) != 0
    assert "DPMETA_AUTH" in said(log)


def test_front_has_nothing_else(front_image):
    """No shell and no package manager, and of each library the package's record."""
    programs = [name for folder in ("bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin")
                if os.path.isdir(os.path.join(front_image.root, folder))
                for name in os.listdir(os.path.join(front_image.root, folder))]
    assert programs == ["dpmeta-http"]
    packages = os.listdir(os.path.join(front_image.root, "var/lib/dpkg/status.d"))
    assert {"libpq5", "libmicrohttpd12", "libssl3", "libc6", "ca-certificates"} <= set(packages)
