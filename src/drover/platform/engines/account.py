"""Which system account the engines' servers run as, and what that account can reach.

PostgreSQL refuses to run as root, so as root the engines get an unprivileged account. As anybody
else they run as that person.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from drover.platform.engines.errors import EngineError

# `drover` when the administrator made one for us; `nobody` is on every system.
_UNPRIVILEGED = ("drover", "nobody")


@dataclass(frozen=True)
class EngineAccount:
    """The account of the engines; `drops` when starting them means leaving root."""

    name: str
    uid: int
    gid: int
    drops: bool

    def can_read(self, path: Path, *, needs: int = 0o5) -> bool:
        """Whether the account has the rights `needs` (as one octal digit) on a path and may walk to it."""
        if not self.drops:
            return os.access(path, needs)
        return self.can_enter(path.parent) and self._has(path, needs)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may walk through a folder and all folders above it."""
        resolved = folder.resolve()
        if not self.drops:
            return os.access(resolved, os.X_OK)
        return all(self._has(step, 0o1) for step in (resolved, *resolved.parents))

    def _has(self, path: Path, needs: int) -> bool:
        status = path.stat()
        if status.st_uid == self.uid:
            granted = status.st_mode >> 6
        elif status.st_gid == self.gid:
            granted = status.st_mode >> 3
        else:
            granted = status.st_mode
        return granted & needs == needs

    def own_folder(self, folder: Path) -> None:
        """Make a folder that only the account (and root) can use, or check that it is one."""
        try:
            folder.mkdir(mode=0o700)
            if self.drops:
                os.chown(folder, self.uid, self.gid)
        except FileExistsError:
            pass
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.uid:
            raise EngineError(
                f"{folder} must be a folder of the account {self.name}; remove it or give it back"
                f" (chown -R {self.name} {folder})"
            )
        if stat.S_IMODE(status.st_mode) != 0o700:
            folder.chmod(0o700)


def choose_account(data_owner_uid: int | None = None) -> EngineAccount:
    """The account for the engines: ourselves, or an unprivileged one when we are root.

    `data_owner_uid` is who owns the data that is there already: root goes on with that account, so
    that `sudo` now and then does no harm.
    """
    uid = os.geteuid()
    if uid != 0:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise EngineError(
                f"user id {uid} has no entry in the system's accounts, and PostgreSQL's initdb wants one;"
                " add it to /etc/passwd (in a container: adduser)"
            ) from None
        return EngineAccount(entry.pw_name, uid, os.getegid(), drops=False)
    if data_owner_uid:
        try:
            entry = pwd.getpwuid(data_owner_uid)
        except KeyError:
            raise EngineError(
                f"the database's folder belongs to user id {data_owner_uid}, which has no entry in the"
                " system's accounts; give the folder to an existing account with chown -R"
            ) from None
        return EngineAccount(entry.pw_name, entry.pw_uid, entry.pw_gid, drops=True)
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return EngineAccount(name, entry.pw_uid, entry.pw_gid, drops=True)
    raise EngineError(
        "running as root needs an unprivileged account for the engines: adduser --system drover"
    )
