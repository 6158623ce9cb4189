"""What a check looks at."""

from __future__ import annotations

from typing import NamedTuple

from agikg import vocab
from agikg.build.read import Files
from agikg.errors import Problem
from agikg.projection.vocabulary import Property, Vocabulary
from agikg.store.index import TripleIndex
from agikg.vocab import agi, curie


class Context(NamedTuple):
    """What a check looks at."""

    files: Files
    facts: TripleIndex
    vocabulary: Vocabulary

    def at(self, subject: str, predicate: str | None, message: str, check: str) -> Problem:
        """A problem of a subject, named by its CURIE."""
        return self.files.problem(subject, predicate, f"{curie(subject)}: {message}", check)

    def instances(self, kind: str) -> list[str]:
        """Subjects of a class of the frame (Claim, Source ...)."""
        return self.facts.having(vocab.TYPE, agi(kind))

    def declared(self, claim: str) -> Property | None:
        """The predicate a claim states, if it is declared."""
        return self.vocabulary.properties.get(self.facts.text(claim, vocab.PREDICATE) or "")

    def modality(self, claim: str) -> str | None:
        """Key of a claim's modality."""
        return self.vocabulary.notation(self.facts.text(claim, agi("modality")))

    def entities(self) -> list[str]:
        """Subjects of a class of the domain."""
        return list(dict.fromkeys(str(s) for s, kind in self.facts.pairs(vocab.TYPE) if str(kind) in self.vocabulary.classes))
