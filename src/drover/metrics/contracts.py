"""The telemetry message: what pollers publish on `t.<tenant>.telemetry` and ingest reads.

One message carries one or more results of one tenant. The tenant is the subject's, never the body's. Version 1 is JSON:
`{"v": 1, "results": [...]}`; an interface or a client is an array in the order of its class's fields, since these make up
nearly all of the bytes. A body that does not fit is refused whole (MalformedTelemetryError).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, TypeVar, get_args, get_type_hints

import orjson

from drover.metrics.errors import MalformedTelemetryError

VERSION = 1
MAX_RESULTS = 128


@dataclass(slots=True)
class InterfaceSample:
    """Rates are averages since the result before, errors and drops counts since then; None when that can't be told."""

    name: str
    type: str | None
    mac_address: str | None
    comment: str | None
    running: bool | None
    disabled: bool | None
    rate_bps: int | None
    link_downs: int | None
    rx_bps: float | None
    tx_bps: float | None
    rx_pps: float | None
    tx_pps: float | None
    rx_errors: int | None
    tx_errors: int | None
    rx_drops: int | None
    tx_drops: int | None


@dataclass(slots=True)
class WirelessSample:
    """One wireless client."""

    interface: str
    mac_address: str
    ssid: str | None
    signal_dbm: int | None
    snr_db: int | None
    ccq_percent: int | None
    tx_rate_bps: int | None
    rx_rate_bps: int | None
    uptime_s: int | None
    host_name: str | None


@dataclass(slots=True)
class DeviceSample:
    """The device's own values. `clients` is None without a radio; rates are sums over physical interfaces."""

    cpu_percent: float | None = None
    memory_percent: float | None = None
    disk_percent: float | None = None
    temperature_c: float | None = None
    voltage_v: float | None = None
    uptime_s: int | None = None
    rtt_ms: float | None = None
    clients: int | None = None
    rx_bps: float | None = None
    tx_bps: float | None = None


@dataclass(slots=True)
class DeviceFacts:
    """What a device is, when the poll read it; None leaves what is known."""

    identity: str | None = None
    model: str | None = None
    board_name: str | None = None
    serial: str | None = None
    version: str | None = None
    architecture: str | None = None
    firmware: str | None = None
    memory_total_bytes: int | None = None
    disk_total_bytes: int | None = None


@dataclass(slots=True)
class PollFailure:
    """Why a poll gave nothing; `code` as in gateway.errors."""

    code: str
    message: str


@dataclass(slots=True)
class PollResult:
    """One poll of one device: `sample` or `failure`, never both.

    `interfaces` and `wireless` are None when they could not be read, `[]` when there are none. `rates_known` tells that
    `rate_bps` of the interfaces was read this time. `at` is aware UTC.
    """

    device_id: int
    at: datetime
    interval_s: int
    sample: DeviceSample | None = None
    failure: PollFailure | None = None
    interfaces: list[InterfaceSample] | None = None
    wireless: list[WirelessSample] | None = None
    rates_known: bool = False
    facts: DeviceFacts | None = None
    capabilities: dict[str, str] | None = None


_Record = TypeVar("_Record", InterfaceSample, WirelessSample, DeviceSample, DeviceFacts, PollFailure)
_INTERFACE_FIELDS = attrgetter(*(field.name for field in fields(InterfaceSample)))
_WIRELESS_FIELDS = attrgetter(*(field.name for field in fields(WirelessSample)))


def encode_result(result: PollResult) -> bytes:
    """One result as JSON; `encode_message` puts several into one message without encoding them again."""
    body: dict[str, Any] = {
        "device_id": result.device_id,
        "at": result.at.timestamp(),
        "interval_s": result.interval_s,
    }
    if result.sample is not None:
        body["sample"] = _as_dict(result.sample)
    if result.failure is not None:
        body["failure"] = _as_dict(result.failure)
    if result.interfaces is not None:
        body["interfaces"] = [_INTERFACE_FIELDS(one) for one in result.interfaces]
    if result.wireless is not None:
        body["wireless"] = [_WIRELESS_FIELDS(one) for one in result.wireless]
    if result.rates_known:
        body["rates_known"] = True
    if result.facts is not None:
        body["facts"] = _as_dict(result.facts)
    if result.capabilities is not None:
        body["capabilities"] = result.capabilities
    return orjson.dumps(body)


def _as_dict(record: DeviceSample | PollFailure | DeviceFacts) -> dict[str, Any]:
    """`asdict` without its copying of every value, which cost a tenth of a poll."""
    return {name: getattr(record, name) for name in record.__slots__}


def encode_message(results: Sequence[bytes]) -> bytes:
    """A message of encoded results."""
    return b'{"v":%d,"results":[%s]}' % (VERSION, b",".join(results))


def decode_message(data: bytes) -> list[PollResult]:
    """The results of a message; MalformedTelemetryError when it is none of ours."""
    try:
        body = orjson.loads(data)
        if not isinstance(body, dict) or body.get("v") != VERSION:
            raise MalformedTelemetryError("this is no telemetry of version 1")
        return [_decode_result(one) for one in body["results"]]
    except (
        orjson.JSONDecodeError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        OSError,
    ) as error:
        raise MalformedTelemetryError(
            f"a telemetry message can't be read: {type(error).__name__}: {error}"
        ) from None


def _decode_result(body: dict[str, Any]) -> PollResult:
    sample, failure, facts = body.get("sample"), body.get("failure"), body.get("facts")
    if (sample is None) == (failure is None):
        raise ValueError("neither or both of sample and failure")
    interfaces, wireless = body.get("interfaces"), body.get("wireless")
    capabilities = body.get("capabilities")
    if capabilities is not None and not all(isinstance(value, str) for value in capabilities.values()):
        raise TypeError("capabilities")
    return PollResult(
        device_id=_integer(body["device_id"]),
        at=datetime.fromtimestamp(body["at"], UTC),
        interval_s=_integer(body["interval_s"]),
        sample=None if sample is None else _record(DeviceSample, sample.values(), sample.keys()),
        failure=None if failure is None else _record(PollFailure, failure.values(), failure.keys()),
        interfaces=None if interfaces is None else [_record(InterfaceSample, one) for one in interfaces],
        wireless=None if wireless is None else [_record(WirelessSample, one) for one in wireless],
        rates_known=body.get("rates_known") is True,
        facts=None if facts is None else _record(DeviceFacts, facts.values(), facts.keys()),
        capabilities=capabilities,
    )


def _integer(value: object) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _types_of(kind: type[Any]) -> tuple[tuple[str, ...], tuple[tuple[type, ...], ...]]:
    hints = get_type_hints(kind)
    names = tuple(field.name for field in fields(kind))
    allowed = []
    for name in names:
        types = get_args(hints[name]) or (hints[name],)
        # JSON writes 3.0 as 3.0 but an integral float may have been an int to begin with.
        allowed.append((*types, int) if float in types else types)
    return names, tuple(allowed)


_TYPES: dict[type[Any], tuple[tuple[str, ...], tuple[tuple[type, ...], ...]]] = {
    kind: _types_of(kind)
    for kind in (InterfaceSample, WirelessSample, DeviceSample, DeviceFacts, PollFailure)
}


def _record(kind: type[_Record], values: Any, keys: Any = None) -> _Record:
    """Make a record, each value of exactly a type that its field may have (a bool is no int)."""
    names, allowed = _TYPES[kind]
    given = tuple(values)
    if len(given) != len(names) or (keys is not None and tuple(keys) != names):
        raise ValueError(f"not the fields of {kind.__name__}")
    for value, types, name in zip(given, allowed, names, strict=True):
        if type(value) not in types:
            raise TypeError(f"{kind.__name__}.{name}")
    return kind(*given)
