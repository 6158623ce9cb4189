"""Records as rows of tables and back, without loss. Knows the tables and the vocabulary, no file and no store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from agikg import vocab
from agikg.exchange.schema import ENTITIES, EXTRA, PLAIN, TABLES, Field, Table
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.syntax import SyntaxFault, parse
from agikg.store.terms import IRI, LANG_STRING, STRING, Literal, Quad, Term
from agikg.vocab import XSD, agi, curie, expand

_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d+")
Row = dict[str, Any]


class Number(str):
    """A number by its lexical form: 62.50 stays 62.50."""

    __slots__ = ()


class BadCell(ValueError):
    """A cell that does not say what its column wants."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class Terms:
    """Keys of concepts, names of classes and predicates, to IRIs and back."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @cached_property
    def concepts(self) -> dict[str, dict[str, str]]:
        """Property -> key of a concept -> its IRI."""
        index = self.vocabulary.index
        return {
            str(predicate): {index.text(c, vocab.NOTATION) or c: c for c in index.having(vocab.IN_SCHEME, str(scheme))}
            for predicate, scheme in index.pairs(agi("fromScheme"))
        }

    def kind(self, predicate: str) -> str:
        """relation, text or metric; "" for what is not declared."""
        declared = self.vocabulary.properties.get(predicate)
        return declared.kind if declared else ""


def table_of(subject: str, facts: TripleIndex, vocabulary: Vocabulary) -> Table | None:
    """The table a record belongs to, or None for what is no record."""
    types = facts.iris(subject, vocab.TYPE)
    for table in TABLES:
        if table.cls and table.cls in types:
            return table
    return ENTITIES if any(kind in vocabulary.classes for kind in types) else None


def rows(facts: TripleIndex, terms: Terms) -> dict[str, list[Row]]:
    """All records of authored triples as rows, by table, sorted by id."""
    found: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    for subject in sorted(facts.subjects()):
        table = table_of(subject, facts, terms.vocabulary)
        if table is not None:
            found[table.name].append(row_of(subject, table, facts, terms))
    return found


def row_of(subject: str, table: Table, facts: TripleIndex, terms: Terms) -> Row:
    """A record as a row: only columns that say something."""
    left = {predicate: list(objects) for predicate, objects in facts.properties(subject).items()}
    if table.cls:
        left[vocab.TYPE] = [kind for kind in left.get(vocab.TYPE, []) if kind != table.cls]
    row: Row = {"id": curie(subject)}
    kind = terms.kind(str(next(iter(left.get(vocab.PREDICATE, [])), "")))
    # What a predicate does not take (a text for a relation) is kept as it is, but not read as what it takes.
    misfits = [o for o in left.get(vocab.OBJECT, []) if isinstance(o, Literal) != (kind == "text")] if kind != "metric" else []
    left[vocab.OBJECT] = [o for o in left.get(vocab.OBJECT, []) if o not in misfits]
    # Fields of one language take theirs before those that take any.
    for field in sorted(table.fields, key=lambda field: not (field.only or field.form == "texts")):
        if field.form == "object" and kind not in ("relation", "text"):
            continue
        _take(field, left, row, terms)
    left[vocab.OBJECT] += misfits
    rest = [f"<{predicate}> {o.n3()} ." for predicate, objects in sorted(left.items()) for o in sorted(objects, key=lambda o: o.n3())]
    if rest:
        row[EXTRA] = "\n".join(rest)
    order = {column: position for position, column in enumerate(table.columns)}
    return dict(sorted(row.items(), key=lambda item: order.get(item[0].removesuffix("_language"), len(order))))


def _take(field: Field, left: dict[str, list[Term]], row: Row, terms: Terms) -> None:
    """Moves what a field can hold from the statements left into the row."""
    objects = left.get(field.predicate, [])
    if field.form in ("refs", "texts", "class"):
        taken = [o for o in objects if _cell(field, o, terms) is not None]
        cells = sorted({str(_cell(field, o, terms)) for o in taken})
        if cells:
            row[field.column] = cells
            left[field.predicate] = [o for o in objects if o not in taken]
        return
    ranked = sorted(objects, key=lambda o: (isinstance(o, Literal) and o.language != field.language, o.n3()))
    for object_ in ranked:
        cell = _cell(field, object_, terms)
        if cell is not None:
            row[field.column] = cell
            if isinstance(object_, Literal) and field.form in ("text", "object") and object_.language != field.language:
                row[f"{field.column}_language"] = object_.language or PLAIN
            objects.remove(object_)
            return


def _cell(field: Field, term: Term, terms: Terms) -> str | bool | None:
    """What a column shows of an object; None if it cannot show it whole."""
    if isinstance(term, Literal):
        if field.form == "number":
            return _number_cell(term)
        if field.form == "flag":
            return term.value == "true" if term.datatype == f"{XSD}boolean" and term.value in ("true", "false") else None
        textual = field.form in ("text", "texts", "object") and (bool(term.language) or term.datatype == STRING)
        fits = term.language == field.language or (field.form in ("text", "object") and not field.only)
        # Spaces around an item of a list do not survive a cell.
        whole = bool(term.value) and (field.form != "texts" or term.value == term.value.strip())
        return term.value if textual and fits and whole else None
    if not isinstance(term, IRI) or " " in term:
        return None
    if field.form in ("ref", "refs", "object"):
        return curie(term) if expand(curie(term)) == term else None
    if field.form in ("class", "predicate"):
        return vocab.local(term) if term.startswith(vocab.AGI) else None
    if field.form == "concept":
        return next((key for key, iri in terms.concepts.get(field.predicate, {}).items() if iri == term), None)
    return str(term) if field.form == "iri" else None


def _number_cell(term: Literal) -> Number | None:
    form = {f"{XSD}integer": _INTEGER, f"{XSD}decimal": _DECIMAL}.get(term.datatype)
    return Number(term.value) if form is not None and form.fullmatch(term.value) else None


def statements(table: Table, row: Row, terms: Terms) -> Iterator[Quad]:
    """The triples that a row states, without a graph.

    Raises:
        BadCell: a cell that does not say what its column wants.
    """
    subject = IRI(expand(str(row["id"])))
    if table.cls:
        yield Quad(subject, IRI(vocab.TYPE), IRI(table.cls))
    for field in table.fields:
        cell = row.get(field.column)
        for item in cell if isinstance(cell, list) else [] if cell is None or cell == "" else [cell]:
            yield Quad(subject, IRI(field.predicate), _term(field, item, row, terms))
    if row.get(EXTRA):
        lines = "".join(f"{subject.n3()} {line}\n" for line in str(row[EXTRA]).split("\n"))
        try:
            yield from parse(lines.encode("utf-8"), ".nt")
        except SyntaxFault as error:
            raise BadCell(EXTRA, f"line {error.line} is not an N-Triples predicate and object: {error}") from None


def _term(field: Field, cell: Any, row: Row, terms: Terms) -> Term:
    """The object a cell means."""
    text = str(cell)
    if field.form == "number":
        return Literal(text, "", f"{XSD}integer" if _INTEGER.fullmatch(text) else f"{XSD}decimal")
    if field.form == "flag":
        if text.casefold() not in ("true", "false"):
            raise BadCell(field.column, f"{text!r} is neither true nor false")
        return Literal(text.casefold(), "", f"{XSD}boolean")
    if field.form == "concept":
        known = terms.concepts.get(field.predicate, {})
        if text not in known:
            raise BadCell(field.column, f"{text!r} is none of {', '.join(sorted(known))}")
        return IRI(known[text])
    if field.form in ("class", "predicate"):
        return IRI(agi(text.removeprefix("agi:")))
    relation = field.form == "object" and terms.kind(agi(str(row.get("predicate", "")).removeprefix("agi:"))) == "relation"
    if field.form in ("ref", "refs", "iri") or relation:
        target = IRI(expand(text))
        try:
            target.n3()
        except ValueError:
            raise BadCell(field.column, f"{text!r} is not an identifier") from None
        return target
    language = str(row.get(f"{field.column}_language") or field.language)
    return Literal(text) if language in ("", PLAIN) else Literal(text, language, LANG_STRING)


def triples(found: dict[str, Iterable[Row]], terms: Terms) -> list[Quad]:
    """The triples of rows by table."""
    return [quad for table in TABLES for row in found.get(table.name, ()) for quad in statements(table, row, terms)]
