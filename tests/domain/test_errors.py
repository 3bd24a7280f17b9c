"""Whatever goes wrong is said in a whole sentence, found in the source: a new one is covered without a line here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import studio_desktop
from studio_desktop.domain import errors

_KINDS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.StudioError)
}
_ENDS = (".", "?", "}", ")", ";", ":")
_WORDS_OF_PROGRAMMERS = ("exception", "traceback", "null", "sqlstate", "constraint", "invalid argument")


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where an error is made, its sentence, and the values it is given; None where those come from elsewhere."""
    program = Path(studio_desktop.__file__).parent
    for path in sorted(program.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in _KINDS and isinstance(call.args[0].value, str):
                values = {word.arg for word in call.keywords}
                given = None if None in values else {value for value in values if value is not None}
                yield f"{path.name}:{call.lineno}", call.args[0].value, given


def test_that_every_error_is_a_sentence_that_has_all_its_values() -> None:
    """RELIABILITY E11: no half sentence, no word of the machinery, and no error while an error is told."""
    found = list(raised())
    assert len(found) > 150
    wrong = []
    for where, sentence, given in found:
        wanted = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
        lacks_value = given is not None and not wanted <= given
        is_sentence = sentence == "{sentences}" or (" " in sentence and sentence.endswith(_ENDS))
        if lacks_value or not is_sentence or any(word in sentence.lower().split() for word in _WORDS_OF_PROGRAMMERS):
            wrong.append((where, sentence))
    assert wrong == []
