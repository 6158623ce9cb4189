"""The analyses on the graph that comes with agikg, and on a made-up chain with countries, owners, shares and two origins."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agikg.errors import BadInput, Refused, UnknownName
from agikg.kg import KnowledgeGraph, validate
from agikg.model.result import Result
from tests.chain import write_chain
from tests.conftest import Ran, optional

ASCEND = {"Ascend series", "Ascend 910 series", "Ascend 910B", "Ascend 910C"}
TSMC, DUV, CONTROL = (
    "TSMC advanced manufacturing processes",
    "SMIC DUV lithography",
    "U.S. export controls on Huawei's access to TSMC (2020)",
)


def labels(items: Any) -> set[str]:
    return {item.label for item in items}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    root = write_chain(tmp_path_factory.mktemp("chain"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGIKG_DATA", str(root))
        return KnowledgeGraph.open(progress=lambda _: None)


# --- the whitepaper's graph -----------------------------------------------------------------------------------


def test_without_smic_duv_the_ascend_line_stops_and_the_devices_go_on(kg: KnowledgeGraph) -> None:
    result = kg.whatif(["SMIC DUV"])
    assert labels(result.failed) >= ASCEND
    for item in result.failed:
        assert item.because[-1].to == DUV
        assert item.claims
        assert all(kg.claim(claim).statement for claim in item.claims)
    (devices,) = [item for item in result.substituted if item.label == "DeepSeek all-in-one devices"]
    assert labels(devices.lost) == {"Huawei processors"}
    assert labels(devices.by) == {"Cambricon processors", "Hygon processors", "Other domestic processors"}
    assert all(entry.claims for entry in devices.by)
    weakened = {item.label: labels(item.lost) for item in result.degraded if not item.essential}
    assert weakened["Baidu"] == weakened["ByteDance"] == {"Ascend 910B"}
    assert {(item.label, item.alternative.label) for item in result.barred} >= {(name, TSMC) for name in ASCEND}
    assert all(labels(item.controls) == {CONTROL} and item.since == "2020" and item.barred_by for item in result.barred)
    assert not result.baseline_unavailable
    assert not result.restored


def test_denying_huaweis_processors_does_not_stop_the_devices(kg: KnowledgeGraph) -> None:
    result = kg.whatif(["Huawei processors"])
    assert not result.failed
    assert labels(result.substituted) == {"DeepSeek all-in-one devices"}


def test_lifting_the_control_of_2020_gives_the_alternative_back(kg: KnowledgeGraph) -> None:
    for control in (CONTROL, "U.S. export controls"):
        result = kg.whatif(["SMIC DUV"], [control])
        assert not labels(result.failed) & ASCEND
        assert {(item.label, item.alternative.label) for item in result.restored} == {(name, TSMC) for name in ASCEND}
        assert all(item.barred_by == ("c:sinolytics-2025.chips-3-1a",) for item in result.restored)
        assert {(item.label, substitute.label, substitute.in_use) for item in result.substituted for substitute in item.by} >= {
            (name, TSMC, False) for name in ASCEND
        }
        assert labels(result.lifted) == {CONTROL}


def test_before_2020_it_had_the_alternative(kg: KnowledgeGraph) -> None:
    assert labels(kg.whatif(["SMIC DUV"], as_of="2019").failed) & ASCEND == set()
    assert labels(kg.whatif(["SMIC DUV"], as_of="2020").failed) >= ASCEND
    changed = kg.changes("Ascend 910C", "2019", "2021")
    assert labels(changed.chokepoints_gained) == {"SMIC", DUV}
    assert {change.what for change in changed.links} == {"closed"}
    assert all(change.barred_by == ("c:sinolytics-2025.chips-3-1a",) for change in changed.links)
    back = kg.changes("Ascend 910C", "2021", "2021")
    assert not back.links
    assert not back.chokepoints_gained


def test_on_which_sentences_the_conclusion_hangs(kg: KnowledgeGraph) -> None:
    result = kg.cutsets("Ascend 910C", kind="claims", deny=["SMIC DUV"])
    assert {member.id for one in result.sets for member in one.members} == {
        f"c:sinolytics-2025.chips-{place}" for place in ("3-1a", "4-2a", "10-1c", "10-3d")
    }
    assert all(len(one.members) == 1 for one in result.sets)
    for one in result.sets:  # withdrawn for real: a scope cannot name single claims, so the network is restricted by hand
        network = kg.lens().network
        gone = network.claims.index(one.members[0].id)
        from agikg.analysis.denial import outage

        rest = network.restricted(lambda claim, gone=gone: claim != gone)  # type: ignore[misc]
        target, duv = (network.position[kg.entity(name).id] for name in ("Ascend 910C", "SMIC DUV"))
        assert target not in outage(rest, [duv]).failed or target in outage(rest).failed
    assert [len(one.members) for one in kg.cutsets("Ascend 910C", kind="sources", deny=["SMIC DUV"]).sets] == [1]


def test_chokepoints_of_the_910c_change_with_the_date(kg: KnowledgeGraph) -> None:
    now = kg.chokepoints(["Ascend 910C"])
    assert labels(now.items) == {"SMIC", DUV, "Huawei", "Ascend series", "Ascend 910 series"}
    (duv,) = [item for item in now.items if item.label == DUV]
    assert all(not entry.remaining and labels(bar.alternative for bar in entry.barred) == {TSMC} for entry in duv.substitutes)
    before = kg.chokepoints(["Ascend 910C"], as_of="2019")
    assert labels(before.items) == {"Huawei", "Ascend series", "Ascend 910 series"}
    assert labels(kg.cutsets("Ascend 910C", order=1).sets[0].members) | labels(now.items) == labels(now.items)
    assert {one.members[0].label for one in kg.cutsets("Ascend 910C", order=1).sets} == labels(now.items)


def test_chokepoints_are_the_sweep_of_whatif(kg: KnowledgeGraph) -> None:
    ranked = kg.chokepoints(limit=None)
    for item in ranked.items[:12]:
        assert labels(item.stops) == labels(kg.whatif([item.id]).failed)
        assert item.measures["stops"] == len(item.stops)
    assert [item.rank for item in ranked.items] == sorted(item.rank for item in ranked.items)
    assert all("degree" not in measure for item in ranked.items for measure in item.measures)


def test_stability_drops_what_is_less_sure(kg: KnowledgeGraph) -> None:
    ranked = kg.chokepoints(stability=True, limit=None)
    for word in ("low", "medium", "high"):
        narrow = {item.id: item.rank for item in kg.chokepoints(limit=None, min_confidence=word).items}
        assert {item.id: item.ranks[word] for item in ranked.items if item.ranks and item.ranks[word]} == {
            key: rank for key, rank in narrow.items() if key in {item.id for item in ranked.items}
        }


def test_common_dependencies(kg: KnowledgeGraph) -> None:
    shared = kg.common_dependencies("910B", "910C", "Huawei Ascend servers")
    assert labels(shared.items) == {"Ascend series", "Huawei", "SMIC", DUV}
    each = [
        {i.label for i in kg.dependencies(name).items if i.role in ("direct", "transitive")}
        for name in ("910B", "910C", "Huawei Ascend servers")
    ]
    assert labels(shared.items) == set.intersection(*each)
    with pytest.raises(BadInput, match="shares its dependencies"):
        kg.common_dependencies("910B", "昇腾910B")


def test_paths_by_confidence(kg: KnowledgeGraph) -> None:
    surest = kg.path("DeepSeek all-in-one", "SMIC", k=3, by="confidence")
    products = []
    for path in surest.paths:
        score = 1.0
        for hop in path:
            score *= {"high": 3, "medium": 2, "low": 1}[hop.confidence] / 3
        products.append(score)
    assert len(surest.paths) == 3
    assert products == sorted(products, reverse=True)
    with pytest.raises(BadInput):
        kg.path("SMIC", "Huawei", by="degree")


def test_importance_of_the_devices(kg: KnowledgeGraph) -> None:
    structural = kg.importance("DeepSeek all-in-one")
    assert structural.structural
    assert structural.method == "exact"
    assert structural.items[0].label == "Other domestic processors"
    given = kg.importance("DeepSeek all-in-one", {"SMIC": 0.2, "Cambricon": 0.5, "Hygon": 0.3, "Other domestic processors": 0.4})
    assert given.probability.value == pytest.approx(0.2 * 0.5 * 0.3 * 0.4)
    sure = kg.importance("Ascend 910C", deny=["SMIC"])
    assert sure.conclusion == "denying SMIC stops Ascend 910C"
    assert 0 < sure.probability.value < 1
    assert {item.id for item in sure.items} <= {claim.id for claim in kg.claims()}


# --- a made-up chain --------------------------------------------------------------------------------------------


def test_countries_by_headquarters_and_by_site(chain: KnowledgeGraph) -> None:
    result = chain.exposure("Chip X")
    by = {item.label: (labels(item.headquarters), labels(item.site), item.denial_stops) for item in result.items}
    assert by["Alphaland"] == ({"Toolworks", "Designco"}, set(), True)
    assert by["Betaland"] == ({"Fab Line", "Fabco"}, {"Fab Line"}, True)
    assert by["Port City"] == (set(), {"Fab Line"}, True)
    assert (result.needs, result.placed) == (10, {"headquarters": 4, "site": 1, "unknown": 6})
    assert labels(chain.whatif(deny_countries=["Betaland"], by="site").denied) == {"Fab Line"}
    assert labels(chain.whatif(deny_countries=["Betaland"], by="headquarters").denied) == {"Fab Line", "Fabco"}
    assert labels(chain.whatif(deny_countries=["Alphaland"]).failed) == {"Machine M", "Fab Line"}
    assert "Island" not in labels(chain.whatif(deny_countries=["Alphaland"]).denied)


def test_owners_layers_links_and_parts_of_controls(chain: KnowledgeGraph) -> None:
    assert labels(chain.whatif(deny_owners=["Holdco"]).denied) == {"Holdco", "Fabco"}
    assert labels(chain.whatif(deny_layers=["materials"]).denied) == {"Gas 1", "Gas 2", "Gas 3"}
    assert labels(chain.whatif(deny_layers=["materials"]).failed) == {"Fab Line", "Chip X"}
    cut = chain.whatif(deny_links=[("Fab Line", "Machine M")])
    assert labels(cut.failed) == {"Fab Line", "Chip X"}
    assert not cut.failed[0].because
    assert cut.denied_links[0].to == "Machine M"
    lifted = chain.whatif(["Machine M"], ["Big Rules"])
    assert labels(lifted.lifted) == {"Rule R"}
    assert not lifted.failed
    assert labels(chain.whatif(["Machine M"], as_of="2021").substituted) == {"Fab Line"}


def test_two_of_three_gases(chain: KnowledgeGraph) -> None:
    assert not chain.whatif(["Gas 1"]).failed
    assert labels(chain.whatif(["Gas 1", "Gas 3"]).failed) == {"Fab Line", "Chip X"}
    sets = {frozenset(labels(one.members)) for one in chain.cutsets("Chip X").sets}
    assert sets == {
        *(frozenset({name}) for name in ("Designco", "Fab Line", "Fabco", "Machine M", "Toolworks")),
        frozenset({"Gas 1", "Gas 2"}), frozenset({"Gas 1", "Gas 3"}), frozenset({"Gas 2", "Gas 3"}), frozenset({"Mem A", "Mem B"}),
    }  # fmt: skip


def test_known_shares_make_one_number_of_two_bounds(chain: KnowledgeGraph) -> None:
    result = chain.whatif(capacity={"Mem A": 0.5})
    levels = {item.label: (item.optimistic, item.pessimistic) for item in result.capacity}
    assert levels["Chip X"] == (0.65, 0.65)
    assert levels["Server S"] == (1.0, 0.825)
    known, every = result.shares_known or (0, 0)
    assert 0 < known < every


def test_withdrawing_evidence_counts_origins_not_pages(chain: KnowledgeGraph) -> None:
    by_claims = chain.cutsets("Chip X", kind="claims", deny=["Machine M"], order=3)
    twice = [one for one in by_claims.sets if len(one.members) == 2]
    assert [sorted(member.id.partition(".")[0] for member in one.members) for one in twice] == [["c:repeat", "c:report"]]
    origins = chain.cutsets("Chip X", kind="origins", deny=["Machine M"])
    assert [[member.id for member in one.members] for one in origins.sets] == [["report"]]


def test_less_evidence_is_not_a_shortage(chain: KnowledgeGraph) -> None:
    """With the study alone nothing is known of gases: the fab is not down for want of them."""
    narrow = chain.whatif(["Mem A"], sources=["study"])
    assert not narrow.baseline_unavailable
    assert narrow.left_out


def test_the_cheapest_cut(chain: KnowledgeGraph) -> None:
    optional("ortools", "'agikg[solve]'")
    dear = dict.fromkeys(("Designco", "Fab Line", "Fabco", "Machine M", "Toolworks"), 9.0)
    found = chain.cutsets("Chip X", cheapest=True, costs={**dear, "Gas 1": 0.5, "Gas 2": 0.25})
    assert labels(found.sets[0].members) == {"Gas 1", "Gas 2"}
    assert found.cost == 0.75
    with pytest.raises(Refused, match="no set of entities"):
        chain.cutsets("Fab Line", cheapest=True, costs={e.id: float("inf") for e in chain.entities() if e.id != "e:fab-line"})


# --- what every result has ---------------------------------------------------------------------------------------

CALLS: dict[str, Callable[[KnowledgeGraph], Result]] = {
    "dependents": lambda kg: kg.dependents("SMIC DUV", depth=2),
    "dependencies": lambda kg: kg.dependencies("910C", sources=["sinolytics-2025"]),
    "path": lambda kg: kg.path("ByteDance", "SMIC", k=2, by="confidence"),
    "common": lambda kg: kg.common_dependencies("910B", "910C"),
    "whatif": lambda kg: kg.whatif(["SMIC DUV"], ["us-export-controls"], {"Hygon": 0.5}, deny_links=[("910C", "Huawei")], as_of="2025"),
    "layer": lambda kg: kg.whatif(deny_layers=["foundry"], deny_owners=["ByteDance"]),
    "chokepoints": lambda kg: kg.chokepoints(["910C"], weights={"Kimi Chat": 2.5}, measure="esri_d", stability=True),
    "chokepoints of a layer": lambda kg: kg.chokepoints(layer="models"),
    "cutsets": lambda kg: kg.cutsets("DeepSeek all-in-one", order=4),
    "evidence": lambda kg: kg.cutsets("910C", kind="claims", deny=["SMIC"], min_confidence="medium"),
    "importance": lambda kg: kg.importance("910C", {"SMIC": 0.25}),
    "certainty": lambda kg: kg.importance("910C", deny=["SMIC"], known_at="2026-01"),
    "exposure": lambda kg: kg.exposure("910C"),
    "changes": lambda kg: kg.changes("910C", "2019", "2025"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_result_explains_and_repeats_itself(kg: KnowledgeGraph, agikg: Callable[..., Ran], name: str) -> None:
    import shlex

    result = CALLS[name](kg)
    assert result.explain().strip()
    assert set(result.rests_on) <= {claim.id for claim in kg.claims()}
    dump = result.model_dump()
    assert dump["snapshot"] == kg.snapshot
    assert {"as_of", "known_at", "scope", "parameters"} <= dump.keys()
    assert type(result).model_validate(json.loads(result.model_dump_json())) == result
    words = shlex.split(result.command())
    assert words[0] == "agikg"
    ran = agikg(*words[1:], "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    again = json.loads(ran.out)
    assert again == json.loads(result.model_dump_json())
    with pytest.raises(AttributeError):
        result.snapshot = ""  # type: ignore[attr-defined]


def test_keys_of_the_contract(kg: KnowledgeGraph) -> None:
    whatif = kg.whatif(["SMIC DUV"], capacity={"Hygon": 0.5}).model_dump()
    assert {"denied", "lifted", "failed", "degraded", "substituted", "barred", "baseline_unavailable", "capacity"} <= whatif.keys()
    assert {"id", "label", "layer", "because", "claims"} <= whatif["failed"][0].keys()
    assert {"lost", "remaining", "claims"} <= whatif["degraded"][0].keys()
    assert {"from", "predicate", "to", "claims"} <= whatif["failed"][0]["because"][0].keys()
    assert {"optimistic", "pessimistic", "claims"} <= whatif["capacity"][0].keys()
    chokepoints = kg.chokepoints(limit=3).model_dump()
    assert {"targets", "items"} <= chokepoints.keys()
    assert {"id", "label", "layer", "stops", "measures", "substitutes", "disagreement", "claims"} <= chokepoints["items"][0].keys()
    cutsets = kg.cutsets("910C").model_dump()
    assert {"target", "order", "complete", "kind", "sets"} <= cutsets.keys()
    assert {"id", "label", "layer"} <= cutsets["sets"][0]["members"][0].keys()
    assert "paths" in kg.path("SMIC", "Huawei").model_dump()
    assert {"root", "items"} <= kg.dependents("SMIC").model_dump().keys()


BAD: list[tuple[Callable[[KnowledgeGraph], object], type[Exception], str]] = [
    (lambda kg: kg.whatif(), BadInput, "empty scenario"),
    (lambda kg: kg.whatif(["no such thing at all"]), UnknownName, "no entity is called"),
    (lambda kg: kg.whatif(capacity={"SMIC": 1.4}), BadInput, "capacity of e:smic is 1.4|capacity of SMIC is 1.4"),
    (lambda kg: kg.whatif(capacity={"SMIC": float("nan")}), BadInput, "capacity"),
    (lambda kg: kg.whatif(["SMIC"], capacity={"SMIC": 0.4}), BadInput, "both denied and given a capacity"),
    (lambda kg: kg.whatif(lift=["SMIC"]), Refused, "closes no dependency"),
    (lambda kg: kg.whatif(deny_countries=["Shenzhen"]), Refused, "does not say of anything in the chain"),
    (lambda kg: kg.whatif(deny_countries=["China"], by="birth"), BadInput, "no way to belong"),
    (lambda kg: kg.whatif(deny_layers=["chip"]), BadInput, "no layer is called 'chip'"),
    (lambda kg: kg.whatif(deny_links=[("910C", "Kimi Chat")]), Refused, "neither of"),
    (lambda kg: kg.whatif(["Sinolytics"]), Refused, "knows neither what Sinolytics needs"),
    (lambda kg: kg.whatif(["SMIC"], as_of="2025-13"), BadInput, "is not a date"),
    (lambda kg: kg.whatif(["SMIC"], as_of="yesterday"), BadInput, "is not a date"),
    (lambda kg: kg.changes("910C", "2025", "2019"), BadInput, "2025 is after 2019"),
    (lambda kg: kg.chokepoints(["910C"], layer="chips"), BadInput, "both given"),
    (lambda kg: kg.chokepoints(measure="degree"), BadInput, "no measure is called 'degree'"),
    (lambda kg: kg.chokepoints(weights={"910C": -1}), BadInput, "weight of e:ascend-910c is -1|weight"),
    (lambda kg: kg.cutsets("910C", order=0), BadInput, "at least one member"),
    (lambda kg: kg.cutsets("910C", kind="rumours"), BadInput, "no kind of cut set"),
    (lambda kg: kg.cutsets("910C", deny=["SMIC"]), BadInput, "for evidence only"),
    (lambda kg: kg.cutsets("910C", kind="claims", deny=["Hygon"]), Refused, "does not hold that denying Hygon stops"),
    (lambda kg: kg.cutsets("910C", kind="claims", deny=["910C"]), BadInput, "denied itself"),
    (lambda kg: kg.cutsets("SMIC", kind="claims"), Refused, "no single denial stops it"),
    (lambda kg: kg.cutsets("910C", costs={"SMIC": 2.0}), BadInput, "cheapest"),
    (lambda kg: kg.importance("910C", {"SMIC": 1.2}), BadInput, "probability of e:smic is 1.2|probability"),
    (lambda kg: kg.importance("910C", {"SMIC": 0.2}, deny=["SMIC"]), BadInput, "both given"),
    (lambda kg: kg.importance("910C", samples=0), BadInput, "samples"),
    (lambda kg: kg.importance("910C", deny=["SMIC"], cluster="tcp://127.0.0.1:1"), BadInput, "not worked out on a cluster"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=[message[:40] for _, _, message in BAD])
def test_bad_input_gets_one_clear_error(
    kg: KnowledgeGraph, call: Callable[[KnowledgeGraph], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call(kg)


def test_a_cluster_gives_the_same_records(kg: KnowledgeGraph) -> None:
    distributed = optional("distributed", "'agikg[cluster]'")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1", silence_logs=50, dashboard_address="127.0.0.1:0"
    ) as cluster:
        address = cluster.scheduler_address
        assert kg.chokepoints(cluster=address) == kg.chokepoints()
        assert kg.importance("910C", cluster=address) == kg.importance("910C")
        with pytest.raises(BadInput, match="no address of a scheduler"):
            kg.chokepoints(cluster="nowhere::")


SHARES = "agi:requirement r:chip-memory ; agi:requirementShare 0.7"


@pytest.mark.parametrize(
    ("instead", "problem"),
    [
        ("agi:requirement r:chip-memory ; agi:requirementShare 0.8", "the shares of r:chip-memory sum to 1.1"),
        ("agi:requirement r:chip-memory ; agi:requirementShare 1.2", "a decimal above 0 and at most 1"),
        ("agi:requirement r:chip-memory ; agi:requirementShare 0.0", "a decimal above 0 and at most 1"),
        ("agi:requirement r:chip-memory ; agi:requirementShare 0.7 , 0.6", "a decimal above 0 and at most 1"),
        ("agi:requirementShare 0.7", "needs the agi:requirement"),
    ],
)
def test_the_build_refuses_shares_that_make_no_sense(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, instead: str, problem: str) -> None:
    root = write_chain(tmp_path)
    monkeypatch.setenv("AGIKG_DATA", str(root))
    assert [str(found) for found in validate()] == []
    file = root / "graph" / "study" / "study.ttl"
    text = file.read_text(encoding="utf-8")
    assert SHARES in text
    file.write_text(text.replace(SHARES, instead), encoding="utf-8")
    found = [str(item) for item in validate()]
    assert any(problem in item and "study.ttl:" in item for item in found), found
