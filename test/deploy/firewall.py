"""nginx with ModSecurity and the OWASP core rules, as ingress-nginx runs them.

The controller writes a location's annotations into its configuration in this
order: the snippet, which so has to include modsecurity.conf itself, and then
the core rules.
"""

import glob
import os
import subprocess
import time

from cluster import as_server
from front import Front
from ports import free_port

MODULE = "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so"
# Not Debian's owasp-crs.load, which has a directive that Apache's alone knows.
CORE_RULES = ("/etc/modsecurity/crs/crs-setup.conf", "/usr/share/modsecurity-crs/rules/*.conf")
BASE = "/etc/nginx/modsecurity.conf"


def is_there():
    return all(glob.glob(f) for f in ("/usr/sbin/nginx", MODULE, BASE, *CORE_RULES))


class Firewall(Front):
    """Front's ways to send requests, to nginx before a front."""

    def __init__(self, folder, front, annotations):
        super().__init__("/usr/sbin/nginx", os.path.join(folder, "error.log"))
        self.folder = folder
        self.port = free_port()
        self.configuration = os.path.join(folder, "nginx.conf")
        with open(os.path.join(folder, "rules.conf"), "w", encoding="utf-8") as out:
            out.writelines(f"Include {name}\n" for name in CORE_RULES)
        with open(self.configuration, "w", encoding="utf-8") as out:
            out.write(self._text(front, annotations))

    def _text(self, front, annotations):
        prefix = "nginx.ingress.kubernetes.io/"
        snippet = annotations[prefix + "modsecurity-snippet"].replace(
            "/etc/nginx/modsecurity/modsecurity.conf", BASE)
        # Debian's names of temporary folders and logs are root's.
        snippet += f"SecAuditEngine Off\nSecDebugLogLevel 0\nSecTmpDir {self.folder}\n"
        paths = "\n".join(f"{name}_temp_path {self.folder}/{name};" for name in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return f"""
            load_module {MODULE};
            daemon off;
            pid {self.folder}/nginx.pid;
            error_log {self.log_path} warn;
            events {{ }}
            http {{
                {paths}
                access_log off;
                server {{
                    listen 127.0.0.1:{self.port};
                    client_max_body_size {annotations[prefix + "proxy-body-size"]};
                    location / {{
                        modsecurity on;
                        modsecurity_rules '\n{snippet}';
                        modsecurity_rules_file {self.folder}/rules.conf;
                        proxy_pass http://127.0.0.1:{front.port};
                    }}
                }}
            }}"""

    def start(self):
        self.process = subprocess.Popen(
            as_server(self.binary, "-e", self.log_path, "-c", self.configuration),
            stdin=subprocess.DEVNULL, start_new_session=True)
        limit = time.monotonic() + 180
        while not self._answers(ready=False):
            assert self.process.poll() is None and time.monotonic() < limit, self.log()
            time.sleep(0.05)
        return self
