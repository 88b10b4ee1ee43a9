"""What real clients can ask of the views, each with and without a search path.

Each client is a function that runs a statement with parameters, which it sends as
texts in its own way, and returns the rows as lists of texts.  QUESTIONS is what each
is asked, with `?` where a parameter goes.
"""

import json
import os
import re
import subprocess
import urllib.parse
import warnings

import psycopg2
import pytest

import npm
from cluster import TOP
from front import free_port

CLIENT = os.path.join(TOP, "test/client")

QUESTIONS = {
    "version > ?": (
        "SELECT version FROM dpmeta.data_product_versions "
        "WHERE data_product = 'tools' AND version > ? ORDER BY version DESC",
        ["v1.9"], [["v2.0"], ["v1.11"], ["v1.10"]]),
    "version between": (
        "SELECT version FROM dpmeta.data_product_versions "
        "WHERE data_product = ? AND version BETWEEN ? AND ? ORDER BY version",
        ["tools", "v1.8", "v1.10"], [["v1.8"], ["v1.9"], ["v1.10"]]),
    "version in": (
        "SELECT version FROM dpmeta.data_product_versions "
        "WHERE data_product = 'tools' AND version IN (?, ?) ORDER BY 1",
        ["v1.10", "v1.2"], [["v1.2"], ["v1.10"]]),
    "id = ?": (
        "SELECT column_name FROM dpmeta.columns WHERE id = ? ORDER BY ordinal_position",
        ["dp:tools:v2.0:lines"], [["id"], ["price"]]),
    "id like ?": (
        "SELECT DISTINCT data_product FROM dpmeta.schemas WHERE id LIKE ? ORDER BY 1",
        ["dp:too%"], [["tools"], ["tools_too"]]),
    "column_type = ?": (
        "SELECT data_product, column_name FROM dpmeta.columns "
        "WHERE is_current AND column_type = ? AND data_product LIKE 'tools%' ORDER BY 1, 2",
        ["decimal(9,2)"], [["tools", "price"], ["tools_too", "price"]]),
    "max(version)": (
        "SELECT max(version), min(version) FROM dpmeta.data_product_versions "
        "WHERE data_product = ? AND major = 1", ["tools"], [["v1.11", "v1.0"]]),
    "group by version": (
        "SELECT version, count(*) FROM dpmeta.columns WHERE data_product = ? AND minor >= 10 "
        "GROUP BY version ORDER BY version", ["tools"], [["v1.10", "2"], ["v1.11", "2"]]),
    "join by id": (
        "SELECT t.value, s.table_name FROM dpmeta.data_products d "
        "JOIN dpmeta.tags t ON t.id = d.id "
        "JOIN dpmeta.data_product_versions v ON v.id = d.id "
        "JOIN dpmeta.schemas s ON s.data_product = d.data_product AND s.version = v.version "
        "WHERE d.id = ?", ["dp:tools:v2.0"], [["blue", "lines"]]),
    "get_data_product(?)": (
        "SELECT document->>'version' FROM dpmeta.get_data_product(?)", ["dp:tools:v1"], [["v1.11"]]),
    "get_schema(?)": (
        "SELECT document->>'tableDescription' FROM dpmeta.get_schema(?)", ["dp:tools:lines"], [["of tools"]]),
    "list_versions(?)": (
        "SELECT json_array_length(document) FROM dpmeta.list_versions(?, after => ?)", ["dp:tools", "v1.2"], [["2"]]),
    "list_changes(?, ?)": (
        "SELECT count(*) FROM dpmeta.list_changes(?, ?)", ["dp:tools", "v1.10"], [["1"]]),
    "base_type(?)": (
        "SELECT dpmeta.base_type(?), dpmeta.base_type(column_type), dpmeta.major(version) FROM dpmeta.columns "
        "WHERE id = ? AND column_name = ?",
        ["map<string,int>", "dp:tools:v2.0:lines", "price"], [["map", "decimal", "2"]]),
}


def product(name):
    return json.dumps({
        "name": name, "description": "d", "domain": "HQ", "status": "draft",
        "dataProductOwner": "o@example.org", "dataProductOwnerDisplayName": "O",
        "email": "o@example.org", "retentionPeriod": 1, "dpiaRequired": False,
        "tags": {"team": "blue"}})


@pytest.fixture(scope="module")
def store(stage, scratch):
    """A store with a product of versions v1.0 to v1.11 and v2.0, for readers by TCP."""
    from cluster import Cluster

    port = free_port()
    one = Cluster(os.path.join(scratch, "clients"), stage, {})
    one.create()
    one.stop()
    one.settings.update(listen_addresses="127.0.0.1", port=str(port), unix_socket_directories="")
    one.start(wait=False)
    one.tcp = {"host": "127.0.0.1", "port": port, "dbname": "dpmeta"}
    one.run = lambda text, *values, dbname="dpmeta": rows_of(
        dict(one.tcp, dbname=dbname, user="dpmeta"), text, values)
    wait_for_tcp(one)
    one.run("CREATE ROLE analyst LOGIN")
    one.run("SELECT dpmeta.grant_reader('analyst')")
    lines = {"tableDescription": "of tools", "columns": [
        {"name": "id", "type": "bigint", "description": "which"},
        {"name": "price", "type": "decimal(9,2)", "description": ""}]}
    for name in ("tools", "tools_too"):
        one.run("SELECT dpmeta.register_data_product(%s)", product(name))
        one.run("SELECT dpmeta.register_schema(%s, %s)", f"dp:{name}:lines", json.dumps(lines))
    for number in range(2, 12):
        one.run("SELECT dpmeta.patch_data_product('dp:tools', %s)", json.dumps({"description": str(number)}))
    lines["columns"][0]["type"] = "string"
    one.run("SELECT dpmeta.update_schema('dp:tools:lines', %s)", json.dumps(lines))
    yield one
    one.discard()


def rows_of(where, text, values=()):
    connection = psycopg2.connect(**where)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(text, values or None)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def wait_for_tcp(one):
    import time
    limit = time.monotonic() + 180
    while True:
        try:
            return rows_of(dict(one.tcp, user="dpmeta"), "SELECT 1")
        except psycopg2.OperationalError:
            assert time.monotonic() < limit, one.log()
            time.sleep(0.1)


def texts(rows):
    return [["" if value is None else str(value) for value in row] for row in rows]


def options(path):
    return f"-c search_path={path}" if path else ""


# The clients.

def psql(store, path, text, values):
    """As a person writes it: with literals."""
    for value in values:
        text = text.replace("?", f"'{value}'", 1)
    where = " ".join(f"{k}={v}" for k, v in store.tcp.items())
    done = subprocess.run(["psql", "-XAt", "-F", "\t", f"{where} user=analyst options='{options(path)}'", "-c", text],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def psycopg(store, path, text, values):
    return texts(rows_of(dict(store.tcp, user="analyst", options=options(path)),
                         text.replace("%", "%%").replace("?", "%s"), values))


def prepared(store, path, text, values, kind="varchar"):
    """What a driver does that prepares: parameters of a declared type, and a generic plan."""
    names = iter(f"${number}" for number in range(1, 10))
    statement = re.sub(r"\?", lambda _: next(names), text)
    connection = psycopg2.connect(**store.tcp, user="analyst", options=options(path))
    with connection, connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE p({', '.join([kind] * len(values))}) AS {statement}")
        cursor.execute("EXECUTE p(" + ", ".join(["%s"] * len(values)) + ")", values)
        rows = cursor.fetchall()
    connection.close()
    return texts(rows)


def sqlalchemy_url(store, path):
    return (f"postgresql+psycopg2://analyst@{store.tcp['host']}:{store.tcp['port']}/dpmeta"
            f"?options={urllib.parse.quote(options(path))}")


def sqlalchemy(store, path, text, values):
    import sqlalchemy as sa
    names = iter(f":p{number}" for number in range(10))
    statement = sa.text(re.sub(r"\?", lambda _: next(names), text))
    with sa.create_engine(sqlalchemy_url(store, path)).connect() as connection:
        return texts(connection.execute(statement, {f"p{n}": v for n, v in enumerate(values)}))


def jdbc(store, path, text, values):
    """setString() sends a varchar."""
    import jpype
    if not jpype.isJVMStarted():
        jpype.startJVM(classpath=["/usr/share/java/org.jpype.jar", "/usr/share/java/postgresql.jar"])
    url = f"jdbc:postgresql://{store.tcp['host']}:{store.tcp['port']}/dpmeta"
    if path:
        url += f"?currentSchema={path}"
    properties = jpype.JClass("java.util.Properties")()
    properties.setProperty("user", "analyst")
    connection = jpype.JClass("org.postgresql.Driver")().connect(url, properties)
    try:
        statement = connection.prepareStatement(text)
        for number, value in enumerate(values, 1):
            statement.setString(number, value)
        result = statement.executeQuery()
        width = result.getMetaData().getColumnCount()
        rows = []
        while result.next():
            rows.append([str(result.getString(n)) for n in range(1, width + 1)])
        return rows
    finally:
        connection.close()


def odbc(store, path, text, values):
    import pyodbc
    where = (f"DRIVER=PostgreSQL Unicode;Server={store.tcp['host']};Port={store.tcp['port']};"
             "Database=dpmeta;Uid=analyst;UseServerSidePrepare=1")
    connection = pyodbc.connect(where, autocommit=True)
    try:
        if path:
            connection.execute(f"SET search_path = {path}")
        return texts(connection.execute(text, values).fetchall())
    finally:
        connection.close()


NODE = """
const { Client } = require('pg');
const [where, text, values] = JSON.parse(process.argv[2]);
const client = new Client(where);
client.connect()
  .then(() => client.query({ text, values, rowMode: 'array' }))
  .then((result) => { console.log(JSON.stringify(result.rows)); return client.end(); })
  .catch((error) => { console.error(error.message); process.exit(1); });
"""


def node_postgres(store, path, text, values):
    names = iter(f"${number}" for number in range(1, 10))
    where = {"host": store.tcp["host"], "port": store.tcp["port"], "database": "dpmeta", "user": "analyst",
             "options": options(path)}
    npm.install(CLIENT)
    done = subprocess.run(
        [npm.node(CLIENT), "-e", NODE.replace("argv[2]", "argv[1]"),
         json.dumps([where, re.sub(r"\?", lambda _: next(names), text), values])],
        cwd=CLIENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return texts(json.loads(done.stdout))


def pandas_read(store, path, text, values):
    import pandas
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        connection = psycopg2.connect(**store.tcp, user="analyst", options=options(path))
        frame = pandas.read_sql(text.replace("%", "%%").replace("?", "%s"), connection, params=values)
    connection.close()
    return texts(frame.values.tolist())


CLIENTS = {"psql": psql, "psycopg2": psycopg, "prepared": prepared, "SQLAlchemy": sqlalchemy, "JDBC": jdbc,
           "ODBC": odbc, "node-postgres": node_postgres, "pandas": pandas_read}


@pytest.mark.parametrize("path", ["", "dpmeta,public"], ids=["no search path", "search path"])
@pytest.mark.parametrize("client", CLIENTS)
def test_questions(store, client, path):
    got = {name: CLIENTS[client](store, path, text, values) for name, (text, values, _) in QUESTIONS.items()}
    assert got == {name: rows for name, (_, _, rows) in QUESTIONS.items()}


def test_text_parameters(store):
    for text, values, rows in QUESTIONS.values():
        assert prepared(store, "", text, values, "text") == rows


def test_sqlalchemy_knows_every_type(store):
    import sqlalchemy as sa
    inspector = sa.inspect(sa.create_engine(sqlalchemy_url(store, "")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # PostgreSQL's own, but unknown to SQLAlchemy 1.4
        warnings.filterwarnings("ignore", "Did not recognize type 'xid8' of column 'transaction_id'")
        columns = {(view, column["name"]): column["type"] for view in inspector.get_view_names("dpmeta")
                   if view in READABLE for column in inspector.get_columns(view, "dpmeta")}
    assert len(columns) > 100
    assert [name for name, kind in columns.items() if isinstance(kind, sa.types.NullType)] == [
        ("events", "transaction_id")]


READABLE = {"data_products", "data_product_versions", "schemas", "columns", "tags", "events", "changes",
            "problems", "domain_stats", "daily_stats", "actor_stats", "column_type_stats", "idempotency_stats",
            "log_months"}


def test_all_columns_are_of_postgresql(store):
    views = {row[0] for row in store.run("SELECT name FROM dpmeta.role_rights() WHERE kind = 'view'")}
    assert store.run("""
        SELECT a.attrelid::regclass::text, a.attname FROM pg_attribute a
        WHERE a.attrelid = ANY (%s::regclass[]) AND a.attnum > 0
            AND (SELECT typnamespace FROM pg_type WHERE oid = a.atttypid) <> 'pg_catalog'::regnamespace""",
                     ["dpmeta." + view for view in sorted(views)]) == []


def test_pandas_sorts_by_the_numbers(store):
    import pandas
    import sqlalchemy as sa
    with sa.create_engine(sqlalchemy_url(store, "")).connect() as connection:
        frame = pandas.read_sql(sa.text("SELECT version, major, minor FROM dpmeta.data_product_versions "
                                        "WHERE data_product = 'tools'"), connection)
    assert str(frame.dtypes["major"]) == str(frame.dtypes["minor"]) == "int64"
    ordered = list(frame.sort_values(["major", "minor"])["version"])
    assert ordered == [f"v1.{n}" for n in range(12)] + ["v2.0"]


VIEWS = ", ".join(sorted(READABLE))


@pytest.fixture(scope="module")
def elsewhere(store):
    """A database without the extension that reads the store by postgres_fdw."""
    store.run("CREATE DATABASE elsewhere")

    def run(text, *values):
        return store.run(text, *values, dbname="elsewhere")

    run("CREATE EXTENSION postgres_fdw")
    run(f"CREATE SERVER store FOREIGN DATA WRAPPER postgres_fdw OPTIONS "
        f"(host '127.0.0.1', port '{store.tcp['port']}', dbname 'dpmeta')")
    run("CREATE USER MAPPING FOR dpmeta SERVER store OPTIONS (user 'analyst', password_required 'false')")
    run("CREATE SCHEMA dpmeta")
    run("CREATE COLLATION dpmeta.version_order (provider = icu, locale = 'und-u-kn')")
    run(f"IMPORT FOREIGN SCHEMA dpmeta LIMIT TO ({VIEWS}) FROM SERVER store INTO dpmeta")
    return run


def test_postgres_fdw(elsewhere):
    for text, values, rows in QUESTIONS.values():
        if "FROM dpmeta.get" in text or "list_" in text or "base_type" in text:
            continue
        assert texts(elsewhere(text.replace("%", "%%").replace("?", "%s"), *values)) == rows


@pytest.mark.parametrize("condition, remote", [
    ("version > 'v1.9'", "version > 'v1.9'"),
    ("id = 'dp:tools:v2.0'", "id = 'dp:tools:v2.0'"),
    ("id LIKE 'dp:t%%'", "id ~~ 'dp:t%'"),
    ("version IN ('v1.1', 'v1.10')", "version = ANY"),
])
def test_postgres_fdw_sends_conditions(elsewhere, condition, remote):
    plan = "\n".join(row[0] for row in elsewhere(
        f"EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM dpmeta.data_product_versions WHERE {condition.replace('%%', '%')}"))
    assert remote in plan and "Filter" not in plan, plan


def test_postgres_fdw_without_the_collation(store, elsewhere):
    elsewhere("CREATE SCHEMA plain")
    elsewhere(f"IMPORT FOREIGN SCHEMA dpmeta LIMIT TO ({VIEWS}) FROM SERVER store INTO plain "
              "OPTIONS (import_collate 'false')")
    assert elsewhere("SELECT version FROM plain.data_product_versions WHERE data_product = 'tools' "
                     "AND version > 'v1.9' ORDER BY version") == [("v1.10",), ("v1.11",), ("v2.0",)]


def test_without_icu_the_views_are_there(store):
    """ICU has no order for SQL_ASCII."""
    store.run("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    store.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    for name, provider, ordered in (("ascii", "c", ["v1.0", "v1.1", "v1.10"]), ("latin", "i", ["v1.0", "v1.1", "v1.2"])):
        def run(text, *values):
            return store.run(text, *values, dbname=name)
        run("CREATE EXTENSION dpmeta")
        assert run("SELECT collprovider FROM pg_collation WHERE collname = 'version_order'") == [(provider,)]
        run("SELECT dpmeta.register_data_product(%s)", product("here"))
        for number in range(1, 11):
            run("SELECT dpmeta.patch_data_product('dp:here', %s)", json.dumps({"description": str(number)}))
        versions = "SELECT version FROM dpmeta.data_product_versions "
        assert [row[0] for row in run(versions + "ORDER BY version LIMIT 3")] == ordered
        assert run(versions + "ORDER BY major DESC, minor DESC LIMIT 1") == [("v1.10",)]
        assert run(versions + "WHERE id = 'dp:here:v1.10'") == [("v1.10",)]
