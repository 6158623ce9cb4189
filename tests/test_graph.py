"""The graph that comes with agikg: sound, faithful in form, and its examples as the issue tells them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agikg.build.pipeline import compiled
from agikg.errors import InvalidGraph
from agikg.kg import KnowledgeGraph
from agikg.passages import fingerprint, sentences
from agikg.snapshot import sha256
from tests.chain import write_chain
from tests.conftest import ROOT

CHIPS = "chips"


@pytest.fixture(scope="module")
def rebuilt() -> tuple[list[str], bytes]:
    """The graph that comes with agikg, checked and built once more: its problems, or what came out."""
    try:
        return [], compiled(ROOT).graph
    except InvalidGraph as error:
        return [str(problem) for problem in error.problems], b""


def test_the_graph_has_no_problems(rebuilt: tuple[list[str], bytes]) -> None:
    problems, _ = rebuilt
    assert problems == []


def test_every_sentence_of_the_chips_chapter_has_claims_or_a_reason(kg: KnowledgeGraph) -> None:
    rows = {row[0]: row[1:] for row in kg.query("coverage-by-section", {"source": "sinolytics-2025"}).rows}
    sentence_count, with_claims, with_reason, open_, claims = rows[CHIPS]
    assert (sentence_count, open_) == (57, 0)
    assert with_claims + with_reason == sentence_count
    assert claims >= 150


def test_every_sentence_of_the_whitepaper_has_claims_or_a_reason(kg: KnowledgeGraph) -> None:
    paragraphs = kg.query("coverage", {"source": "sinolytics-2025"}).rows
    assert {row[0] for row in paragraphs} >= {"introduction", "chips", "computing", "data", "models", "applications", "conclusion"}
    assert [row for row in paragraphs if row[5] != 0] == []
    listed = kg.query("uncovered", {"source": "sinolytics-2025"}).rows
    assert all(row[3] for row in listed)
    assert len(listed) == sum(row[4] for row in paragraphs)


def test_verify_confirms_the_original_and_points_at_the_first_change(kg: KnowledgeGraph, whitepaper: str) -> None:
    result = kg.verify("sinolytics-2025", whitepaper)
    assert result.mismatches == ()
    assert result.confirmed == result.claims > 0
    changed = kg.verify("sinolytics-2025", whitepaper.replace("nearly 40%", "nearly 45%"))
    (mismatch,) = changed.mismatches
    assert mismatch.locator == "chips ¶4 s4"
    assert "nearly 45%" in whitepaper.replace("nearly 40%", "nearly 45%").splitlines()[mismatch.line - 1]
    assert changed.confirmed < result.confirmed


def test_passages_are_those_of_the_source(kg: KnowledgeGraph, whitepaper: str) -> None:
    written = (ROOT / "graph" / "sinolytics-2025" / "passages.ttl").read_text(encoding="utf-8")
    assert kg.passages("sinolytics-2025", whitepaper) == written


def test_no_statement_copies_its_sentence(kg: KnowledgeGraph, whitepaper: str) -> None:
    """No run of seven words in common, names aside."""
    titles = {str(title): str(key) for key, title in kg.query("sections", {"source": "sinolytics-2025"}).rows}
    texts = {fingerprint(s.text): s.text for s in sentences(whitepaper, titles)}
    words = re.compile(r"[a-z0-9]+")
    for claim in kg.claims():
        source = words.findall(texts[claim.fingerprint].lower())
        runs = {tuple(source[i : i + 7]) for i in range(len(source) - 6)}
        for text in (claim.statement, claim.object or ""):
            own = words.findall(text.lower())
            assert not runs & {tuple(own[i : i + 7]) for i in range(len(own) - 6)}, claim.id


def test_two_yields_in_order(kg: KnowledgeGraph) -> None:
    first, second = kg.show("910C").values
    assert (first.value, first.modality, first.superseded) == (20, "estimated", True)
    assert (second.value, second.bound, second.modality, second.as_of, second.superseded) == (40, "nearly", "reported", "2025-03", False)
    rows = kg.query("timeline", {"entity": "910C", "metric": "yieldRate"}).rows
    assert [row[3] for row in rows] == [20, 40]


def test_the_tsmc_chip_in_a_910b_is_not_manufacture_by_tsmc(kg: KnowledgeGraph) -> None:
    for name in ("910B", "910C", "Ascend series"):
        needed = {item.label for item in kg.dependencies(name).items if item.role in ("direct", "transitive")}
        assert not any("TSMC" in label for label in needed)


def test_the_partnership_with_broadcom_is_reported_and_unconfirmed(kg: KnowledgeGraph) -> None:
    (hop,) = [hop for path in kg.path("ByteDance", "Broadcom", k=3).paths for hop in path if len(path) == 1]
    assert hop.modality == "reported"
    statements = " ".join(claim.statement for claim in kg.claims(about="Broadcom"))
    assert re.search(r"confirm", statements)


def test_the_control_of_2020_bars_and_its_absence_opens(kg: KnowledgeGraph) -> None:
    def roles(as_of: str) -> dict[str, str]:
        return {item.label: item.role for item in kg.dependencies("Ascend series", as_of=as_of, depth=1).items}

    barred, open_ = roles("2025"), roles("2019")
    (tsmc,) = [label for label in barred if "TSMC" in label]
    assert barred[tsmc] == "barred"
    assert open_[tsmc] == "alternative"


def test_the_contradiction_about_kunlun_3_is_kept_and_marked(kg: KnowledgeGraph) -> None:
    pairs = [row for row in kg.query("contested").rows if row[1] == "agi:disputes"]
    assert any("not been officially released" in str(row[3]) and "launched a compute cluster" in str(row[5]) for row in pairs)
    assert kg.show("Kunlun 3.0").contested


def test_all_in_one_devices_have_substitutes(kg: KnowledgeGraph) -> None:
    (item,) = [item for item in kg.dependents("SMIC DUV").items if item.label == "DeepSeek all-in-one devices"]
    assert item.necessity == "one of several"
    assert {"Hygon processors", "Cambricon processors", "Other domestic processors"} == {ref.label for ref in item.alternatives}


def test_scope_narrows_and_says_so(kg: KnowledgeGraph) -> None:
    nothing = kg.dependents("SMIC DUV", known_at="2020")
    assert nothing.items == ()
    assert nothing.left_out
    sure = kg.dependents("SMIC DUV", min_confidence="medium")
    assert {"DeepSeek all-in-one devices", "Huawei processors"}.isdisjoint(item.label for item in sure.items)
    assert kg.dependents("SMIC DUV", sources=("sinolytics-2025",)).items == kg.dependents("SMIC DUV").items


def test_entities_in_a_scope_are_those_that_its_claims_tell_of(full: KnowledgeGraph) -> None:
    told = full.claims(sources=["sinolytics-2025"])
    found = {entity.id: entity.label for entity in full.entities(sources=["sinolytics-2025"])}
    about = {end for claim in told for end in (claim.subject, claim.object) if end in full.catalog.position}
    named = " ".join(f"{claim.attributed_to or ''} {claim.party or ''}" for claim in told)
    assert about <= found.keys() and all(found[other] in named for other in found.keys() - about)
    assert "e:asml" not in found and "e:asml" in {entity.id for entity in full.entities()}
    assert {entity.id for entity in full.entities(sources=["sinolytics-2025"], min_confidence="high")} < found.keys()


def test_networkx_users_can_start_at_once(kg: KnowledgeGraph) -> None:
    import networkx as nx

    graph = kg.to_networkx(dependencies_only=True)
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.nodes["e:ascend-910c"]["label"] == "Ascend 910C"
    data = next(iter(graph.get_edge_data("e:ascend-910c", "e:smic-duv").values()))
    assert data["predicate"] == "fabricatedWith"
    assert data["claims"]
    assert data["essential"]
    whole = kg.to_networkx()
    assert whole.number_of_edges() > graph.number_of_edges()
    assert nx.has_path(graph, "e:bytedance", "e:smic-duv")


def test_round_trips_lose_nothing(kg: KnowledgeGraph) -> None:
    """N-Quads out, through rdflib as TriG, and in again: the same quads (language tags fold their case)."""
    import rdflib

    from agikg.store.syntax import nquads, parse

    written = kg._snapshot.graph()
    assert nquads(parse(written, ".nq")) == written
    dataset = rdflib.Dataset()
    dataset.parse(data=written, format="nquads")
    again = nquads(parse(dataset.serialize(format="trig").encode("utf-8"), ".trig"))
    assert again.lower() == written.lower()


def test_two_builds_of_one_state_have_one_hash(rebuilt: tuple[list[str], bytes], full: KnowledgeGraph) -> None:
    _, graph = rebuilt
    assert sha256(graph) == full.snapshot


def test_sentences_of_a_web_page_are_found_by_their_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has no paragraphs that stay: its cited sentences are found wherever they are in the reader's copy."""
    root = write_chain(tmp_path)
    file = root / "graph" / "repeat" / "repeat.ttl"
    sentence = "The fab line could not run without Machine M."
    text = file.read_text(encoding="utf-8").replace("agi:paragraph 1 ; ", "")
    file.write_text(re.sub(r'agi:fingerprint "[0-9a-f]+"', f'agi:fingerprint "{fingerprint(sentence)}"', text), encoding="utf-8")
    monkeypatch.setenv("AGIKG_DATA", str(root))
    graph = KnowledgeGraph.open(progress=lambda _: None)
    assert graph.claims(sources=["repeat"])[0].locator == "all (cited sentence 1)"
    page = f"Something else stands here.\n\n{sentence} More follows.\n"
    assert graph.verify("repeat", page).confirmed == 1
    missing = graph.verify("repeat", page.replace("Machine M", "Machine K"))
    assert (missing.confirmed, [m.locator for m in missing.mismatches]) == (0, ["all (cited sentence 1)"])


def test_only_so_many_scopes_are_kept(kg: KnowledgeGraph) -> None:
    """A server is asked about any number of dates, and must not grow with each."""
    before = kg.dependents("SMIC DUV", as_of="2001").model_dump()
    for month in range(200):
        kg.dependents("SMIC DUV", as_of=f"{2002 + month // 12}-{month % 12 + 1:02}")
    assert len(kg.catalog._networks) <= 64
    assert len(kg.catalog._dates) <= 64
    assert kg.dependents("SMIC DUV", as_of="2001").model_dump() == before
