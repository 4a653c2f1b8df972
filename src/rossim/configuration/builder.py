"""What all routers have in common, and the steps that configurations are made of."""

from __future__ import annotations

import base64
import random
from collections.abc import Mapping
from functools import lru_cache

from rossim.clients import Population
from rossim.configuration import rules
from rossim.randomness import next_mac, seeded
from rossim.router import Router
from rossim.tree import Row

_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

_BANDS = {"5ghz-a/n/ac": ("20/40/80mhz-Ceee", "5180"), "2ghz-b/g/n": ("20mhz", "2437")}


@lru_cache(maxsize=4096)
def shared(**values: str) -> Mapping[str, str]:
    """Values that many routers have alike, kept once."""
    return values


class Builder:
    """Puts rows into a router's tree, unchecked: what it puts there is valid, and tests say so."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.tree = router.tree
        self.spec = router.spec
        self.platform = router.platform
        self.rng = seeded("configuration", router.spec.seed, router.spec.serial)
        self._macs = 0

    def add(self, path: str, **values: str) -> Row:
        """Add a row; `_` in a property's name stands for `-`, and `__` for `.`."""
        named = {name.replace("__", ".").replace("_", "-"): value for name, value in values.items()}
        return self.tree.insert(path, named)

    def share(self, path: str, values: Mapping[str, str]) -> Row:
        """Add a row whose values other routers have too."""
        return self.tree.insert(path, values)

    def set(self, path: str, **values: str) -> None:
        self.tree.update(path, {name.replace("_", "-"): value for name, value in values.items()})

    def change(self, path: str, key: str, value: str, **values: str) -> Row:
        """Set properties of the row whose `key` is `value`."""
        row = next(row for row in self.tree.table(path).rows.values() if row.values.get(key) == value)
        row.values = {**row.values, **{name.replace("_", "-"): text for name, text in values.items()}}
        return row

    def secret(self, length: int = 14) -> str:
        return "".join(self.rng.choice(_LETTERS) for _ in range(length))

    def key(self) -> str:
        """32 random bytes in base64, as WireGuard keys are."""
        return base64.b64encode(self.rng.randbytes(32)).decode()

    def mac(self) -> str:
        self._macs += 1
        return next_mac(self.router.base_mac, self._macs - 1)

    def ports(self) -> None:
        """The wired ports and the radios, as they come."""
        for port in self.platform.hardware.ports:
            mac = self.mac()
            self.add(
                "/interface/ethernet",
                name=port.name,
                default_name=port.name,
                mac_address=mac,
                orig_mac_address=mac,
            )
        for radio in self.platform.hardware.radios:
            path = "/interface/wifi" if self.platform.has_wifi else "/interface/wireless"
            extra = (
                {"radio_mac": self.mac()}
                if self.platform.has_wifi
                else {"interface_type": radio.interface_type}
            )
            row = self.add(path, name=radio.name, default_name=radio.name, mac_address=self.mac(), **extra)
            row.values = {**row.values, "disabled": "true"}

    def wire(self, name: str, rx_mbps: float, tx_mbps: float, *, plugged: bool = True) -> None:
        """Let traffic flow through an interface, or nothing at all when no cable is in it."""
        found = self.tree.find_interface(name)
        if found is None:
            raise ValueError(f"no interface {name!r}")
        if not plugged:
            self.router.unplugged.add(found[1].number)
        self.router.set_meter(found[1], self.router.load(rx_mbps * 1e6, tx_mbps * 1e6))

    def system(self) -> None:
        """Name, clock, user, services, and what else a careful installer sets everywhere."""
        spec, v7 = self.spec, self.platform.v7
        self.set("/system/identity", name=spec.identity)
        self.set("/system/clock", time_zone_autodetect="false", time_zone_name="Europe/London")
        if v7:
            self.set("/system/ntp/client", enabled="true", servers="time.cloudflare.com")
        else:
            self.set("/system/ntp/client", enabled="true", primary_ntp="162.159.200.1")
        self.set("/system/note", show_at_login="false")
        user = {"name": spec.username, "group": "full", "password": spec.password}
        self.tree.insert("/user", user)
        self.add("/user/group", name="monitoring", policy=self._policies("api", "read", "test"))
        for name in ("telnet", "ftp", "www", "api"):
            self.change("/ip/service", "name", name, disabled="true")
        self.change("/ip/service", "name", "ssh", port=str(spec.ssh_port))
        self.change("/ip/service", "name", "api-ssl", port=str(spec.api_port))
        if spec.has_certificate:
            self.add("/certificate", name="management", common_name=spec.address, trusted="true")
            self.change("/ip/service", "name", "api-ssl", certificate="management")
        self.set("/ip/ssh", strong_crypto="true")
        if spec.seed % 3:
            self.change("/snmp/community", "name", "public", name=self.secret(10))
            self.set("/snmp", enabled="true", contact="noc@example.net", location=spec.site)
        self.set("/tool/bandwidth-server", enabled="false")

    def _policies(self, *allowed: str) -> str:
        policies = self.tree.menus["/user/group"].builtin[2]["policy"].split(",")
        return ",".join(policy if policy in allowed else f"!{policy}" for policy in policies)

    def factory_firewall(self) -> None:
        """The rules that a router from the box has."""
        for values in rules.FILTER_V7 if self.platform.v7 else rules.FILTER_V6:
            self.share("/ip/firewall/filter", values)
        for values in rules.NAT:
            self.share("/ip/firewall/nat", values)
        if self.platform.v7:
            for values in rules.BAD_IPV6:
                self.share("/ipv6/firewall/address-list", values)
            for values in rules.FILTER_IPV6:
                self.share("/ipv6/firewall/filter", values)

    def lists(self, wan: str, *lan: str) -> None:
        for name in ("WAN", "LAN"):
            self.share("/interface/list", shared(name=name, comment="defconf"))
        self.add("/interface/list/member", list="WAN", interface=wan, comment="defconf")
        for name in lan:
            self.add("/interface/list/member", list="LAN", interface=name, comment="defconf")
        self.set("/ip/neighbor/discovery-settings", discover_interface_list="LAN")
        self.set("/tool/mac-server", allowed_interface_list="LAN")
        self.set("/tool/mac-server/mac-winbox", allowed_interface_list="LAN")

    def network(self, name: str, interface: str, third: int, lease_time: str, *, dns: str = "") -> None:
        """A network with its address, pool and DHCP server."""
        prefix = f"10.{self.spec.subnet % 256}.{third}"
        self.add("/ip/address", address=f"{prefix}.1/24", interface=interface, network=f"{prefix}.0")
        self.add("/ip/pool", name=f"pool-{name}", ranges=f"{prefix}.20-{prefix}.254")
        self.add(
            "/ip/dhcp-server",
            name=f"dhcp-{name}",
            interface=interface,
            address_pool=f"pool-{name}",
            lease_time=lease_time,
            disabled="false",
        )
        self.add(
            "/ip/dhcp-server/network",
            address=f"{prefix}.0/24",
            gateway=f"{prefix}.1",
            dns_server=dns or f"{prefix}.1",
        )

    def population(self, radio: str, count: int, mbps: float, *, subscribers: bool = False) -> None:
        """Give a radio its clients, and let their traffic flow through it."""
        router = self.router
        before = sum(len(population.clients) for population in router.populations.values())
        router.populations[radio] = Population(
            self.spec.seed,
            radio,
            count,
            router.shape,
            router.shift_s,
            mbps * 1e6,
            subscribers=subscribers,
            first_number=before + 1,
        )
        self.wire(radio, mbps * 0.12, mbps)

    def history(self) -> None:
        """What the log holds from before we looked."""
        router, rng = self.router, seeded("log", self.spec.seed)
        now_s, boot_s = router.now_s(), router.boot_s
        router.log.add("system,info", "router rebooted", boot_s)
        for port in self.platform.hardware.port_names[:4]:
            router.log.add("interface,info", f"{port} link up (speed 1G, full duplex)", boot_s + 12)
        moments = sorted(rng.uniform(boot_s + 60, now_s) for _ in range(8))
        for at_s in moments:
            topics, message = _line(rng, self.spec.username)
            router.log.add(topics, message, at_s)


def _line(rng: random.Random, username: str) -> tuple[str, str]:
    host = f"10.0.0.{rng.randrange(2, 250)}"
    mac = ":".join(f"{rng.randrange(256):02X}" for _ in range(6))
    return rng.choice(
        (
            ("system,info,account", f"user {username} logged in from {host} via winbox"),
            ("system,info,account", f"user {username} logged out from {host} via winbox"),
            ("dhcp,info", f"dhcp-lan assigned {host} for {mac}"),
            ("dhcp,info", f"dhcp-lan deassigned {host} for {mac}"),
            ("system,error,critical", f"login failure for user root from {host} via ssh"),
        )
    )
