"""The ETO "Advanced Semiconductor Supply Chain" tables as rows of our own. Knows their columns; what they mean is in eto.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from agikg.errors import Problem
from agikg.exchange.drafting import CHECK
from agikg.exchange.known import Known, slug_of
from agikg.exchange.tables import Line
from agikg.names import key, tokenise
from agikg.vocab import agi, curie

# Columns without which a table is not what it is called.
_COLUMNS = {
    "inputs.csv": ("input_name", "input_id", "type", "stage_name", "stage_id"),
    "providers.csv": ("provider_name", "provider_id", "provider_type", "country"),
    "provision.csv": ("provider_name", "provider_id", "provided_name", "provided_id", "share_provided"),
    "sequence.csv": ("input_name", "input_id", "goes_into_name", "goes_into_id", "is_type_of_name", "is_type_of_id"),
    "stages.csv": ("stage_name", "stage_id"),
}
_MINOR = ("negligible_market_share", "minor_share")


@lru_cache(maxsize=1)
def mapping() -> dict[str, Any]:
    """What eto.toml says."""
    return tomllib.loads((Path(__file__).parent / "eto.toml").read_text(encoding="utf-8"))


def rows(lines: Iterable[Line], known: Known, accessed: str) -> tuple[list[Line], list[Problem]]:
    """The dataset's rows as rows of our tables, each at its line.

    Args:
        lines: rows of the five tables as they stand in their files.
        known: names in use: what the graph has already is not made again.
        accessed: when the files were read, for the source.
    """
    tables: dict[str, list[Line]] = {name: [] for name in _COLUMNS}
    for line in lines:
        tables[line.record.removeprefix("eto ")].append(line)
    problems = list(_missing(tables))
    if problems:
        return [], problems
    reader = _Tables(tables, known)
    claims = list(_unique(reader.claims()))
    first = next(iter(claims), None)
    if first is None:
        return [], [Problem("provision.csv", 0, "the tables state nothing", CHECK)]
    source = {**mapping()["source"], "accessed": accessed, "identifier": mapping()["source"]["id"]}
    source["id"] = f"s:{source['id']}"
    made = [Line(first.path, 1, "source", source)]
    sections = dict.fromkeys(line.cells["section"] for line in claims)
    made += [
        Line(
            first.path,
            1,
            "section",
            {"id": f"sec:{source['identifier']}.{name}", "source": source["id"], "key": name, "title": f"{name}.csv"},
        )
        for name in sections
    ]
    return [*made, *reader.entities(claims), *claims], reader.problems


def _missing(tables: dict[str, list[Line]]) -> Iterator[Problem]:
    for name, lines in tables.items():
        # Empty cells are left out of a line, so a column is there if any line has it; name and id never are empty.
        for line in lines[:1]:
            for column in _COLUMNS[name][:2]:
                if column not in line.cells:
                    yield Problem(
                        line.path, line.line, f"column {column!r} is missing or empty; expected {', '.join(_COLUMNS[name])}", CHECK
                    )


def _unique(lines: Iterable[Line]) -> Iterator[Line]:
    """Each claim once: the dataset repeats some rows."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    for line in lines:
        said = tuple(sorted((column, str(cell)) for column, cell in line.cells.items() if column not in ("locator", "quote")))
        if said not in seen:
            seen.add(said)
            yield line


class _Tables:
    """The five tables, read together."""

    def __init__(self, tables: dict[str, list[Line]], known: Known) -> None:
        self._tables = tables
        self._known = known
        self._map = mapping()
        self._made: dict[str, Line] = {}
        self._by_id: dict[str, tuple[str, str]] = {}
        self._by_name: dict[tuple[str, str], tuple[str, str]] = {}
        self._taken: set[str] = set()
        self._places: set[str] = set()
        self.problems: list[Problem] = []
        for line in tables["stages.csv"]:
            self._name(line, "stage_id", "stage_name", self._map["classes"]["stage"])
        for line in tables["inputs.csv"]:
            kind = self._map["inputs"].get(line.cells.get("type", ""))
            if kind is None:
                self._refuse(line, f"type {line.cells.get('type')!r} is none of {', '.join(self._map['inputs'])}")
            else:
                self._name(line, "input_id", "input_name", kind)
        for line in tables["providers.csv"]:
            self._provider(line)

    def _refuse(self, line: Line, message: str) -> None:
        self.problems.append(Problem(line.path, line.line, message, CHECK))

    def _provider(self, line: Line) -> None:
        name, type_ = line.cells.get("provider_name", ""), line.cells.get("provider_type", "organization")
        if type_ == "country":
            self._places.add(line.cells.get("provider_id", ""))
            if name not in self._map["leave_out"]["providers"]:
                self._name(line, "provider_id", "provider_name", self._map["classes"]["country"], self._map["countries"].get(name, name))
        else:
            self._name(line, "provider_id", "provider_name", self._map["classes"]["organization"])

    def _name(self, line: Line, id_column: str, name_column: str, kind: list[str], label: str | None = None) -> None:
        """Gives an id of the dataset an entity: one of the graph's of that name and class, or a new one."""
        identifier, name = line.cells.get(id_column), label or line.cells.get(name_column)
        if not identifier or not name:
            self._refuse(line, f"{id_column} or {name_column} is empty")
            return
        aliases = [part.strip() for part in str(line.cells.get("alias", "")).split(",") if part.strip()]
        self._by_id[identifier] = self._entity(line, name.strip(), kind, aliases)

    def _entity(self, line: Line, name: str, kind: list[str], aliases: list[str]) -> tuple[str, str]:
        """Id and label of the entity of a name."""
        same = key(tokenise(name)), kind[0]
        if same in self._by_name:
            return self._by_name[same]
        found = self._known.entity(name)
        classes = self._known.vocabulary.classes - {agi("Thing")}
        if found is not None and self._known.vocabulary.ancestors(agi(kind[0])) & self._known.kinds(found) & classes:
            self._by_name[same] = (curie(found), self._known.name(found))
            return self._by_name[same]
        label = self._free(name)
        free = [alias for alias in aliases if self._free(alias) == alias]
        self._taken |= {key(tokenise(called)) for called in (label, *free)}
        slug = f"e:eto-{slug_of(name)}"
        if slug in self._made:
            slug = f"{slug}-{kind[0].casefold()}"
        row = {"id": slug, "kind": [kind[0]], "label": label, "layer": kind[1], "aliases": free}
        self._made[slug] = Line(line.path, line.line, "entity", row)
        for called in (name, *free):
            self._by_name.setdefault((key(tokenise(called)), kind[0]), (slug, label))
        return slug, label

    def _free(self, name: str) -> str:
        """The name, if nothing else is called so; no name belongs to two things."""
        label, number = name, 1
        while self._known.entity(label) is not None or key(tokenise(label)) in self._taken:
            label = f"{name} (ETO)" if number == 1 else f"{name} (ETO {number})"
            number += 1
        return label

    def entities(self, claims: Iterable[Line]) -> list[Line]:
        """New entities that a claim speaks of."""
        used = {str(line.cells.get(column)) for line in claims for column in ("subject", "object")}
        return [line for slug, line in self._made.items() if slug in used]

    def claims(self) -> Iterator[Line]:
        """What the tables state."""
        for line in self._tables["inputs.csv"]:
            yield from self._relation(line, "stage", "input", "stage", "input_id", "stage_id")
        for line in self._tables["sequence.csv"]:
            note = {"note": self._map["words"]["note_sequence"]}
            yield from self._relation(line, "goes_into", "goes_into", "input", "goes_into_id", "input_id", **note)
            yield from self._relation(line, "is_type_of", "family", "input", "is_type_of_id", "input_id")
        for line in self._tables["providers.csv"]:
            yield from self._headquarters(line)
        for line in self._tables["provision.csv"]:
            yield from self._provision(line)

    def _relation(
        self, line: Line, name: str, subject: str, object_: str, subject_column: str, object_column: str, **more: str
    ) -> Iterator[Line]:
        ends = [self._by_id.get(line.cells.get(column, "")) for column in (subject_column, object_column)]
        for column, end in zip((subject_column, object_column), ends, strict=True):
            if end is None and line.cells.get(column):
                self._refuse(line, f"{column} {line.cells[column]!r} is defined in none of the tables")
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            return
        words = self._map["words"][name].format(**{subject: ends[0][1], object_: ends[1][1]})
        yield self._claim(line, ends[0][0], self._map["relations"][name], object=ends[1][0], statement=words, **more)

    def _headquarters(self, line: Line) -> Iterator[Line]:
        code, provider = line.cells.get("country"), self._by_id.get(line.cells.get("provider_id", ""))
        if not code or provider is None or code in self._map["leave_out"]["providers"]:
            return
        country = self._entity(line, self._map["countries"].get(code, code), self._map["classes"]["country"], [])
        words = self._map["words"]["headquarters"].format(provider=provider[1], country=country[1])
        yield self._claim(line, provider[0], self._map["relations"]["headquarters"], object=country[0], statement=words)

    def _provision(self, line: Line) -> Iterator[Line]:
        provided, provider = self._by_id.get(line.cells.get("provided_id", "")), self._by_id.get(line.cells.get("provider_id", ""))
        if provided is None:
            self._refuse(line, f"provided_id {line.cells.get('provided_id')!r} is defined in none of the tables")
            return
        if provider is None:
            if line.cells.get("provider_name") not in self._map["leave_out"]["providers"]:
                self._refuse(line, f"provider_id {line.cells.get('provider_id')!r} is not defined in providers.csv")
            return
        words, relations = self._map["words"], self._map["relations"]
        share, minor = line.cells.get("share_provided", "").strip(), any(line.cells.get(column) for column in _MINOR)
        year = {"as_of": line.cells["year"]} if line.cells.get("year") else {}
        place = line.cells["provider_id"] in self._places
        if not place:
            text = words["negligible" if minor else "provides"].format(provider=provider[1], provided=provided[1])
            more = {"requirement": words["supply"].format(provided=provided[1])} | ({"note": words["note_negligible"]} if minor else {})
            yield self._claim(line, provided[0], relations["provides"], object=provider[0], statement=text, **more)
        if share:
            number = share.removesuffix("%").strip()
            text = words["share"].format(provider=provider[1], provided=provided[1], share=number)
            scope = words["scope_country" if place else "scope_company"].format(provided=provided[1])
            figure = {"value": number, "unit": relations["unit"], "verbatim": share, "scope": scope, **year}
            yield self._claim(line, provider[0], relations["market_share"], statement=text, **figure)

    def _claim(self, line: Line, subject: str, predicate: str, **cells: str) -> Line:
        section = line.path.rpartition("/")[2].removesuffix(".csv")
        about = {"source": self._map["source"]["id"], "section": section, "locator": f"{section}.csv:{line.line}"}
        # What a row says of itself is its fingerprint: anybody who has the file can check it.
        quote = ", ".join(f"{column}: {cell}" for column, cell in sorted(line.cells.items()) if column in _COLUMNS[f"{section}.csv"])
        return Line(line.path, line.line, "claim", {"subject": subject, "predicate": predicate, **cells, **about, "quote": quote})
