"""SFTP over the router's file store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncssh
from typing_extensions import override

from rossim import traps
from rossim.menus.resource import free_disk_bytes
from rossim.router import Router

_FILE_MODE = 0o100640
_FOLDER_MODE = 0o040750


class _OpenFile:
    """A file that a client has open; it is stored when it is closed."""

    def __init__(self, name: str, content: bytes, *, writable: bool) -> None:
        self.name = name
        self.content = bytearray(content)
        self.writable = writable


class RouterFiles(asyncssh.SFTPServer):
    """What a client sees of one router's files; needs the `ftp` policy, as on a router."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], router: Router) -> None:
        super().__init__(channel)
        self._router = router
        self._session = channel.get_extra_info("router_session")
        if self._session is None:
            raise asyncssh.SFTPPermissionDenied("not signed in")
        try:
            self._session.require("ftp")
        except traps.Trap as trap:
            raise asyncssh.SFTPPermissionDenied(trap.message) from None

    def _name(self, path: bytes) -> str:
        return path.decode("utf-8", "surrogateescape").strip("/").removeprefix("./")

    def _attributes(self, name: str) -> asyncssh.SFTPAttrs:
        stored = self._router.files.files.get(name)
        if stored is not None:
            moment = int(stored.at_s)
            return asyncssh.SFTPAttrs(
                size=len(stored.content), permissions=_FILE_MODE, atime=moment, mtime=moment
            )
        if name in {"", "."} or any(other.startswith(name + "/") for other in self._router.files.files):
            return asyncssh.SFTPAttrs(permissions=_FOLDER_MODE)
        raise asyncssh.SFTPNoSuchFile("no such file")

    @override
    def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        return self._attributes(self._name(path))

    @override
    def lstat(self, path: bytes) -> asyncssh.SFTPAttrs:
        return self.stat(path)

    @override
    def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        return asyncssh.SFTPAttrs(size=len(_opened(file_obj).content), permissions=_FILE_MODE)

    @override
    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Times and modes aren't kept."""

    @override
    def lsetstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Times and modes aren't kept."""

    @override
    def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None:
        """Times and modes aren't kept."""

    @override
    def realpath(self, path: bytes) -> bytes:
        return b"/" + self._name(path).encode("utf-8", "surrogateescape")

    @override
    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        name = self._name(path)
        stored = self._router.files.files.get(name)
        writable = bool(pflags & asyncssh.FXF_WRITE)
        if stored is None and not pflags & asyncssh.FXF_CREAT:
            raise asyncssh.SFTPNoSuchFile("no such file")
        fresh = stored is None or bool(pflags & asyncssh.FXF_TRUNC)
        return _OpenFile(name, b"" if fresh else stored.content, writable=writable)  # type: ignore[union-attr]

    @override
    def open56(self, path: bytes, desired_access: int, flags: int, attrs: asyncssh.SFTPAttrs) -> object:
        raise asyncssh.SFTPOpUnsupported("version 3 only")

    @override
    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        return bytes(_opened(file_obj).content[offset : offset + size])

    @override
    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        file = _opened(file_obj)
        grown = offset + len(data) - len(file.content)
        if not file.writable:
            raise asyncssh.SFTPPermissionDenied("not opened for writing")
        if grown > 0 and grown > free_disk_bytes(self._router):
            raise asyncssh.SFTPFailure("no space left")
        if offset > len(file.content):
            file.content.extend(b"\0" * (offset - len(file.content)))
        file.content[offset : offset + len(data)] = data
        return len(data)

    @override
    def close(self, file_obj: object) -> None:
        file = _opened(file_obj)
        if file.writable:
            self._router.files.write(file.name, bytes(file.content))

    @override
    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        folder = self._name(path)
        prefix = f"{folder}/" if folder else ""
        seen = {
            name.removeprefix(prefix).partition("/")[0]
            for name in self._router.files.files
            if name.startswith(prefix)
        }
        for name in sorted(seen):
            encoded = name.encode("utf-8", "surrogateescape")
            yield asyncssh.SFTPName(encoded, encoded, self._attributes(prefix + name))

    @override
    def remove(self, path: bytes) -> None:
        if self._router.files.files.pop(self._name(path), None) is None:
            raise asyncssh.SFTPNoSuchFile("no such file")

    @override
    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        files = self._router.files.files
        stored = files.pop(self._name(oldpath), None)
        if stored is None:
            raise asyncssh.SFTPNoSuchFile("no such file")
        files[self._name(newpath)] = stored

    @override
    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        self.rename(oldpath, newpath)

    @override
    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Folders are where files are; an empty one isn't kept."""

    @override
    def rmdir(self, path: bytes) -> None:
        """Folders are where files are."""

    @override
    def fsync(self, file_obj: object) -> None:
        """What is written is written."""

    # Whatever isn't overridden would reach the file system of the machine that runs the simulator.

    @override
    def readlink(self, path: bytes) -> bytes:
        raise asyncssh.SFTPOpUnsupported("no links")

    @override
    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPOpUnsupported("no links")

    @override
    def link(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPOpUnsupported("no links")

    @override
    def lock(self, file_obj: object, offset: int, length: int, flags: int) -> None:
        raise asyncssh.SFTPOpUnsupported("no locks")

    @override
    def unlock(self, file_obj: object, offset: int, length: int) -> None:
        raise asyncssh.SFTPOpUnsupported("no locks")

    @override
    def statvfs(self, path: bytes) -> asyncssh.SFTPVFSAttrs:
        raise asyncssh.SFTPOpUnsupported("not known")

    @override
    def fstatvfs(self, file_obj: object) -> asyncssh.SFTPVFSAttrs:
        raise asyncssh.SFTPOpUnsupported("not known")


def _opened(file_obj: object) -> _OpenFile:
    if not isinstance(file_obj, _OpenFile):
        raise asyncssh.SFTPInvalidHandle("not an open file")
    return file_obj
