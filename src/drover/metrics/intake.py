"""One tenant's batch of poll results into the database, in one transaction; safe to do twice.

Samples are inserted unless they are there. States, facts, interfaces and events follow from results in order, and only from
results newer than the device's last one: a message delivered again finds its results older and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from drover.metrics import repository
from drover.metrics.columns import (
    device_columns,
    event_columns,
    failure_columns,
    interface_columns,
    interface_rows,
    transition_columns,
    wireless_columns,
)
from drover.metrics.contracts import DeviceFacts, InterfaceSample, PollResult
from drover.metrics.links import FlapGuard
from drover.metrics.states import Status, Transition, decide, has_rebooted
from drover.metrics.words import Event, tell_facts, tell_link, tell_reboot, tell_transition
from drover.platform.clock import Clock
from drover.platform.db import Row, Transaction

log = structlog.get_logger(__name__)

# Weekly partitions exist from last week on; a result from outside of this is a router's or a poller's wrong clock.
_OLDEST = timedelta(days=6)
_NEWEST = timedelta(minutes=5)
_SEEN_EVERY = timedelta(minutes=30)

_FACTS = (
    "identity",
    "model",
    "board_name",
    "serial",
    "version",
    "architecture",
    "firmware",
    "memory_total_bytes",
    "disk_total_bytes",
)


@dataclass
class Stored:
    """What a batch changed, for the live stream: after commit only."""

    polled: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    events: list[tuple[int, int]] = field(default_factory=list)  # event, device
    unknown: int = 0


@dataclass(slots=True)
class _Known:
    """An interface as the database has it, or will when this batch is saved: then its id is not known yet."""

    id: int | None
    type: str | None
    mac_address: str | None
    comment: str | None
    running: bool | None
    disabled: bool | None
    rate_bps: int | None
    link_downs: int | None
    last_seen_at: datetime


class Intake:
    """Stores batches; keeps only the memory of flapping links between them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._flaps = FlapGuard()

    async def store(self, tx: Transaction, results: Sequence[PollResult]) -> Stored:
        """Store results of the transaction's tenant. The caller commits."""
        stored = Stored()
        believable = self._believable(tx.tenant_id, results)
        devices = await self._devices(tx, believable)
        known = [result for result in believable if result.device_id in devices]
        stored.unknown = len(results) - len(known)
        if not known:
            return stored
        known.sort(key=lambda result: (result.device_id, result.at))
        batch = _Batch(tx, devices, self._flaps)
        await batch.load_interfaces(known)
        for result in known:
            batch.take(result)
        await batch.save(known, stored)
        return stored

    def _believable(self, tenant_id: int, results: Sequence[PollResult]) -> list[PollResult]:
        now = self._clock.now()
        good = [result for result in results if now - _OLDEST < result.at < now + _NEWEST]
        if len(good) < len(results):
            log.warning(
                "results of another time dropped", tenant_id=tenant_id, dropped=len(results) - len(good)
            )
        return good

    async def _devices(self, tx: Transaction, results: Sequence[PollResult]) -> dict[int, Row]:
        wanted = sorted({result.device_id for result in results})
        if not wanted:
            return {}
        rows = await repository.lock_devices(tx, wanted)
        missing = set(wanted) - {row["id"] for row in rows}
        if missing and await repository.add_statuses(tx, sorted(missing)):
            rows = await repository.lock_devices(tx, wanted)
        return {row["id"]: row for row in rows}


class _Batch:
    """The rows that one batch makes, gathered before anything is written."""

    def __init__(self, tx: Transaction, devices: dict[int, Row], flaps: FlapGuard) -> None:
        self._tx = tx
        self._devices = devices
        self._flaps = flaps
        self._status = {device_id: _status(row) for device_id, row in devices.items()}
        self._answers: dict[int, PollResult] = {}
        self._wireless_at: dict[int, datetime] = {}
        self._moved: set[int] = set()
        self._transitions: list[tuple[int, Transition, datetime]] = []
        self._events: list[Event] = []
        self._facts: dict[int, dict[str, Any]] = {}
        self._known: dict[int, dict[str, _Known]] = defaultdict(dict)
        self._changed: dict[tuple[int, str], tuple[InterfaceSample, datetime]] = {}

    async def load_interfaces(self, results: Sequence[PollResult]) -> None:
        device_ids = sorted({result.device_id for result in results if result.interfaces})
        if not device_ids:
            return
        for row in await repository.list_known_interfaces(self._tx, device_ids):
            self._known[row["device_id"]][row["name"]] = _Known(
                row["id"],
                row["type"],
                row["mac_address"],
                row["comment"],
                row["running"],
                row["disabled"],
                row["rate_bps"],
                row["link_downs"],
                row["last_seen_at"],
            )

    def take(self, result: PollResult) -> None:
        """What a result changes, if it is news."""
        device = self._devices[result.device_id]
        status = self._status[result.device_id]
        if status.last_poll_at is not None and result.at <= status.last_poll_at:
            self._take_interfaces(result, device, news=False)
            return
        self._moved.add(result.device_id)
        rebooted = has_rebooted(status, result)
        after, transition = decide(status, result)
        self._status[result.device_id] = after
        if transition is not None:
            self._transitions.append((result.device_id, transition, after.state_since))
            self._add_event(tell_transition(device, transition, result.at))
        if rebooted:
            self._add_event(tell_reboot(device, result))
        if result.sample is not None:
            self._answers[result.device_id] = result
        if result.wireless is not None:
            self._wireless_at[result.device_id] = result.at
        if result.facts is not None or result.capabilities is not None:
            self._take_facts(result, device)
        self._take_interfaces(result, device, news=True)

    def _add_event(self, event: Event | None) -> None:
        if event is not None:
            self._events.append(event)

    def _take_facts(self, result: PollResult, device: Row) -> None:
        facts = result.facts or DeviceFacts()
        before = {name: device[name] for name in (*_FACTS, "capabilities")}
        after = {name: _newer(getattr(facts, name), before[name]) for name in _FACTS}
        after["capabilities"] = _newer(result.capabilities, before["capabilities"])
        if after != before:
            self._add_event(tell_facts(device, after, result.at))
            device.update(after)
            self._facts[result.device_id] = after

    def _take_interfaces(self, result: PollResult, device: Row, *, news: bool) -> None:
        known = self._known[result.device_id]
        for now in result.interfaces or ():
            before = known.get(now.name)
            if before is not None and not news:
                continue
            if before is not None and now.rate_bps is None and not result.rates_known:
                now.rate_bps = before.rate_bps
            if before is not None and _is_same(before, now) and result.at - before.last_seen_at < _SEEN_EVERY:
                continue
            if before is not None and news:
                key = (self._tx.tenant_id, result.device_id, now.name)
                told = self._flaps.judge(key, before, now, result.at)
                if told is not None:
                    self._events.append(tell_link(device, now, told, result.at))
            self._changed[(result.device_id, now.name)] = (now, result.at)
            known[now.name] = _known(before.id if before is not None else None, now, result.at)

    async def save(self, results: Sequence[PollResult], stored: Stored) -> None:
        """Write everything."""
        tx = self._tx
        await self._save_interfaces()
        await self._save_samples(results)
        await self._save_statuses()
        for device_id, facts in self._facts.items():
            await repository.save_facts(tx, device_id, facts)
        if self._transitions:
            await repository.insert_transitions(tx, transition_columns(self._transitions))
        if self._events:
            ids = await repository.insert_events(tx, event_columns(self._events))
            stored.events = [(ident, event.device_id) for ident, event in zip(ids, self._events, strict=True)]
        stored.polled = sorted(self._moved)
        stored.changed = sorted({device_id for device_id, _, _ in self._transitions} | self._facts.keys())

    async def _save_interfaces(self) -> None:
        if not self._changed:
            return
        changed = [(device_id, at, one) for (device_id, _), (one, at) in sorted(self._changed.items())]
        for row in await repository.save_interfaces(self._tx, interface_rows(changed)):
            sample, at = self._changed[(row["device_id"], row["name"])]
            self._known[row["device_id"]][row["name"]] = _known(row["id"], sample, at)

    async def _save_samples(self, results: Sequence[PollResult]) -> None:
        devices = [(one.device_id, one.at, one.sample) for one in results if one.sample is not None]
        interfaces = [
            (ident, result.at, one)
            for result in results
            for one in result.interfaces or ()
            if (ident := self._known[result.device_id][one.name].id) is not None
        ]
        clients = [(result.device_id, result.at, one) for result in results for one in result.wireless or ()]
        if devices:
            await repository.insert_device_samples(self._tx, device_columns(devices))
        if interfaces:
            await repository.insert_interface_samples(self._tx, interface_columns(interfaces))
        if clients:
            await repository.insert_wireless_samples(self._tx, wireless_columns(clients))

    async def _save_statuses(self) -> None:
        answers = [
            (device_id, result.at, result.sample)
            for device_id, result in sorted(self._answers.items())
            if result.sample is not None
        ]
        if answers:
            columns = device_columns(answers)
            columns["state"] = ["online"] * len(answers)
            columns["state_since"] = [self._status[device_id].state_since for device_id, _, _ in answers]
            columns["wireless_at"] = [self._wireless_at.get(device_id) for device_id, _, _ in answers]
            await repository.save_statuses_of_answers(self._tx, columns)
        # After the answers: a device that answered and then failed within one batch ends as failed.
        failed = sorted(device_id for device_id in self._moved if self._status[device_id].failed_polls)
        if failed:
            columns = failure_columns([(device_id, self._status[device_id]) for device_id in failed])
            await repository.save_statuses_of_failures(self._tx, columns)


def _status(row: Row) -> Status:
    return Status(
        row["state"],
        row["state_since"],
        row["failed_polls"],
        row["last_poll_at"],
        row["last_success_at"],
        row["uptime_s"],
    )


def _known(ident: int | None, now: InterfaceSample, at: datetime) -> _Known:
    return _Known(
        ident,
        now.type,
        now.mac_address,
        now.comment,
        now.running,
        now.disabled,
        now.rate_bps,
        now.link_downs,
        at,
    )


def _newer(new: Any, old: Any) -> Any:
    return old if new is None else new


def _is_same(before: _Known, now: InterfaceSample) -> bool:
    return (
        before.running == now.running
        and before.link_downs == now.link_downs
        and before.rate_bps == now.rate_bps
        and before.disabled == now.disabled
        and before.type == now.type
        and before.mac_address == now.mac_address
        and before.comment == now.comment
    )
