"""What the search must find, by brute force: the rank of every client by plain Python over every text, no index."""

from __future__ import annotations

from collections.abc import Iterable

from studio_desktop.domain.search import Hit, Question, Rank, SearchText, is_one_edit, parse


class Oracle:
    """The clients whose search texts these are."""

    def __init__(self, texts: Iterable[SearchText]) -> None:
        self._texts = sorted(texts, key=lambda text: (text.sort_key, text.client_id))
        self._names = {
            word
            for text in self._texts
            for word in f"{text.own} {text.alias}".split()
            if len(word) >= 3 and not any(c.isdigit() for c in word)
        }

    def find(self, typed: str, limit: int = 50, offset: int = 0) -> list[Hit]:
        """The clients that answer, each at its best rank, in result order."""
        question = parse(typed)
        if not question.number:
            return []
        ranked = [(rank, text) for text in self._texts if (rank := _rank(question, text)) is not None]
        hits = [Hit(text.client_id, rank) for rank, text in sorted(ranked, key=lambda found: found[0])]
        if len(hits) < 5 and question.words and not question.is_email:
            hits += self._by_typo(question, {hit.client_id for hit in hits})
        return hits[offset : offset + limit]

    def _by_typo(self, question: Question, found: set[int]) -> list[Hit]:
        corrected = {
            word: {name for name in self._names if is_one_edit(word, name)}
            for word in question.words
            if len(word) >= 4 and not any(c.isdigit() for c in word)
        }
        if not any(corrected.values()):
            return []
        return [
            Hit(text.client_id, Rank.TYPO)
            for text in self._texts
            if text.client_id not in found
            and all(
                any(name.startswith(word) or name in corrected.get(word, ()) for name in f"{text.own} {text.alias}".split())
                for word in question.words
            )
        ]


def _rank(question: Question, text: SearchText) -> Rank | None:
    words = question.words
    own = text.own.split()
    names = own + text.alias.split()
    anything = names + text.other.split()
    leads = any(text.sort_key.startswith(word) for word in words)
    if question.number == text.number:
        return Rank.NUMBER
    if words and not question.is_email:
        if all(_begins(word, own) for word in words):
            return Rank.LIST_NAME if leads else Rank.OWN_NAME
        if all(_begins(word, names) or any(n in names for n in question.stand_ins.get(word, ())) for word in words):
            return Rank.OTHER_NAME
        if all(_begins(word, anything) for word in words):
            return Rank.NAME_AND_MORE if leads and len(words) > 1 else Rank.ANY_WORD
    if _asks_inside(question) and all(_is_inside(piece, text, names) for piece in question.letters):
        if all(any(digits in text.digits for digits in spellings) for spellings in question.digits):
            return Rank.INSIDE
    return None


def _begins(word: str, words: list[str]) -> bool:
    return any(known.startswith(word) for known in words)


def _asks_inside(question: Question) -> bool:
    digit_words = [word for word in question.words if word.isascii() and word.isdigit()]
    if any(len(word) < 3 for word in digit_words) or not (question.letters or question.digits):
        return False
    return all(len(piece) >= 3 for piece in question.letters) or any(len(word) >= 4 for word in digit_words)


def _is_inside(piece: str, text: SearchText, names: list[str]) -> bool:
    return piece in f"{text.own} {text.alias} {text.extra}" if len(piece) >= 3 else _begins(piece, names)
