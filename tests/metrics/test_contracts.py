"""The telemetry message: what is written is read back, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drover.metrics.contracts import (
    DeviceFacts,
    DeviceSample,
    InterfaceSample,
    PollFailure,
    PollResult,
    WirelessSample,
    decode_message,
    encode_message,
    encode_result,
)
from drover.metrics.errors import MalformedTelemetryError

AT = datetime(2026, 11, 24, 12, 0, 0, 250_000, tzinfo=UTC)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
maybe_text = st.one_of(st.none(), text)
maybe_int = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))
maybe_bool = st.one_of(st.none(), st.booleans())
maybe_float = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))


def records(kind: type, **special: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    by_type = {
        "str": text,
        "str | None": maybe_text,
        "int | None": maybe_int,
        "bool | None": maybe_bool,
        "float | None": maybe_float,
    }
    return st.builds(
        kind, **{name: by_type[str(one.type)] for name, one in kind.__dataclass_fields__.items()} | special
    )


answers = st.builds(
    PollResult,
    device_id=st.integers(1, 2**40),
    at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    interval_s=st.integers(10, 3600),
    sample=records(DeviceSample),
    failure=st.none(),
    interfaces=st.one_of(st.none(), st.lists(records(InterfaceSample), max_size=3)),
    wireless=st.one_of(st.none(), st.lists(records(WirelessSample), max_size=3)),
    rates_known=st.booleans(),
    facts=st.one_of(st.none(), records(DeviceFacts)),
    capabilities=st.one_of(st.none(), st.dictionaries(text, text, max_size=3)),
)
failures = st.builds(
    PollResult,
    device_id=st.integers(1, 2**40),
    at=st.just(AT),
    interval_s=st.just(60),
    failure=records(PollFailure),
)


@given(st.lists(st.one_of(answers, failures), max_size=4))
def test_results_survive_the_bus(results):
    assert decode_message(encode_message([encode_result(one) for one in results])) == results


GOOD = orjson.loads(
    encode_message([encode_result(PollResult(1, AT, 60, sample=DeviceSample(cpu_percent=3)))])
)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body | {"v": 2},
        lambda body: {"v": 1},
        lambda body: body | {"results": [{}]},
        lambda body: body | {"results": ["x"]},
        lambda body: body | {"results": [body["results"][0] | {"at": "noon"}]},
        lambda body: body | {"results": [body["results"][0] | {"at": 1e300}]},
        lambda body: body | {"results": [body["results"][0] | {"device_id": "1"}]},
        lambda body: body | {"results": [body["results"][0] | {"device_id": True}]},
        lambda body: body | {"results": [body["results"][0] | {"failure": {"code": "x", "message": "y"}}]},
        lambda body: body | {"results": [body["results"][0] | {"sample": {"cpu_percent": 1}}]},
        lambda body: body | {"results": [body["results"][0] | {"interfaces": [["ether1"]]}]},
        lambda body: body | {"results": [body["results"][0] | {"interfaces": [list(range(16))]}]},
        lambda body: body | {"results": [body["results"][0] | {"capabilities": {"a": 1}}]},
        lambda body: [body],
        lambda body: None,
    ],
)
def test_what_is_not_of_this_version_is_refused_whole(spoil):
    with pytest.raises(MalformedTelemetryError):
        decode_message(orjson.dumps(spoil(dict(GOOD))))


@given(st.binary(max_size=60))
def test_no_bytes_whatever_raise_anything_else(data):
    with pytest.raises(MalformedTelemetryError):
        decode_message(data)
