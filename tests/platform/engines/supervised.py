"""Runs the supervisor over stub services, as `drover up` runs it over the real ones.

Prints one line of JSON when everything is ready. Environment and exit status are those of `drover up`.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from drover.entrypoints.http_port import PortTakenError
from drover.entrypoints.migrate import MigrationError
from drover.entrypoints.supervisor import Binding, Supervisor
from drover.entrypoints.up import supervise
from drover.platform.engines.errors import EngineError
from drover.platform.log import configure_logging
from drover.platform.settings import InstallationSettings, ServiceName, SettingsError, load_settings

STUB = Path(__file__).with_name("stub_service.py")


def stub_command(service: ServiceName) -> list[str]:
    return [sys.executable, str(STUB), service]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int)
    parser.add_argument("--tls-cert", type=Path)
    parser.add_argument("--tls-key", type=Path)
    options = parser.parse_args()
    configure_logging("json", "up")
    try:
        supervisor = Supervisor(
            load_settings(InstallationSettings),
            Binding(options.host, options.port, options.tls_cert, options.tls_key),
            command=stub_command,
            durable=False,
        )

        def on_ready() -> None:
            engines = supervisor.engines
            ready = {
                "url": supervisor.url,
                "port": supervisor.port,
                "owner": engines.dsn("owner").get_secret_value(),
                "pids": {name: engine.child.pid for name, engine in engines.embedded.items() if engine.child},
            }
            print(json.dumps(ready), flush=True)

        return asyncio.run(supervise(supervisor, on_ready))
    except (SettingsError, EngineError, MigrationError, PortTakenError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
