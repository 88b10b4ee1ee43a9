"""Debian's packages: built, judged by lintian, installed over an older one, used and removed.

All of it happens in a folder of the Debian that this machine has, which
test/platforms/folder makes and which is kept for a week.  Nothing of the machine
changes.  systemd does not run there: its own tool reads the unit, and the front
is started by the unit's command as the unit's user.
"""

import fcntl
import os
import re
import shutil
import subprocess

import pytest

import images
from cluster import TOP

FOLDERS = os.path.join(images.CACHE, "packages")
SCRIPTS = "/usr/share/debootstrap/scripts"
STEPS = ("build", "lintian", "contents", "old", "install", "upgrade", "unit", "serve", "care",
         "installcheck", "drop", "remove")


def what_is_missing():
    if os.geteuid() != 0:
        return "needs root, for debootstrap and chroot"
    lacking = [tool for tool in ("debootstrap", "unshare") if not shutil.which(tool)]
    return f"needs Debian's packages of {', '.join(lacking)}" if lacking else ""


pytestmark = pytest.mark.skipif(what_is_missing() != "", reason=what_is_missing())


def suite():
    """This Debian's; of one that debootstrap does not know yet, the one in the making."""
    with open("/etc/os-release", encoding="utf-8") as file:
        name = re.search(r"^VERSION_CODENAME=(\w+)$", file.read(), re.M).group(1)
    return name if os.path.exists(os.path.join(SCRIPTS, name)) else "sid"


def folder(*words):
    env = {**os.environ, "DPMETA_PLATFORMS": FOLDERS}
    for name in ("PART", "TESTS"):
        env.pop(name, None)
    return subprocess.run([os.path.join(TOP, "test/platforms/folder"), *words], cwd=TOP, env=env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=3600)


@pytest.fixture(scope="module")
def transcript():
    os.makedirs(FOLDERS, exist_ok=True)
    # What is installed in it is one for all who enter.
    with open(os.path.join(FOLDERS, "used"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder("make", suite())
        assert made.returncode == 0, made.stdout
        return folder("enter", suite(), "root", "test/deploy/packages_inside").stdout


@pytest.mark.parametrize("step", STEPS)
def test_step(transcript, step):
    assert f"ok {step}" in transcript.splitlines(), transcript[-20000:]


def test_no_step_is_left_out(transcript):
    done = re.findall(r"^(?:not )?ok (\S+)$", transcript, re.M)
    assert done == list(STEPS), transcript[-20000:]
