"""What is in deploy/, read."""

import glob
import json
import os
import re
import subprocess

import yaml

import npm
from cluster import TOP

HERE = os.path.dirname(os.path.realpath(__file__))
DEPLOY = os.path.join(TOP, "deploy")


def read(path):
    with open(os.path.join(DEPLOY, path), encoding="utf-8") as file:
        return file.read()


def all_files():
    """Those of git, without deploy/local, which is the Makefile's."""
    found = glob.glob(os.path.join(DEPLOY, "**/*"), recursive=True)
    names = (os.path.relpath(path, DEPLOY) for path in found if os.path.isfile(path))
    return sorted(n for n in names if not n.startswith(("local/", "secrets/", "front.env"))
                  or n == "front.env.sample")


def manifests():
    """Kubernetes objects by "Kind name", with the file's name."""
    found = {}
    for path in sorted(glob.glob(os.path.join(DEPLOY, "kubernetes/*.yaml"))):
        with open(path, encoding="utf-8") as file:
            for one in yaml.safe_load_all(file):
                if "metadata" in one:
                    found[f"{one['kind']} {one['metadata']['name']}"] = one
    return found


def container():
    return manifests()["Deployment dpmeta"]["spec"]["template"]["spec"]["containers"][0]


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ms|s|min|m)?", str(text)).groups()
    return int(number) * {"ms": 0.001, "s": 1, None: 1, "min": 60, "m": 60}[unit]


def variables(binary):
    """The front's variables with their defaults, as --help lists them."""
    text = subprocess.run([binary, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    found = dict(re.findall(r"^  (DPMETA_\w+) \(default: (.*)\)$", text, re.M))
    assert len(found) > 30
    # Those of secrets have a form in a file, too.
    found.update((name, "none") for name in re.findall(r"or (DPMETA_\w+_FILE):", text))
    return found


def node(program, *arguments, **more):
    npm.install(HERE)
    return subprocess.run([npm.node(HERE), program, *arguments], cwd=HERE, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def faults_of(objects):
    done = node("kubernetes.mjs", input=json.dumps(objects))
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)
