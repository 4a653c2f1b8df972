"""What each service is told: its own environment, with its own credentials and nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from drover.platform.engines.engine_set import EngineSet
from drover.platform.engines.state import StateFolder
from drover.platform.settings import InstallationSettings, ServiceName, minimal_environment

SERVICES: tuple[ServiceName, ...] = ("api", "poller", "ingest", "worker")


@dataclass(frozen=True)
class Listening:
    """Where the API listens and how it is reached."""

    host: str
    port: int
    public_url: str
    tls_cert: Path | None = None
    tls_key: Path | None = None


def service_environment(
    service: ServiceName,
    *,
    installation: InstallationSettings,
    state: StateFolder,
    engines: EngineSet,
    listening: Listening,
    environ: Mapping[str, str],
) -> dict[str, str]:
    """The whole environment of one service's process."""
    login = engines.nats_login(service)
    env = minimal_environment(environ) | {
        "DROVER_LOG_FORMAT": installation.log_format,
        "DROVER_DATABASE_URL": engines.dsn(service).get_secret_value(),
        "DROVER_NATS_URL": login.url,
        "DROVER_NATS_USER": login.user,
        "DROVER_NATS_PASSWORD": login.password.get_secret_value(),
        "DROVER_NATS_INBOX_PREFIX": login.inbox_prefix,
    }
    secrets_key = {"DROVER_SECRETS_MASTER_KEY_FILE": str(state.secrets_master_key)}
    documents_key = {"DROVER_DOCUMENTS_MASTER_KEY_FILE": str(state.documents_master_key)}
    keyring = {"DROVER_KEYRING_DIR": str(state.keyring)}
    networks = {
        "DROVER_ALLOWED_LOOPBACK_NETWORKS": ",".join(map(str, installation.allowed_loopback_networks))
    }
    checkpoint_dir = {"DROVER_CHECKPOINT_DIR": str(state.checkpoints)}
    if service == "api":
        return (
            env
            | keyring
            | documents_key
            | checkpoint_dir
            | networks
            | _api_environment(installation, engines, listening)
        )
    if service == "poller":
        return env | keyring | secrets_key | networks
    if service == "worker":
        checkpoints = checkpoint_dir | {"DROVER_CHECKPOINT_KEY_FILE": str(state.checkpoint_key)}
        public_url = {"DROVER_PUBLIC_URL": listening.public_url}
        return env | keyring | secrets_key | documents_key | checkpoints | networks | public_url
    return env


def _api_environment(
    installation: InstallationSettings, engines: EngineSet, listening: Listening
) -> dict[str, str]:
    env = {
        "DROVER_AUTH_DATABASE_URL": engines.dsn("auth").get_secret_value(),
        "DROVER_HTTP_HOST": listening.host,
        "DROVER_HTTP_PORT": str(listening.port),
        "DROVER_PUBLIC_URL": listening.public_url,
    }
    optional = {
        "DROVER_TLS_CERT": listening.tls_cert,
        "DROVER_TLS_KEY": listening.tls_key,
        "DROVER_WEB_DIR": installation.web_dir,
    }
    return env | {name: str(path.resolve()) for name, path in optional.items() if path is not None}
