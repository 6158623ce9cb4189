"""How likely it is that a claim answers a question: what the two have in common, weighed as questions with known answers taught.

Knows claims and words, no family of questions. ``python -m benchmarks.fit`` shows how the constants came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import exp
from typing import Any, NamedTuple

from agikg.ask.attributes import asked_attributes, contraries, contrary, knowing
from agikg.ask.draft import Task
from agikg.ask.expected import expected, meant_alike, meant_together, ordinary
from agikg.ask.focus import PLACES, Focus
from agikg.ask.forest import against_the_best, forest
from agikg.ask.gates import Gates, excepted
from agikg.ask.heard import heard
from agikg.ask.lexicon import GENERIC, GRAMMAR_WORDS, STOP_WORDS
from agikg.ask.metrics import is_narrower
from agikg.ask.premise import is_name
from agikg.ask.relations import UNTELLING, reading, readings
from agikg.ask.retrieval import Hit, Retrieval, Term, Wanted, retrieval_in
from agikg.ask.synonyms import reworded, translated
from agikg.ask.weights import PLAIN
from agikg.ask.wording import worded_as
from agikg.catalog import Catalog
from agikg.likeness import stems_of
from agikg.meaning import word as pointing
from agikg.names import tokenise
from agikg.views.figures import is_figure
from agikg.words import stem

_SYNONYM, _LATER = 0.7, 0.6
"""How much a synonym of a relation's word tells, and a word behind another that names a relation."""
_CHINESE_NAME = 2
"""Characters from which an unknown Chinese word is taken for a name."""
_ALIKE = 0.4
"""Likeness to a known question from which a claim may answer without any word in common."""
_MEANT, _MORE = 0.6, 0.5
"""How alike a claim has to point that has no word of a question that names nothing; weight of missing words from which more is
asked than what something is."""
_SEEN = 30
"""How many claims, those that (with their sentences) have most coverage, are looked at closely."""
_LIKEST, _MIDDLING = 20, 0.25
"""How many claims that are known to answer questions like this are looked at closely; a likeness that tells nothing."""


class Ranked(NamedTuple):
    """A claim (or inherited edge) with how likely it is that it answers (0 to 1)."""

    hit: Hit
    chance: float


class Asked:
    """What a question asks of claims."""

    def __init__(self, task: Task) -> None:
        self.retrieval: Retrieval = retrieval_in(task.catalog, task.scope)
        self.focus = Focus(task, self.retrieval)
        if self.focus.kind == "Place" or self.focus.place:
            task = task._replace(content=tuple(word for word in task.content if word not in PLACES))
        self.excepted = excepted(task)
        task = task._replace(entities=tuple(entity for entity in task.entities if entity not in self.excepted))
        self.task = task
        self.catalog: Catalog = task.catalog
        self.terms: list[Term] = self.retrieval.terms(self.wanted)
        self.counted = worded_as("counted", task.question.masked) is not None or self._metric_asked()
        self.whether = worded_as("whether", task.question.masked) is not None
        self.timed = task.family == "when"
        self.numbers = {word for word in task.content if any(map(str.isdigit, word))}
        self._contraries = contraries(task.question.masked)
        self.attributes = asked_attributes(task.question.masked)
        self.gates = Gates(task, self.retrieval, self.numbers)
        self.relations = self._relations()
        weights = [self.retrieval.entity_weight(entity) for entity in task.entities]
        self.expected = expected(self.catalog, task.question.text)
        self.main = task.entities[weights.index(max(weights))] if weights else None

    def _metric_asked(self) -> bool:
        """Whether a metric stands right behind the question word ("what PUE", "which valuation")."""
        first = self.task.question.masked.split()[:4]
        return first[:1] in (["what"], ["which"]) and bool(set(first) & set(self.task.metric_words))

    def _relations(self) -> dict[str, float]:
        """Stems by which a relation may be asked for, with how telling they are: less if many read so, less behind the first."""
        said_by = readings(self.catalog)
        found: dict[str, float] = {}
        lesser = 1.0
        for words in self._words_asked():
            said = False
            for word in words:
                for other, how in ((word, 1.0), *((other, _SYNONYM) for other in self.catalog.search.synonyms.get(word, ()))):
                    if other in said_by:
                        said = True
                        found[other] = max(found.get(other, 0.0), lesser * how / said_by[other])
            lesser = _LATER if said else lesser
        return found

    def _words_asked(self) -> Iterator[list[str]]:
        """Stems of the words of the question in order, those of the wording too ("why", "kinds"); alternatives together."""
        question = self.task.question
        words = [token for token in tokenise(question.masked) if token.isascii()]
        if question.lang == "zh":
            words += translated(question.masked)[0]
        for word in reworded(words):
            if word not in UNTELLING:
                yield [stem(one) for one in word.split("/")]

    @cached_property
    def wanted(self) -> Wanted:
        """What claims have to account for."""
        task = self.task
        return Wanted(tuple((entity, task.words_for(entity)) for entity in task.entities), task.content)

    @cached_property
    def strange_names(self) -> set[str]:
        """Words that are written like a name and that no claim says."""
        said = {term.name for term in self.terms if term.found}
        return {
            word
            for word in self.task.content
            if word not in said
            and (
                is_name(self.task.question.text, word)
                if word.isascii()
                else len(word) >= _CHINESE_NAME and not ordinary(self.catalog, word, self.task.question.text)
            )
        }

    def met_nearby(self, hit: Hit) -> dict[int, float]:
        """How well each entity of the question is accounted for by a claim or another of its sentence."""
        same = self.retrieval.around.in_sentence(hit.claims[0])
        named = self.terms[: len(self.task.entities)]
        return {
            entity: max(how, max((term.found.get(claim, 0.0) for claim in same), default=0.0))
            for entity, term, how in zip(self.task.entities, named, hit.met, strict=False)
        }

    def _lost(self, hit: Hit) -> dict[str, float]:
        """What a claim leaves out that it hardly may."""
        return {
            "names lost": float(self.gates.names_lost(self.met_nearby(hit))),
            "number lost": float(self.gates.number_lost(hit)),
            "merely belongs": float(self.merely_belongs(hit)),
            "contrary": float(contrary(self._contraries, str(self.catalog.row(hit.claims[0])["statement"]))),
        }

    def features(self, hit: Hit) -> dict[str, float]:
        """What a claim has of the question, by name."""
        task, catalog = self.task, self.catalog
        count = len(task.entities)
        named, spoken = list(zip(self.terms[:count], hit.met, strict=False)), list(zip(self.terms[count:], hit.met[count:], strict=True))
        row = catalog.row(hit.claims[0])
        found: dict[str, float] = {"always": 1.0, "coverage": hit.coverage, "sentence": hit.sentence, "paragraph": hit.paragraph}
        found["words"] = _share(spoken, strange=False)
        found["entities"] = _share(named, strange=True)
        found["known"] = _share([*named, *spoken], strange=False)
        found["strange"] = _share([(term, float(not term.found)) for term in self.terms], strange=True) if self.terms else 0.0
        found["both"] = found["words"] * found["entities"]
        told = [how for _, how in spoken]
        found["no word"] = float(bool(told) and not any(told))
        found["every word"] = float(bool(told) and all(told))
        found["exact"] = sum(how == 1.0 for how in told) / max(len(told), 1)
        found["no entity"] = float(count == 0)
        found["anchored"] = float(any(entity in hit.ends for entity in task.entities))
        found["linked"] = float(sum(entity in hit.ends for entity in task.entities) > 1)
        gone = [term.entity for term, how in named if how < 0.5]
        found["entity missing"] = float(len(gone))
        found["main entity missing"] = float(self.main is not None and self.main in gone)
        found["words missing"] = self._words_missing(hit)
        found["name missing"] = float(len(self.strange_names))
        found["number missing"] = float(bool(self.numbers & set(hit.missing)))
        found |= self._asked_for(hit) | self._measured(hit) | self._lost(hit)
        own = reading(catalog, row["predicate"])
        asked = max((tells for word, tells in self.relations.items() if word in own), default=0.0)
        found["relation asked"] = asked
        found["other relation"] = max(max(self.relations.values(), default=0.0) - asked, 0.0)
        found["figure unasked"] = float(is_figure(catalog, row) and not self.counted and not task.metrics)
        # That something is one of a group answers little else than what it is.
        found["membership"] = float(self._belongs(row))
        found["mere membership"] = found["membership"] * found["words missing"]
        if not self.whether:
            found |= self._given(hit, row)
        found["extent"] = self._extent(hit, str(row["statement"]))
        first = task.entities[0] if task.entities else None
        found |= self._expected(hit.claims[0])
        found |= self._alike(hit.claims[0])
        if self.known(hit):
            found |= heard(catalog, task.question.text, hit.claims[0], self.retrieval.around.in_sentence(hit.claims[0]))
        found["nothing said"] = float(self._says_nothing(hit))
        found["relation expected"] = self.expected.relations.get(str(row["predicate"]), 0.0)
        found["subject first"] = float(first is not None and catalog.ref(first).id == row["subject"])
        return found

    def _expected(self, claim: int) -> dict[str, float]:
        """How like the question is to those that a claim is known to answer, against a middling likeness and against the likest."""
        like, best, _ = self.expected
        if claim not in self.retrieval.expecting:
            return {}
        own, same = like.get(claim, 0.0), self.retrieval.around.in_sentence(claim)
        return {
            "expected": own - _MIDDLING,
            "expected first": own / best if best else 0.0,
            "expected near": max((like.get(other, 0.0) for other in same), default=own) - _MIDDLING,
        }

    def _alike(self, claim: int) -> dict[str, float]:
        """How much alike the question and a claim point, and how much less than the one that points most alike."""
        own, best = self._meant.get(claim), self._most_alike
        if own is None:
            return {}
        middle = self._meant_together.get(claim, 0.0)
        found = {"alike": own, "alike short": own - best, "alike most": float(own == best)}
        return found | {"alike together": middle, "alike together short": middle - self._most_together}

    @cached_property
    def _meant(self) -> dict[int, float]:
        return meant_alike(self.catalog, self.task.question.text, {hit.claims[0] for hit in self.candidates})

    @cached_property
    def _meant_together(self) -> dict[int, float]:
        return meant_together(self.catalog, self.task.question.text, {hit.claims[0] for hit in self.candidates})

    @cached_property
    def _most_together(self) -> float:
        return max(self._meant_together.values(), default=0.0)

    @cached_property
    def _most_alike(self) -> float:
        return max(self._meant.values(), default=0.0)

    def _belongs(self, row: Mapping[str, Any]) -> bool:
        return "group" in self.catalog.predicates[str(row["predicate"])]["tells"]

    def _words_missing(self, hit: Hit) -> float:
        count = len(self.task.entities)
        spoken = zip(self.terms[count:], hit.met[count:], strict=True)
        return sum(term.weight for term, how in spoken if term.found and not how) / 4

    def merely_belongs(self, hit: Hit) -> bool:
        """Whether a claim says only that something is one of a group, where more is asked."""
        return self._belongs(self.catalog.row(hit.claims[0])) and self._words_missing(hit) > _MORE

    @cached_property
    def _spoken(self) -> list[str]:
        return [word for word in self.task.content if word not in GENERIC]

    @cached_property
    def _telling(self) -> set[str]:
        return {word for word in self._spoken if any(map(str.isalpha, word)) and word not in GRAMMAR_WORDS}

    def _says_nothing(self, hit: Hit) -> bool:
        """Whether the question names nothing, and a claim has hardly a word of it."""
        said = sum(word not in hit.missing for word in self._spoken)
        return not self.task.entities and (said < (2 if hit.missing else 1) or self._telling <= set(hit.missing))

    def has_little(self, hit: Hit) -> bool:
        """Whether a claim has no word of a question and lacks something it names, or has none of two or more telling words."""
        count = len(self.task.entities)
        lacking = not all(hit.met[:count]) and not any(hit.met[count:])
        return lacking or (len(self._telling) > 1 and self._telling <= set(hit.missing))

    def says_nothing(self, hit: Hit) -> bool:
        """Whether a claim has hardly a word of a question that names nothing, and answers no question like it."""
        alike = len(self._telling) > 1 and self.expected.claims.get(hit.claims[0], 0.0) >= _ALIKE
        return self._says_nothing(hit) and not alike

    @cached_property
    def _all_stems(self) -> set[str]:
        named = (token for entity in self.task.entities for token in tokenise(self.catalog.label(entity)))
        return {stem(one) for word in (*self.task.content, *named) for one in word.split("/")}

    def _given(self, hit: Hit, row: Mapping[str, Any]) -> dict[str, float]:
        """Whether a claim gives anything that the question has not: an entity, a figure, a statement of its own."""
        kind = self.catalog.predicates[str(row["predicate"])]["kind"]
        if kind == "metric":
            return {"gives figure": 1.0}
        if kind == "text":
            words = stems_of(str(row["object"]))
            return {"gives text": 1.0 - len(words & self._all_stems) / max(len(words), 1)}
        others = [end for end in hit.ends if end not in self.task.entities]
        new = 0.0
        for end in others:
            words = stems_of(self.catalog.label(end))
            new = max(new, 1.0 - len(words & self._all_stems) / max(len(words), 1))
        return {"gives entity": new, "gives nothing": float(not others)}

    def _asked_for(self, hit: Hit) -> dict[str, float]:
        focus = self.focus
        found: dict[str, float] = {}
        ends = focus.ends(hit)
        if focus.words or focus.group is not None:
            state = "is end" if ends else "said" if focus.met(hit) else "unknown" if focus.unknown else "missing"
            found[f"focus {state}"] = 1.0
        if focus.kind is not None or focus.place:
            who = "kind" if focus.strict else "who"
            if who == "who" and not ends and self.retrieval.around.speaker(hit.claims[0]) is not None:
                found["speaker"] = 1.0
            else:
                found[f"{who} there" if ends else f"{who} missing"] = 1.0
        return found

    def _measured(self, hit: Hit) -> dict[str, float]:
        task, row = self.task, self.catalog.row(hit.claims[0])
        found: dict[str, float] = {}
        figure = is_figure(self.catalog, row)
        if self.counted or task.family in ("figure", "history"):
            found["figure" if figure else "no figure"] = 1.0
        if figure:
            found["unit unlike"] = float(self.gates.unit_unlike(row["unit"]))
        if task.metrics and figure:
            another = self.another(row)
            found["other metric" if another else "metric"] = 1.0
            found["other figure"] = float(another and self.gates.measured)
        if self.timed:
            found["dated" if row["valid_from"] or row["valid_until"] or row["as_of"] or row["unit"] == "year" else "undated"] = 1.0
        return found

    def another(self, row: Mapping[str, Any]) -> bool:
        """Whether a figure is another than the one that the question names."""
        task, predicate = self.task, str(row["predicate"])
        if predicate in task.metrics:
            return False
        # A share or a limit says in its scope of what it is.
        of = stems_of(f"{row['scope'] or ''} {row['verbatim'] or ''}")
        return not is_narrower(self.catalog, predicate, task.metric_words) and not of & {stem(word) for word in task.metric_words}

    def _extent(self, hit: Hit, statement: str) -> float:
        """The share of a statement's words that the question has; what a claim gives in answer aside."""
        given = {word for end in hit.ends if end not in self.task.entities for word in stems_of(self.catalog.label(end))}
        words = stems_of(statement, but=STOP_WORDS) - (given - self._all_stems)
        return len(words & self._all_stems) / max(len(words), 1)

    def known(self, hit: Hit) -> bool:
        """Whether questions are known that a claim answers: the trees tell how likely it is to, else the plain constants."""
        return hit.claims[0] in self.retrieval.expecting

    def chance(self, hit: Hit, found: Mapping[str, float]) -> float:
        """How likely it is that a claim of these features answers (0 to 1)."""
        if self.known(hit):
            return 1 / (1 + exp(-forest().log_odds(found)))
        return 1 / (1 + exp(-sum(weight * found.get(name, 0.0) for name, weight in PLAIN.items())))

    @cached_property
    def described(self) -> list[dict[str, float]]:
        """The features of all candidates."""
        return against_the_best(map(self.features, self.candidates))

    @cached_property
    def candidates(self) -> list[Hit]:
        """The claims worth a close look: those with most coverage, and those asked for most like this."""
        like = self.expected.claims
        likest = sorted(like, key=lambda claim: (-like[claim], claim))[:_LIKEST]
        hits = self.retrieval.hits(self.wanted, most=_SEEN, besides=likest)
        return [hit for hit in hits if not self._barred(hit)]

    def _barred(self, hit: Hit) -> bool:
        """Whether a claim is about something else: what the question excepts, another of a kind, or not what it asks of it."""
        met = dict(zip(self.task.entities, hit.met, strict=False))
        unknown = any(hit.claims[0] not in knowing(self.catalog, words) for words in self.attributes)
        number = self.whether and self.gates.number_lost(hit)
        if self.excepted and (self.focus.words or self.focus.kind) and not self.focus.ends(hit):
            return True  # "which others": only what names one tells
        return bool(self.excepted & set(hit.ends)) or unknown or number or self.gates.unnamed or self.gates.swapped(hit, met)

    @cached_property
    def _enough(self) -> float:
        """How alike a claim without the question's words has to point: as good as equal where a word is not known to point anywhere."""
        points = (not word.isascii() or any(pointing(stem(one)) is not None for one in word.split("/")) for word in self._telling)
        return _MEANT if all(points) else 1.0

    def ranked(self) -> list[Ranked]:
        """The claims that come nearest, likeliest first; none that says nothing of the question nor means alike."""
        hits = (
            Ranked(hit, self.chance(hit, found))
            for hit, found in zip(self.candidates, self.described, strict=True)
            if not self.says_nothing(hit) or self._meant.get(hit.claims[0], 0.0) >= self._enough
        )
        return sorted(hits, key=lambda ranked: (-ranked.chance, ranked.hit.claims))


def _share(terms: Sequence[tuple[Term, float]], *, strange: bool) -> float:
    """How much of the weight of terms is accounted for; those that no claim says count only if ``strange``."""
    total = sum(term.weight for term, _ in terms if strange or term.found)
    return sum(term.weight * how for term, how in terms) / total if total else 1.0
