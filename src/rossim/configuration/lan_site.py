"""A site with people on it: office, hotel, warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from rossim.configuration.builder import Builder
from rossim.faults import FaultSetting
from rossim.randomness import mac_address


@dataclass(frozen=True, slots=True)
class _Style:
    """What one kind of site is like."""

    mean_mbps: float
    wired: tuple[int, int]
    clients: tuple[int, int]
    staff_ssid: str
    guest_ssid: str
    vlans: tuple[tuple[str, int], ...]
    vpn_users: int


_STYLES = {
    "office": _Style(9.0, (6, 22), (6, 18), "Surgery", "Guests", (("guest", 20), ("voice", 30)), 3),
    "hotel": _Style(85.0, (8, 20), (26, 64), "Staff", "Hotel-WiFi", (("guest", 20), ("cctv", 40)), 2),
    "warehouse": _Style(
        24.0, (14, 60), (10, 24), "Depot", "Drivers", (("scanners", 20), ("cctv", 40), ("voice", 30)), 6
    ),
}


def configure(builder: Builder) -> None:
    """The factory's layout, then VLANs, Wi-Fi, VPN and a few things of the site's own."""
    spec, rng = builder.spec, builder.rng
    style = _STYLES[spec.profile]
    hardware = builder.platform.hardware
    mean_mbps = style.mean_mbps * rng.uniform(0.6, 1.6)
    bridge_mac = builder.mac()
    builder.add(
        "/interface/bridge",
        name="bridge",
        comment="defconf",
        auto_mac="false",
        admin_mac=bridge_mac,
        mac_address=bridge_mac,
    )
    for name, vlan_id in style.vlans:
        builder.add("/interface/vlan", name=f"vlan{vlan_id}-{name}", vlan_id=str(vlan_id), interface="bridge")
    _radios(builder, style, mean_mbps)
    lan = [port.name for port in hardware.ports if port.name != hardware.wan]
    radios = [radio.name for radio in hardware.radios]
    for name in (*lan, *radios):
        builder.add("/interface/bridge/port", bridge="bridge", interface=name, comment="defconf")
    _traffic(builder, style, lan, mean_mbps)
    vlan_names = [f"vlan{vlan_id}-{name}" for name, vlan_id in style.vlans]
    builder.lists(hardware.wan, "bridge", *(name for name in vlan_names if "guest" not in name))
    builder.add("/ip/dhcp-client", interface=hardware.wan, comment="defconf", disabled="false")
    builder.network("lan", "bridge", 10, "30m")
    for (name, vlan_id), vlan_name in zip(style.vlans, vlan_names, strict=True):
        builder.network(name, vlan_name, vlan_id, "1h", dns="9.9.9.9,149.112.112.112")
    builder.set("/ip/dns", allow_remote_requests="true", servers="9.9.9.9,149.112.112.112")
    builder.add(
        "/ip/dns/static",
        name="router.lan",
        address=f"10.{spec.subnet % 256}.10.1",
        type="A",
        comment="defconf",
    )
    for network in ("10.0.0.0/8", "203.0.113.0/28"):
        builder.add("/ip/firewall/address-list", list="management", address=network)
    builder.factory_firewall()
    builder.router.lease_count = rng.randint(*style.wired)
    _static_leases(builder)
    _forwards(builder)
    _remote_access(builder, style)
    _housekeeping(builder)


def _radios(builder: Builder, style: _Style, mean_mbps: float) -> None:
    rng, platform = builder.rng, builder.platform
    radios = platform.hardware.radios
    if not radios:
        return
    passphrase = builder.secret(12)
    count = rng.randint(*style.clients)
    if not platform.has_wifi:
        builder.add(
            "/interface/wireless/security-profiles",
            name="staff",
            mode="dynamic-keys",
            authentication_types="wpa2-psk",
            wpa2_pre_shared_key=passphrase,
            supplicant_identity="MikroTik",
        )
    for index, radio in enumerate(radios):
        frequency = str(rng.choice(radio.frequencies_mhz))
        if platform.has_wifi:
            row = builder.change("/interface/wifi", "name", radio.name, disabled="false")
            row.values = {
                **row.values,
                "configuration.country": "United Kingdom",
                "configuration.mode": "ap",
                "configuration.ssid": style.staff_ssid if index == 0 else style.guest_ssid,
                "channel.band": radio.band,
                "channel.width": "20/40/80mhz" if index == 0 else "20/40mhz",
                "channel.frequency": frequency,
                "security.authentication-types": "wpa2-psk,wpa3-psk",
                "security.passphrase": passphrase if index == 0 else builder.secret(10),
            }
        else:
            builder.change(
                "/interface/wireless",
                "name",
                radio.name,
                disabled="false",
                mode="ap-bridge",
                ssid=style.staff_ssid,
                frequency=frequency,
                band=radio.band,
                country="united kingdom",
                security_profile="staff",
                wireless_protocol="802.11",
            )
        share = 0.7 if index == 0 else 0.3
        builder.population(radio.name, max(2, int(count * share)), mean_mbps * 0.55 * share)


def _traffic(builder: Builder, style: _Style, lan: list[str], mean_mbps: float) -> None:
    rng = builder.rng
    up_mbps = mean_mbps * rng.uniform(0.12, 0.3)
    builder.wire(builder.platform.hardware.wan, mean_mbps, up_mbps)
    builder.wire("bridge", up_mbps, mean_mbps)
    wired_mbps = mean_mbps * (0.45 if builder.platform.hardware.radios else 1.0)
    flapping = {figure for fault in builder.spec.faults for figure in FaultSetting.parse(fault).figures[:1]}
    plugged = [
        name for name in lan if rng.random() < (0.1 if name.startswith("sfp") else 0.75) or name in flapping
    ] or lan[:1]
    weights = {name: rng.uniform(0.3, 3.0) for name in plugged}
    total = sum(weights.values())
    for name in lan:
        share = weights.get(name, 0.0) / total
        builder.wire(name, up_mbps * share, wired_mbps * share, plugged=name in weights)
    for name, vlan_id in style.vlans:
        part = {"guest": 0.4, "scanners": 0.2, "cctv": 0.15, "voice": 0.04}[name]
        builder.wire(f"vlan{vlan_id}-{name}", up_mbps * part, mean_mbps * part)


def _static_leases(builder: Builder) -> None:
    prefix = f"10.{builder.spec.subnet % 256}.10"
    for index, what in enumerate(("printer reception", "NAS", "door controller", "CCTV recorder")):
        if builder.rng.random() < 0.8:
            builder.add(
                "/ip/dhcp-server/lease",
                address=f"{prefix}.{5 + index}",
                mac_address=mac_address(builder.rng, "3C:2A:F4"),
                server="dhcp-lan",
                comment=what,
            )


def _forwards(builder: Builder) -> None:
    if builder.rng.random() < 0.5:
        builder.add(
            "/ip/firewall/nat",
            chain="dstnat",
            action="dst-nat",
            protocol="tcp",
            dst_port="8443",
            in_interface_list="WAN",
            to_addresses=f"10.{builder.spec.subnet % 256}.10.6",
            to_ports="443",
            comment="NAS from outside",
        )


def _remote_access(builder: Builder, style: _Style) -> None:
    spec, rng = builder.spec, builder.rng
    builder.add(
        "/ppp/profile",
        name="remote-staff",
        local_address=f"10.{spec.subnet % 256}.99.1",
        use_encryption="yes",
    )
    for index in range(style.vpn_users):
        builder.add(
            "/ppp/secret",
            name=f"user{index + 1}",
            password=builder.secret(),
            profile="remote-staff",
            service="l2tp",
            remote_address=f"10.{spec.subnet % 256}.99.{10 + index}",
        )
    builder.set(
        "/interface/l2tp-server/server", enabled="true", use_ipsec="required", ipsec_secret=builder.secret(20)
    )
    if builder.platform.v7 and rng.random() < 0.7:
        builder.add(
            "/interface/wireguard",
            name="wg-hq",
            listen_port="13231",
            private_key=builder.key(),
            comment="to headquarters",
        )
        builder.wire("wg-hq", 0.6, 0.4)
        builder.add(
            "/interface/wireguard/peers",
            interface="wg-hq",
            name="hq",
            public_key=builder.key(),
            preshared_key=builder.key(),
            endpoint_address="198.51.100.10",
            endpoint_port="13231",
            allowed_address="172.20.0.0/16",
            persistent_keepalive="25s",
        )
        builder.add(
            "/ip/address",
            address=f"172.20.{spec.subnet % 256}.2/24",
            interface="wg-hq",
            network=f"172.20.{spec.subnet % 256}.0",
        )
        builder.add("/ip/route", dst_address="172.20.0.0/16", gateway="wg-hq", comment="headquarters")


_NIGHTLY = (
    ':log info "nightly check"\r\n'
    ":if ([/system resource get free-memory] < 20000000) do={\r\n"
    '    :log warning "memory is low"\r\n}'
)


def _housekeeping(builder: Builder) -> None:
    policy = "ftp,reboot,read,write,policy,test,password,sniff,sensitive,romon"
    builder.add(
        "/system/script",
        name="nightly-check",
        owner=builder.spec.username,
        policy="read,write,test",
        source=_NIGHTLY,
    )
    builder.add(
        "/system/scheduler",
        name="nightly-check",
        interval="1d",
        on_event="/system script run nightly-check",
        start_time="03:15:00",
        start_date="2024-01-15" if builder.platform.iso_dates else "jan/15/2024",
        policy=policy,
    )
    builder.add(
        "/queue/simple", name="guests", target=f"10.{builder.spec.subnet % 256}.20.0/24", max_limit="20M/50M"
    )
