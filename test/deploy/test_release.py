"""What belongs to a release agrees, and a release can be made, in a copy."""

import json
import os
import re
import shutil
import subprocess

import pytest

from cluster import TOP

# Of PGXN's meta-spec 1.0.0: what must be there, and of what form.
TERM = re.compile(r"[^\s/\\\x00-\x1f\x7f]{2,}")
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+)?")
LICENSES = {"agpl_3", "apache_1_1", "apache_2_0", "artistic_1", "artistic_2", "bsd", "freebsd",
            "gfdl_1_2", "gfdl_1_3", "gpl_1", "gpl_2", "gpl_3", "lgpl_2_1", "lgpl_3_0", "mit",
            "mozilla_1_0", "mozilla_1_1", "openssl", "perl_5", "postgresql", "qpl_1_0", "ssleay",
            "sun", "zlib", "open_source", "restricted", "unrestricted", "unknown"}
PHASES = {"configure", "build", "test", "runtime", "develop"}
RELATIONS = {"requires", "recommends", "suggests", "conflicts"}
MEMBERS = {"name", "version", "abstract", "maintainer", "license", "provides", "meta-spec",
           "description", "generated_by", "tags", "no_index", "prereqs", "release_status",
           "resources"}


def faults_of_meta(meta):
    """Members that a PGXN mirror would refuse."""
    def wrong_provides(provides):
        return not provides or any(
            not TERM.fullmatch(name) or not one.get("file") or
            not VERSION.fullmatch(one.get("version", "")) for name, one in provides.items())

    checks = {
        "name": lambda v: not TERM.fullmatch(v),
        "version": lambda v: not VERSION.fullmatch(v),
        "abstract": lambda v: not v,
        "maintainer": lambda v: not v,
        "license": lambda v: v not in LICENSES,
        "provides": wrong_provides,
        "meta-spec": lambda v: v.get("version") != "1.0.0",
    }
    faults = [name for name, wrong in checks.items() if name not in meta or wrong(meta[name])]
    faults += [name for name in meta if name not in MEMBERS and not name.lower().startswith("x_")]
    if meta.get("release_status", "stable") not in ("stable", "testing", "unstable"):
        faults.append("release_status")
    if any(not 0 < len(tag) < 256 or re.search(r"[/\\\x00-\x1f]", tag)
           for tag in meta.get("tags", [])):
        faults.append("tags")
    for phase, relations in meta.get("prereqs", {}).items():
        if phase not in PHASES or set(relations) - RELATIONS:
            faults.append("prereqs")
    return faults


@pytest.fixture
def meta():
    with open(os.path.join(TOP, "META.json"), encoding="utf-8") as file:
        return json.load(file)


def test_meta(meta):
    assert faults_of_meta(meta) == []
    for one in meta["provides"].values():
        assert os.path.exists(os.path.join(TOP, one["file"]))
        assert os.path.exists(os.path.join(TOP, one["docfile"]))


@pytest.mark.parametrize("member", ["name", "version", "abstract", "maintainer", "license",
                                    "provides", "meta-spec"])
def test_meta_needs(meta, member):
    del meta[member]
    assert faults_of_meta(meta) == [member]


def test_meta_forms(meta):
    meta["version"] = "1.1"
    meta["license"] = "ours"
    meta["provides"]["dpmeta"].pop("file")
    meta["Maintainers"] = []
    assert faults_of_meta(meta) == ["version", "license", "provides", "Maintainers"]


class Copy:
    """The tree in a repository of its own."""

    def __init__(self, path):
        self.path = path
        os.makedirs(path)
        subprocess.run(
            f"tar --exclude=./.git --exclude=./build --exclude=./.dpmeta --exclude=node_modules"
            f" --exclude='*.o' --exclude='*.so' --exclude=http-front/build"
            f" -C '{TOP}' -cf - . | tar -C '{path}' --no-same-owner -xf -", shell=True, check=True)
        self.commit("init", "--quiet")

    def commit(self, *words):
        for command in (words, ("add", "--all"),
                        ("-c", "user.name=x", "-c", "user.email=x@example.org", "commit",
                         "--quiet", "--allow-empty", "--message=x")):
            if command:
                subprocess.run(["git", *command], cwd=self.path, check=True)

    def run(self, *command):
        """(status, output)"""
        done = subprocess.run(command, cwd=self.path, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=1800)
        return done.returncode, done.stdout

    def release(self, *words):
        return self.run("deploy/local/release", *words)

    def edit(self, name, pattern, replacement):
        path = os.path.join(self.path, name)
        with open(path, encoding="utf-8") as file:
            text, count = re.subn(pattern, replacement, file.read(), count=1, flags=re.M)
        assert count == 1, f"{pattern} in {name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


@pytest.fixture
def copy(tmp_path):
    if not shutil.which("git"):
        pytest.skip("needs git")
    return Copy(str(tmp_path / "copy"))


def test_versions_agree(copy):
    assert copy.release("versions") == (0, "")


@pytest.mark.parametrize("name, pattern, replacement", [
    ("META.json", r'^\t"version": "1', r'\t"version": "7'),
    ("META.json", r'^\t\t\t"version": "1', r'\t\t\t"version": "7'),
    ("CHANGELOG.md", r"^## (Unreleased: )?[0-9]", r"## \g<1>7"),
    ("debian/changelog", r"\A(dpmeta \()", r"\g<1>7"),
    ("http-front/config.h", r'^(#define DPMETA_HTTP_VERSION ")', r"\g<1>7"),
    ("CHANGELOG.md", r"^## 1\.0$", "## 0.9"),
])
def test_a_difference_is_named(copy, name, pattern, replacement):
    copy.edit(name, pattern, replacement)
    status, said = copy.release("versions")
    assert status == 1 and len(said.splitlines()) == 1, said
    assert name in said or "dpmeta--0.9.sql" in said


def close(copy):
    """What a person does before a release."""
    copy.edit("META.json", '"unstable"', '"stable"')
    copy.edit("CHANGELOG.md", "^## Unreleased: ", "## ")
    copy.edit("debian/changelog", "UNRELEASED", "unstable")


def test_release(copy):
    """By the steps of docs/releasing.md: checked, frozen, built, and the next one begun."""
    status, said = copy.release("check")
    assert status == 1 and "release-freeze" in said and "CHANGELOG.md" in said, said
    close(copy)
    assert copy.run("make", "release-freeze")[0] == 0
    status, said = copy.release("check")
    assert status == 1 and said.startswith("these changes are not committed"), said
    copy.commit()
    status, said = copy.run("make", "release-check")
    assert status == 0 and ".tar.gz builds\n" in said, said

    before = scripts(copy)
    status, said = copy.run("make", "release-next", "VERSION=7.0")
    assert status == 0, said
    assert copy.release("versions") == (0, "")
    after = scripts(copy)
    assert before.items() <= after.items(), "what was released reads as it did"
    old = max(re.findall(r"--([0-9.]+)\.sql", " ".join(before)))
    assert set(after) - set(before) == {"dpmeta--7.0.sql", f"dpmeta--{old}--7.0.sql"}


def scripts(copy):
    """The SQL that make install would install, by name."""
    image = os.path.join(copy.path, "build/image")
    shutil.rmtree(image, ignore_errors=True)
    status, said = copy.run("make", "install", "FRONT=no", f"DESTDIR={image}")
    assert status == 0, said
    found = {}
    for folder, _, names in os.walk(image):
        for name in names:
            if name.endswith(".sql"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    found[name] = file.read()
    return found
