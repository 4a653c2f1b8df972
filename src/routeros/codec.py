"""Words and sentences as bytes.

A sentence is words ended by a word of length zero; a word is its length, then its bytes. The length is
big endian in one to five bytes, told apart by the first bits:

    length below   bytes  first byte
    0x80           1      0xxxxxxx
    0x4000         2      10xxxxxx
    0x200000       3      110xxxxx
    0x10000000     4      1110xxxx
    0x100000000    5      11110000, then four bytes

First bytes above 0xF0 are reserved: the peer speaks something that we don't know, and there is no way to
find the next word, so the connection is over. A length that would fit a shorter form is read all the same.
Empty sentences are skipped.

The decoder holds at most one unfinished sentence, and refuses a length beyond its limits when it has read
the length, before it has read the word.
"""

from __future__ import annotations

from collections.abc import Iterable

from routeros.errors import LocalProtocolError, RemoteProtocolError

# /file/read gives 32768 bytes at most, `contents` 60 KB; a script source or a certificate may be longer.
DEFAULT_MAX_WORD_BYTES = 1 << 20
DEFAULT_MAX_SENTENCE_WORDS = 4096
DEFAULT_MAX_SENTENCE_BYTES = 2 << 20

_EMPTY_WORD = b"\x00"


def encode_length(length: int) -> bytes:
    """Encode a word's length in its shortest form."""
    if length < 0x80:
        if length < 0:
            raise LocalProtocolError("a word's length can't be negative")
        return bytes((length,))
    if length < 0x4000:
        return (length | 0x8000).to_bytes(2, "big")
    if length < 0x200000:
        return (length | 0xC00000).to_bytes(3, "big")
    if length < 0x10000000:
        return (length | 0xE0000000).to_bytes(4, "big")
    if length < 0x100000000:
        return b"\xf0" + length.to_bytes(4, "big")
    raise LocalProtocolError(f"a word of {length} bytes is too long for the protocol")


def encode_sentence(words: Iterable[bytes]) -> bytes:
    """Encode `words` as one sentence; there is at least one and none is empty, as that would end it early."""
    parts: list[bytes] = []
    for word in words:
        if not word:
            raise LocalProtocolError("an empty word inside a sentence")
        parts.append(encode_length(len(word)))
        parts.append(word)
    if not parts:
        raise LocalProtocolError("a sentence without words")
    parts.append(_EMPTY_WORD)
    return b"".join(parts)


class Decoder:
    """Turns bytes, cut anywhere, into sentences.

    After a RemoteProtocolError it only repeats that error: what follows can't be understood. Sentences that
    came whole in the same bytes as the violation are lost with it.
    """

    __slots__ = (
        "_error",
        "_max_sentence_bytes",
        "_max_sentence_words",
        "_max_word_bytes",
        "_needed",
        "_sentence_bytes",
        "_tail",
        "_words",
    )

    def __init__(
        self,
        *,
        max_word_bytes: int = DEFAULT_MAX_WORD_BYTES,
        max_sentence_words: int = DEFAULT_MAX_SENTENCE_WORDS,
        max_sentence_bytes: int = DEFAULT_MAX_SENTENCE_BYTES,
    ) -> None:
        self._max_word_bytes = max_word_bytes
        self._max_sentence_words = max_sentence_words
        self._max_sentence_bytes = max_sentence_bytes
        self._tail = bytearray()  # the beginning of an unfinished word, its length included
        self._needed = 1  # how long the tail must get before it is worth looking at again
        self._words: list[bytes] = []  # the finished words of an unfinished sentence
        self._sentence_bytes = 0  # what those words took on the wire
        self._error: RemoteProtocolError | None = None

    @property
    def buffered_bytes(self) -> int:
        """How much of an unfinished sentence is held."""
        return self._sentence_bytes + len(self._tail)

    def feed(self, data: bytes) -> list[list[bytes]]:
        """Take bytes from the peer and return the sentences that are now whole, in order."""
        if self._error is not None:
            raise self._error
        if self._tail:
            self._tail += data
            if len(self._tail) < self._needed:
                return []
            data = bytes(self._tail)
            self._tail.clear()
        try:
            return self._scan(data)
        except RemoteProtocolError as error:
            self._error = error
            self._words = []
            self._sentence_bytes = 0
            raise

    def _scan(self, data: bytes) -> list[list[bytes]]:
        sentences: list[list[bytes]] = []
        words = self._words
        end = len(data)
        begin = -self._sentence_bytes  # where the sentence at hand began, as if it all were in data
        position = 0
        needed = 1
        while position < end:
            length = data[position]
            start = position + 1
            if length >= 0x80:
                start = position + _header_size(length)
                if start > end:
                    needed = start - position
                    break
                length = _long_length(data, position, start)
            if length > self._max_word_bytes:
                raise RemoteProtocolError(
                    f"a word of {length} bytes is over the limit of {self._max_word_bytes}"
                )
            if length == 0:
                position = start
                if words:
                    self._check_sentence(len(words), position - begin)
                    sentences.append(words)
                    words = []
                begin = position
                continue
            stop = start + length
            if stop > end:
                needed = stop - position
                break
            words.append(data[start:stop])
            position = stop
        self._words = words
        self._sentence_bytes = position - begin
        self._check_sentence(len(words), self._sentence_bytes + (needed if position < end else 0))
        if position < end:
            self._tail += data[position:]
        self._needed = needed
        return sentences

    def _check_sentence(self, word_count: int, size_bytes: int) -> None:
        if word_count > self._max_sentence_words:
            raise RemoteProtocolError(f"a sentence of more than {self._max_sentence_words} words")
        if size_bytes > self._max_sentence_bytes:
            raise RemoteProtocolError(f"a sentence of more than {self._max_sentence_bytes} bytes")


def _header_size(first: int) -> int:
    if first < 0xC0:
        return 2
    if first < 0xE0:
        return 3
    if first < 0xF0:
        return 4
    if first == 0xF0:
        return 5
    raise RemoteProtocolError(f"reserved control byte 0x{first:02X}")


def _long_length(data: bytes, position: int, start: int) -> int:
    size = start - position
    if size == 5:
        return int.from_bytes(data[position + 1 : start], "big")
    # two, three or four bytes, whose first two, three or four bits say so
    return int.from_bytes(data[position:start], "big") & ((1 << (8 * size - size)) - 1)
