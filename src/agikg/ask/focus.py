"""What a question asks for: the noun behind "which" or "how many", or who, where, when."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property, lru_cache

from agikg.ask.draft import Task
from agikg.ask.lexicon import GENERIC, GRAMMAR_WORDS, STOP_WORDS
from agikg.ask.reading import MARK
from agikg.ask.retrieval import Hit, Retrieval
from agikg.ask.wording import worded_as
from agikg.names import tokenise
from agikg.views.figures import is_figure
from agikg.words import stem

_SHARE = frozenset(stem(word) for word in ("share", "percentage", "percent", "proportion", "fraction", "slice", "part", "rate", "portion"))
_VERBS = frozenset(
    """
    get gets got hold holds happen happens go goes come comes cannot can't keep keeps kept make makes made take takes let lets lie lies
    stand stands put puts give gives say says said mean means look looks find finds work works
    is are was were be been being do does did has have had can could will would should may might must shall of in on at for to by with
    from into that which who whose and or as than about through under over per across between during still also only ever
    """.split()
)
_EMPTY = frozenset(
    """
    one ones thing things kind kinds type types sort sorts way ways name names people much many other others year month date day time
    word words chain path route connection link list unit number form belong change question information
    """.split()
)


_NOUN = 4
"""Letters that what is asked for has at least; less is a slip."""
_PLACED = frozenset(["Place", "GovernmentBody"])
PLACES = frozenset(["city", "cities", "country", "countries", "province", "provinces", "region", "regions", "place", "places"])


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    asks = (
        r"(?:which|what|how many|how much|number of|how large an?|how big an?|what kinds? of|what types? of|what sorts? of|whose"
        r"|list (?:all |the )*|name (?:all |the )*)"
    )
    return (
        re.compile(rf"\b{asks} ((?:[a-z0-9-]+ ){{0,3}}[a-z0-9-]+)"),
        re.compile(r"(?:哪些|哪个|哪家|什么|多少(?:个|家|款|道|台)?)([\u4e00-\u9fff]{1,4})"),
    )


class Focus:
    """What is asked for.

    Attributes:
        words: nouns of which one has to be said by a claim or be the class of one of its ends; empty if nothing is named.
        kind: class the answer has to belong to, or None.
        place: whether a city, province or country is asked for.
        group: entity of which a member or version is asked for ("which of the tech giants"), or None.
        strict: whether nothing else will do ("which chips", "where"; not "who").
    """

    def __init__(self, task: Task, retrieval: Retrieval) -> None:
        self._task = task
        self._retrieval = retrieval
        self.group: int | None = None
        self.words = self._nouns()
        self.place = bool(PLACES & set(self.words))
        if self.place:
            self.words = ()
        self.kind = task.kind
        self.strict = task.kind is not None or worded_as("place", task.question.masked) is not None
        masked = task.question.masked
        if self.kind is None and re.search(r"^(?:by |to |from |on )?(?:who|whom|whose)\b|谁", masked):
            self.kind = "Agent"
        elif self.kind is None and not self.place and worded_as("place", masked):
            self.kind = "Place"

    def _nouns(self) -> tuple[str, ...]:
        """The words behind "which" and the like, up to a verb or a name: the head of the noun phrase and what narrows it."""
        masked = self._task.question.masked
        for pattern in _patterns():
            match = pattern.search(masked)
            if match is None:
                continue
            if not match[1].isascii():
                from agikg.ask.synonyms import translated

                return tuple(word for word in translated(match[1])[0] if not {word} & (_EMPTY | GENERIC))[:2]
            found: list[str] = []
            bare = re.search(r"\b(?:what|which)\b", match[0]) is not None
            for word in match[1].split():
                if self._ends_phrase(word, bare=bare and not found, first=not found):
                    break
                if word not in _EMPTY and word not in GENERIC:
                    found.append(word)
            else:
                if masked[match.end() :].lstrip().startswith(MARK):
                    return self._named(masked[match.end() :])
            return tuple(found[-2:])
        match = re.search(
            rf"^(?:which|what kinds? of|what types? of|list (?:all |the )*|name (?:all |the )*)\s*(?={MARK})"
            rf"|(?:哪些|哪几个|哪几家|哪家|哪个)(?={MARK})",
            masked,
        )
        return self._named(masked[match.end() :]) if match else ()

    def _named(self, rest: str) -> tuple[str, ...]:
        """Behind "which" stands a name: one of what it names is asked for, by the noun it ends with ("which domestic AI chips")."""
        number = re.match(rf"\s*{MARK}(\d+)", rest)
        if number is None:
            return ()
        mention = self._task.question.mentions[int(number[1])]
        self.group = mention.entity
        last = mention.text.split()[-1]
        return (last,) if last.isascii() and stem(last) in self._class_nouns else ()

    @cached_property
    def _saying(self) -> list[Collection[int]]:
        """The claims that say each of the words."""
        return [self._retrieval.saying(word) for word in self.words]

    @cached_property
    def _class_nouns(self) -> set[str]:
        return {stem(word) for row in self._task.catalog.classes.values() for word in row["label"].split()}

    def met(self, hit: Hit) -> bool:
        """Whether a claim has what is asked for."""
        if not self.words or self.ends(hit):
            return True
        catalog = self._task.catalog
        row = catalog.row(hit.claims[0])
        if row["unit"] == "percent" and any(stem(word) in _SHARE for word in self.words):
            return True
        if is_figure(catalog, row) and self.words[-1] in self._task.metric_words:
            return True
        return any(hit.claims[0] in saying for saying in self._saying)

    def ends(self, hit: Hit) -> list[int]:
        """Ends of a claim, not named by the question, of the class asked for."""
        task = self._task
        others = [end for end in hit.ends if end not in task.entities]
        if self.group is not None:
            members = self._retrieval.around.kin(self.group)
            fitting = [end for end in others if end in members]
            if fitting or not self.words:
                return fitting
        return [end for end in others if self.fits(end)]

    def fits(self, entity: int) -> bool:
        """Whether an entity is of the class asked for."""
        kinds = self._task.catalog.kinds(entity)
        if self.kind is not None:
            return self.kind in kinds
        if self.place:
            return bool(_PLACED & kinds)
        return bool({stem(word) for word in self.words[-1:]} & self._class_words(entity))

    @cached_property
    def unknown(self) -> bool:
        """Whether nothing in the graph is called what is asked for."""
        return bool(self.words) and len(self.words[-1]) >= _NOUN and not self._saying[-1] and stem(self.words[-1]) not in self._class_nouns

    def _ends_phrase(self, word: str, *, bare: bool, first: bool) -> bool:
        """Whether a word is a verb or the like, with which the noun phrase ends (or, behind a bare "which", does not begin)."""
        if word in _VERBS or word in STOP_WORDS - {"share", "number"}:
            return True
        verbs = self._task.catalog.words("relation") | GRAMMAR_WORDS
        if bare:
            # "what remains": a noun behind a bare "what" is one by which things of a class are called, "what chips".
            unclassed = self._task.question.masked.startswith("what ") and stem(word) not in self._class_nouns
            return word.endswith("ed") or (word.endswith("s") and (word[:-1] in verbs or unclassed))
        return not first and word in verbs

    def _class_words(self, entity: int) -> set[str]:
        catalog = self._task.catalog
        named = [catalog.classes[name]["label"] for name in catalog.kinds(entity) if name in catalog.classes]
        named += [catalog.label(group) for group in self._retrieval.around.groups(entity)]
        return {stem(word) for name in named for word in tokenise(name)}
