"""Words and sentences against literal bytes, cut anywhere, and against peers that mean harm."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeros.codec import Decoder, encode_length, encode_sentence
from routeros.errors import Fault, LocalProtocolError, RemoteProtocolError

# Bytes as MikroTik's documentation of the API gives them: https://help.mikrotik.com/docs/display/ROS/API
LENGTHS = [
    (0x00, "00"),
    (0x01, "01"),
    (0x7F, "7F"),
    (0x80, "80 80"),
    (0x87, "80 87"),
    (0x3FFF, "BF FF"),
    (0x4000, "C0 40 00"),
    (0x1FFFFF, "DF FF FF"),
    (0x200000, "E0 20 00 00"),
    (0xFFFFFFF, "EF FF FF FF"),
    (0x10000000, "F0 10 00 00 00"),
    (0xFFFFFFFF, "F0 FF FF FF FF"),
]

# Sentences as recorded or documented, with their bytes written out.
SENTENCES = [
    ("06 2F 6C 6F 67 69 6E 00", [b"/login"]),
    (
        "06 2F 6C 6F 67 69 6E 0B 3D 6E 61 6D 65 3D 61 64 6D 69 6E 0A 3D 70 61 73 73 77 6F 72 64 3D 00",
        [b"/login", b"=name=admin", b"=password="],
    ),
    ("05 21 64 6F 6E 65 00", [b"!done"]),
    (
        "05 21 64 6F 6E 65 25 3D 72 65 74 3D 65 39 66 65 35 39 35 62 30 37 33 66 31 33 38 66 66 62 61 61 38 30"
        "32 63 38 63 33 34 36 36 36 37 00",
        [b"!done", b"=ret=e9fe595b073f138ffbaa802c8c346667"],
    ),
    ("06 21 65 6D 70 74 79 00", [b"!empty"]),
    ("06 21 66 61 74 61 6C 0D 6E 6F 74 20 6C 6F 67 67 65 64 20 69 6E 00", [b"!fatal", b"not logged in"]),
    (
        "05 21 74 72 61 70 07 2E 74 61 67 3D 31 30 0B 3D 63 61 74 65 67 6F 72 79 3D 32"
        "14 3D 6D 65 73 73 61 67 65 3D 69 6E 74 65 72 72 75 70 74 65 64 00",
        [b"!trap", b".tag=10", b"=category=2", b"=message=interrupted"],
    ),
    # a comment in the code page 1251
    ("03 21 72 65 0C 3D 63 6F 6D 6D 65 6E 74 3D C7 E0 EF 00", [b"!re", b"=comment=\xc7\xe0\xef"]),
    # words of 128 and of 200 bytes: two bytes of length
    ("03 21 72 65 80 80 " + "61" * 128 + " 00", [b"!re", b"a" * 128]),
    ("03 21 72 65 80 C8 " + "62" * 200 + " 00", [b"!re", b"b" * 200]),
    # three bytes of length
    ("03 21 72 65 C0 40 00 " + "63" * 0x4000 + " 00", [b"!re", b"c" * 0x4000]),
    # lengths in longer forms than they need
    ("80 03 21 72 65 00", [b"!re"]),
    ("C0 00 03 21 72 65 00", [b"!re"]),
    ("E0 00 00 03 21 72 65 00", [b"!re"]),
    ("F0 00 00 00 03 21 72 65 00", [b"!re"]),
    # and the end of a sentence so
    ("03 21 72 65 80 00", [b"!re"]),
]

BROKEN = [f"{first:02X}" for first in range(0xF1, 0x100)]


def from_hex(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize(("length", "encoded"), LENGTHS)
def test_a_length_is_encoded_as_documented(length: int, encoded: str) -> None:
    assert encode_length(length) == from_hex(encoded)


@pytest.mark.parametrize("length", [-1, 0x100000000])
def test_a_length_outside_the_protocol_is_refused(length: int) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        encode_length(length)
    assert caught.value.fault is Fault.CALLER


@pytest.mark.parametrize(("encoded", "words"), SENTENCES)
def test_a_sentence_is_read_whole_byte_by_byte_and_with_more_behind_it(
    encoded: str, words: list[bytes]
) -> None:
    data = from_hex(encoded)
    assert Decoder().feed(data) == [words]

    decoder = Decoder()
    found = []
    for offset in range(len(data)):
        found += decoder.feed(data[offset : offset + 1])
    assert found == [words]
    assert decoder.buffered_bytes == 0

    decoder = Decoder()
    assert decoder.feed(data + data + b"\x05!do") == [words, words]
    assert decoder.feed(b"ne\x00") == [[b"!done"]]


@pytest.mark.parametrize(("encoded", "words"), SENTENCES[:8])
def test_a_sentence_is_written_as_recorded(encoded: str, words: list[bytes]) -> None:
    assert encode_sentence(words) == from_hex(encoded).rstrip(b"\0") + b"\0"


@pytest.mark.parametrize(("encoded", "words"), SENTENCES)
def test_a_sentence_cut_in_two_anywhere_is_read(encoded: str, words: list[bytes]) -> None:
    data = from_hex(encoded)
    step = max(1, len(data) // 64)
    for cut in range(1, len(data), step):
        decoder = Decoder()
        assert decoder.feed(data[:cut]) + decoder.feed(data[cut:]) == [words]


def test_empty_sentences_are_skipped() -> None:
    assert Decoder().feed(b"\0\0\x05!done\0\0\0") == [[b"!done"]]


@pytest.mark.parametrize("words", [[], [b""], [b"/login", b"", b"=name=a"]])
def test_what_would_end_a_sentence_early_is_refused(words: list[bytes]) -> None:
    with pytest.raises(LocalProtocolError):
        encode_sentence(words)


@pytest.mark.parametrize("first", BROKEN)
def test_a_reserved_control_byte_ends_it_for_good(first: str) -> None:
    decoder = Decoder()
    with pytest.raises(RemoteProtocolError, match=f"0x{first}") as caught:
        decoder.feed(b"\x03!re" + from_hex(first))
    assert caught.value.fault is Fault.ROUTER
    with pytest.raises(RemoteProtocolError):
        decoder.feed(b"\x05!done\0")


# --- hostile peers ------------------------------------------------------------------------------


def feed_whole(decoder: Decoder, data: bytes) -> None:
    decoder.feed(data)


def feed_bytes(decoder: Decoder, data: bytes) -> None:
    for offset in range(len(data)):
        decoder.feed(data[offset : offset + 1])


@pytest.mark.parametrize("feed", [feed_whole, feed_bytes])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x65" + b"x" * 101, "a word of 101 bytes"),
        (from_hex("F0 FF FF FF FF"), "a word of 4294967295 bytes"),
        (from_hex("EF FF FF FF"), "a word of 268435455 bytes"),
        (b"\x01a" * 11, "more than 10 words"),
        (b"\x01a" * 11 + b"\0", "more than 10 words"),
        ((b"\x64" + b"x" * 100) * 5, "more than 400 bytes"),
        ((b"\x64" + b"x" * 100) * 3 + b"\x64", "more than 400 bytes"),
    ],
)
def test_more_than_the_limits_is_refused_however_it_comes(feed: object, data: bytes, reason: str) -> None:
    decoder = Decoder(max_word_bytes=100, max_sentence_words=10, max_sentence_bytes=400)
    with pytest.raises(RemoteProtocolError, match=reason):
        feed(decoder, data)  # type: ignore[operator]


def test_what_just_fits_the_limits_is_read() -> None:
    decoder = Decoder(max_word_bytes=100, max_sentence_words=10, max_sentence_bytes=400)
    assert decoder.feed(b"\x64" + b"x" * 100 + b"\0") == [[b"x" * 100]]
    assert decoder.feed(b"\x01a" * 10 + b"\0") == [[b"a"] * 10]


def test_a_sentence_that_never_ends_takes_bounded_memory() -> None:
    decoder = Decoder(max_word_bytes=1000, max_sentence_words=100, max_sentence_bytes=50_000)
    word = b"\x83\xe8" + b"x" * 1000
    tracemalloc.start()
    try:
        with pytest.raises(RemoteProtocolError):
            for _ in range(1000):
                decoder.feed(word)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200_000
    assert decoder.buffered_bytes <= 50_000


def test_a_large_word_in_small_pieces_takes_time_in_proportion() -> None:
    # Copying all that came before with each piece would move 128 GB here.
    size = 0x100000
    decoder = Decoder(max_word_bytes=size)
    decoder.feed(encode_length(size))
    for _ in range(size // 4):
        assert decoder.feed(b"abcd") == []
    assert decoder.feed(b"\0") == [[b"abcd" * (size // 4)]]


# --- properties ---------------------------------------------------------------------------------

word_lists = st.lists(
    st.lists(
        st.one_of(st.binary(min_size=1, max_size=20), st.binary(min_size=100, max_size=300)), min_size=1
    ),
    max_size=5,
)


@given(word_lists, st.data())
def test_what_is_encoded_is_decoded_however_it_is_cut(
    sentences: list[list[bytes]], data: st.DataObject
) -> None:
    stream = b"".join(encode_sentence(words) for words in sentences)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    decoder = Decoder()
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += decoder.feed(stream[start:end])
    assert found == sentences
    assert decoder.buffered_bytes == 0


@given(st.binary(max_size=400), st.integers(1, 7))
def test_any_bytes_give_sentences_or_a_protocol_error_the_same_way_however_cut(
    data: bytes, step: int
) -> None:
    def outcome(pieces: list[bytes]) -> tuple[list[list[bytes]], bool]:
        decoder = Decoder(max_word_bytes=300, max_sentence_words=50, max_sentence_bytes=300)
        found: list[list[bytes]] = []
        try:
            for piece in pieces:
                found += decoder.feed(piece)
        except RemoteProtocolError:
            return found, True
        return found, False

    single, single_failed = outcome([data[offset : offset + 1] for offset in range(len(data))])
    stepped, stepped_failed = outcome([data[offset : offset + step] for offset in range(0, len(data), step)])
    assert single_failed == stepped_failed
    assert single[: len(stepped)] == stepped  # sentences in the same piece as the violation are lost with it
