"""A catalogue to look at: products with tables, histories and what is wrong with some.

All of it is written by the functions that clients use, in a moment.
"""

import json

OWNERS = {
    "amara.okafor@example.org": "Amara Okafor",
    "li.wei@example.org": "Li Wei",
    "tomas.novak@example.org": "Tomáš Novák",
}
DOMAINS = ("HMPPS", "OPG", "LAA", "HMCTS", "CICA", "Platforms", "HQ")
LONG = "A paragraph that says again what was said before, at some length. " * 900
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> & \"quotes\" 'too'"


def column(name, kind, description="", **facts):
    return {"name": name, "type": kind, "description": description, **facts}


def table(name, description, *columns, **more):
    return {"name": name, "tableDescription": description, "columns": list(columns), **more}


def contract(name, description, domain="HMPPS", owner="amara.okafor@example.org", tables=(), **more):
    return {"name": name, "description": description, "domain": domain,
            "dataProductOwner": owner, "dataProductOwnerDisplayName": OWNERS[owner],
            "email": "data@example.org", "status": "draft", "retentionPeriod": 2555,
            "dpiaRequired": False, "tables": list(tables), **more}


LINES = table(
    "lines", "One row for each line of an order.",
    column("order_id", "bigint", "The order that the line belongs to.", required=True, primaryKey=True),
    column("line_no", "int", "Counts from 1 within an order.", required=True, primaryKey=True),
    column("sku", "string", "What was ordered."),
    column("price", "decimal(10,2)", "In pounds, without tax."),
    column("note", "string"),
    column("parts", "array<struct<sku:string,size:struct<width:int,height:int>,labels:map<string,string>>>",
           "What the line is made of."),
    column("sold_on", "date", "The day of the sale.", partition=True))
CUSTOMERS = table("customers", "Who ordered.",
                  column("customer_id", "bigint", "Number of the customer.", required=True, primaryKey=True),
                  column("name", "string"), column("joined", "timestamp", "When they first came."))


def orders_history():
    """Steps of dp:orders: what each PUT makes of the one before."""
    first = contract("orders", "Orders of the shop, one row an order line", tables=[LINES],
                     tags={"team": "retail", "tier": "gold"}, dpiaRequired=True)
    second = {**first, "tables": [LINES, CUSTOMERS]}
    third = {**second, "description": "Orders of the shop, one row for each line of an order",
             "status": "published"}
    lines = json.loads(json.dumps(LINES))
    lines["columns"][3]["type"] = "decimal(12,2)"
    lines["columns"][5]["type"] = \
        "array<struct<sku:string,size:struct<width:bigint,height:int>,labels:map<string,string>,weight:double>>"
    lines["columns"][2]["description"] = "What was ordered, as the stock list names it."
    del lines["columns"][4]
    fourth = {**third, "tables": [lines, CUSTOMERS]}
    fifth = {**fourth, "retentionPeriod": 3650, "tags": {"team": "retail", "tier": "gold", "pii": "yes"}}
    return [first, second, third, fourth, fifth]


SUBJECTS = ("prison population", "use of force incidents", "legal aid claims", "court listings",
            "probation cases", "victim compensation", "deputyships", "staff absence",
            "hearing outcomes", "offender assessments", "case fees", "education courses")


def simple(number):
    """One of many that fill the list."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    owner = list(OWNERS)[number % 3]
    described = "Recorded at the source." if number % 3 else ""
    return contract(
        f"{subject.replace(' ', '_')}_{number:02d}",
        f"{subject.capitalize()}, as the source system {number} records them",
        domain=DOMAINS[number * number % len(DOMAINS)], owner=owner,
        status="published" if number % 4 else "draft",
        dpiaRequired=number % 5 == 0, tags={"team": ("retail", "core", "open")[number % 3]},
        tables=[table("events", f"What happened, one row an event of {subject}.",
                      column("id", "bigint", "Number of the row.", required=True, primaryKey=True),
                      column("happened", "timestamp", described),
                      column("detail", "string"))])


OTHERS = [
    contract("old_orders", "Orders before the shop moved", domain="HQ", status="published",
             tables=[table("rows", "One row an order.", column("id", "int", "Number."))]),
    contract("hostile", HOSTILE, domain="OPG", owner="li.wei@example.org",
             tags={"<b>": HOSTILE}, tables=[
                 table("t", HOSTILE, column("c", "struct<x:int>", HOSTILE))]),
    contract("arabic", "سجل الطلبات مع تفاصيل كل طلب", domain="OPG", owner="li.wei@example.org",
             tables=[table("orders", "جدول الطلبات", column("id", "bigint", "رقم الطلب"))]),
    contract("long_text", LONG, domain="Platforms", tables=[table("t", LONG, column("c", "int", LONG))]),
    contract("no_text", "", domain="Platforms", status="published"),
    contract("n" * 128, "A name as long as a name may be", domain="LAA",
             tables=[table("t" * 128, "A long name, too.", column("c" * 128, "string"))]),
    contract("gone", "A product that was deleted", domain="CICA"),
]


def fill(cluster, simple_ones=36, wide=0):
    """Write all of that; as owner, so that no token is needed."""
    connection = cluster.connect()
    try:
        with connection.cursor() as cursor:
            fill_by(cursor, simple_ones, wide)
    finally:
        connection.close()


def put(cursor, document, actor="amara.okafor"):
    cursor.execute("SELECT id FROM dpmeta.put_contract(%s::dpmeta.dpid, %s::jsonb, actor => %s,"
                   " actor_roles => '{steward}')", ("dp:" + document["name"], json.dumps(document), actor))


def fill_by(cursor, simple_ones, wide):
    actors = ("amara.okafor", "nightly-load", "li.wei")
    for number, step in enumerate(orders_history()):
        put(cursor, step, actors[number % 3])
    for one in OTHERS + [simple(n) for n in range(simple_ones)]:
        put(cursor, one)
    if wide:
        put(cursor, contract("wide", "A product with very many tables", domain="HQ", tables=[
            table(f"table_{n:05d}", "One of many.", column("id", "bigint", "Number."))
            for n in range(wide)]))
    put(cursor, {**OTHERS[0], "status": "retired"}, "li.wei")
    cursor.execute("SELECT dpmeta.set_sunset('old_orders', '2099-03-31')")
    cursor.execute("SELECT dpmeta.report_load('dp:orders', now() - interval '3 hours', 184203,"
                   " 's3://data/orders', 'https://dpia.example.org/42')")
    cursor.execute("SELECT dpmeta.delete_data_product('dp:gone')")
