"""What the search must find, by brute force: the rank of every client by plain Python over every text, no index."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from studio_desktop.domain.search import Hit, Question, Rank, SearchText, is_one_edit, parse


class Oracle:
    """The clients whose search texts these are."""

    def __init__(self, texts: Iterable[SearchText]) -> None:
        in_list_order = sorted(texts, key=lambda text: (text.sort_key, text.client_id))
        self._known = [_Known(text) for text in in_list_order]
        self._names = {
            word
            for known in self._known
            for word in known.names.split()
            if len(word) >= 3 and not any(c.isdigit() for c in word)
        }

    def find(self, typed: str, limit: int = 50, offset: int = 0) -> list[Hit]:
        """The clients that answer, each at its best rank, in result order."""
        question = parse(typed)
        if not question.number:
            return []
        rank_of = _judge(question)
        ranked = [(rank, known) for known in self._known if (rank := rank_of(known)) is not None]
        hits = [Hit(known.client_id, rank) for rank, known in sorted(ranked, key=lambda found: found[0])]
        if len(hits) < 5 and question.words and not question.is_email:
            hits += self._by_typo(question, {hit.client_id for hit in hits})
        return hits[offset : offset + limit]

    def _by_typo(self, question: Question, found: set[int]) -> list[Hit]:
        corrected = {
            word: [f" {name} " for name in self._names if is_one_edit(word, name)]
            for word in question.words
            if len(word) >= 4 and not any(c.isdigit() for c in word)
        }
        if not any(corrected.values()):
            return []

        def answers(known: _Known) -> bool:
            return all(
                f" {word}" in known.names or any(name in known.names for name in corrected.get(word, ()))
                for word in question.words
            )

        return [Hit(k.client_id, Rank.TYPO) for k in self._known if k.client_id not in found and answers(k)]


class _Known:
    """A text with a blank before and after each word, so that ` smi` means "begins with" and ` smith ` the word."""

    def __init__(self, text: SearchText) -> None:
        self.client_id = text.client_id
        self.sort_key = text.sort_key
        self.number = text.number
        self.own = f" {text.own} "
        self.names = f" {text.own} {text.alias} "
        self.anything = f" {text.own} {text.alias} {text.other} "
        self.inside = f"{text.own} {text.alias} {text.extra}"
        self.digits = text.digits


def _judge(question: Question) -> Callable[[_Known], Rank | None]:
    """The rank of a client for this question; None for one who does not answer."""
    beginnings = [f" {word}" for word in question.words]
    stand_ins = [[f" {name} " for name in question.stand_ins.get(word, ())] for word in question.words]
    long = [piece for piece in question.letters if len(piece) >= 3]
    short = [f" {piece}" for piece in question.letters if len(piece) < 3]
    asks_words = bool(beginnings) and not question.is_email
    asks_inside = _asks_inside(question)

    def rank_of(known: _Known) -> Rank | None:
        if question.number == known.number:
            return Rank.NUMBER
        if asks_words:
            leads = any(known.sort_key.startswith(word) for word in question.words)
            if all(word in known.own for word in beginnings):
                return Rank.LIST_NAME if leads else Rank.OWN_NAME
            if all(
                word in known.names or any(name in known.names for name in others)
                for word, others in zip(beginnings, stand_ins, strict=True)
            ):
                return Rank.OTHER_NAME
            if all(word in known.anything for word in beginnings):
                return Rank.NAME_AND_MORE if leads and len(beginnings) > 1 else Rank.ANY_WORD
        if (
            asks_inside
            and all(piece in known.inside for piece in long)
            and all(piece in known.names for piece in short)
            and all(any(digits in known.digits for digits in spellings) for spellings in question.digits)
        ):
            return Rank.INSIDE
        return None

    return rank_of


def _asks_inside(question: Question) -> bool:
    """Only if all pieces have three characters or more; or letters fewer, beside four digits or more."""
    lengths = [len(spellings[0]) for spellings in question.digits]
    if any(length < 3 for length in lengths) or not (question.letters or lengths):
        return False
    return all(len(piece) >= 3 for piece in question.letters) or any(length >= 4 for length in lengths)
