"""Taking a router's configuration over SSH."""

from __future__ import annotations

from drover.gateway import service
from drover.gateway.contracts import DeviceTarget, Egress
from drover.gateway.errors import translate
from routeros.errors import RouterOSError
from routeros.ssh import export_config
from routeros.version import RouterOSVersion

EXPORT_TIMEOUT_S = 60.0


async def capture_export(
    target: DeviceTarget, egress: Egress, version: str, *, timeout_s: float = EXPORT_TIMEOUT_S
) -> str:
    """The whole configuration as the router printed it, secrets included, proven complete.

    Characters that are not UTF-8 are kept reversibly (surrogateescape). `version` is the device's, e.g. `7.18.2`.
    """
    session = await service.open_ssh(target, egress)
    try:
        return await export_config(session, RouterOSVersion.parse(version), timeout_s=timeout_s)
    except RouterOSError as error:
        raise translate(error, "ssh") from error
    finally:
        await session.close()
