"""Lines of the console, as SSH brings them: menus, commands, `[find ...]`, and what they print.

No scripting language: one command a line, `:put` of a command's value or of text, `:log`. What a script
would need beyond that is refused as the router refuses what it doesn't know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rossim import traps
from rossim.commands import execute
from rossim.console_print import format_rows, format_single
from rossim.console_words import Bracket, ConsoleWord, read_words
from rossim.export import export
from rossim.printing import all_shown
from rossim.tree import Answer, Menu
from routeros.sentences import Command

if TYPE_CHECKING:
    from rossim.router import Router
    from rossim.sessions import Session

_VERB_WORDS = (
    "print add set remove enable disable move get find comment unset export edit monitor reset-counters "
    "monitor-traffic reboot read"
)
_VERBS = _VERB_WORDS.split()
_MODIFIER_WORDS = (
    "detail terse brief stats stats-detail count-only without-paging as-value value-list once follow all "
    "verbose compact show-sensitive hide-sensitive"
)
_BARE_WORDS = frozenset(_MODIFIER_WORDS.split())


@dataclass(slots=True)
class ConsoleResult:
    """What a line printed, its lines ended by CR LF, and whether the router refused it."""

    text: str = ""
    failed: bool = False
    quits: bool = False


@dataclass(slots=True)
class _Parsed:
    """A line, taken apart."""

    menu: Menu
    verb: str
    attributes: dict[str, str] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)


class Console:
    """One console session: it stays in the menu that it was last told to enter."""

    def __init__(self, router: Router, session: Session) -> None:
        self._router = router
        self._session = session
        self._where = ""

    @property
    def prompt(self) -> str:
        place = self._where.replace("/", " ").strip()
        inside = f" /{place}" if place else ""
        return f"[{self._session.username}@{self._router.identity}]{inside} > "

    def run(self, line: str) -> ConsoleResult:
        """Carry out a line; never raises for what is wrong with it."""
        try:
            return self._run(line.strip())
        except traps.Trap as trap:
            return ConsoleResult(f"{trap.message}\r\n", failed=True)

    def _run(self, line: str) -> ConsoleResult:
        if line in ("", "/", ".."):
            self._where = (
                "" if line == "/" else self._where.rpartition("/")[0] if line == ".." else self._where
            )
            return ConsoleResult()
        if line in ("quit", "/quit", "exit"):
            return ConsoleResult("interrupted\r\n", quits=True)
        words = read_words(line)
        if words[0].text == ":put":
            return ConsoleResult(self._value(words[1:]) + "\r\n")
        if words[0].text in (":log", "/log") and len(words) == 3:
            self._router.log.add(f"script,{words[1].text}", words[2].text)
            return ConsoleResult()
        parsed = self._parse(words)
        if parsed is None:
            return ConsoleResult()
        return ConsoleResult(self._execute(parsed))

    def _value(self, words: list[ConsoleWord]) -> str:
        if len(words) != 1:
            raise traps.Trap("expected end of command (line 1 column 6)")
        word = words[0]
        if word.bracket is None:
            return word.text
        parsed = self._parse(word.bracket.words)
        if parsed is None:
            raise traps.Trap("bad command name (line 1 column 7)")
        if parsed.verb == "find":
            return ";".join(self._find(parsed))
        if parsed.verb == "print":
            rows = self._rows(parsed)
            return ";".join(";".join(f"{name}={value}" for name, value in row.items()) for row in rows)
        if parsed.verb == "get" and parsed.bare:
            *rows_named, name = parsed.bare
            parsed.attributes["value-name"] = name
            if rows_named:
                parsed.attributes["numbers"] = rows_named[0]
        return self._answer(parsed, parsed.verb).ret or ""

    def _parse(self, words: list[ConsoleWord], inside: str | None = None) -> _Parsed | None:
        """Find the menu and the command; None when the line only enters a menu.

        `inside` is the menu of the command in whose brackets this one stands.
        """
        menus = self._router.tree.menus
        path = "" if words[0].text[:1] in ("/", ":") else self._where if inside is None else inside
        steps: list[tuple[str, int]] = []
        for index, word in enumerate(words):
            if word.name is not None or word.bracket is not None:
                break
            steps += [(part, index) for part in word.text.split("/") if part]
        used = 0
        for part, index in steps:
            longer = _complete(f"{path}/{part}", path, menus)
            if longer is None:
                verb = _verb(menus, path, part)
                if verb is None:
                    raise traps.Trap(f"bad command name {part} (line 1 column {words[index].column})")
                return self._arguments(menus.get(path) or Menu(path), verb, words[index + 1 :])
            path = longer
            used = index
        if len(words) > used + 1:
            raise traps.Trap(
                f"bad command name {words[used + 1].text} (line 1 column {words[used + 1].column})"
            )
        self._where = path
        return None

    def _arguments(self, menu: Menu, verb: str, words: list[ConsoleWord]) -> _Parsed:
        parsed = _Parsed(menu, verb)
        in_where = verb == "find"
        for word in words:
            if word.name is None and word.text == "where" and verb == "print":
                in_where = True
            elif in_where:
                parsed.where.append(_condition(word))
            elif word.bracket is not None:
                found = self._bracket(word.bracket, menu.path)
                if word.name is None:
                    parsed.bare.append(found)
                else:
                    parsed.attributes[word.name] = found
            elif word.name is not None:
                parsed.attributes[word.name] = word.text
            elif word.text in _BARE_WORDS:
                parsed.attributes[word.text] = ""
            else:
                parsed.bare.append(word.text)
        return parsed

    def _bracket(self, bracket: Bracket, inside: str) -> str:
        parsed = self._parse(bracket.words, inside) if bracket.words else None
        if parsed is None:
            raise traps.Trap("bad command name (line 1 column 1)")
        if parsed.verb == "find":
            return ",".join(self._find(parsed))
        return self._value([ConsoleWord(0, "", bracket=bracket)])

    def _find(self, parsed: _Parsed) -> list[str]:
        self._session.require("read")
        answer = self._answer(_Parsed(parsed.menu, "find", where=parsed.where), "find")
        return [word for word in (answer.ret or "").split(",") if word]

    def _rows(self, parsed: _Parsed) -> list[dict[str, str]]:
        answer = self._answer(parsed, "print")
        return [dict(row) for row in answer.rows]

    def _answer(self, parsed: _Parsed, verb: str) -> Answer:
        command = Command(f"{parsed.menu.path}/{verb}", parsed.attributes, tuple(parsed.where), None)
        answer = execute(self._router, self._session, command)
        if not isinstance(answer, Answer):
            raise traps.Trap("only `once` is possible here")
        return answer

    def _execute(self, parsed: _Parsed) -> str:
        if parsed.verb == "export":
            return export(self._router, self._session, parsed.menu.path, parsed.attributes)
        if parsed.verb == "print":
            return self._print(parsed)
        if parsed.bare and not parsed.menu.single:
            parsed.attributes["numbers"] = self._targets(parsed)
        elif (
            not parsed.bare
            and parsed.verb in ("set", "remove", "enable", "disable")
            and not parsed.menu.single
        ):
            raise traps.Trap("missing value(s) of argument(s) numbers")
        if parsed.verb in ("set", "remove", "enable", "disable") and parsed.attributes.get("numbers") == "":
            return ""  # [find] found nothing, which is no error
        answer = self._answer(parsed, parsed.verb)
        return "".join(format_single(parsed.menu, row) for row in answer.rows)

    def _targets(self, parsed: _Parsed) -> str:
        """Rows named by position, as print numbers them, by name or by `.id`."""
        rows = list(all_shown(self._router, self._session, parsed.menu))
        names = []
        for word in ",".join(parsed.bare).split(","):
            if word.isdigit() and (parsed.menu.name_key is None or int(word) < len(rows)):
                if int(word) >= len(rows):
                    raise traps.no_such_item()
                names.append(rows[int(word)][".id"])
            else:
                names.append(word)
        return ",".join(filter(None, names))

    def _print(self, parsed: _Parsed) -> str:
        answer = self._answer(parsed, "print")
        if "count-only" in parsed.attributes:
            return f"{answer.ret}\r\n"
        if "as-value" in parsed.attributes:
            return ""
        rows = [dict(row) for row in answer.rows]
        if parsed.menu.single:
            return format_single(parsed.menu, rows[0]) if rows else ""
        return format_rows(parsed.menu, rows)


def _complete(wanted: str, parent: str, menus: Mapping[str, Menu]) -> str | None:
    """The menu, or the part of a path to one, that `wanted` is or abbreviates without doubt."""
    below = {
        "/".join(path.split("/")[: parent.count("/") + 2]) for path in menus if path.startswith(parent + "/")
    }
    if wanted in below:
        return wanted
    part = wanted.rpartition("/")[2]
    if part in _VERBS:
        return None
    begun = [path for path in below if path.startswith(wanted)]
    return begun[0] if len(begun) == 1 else None


def _verb(menus: Mapping[str, Menu], path: str, part: str) -> str | None:
    menu = menus.get(path)
    own = list(menu.actions) if menu is not None else []
    choices = own + (_VERBS if menu is not None else ["export"])
    if part in choices:
        return part
    begun = sorted({verb for verb in choices if verb.startswith(part)})
    if not begun:
        return None
    return begun[0] if len(begun) == 1 else next((verb for verb in begun if verb == "print"), None)


def _condition(word: ConsoleWord) -> str:
    """A condition of `find` or `where` as a query word."""
    if word.name is None:
        return f"?{word.text}=true" if not word.text.startswith("!") else f"?{word.text[1:]}=false"
    if word.operator == "!=":
        raise traps.Trap("only = is understood here")
    sign = "" if word.operator == "=" else word.operator
    value = {"yes": "true", "no": "false"}.get(word.text, word.text)
    return f"?{sign}{word.name}={value}"
