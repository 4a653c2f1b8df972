"""A wireless provider's tower: access points for subscribers, PPPoE, queues."""

from __future__ import annotations

from rossim.configuration.builder import Builder


def configure(builder: Builder) -> None:
    """Works for boards with the old wireless driver and for those without radios."""
    spec, rng, platform = builder.spec, builder.rng, builder.platform
    hardware = platform.hardware
    uplink = next((port.name for port in hardware.ports if port.is_sfp), hardware.wan)
    mean_mbps = 140 * rng.uniform(0.5, 1.4)
    bridge_mac = builder.mac()
    builder.add(
        "/interface/bridge",
        name="bridge",
        comment="subscribers",
        auto_mac="false",
        admin_mac=bridge_mac,
        mac_address=bridge_mac,
        protocol_mode="none",
    )
    builder.add("/interface/vlan", name="vlan99-mgmt", vlan_id="99", interface=uplink)
    subscribers = rng.randint(24, 58)
    if platform.has_wireless:
        _radios(builder, subscribers, mean_mbps)
    ports = [port.name for port in hardware.ports if port.name != uplink]
    for name in ports[1:4]:
        builder.add("/interface/bridge/port", bridge="bridge", interface=name)
    for index, name in enumerate(ports):
        share = 0.18 if 1 <= index < 4 else 0.0
        builder.wire(name, mean_mbps * share * 0.1, mean_mbps * share, plugged=index < 4)
    builder.wire(uplink, mean_mbps, mean_mbps * 0.12)
    builder.wire("bridge", mean_mbps * 0.12, mean_mbps)
    builder.wire("vlan99-mgmt", 0.04, 0.06)
    builder.lists(uplink, "bridge", "vlan99-mgmt")
    octet = spec.subnet % 256
    builder.add(
        "/ip/address",
        address=f"10.255.{octet}.2/30",
        interface=uplink,
        network=f"10.255.{octet}.0",
        comment="backhaul",
    )
    builder.add(
        "/ip/address",
        address=f"10.254.{octet}.1/24",
        interface="vlan99-mgmt",
        network=f"10.254.{octet}.0",
        comment="management",
    )
    builder.add("/ip/pool", name="subscribers", ranges=f"10.{octet}.64.2-10.{octet}.65.254")
    builder.add("/ip/route", dst_address="0.0.0.0/0", gateway=f"10.255.{octet}.1", check_gateway="ping")
    builder.set("/ip/dns", servers="10.255.0.53,9.9.9.9", allow_remote_requests="true")
    builder.add("/ip/firewall/address-list", list="management", address="10.254.0.0/16")
    builder.factory_firewall()
    _subscribers(builder, subscribers)


def _radios(builder: Builder, subscribers: int, mean_mbps: float) -> None:
    rng, spec = builder.rng, builder.spec
    builder.add(
        "/interface/wireless/security-profiles",
        name="subscribers",
        mode="dynamic-keys",
        authentication_types="wpa2-psk",
        wpa2_pre_shared_key=builder.secret(16),
        supplicant_identity=spec.identity,
    )
    for index, radio in enumerate(builder.platform.hardware.radios):
        builder.change(
            "/interface/wireless",
            "name",
            radio.name,
            disabled="false",
            mode="ap-bridge",
            ssid=f"{spec.identity}-{'5' if index == 0 else '24'}",
            radio_name=spec.identity,
            frequency=str(rng.choice(radio.frequencies_mhz)),
            band=radio.band,
            channel_width="20/40/80mhz-Ceee" if index == 0 else "20mhz",
            country="united kingdom",
            installation="outdoor",
            distance="indoors" if index else "dynamic",
            default_forwarding="false",
            security_profile="subscribers",
            wireless_protocol="nv2-nstreme-802.11" if index == 0 else "802.11",
            wps_mode="disabled",
        )
        share = 0.8 if index == 0 else 0.2
        count = max(3, int(subscribers * share))
        builder.population(radio.name, count, mean_mbps * share * 0.6, subscribers=True)
        builder.add("/interface/bridge/port", bridge="bridge", interface=radio.name)
        for client in builder.router.populations[radio.name].clients[::4]:
            builder.add(
                "/interface/wireless/access-list",
                interface=radio.name,
                mac_address=client.mac,
                signal_range="-84..120",
                private_passphrase=builder.secret(12),
                comment=client.host_name,
            )


def _subscribers(builder: Builder, count: int) -> None:
    octet = builder.spec.subnet % 256
    builder.add(
        "/ppp/profile",
        name="home-30",
        local_address=f"10.{octet}.64.1",
        remote_address="subscribers",
        rate_limit="10M/30M",
        dns_server="10.255.0.53",
    )
    builder.add(
        "/ppp/profile",
        name="home-80",
        local_address=f"10.{octet}.64.1",
        remote_address="subscribers",
        rate_limit="20M/80M",
        dns_server="10.255.0.53",
    )
    builder.add(
        "/interface/pppoe-server/server",
        service_name="subscribers",
        interface="bridge",
        default_profile="home-30",
        authentication="chap,mschap2",
        one_session_per_host="true",
        disabled="false",
    )
    builder.add("/radius", address="10.255.0.12", service="ppp", secret=builder.secret(18), timeout="2s")
    for index in range(count):
        builder.add(
            "/ppp/secret",
            name=f"sub-{index + 1:03d}",
            password=builder.secret(10),
            service="pppoe",
            profile="home-80" if builder.rng.random() < 0.3 else "home-30",
            **({"comment": "in arrears", "disabled": "true"} if builder.rng.random() < 0.04 else {}),
        )
    for index in range(0, count, 6):
        builder.add(
            "/queue/simple",
            name=f"business-{index // 6 + 1}",
            target=f"10.{octet}.66.{2 + index}/32",
            max_limit="50M/100M",
        )
