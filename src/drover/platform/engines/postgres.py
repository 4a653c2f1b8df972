"""The embedded PostgreSQL: made, started and stopped under our own rules.

Everyone signs in with a password (scram), over a Unix socket in a 0700 folder, and nothing listens
on the network. The wheel's own manager, which trusts everybody, is never imported.
"""

import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from drover.platform.engines.account import EngineAccount
from drover.platform.engines.binaries import postgres_bin
from drover.platform.engines.errors import EngineError
from drover.platform.engines.process import ChildProcess, ChildSpec, StopStep, stop_orphans
from drover.platform.engines.state import DATABASE_ROLES, SUPERUSER, socket_folder, socket_path, write_private

DATABASE = "drover"
_PORT = 5432  # names the socket's file; nothing listens on TCP
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_INITDB_TIMEOUT_S = 120.0
# Recovery after a crash replays at most max_wal_size; slow disks need minutes.
_READY_TIMEOUT_S = 600.0
# SIGINT: fast shutdown (open transactions are rolled back); SIGQUIT: at once, recovery at the next start.
_STOP_STEPS = (StopStep(signal.SIGINT, 60.0), StopStep(signal.SIGQUIT, 10.0))

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "160",
    "shared_buffers": "256MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_locks_per_transaction": "1024",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_checkpoints": "off",
    # What a statement or a failing row contains is a tenant's: names and codes only.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

# For tests only: a power cut would lose data.
_FAST_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
}


class EmbeddedPostgres:
    """One PostgreSQL server in `data/pg`.

    `start` makes the database when there is none, recovers it after a crash, and brings roles,
    passwords and rights up to date. `durable=False` is for tests.
    """

    def __init__(
        self,
        data: Path,
        account: EngineAccount,
        passwords: Mapping[str, SecretStr],
        log: Path,
        *,
        durable: bool = True,
    ) -> None:
        self._data = data
        self._cluster = data / "pg"
        self._account = account
        self._passwords = passwords
        self._log = log
        self._durable = durable
        self._socket = socket_path(data, account)
        self._child: ChildProcess | None = None

    @property
    def socket(self) -> Path:
        """The 0700 folder of the server's socket."""
        return self._socket

    @property
    def child(self) -> ChildProcess | None:
        return self._child

    def dsn(self, role: str, dbname: str = DATABASE) -> SecretStr:
        """How a role connects; holds the role's password."""
        return SecretStr(
            make_conninfo(
                host=str(self._socket),
                port=_PORT,
                dbname=dbname,
                user=role,
                password=self._passwords[role].get_secret_value(),
            )
        )

    async def start(self) -> None:
        programs = await asyncio.to_thread(postgres_bin, self._account, self._data / "bin")
        if not (self._cluster / "PG_VERSION").exists():
            await self._make_cluster(programs)
        await self._stop_orphan()
        self._socket = socket_folder(self._data, self._account)
        self._configure()
        self._child = await ChildProcess.start(
            ChildSpec(
                name="postgres",
                command=[str(programs / "postgres"), "-D", str(self._cluster)],
                env=_ENVIRONMENT,
                cwd=self._cluster,
                output=self._log,
                # The kernel sends this when the supervisor is killed: a fast, clean shutdown.
                death_signal=signal.SIGINT,
                stop_steps=_STOP_STEPS[:1],
                hurry_signal=signal.SIGQUIT,
                account=self._account,
            )
        )
        await self._wait_until_ready(self._child)
        try:
            await asyncio.to_thread(self._bootstrap)
        except psycopg.Error as error:
            reason = error.diag.message_primary or str(error)
            raise EngineError(f"the database's roles could not be prepared: {reason}") from error

    async def stop(self, hurry: asyncio.Event | None = None) -> None:
        if self._child is not None:
            await self._child.stop(hurry)

    async def _make_cluster(self, programs: Path) -> None:
        # Made beside its place and moved there when whole, so that a kill here leaves no half database.
        fresh = self._data / "pg.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        self._account.own_folder(fresh)
        password_file = self._data / "pg-run" / "initdb.password"
        write_private(password_file, self._passwords[SUPERUSER].get_secret_value() + "\n")
        self._give(password_file)
        child = await ChildProcess.start(
            ChildSpec(
                name="initdb",
                command=[
                    *(str(programs / "initdb"), "-D", str(fresh), "--username", SUPERUSER),
                    *("--auth=scram-sha-256", f"--pwfile={password_file}"),
                    # The built-in provider sorts the same on every system, whatever its C library.
                    *(
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                    ),
                    *(() if self._durable else ("--no-sync",)),
                ],
                env=_ENVIRONMENT,
                cwd=fresh,
                output=self._log,
                death_signal=signal.SIGKILL,
                stop_steps=(StopStep(signal.SIGTERM, 10.0),),
                account=self._account,
            )
        )
        try:
            status = await asyncio.wait_for(child.wait(), _INITDB_TIMEOUT_S)
        except TimeoutError:
            raise EngineError(f"initdb did not end in {_INITDB_TIMEOUT_S:.0f} s; see {self._log}") from None
        finally:
            await child.stop()
            password_file.unlink()
        if status != 0:
            raise EngineError(f"initdb failed; see {self._log}:\n{child.log_tail()}")
        fresh.rename(self._cluster)

    async def _stop_orphan(self) -> None:
        pid_file = self._cluster / "postmaster.pid"
        main_pid = _postmaster_pid(pid_file)
        # SIGTERM would wait for clients; the killed supervisor's clients may be anywhere.
        await stop_orphans("postgres", self._cluster, main_pid, _STOP_STEPS)
        if sys.platform == "linux":  # else we can't tell, and PostgreSQL must decide for itself
            # None of ours runs now. A file left behind names a number that may by now be another
            # program's (always so in a restarted container), and PostgreSQL would refuse to start.
            pid_file.unlink(missing_ok=True)

    def _configure(self) -> None:
        settings = dict(_SETTINGS) | ({} if self._durable else dict(_FAST_SETTINGS))
        settings["unix_socket_directories"] = '"' + str(self._socket).replace('"', '""') + '"'
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        self._write(
            "postgresql.conf", "# Written by Drover at every start: edits are lost.\n" + "".join(lines)
        )
        self._write("pg_hba.conf", "# Written by Drover at every start.\nlocal all all scram-sha-256\n")

    def _write(self, name: str, content: str) -> None:
        path = self._cluster / name
        write_private(path, content)
        self._give(path)

    def _give(self, path: Path) -> None:
        if self._account.drops:
            shutil.chown(path, self._account.uid, self._account.gid)

    async def _wait_until_ready(self, child: ChildProcess) -> None:
        deadline = time.monotonic() + _READY_TIMEOUT_S
        pid_file = self._cluster / "postmaster.pid"
        while time.monotonic() < deadline:
            if child.returncode is not None:
                raise EngineError(f"PostgreSQL did not start; see {self._log}:\n{child.log_tail()}")
            if _status(pid_file) == "ready":
                return
            await asyncio.sleep(0.02)
        await child.stop()
        raise EngineError(f"PostgreSQL was not ready in {_READY_TIMEOUT_S:.0f} s; see {self._log}")

    def _bootstrap(self) -> None:
        script = resources.files("drover.platform.engines").joinpath("bootstrap.sql").read_text()
        with self._as_superuser("postgres", autocommit=True) as conn:
            found = conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                conn.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(DATABASE))
                )
            for other in ("postgres", "template1"):
                conn.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(other)))
        with self._as_superuser(DATABASE) as conn:
            conn.execute(script.encode())
            for role in DATABASE_ROLES:
                self._set_password(conn, role)

    def _as_superuser(self, dbname: str, *, autocommit: bool = False) -> psycopg.Connection:
        return psycopg.connect(
            self.dsn(SUPERUSER, dbname).get_secret_value(),
            autocommit=autocommit,
            connect_timeout=10,
            options="-c lock_timeout=10s -c statement_timeout=60s",
        )

    def _set_password(self, conn: psycopg.Connection, role: str) -> None:
        # Hashed here, so that the password itself is in no statement, log or activity view.
        password = self._passwords[role].get_secret_value().encode()
        verifier = conn.pgconn.encrypt_password(password, role.encode(), b"scram-sha-256").decode()
        conn.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _postmaster_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _status(pid_file: Path) -> str:
    """The eighth line of the pid file: starting, stopping, ready or standby."""
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""
