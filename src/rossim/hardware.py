"""The hardware models that can be simulated.

Figures are the vendor's own specifications; names are those that RouterOS prints: `board` in
/system/resource, `model` in /system/routerboard and in the header of an export.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Port:
    """A wired port: its default name and fastest rate."""

    name: str
    rate: str = "1Gbps"
    poe_out: bool = False

    @property
    def is_sfp(self) -> bool:
        return self.name.startswith("sfp")


@dataclass(frozen=True, slots=True)
class Radio:
    """A radio: `driver` says under which menu it appears, `wifi` (7.13+) or `wireless`."""

    name: str
    band: str
    driver: str
    frequencies_mhz: tuple[int, ...]
    interface_type: str = ""


@dataclass(frozen=True, slots=True)
class Hardware:
    """One model."""

    board: str
    model: str
    architecture: str
    cpu: str
    cpu_count: int
    cpu_mhz: int
    memory_bytes: int
    disk_bytes: int
    ports: tuple[Port, ...]
    radios: tuple[Radio, ...] = ()
    # sensor name -> (unit, value at rest), as /system/health lists them on v7
    sensors: tuple[tuple[str, str, float], ...] = ()
    firmware_type: str = ""
    factory_version: str = ""
    packages: tuple[str, ...] = ()
    bad_blocks: bool = True
    wan: str = "ether1"
    is_virtual: bool = False
    port_names: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "port_names", tuple(port.name for port in self.ports))


def _ethers(first: int, last: int, rate: str = "1Gbps") -> tuple[Port, ...]:
    return tuple(Port(f"ether{number}", rate) for number in range(first, last + 1))


_5_GHZ = (5180, 5220, 5260, 5300, 5500, 5540, 5580, 5660)
_2_GHZ = (2412, 2437, 2462)

HAP_AX3 = Hardware(
    board="hAP ax^3",
    model="C53UiG+5HPaxD2HPaxD",
    architecture="arm64",
    cpu="ARM64",
    cpu_count=4,
    cpu_mhz=864,
    memory_bytes=1024 * MIB,
    disk_bytes=128 * MIB,
    ports=(Port("ether1", "2.5Gbps", poe_out=True), *_ethers(2, 5)),
    radios=(
        Radio("wifi1", "5ghz-ax", "wifi", _5_GHZ),
        Radio("wifi2", "2ghz-ax", "wifi", _2_GHZ),
    ),
    sensors=(("cpu-temperature", "C", 44.0),),
    firmware_type="ipq6000",
    factory_version="7.8",
    packages=("wifi-qcom",),
)

RB5009 = Hardware(
    board="RB5009UG+S+",
    model="RB5009UG+S+",
    architecture="arm64",
    cpu="ARM64",
    cpu_count=4,
    cpu_mhz=1400,
    memory_bytes=1024 * MIB,
    disk_bytes=1024 * MIB,
    ports=(Port("ether1", "2.5Gbps"), *_ethers(2, 8), Port("sfp-sfpplus1", "10Gbps")),
    sensors=(("cpu-temperature", "C", 41.0),),
    firmware_type="70x0",
    factory_version="7.4.1",
)

CCR2004 = Hardware(
    board="CCR2004-1G-12S+2XS",
    model="CCR2004-1G-12S+2XS",
    architecture="arm64",
    cpu="ARM64",
    cpu_count=4,
    cpu_mhz=1700,
    memory_bytes=4096 * MIB,
    disk_bytes=128 * MIB,
    ports=(
        Port("ether1"),
        *(Port(f"sfp-sfpplus{number}", "10Gbps") for number in range(1, 13)),
        Port("sfp28-1", "25Gbps"),
        Port("sfp28-2", "25Gbps"),
    ),
    sensors=(
        ("cpu-temperature", "C", 52.0),
        ("fan1-speed", "RPM", 4860.0),
        ("fan2-speed", "RPM", 4830.0),
        ("board-temperature1", "C", 38.0),
        ("psu1-state", "", 1.0),
        ("psu2-state", "", 1.0),
    ),
    firmware_type="al64",
    factory_version="6.46.7",
    wan="sfp-sfpplus1",
)

RB4011 = Hardware(
    board="RB4011iGS+5HacQ2HnD",
    model="RB4011iGS+5HacQ2HnD",
    architecture="arm",
    cpu="ARMv7",
    cpu_count=4,
    cpu_mhz=1400,
    memory_bytes=1024 * MIB,
    disk_bytes=512 * MIB,
    ports=(*_ethers(1, 10), Port("sfp-sfpplus1", "10Gbps")),
    radios=(
        Radio("wlan1", "5ghz-a/n/ac", "wireless", _5_GHZ, "QCA9984"),
        Radio("wlan2", "2ghz-b/g/n", "wireless", _2_GHZ, "Atheros AR9300"),
    ),
    sensors=(("voltage", "V", 24.1), ("temperature", "C", 40.0)),
    firmware_type="al2",
    factory_version="6.45.9",
    bad_blocks=True,
)

HEX_S = Hardware(
    board="hEX S",
    model="RB760iGS",
    architecture="mmips",
    cpu="MIPS 1004Kc V2.15",
    cpu_count=4,
    cpu_mhz=880,
    memory_bytes=256 * MIB,
    disk_bytes=16 * MIB,
    ports=(*_ethers(1, 5), Port("sfp1")),
    sensors=(("voltage", "V", 24.3), ("temperature", "C", 36.0)),
    firmware_type="mt7621L",
    factory_version="6.48.6",
)

CHR = Hardware(
    board="CHR",
    model="CHR",
    architecture="x86_64",
    cpu="Intel(R)",
    cpu_count=2,
    cpu_mhz=2400,
    memory_bytes=512 * MIB,
    disk_bytes=128 * MIB,
    ports=_ethers(1, 4, "10Gbps"),
    bad_blocks=False,
    is_virtual=True,
)

# The names by which scenarios ask for a model.
HARDWARE = {
    "hap-ax3": HAP_AX3,
    "rb5009": RB5009,
    "ccr2004": CCR2004,
    "rb4011": RB4011,
    "hex-s": HEX_S,
    "chr": CHR,
}
