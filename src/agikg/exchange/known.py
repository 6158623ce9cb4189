"""What the graph knows already, as importers need it: entities by name, predicates by name. Knows triples, no store."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from agikg import vocab
from agikg.names import key, tokenise
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.vocab import curie, expand

_HINTS = 50
"""Unknown names for which near ones are looked up."""


class Unknown(ValueError):
    """A name that means nothing, or more than one thing; says what is near."""


class Known:
    """Names in use, growing while a file is read.

    Args:
        facts: authored triples and vocabulary.
        vocabulary: what the ontology declares.
    """

    def __init__(self, facts: TripleIndex, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.facts = facts
        self._by_name: dict[str, dict[str, None]] = {}
        self._kinds: dict[str, frozenset[str]] = {}
        self._labels: dict[str, str] = {}
        self._hints = _HINTS
        for subject, kind in facts.pairs(vocab.TYPE):
            if str(kind) in vocabulary.classes:
                label = facts.text(str(subject), vocab.PREF_LABEL, "en")
                names = [*filter(None, [label]), *facts.texts(str(subject), vocab.PREF_LABEL), *facts.texts(str(subject), vocab.ALT_LABEL)]
                self.add(str(subject), names, facts.iris(str(subject), vocab.TYPE))
        self._predicates = _predicate_names(vocabulary)

    def add(self, entity: str, names: Iterable[str], kinds: Iterable[str]) -> None:
        """Takes an entity in; its first name is how sentences call it."""
        names = list(names)
        self._labels.setdefault(entity, names[0] if names else curie(entity))
        self._kinds[entity] = frozenset().union(*(self.vocabulary.ancestors(kind) for kind in kinds))
        for name in names:
            self._by_name.setdefault(key(tokenise(name)), {})[entity] = None

    def kinds(self, entity: str) -> frozenset[str]:
        """All classes of an entity; none for what is not one."""
        return self._kinds.get(entity, frozenset())

    def entity(self, text: str) -> str | None:
        """The entity that an identifier or an exact name means, or None; never one that is merely near.

        Raises:
            Unknown: several entities are called that.
        """
        iri = expand(text)
        if iri in self._kinds:
            return iri
        found = list(self._by_name.get(key(tokenise(text)), ()))
        if len(found) > 1:
            raise Unknown(f"{text!r} can mean {' or '.join(map(curie, found))}")
        return found[0] if found else None

    def near(self, text: str) -> str:
        """A known name near a text, in words; for the first few questions only, since each looks at all names."""
        self._hints -= 1
        found = get_close_matches(key(tokenise(text)), self._by_name, n=1) if self._hints >= 0 else []
        return "".join(f"; near it: {curie(next(iter(self._by_name[name])))}" for name in found)

    def predicate(self, text: str) -> str:
        """IRI of the predicate that a local name or a label means.

        Raises:
            Unknown: none is called that.
        """
        found = self._predicates.get(_plain(text.removeprefix("agi:")))
        if found is None:
            self._hints -= 1
            near = get_close_matches(_plain(text), self._predicates, n=3) if self._hints >= 0 else []
            names = ", ".join(dict.fromkeys(vocab.local(self._predicates[name]) for name in near))
            raise Unknown(f"no predicate is called {text!r}; {f'near it: {names}' if names else 'agikg query vocabulary lists them'}")
        return found

    def name(self, entity: str) -> str:
        """What an entity is called."""
        return self._labels.get(entity) or curie(entity)

    def free_slug(self, name: str) -> str:
        """An identifier for a new entity of a name, not taken by another."""
        slug = slug_of(name)
        number = 1
        while expand(f"e:{slug if number == 1 else f'{slug}-{number}'}") in self._kinds:
            number += 1
        return slug if number == 1 else f"{slug}-{number}"


def slug_of(name: str) -> str:
    """A name in small letters, digits and hyphens; Chinese by its sounds."""
    if any("\u3400" <= character <= "\u9fff" for character in name):
        from pypinyin import lazy_pinyin

        name = " ".join(lazy_pinyin(name))
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:80].strip("-") or "unnamed"


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _predicate_names(vocabulary: Vocabulary) -> dict[str, str]:
    """Local names and labels of predicates; other words only where no two predicates share them."""
    names: dict[str, str] = {}
    spare: dict[str, list[str]] = {}
    stated = {iri: declared for iri, declared in vocabulary.properties.items() if declared.kind != "inverse"}
    for iri in stated:
        names[_plain(vocab.local(iri))] = iri
        for label in vocabulary.index.texts(iri, vocab.LABEL):
            spare.setdefault(_plain(label), []).append(iri)
    return names | {label: iris[0] for label, iris in spare.items() if len(set(iris)) == 1 and label not in names}
