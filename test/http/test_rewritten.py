"""Others have their hands on the tables while they are read and written."""

import os
import shutil
import subprocess
import threading

import pytest
from psycopg2.extensions import parse_dsn

from cluster import as_server
from documents import PRODUCTS, add_table, register
from writers import Writers

# What a DBA does to tables, each of ours in turn.
IN_SQL = ("VACUUM (FULL) {}", "CLUSTER {0} USING {1}", "REINDEX TABLE CONCURRENTLY {}")
TABLES = """
SELECT format('%I.%I', c.relnamespace::regnamespace, c.relname), i.indexrelid::regclass::text FROM pg_class AS c
	JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
	JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'dpmeta'
	JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
	WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text LIKE 'dpmeta%' ORDER BY 1
"""


@pytest.fixture
def load(make_cluster, make_front):
    """A cluster, and clients whose every read and write is right while the test goes on."""
    cluster = make_cluster()
    front = make_front(cluster)
    names = [f"rewritten{n}" for n in range(4)]
    for name in names:
        register(front, name)
        add_table(front, name, "t")
    writers, stop, wrong = Writers([front], names, readers=[front]), threading.Event(), []

    def read(name):
        while not stop.is_set() and not wrong:
            for path in (f"{PRODUCTS}/dp:{name}", f"{PRODUCTS}/dp:{name}:v1.0", f"/v1/schemas/dp:{name}:t",
                         f"{PRODUCTS}/dp:{name}/versions?limit=3"):
                answer = front.request("GET", path)
                if answer.status != 200:
                    wrong.append((path, answer))

    readers = [threading.Thread(target=read, args=(name,)) for name in names]
    for reader in readers:
        reader.start()
    with writers:
        yield cluster, writers
        writers.go_on(3)
    stop.set()
    for reader in readers:
        reader.join(300)
    assert wrong == []
    for writer in writers.all:
        assert writer.wrong is None and writer.refused == 0 and writer.stale == []
        assert [v for v, _ in writer.acknowledged] == \
            [f"v1.{n + 2}" for n in range(len(writer.acknowledged))]


def test_by_statements(load):
    cluster, writers = load
    for table, key in cluster.sql(TABLES):
        for statement in IN_SQL:
            cluster.sql(statement.format(table, key))
        writers.go_on(1)


def test_by_pg_repack(load, stage):
    """Each table is copied, and swapped with its copy."""
    cluster, writers = load
    folder = subprocess.run([os.environ.get("PG_CONFIG", "pg_config"), "--bindir"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    program = shutil.which("pg_repack", path=folder)
    if program is None:
        pytest.skip("there is no pg_repack for this PostgreSQL")
    cluster.sql("CREATE EXTENSION pg_repack")
    url = parse_dsn(cluster.url())      # it takes no URI
    where = [f"--host={url['host']}", f"--username={url['user']}", f"--dbname={url['dbname']}"]
    for table, _ in cluster.sql(TABLES):
        done = subprocess.run(as_server(program, *where, f"--table={table}"), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=300)
        assert done.returncode == 0 and "ERROR" not in done.stdout, done.stdout
        writers.go_on(1)
    assert cluster.sql("SELECT * FROM dpmeta.check()")
