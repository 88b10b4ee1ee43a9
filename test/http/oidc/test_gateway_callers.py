"""Rate limits by caller, and what a token's refusal counts for."""

from gateway import metric, metrics, wait_for

PATH = "/v1/data-products/dp:no_such_product"


def get(front, token):
    return front.request("GET", PATH, headers={"Authorization": f"Bearer {token}"})


def test_limit_of_a_caller(cluster, shared_provider, make_front):
    front = make_front(cluster, DPMETA_RATE_LIMIT="3/h", **shared_provider.settings())
    one, two = shared_provider.token("reader"), shared_provider.token("producer")
    wait_for(lambda: front.request("GET", "/ready").status == 200)
    # Two processes' worth of tokens, one caller.
    again = shared_provider.token("reader")
    answers = [get(front, token) for token in (one, again, one, again)]
    assert [a.status for a in answers] == [404, 404, 404, 429]
    assert answers[0].headers["RateLimit"].startswith('"caller";r=2;')
    assert "this caller" in answers[3].json["detail"]
    assert get(front, two).status == 404
    # Tokens that are refused count for the address that they come from.
    answers = [get(front, f"{one}x") for _ in range(4)]
    assert [a.status for a in answers] == [401, 401, 401, 429]
    assert answers[0].headers["RateLimit"].startswith('"address";')
    assert answers[3].headers["WWW-Authenticate"] is None
    # Which does not harm those who have good ones.
    assert get(front, two).status == 404
    text = metrics(front)
    assert metric(text, "dpmeta_http_rate_limited_total", by="caller") == 1
    assert metric(text, "dpmeta_http_rate_limited_total", by="address") == 1


def test_preflight_needs_no_token(cluster, shared_provider, make_front):
    origin = "https://app.example.org"
    front = make_front(cluster, DPMETA_CORS_ORIGINS=origin, **shared_provider.settings())
    answer = front.request("OPTIONS", PATH, headers={
        "Origin": origin, "Access-Control-Request-Method": "DELETE"})
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    # A page must be able to see that it has to log in.
    answer = front.request("GET", PATH, headers={"Origin": origin})
    assert answer.status == 401
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]
