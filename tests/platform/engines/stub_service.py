"""Stands in for a service under the supervisor: answers /healthz as the api does, ends on SIGTERM.

Writes what it was told (its environment) to `<state>/run/<name>.json`, so that tests can see it.
"""

import http.server
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from pathlib import Path


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        pass


def main(name: str) -> None:
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    note = Path("run") / f"{name}.json"
    fresh = note.with_suffix(".new")
    fresh.write_text(json.dumps({"pid": os.getpid(), "env": dict(os.environ)}))
    fresh.rename(note)
    if name == "api":
        address = (os.environ["DROVER_HTTP_HOST"], int(os.environ["DROVER_HTTP_PORT"]))
        server = http.server.ThreadingHTTPServer(address, Health)
        if "DROVER_TLS_CERT" in os.environ:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(os.environ["DROVER_TLS_CERT"], os.environ["DROVER_TLS_KEY"])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    if name == "worker" and Path("run", "start-a-grandchild").exists():
        subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(600)"],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    Path(os.environ["DROVER_READY_FILE"]).touch()
    over.wait()


if __name__ == "__main__":
    main(sys.argv[1])
