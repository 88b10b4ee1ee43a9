"""Names, numbers and paths of deploy/ agree with the front and with each other."""

import os
import re

import yaml

from cluster import TOP
from files import all_files, container, manifests, read, seconds, variables


def test_variables_exist(front_binary):
    known = variables(front_binary)
    for name in all_files():
        for variable in re.findall(r"\bDPMETA_[A-Z_]*[A-Z]\b(?!_?\*)", read(name)):
            assert variable in known, f"{name}: {variable}"


def test_sample_has_the_defaults(front_binary):
    known = variables(front_binary)
    sample = re.findall(r"^#(DPMETA_\w+)=(.*)$", read("front.env.sample"), re.M)
    assert len(sample) > 20
    for name, value in sample:
        assert (value or "none") == known[name], name


def test_front_takes_the_settings(front_binary, make_front, scratch):
    """None of the values that are set is refused."""
    secret = os.path.join(scratch, "front_password")
    with open(secret, "w", encoding="utf-8") as out:
        out.write("secret\n")
    compose = yaml.safe_load(read("compose.yaml"))["services"]["front"]["environment"]
    for values in (manifests()["ConfigMap dpmeta-http"]["data"], compose):
        values = {k: str(v) for k, v in values.items() if k != "DPMETA_PORT"}
        front = make_front(ready=False, **{
            **values, "DPMETA_LISTEN": "127.0.0.1", "DPMETA_AUTH": "on",
            "DPMETA_DATABASE_PASSWORD_FILE": secret,
            "DPMETA_OIDC_ISSUER": "http://127.0.0.1:1", "DPMETA_OIDC_AUDIENCE": "x"})
        assert front.stop() == 0, front.log()


def test_password_is_where_the_front_looks():
    """The file that is mounted is the one that is named."""
    named = manifests()["ConfigMap dpmeta-http"]["data"]["DPMETA_DATABASE_PASSWORD_FILE"]
    mount, = container()["volumeMounts"]
    volume, = manifests()["Deployment dpmeta"]["spec"]["template"]["spec"]["volumes"]
    paths = [f"{mount['mountPath']}/{item['path']}" for item in volume["secret"]["items"]]
    assert (mount["name"], named in paths) == (volume["name"], True)
    assert "password" in manifests()["Secret dpmeta-database"]["stringData"]
    compose = yaml.safe_load(read("compose.yaml"))["services"]["front"]
    assert compose["environment"]["DPMETA_DATABASE_PASSWORD_FILE"] == \
        "/run/secrets/" + compose["secrets"][0]


def test_ports_agree():
    port = int(manifests()["ConfigMap dpmeta-http"]["data"]["DPMETA_PORT"])
    assert [p["containerPort"] for p in container()["ports"]] == [port]
    policy = manifests()["NetworkPolicy dpmeta"]["spec"]
    assert policy["ingress"][0]["ports"] == [{"protocol": "TCP", "port": port}]
    assert f"EXPOSE {port}\n" in read("docker/front.Dockerfile")
    front = yaml.safe_load(read("compose.yaml"))["services"]["front"]
    assert front["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert front["environment"]["DPMETA_PORT"] == str(port)


def test_what_is_drained_is_given_time(front_binary):
    drain = seconds(variables(front_binary)["DPMETA_DRAIN_TIMEOUT"])
    configured = seconds(manifests()["ConfigMap dpmeta-http"]["data"]["DPMETA_DRAIN_TIMEOUT"])
    grace = manifests()["Deployment dpmeta"]["spec"]["template"]["spec"]
    pause = container()["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert grace["terminationGracePeriodSeconds"] >= pause + configured + 5
    compose = yaml.safe_load(read("compose.yaml"))["services"]["front"]
    assert seconds(compose["stop_grace_period"]) > drain
    unit = re.search(r"^TimeoutStopSec=(.*)$", read("systemd/dpmeta-http.service"), re.M)
    assert seconds(unit.group(1)) > drain


def test_probes_and_public_paths_are_routes(front):
    """A route answers them; a page that was not built still is one."""
    paths = [container()[p]["httpGet"]["path"]
             for p in ("startupProbe", "livenessProbe", "readinessProbe")]
    assert paths == ["/health", "/health", "/ready"]
    rules = manifests()["Ingress dpmeta"]["spec"]["rules"]
    public = [p["path"] for rule in rules for p in rule["http"]["paths"]]
    assert not {"/metrics", "/health", "/ready"} & set(public)
    # Not all that is below it.
    assert [p["pathType"] for rule in rules for p in rule["http"]["paths"] if p["path"] == "/"] == ["Exact"]
    for path in paths:
        assert front.request("GET", path).status == 200
    described = list(front.request("GET", "/openapi.json").json["paths"])
    assert all(p.split("/")[1] in [q.strip("/") for q in public] for p in described
               if p not in ("/health", "/ready", "/metrics")), described
    page = front.request("GET", "/").body.decode()
    for name in re.findall(r'(?:src|href)="(/[^"]*)"', page):
        assert "/" + name.split("/")[1] in public, name


# What is below them is a page, or a file of one.
PAGES = ("/data-products", "/schemas", "/assets")


def is_served(front, path, described):
    answer = front.request("GET", path)
    return any(d == path or d.startswith(path + "/") for d in described) or \
        answer.status != 404 or path in PAGES or not answer.json["type"].endswith(":no-such-path")


def test_nothing_is_promised_that_is_not_there(front):
    """Neither by the ingress nor in the documentation."""
    described = list(front.request("GET", "/openapi.json").json["paths"])
    rules = manifests()["Ingress dpmeta"]["spec"]["rules"]
    promised = {p["path"] for rule in rules for p in rule["http"]["paths"]}
    for name in ["README.md", *(f"docs/{n}" for n in os.listdir(os.path.join(TOP, "docs")))]:
        if name.endswith(".md"):
            with open(os.path.join(TOP, name), encoding="utf-8") as file:
                promised |= set(re.findall(r"(?<![\w.}/-])/v1/[a-z-]+", file.read()))
    assert {"/v1", "/docs", "/v1/data-products", "/v1/schemas"} <= promised
    assert [path for path in promised if not is_served(front, path, described)] == []


def test_labels_select_the_pods():
    objects = manifests()
    labels = objects["Deployment dpmeta"]["spec"]["template"]["metadata"]["labels"].items()
    for selector in (objects["Deployment dpmeta"]["spec"]["selector"]["matchLabels"],
                     objects["Service dpmeta"]["spec"]["selector"],
                     objects["PodDisruptionBudget dpmeta"]["spec"]["selector"]["matchLabels"],
                     objects["NetworkPolicy dpmeta"]["spec"]["podSelector"]["matchLabels"]):
        assert selector.items() <= labels
    assert objects["HorizontalPodAutoscaler dpmeta"]["spec"]["scaleTargetRef"]["name"] == "dpmeta"


def test_kustomization_names_what_is_there():
    kustomization = yaml.safe_load(read("kubernetes/kustomization.yaml"))
    there = {n.split("/")[1] for n in all_files() if n.startswith("kubernetes/")}
    assert there - set(kustomization["resources"]) == {
        "kustomization.yaml", "namespace.yaml", "secret.template.yaml"}
    assert set(kustomization["resources"]) <= there
    assert kustomization["images"][0]["name"] == container()["image"]


def test_service_links_are_off():
    """With them the front does not start: DPMETA_PORT=tcp://..."""
    assert manifests()["Deployment dpmeta"]["spec"]["template"]["spec"]["enableServiceLinks"] is False


def test_no_single_quote_in_snippet():
    for text in manifests()["Ingress dpmeta"]["metadata"]["annotations"].values():
        assert "'" not in text
