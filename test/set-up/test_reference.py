"""The pages that are made from the catalogue are those that this tree would make."""

import pytest

import catalogue


@pytest.mark.parametrize("path, make", [
    (catalogue.REFERENCE, catalogue.reference), (catalogue.DATA_MODEL, catalogue.data_model)])
def test_is_current(cluster, path, make):
    with open(path, encoding="utf-8") as file, cluster.connect().cursor() as cursor:
        assert file.read() == make(cursor), "make reference makes another one"


def test_all_is_in_it(cluster):
    """No view and no function that people may call is left out."""
    with open(catalogue.REFERENCE, encoding="utf-8") as file:
        text = file.read()
    for name, kind in cluster.sql("SELECT name, kind FROM dpmeta.role_rights()"):
        described = cluster.sql(
            "SELECT coalesce(bool_or(d NOT LIKE 'private:%%'), false) FROM ("
            " SELECT obj_description(oid, 'pg_proc') FROM pg_proc WHERE proname = %s"
            " UNION ALL SELECT obj_description(oid, 'pg_class') FROM pg_class WHERE relname = %s"
            ") AS o (d)", (name, name))[0][0]
        heading = f"### {name}\n" if kind == "view" else f"**`{name}("
        assert (heading in text) == described, name


def test_a_change_is_seen(make_cluster):
    cluster = make_cluster()
    for statement in ("COMMENT ON VIEW dpmeta.tags IS 'other'",
                      "COMMENT ON COLUMN dpmeta.tags.key IS 'other'",
                      "COMMENT ON FUNCTION dpmeta.get_schema(dpmeta.dpid) IS 'other'",
                      "COMMENT ON TYPE dpmeta.dpid IS 'other'"):
        with cluster.connect(autocommit=False).cursor() as cursor:
            before = catalogue.reference(cursor)
            cursor.execute(statement)
            assert catalogue.reference(cursor) != before, statement
    with cluster.connect(autocommit=False).cursor() as cursor:
        before = catalogue.data_model(cursor)
        cursor.execute("ALTER TABLE dpmeta.product ADD COLUMN more integer")
        assert catalogue.data_model(cursor) != before
