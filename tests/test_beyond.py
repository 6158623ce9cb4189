"""The graph beyond the whitepaper: the chain from materials to applications, controls by date, disagreement, shares, confidence."""

from __future__ import annotations

from collections import Counter
from math import prod

import pytest
from rdflib import Graph, Namespace
from rdflib.namespace import SKOS

from agikg.errors import Refused
from agikg.kg import KnowledgeGraph
from agikg.model.scope import Hop
from tests.conftest import ROOT, WHITEPAPER_ID, Ran

AGI = Namespace("https://w3id.org/agikg/ontology#")


def test_there_are_sources_and_claims_enough(full: KnowledgeGraph) -> None:
    sources = [source for source in full.sources() if source.id != WHITEPAPER_ID]
    claims = [claim for claim in full.claims() if claim.source != WHITEPAPER_ID]
    assert len(sources) >= 250 and len(claims) >= 900
    assert {claim.source for claim in claims} == {source.id for source in sources}
    for source in sources:
        assert source.url and source.publisher and source.published and source.accessed and source.license and source.tier
    layers = Counter(full.entity(claim.subject).layer for claim in claims)
    assert min(layers[layer] for layer in ("materials", "equipment", "foundry", "chips", "computing", "models", "policy")) >= 20


def test_reposts_name_what_they_repeat(full: KnowledgeGraph) -> None:
    reposts = [source for source in full.sources() if source.tier == "repost"]
    named = [source for source in reposts if source.origin != source.id]
    assert len(named) / len(reposts) > 0.9


def test_the_chain_reaches_from_an_application_to_a_material(full: KnowledgeGraph) -> None:
    """Application, model, cluster, chip, lithography, its machine, a material: each hop with its claims."""
    kinds = {"Application", "AgentPlatform", "Robot", "Device"}
    applications = [entity for entity in full.entities() if entity.kind in kinds]
    materials = {entity.id for entity in full.entities(layer="materials")}
    long = []
    for entity in applications:
        reached = full.dependencies(entity.label)
        layers = {full.entity(item.id).layer for item in reached.items}
        if {"models", "chips", "equipment", "materials"} <= layers:
            long.append(entity)
            assert all(item.claims for item in reached.items)
            assert materials & {item.id for item in reached.items}
    assert long
    hops: tuple[Hop, ...] = full.path(long[0].label, "SMIC DUV").paths[0]
    assert all(hop.claims for hop in hops)


@pytest.mark.parametrize(
    ("date", "single", "not_single"),
    [
        ("2019-01-01", {"Huawei"}, {"SMIC DUV lithography", "SMIC"}),  # TSMC was open
        ("2022-11-01", {"SMIC DUV lithography", "SMIC", "ASML immersion DUV scanners"}, set()),  # TSMC closed, no stock yet
        ("2025-02-01", {"Huawei"}, {"SMIC DUV lithography", "SMIC"}),  # the dies in stock last
        ("2026-11-26", {"SMIC DUV lithography", "SMIC", "ASML immersion DUV scanners"}, set()),  # they do not any more
    ],
)
def test_single_points_of_failure_of_the_910c_change_with_the_date(
    full: KnowledgeGraph, date: str, single: set[str], not_single: set[str]
) -> None:
    result = full.chokepoints(["Ascend 910C"], as_of=date)
    found = {item.label for item in result.items}
    assert single <= found
    assert not found & not_single
    assert all(item.claims for item in result.items)


def test_controls_stand_in_order_with_issuer_number_and_whom_they_bar(full: KnowledgeGraph) -> None:
    table = full.query("control-timeline")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    dates = [str(row["since"]) for row in rows]
    assert dates == sorted(dates) and len(rows) > 100
    for name in ("e:us-rule-october-2022", "e:us-rule-december-2024", "e:china-gallium-germanium-2023", "e:dutch-sme-rule-2025"):
        assert [row for row in rows if row["control"] == name], name
    assert [row["since"] for row in rows if row["what"] == "e:ai-diffusion-framework" and row["does"] == "rescinds"] == ["2025-05-13"]
    assert any(row["until"] for row in rows) and any(row["document"] for row in rows) and any(row["parties"] for row in rows)


def test_before_and_after_a_control_the_network_differs(full: KnowledgeGraph) -> None:
    before, after = (full.lens(as_of=date).network for date in ("2019-01-01", "2025-06-01"))
    closed = [sum(network.barred[link] for link in range(len(network.barred))) for network in (before, after)]
    assert closed[1] > closed[0] + 5


def test_disagreement_is_shown_side_by_side_and_counted_by_origin(full: KnowledgeGraph) -> None:
    table = full.query("contested-figures", {"entity": "Ascend 910C"})
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    yields = {row["value"] for row in rows if row["metric"] == "agi:yieldRate"}
    assert {20, 40} <= yields
    assert all(1 <= int(str(row["origins"])) <= int(str(row["claims"])) for row in rows)
    superseded = [claim for claim in full.claims() if claim.source == WHITEPAPER_ID and claim.superseded_by]
    assert len(superseded) >= 5, "what was overtaken is marked, not removed"
    answer = full.ask("which sources disagree about the yield of the Ascend 910C")
    assert answer.status == "answered"


def test_confidence_follows_from_tier_modality_and_dispute(full: KnowledgeGraph) -> None:
    """Recomputed from the numbers of the ontology, read by another library."""
    schemes = Graph().parse(ROOT / "ontology" / "schemes.ttl")
    core = Graph().parse(ROOT / "ontology" / "core.ttl")

    def numbers(name: str) -> dict[str, float]:
        return {str(schemes.value(s, SKOS.notation)): float(str(o)) for s, o in schemes.subject_objects(AGI[name])}

    caps, factors, floors = numbers("confidenceCap"), numbers("confidenceFactor"), numbers("confidenceFloor")
    dispute = float(str(core.value(AGI.disputes, AGI.confidenceFactor)))
    tiers = {source.id: source.tier for source in full.sources()}
    for claim in full.claims():
        score = caps[tiers[claim.source]] * factors[claim.modality] * (dispute if claim.disputes or claim.disputed_by else 1)
        assert claim.confidence_score == pytest.approx(score, abs=0.0051), claim.id  # two decimals are kept
        expected = max((floor, word) for word, floor in floors.items() if round(score, 4) >= floor)[1]
        assert claim.confidence == expected, claim.id


def test_pages_on_one_report_are_one_voice(full: KnowledgeGraph) -> None:
    """Noisy-or over origins: links that several pages state are as sure as their origins make them, not their pages."""
    catalog = full.catalog
    for link in catalog.links:
        best: dict[frozenset[str], float] = {}
        for claims in link.evidence:
            rows = [catalog.row(claim) for claim in claims]
            origins = frozenset(row["origin"] for row in rows)
            best[origins] = max(best.get(origins, 0.0), min(row["confidence_score"] for row in rows))
        assert catalog.score(link.evidence) == pytest.approx(1 - prod(1 - score for score in best.values()))
    assert any(len({catalog.row(c)["origin"] for e in link.evidence for c in e}) < len(link.evidence) > 1 for link in catalog.links)


def test_market_shares_make_concentration(full: KnowledgeGraph) -> None:
    (wafers,) = [item for item in full.markets("silicon wafers").items if item.as_of == "2021"]
    shares = [0.314, 0.244, 0.178, 0.135, 0.095]
    assert [member.share for member in wafers.members] == shares
    assert wafers.hhi == pytest.approx(sum(share**2 for share in shares), abs=1e-4)
    assert wafers.coverage == pytest.approx(sum(shares))
    assert [place.label for place in wafers.members[0].places] == ["Japan"]
    assert wafers.countries_to_75 == 3  # Japan 55.8, Taiwan 17.8, South Korea 13.5
    assert all(member.claims for member in wafers.members)
    assert full.markets("ASML").items
    everything = full.markets(members=1)
    assert all(0 < item.coverage <= 1.02 and 0 < item.hhi <= 1 for item in everything.items)
    with pytest.raises(Refused):
        full.markets("unicorn tears")
    with pytest.raises(Refused):
        full.markets("silicon wafers", sources=[WHITEPAPER_ID])


def test_markets_on_the_command_line(full: KnowledgeGraph, agikg: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGIKG_DATA")
    ran: Ran = agikg("markets", "silicon", "wafers")  # type: ignore[operator]
    assert ran.code == 0 and "HHI at least 0.22" in ran.out and "Shin-Etsu" in ran.out
    assert agikg("markets", "nothing at all").code == 3  # type: ignore[operator]


QUESTIONS = (
    "what depends on SMIC DUV", "what is the yield of the Ascend 910C", "who makes the H20", "what restricts Huawei", "昇腾910C的良率是多少",
    "what depends on ASML", "how much money is in Big Fund III", "which chips does ByteDance use", "what would stop if NVIDIA stopped",
    "biggest chokepoints", "what is CXMT", "which sources disagree about the 910C", "how many parameters does DeepSeek R1 have",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_whitepaper_alone_answers_as_if_nothing_else_were_there(full: KnowledgeGraph, kg: KnowledgeGraph, question: str) -> None:
    """``kg`` is made of the whitepaper's files only."""
    scoped, alone = (graph.ask(question, sources=[WHITEPAPER_ID]).model_dump() for graph in (full, kg))
    for name in scoped.keys() - {"snapshot", "left_out", "scope"}:
        assert scoped[name] == alone[name], name
    assert scoped["left_out"] and not alone["left_out"]
