"""A real OpenID provider on loopback, and tokens that it did not issue.

    def test_it(provider, make_front, cluster):
        front = make_front(cluster, **provider.settings())
        token = provider.token("steward")       # by client credentials
        token = provider.login("steward", redirect_uri)    # as /docs does it
        token = provider.forge(exp=0)           # signed by the provider's key

The program is npm's oidc-provider, fetched on first use.
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import time
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import npm

HOME = os.path.realpath(os.path.join(os.path.dirname(__file__), "../http/oidc"))
AUDIENCE = "api://dpmeta-test"


def b64(data):
    if isinstance(data, str):
        data = data.encode()
    elif not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value, width=None):
    return b64(value.to_bytes(width or (value.bit_length() + 7) // 8, "big"))


class Key:
    """A signing key: RS256 or ES256."""

    def __init__(self, kid, kind="RSA"):
        self.kid = kid
        self.alg = "RS256" if kind == "RSA" else "ES256"
        self.private = (rsa.generate_private_key(65537, 2048) if kind == "RSA"
                        else ec.generate_private_key(ec.SECP256R1()))

    def jwk(self, private=False):
        numbers = self.private.private_numbers()
        out = {"kid": self.kid, "use": "sig", "alg": self.alg}
        if self.alg == "RS256":
            public = numbers.public_numbers
            out.update(kty="RSA", n=_number(public.n), e=_number(public.e))
            if private:
                out.update(d=_number(numbers.d), p=_number(numbers.p), q=_number(numbers.q),
                           dp=_number(numbers.dmp1), dq=_number(numbers.dmq1),
                           qi=_number(numbers.iqmp))
        else:
            public = numbers.public_numbers
            out.update(kty="EC", crv="P-256", x=_number(public.x, 32), y=_number(public.y, 32))
            if private:
                out.update(d=_number(numbers.private_value, 32))
        return out

    def sign(self, data):
        if self.alg == "RS256":
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def public_texts(self):
        """The public key in every spelling that could be taken for a secret."""
        public = self.private.public_key()
        texts = {}
        for form in ("SubjectPublicKeyInfo", "PKCS1"):
            if form == "PKCS1" and self.alg != "RS256":
                continue
            for encoding in ("PEM", "DER"):
                data = public.public_bytes(getattr(serialization.Encoding, encoding),
                                           getattr(serialization.PublicFormat, form))
                texts[f"{encoding} {form}"] = data
                if encoding == "PEM":
                    texts[f"PEM {form}, trimmed"] = data.strip()
                    texts[f"PEM {form}, with NUL"] = data + b"\0"
                    texts[f"PEM {form}, CRLF"] = data.replace(b"\n", b"\r\n")
        texts["JWK"] = json.dumps(self.jwk(), separators=(",", ":")).encode()
        texts["JWK, sorted"] = json.dumps(self.jwk(), sort_keys=True).encode()
        texts["modulus"] = next(iter(self.jwk()[m] for m in ("n", "x") if m in self.jwk())).encode()
        texts["kid"] = self.kid.encode()
        texts["nothing"] = b""
        return texts


def sign_raw(header, payload, signer):
    """A token of any two texts; signer(bytes) -> bytes."""
    text = f"{b64(header)}.{b64(payload)}"
    return f"{text}.{b64(signer(text.encode()))}"


def hs256(secret, header, payload):
    return sign_raw(header, payload, lambda d: hmac.new(secret, d, hashlib.sha256).digest())


class Provider:
    def __init__(self, folder, redirect_uris=None):
        self.folder = folder
        self.redirect_uris = redirect_uris or ["http://127.0.0.1:1/oauth2-redirect"]
        self.keys = [Key("first")]
        self.issuer = None
        self.port = 0
        self.process = None

    def start(self):
        """Serve; at the same port again after stop()."""
        npm.install(HOME)
        options = os.path.join(self.folder, f"provider{id(self)}.json")
        with open(options, "w", encoding="ascii") as out:
            json.dump({"audience": AUDIENCE, "port": self.port, "jwks": self._jwks(),
                       "redirectUris": self.redirect_uris}, out)
        with open(options + ".log", "ab") as log:
            self.process = subprocess.Popen([npm.node(HOME), "provider.mjs", options], cwd=HOME,
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        assert line, open(options + ".log").read()
        self.issuer = json.loads(line)["issuer"]
        self.port = urlsplit(self.issuer).port
        return self

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process.stdout.close()
            self.process = None

    discard = stop

    def freeze(self):
        """Take connections, but answer nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def settings(self, **more):
        return {"DPMETA_AUTH": "on", "DPMETA_OIDC_ISSUER": self.issuer,
                "DPMETA_OIDC_AUDIENCE": AUDIENCE, **more}

    def rotate(self, *keys):
        """Publish these from now on; the first one signs."""
        self.keys = list(keys)
        assert self._call("PUT", "/test/keys", json.dumps(self._jwks()))[0] == 200

    def _jwks(self):
        return {"keys": [key.jwk(private=True) for key in self.keys]}

    def _call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def _post(self, path, form, headers=None):
        return self._call("POST", path, urlencode(form), {
            "Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def token(self, name):
        """An access token for a script: reader, producer, producer2, steward."""
        status, _, body = self._post("/token", {
            "grant_type": "client_credentials", "client_id": name,
            "client_secret": f"{name}-secret", "scope": "dpmeta.read dpmeta.write"})
        assert status == 200, body
        return json.loads(body)["access_token"]

    def login(self, name, redirect_uri=None):
        """A token for a person: authorization code with PKCE, as a browser does."""
        redirect_uri = redirect_uri or self.redirect_uris[0]
        verifier = secrets.token_urlsafe(40)
        query = {"client_id": "docs", "response_type": "code", "redirect_uri": redirect_uri,
                 "scope": "openid dpmeta.read dpmeta.write", "state": "s",
                 "code_challenge_method": "S256",
                 "code_challenge": b64(hashlib.sha256(verifier.encode()).digest())}
        code = self._follow("/auth?" + urlencode(query), name, redirect_uri)
        status, _, body = self._post("/token", {
            "grant_type": "authorization_code", "client_id": "docs", "code": code,
            "redirect_uri": redirect_uri, "code_verifier": verifier})
        assert status == 200, body
        return json.loads(body)

    def _follow(self, path, name, redirect_uri):
        cookies = {}
        form = None
        for _ in range(10):
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
            if form is None:
                status, answer, body = self._call("GET", path, headers=headers)
            else:
                status, answer, body = self._post(path, form, headers)
            for cookie in answer.get_all("Set-Cookie") or []:
                k, v = re.match(r"([^=]+)=([^;]*)", cookie).groups()
                cookies[k] = v
            form = None
            if status == 200:
                assert "<form" in body, body
                form = {"login": name}
                continue
            target = urljoin(self.issuer + path, answer["Location"] or "")
            if target.startswith(redirect_uri):
                return parse_qs(urlsplit(target).query)["code"][0]
            parts = urlsplit(target)
            path = parts.path + ("?" + parts.query if parts.query else "")
        raise AssertionError("the login does not end")

    # What the provider would not issue.

    def claims(self, **changes):
        """The claims of a good token, with changes; None leaves one out."""
        now = int(time.time())
        out = {"iss": self.issuer, "aud": AUDIENCE, "sub": "mallory", "iat": now,
               "exp": now + 600, "roles": ["Data Producer", "Data Steward"],
               "jti": secrets.token_hex(8)}
        out.update(changes)
        return {k: v for k, v in out.items() if v is not None}

    def header(self, **changes):
        out = {"alg": self.keys[0].alg, "kid": self.keys[0].kid, "typ": "at+jwt"}
        out.update(changes)
        return {k: v for k, v in out.items() if v is not None}

    def forge(self, header=None, key=None, **claims):
        """Sign with the provider's key, or another."""
        key = key or self.keys[0]
        return sign_raw(self.header(**(header or {})), self.claims(**claims), key.sign)
