"""Tokens of a real provider, and tokens of everybody else, over real sockets."""

import base64
import http.server
import json
import os
import socket
import ssl
import subprocess
import threading
import time

import pytest

from gateway import wait_for
from harness import _front_maker
from oidc import AUDIENCE, Key, b64, hs256, sign_raw

PATH = "/v1/data-products/dp:no_such_product"


@pytest.fixture(scope="module")
def auth_front(cluster, shared_provider, front_binary, scratch):
    made = []
    yield _front_maker(front_binary, scratch, made)(cluster, **shared_provider.settings())
    for front in made:
        front.discard()


def get(front, token=None, path=PATH, headers=None):
    headers = dict(headers or {})
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return front.request("GET", path, headers=headers)


def statements(cluster):
    """The time of the front's last statement: it moves when one is run."""
    return cluster.sql("SELECT max(query_start) FROM pg_stat_activity"
                       " WHERE usename = 'dpmeta_front'")


def settled(cluster, front):
    """The same, once no lane is just being made ready."""
    wait_for(lambda: metric(front, 'dpmeta_http_lanes{pool="write",state="down"}') == 0)
    return statements(cluster)


def metric(front, name):
    for line in front.request("GET", "/metrics").body.decode().splitlines():
        if line.startswith(name + " "):
            return float(line.split()[-1])
    raise AssertionError(f"no metric {name}")


def refused(front, reason):
    return metric(front, f'dpmeta_http_tokens_refused_total{{reason="{reason}"}}')


def assert_401(answer, *, challenged=True):
    assert answer.status == 401, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == 401 and answer.json["detail"]
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="dpmeta"')
    assert ('error="invalid_token", error_description="' in challenge) == challenged


# ---- what passes ----

def test_client_credentials_read(auth_front, shared_provider):
    assert get(auth_front, shared_provider.token("reader")).status == 404


def test_authorization_code_with_pkce_reads(auth_front, shared_provider):
    assert get(auth_front, shared_provider.login("reader")["access_token"]).status == 404


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_in_any_case(auth_front, shared_provider, scheme):
    value = f"{scheme} {shared_provider.token('reader')}"
    assert auth_front.request("GET", PATH, headers={"Authorization": value}).status == 404


def test_no_token_needed_for_operators(auth_front):
    for path in ("/health", "/ready", "/metrics"):
        assert auth_front.request("GET", path).status == 200
    assert auth_front.request("GET", "/ready").json["identityProvider"] == "reachable"


def test_roles_are_asked_for_by_name(auth_front, shared_provider):
    document = {"name": "x"}
    answer = auth_front.request("POST", "/v1/data-products", document, {
        "Authorization": f"Bearer {shared_provider.token('reader')}"})
    assert answer.status == 403
    assert '"Data Producer"' in answer.json["detail"]
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    answer = auth_front.request("DELETE", PATH, headers={
        "Authorization": f"Bearer {shared_provider.token('producer')}"})
    assert answer.status == 403
    assert '"Data Steward"' in answer.json["detail"]


def test_the_caller_is_logged(auth_front, shared_provider):
    get(auth_front, shared_provider.login("steward")["access_token"], headers={
        "X-Request-Id": "caller-test"})
    auth_front.wait_for_log('"caller-test"')
    line = next(json.loads(line) for line in auth_front.log().splitlines()
                if '"caller-test"' in line)
    assert line["caller"] == "steward"


def document(name, **changes):
    return {"name": name, "description": "d", "domain": "HQ", "dataProductOwner": "a@b.example",
            "dataProductOwnerDisplayName": "A", "email": "a@b.example", "status": "draft",
            "retentionPeriod": 1, "dpiaRequired": False, **changes}


def post(front, token, body):
    return front.request("POST", "/v1/data-products", body, {"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("flow", ["token", "login"])
def test_the_caller_is_recorded(auth_front, shared_provider, cluster, unique, flow):
    name = unique("recorded")
    token = getattr(shared_provider, flow)("producer")
    token = token if isinstance(token, str) else token["access_token"]
    assert post(auth_front, token, document(name)).status == 201
    assert cluster.sql("SELECT actor FROM dpmeta.events WHERE data_product = %s", (name,)) == [
        ("producer",)]


def test_each_caller_has_its_own_answers(auth_front, shared_provider, unique):
    """A replay is for the caller whose request it repeats, by any of its tokens."""
    body = document(unique("own"))
    first = post(auth_front, shared_provider.token("producer"), body)
    again = post(auth_front, shared_provider.token("producer"), body)
    other = post(auth_front, shared_provider.token("producer2"), body)
    assert (first.status, again.status, other.status) == (201, 201, 409)
    assert again.headers["idempotent-replayed"] == "true"
    assert other.headers["idempotent-replayed"] is None


def test_publishing_takes_a_steward(auth_front, shared_provider, unique):
    """That rule depends on the body, so it is the extension's, by the token's roles."""
    body = document(unique("published"), status="published")
    assert post(auth_front, shared_provider.token("producer"), body).status == 403
    assert post(auth_front, shared_provider.token("steward"), body).status == 201


@pytest.mark.parametrize("header, claims", [
    ({}, {"exp": 4e9 + 0.25, "nbf": 1e9 + 0.5, "iat": 1.5}),
    ({}, {"exp": 1e12}), ({}, {"nonce": "n"}), ({}, {"number": 2 ** 70}),
    # As Keycloak has it: the login's nonce is in the access token, too.
    ({"typ": "JWT"}, {"nonce": "n", "typ": "Bearer", "azp": "app", "scope": "openid"}),
    ({"typ": "JWT"}, {"nonce": "n", "scp": ["a"]}), ({"typ": None}, {}), ({"kid": None}, {}),
], ids=str)
def test_legal_tokens(auth_front, shared_provider, header, claims):
    assert get(auth_front, shared_provider.forge(header, **claims)).status == 404


# ---- what does not ----

def test_without_a_token(auth_front, cluster):
    before = settled(cluster, auth_front)
    assert_401(get(auth_front), challenged=False)
    answer = auth_front.request("GET", PATH, headers={"Authorization": "Basic eDp5"})
    assert_401(answer, challenged=False)
    assert statements(cluster) == before


def test_an_id_token_is_no_access_token(auth_front, shared_provider):
    assert_401(get(auth_front, shared_provider.login("steward")["id_token"]))


def _forged(provider):
    """name -> (reason, token)"""
    key, other, curve = provider.keys[0], Key("first"), Key("first", "EC")
    good = provider.forge()
    header, claims, signature = good.split(".")
    own = {"kty": "RSA", **{k: v for k, v in other.jwk().items() if k in "ne"}}
    out = {
        "another key, the right kid": ("signature", provider.forge(key=other)),
        "no signature": ("signature", f"{header}.{claims}."),
        "truncated": ("signature", good[:-3]),
        "truncated more": ("malformed", good[:len(header) + 20]),
        "18 kB": ("too_long", "A" * 18000),
        "18 kB of claims": ("too_long", provider.forge(junk="x" * 13000)),
        "another's claims": ("signature", f"{header}.{b64(provider.claims())}.{signature}"),
        "issuer": ("issuer", provider.forge(iss="https://evil.example")),
        "issuer with a slash": ("issuer", provider.forge(iss=provider.issuer + "/")),
        "issuer in a list": ("issuer", provider.forge(iss=[provider.issuer])),
        "no issuer": ("issuer", provider.forge(iss=None)),
        "audience": ("audience", provider.forge(aud="api://other")),
        "audience of many others": ("audience", provider.forge(aud=["a", "b"])),
        "audience as a member": ("audience", provider.forge(aud={AUDIENCE: AUDIENCE})),
        "no audience": ("audience", provider.forge(aud=None)),
        "expired": ("expired", provider.forge(exp=int(time.time()) - 61)),
        "exp 0": ("expired", provider.forge(exp=0)),
        "no exp": ("times", provider.forge(exp=None)),
        "exp a string": ("times", provider.forge(exp="9999999999")),
        "exp a fraction of long ago": ("expired", provider.forge(exp=1000000000.5)),
        "exp true": ("times", provider.forge(exp=True)),
        "not yet valid": ("not_yet", provider.forge(nbf=int(time.time()) + 600)),
        "nbf a string": ("times", provider.forge(nbf="0")),
        "issued tomorrow": ("not_yet", provider.forge(iat=int(time.time()) + 86400)),
        "no subject": ("subject", provider.forge(sub=None)),
        "a subject with a line end": ("subject", provider.forge(sub="a\nb")),
        "a subject with a terminal's control": ("subject", provider.forge(sub="a\x9b31mb")),
        "a long subject": ("subject", provider.forge(sub="a" * 256)),
        "a subject with a NUL": ("malformed", provider.forge(sub="a\0b")),
        "nonce": ("id_token", provider.forge({"typ": "JWT"}, nonce="x")),
        "typ ID": ("id_token", provider.forge({"typ": "JWT"}, typ="ID")),
        "at_hash": ("id_token", provider.forge({"typ": None}, at_hash="x", scope="a")),
        "crit": ("critical", provider.forge({"crit": ["exp"]})),
        "b64": ("critical", provider.forge({"b64": False})),
        "typ": ("type", provider.forge({"typ": "secevent+jwt"})),
        "jku": ("foreign_key", provider.forge({"jku": "http://127.0.0.1:1/keys"}, key=other)),
        "jku, well signed": ("foreign_key", provider.forge({"jku": provider.issuer + "/jwks"})),
        "x5u": ("foreign_key", provider.forge({"x5u": "http://127.0.0.1:1/c"}, key=other)),
        "jwk": ("foreign_key", provider.forge({"jwk": own}, key=other)),
        "x5c": ("foreign_key", provider.forge({"x5c": ["MAA="]}, key=other)),
        "kid a number": ("unknown_key", provider.forge({"kid": 7})),
        "no kid, another key": ("unknown_key", provider.forge({"kid": None}, key=other)),
        "kid a path": ("unknown_key", provider.forge({"kid": "../../../dev/null"})),
        "kid SQL": ("unknown_key", provider.forge({"kid": "' OR 1=1 --"})),
        "ES256 under an RSA kid": ("algorithm", provider.forge({"alg": "ES256"}, key=curve)),
        "RS512": ("algorithm", provider.forge({"alg": "RS512"})),
        "PS256": ("algorithm", provider.forge({"alg": "PS256"})),
        "duplicate sub": ("malformed", sign_raw(
            provider.header(), json.dumps(provider.claims())[:-1] + ',"sub":"admin"}', key.sign)),
        "duplicate alg": ("malformed", sign_raw(
            '{"alg":"none",' + json.dumps(provider.header())[1:], provider.claims(), key.sign)),
        "padded": ("malformed", f"{header}=.{claims}.{signature}"),
        "standard base64": ("signature", good[:-4] + "+/+/"),
        "four parts": ("signature", good + ".x"),
        "an encrypted token's five": ("malformed", "a.b.c.d.e"),
        "two in one": ("signature", f"{good}, {good}"),
        "a blank behind the dot": ("malformed", f"{header}. {claims}.{signature}"),
        "deep JSON": ("malformed", sign_raw(provider.header(), "[" * 5000, key.sign)),
        "not UTF-8": ("malformed", sign_raw(provider.header(), b'{"iss":"\xff"}', key.sign)),
    }
    for alg in ("none", "None", "NONE", "nOnE", ""):
        unsigned = f"{b64(provider.header(alg=alg))}.{b64(provider.claims())}."
        out[f'alg "{alg}"'] = ("algorithm", unsigned)
        out[f'alg "{alg}" with a signature'] = ("algorithm", unsigned + signature)
    for name, text in key.public_texts().items():
        out[f"HS256 under {name}"] = ("algorithm", hs256(
            text, provider.header(alg="HS256"), provider.claims()))
        out[f"RS256 by HMAC under {name}"] = ("signature", hs256(
            text, provider.header(), provider.claims()))
    return out


def test_forged_tokens(auth_front, shared_provider, cluster):
    """Every one is 401, with its own reason, and none reaches the database."""
    get(auth_front, shared_provider.token("reader"))
    before = settled(cluster, auth_front)
    forged = _forged(shared_provider)
    assert len(forged) > 70
    for name, (reason, token) in forged.items():
        count = refused(auth_front, reason)
        answer = get(auth_front, token)
        assert answer.status == 401, (name, answer)
        assert_401(answer)
        assert refused(auth_front, reason) == count + 1, (name, answer)
    assert statements(cluster) == before
    get(auth_front, shared_provider.token("reader"))
    assert statements(cluster) > before     # so the measure does measure


def test_writes_with_forged_tokens(auth_front, shared_provider, cluster):
    before = settled(cluster, auth_front)
    for token in (shared_provider.forge(key=Key("first")),
                  shared_provider.forge(aud="x"), shared_provider.forge(exp=1)):
        for method, path in (("POST", "/v1/data-products"), ("PUT", PATH), ("DELETE", PATH)):
            body = None if method == "DELETE" else {"a": "b" * 50000}
            assert_401(auth_front.request(method, path, body, {
                "Authorization": f"Bearer {token}"}))
    assert statements(cluster) == before


@pytest.mark.parametrize("value", [
    "Bearer", "Bearer ", "Bearer .", "Bearer ..", "Bearer\t{}", "Bearer\xa0{}", "Bearer,{}",
    "Bearer {} x", "Bearer x {}", "Bearer Bearer {}", 'Bearer "{}"', "{}", "Token {}"])
def test_odd_headers(auth_front, shared_provider, cluster, value):
    token = shared_provider.token("steward")
    before = settled(cluster, auth_front)
    request = (f"GET {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
               f"Authorization: {value.format(token)}\r\n\r\n")
    assert auth_front.raw(request.encode("latin-1")).startswith(b"HTTP/1.1 401 ")
    assert statements(cluster) == before


@pytest.mark.parametrize("names", [("Authorization", "Authorization"),
                                   ("Authorization", "authorization")])
def test_two_headers(auth_front, shared_provider, cluster, names):
    good, bad = shared_provider.token("steward"), shared_provider.forge(exp=1)
    before = settled(cluster, auth_front)
    for first, second in ((good, good), (good, bad), (bad, good)):
        request = (f"GET {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                   f"{names[0]}: Bearer {first}\r\n{names[1]}: Bearer {second}\r\n\r\n")
        assert auth_front.raw(request.encode()).startswith(b"HTTP/1.1 401 ")
    assert statements(cluster) == before


def test_a_token_in_the_query_is_none(auth_front, shared_provider):
    token = shared_provider.token("steward")
    assert_401(get(auth_front, path=f"{PATH}?access_token={token}"), challenged=False)


def test_no_token_in_log_or_metrics(auth_front, shared_provider):
    tokens = [shared_provider.token("steward"), shared_provider.forge(exp=1)]
    for token in tokens:
        get(auth_front, token)
    get(auth_front, headers={"X-Request-Id": "no-token-test"})
    auth_front.wait_for_log('"no-token-test"')
    shown = auth_front.log() + auth_front.request("GET", "/metrics").body.decode()
    for token in tokens:
        for part in token.split("."):
            assert part not in shown


def test_role_tricks(auth_front, shared_provider):
    """None of these is a steward."""
    for roles in ("Data Steward Data Producer", [["Data Steward"]], {"Data Steward": True},
                  [{"value": "Data Steward"}], ["data steward"], ["Data Steward "],
                  ["Data", "Steward"], True, 1, None):
        token = shared_provider.forge(roles=roles, realm_access={"roles": ["Data Steward"]},
                                      scp="Data Steward", Roles=["Data Steward"])
        answer = auth_front.request("DELETE", PATH, headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 403, (roles, answer)


def test_less_room_for_tokens(cluster, shared_provider, make_front):
    """What has no room is a 431 of libmicrohttpd, and the front serves on."""
    front = make_front(cluster, **shared_provider.settings(DPMETA_TOKEN_ROOM="8kB"))
    assert get(front, shared_provider.token("reader")).status == 404
    assert_401(get(front, "A" * 7000))
    assert get(front, "A" * 60000).status == 431
    assert get(front, shared_provider.token("reader")).status == 404


def test_other_claims_and_names(cluster, shared_provider, make_front):
    front = make_front(cluster, **shared_provider.settings(
        DPMETA_ROLES_CLAIM="realm_access.roles,scope", DPMETA_STEWARD_ROLE="owner",
        DPMETA_PRODUCER_ROLE="dpmeta.write"))

    def delete(**claims):
        return front.request("DELETE", PATH, headers={
            "Authorization": f"Bearer {shared_provider.forge(**claims)}"})

    assert delete(realm_access={"roles": ["owner"]}).status != 403
    assert delete(scope="a owner b").status != 403
    assert '"owner"' in delete(scope="dpmeta.write").json["detail"]
    assert delete(roles=["owner"]).status == 403


# ---- keys come and go ----

def test_rotation_without_restart(cluster, make_provider, make_front):
    provider = make_provider()
    front = make_front(cluster, **provider.settings(DPMETA_KEYS_REFETCH="1s"))
    old = provider.keys[0]
    assert get(front, provider.token("reader")).status == 404
    provider.rotate(Key("second", "EC"), old)
    token = provider.token("reader")
    assert json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["alg"] == "ES256"
    until(front, token, 404)
    assert get(front, provider.forge(key=old, header={"alg": "RS256", "kid": "first"})).status == 404
    provider.rotate(Key("third"))
    until(front, provider.token("reader"), 404)
    assert_401(get(front, token))       # its key is gone, though it was remembered


def test_many_wait_for_one_fetch(cluster, make_provider, make_front):
    provider = make_provider()
    front = make_front(cluster, **provider.settings(DPMETA_KEYS_REFETCH="1s"))
    time.sleep(1.1)
    provider.rotate(Key("second"))
    token = provider.token("reader")
    answers = []
    provider.freeze()
    threads = [threading.Thread(target=lambda: answers.append(get(front, token).status))
               for _ in range(20)]
    for thread in threads:
        thread.start()
    wait_for(lambda: metric(front, "dpmeta_http_connections") == 21)
    assert front.request("GET", "/health").status == 200    # nobody else waits
    assert not answers
    provider.thaw()
    for thread in threads:
        thread.join()
    assert answers == [404] * 20


def test_unknown_kids_fetch_at_a_bounded_rate(cluster, make_provider, make_front):
    provider = make_provider()
    begun = time.monotonic()
    front = make_front(cluster, **provider.settings(DPMETA_KEYS_REFETCH="1s"))
    fetches = f'dpmeta_http_key_fetches_total{{issuer="{provider.issuer}",result="success"}}'

    def many():
        assert_401(get(front, provider.forge({"kid": f"k{time.monotonic()}"})))
        return metric(front, fetches) >= 4

    wait_for(many)
    # Between four are three times that; the first may have been before its answer.
    assert time.monotonic() - begun > 2.9


def test_provider_away_later(cluster, make_provider, make_front):
    provider = make_provider()
    front = make_front(cluster, **provider.settings(DPMETA_KEYS_REFRESH="1s"))
    token, fresh = provider.token("reader"), provider.forge()
    provider.stop()
    wait_for(lambda: "away" in front.request("GET", "/ready").json["identityProvider"])
    ready = front.request("GET", "/ready")
    assert ready.status == 200 and "known keys" in ready.json["identityProvider"]
    assert get(front, token).status == 404
    assert get(front, fresh).status == 404
    front.wait_for_log('"identity-provider"')
    front.wait_for_log("could not fetch")
    provider.start()
    wait_for(lambda: front.request("GET", "/ready").json["identityProvider"] == "reachable")
    assert get(front, provider.token("reader")).status == 404


def test_provider_away_at_start(cluster, make_provider, make_front):
    provider = make_provider()
    token = provider.token("reader")
    provider.stop()
    front = make_front(cluster, ready=False, **provider.settings())
    answer = get(front, token)
    assert answer.status == 503 and answer.headers["Retry-After"]
    assert answer.json["type"].endswith("identity-provider-away")
    assert_401(get(front, provider.forge(exp=1)))
    ready = front.request("GET", "/ready")
    assert ready.status == 503 and "identity provider" in ready.json["detail"]
    provider.start()
    front.wait()
    assert get(front, token).status == 404


@pytest.fixture
def key_list(serve_documents):
    """A provider of documents alone: key_list.issuer, key_list.keys (JWKs; None: silence)."""
    class KeyList:
        keys = []
        asked_at = 0            # when they were last there to be had

        def documents(self, base):
            if self.keys is None:
                return {}
            self.asked_at = time.monotonic()
            return {"/.well-known/openid-configuration": {"issuer": base, "jwks_uri": base + "/k"},
                    "/k": {"keys": self.keys}}

    made = KeyList()
    made.issuer = serve_documents(made.documents)
    return made


def until(front, token, status):
    """The first answer of that status; it does not ask so often that it keeps others busy."""
    def answered():
        answer = get(front, token)
        return answer if answer.status == status else time.sleep(0.1)
    return wait_for(answered)


def listed(key_list, **more):
    return {"DPMETA_AUTH": "on", "DPMETA_OIDC_ISSUER": key_list.issuer,
            "DPMETA_OIDC_AUDIENCE": AUDIENCE, "DPMETA_KEYS_REFRESH": "1s",
            "DPMETA_KEYS_REFETCH": "1s", **more}


@pytest.mark.parametrize("left", [
    [], [{"kty": "oct", "kid": "first", "k": "AAAA"}], [{"kty": "RSA", "kid": "first"}],
    [Key("other").jwk() | {"use": "enc"}], [None, 1, "x", {}],
], ids=["none", "a secret", "half a key", "for encryption", "junk"])
def test_keys_that_are_taken_back(cluster, shared_provider, key_list, make_front, left):
    """Also when nothing of use is left."""
    key_list.keys = [key.jwk() for key in shared_provider.keys]
    front = make_front(cluster, **listed(key_list))
    token = shared_provider.forge(iss=key_list.issuer)
    assert [get(front, token).status for _ in range(2)] == [404, 404]
    key_list.keys = left
    assert_401(until(front, token, 401))
    assert front.request("GET", "/ready").status == 503
    front.wait_for_log("it publishes no RSA")
    key_list.keys = [key.jwk() for key in shared_provider.keys]
    until(front, token, 404)


def test_silence_keeps_keys_not_for_ever(cluster, shared_provider, key_list, make_front):
    key_list.keys = [key.jwk() for key in shared_provider.keys]
    front = make_front(cluster, **listed(key_list, DPMETA_KEYS_MAX_AGE="6s"))
    token = shared_provider.forge(iss=key_list.issuer)
    begun = time.monotonic()
    wait_for(lambda: key_list.asked_at > begun + 7)
    assert get(front, token).status == 404      # it answers: its keys are not old
    key_list.keys = None
    answer = until(front, token, 503)
    assert time.monotonic() - key_list.asked_at > 5.9
    assert answer.json["type"].endswith("identity-provider-away")
    assert front.request("GET", "/ready").status == 503
    front.wait_for_log("none are known")
    key_list.keys = [key.jwk() for key in shared_provider.keys]
    until(front, token, 404)


def test_a_key_without_a_name(cluster, shared_provider, key_list, make_front):
    bare = [{k: v for k, v in key.jwk().items() if k != "kid"} for key in shared_provider.keys]
    key_list.keys = bare
    front = make_front(cluster, **listed(key_list))
    for kid in (None, "first", "other"):
        token = shared_provider.forge({"kid": kid}, iss=key_list.issuer)
        assert get(front, token).status == 404, kid
    assert_401(get(front, shared_provider.forge({"kid": None}, Key("x"), iss=key_list.issuer)))


def test_many_keys(cluster, shared_provider, key_list, make_front):
    """The one that counts is the last of them."""
    curve = Key("many", "EC")
    key_list.keys = [curve.jwk() | {"kid": f"k{n}"} for n in range(300)] + \
        [shared_provider.keys[0].jwk()]
    front = make_front(cluster, **listed(key_list))
    assert get(front, shared_provider.forge(iss=key_list.issuer)).status == 404


def test_proxies_are_the_environments(cluster, make_front):
    """What no_proxy names is reached without one, as the rest is not."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        def serve():
            while True:
                try:
                    sock, _ = server.accept()
                except OSError:
                    return
                with sock:
                    asked.append(sock.recv(1000))

        threading.Thread(target=serve, daemon=True).start()
        proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
        settings = {"DPMETA_AUTH": "on", "DPMETA_OIDC_ISSUER": "https://login.idp.invalid",
                    "DPMETA_OIDC_AUDIENCE": "a", "https_proxy": proxy}
        for no_proxy in ("idp.invalid", "x.invalid,login.idp.invalid", "*"):
            front = make_front(cluster, ready=False, **settings, no_proxy=no_proxy)
            wait_for(lambda: "could not fetch" in front.log())
            assert not asked, no_proxy
        make_front(cluster, ready=False, **settings, no_proxy="idp.example")
        wait_for(lambda: asked)
        assert asked[0].startswith(b"CONNECT login.idp.invalid:443 ")
        server.shutdown(socket.SHUT_RDWR)


def test_it_stops_while_requests_wait_for_keys(cluster, make_provider, make_front):
    provider = make_provider()
    front = make_front(cluster, **provider.settings(DPMETA_KEYS_REFETCH="1s",
                                                    DPMETA_DRAIN_TIMEOUT="1s"))
    time.sleep(1.1)
    provider.freeze()
    answers = []
    token = provider.forge({"kid": "unknown"})
    thread = threading.Thread(target=lambda: answers.append(get(front, token).status))
    thread.start()
    wait_for(lambda: metric(front, "dpmeta_http_connections") == 2)
    assert front.stop() == 0
    thread.join()
    provider.thaw()
    assert answers == [503]


def _certificate(folder):
    """A certificate for localhost, its own authority: (certificate, key) paths."""
    out = os.path.join(folder, "localhost.pem"), os.path.join(folder, "localhost.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-out", out[0], "-keyout", out[1]], check=True, stderr=subprocess.DEVNULL)
    os.chmod(out[0], 0o644)
    return out


def test_provider_by_https(cluster, shared_provider, make_front, serve_documents, scratch):
    """Its certificate is checked, against DPMETA_OIDC_CA_FILE where that is set."""
    certificate, key = _certificate(scratch)
    base = serve_documents(lambda base: {
        "/.well-known/openid-configuration": {"issuer": base, "jwks_uri": base + "/keys"},
        "/keys": {"keys": [key.jwk() for key in shared_provider.keys]},
    }, (certificate, key))
    settings = {"DPMETA_AUTH": "on", "DPMETA_OIDC_ISSUER": base, "DPMETA_OIDC_AUDIENCE": AUDIENCE}
    front = make_front(cluster, DPMETA_OIDC_CA_FILE=certificate, **settings)
    assert get(front, shared_provider.forge(iss=base)).status == 404
    front = make_front(cluster, ready=False, **settings)
    front.wait_for_log("certificate")
    assert front.request("GET", "/ready").status == 503


# ---- Entra ID ----

TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
CLIENT = "11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def azure(shared_provider, cluster, front_binary, scratch, entra_host):
    made = []
    yield _front_maker(front_binary, scratch, made)(
        cluster, DPMETA_AUTH="on", DPMETA_AZURE_TENANT_ID=TENANT,
        DPMETA_AZURE_APP_CLIENT_ID=CLIENT, DPMETA_AZURE_AUTHORITY=entra_host)
    for front in made:
        front.discard()


@pytest.fixture(scope="module")
def serve_documents():
    """serve_documents(lambda base: {path: document}, certificate) -> base URL."""
    servers = []

    def serve(documents, certificate=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                known = documents(base)
                body = json.dumps(known.get(self.path, {})).encode()
                self.send_response(200 if self.path in known else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        base = f"http://127.0.0.1:{server.server_port}"
        if certificate:
            base = f"https://localhost:{server.server_port}"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return base

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def entra_host(shared_provider, serve_documents):
    """Entra ID's two discovery documents, with the provider's keys."""
    return serve_documents(lambda base: {
        f"/{TENANT}/v2.0/.well-known/openid-configuration":
            {"issuer": f"{base}/{TENANT}/v2.0", "jwks_uri": base + "/keys"},
        f"/{TENANT}/.well-known/openid-configuration":
            {"issuer": f"https://sts.windows.net/{TENANT}/", "jwks_uri": base + "/keys"},
        "/keys": {"keys": [key.jwk() for key in shared_provider.keys]},
    })


def test_entra_id_tokens(azure, shared_provider, entra_host):
    v2 = f"{entra_host}/{TENANT}/v2.0"
    v1 = f"https://sts.windows.net/{TENANT}/"
    for iss, aud, more in (
            (v2, CLIENT, {"ver": "2.0", "oid": "o-1", "azp": "x", "scp": "access"}),
            (v1, f"api://{CLIENT}", {"ver": "1.0", "oid": "o-1", "appid": "x", "scp": "access"}),
            (v1, CLIENT, {"ver": "1.0", "oid": "o-1", "appid": "x", "appidacr": "1"}),
            (v2, CLIENT, {"ver": "2.0", "azp": "x", "idtyp": "app"})):
        token = shared_provider.forge(iss=iss, aud=aud, tid=TENANT, **more)
        assert get(azure, token).status == 404, (iss, aud)


def test_national_clouds(cluster, shared_provider, serve_documents, make_front):
    """Whose tokens of version 1 bear another name."""
    host = serve_documents(lambda base: {
        f"/{TENANT}/v2.0/.well-known/openid-configuration":
            {"issuer": f"{base}/{TENANT}/v2.0", "jwks_uri": base + "/keys"},
        f"/{TENANT}/.well-known/openid-configuration":
            {"issuer": f"https://sts.chinacloudapi.cn/{TENANT}/", "jwks_uri": base + "/keys"},
        "/keys": {"keys": [key.jwk() for key in shared_provider.keys]},
    })
    front = make_front(cluster, DPMETA_AUTH="on", DPMETA_AZURE_TENANT_ID=TENANT,
                       DPMETA_AZURE_APP_CLIENT_ID=CLIENT, DPMETA_AZURE_AUTHORITY=host,
                       DPMETA_AZURE_V1_ISSUER="https://sts.chinacloudapi.cn")

    def status(iss):
        return get(front, shared_provider.forge(iss=iss, aud=CLIENT, tid=TENANT, azp="x")).status

    wait_for(lambda: status(f"https://sts.chinacloudapi.cn/{TENANT}/") == 404)
    assert status(f"{host}/{TENANT}/v2.0") == 404
    assert status(f"https://sts.windows.net/{TENANT}/") == 401


def test_entra_id_forgeries(azure, shared_provider, entra_host, cluster):
    good = {"iss": f"{entra_host}/{TENANT}/v2.0", "aud": CLIENT, "tid": TENANT, "oid": "o", "azp": "x"}
    other = "99999999-86f1-41af-91ab-2d7cd011db47"
    before = settled(cluster, azure)
    for reason, change in (
            ("tenant", {"tid": other}), ("tenant", {"tid": None}),
            ("tenant", {"tid": TENANT.upper()}),
            ("issuer", {"iss": f"{entra_host}/{other}/v2.0", "tid": other}),
            ("issuer", {"iss": f"https://sts.windows.net/{other}/", "tid": other}),
            ("issuer", {"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0"}),
            ("audience", {"aud": "00000003-0000-0000-c000-000000000000"}),
            ("audience", {"aud": "api://other"}), ("id_token", {"nonce": "n"}), ("id_token", {"azp": None})):
        count = refused(azure, reason)
        assert_401(get(azure, shared_provider.forge(**{**good, **change})))
        assert refused(azure, reason) == count + 1, change
    assert statements(cluster) == before
    assert get(azure, shared_provider.forge(**good)).status == 404


# ---- settings ----

def test_settings_with_secrets_are_not_shown(cluster, make_front):
    for settings in ({"DPMETA_OIDC_ISSUER": "https://u:hunter2@x.example", "DPMETA_OIDC_AUDIENCE": "a"},
                     {"DPMETA_AZURE_TENANT_ID": TENANT, "DPMETA_AZURE_APP_CLIENT_ID": CLIENT,
                      "DPMETA_AZURE_AUTHORITY": "https://u:hunter2@x.example"}):
        front = make_front(cluster, wait=False, DPMETA_AUTH="on", **settings)
        assert front.process.wait(10) != 0
        front.wait_for_log("holds a user name")
        assert "hunter2" not in front.log()


@pytest.mark.parametrize("settings, said", [
    ({}, "DPMETA_AUTH=off"),
    ({"DPMETA_OIDC_ISSUER": "https://x.example"}, "DPMETA_OIDC_AUDIENCE"),
    ({"DPMETA_OIDC_ISSUER": "http://x.example", "DPMETA_OIDC_AUDIENCE": "a"},
     "neither https nor http on loopback"),
    ({"DPMETA_AZURE_TENANT_ID": "common", "DPMETA_AZURE_APP_CLIENT_ID": CLIENT}, "common"),
    ({"DPMETA_AZURE_TENANT_ID": TENANT, "DPMETA_AZURE_APP_CLIENT_ID": CLIENT,
      "DPMETA_AZURE_AUTHORITY": "http://x.example"}, "DPMETA_AZURE_AUTHORITY"),
    ({"DPMETA_OIDC_ISSUER": "https://x.example", "DPMETA_OIDC_AUDIENCE": "a",
      "DPMETA_TOKEN_LEEWAY": "301s"}, "DPMETA_TOKEN_LEEWAY"),
])
def test_bad_settings_stop_the_start(cluster, make_front, settings, said):
    front = make_front(cluster, wait=False, DPMETA_AUTH="on", **settings)
    assert front.process.wait(10) != 0
    front.wait_for_log(said)
