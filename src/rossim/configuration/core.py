"""The middle of a network: many fast ports, VLANs to sites, learned routes."""

from __future__ import annotations

from rossim.configuration.builder import Builder


def configure(builder: Builder) -> None:
    """A router between providers and sites."""
    spec, rng, hardware = builder.spec, builder.rng, builder.platform.hardware
    mean_mbps = 900 * rng.uniform(0.6, 1.8)
    octet = spec.subnet % 256
    ports = [port.name for port in hardware.ports if port.name not in (hardware.wan, "ether1")]
    used = ports[: min(len(ports), 6 + rng.randrange(4))]
    builder.add(
        "/interface/bridge",
        name="loopback",
        comment="router id",
        protocol_mode="none",
        mac_address=builder.mac(),
    )
    builder.wire(hardware.wan, mean_mbps, mean_mbps * 0.21)
    builder.wire("ether1", 0.05, 0.08)
    builder.wire("loopback", 0.0, 0.0)
    weights = [rng.uniform(0.4, 2.5) for _ in used]
    for name in ports:
        share = weights[used.index(name)] / sum(weights) if name in used else 0.0
        builder.wire(name, mean_mbps * 0.21 * share, mean_mbps * share, plugged=name in used)
    builder.lists(hardware.wan, "ether1", "loopback")
    builder.add(
        "/ip/address",
        address=f"10.255.255.{1 + octet % 250}/32",
        interface="loopback",
        network=f"10.255.255.{1 + octet % 250}",
    )
    builder.add(
        "/ip/address",
        address=f"198.51.100.{2 + octet % 120 * 2}/31",
        interface=hardware.wan,
        network=f"198.51.100.{2 + octet % 120 * 2}",
        comment="transit",
    )
    builder.add(
        "/ip/address",
        address=f"10.254.{octet}.10/24",
        interface="ether1",
        network=f"10.254.{octet}.0",
        comment="management",
    )
    for index, name in enumerate(used):
        vlan = f"vlan{100 + index}-site{index + 1}"
        builder.add(
            "/interface/vlan",
            name=vlan,
            vlan_id=str(100 + index),
            interface=name,
            comment=f"site {index + 1}",
        )
        share = weights[index] / sum(weights)
        builder.wire(vlan, mean_mbps * 0.19 * share, mean_mbps * 0.93 * share)
        builder.add(
            "/ip/address", address=f"10.255.{index}.1/30", interface=vlan, network=f"10.255.{index}.0"
        )
        builder.add(
            "/ip/route",
            dst_address=f"10.{index + 1}.0.0/16",
            gateway=f"10.255.{index}.2",
            comment=f"site {index + 1}",
        )
    builder.add(
        "/ip/route",
        dst_address="0.0.0.0/0",
        gateway=f"198.51.100.{3 + octet % 120 * 2}",
        check_gateway="ping",
        comment="transit",
    )
    builder.set("/ip/dns", servers="10.255.0.53,9.9.9.9")
    for network in ("10.254.0.0/16", "203.0.113.0/28"):
        builder.add("/ip/firewall/address-list", list="management", address=network)
    for host in rng.sample(range(1, 255), 18):
        builder.add(
            "/ip/firewall/address-list",
            list="blocked",
            address=f"192.0.2.{host}",
            comment=rng.choice(("scanner", "abuse report", "spam")),
        )
    builder.factory_firewall()
    builder.add(
        "/ip/firewall/raw",
        chain="prerouting",
        action="drop",
        src_address_list="blocked",
        comment="drop early",
    )
    builder.add("/radius", address="10.255.0.12", service="login", secret=builder.secret(18))
    builder.set("/ip/settings", rp_filter="loose")
    builder.router.route_count = rng.randint(180, 420)
    builder.router.lease_count = 2
