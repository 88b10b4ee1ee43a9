"""A private PostgreSQL cluster with the extension, by deploy/local/cluster."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import time

import psycopg2

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
TOOL = os.path.join(TOP, "deploy/local/cluster")


def server_user():
    """Root lends its servers to a user, as deploy/local/lib.sh says."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


# What the log says of a process of the server that ended by a fault of its own.
# Signal 6 is how a PANIC ends, which a full disk is.
CRASHED = r"(?m)^.*was terminated by signal (4|7|8|11):"


def as_server(*command, deathsig="KILL"):
    """The command run by the server's user, and ended with this process."""
    prefix = ["setpriv", f"--pdeathsig={deathsig}"]
    if os.geteuid() == 0:
        user = pwd.getpwnam(server_user())
        prefix += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups"]
    return prefix + ["--", *command]


def server_reaches(path):
    return subprocess.run(as_server("test", "-x", path)).returncode == 0


class Cluster:
    """Socket only, any role, unless listen_addresses and port are set."""

    def __init__(self, path, stage, settings=None, environment=None):
        self.path = path
        self.environment = environment or {}
        self.stage = stage
        self.settings = {"fsync": "off", **(settings or {})}
        self.log_path = path + ".log"
        self.process = None

    def create(self):
        """Make it and start it, with database, extension and front's role."""
        self._tool("init", self.stage)
        self.start()
        self._tool("setup")

    def renew(self):
        """Give one that is there, and stopped, the library of the stage."""
        self._tool("init", self.stage)

    def create_standby(self, primary):
        """Make it a streaming standby of that one, named "standby" there."""
        data = os.path.join(self.path, "data")
        os.makedirs(self.path)
        os.mkdir(data, 0o700)
        if os.geteuid() == 0:
            shutil.chown(data, server_user())
        config = subprocess.run([os.path.join(TOP, "deploy/local/pg-config")],
                                stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        programs = subprocess.run([config, "--bindir"], stdout=subprocess.PIPE, text=True,
                                  check=True).stdout.strip()
        subprocess.run(as_server(
            os.path.join(programs, "pg_basebackup"), "--pgdata", data, "--write-recovery-conf",
            "--checkpoint=fast", "--dbname", primary.url() + "&application_name=standby"),
            check=True, env=self._env())
        self._tool("init", self.stage)
        self.start()

    def start(self, wait=True):
        options = [w for k, v in self.settings.items() for w in ("-c", f"{k}={v}")]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [TOOL, "serve", self.path, *options],
                env={**self._env(), **self.environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )
        if wait:
            self.wait()

    def wait(self, seconds=180):
        """Wait until it lets someone in."""
        limit = time.monotonic() + seconds
        while True:
            try:
                return self.connect(dbname="postgres").close()
            except psycopg2.OperationalError:
                if self.process.poll() is not None or time.monotonic() > limit:
                    raise AssertionError("no server:\n" + self.log()) from None
            time.sleep(0.05)

    def stop(self, mode="fast"):
        """Stop it: smart, fast or immediate (as a crash, but in order)."""
        signals = {"smart": signal.SIGTERM, "fast": signal.SIGINT,
                   "immediate": signal.SIGQUIT}
        if self.process and self.process.poll() is None:
            self.process.send_signal(signals[mode])
            self.process.wait(180)

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def kill(self):
        """kill -9 of the postmaster and all of its processes, as power loss."""
        children = self.pids()
        self.process.kill()
        self.process.wait()
        for pid in children:
            _kill(pid)
        while any(os.path.exists(f"/proc/{pid}") for pid in children):
            time.sleep(0.01)

    def pids(self):
        """The process ids of the server's own processes, without the first."""
        out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
                             stdout=subprocess.PIPE, text=True).stdout
        return [int(pid) for pid in out.split()]

    def kill_backend(self, pid):
        """kill -9 of one backend, at which the server restarts all."""
        assert pid in self.pids()
        _kill(pid)

    def discard(self):
        self.stop("immediate")
        shutil.rmtree(self.path, ignore_errors=True)
        crash = re.search(CRASHED, self.log()) if os.path.exists(self.log_path) else None
        assert crash is None, self.log()[max(0, crash.start() - 2000):][:20000]

    def url(self, role="dpmeta", dbname="dpmeta"):
        out = self._tool("url", role)
        return out.strip().replace("/dpmeta?", f"/{dbname}?")

    def connect(self, role="dpmeta", dbname="dpmeta", autocommit=True):
        connection = psycopg2.connect(self.url(role, dbname))
        connection.autocommit = autocommit
        return connection

    def sql(self, statement, parameters=None, role="dpmeta", dbname="dpmeta"):
        """Run one statement in a connection of its own; its rows, if any."""
        connection = self.connect(role, dbname)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def _tool(self, command, *arguments):
        done = subprocess.run([TOOL, command, self.path, *arguments], env=self._env(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 0, f"cluster {command}: {done.stderr}"
        return done.stdout

    @staticmethod
    def _env():
        return {**os.environ, "CLUSTER_AUTH": "trust"}


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
