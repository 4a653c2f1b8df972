"""Becomes another program that dies with its parent, as another account if told so.

Run as a script with the standard library only: `launch.py PARENT_PID SIGNAL UID GID COMMAND...`
(UID and GID `-1` keep the current account). A separate program rather than a function between fork
and exec, because the parent has threads and the kernel's death signal is cleared by a change of user.
"""

import ctypes
import os
import sys

# From <sys/prctl.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def _die_with_parent(parent_pid: int, death_signal: int) -> None:
    if not sys.platform.startswith("linux"):
        return  # no such call elsewhere: the next start finds and stops what a killed parent left
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_PR_SET_NO_NEW_PRIVS, 1), (_PR_SET_PDEATHSIG, death_signal)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent_pid:
        sys.exit("the parent is gone already")


def main(arguments: list[str]) -> None:
    parent_pid, death_signal, uid, gid = (int(value) for value in arguments[:4])
    command = arguments[4:]
    if uid != -1:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    _die_with_parent(parent_pid, death_signal)
    os.execv(command[0], command)  # noqa: S606 - becoming the program is the point


if __name__ == "__main__":
    main(sys.argv[1:])
