"""Completes claims as users write them: names to identifiers, and the records behind a claim. Knows rows and names."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from agikg import vocab
from agikg.exchange.known import Known, Unknown, slug_of
from agikg.exchange.records import BadCell, Row, Terms, statements
from agikg.exchange.schema import COMPLETED, ENTITIES, PASSAGES, REQUIREMENTS, SECTIONS, SOURCES, Table
from agikg.exchange.tables import Line
from agikg.passages import fingerprint
from agikg.store.terms import Quad
from agikg.vocab import agi, curie, expand

_SECTION = "imported"
_SOURCE_COLUMNS = ("title", "publisher", "published", "accessed", "tier", "url", "license")
# What describes other records than the claim: a row says the same wherever it stands in the file.
_NOT_SAID = frozenset({"id", "quote", "fingerprint", *COMPLETED} - {"source", "section", "locator"})
_STEM = re.compile(r"c:(.+?)([a-z]{1,2})")


class ClaimRows:
    """Completes rows one by one; remembers what it made, so that nothing is made twice.

    Args:
        known: names in use; new entities are added.
        terms: keys of concepts.
        declared: IRIs of records that the file describes itself.
    """

    def __init__(self, known: Known, terms: Terms, declared: Iterable[str] = ()) -> None:
        self._known = known
        self._terms = terms
        self._made = set(declared)
        self._letters: dict[str, int] = {}
        self._seen: dict[str, Line] = {}

    def complete(self, line: Line, row: Row, cells: Mapping[str, Any]) -> tuple[list[Quad], list[str]]:
        """Fills in a row in place.

        Args:
            line: where it stands.
            row: typed cells of the claim itself.
            cells: all cells, with those that describe source, passage and new entities.

        Returns:
            What has to be stated besides the claim, and what is wrong with the row.
        """
        besides: list[Quad] = []
        problems: list[str] = []
        if earlier := self._repeats(line, cells):
            return [], [f"the same as line {earlier.line}"]
        # A row with both is a record as exports write it, not one to be completed.
        whole = bool(row.get("id") and row.get("passage"))
        for step in (self._predicate, self._ends) if whole else (self._predicate, self._ends, self._figure, self._requirement, self._place):
            try:
                besides += step(line, row, cells)
            except (BadCell, Unknown) as error:
                problems.append(f"{error.column}: {error}" if isinstance(error, BadCell) else str(error))
        if not problems and not whole:
            row.setdefault("modality", "stated")
            row.setdefault("statement", self._statement(row))
        return besides, problems

    def _repeats(self, line: Line, cells: Mapping[str, Any]) -> Line | None:
        earlier = self._seen.setdefault(json.dumps(cells, sort_keys=True), line)
        return None if earlier is line else earlier

    # --- the claim itself --------------------------------------------------------------------------------------

    def _predicate(self, _line: Line, row: Row, _cells: Mapping[str, Any]) -> list[Quad]:
        if not row.get("predicate"):
            raise BadCell("predicate", "is missing: what is said?")
        row["predicate"] = vocab.local(self._known.predicate(str(row["predicate"])))
        return []

    def _ends(self, _line: Line, row: Row, cells: Mapping[str, Any]) -> list[Quad]:
        """Subject, object and the agents named, by identifier; new entities where their class is given."""
        if not row.get("subject"):
            raise BadCell("subject", "is missing: what is it about?")
        besides = []
        relation = self._terms.kind(agi(str(row.get("predicate", "")))) == "relation"
        for column in ("subject", "object", "attributed_to"):
            if row.get(column) and (column != "object" or relation):
                row[column], made = self._entity(str(row[column]), column, cells)
                besides += made
        parties = [self._entity(name, "party", cells) for name in row.get("party", ())]
        if parties:
            row["party"] = [entity for entity, _ in parties]
        return besides

    def _entity(self, text: str, column: str, cells: Mapping[str, Any]) -> tuple[str, list[Quad]]:
        name = text.strip()
        found = self._known.entity(name)
        if found is not None:
            return curie(found), []
        kind, layer = cells.get(f"{column}_kind"), cells.get(f"{column}_layer")
        if not (kind and layer) or name.startswith("e:"):
            wanted = f"give {column}_kind and {column}_layer for a new one" if column in ("subject", "object") else "define it first"
            raise BadCell(column, f"no entity is called {name!r}; {wanted}{self._known.near(name)}")
        row: Row = {"id": f"e:{self._known.free_slug(name)}", "kind": [str(kind)], "label": name, "layer": str(layer)}
        if cells.get(f"{column}_zh"):
            row["label_zh"] = str(cells[f"{column}_zh"])
        if agi(str(kind)) not in self._known.vocabulary.classes:
            classes = ", ".join(sorted(map(vocab.local, self._known.vocabulary.classes)))
            raise BadCell(f"{column}_kind", f"{kind!r} is no class of entities; the classes: {classes}")
        self._known.add(expand(row["id"]), [name, *filter(None, [row.get("label_zh")])], [agi(str(kind))])
        return row["id"], list(statements(ENTITIES, row, self._terms))

    def _figure(self, _line: Line, row: Row, _cells: Mapping[str, Any]) -> list[Quad]:
        """Of a figure: the unit where only one is possible, the printed form where only the number is given."""
        declared = self._known.vocabulary.properties.get(agi(str(row.get("predicate", ""))))
        if declared is None or declared.kind != "metric":
            return []
        if row.get("value") and not row.get("verbatim"):
            row["verbatim"] = f"{row['value']}–{row['value_high']}" if row.get("value_high") else str(row["value"])
        if not row.get("unit") and len(declared.units) == 1:
            row["unit"] = self._known.vocabulary.notation(next(iter(declared.units)))
        return []

    def _requirement(self, _line: Line, row: Row, _cells: Mapping[str, Any]) -> list[Quad]:
        """A requirement that is given in words instead of by its identifier."""
        function = row.get("requirement")
        if not function or str(function).startswith("r:"):
            return []
        declared = self._known.vocabulary.properties.get(agi(str(row.get("predicate", ""))))
        owner = str(row.get("object" if declared is not None and declared.dependent_is_object else "subject"))
        row["requirement"] = f"r:{owner.partition(':')[2]}.{slug_of(str(function))}"
        return self._once(REQUIREMENTS, {"id": row["requirement"], "required_by": owner, "function": str(function)})

    def _statement(self, row: Row) -> str:
        """The claim in a sentence, of the labels of its parts."""
        index, predicate = self._known.vocabulary.index, agi(str(row["predicate"]))
        reading = index.text(predicate, vocab.LABEL, "en") or str(row["predicate"])
        subject = self._label(str(row["subject"]))
        if self._terms.kind(predicate) == "metric":
            scope = f" {row['scope']}" if row.get("scope") else ""
            return f"The {reading} of {subject} is {row.get('verbatim', '')}{scope}."
        return f"{subject} {reading} {self._label(str(row.get('object', '')))}."

    def _label(self, name: str) -> str:
        return self._known.name(expand(name)) if name.startswith("e:") else name

    # --- where it stands ---------------------------------------------------------------------------------------

    def _place(self, line: Line, row: Row, cells: Mapping[str, Any]) -> list[Quad]:
        """Source, section, passage and identifier, made where they are not given."""
        besides: list[Quad] = []
        if not row.get("passage"):
            match = _STEM.fullmatch(str(row.get("id", "")))
            if match and self._is_there(expand(f"p:{match[1]}")):
                row["passage"] = f"p:{match[1]}"
            else:
                besides = self._passage(line, row, cells)
        if not row.get("id"):
            stem = str(row["passage"]).partition(":")[2]
            row["id"] = f"c:{stem}{self._letter(stem)}"
        return besides

    def _passage(self, line: Line, row: Row, cells: Mapping[str, Any]) -> list[Quad]:
        source, besides = self._source(cells)
        key = str(cells.get("section") or _SECTION)
        section = f"sec:{source}.{key}"
        if not self._is_there(expand(section)):
            title = "Imported statements" if key == _SECTION else key
            besides += self._once(SECTIONS, {"id": section, "source": f"s:{source}", "key": key, "title": title})
        said = {column: cell for column, cell in sorted(cells.items()) if column not in _NOT_SAID}
        words = cells.get("quote") or json.dumps(said, ensure_ascii=False)
        mark = str(cells.get("fingerprint") or fingerprint(str(words)))
        locator = str(cells.get("locator") or f"{PurePath(line.path).name}:{line.line}")
        digest = hashlib.sha256(f"{mark}\0{cells.get('locator') or ''}".encode()).hexdigest()[:12]
        row["passage"] = f"p:{source}.{key}-{digest}"
        return besides + self._once(PASSAGES, {"id": row["passage"], "section": section, "locator": locator, "fingerprint": mark})

    def _source(self, cells: Mapping[str, Any]) -> tuple[str, list[Quad]]:
        identifier = str(cells.get("source") or "").strip().removeprefix("s:")
        if not identifier:
            raise BadCell("source", "is missing: who says so? Give the id of a source")
        iri = expand(f"s:{identifier}")
        given = {name: str(cells[f"source_{name}"]) for name in (*_SOURCE_COLUMNS, "non_commercial") if cells.get(f"source_{name}")}
        if self._is_there(iri):
            return identifier, []
        missing = [f"source_{name}" for name in _SOURCE_COLUMNS if name not in given]
        if missing:
            raise BadCell("source", f"{identifier!r} is new; it needs {', '.join(missing)} on the first row that names it")
        return identifier, self._once(SOURCES, {"id": f"s:{identifier}", "identifier": identifier, **given})

    def _once(self, table: Table, row: Row) -> list[Quad]:
        """The statements of a record, the first time it is needed."""
        iri = expand(str(row["id"]))
        if self._is_there(iri):
            return []
        found = list(statements(table, row, self._terms))
        self._made.add(iri)
        return found

    def _is_there(self, iri: str) -> bool:
        return iri in self._made or iri in self._known.facts

    def _letter(self, stem: str) -> str:
        """a, b ... z, aa, ab ...: the next of a passage."""
        number = self._letters[stem] = self._letters.get(stem, -1) + 1
        if number >= 26 * 27:
            raise BadCell("quote", "more than 702 claims of one sentence")
        return chr(97 + number) if number < 26 else chr(96 + number // 26) + chr(97 + number % 26)
