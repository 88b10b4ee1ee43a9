"""The least that is an OpenID provider: a key set, and tokens by openssl."""

import base64
import http.server
import json
import re
import subprocess
import threading
import time


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    def __init__(self, scratch):
        self.key = f"{scratch}/issuer.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True,
                       stderr=subprocess.DEVNULL)
        modulus = subprocess.check_output(
            ["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], text=True)
        self.modulus = bytes.fromhex(re.search("=([0-9A-F]+)", modulus).group(1))
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(issuer.document(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()

    def document(self, path):
        if path == "/keys":
            return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1",
                              "n": base64url(self.modulus), "e": "AQAB"}]}
        return {"issuer": self.url, "jwks_uri": self.url + "/keys",
                "authorization_endpoint": self.url + "/authorize",
                "token_endpoint": self.url + "/token",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"]}

    def token(self, audience):
        now = int(time.time())
        parts = [{"alg": "RS256", "kid": "1", "typ": "JWT"},
                 {"iss": self.url, "aud": audience, "sub": "bench", "iat": now,
                  "nbf": now, "exp": now + 3600, "roles": ["Data Producer"]}]
        text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(),
            stdout=subprocess.PIPE, check=True).stdout
        return f"{text}.{base64url(signature)}"
