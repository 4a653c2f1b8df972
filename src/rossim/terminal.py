"""The interactive console: a prompt, an echo, a line at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncssh

if TYPE_CHECKING:
    from rossim.console import Console

_READ_BYTES = 4096
_END_OF_TRANSMISSION = "\x04"
_INTERRUPT = "\x03"
_ERASE = ("\x7f", "\x08")


class Terminal:
    """One interactive session: characters in, what the screen shows out."""

    def __init__(self, console: Console, *, has_echo: bool) -> None:
        self._console = console
        self._has_echo = has_echo
        self._line = ""
        self._after_return = False
        self.is_over = False

    def greet(self) -> str:
        return "\r\n" + self._console.prompt

    def type(self, text: str) -> str:
        """Take what was typed; what comes after the end of the session is left alone."""
        shown = ""
        for character in text:
            if self.is_over:
                break
            shown += self._press(character)
        return shown

    def clear(self) -> None:
        self._line = ""

    def _press(self, character: str) -> str:
        follows_return, self._after_return = self._after_return, character == "\r"
        if character == "\n" and follows_return:
            return ""
        if character in "\r\n":
            return self._enter()
        if character == _END_OF_TRANSMISSION:
            self.is_over = True
            return ""
        if character == _INTERRUPT:
            self._line = ""
            return "\r\n" + self._console.prompt
        if character in _ERASE:
            was, self._line = self._line, self._line[:-1]
            return "\b \b" if was else ""
        if character < " ":
            return ""
        self._line += character
        return character if self._has_echo else ""

    def _enter(self) -> str:
        line, self._line = self._line, ""
        result = self._console.run(line)
        if result.quits:
            self.is_over = True
            return "\r\n" + result.text
        return "\r\n" + result.text + self._console.prompt


async def run_terminal(console: Console, client: asyncssh.SSHServerProcess[bytes], *, has_echo: bool) -> None:
    """Talk until the client leaves."""
    terminal = Terminal(console, has_echo=has_echo)
    client.stdout.write(terminal.greet().encode("utf-8", "surrogateescape"))
    while not terminal.is_over:
        try:
            data = await client.stdin.read(_READ_BYTES)
        except asyncssh.TerminalSizeChanged:
            continue
        except asyncssh.BreakReceived:
            terminal.clear()
            continue
        if not data:
            return
        shown = terminal.type(data.decode("utf-8", "surrogateescape"))
        client.stdout.write(shown.encode("utf-8", "surrogateescape"))
