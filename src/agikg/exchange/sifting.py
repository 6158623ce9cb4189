"""What of a file's statements is new and its own: the rest is in the graph, follows from it, or has no place in an import.

Knows triples and the vocabulary, no store. What the build would derive is recognised by what it would be, and compared later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agikg import vocab
from agikg.errors import Problem
from agikg.exchange.drafting import CHECK
from agikg.exchange.records import table_of
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.positions import Part
from agikg.store.terms import IRI, Blank, Quad
from agikg.vocab import agi, curie

_DERIVED_RECORDS = (vocab.PREFIXES["d"], vocab.PREFIXES["q"])
# What the build says of claims and passages; written into exports, computed anew, never authored.
_COMPUTED = frozenset(agi(name) for name in ("inSource", "knownFrom", "holdsFrom", "holdsUntil", "confidence", "confidenceScore"))
_OPEN_TO_MORE = frozenset({vocab.ALT_LABEL, f"{vocab.SKOS}closeMatch", f"{vocab.SKOS}exactMatch", f"{vocab.OWL}sameAs"})


class Sifted(NamedTuple):
    """The statements of a file, parted.

    Attributes:
        parts: what is new and authored.
        edges: direct edges, with the part that has each: they must follow from claims.
        known: number of statements left out because the graph has them or computes them.
        problems: what cannot be imported.
    """

    parts: list[Part]
    edges: list[tuple[Part, Quad]]
    known: int
    problems: list[Problem]


def sift(parts: list[Part], facts: TripleIndex, vocabulary: Vocabulary) -> Sifted:
    """Parts the statements of a file.

    Args:
        parts: of the file.
        facts: what the graph states without it: authored triples and vocabulary.
        vocabulary: what the ontology declares.
    """
    own = TripleIndex(quad for part in parts for quad in part.quads)
    kept, edges, problems, known = [], [], [], 0
    for part in parts:
        authored = []
        for quad in part.quads:
            if quad.object in facts.objects(quad.subject, quad.predicate) or computed(quad, own):
                known += 1
            elif quad.predicate in vocabulary.properties:
                edges.append((part, quad))
            else:
                problems += list(_foreign(part, quad, facts, vocabulary))
                authored.append(quad)
        kept.append(part._replace(quads=authored))
    return Sifted(kept, edges, known, sorted(set(problems)))


def computed(quad: Quad, own: TripleIndex) -> bool:
    """Whether the build writes such a statement itself."""
    if quad.subject.startswith(_DERIVED_RECORDS):
        return True
    if quad.predicate in (vocab.OBJECT, vocab.SUBJECT, vocab.PREDICATE) and quad.object.__class__ is IRI:
        return str(quad.object).startswith(_DERIVED_RECORDS)
    if quad.predicate == agi("inSource"):
        return agi("Section") not in own.iris(quad.subject, vocab.TYPE)
    if quad.predicate == agi("locator"):
        return bool(own.objects(quad.subject, agi("paragraph")))
    return quad.predicate in _COMPUTED


def _foreign(part: Part, quad: Quad, facts: TripleIndex, vocabulary: Vocabulary) -> Iterator[Problem]:
    """What has no place in an import: vocabulary, unnamed nodes, other people's identifiers, changes to the graph's own records."""
    line = part.positions.line(quad.subject, quad.predicate)
    name = curie(quad.subject)
    if isinstance(quad.subject, Blank):
        yield Problem(part.path, line, "a node without a name; give it an identifier, so that importing twice adds nothing", CHECK)
    elif quad.subject.startswith(vocab.AGI) or quad.subject == vocab.AGI.rstrip("#"):
        yield Problem(part.path, line, f"{name} belongs to the vocabulary, which an import cannot change", CHECK)
    elif not quad.subject.startswith(vocab.ID):
        where = f"identifiers of records begin with {vocab.ID} (name others with skos:closeMatch or owl:sameAs)"
        yield Problem(part.path, line, f"{name} is no identifier of this graph; {where}", CHECK)
    elif quad.subject in facts and quad.predicate not in _OPEN_TO_MORE:
        table = table_of(quad.subject, facts, vocabulary)
        what = table.record if table else "record"
        message = f"{name} is a {what} of the graph already and says otherwise; an import cannot change its {curie(quad.predicate)}"
        yield Problem(part.path, line, message, CHECK)


def bare_edges(edges: list[tuple[Part, Quad]], derived: set[tuple[str, str, str]]) -> list[Problem]:
    """Direct edges that no claim carries: none is taken without evidence."""
    return [
        Problem(
            part.path,
            part.positions.line(quad.subject, quad.predicate),
            f"{curie(quad.subject)} {curie(quad.predicate)} {curie(str(quad.object))}: an edge without a claim; write the claim behind it",
            CHECK,
        )
        for part, quad in edges
        if (str(quad.subject), str(quad.predicate), str(quad.object)) not in derived
    ]
