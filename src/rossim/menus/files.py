"""/file: the router's file store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim import traps
from rossim.clock import format_moment
from rossim.files import FileStore
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Answer, Menu, Values
from routeros.sentences import Command

_CONTENTS_LIMIT_V6 = 4096
_CONTENTS_LIMIT_V7 = 60 * 1024
_CHUNK_LIMIT = 32768


def _type(name: str) -> str:
    suffix = name.rpartition(".")[2]
    return {"rsc": "script", "backup": "backup", "npk": "package"}.get(suffix, f".{suffix} file")


def _files(router: Router) -> Iterable[Values]:
    limit = _CONTENTS_LIMIT_V7 if router.platform.v7 else _CONTENTS_LIMIT_V6
    for name, stored in router.files.files.items():
        moment = format_moment(stored.at_s, iso=router.platform.iso_dates)
        values = {
            ".id": f"*{stored.number:X}",
            "name": name,
            "type": _type(name),
            "size": str(len(stored.content)),
            "last-modified" if router.platform.v7 else "creation-time": moment,
        }
        if len(stored.content) <= limit and _type(name) != "backup":
            values["contents"] = stored.content.decode("utf-8", "surrogateescape")
        yield values


def _named(files: FileStore, command: Command) -> str:
    wanted = (
        command.attributes.get("file")
        or command.attributes.get(".id")
        or command.attributes.get("numbers")
        or command.attributes.get("name")
    )
    if not wanted:
        raise traps.missing("file")
    for name, stored in files.files.items():
        if wanted in (name, f"*{stored.number:X}"):
            return name
    raise traps.no_such_item()


def _read(router: Router, session: Session, command: Command) -> Answer:
    session.require("ftp")
    content = router.files.files[_named(router.files, command)].content
    offset = int(command.attributes.get("offset", "0"))
    size = int(command.attributes.get("chunk-size", str(_CHUNK_LIMIT)))
    if not 1 <= size <= _CHUNK_LIMIT:
        raise traps.out_of_range("chunk-size", 1, _CHUNK_LIMIT)
    return Answer([{"data": content[offset : offset + size].decode("utf-8", "surrogateescape")}])


def _remove(router: Router, session: Session, command: Command) -> Answer:
    session.require("write")
    del router.files.files[_named(router.files, command)]
    return Answer()


def menus(platform: Platform) -> Iterator[Menu]:
    actions = {"remove": _remove}
    if platform.dotted_shorthand:  # /file/read came with 7.13
        actions["read"] = _read
    yield Menu("/file", readable_only=True, dynamic=_files, key="name", actions=actions)
