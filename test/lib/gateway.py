"""Certificates, https and metrics, for the tests of the front as a gateway."""

import http.client
import re
import ssl
import subprocess
import time

from front import Answer


def make_certificate(folder, name="localhost", stem="server"):
    """Files of a self-signed certificate and its key; (certificate, key)."""
    certificate, key = f"{folder}/{stem}.crt", f"{folder}/{stem}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", key, "-out", certificate,
         "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1"],
        check=True, stderr=subprocess.PIPE)
    subprocess.run(["chmod", "644", certificate, key], check=True)
    return certificate, key


def trusting(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificate)
    return context


def https_connection(front, context, timeout=180):
    return http.client.HTTPSConnection("127.0.0.1", front.port, timeout=timeout,
                                       context=context)


def https(front, context, method, path, body=None, headers=None):
    connection = https_connection(front, context)
    try:
        connection.request(method, path, body, headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def wait_for(holds, seconds=180):
    """Until it holds; what it was then."""
    limit = time.monotonic() + seconds
    while True:
        value = holds()
        if value:
            return value
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.02)


def metric(text, name, **labels):
    """The value of one metric in a /metrics text, 0 when it is not there."""
    for line in text.splitlines():
        found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
        if found and found[1] == name:
            has = dict(re.findall(r'(\w+)="([^"]*)"', found[2] or ""))
            if labels.items() <= has.items():
                return float(found[3])
    return 0.0


def metrics(front):
    answer = front.request("GET", "/metrics")
    assert answer.status == 200
    return answer.body.decode()
