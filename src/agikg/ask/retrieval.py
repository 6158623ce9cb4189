"""Finds the claims that say what a question asks: every word that carries meaning has to be accounted for.

A claim accounts for a word if it says it (or a synonym); for an entity if it is about it, about one of the group, or
names it. Coverage is the share of the question's weight that a claim accounts for, rare words weighing more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from heapq import nsmallest
from math import log
from operator import itemgetter
from typing import NamedTuple

from agikg.ask.lexicon import GENERIC
from agikg.ask.surroundings import Surroundings
from agikg.catalog import Catalog
from agikg.model.scope import Scope
from agikg.names import tokenise
from agikg.words import stem

_SYNONYM = 0.9
_PREFIX = 5
"""Letters that two words have to share to be forms of one word where stems differ."""
_MISSPELT = 86.0
"""Least likeness (0 to 100) of a misspelt word to the one that is meant."""
_THROUGH = 0.9
"""How much a claim about a member accounts for its group, and one about a series for its versions."""
_OF_GROUP = 0.6
"""How much a claim about a group accounts for one of its members."""
_PARTLY, _HALF = 0.8, 0.5
"""How much a claim that says a part of a name's words accounts for it, times that part; the least part that counts."""
_AROUND = 0.7
"""How much a claim accounts for a word that it does not say, but by which one of its ends goes, or its group, or its class."""
_GENERIC = 0.5
"""The weight of a word that could stand in any question."""
_LEAST, _MOST, _UNKNOWN, _STRANGEST = 1.0, 4.0, 1.3, 2.6
"""Bounds of the weight of a word, the weight of one that no claim says, and the most that all such words weigh."""
_LITTLE = frozenset(["of", "the", "in", "for", "and", "on", "to", "by", "with", "a", "an", "that", "s"])
"""Words of names that tell nothing."""


_Order = tuple[float, float, tuple[int, ...]]
"""What hits are put in order by: coverage, confidence, place."""


class Hit(NamedTuple):
    """A claim, or an inherited edge, that may answer.

    Attributes:
        claims: positions of the claims it rests on; one for a claim.
        ends: positions of the entities it is about.
        coverage: 0 to 1.
        missing: words it does not account for.
        met: how well it accounts for each term (0 to 1), in the order of the terms.
        sentence, paragraph: coverage by all claims of its sentence, and of its paragraph, together.
        aside: whether it is only told beside the answer.
    """

    claims: tuple[int, ...]
    ends: tuple[int, ...]
    coverage: float
    missing: tuple[str, ...]
    met: tuple[float, ...]
    sentence: float
    paragraph: float
    aside: bool = False


class Wanted(NamedTuple):
    """What has to be accounted for.

    Attributes:
        entities: positions with the words by which the question names them.
        words: words that carry meaning.
    """

    entities: tuple[tuple[int, tuple[str, ...]], ...]
    words: tuple[str, ...]


class Term(NamedTuple):
    """An entity or a word with its weight and the claims that account for it, each with how well (0 to 1)."""

    name: str
    entity: int | None
    weight: float
    found: dict[int, float]


class Retrieval:
    """Search over the claims of a catalog in a scope."""

    def __init__(self, catalog: Catalog, scope: Scope) -> None:
        self._catalog = catalog
        self._scope = scope
        self._said = catalog.all_said(scope)
        self._count = max(sum(self._said), 1)
        self.around = Surroundings(catalog, scope)

    @cached_property
    def _postings(self) -> dict[str, list[int]]:
        """Stem -> claims that say it; in scope, so that how much a word tells does not hang on what is left out."""
        if all(self._said):
            return self._catalog.search.postings
        inside = ((word, [claim for claim in claims if self._said[claim]]) for word, claims in self._catalog.search.postings.items())
        return {word: claims for word, claims in inside if claims}

    def _claims_of(self, entity: int) -> list[int]:
        """Claims in scope about an entity."""
        return [claim for claim in self._catalog.claims_of.get(self._catalog.ref(entity).id, ()) if self._said[claim]]

    @cached_property
    def _sorted(self) -> list[str]:
        return list(self._postings)

    def weight(self, word: str) -> float:
        """How much a word tells: the logarithm of one over the share of claims that say it, within bounds.

        A word that no claim says tells little if it is part of the wording, much if it is written like a name or number.
        """
        if "/" in word:  # any of several will do: as telling as the commonest of them
            return min(map(self.weight, word.split("/")))
        if word in GENERIC:
            return _GENERIC
        said = len(self._postings.get(stem(word), ()))
        if said:
            return min(max(log(self._count / said), _LEAST), _MOST)
        if self.known(word):
            return _LEAST * 1.5
        return _MOST * 1.25 if any(map(str.isdigit, word)) else _UNKNOWN

    def entity_weight(self, entity: int) -> float:
        """How much an entity tells; one that half the graph is about tells little."""
        about = len(self._claims_of(entity))
        return min(max(log(self._count / max(about, 1)), _LEAST * 1.5), _MOST)

    def known(self, word: str) -> bool:
        """Whether any claim says a word, in some form or by a synonym."""
        return any(True for _ in self._said_as(word))

    def _says(self, word: str, named: Collection[str] = ()) -> Iterable[tuple[int, float]]:
        """(claim, how well) for the claims that say a word, or the one that it seems to be a misspelling of."""
        found = self._said_as(word, named)
        if found or "/" in word or stem(word) in self._catalog.search.synonyms:
            return found
        return [(claim, _SYNONYM) for claim in self._postings.get(self._respelt(word), ())]

    def _said_as(self, word: str, named: Collection[str] = ()) -> Collection[tuple[int, float]]:
        """(claim, how well) for the claims that say a word; ``named`` are stems of names, which are no synonyms of it."""
        if "/" in word:
            merged: dict[int, float] = {}
            for one in word.split("/"):
                for claim, how in self._said_as(one, named):
                    merged[claim] = max(how, merged.get(claim, 0.0))
            return merged.items()
        postings, own = self._postings, stem(word)
        found: dict[int, float] = dict.fromkeys(postings.get(own, ()), 1.0)
        if not found and len(own) >= _PREFIX:
            place = bisect_left(self._sorted, own[:_PREFIX])
            for other in self._sorted[place : place + 40]:
                if not other.startswith(own[:_PREFIX]):
                    break
                if _shared(own, other) >= 0.8 * max(len(own), len(other)):
                    found.update(dict.fromkeys(postings[other], 1.0))
        others = set(self._catalog.search.synonyms.get(own, ())) - set(named)
        for other in others:
            for claim in postings.get(other, ()):
                found.setdefault(claim, _SYNONYM)
        for form, how in ((own, _AROUND), *((other, _AROUND * _SYNONYM) for other in others)):
            for entity in self.around.named(form):
                for claim in self.around.ending.get(entity, ()):
                    found[claim] = max(found.get(claim, 0.0), how)
        return found.items()

    def _respelt(self, word: str) -> str:
        """Stem of the word that claims say and that a misspelt one is closest to, or that of the word itself."""
        if len(word) < _PREFIX or not word.isalpha() or not word.isascii():
            return stem(word)
        from rapidfuzz import fuzz, process

        near = [other for other in self._sorted if other[:1] == word[0]]
        if not near:
            return stem(word)
        best = max((process.extractOne(form, near, scorer=fuzz.ratio) for form in (word, stem(word))), key=lambda hit: hit[1])
        return str(best[0]) if best[1] >= _MISSPELT else stem(word)

    def saying(self, word: str) -> Collection[int]:
        """Claims that say a word, in some form or by a synonym."""
        return dict(self._says(word)).keys()

    def _about(self, entity: int, words: Sequence[str]) -> dict[int, float]:
        """Claims that account for an entity."""
        catalog = self._catalog
        found = dict.fromkeys(self._claims_of(entity), 1.0)
        # Statements are in English: a Chinese name is looked for by the label as well.
        for name in {" ".join(words), catalog.label(entity)}:
            named = [set(self._postings.get(stem(token), ())) for token in tokenise(name)]
            for claim in set.intersection(*named) if named else ():
                found.setdefault(claim, 1.0)
        for other in self.around.kin(entity):
            for claim in self._claims_of(other):
                found.setdefault(claim, _THROUGH)
        for other in self.around.groups(entity):
            for claim in self._claims_of(other):
                found.setdefault(claim, _OF_GROUP)
        for name in {" ".join(words), catalog.label(entity)}:
            for claim, part in self._saying_part(name):
                found[claim] = max(found.get(claim, 0.0), _PARTLY * part)
        return found

    def _saying_part(self, name: str) -> Iterator[tuple[int, float]]:
        """Claims that say a good part of the words of a name, with that part, rare words counting more."""
        words = [word for word in dict.fromkeys(map(stem, tokenise(name))) if word not in _LITTLE]
        if len(words) < 2:
            return
        weights = {word: self.weight(word) for word in words}
        said: dict[int, float] = {}
        for word in words:
            for claim in self._postings.get(word, ()):
                said[claim] = said.get(claim, 0.0) + weights[word]
        total = sum(weights.values())
        for claim, weight in said.items():
            if weight >= _HALF * total:
                yield claim, weight / total

    @cached_property
    def expecting(self) -> frozenset[int]:
        """Claims of which some questions are known that they answer."""
        return frozenset(self._catalog.search.known.claims)

    def hits(self, wanted: Wanted, *, most: int | None = None, besides: Sequence[int] = ()) -> list[Hit]:
        """Claims, and edges inherited from several, by coverage, best first; only those that account for some entity or word.

        Args:
            wanted: what has to be accounted for.
            most: how many; all if None.
            besides: claims that come behind these if they are not among them, even if they account for nothing.
        """
        terms = self.terms(wanted)
        total, scores = self._scores(terms)
        total = total or 1.0
        sentences, paragraphs = self.around.places
        by_sentence, by_paragraph = (_together(terms, places, self._said) for places in self.around.places)

        def made(claim: int) -> Hit:
            return Hit(
                (claim,),
                self.around.ends(claim),
                scores.get(claim, 0.0) / total,
                tuple(term.name for term in terms if claim not in term.found),
                tuple(term.found.get(claim, 0.0) for term in terms),
                by_sentence.get(sentences[claim], 0.0) / total,
                by_paragraph.get(paragraphs[claim], 0.0) / total,
            )

        # Only those that are given are made: a common name alone brings a thousand.
        found: list[tuple[_Order, Hit | None]] = [
            (self._order((claim,), score / total, by_sentence[sentences[claim]] / total), None)
            for claim, score in scores.items()
            if self._said[claim]
        ]
        if terms:
            found += [(self._order(hit.claims, hit.coverage, hit.sentence), hit) for hit in self._inherited(wanted, terms, total)]
        best = nsmallest(len(found) if most is None else most, found, key=itemgetter(0))
        hits = [hit or made(claims[0]) for (_, _, claims), hit in best]
        there = {hit.claims for hit in hits}
        return hits + [made(claim) for claim in besides if self._said[claim] and (claim,) not in there]

    def _order(self, claims: tuple[int, ...], coverage: float, sentence: float) -> _Order:
        return -round(coverage + sentence, 3), -self._catalog.claim_scores[claims[0]], claims

    def terms(self, wanted: Wanted) -> list[Term]:
        """What has to be accounted for, entities first, each with the claims that do."""
        named = _stems_of(wanted)
        terms = [Term(" ".join(words), entity, self.entity_weight(entity), self._about(entity, words)) for entity, words in wanted.entities]
        return terms + [Term(word, None, self.weight(word), dict(self._says(word, named))) for word in wanted.words]

    @staticmethod
    def _scores(terms: Sequence[Term]) -> tuple[float, dict[int, float]]:
        """The weight of all terms, and by claim the weight of those it accounts for."""
        strange = sum(term.weight for term in terms if not term.found)
        # Many words that nobody says are wording, not content: together they count no more than a few.
        fold = min(1.0, _STRANGEST / strange) if strange else 1.0
        scores: dict[int, float] = {}
        for term in terms:
            for claim, how in term.found.items():
                scores[claim] = scores.get(claim, 0.0) + term.weight * how
        return sum(term.weight if term.found else term.weight * fold for term in terms), scores

    def _inherited(self, wanted: Wanted, terms: Sequence[Term], total: float) -> list[Hit]:
        """Edges that follow from several claims (a series and its versions): no single claim is about both of their ends."""
        catalog, found = self._catalog, []
        asked, synonyms = {entity for entity, _ in wanted.entities}, catalog.search.synonyms
        for link in catalog.links:
            if not asked & {link.subject, link.object}:
                continue
            evidence = catalog.evidence(link, self._scope)
            if not evidence or min(map(len, evidence)) < 2:
                continue
            ends = (link.subject, link.object)
            said = self._words_of(link.predicate, ends)
            met = [term for term in terms if (term.entity in ends if term.entity is not None else _in(term.name, said, synonyms))]
            gone = tuple(term.name for term in terms if term not in met)
            shortest = min(evidence, key=len)
            how = tuple(float(term in met) for term in terms)
            covered = sum(term.weight for term in met) / total
            found.append(Hit(tuple(shortest), ends, covered, gone, how, covered, covered))
        return found

    def _words_of(self, predicate: str, ends: Sequence[int]) -> set[str]:
        """Stems of how a relation reads and of the names of its ends."""
        row = self._catalog.predicates[predicate]
        texts = [row["label"], row["inverse_label"] or "", *row["alt"], *map(self._catalog.label, ends)]
        return {stem(token) for text in texts for token in tokenise(text)}


def _together(terms: Sequence[Term], places: Sequence[tuple[str, str]], said: bytes) -> dict[tuple[str, str], float]:
    """Weight of the terms that the claims of a place account for together."""
    found: dict[tuple[str, str], float] = {}
    for term in terms:
        best: dict[tuple[str, str], float] = {}
        for claim, how in term.found.items():
            place = places[claim]
            if said[claim] and how > best.get(place, 0.0):
                best[place] = how
        for place, how in best.items():
            found[place] = found.get(place, 0.0) + term.weight * how
    return found


def _shared(a: str, b: str) -> int:
    """Length of the common beginning."""
    return next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


@lru_cache(maxsize=4)
def retrieval_in(catalog: Catalog, scope: Scope) -> Retrieval:
    """The search over a catalog in a scope, made once: a question looks several times."""
    return Retrieval(catalog, scope)


def _stems_of(wanted: Wanted) -> set[str]:
    """Stems of the words by which entities are named."""
    return {stem(token) for _, words in wanted.entities for word in words for token in tokenise(word)}


def _in(word: str, said: set[str], synonyms: Mapping[str, Sequence[str]]) -> bool:
    """Whether a word or a synonym of it is among stems."""
    return stem(word) in said or not said.isdisjoint(synonyms.get(stem(word), ()))
