"""promtool, which judges a page of metrics.

Up to Debian 12 it is in the package prometheus, whose installation would start a
server, and then in one of its own.  So the program alone is taken out of the
package, once, into build/.
"""

import glob
import os
import shutil
import subprocess
import tempfile

from cluster import TOP

KEPT = os.path.join(TOP, "build/promtool")


def _run(*command, **options):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          **options).returncode == 0


def _fetch(folder):
    return any(_run("apt-get", "download", package, cwd=folder)
               for package in ("promtool", "prometheus"))


def _download(folder):
    """False where there is no apt, or no network."""
    return _fetch(folder) or \
        os.geteuid() == 0 and _run("apt-get", "update") and _fetch(folder)


def _take_out(folder):
    package = glob.glob(os.path.join(folder, "prom*_*.deb"))[0]
    subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
    os.makedirs(os.path.dirname(KEPT), exist_ok=True)
    shutil.copy(os.path.join(folder, "usr/bin/promtool"), KEPT + ".new")
    os.rename(KEPT + ".new", KEPT)


def find():
    """Its path, or None where it can neither be found nor fetched."""
    installed = shutil.which("promtool")
    if installed or os.path.exists(KEPT):
        return installed or KEPT
    if not shutil.which("apt-get"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        if not _download(folder):
            return None
        _take_out(folder)
    return KEPT
