"""Random requests of every size and shape, for whoever reads heads.

A Shape is made from a seed alone, so that a run can be repeated.  It says what
may be asked of the answers: whether the client is an honest one, who must get
an answer to each request.
"""

import random
import string

LETTERS = string.ascii_letters + string.digits
METHODS = ["GET"] * 6 + ["HEAD", "OPTIONS", "DELETE", "TRACE", "get", "PATCH"]
PATHS = ["/health", "/ready", "/docs", "/metrics", "/openapi.json", "/v1/data-products",
         "/v1/data-products/dp:none", "/v1/schemas/dp:none:t", "/nothing", "*", "//", ""]
JUNK = ["", ":", ": x", "X y: z", "X", " folded", "\tfolded", "X: a\0b", "X-\0: a", "é: é",
        "Host: a b", "Host: other", "Content-Length: x", "Content-Length: 99999999999999999999",
        "Transfer-Encoding: gzip", "Expect: 100-continue", "Connection: close", "X: a\rb",
        "Content-Length: 1x", "Content-Length:", "Content-Length: -1"]
# What our documentation promises an answer to.
HONEST_HEAD, HONEST_PARTS, HONEST_PATH, HONEST_PIECES = 8192, 128, 4096, 48


class Shape:
    def __init__(self, seed, long_tokens=False):
        """long_tokens: the front has memory for them."""
        self.longest_token = 60000 if long_tokens else 300
        self.random = random.Random(seed)
        honest = self.random.random() < 0.5
        count = self.random.choice([1, 1, 1, 2, 5, 40])
        parts = []
        for n in range(count):
            # A bad request mostly comes behind and before good ones.
            self.honest = honest or (count > 1 and self.random.random() < 0.6)
            parts.append(self._request(last=n == count - 1))
        self.honest = honest
        self.data = b"".join(parts)
        self.count = count
        self.half_close = self.random.random() < 0.5
        # The rest comes later, as a slow network has it.
        self.cut_at = self.random.randrange(len(self.data) + 1) \
            if self.random.random() < 0.3 else len(self.data)

    def _size(self, most):
        """Small as often as large, and as often at an edge."""
        pick = self.random.random()
        if pick < 0.3:
            return self.random.randrange(most + 1)
        if pick < 0.9:
            return min(most, int(2 ** self.random.uniform(0, 17)))
        return most

    def _text(self, size):
        return (self.random.choice(LETTERS) * size if self.random.random() < 0.5 else
                "".join(self.random.choices(LETTERS, k=size)))

    def _query(self):
        most = 1000 if self.honest else 12000
        kind = self.random.randrange(4)
        if kind == 0:
            return ""
        if kind == 1:
            return "?limit=1&q=" + self._text(self._size(most))
        piece = self.random.choice(["&", "a&", "a=b&", "=&", "%41=%42&", "!!!=+++&"])
        count = self._size(HONEST_PIECES - 1 if self.honest else 4000)
        return "?" + piece * min(count, 4000 // len(piece) if self.honest else count)

    def _cookies(self, budget, parts):
        if self.honest:
            count = self.random.randrange(max(min(parts, budget // 12), 0) + 1)
            size = max(budget // max(count, 1) - 12, 1)
            return "; ".join(f"c{n}=" + self._text(self.random.randrange(size))
                             for n in range(count))
        return self.random.choice([
            "s=" + self._text(self._size(70000)), ";" * self._size(20000),
            "a;" * self._size(10000), "a=b; " * self._size(8000), '="' * self._size(5000),
            '"' + self._text(self._size(3000)), "a=b," * self._size(3000)])

    def _fields(self, budget, parts):
        lines = ["Host: x"]
        if self.random.random() < 0.3:
            longest = self.longest_token if self.honest else 70000
            lines.append("Authorization: Bearer " + self._text(self._size(longest)))
        if self.random.random() < 0.6:
            cookie = self._cookies(budget // 2, parts // 2)
            lines.append("Cookie: " + cookie)
            parts -= cookie.count("=") + 1
            budget -= len(cookie)
        if self.random.random() < 0.5:
            lines.append("Accept-Encoding: gzip")
        if self.random.random() < 0.6:
            count = self.random.randrange(max(min(parts - 6, 120, budget // 40), 1)) \
                if self.honest else self._size(3000)
            size = max((budget // 2) // max(count, 1) - 16, 1) if self.honest else \
                self._size(70000) // max(count, 1)
            lines += [f"X-{n}: {self._text(self.random.randrange(size + 1))}"
                      for n in range(count)]
        if not self.honest:
            if self.random.random() < 0.1:
                lines.remove("Host: x")
            if self.random.random() < 0.1:
                lines.append("X" * self._size(70000) + ": y")
            for _ in range(self.random.choice([0, 0, 1, 3])):
                lines.insert(self.random.randrange(len(lines) + 1), self.random.choice(JUNK))
        return lines

    def _chunks(self):
        if self.honest:
            return b"".join(b"%x\r\n%s\r\n" % (len(c), c)
                            for c in [b'{"a":', b"1" * self.random.randint(1, 9000), b"}"]) \
                + b"0\r\n\r\n"
        return self.random.choice([
            b"0" * self._size(60000), b"5\r\nabc", b"zz\r\n", b"1;" + b"x" * self._size(60000),
            b"1\r\n1\r\n" * self._size(3000) + b"0\r\n\r\n",
            b"0\r\n" + b"A: b\r\n" * self._size(9000) + b"\r\n",
            b"f" * 17 + b"\r\n", b"2\r\n{}x\r\n0\r\n\r\n"])

    def _body(self, lines):
        kind = self.random.randrange(3)
        lines.append("Content-Type: application/json")
        if kind == 0:
            lines.append("Transfer-Encoding: chunked")
            return self._chunks()
        body = b'{"a": "' + b"b" * self._size(50000) + b'"}'
        wrong = 0 if self.honest else self.random.choice([0, 0, 1, -1])
        lines.append(f"Content-Length: {len(body) + wrong}")
        return body

    def _request(self, last):
        query = self._query()
        method, path = self.random.choice(METHODS), self.random.choice(PATHS[:9])
        if not self.honest:
            path = self.random.choice(PATHS + ["/" + self._text(self._size(90000))])
        budget = HONEST_HEAD - len(query) - 600
        lines = self._fields(budget, HONEST_PARTS - query.count("&") - 12)
        body = b""
        if self.random.random() < 0.3:
            method = "POST"
            body = self._body(lines)
        if last:
            lines.append("Connection: close")
        version = "HTTP/1.1" if self.honest else self.random.choice(
            ["HTTP/1.1"] * 8 + ["HTTP/1.0", "HTTP/2.0", "", "x"])
        self.random.shuffle(lines) if self.honest else None
        head = f"{method} {path}{query} {version}\r\n" + "".join(f"{x}\r\n" for x in lines)
        return head.encode("latin-1") + b"\r\n" + body
