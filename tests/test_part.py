"""A scope of sources is a graph of its own: the same as if nothing but the files of the sources had been there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from agikg.build.pipeline import compiled
from agikg.errors import UnknownName
from agikg.kg import KnowledgeGraph
from agikg.packed import Packed
from tests.chain import write_chain
from tests.conftest import Ran
from tests.graphs import write_part


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chain(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def whole(root: Path) -> KnowledgeGraph:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGIKG_DATA", str(root))
        return KnowledgeGraph.open(progress=lambda _: None)


@pytest.fixture(scope="module")
def alone(root: Path, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The files of two of the three sources, and the entities that they speak of."""
    place = write_part(tmp_path_factory.mktemp("alone") / "data", ["report", "repeat"], root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGIKG_DATA", str(place))
        return KnowledgeGraph.open(progress=lambda _: None)


def plain(index: dict[str, Any]) -> object:
    """An index without the bytes in which parts of it are kept."""
    parsed = {"claim_rows": [json.loads(row) for row in index["claim_rows"]]}
    return json.loads(json.dumps({**index, **parsed, "search": {name: list(part) for name, part in Packed(index["search"]).items()}}))


def test_the_part_is_what_a_build_of_its_files_gives(whole: KnowledgeGraph, alone: KnowledgeGraph) -> None:
    from agikg.build.part import compiled_part

    part = compiled_part(whole._snapshot.graph(), ["repeat", "report"])
    found, expected = plain(part.index), plain(compiled(alone._root).index)  # type: ignore[arg-type]
    assert isinstance(found, dict) and isinstance(expected, dict)
    assert found.keys() == expected.keys()
    for name in found.keys() - {"classes", "concepts"}:  # classes and units that nobody uses are in a build, too
        assert found[name] == expected[name], name
    assert "marketShare" in found["predicates"] and "waferCapacity" not in found["predicates"], (
        "extensions that no source states are no words"
    )


def test_answers_in_a_scope_are_those_of_the_sources_alone(whole: KnowledgeGraph, alone: KnowledgeGraph) -> None:
    chosen = ["report", "repeat"]
    for question in (
        "what depends on Machine M",
        "who makes Machine M",
        "what does Server S depend on",
        "how are Chip X and Toolworks connected",
    ):
        found, expected = (answer.model_dump() for answer in (whole.ask(question, sources=chosen), alone.ask(question, sources=chosen)))
        for name in found.keys() - {"snapshot", "left_out"}:
            assert found[name] == expected[name], (question, name)
        assert found["claims"]
        assert found["left_out"] == ["19 of 29 claims are outside the chosen sources, confidence or publication date"]
        assert not expected["left_out"]


def test_what_others_say_leaves_no_trace(whole: KnowledgeGraph) -> None:
    """The study's alternative machine, the control on it and its alternative memory are not there without the study."""
    assert whole.dependents("Machine M").items
    both = {item.label for item in whole.dependents("Machine M").items}
    some = {item.label for item in whole.dependents("Machine M", sources=["report"]).items}
    assert "App Z" in both
    assert some == {"Fab Line", "Chip X", "Server S"}
    assert not whole.whatif(["Machine M"], sources=["report"]).substituted
    with pytest.raises(UnknownName):
        whole.show("Holdco", sources=["report"])
    assert whole.ask("what is Holdco", sources=["report"]).reason == "unknown_entity"
    assert not [claim for claim in whole.claims(sources=["report"]) if claim.source != "report"]
    lens = whole.lens(sources=["study"])
    assert lens.catalog.requirement("r:fab-machine").function == "lithography", "a requirement goes with the claims that serve it"


def test_a_source_that_repeats_another_still_counts_as_its_origin(whole: KnowledgeGraph) -> None:
    catalog = whole.catalog_in(whole.scope(sources=["repeat"]))
    assert {catalog.row(position)["origin"] for position in range(catalog.claim_count)} == {"report"}


def test_all_sources_are_the_whole(whole: KnowledgeGraph) -> None:
    assert whole.catalog_in(whole.scope(sources=["study", "report", "repeat"])) is whole.catalog
    assert whole.catalog_in(whole.scope()) is whole.catalog


def test_a_part_is_kept_and_made_anew_when_damaged(whole: KnowledgeGraph) -> None:
    scope = whole.scope(sources=["study"])
    shutil.rmtree(whole.folder / "parts", ignore_errors=True)
    whole._parts.clear()
    whole.catalog_in(scope)
    (folder,) = (whole.folder / "parts").iterdir()
    written = (folder / "index.json").read_bytes()
    (folder / "index.json").write_bytes(written[: len(written) // 2])
    whole._parts.clear()
    assert whole.catalog_in(scope).resolve("App Z") >= 0
    assert (folder / "index.json").read_bytes() == written


def test_only_so_many_parts_are_kept(whole: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    from agikg.build import part

    monkeypatch.setattr(part, "KEPT", 2)
    shutil.rmtree(whole.folder / "parts", ignore_errors=True)
    for chosen in (["report"], ["repeat"], ["study"], ["report", "study"]):
        assert part.part_index(whole._snapshot, chosen)["sources"]
    assert len(list((whole.folder / "parts").iterdir())) == 2


def test_a_part_of_a_store_that_cannot_be_written_to(whole: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    from agikg import snapshot
    from agikg.build.part import part_index
    from agikg.errors import StoreError

    def refuse(*_: object) -> None:
        raise StoreError("no place")

    monkeypatch.setattr(snapshot, "write", refuse)
    assert part_index(whole._snapshot, ["repeat"])["sources"][0]["id"] == "repeat"


def test_on_the_command_line(whole: KnowledgeGraph, root: Path, agikg: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_DATA", str(root))
    ran: Ran = agikg("ask", "what depends on Machine M", "--source", "report")  # type: ignore[operator]
    assert ran.code == 0, ran.err
    assert "App Z" not in ran.out
    assert "outside the chosen sources" in ran.out
