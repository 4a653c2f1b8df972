"""What each process is told about its surroundings, read from `DROVER_*` environment variables.

One class per process: a process has only the fields it needs, and the supervisor gives it only those.
"""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from drover.platform.log import LogFormat

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_LOCAL_NAMES = ("localhost", "")
_WHAT_TO_DO = (
    "`drover up` sets all of these itself; see docs/self-hosting/install.md for running a part alone."
)


class SettingsError(Exception):
    """Settings are missing or wrong; the message names each and never shows a value."""


def is_loopback(host: str) -> bool:
    """Whether a bind or connect address stays on this machine."""
    if host in _LOCAL_NAMES:
        return host == "localhost"
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _check_database_url(value: SecretStr) -> SecretStr:
    try:
        parts = conninfo_to_dict(value.get_secret_value())
    except ProgrammingError:
        # The driver's message quotes the text it could not read, password and all.
        raise ValueError("is neither a postgresql:// URL nor a libpq connection string") from None
    for host in str(parts.get("host") or "").split(","):
        local = host in _LOCAL_NAMES or host.startswith(("/", "@")) or is_loopback(host)
        if not local and parts.get("sslmode") != "verify-full":
            raise ValueError("goes over the network, so it needs sslmode=verify-full (and sslrootcert)")
    return value


def _check_nats_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.username or parts.password:
        raise ValueError("must not carry credentials: they are settings of their own")
    if parts.scheme not in ("tls", "nats"):
        raise ValueError("must begin with nats:// (this machine only) or tls://")
    if parts.scheme == "nats" and not is_loopback(parts.hostname or ""):
        raise ValueError("goes over the network, so it must begin with tls://")
    return value


def _split_networks(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _check_loopback_networks(value: tuple[IpNetwork, ...]) -> tuple[IpNetwork, ...]:
    if not all(network.is_loopback for network in value):
        raise ValueError("may only name networks inside 127.0.0.0/8 or ::1")
    return value


DatabaseUrl = Annotated[SecretStr, AfterValidator(_check_database_url)]
NatsUrl = Annotated[str, AfterValidator(_check_nats_url)]
LoopbackNetworks = Annotated[
    tuple[IpNetwork, ...],
    NoDecode,
    BeforeValidator(_split_networks),
    AfterValidator(_check_loopback_networks),
]


class ProcessSettings(BaseSettings):
    """What every process may be told."""

    model_config = SettingsConfigDict(
        env_prefix="DROVER_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    log_format: LogFormat = "console"
    allowed_loopback_networks: LoopbackNetworks = Field(
        default=(),
        description="Loopback networks in which devices may live (the demo's); else refused.",
    )


class ServiceSettings(ProcessSettings):
    """What the four services share: their own login to the database and to NATS, nobody else's."""

    database_url: DatabaseUrl
    nats_url: NatsUrl
    nats_user: str
    nats_password: SecretStr
    nats_inbox_prefix: str


class ApiSettings(ServiceSettings):
    auth_database_url: DatabaseUrl
    keyring_dir: Path
    documents_master_key_file: Path
    checkpoint_dir: Path
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=1, le=65535)
    public_url: str
    tls_cert: Path | None = None
    tls_key: Path | None = None
    web_dir: Path | None = Field(default=None, description="The built web app; None: see `find_web_dir`.")

    @model_validator(mode="after")
    def _no_plain_http_on_the_network(self) -> Self:
        check_http_binding(self.http_host, self.tls_cert, self.tls_key)
        return self


class PollerSettings(ServiceSettings):
    keyring_dir: Path
    secrets_master_key_file: Path


class IngestSettings(ServiceSettings):
    pass


class WorkerSettings(ServiceSettings):
    keyring_dir: Path
    secrets_master_key_file: Path
    documents_master_key_file: Path
    checkpoint_dir: Path
    checkpoint_key_file: Path
    public_url: str


class InstallationSettings(ProcessSettings):
    """What the supervisor and `drover migrate` are told; external engines are named here.

    The database is external when all six `*_database_url` are set, NATS when `nats_url` and every
    service's password are; half of either is an error, because the other half would be our own engine.
    """

    state_dir: Path = Path(".drover")
    public_url: str | None = None
    web_dir: Path | None = None

    owner_database_url: DatabaseUrl | None = None
    auth_database_url: DatabaseUrl | None = None
    api_database_url: DatabaseUrl | None = None
    poller_database_url: DatabaseUrl | None = None
    ingest_database_url: DatabaseUrl | None = None
    worker_database_url: DatabaseUrl | None = None

    nats_url: NatsUrl | None = None
    nats_admin_password: SecretStr | None = None
    nats_api_password: SecretStr | None = None
    nats_poller_password: SecretStr | None = None
    nats_ingest_password: SecretStr | None = None
    nats_worker_password: SecretStr | None = None

    @model_validator(mode="after")
    def _external_engines_are_whole(self) -> Self:
        for names in (DATABASE_URL_FIELDS, NATS_FIELDS):
            missing = [f"DROVER_{name.upper()}" for name in names if getattr(self, name) is None]
            if 0 < len(missing) < len(names):
                raise ValueError(f"an external engine is set in part; also needed: {', '.join(missing)}")
        return self


DATABASE_URL_FIELDS = tuple(
    f"{role}_database_url" for role in ("owner", "auth", "api", "poller", "ingest", "worker")
)
NATS_FIELDS = (
    "nats_url",
    *(f"nats_{user}_password" for user in ("admin", "api", "poller", "ingest", "worker")),
)

ServiceName = Literal["api", "poller", "ingest", "worker"]
_S = TypeVar("_S", bound=BaseSettings)


def load_settings(kind: type[_S]) -> _S:
    """Read a process's settings from the environment, or say which are missing or wrong."""
    try:
        return kind()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def check_http_binding(host: str, tls_cert: Path | None, tls_key: Path | None) -> None:
    """Refuse to serve sign-ins in the clear to anything but this machine."""
    if (tls_cert is None) != (tls_key is None):
        raise ValueError("TLS needs both a certificate and its key (--tls-cert and --tls-key)")
    if tls_cert is None and not is_loopback(host):
        raise ValueError(
            f"refusing to listen on {host} without TLS: passwords and sessions would cross the network in the"
            " clear. Give --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that does TLS"
        )


def find_web_dir(configured: Path | None) -> Path | None:
    """The built web app: the configured folder, else the checkout's `web/dist`, else the packaged one."""
    package = Path(__file__).resolve().parents[1]
    candidates = [configured] if configured else [package.parents[1] / "web" / "dist", package / "web_dist"]
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = "DROVER_" + str(problem["loc"][0]).upper() if problem["loc"] else ""
        if problem["type"] == "missing":
            lines.append(f"{name} is not set")
        else:
            lines.append(f"{name} {problem['msg'].removeprefix('Value error, ')}".strip())
    return "Settings are missing or wrong:\n" + "".join(f"  {line}\n" for line in lines) + _WHAT_TO_DO


def minimal_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What a child process may keep of our environment: nothing that could carry a credential."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
    return {name: environ[name] for name in kept if name in environ} | {"PYTHONUNBUFFERED": "1"}
