"""Withdrawn claims against the network restricted without them, and evidence cut sets against trying everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import comb, prod

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agikg.analysis.bits import of_sets, states
from agikg.analysis.certainty import certainty
from agikg.analysis.denial import outage
from agikg.analysis.withdrawal import EvidenceCuts, Holds, Withdrawals, evidence_cuts
from agikg.errors import BadInput, LimitHit
from agikg.network import DependencyNetwork
from tests.analysis.networks import CLAIMS, claimed, failures, subsets

WITHDRAWN = st.lists(st.sets(st.integers(0, CLAIMS - 1)), min_size=1, max_size=6)
ENTITIES = st.sets(st.integers(0, 4), max_size=2)


def without(network: DependencyNetwork, claims: Collection[int], lifted: Collection[int] = ()) -> DependencyNetwork:
    """The network when some claims do not count, and some controls close nothing."""
    bars = tuple(tuple(claim for claim in closing if claim not in lifted) for closing in network.bars)
    return replace(network, bars=bars).restricted(lambda claim: claim not in claims)


def columns_of(withdrawn: Sequence[Collection[int]]) -> dict[int, int]:
    return dict(enumerate(of_sets(withdrawn, CLAIMS)))


def existing(network: DependencyNetwork, entities: Collection[int]) -> set[int]:
    return {entity for entity in entities if entity < len(network.names)}


def needed(network: DependencyNetwork, entities: Collection[int]) -> set[int]:
    """Entities and all that they need, on links of essential requirements whether closed or not."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(entities)
    graph.add_edges_from(
        (network.dependent[link], network.supplier[link]) for link in range(len(network)) if network.group_essential[network.group[link]]
    )
    return set(entities).union(*(nx.descendants(graph, entity) for entity in entities))


# --- every column is an outage of the restricted network ----------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(claimed(), WITHDRAWN, ENTITIES, st.sets(st.integers(0, 4), min_size=1), st.sets(st.integers(0, CLAIMS - 1), max_size=2))
def test_each_column_is_an_outage_without_its_claims(
    network: DependencyNetwork, withdrawn: list[set[int]], denied: set[int], asked: set[int], lifted: set[int]
) -> None:
    denied, asked = existing(network, denied), existing(network, asked) or {0}
    rows = Withdrawals(network, asked, lifted).run(columns_of(withdrawn), len(withdrawn), denied)
    cone = needed(network, asked)
    for column, claims in enumerate(withdrawn):
        left = without(network, claims, lifted)
        assert set(outage(left, denied).failed) == failures(left, denied)
        assert {e for e in cone if rows[e] >> column & 1} == failures(left, denied) & cone
    full = (1 << len(withdrawn)) - 1
    assert all(row == (full if entity in denied else 0) for entity, row in enumerate(rows) if entity not in cone)
    assert all(0 <= row <= full for row in rows)


@settings(deadline=None)
@given(claimed(), WITHDRAWN, ENTITIES, st.integers(0, 4))
def test_what_denial_stops_in_each_column(network: DependencyNetwork, withdrawn: list[set[int]], denied: set[int], target: int) -> None:
    denied, target = existing(network, denied), target % len(network.names)
    stopped = Withdrawals(network, [target]).stopped(columns_of(withdrawn), len(withdrawn), denied, target)
    for column, claims in enumerate(withdrawn):
        left = without(network, claims)
        assert bool(stopped >> column & 1) == (target in failures(left, denied) and target not in failures(left))


@settings(deadline=None)
@given(claimed(), st.integers(0, 4), ENTITIES, st.sets(st.integers(0, CLAIMS - 1), max_size=1))
def test_no_other_claims_matter(network: DependencyNetwork, target: int, denied: set[int], lifted: set[int]) -> None:
    target, denied = target % len(network.names), existing(network, denied)
    claims = Withdrawals(network, [target], lifted).claims
    assert claims == sorted(set(claims))
    for withdrawn in subsets(range(CLAIMS)):
        left, same = without(network, withdrawn, lifted), without(network, set(withdrawn) & set(claims), lifted)
        assert (target in failures(left, denied)) == (target in failures(same, denied))


def test_a_conclusion_can_go_in_three_ways() -> None:
    """The chain breaks, an alternative opens, or the target would be down anyway."""
    network = replace(
        DependencyNetwork.from_columns(["t", "a", "b", "c"], [0, 0], [0, 0, 1], [1, 2, 3]),
        claims=("a serves", "b serves", "b is closed", "c serves", "c is closed", "says nothing"),
        evidence=(((0,),), ((1,),), ((3,),)), bars=((), (2,), ()),
    )  # fmt: skip
    work = Withdrawals(network, [0])

    def holds(withdrawn: Mapping[int, int], columns: int) -> int:
        return work.stopped(withdrawn, columns, [1], 0)

    assert work.claims == [0, 1, 2, 3]
    # Without claim 0 nothing but a closed link is known of the requirement: t is down with nothing denied.
    assert evidence_cuts(holds, [[claim] for claim in range(6)], 6).sets == [(0,), (2,)]
    assert evidence_cuts(holds, [[claim] for claim in range(6)], 1).events == 6


# --- evidence cut sets --------------------------------------------------------------------------------------------


def cuts_by_hand(removes: list[bool], count: int, order: int) -> list[tuple[int, ...]]:
    """Minimal sets of events that remove a conclusion, ``removes`` telling for each set as a binary number."""
    found = [set(members) for members in subsets(range(count), order) if members and removes[sum(1 << event for event in members)]]
    minimal = [tuple(sorted(cut)) for cut in found if not any(other < cut for other in found)]
    return sorted(minimal, key=lambda cut: (len(cut), cut))


@settings(max_examples=120, deadline=None)
@given(
    claimed(),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(1, 4),
    st.none() | st.lists(st.sets(st.integers(0, CLAIMS - 1), max_size=3), max_size=5),
)
def test_evidence_cuts_of_what_a_denial_stops(
    network: DependencyNetwork, target: int, denied: int, order: int, bundles: list[set[int]] | None
) -> None:
    target, denied = target % len(network.names), denied % len(network.names)
    work = Withdrawals(network, [target])
    events: list[set[int]] = [{claim} for claim in work.claims] if bundles is None else bundles

    def holds(withdrawn: Mapping[int, int], columns: int) -> int:
        return work.stopped(withdrawn, columns, [denied], target)

    removes = []
    for number in range(1 << len(events)):
        left = without(network, {claim for event, claims in enumerate(events) if number >> event & 1 for claim in claims})
        removes.append(not (target in failures(left, [denied]) and target not in failures(left)))
    if removes[0]:
        with pytest.raises(BadInput, match="does not hold"):
            evidence_cuts(holds, events, order)
    else:
        assert evidence_cuts(holds, events, order) == EvidenceCuts(cuts_by_hand(removes, len(events), order), len(events))


def from_table(table: Sequence[bool], claims: Sequence[int]) -> Holds:
    """A conclusion that holds as a table says of each set of withdrawn claims."""

    def holds(withdrawn: Mapping[int, int], columns: int) -> int:
        found = 0
        for column in range(columns):
            state = sum(1 << place for place, claim in enumerate(claims) if withdrawn.get(claim, 0) >> column & 1)
            found |= table[state] << column
        return found

    return holds


TABLES = st.integers(0, 4).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.booleans(), min_size=2**n, max_size=2**n)))


@given(TABLES, st.integers(1, 5))
def test_evidence_cuts_of_anything(case: tuple[int, list[bool]], order: int) -> None:
    count, table = case
    table[0] = True
    found = evidence_cuts(from_table(table, range(count)), [[claim] for claim in range(count)], order)
    assert found.sets == cuts_by_hand([not value for value in table], count, order)


def test_bundles_take_all_their_claims() -> None:
    """A conclusion with two independent claims; one source makes both."""
    holds = from_table([True, True, True, False], [7, 9])
    assert evidence_cuts(holds, [[7], [9], [7, 9], []]).sets == [(2,), (0, 1)]


def test_what_makes_no_sense_is_refused() -> None:
    always = from_table([True], [])
    with pytest.raises(BadInput, match="order 0"):
        evidence_cuts(always, [[0]], 0)
    with pytest.raises(BadInput, match="does not hold"):
        evidence_cuts(from_table([False], []), [[0]])
    assert evidence_cuts(always, [], 3) == EvidenceCuts([], 0)
    many = 3_000
    with pytest.raises(LimitHit, match=f"{comb(many, 2):,} sets of 2 of {many} claims") as caught:
        evidence_cuts(lambda _, columns: (1 << columns) - 1, [[claim] for claim in range(many)], 3)
    assert caught.value.hint == "lower the order"


# --- certainty ----------------------------------------------------------------------------------------------------


@given(TABLES, st.lists(st.sampled_from((0.0, 1.0, 0.5, 0.9, 0.25, 1 / 3)), min_size=4, max_size=4))
def test_certainty_is_the_sum_over_states(case: tuple[int, list[bool]], scores: list[float]) -> None:
    count, table = case
    claims, scores = list(range(10, 10 + count)), scores[:count]

    def chance(scores: Sequence[float]) -> float:
        total = 0.0
        for gone in product((0, 1), repeat=count):
            if table[sum(bit << place for place, bit in enumerate(gone))]:
                total += prod(1 - score if bit else score for bit, score in zip(gone, scores, strict=True))
        return total

    found = certainty(from_table(table, claims), claims, scores)
    assert found.method == "exact"
    assert tuple(found.probability) == pytest.approx([chance(scores)] * 3, abs=1e-12)
    expected = [chance([*scores[:i], 1.0, *scores[i + 1 :]]) - chance([*scores[:i], 0.0, *scores[i + 1 :]]) for i in range(count)]
    assert found.influence == pytest.approx(expected, abs=1e-12)


def chain_of(claims: Sequence[int]) -> Holds:
    """A conclusion that needs every claim."""

    def holds(withdrawn: Mapping[int, int], columns: int) -> int:
        kept = (1 << columns) - 1
        for claim in claims:
            kept &= ~withdrawn.get(claim, 0)
        return kept

    return holds


def test_certainty_of_many_claims_is_sampled() -> None:
    claims = range(17)
    scores = [0.9 + 0.005 * claim for claim in claims]
    contained = 0
    for seed in range(60):
        found = certainty(chain_of(claims), claims, scores, samples=5_000, seed=seed)
        assert found.method == "monte carlo"
        assert found.probability.low < found.probability.value < found.probability.high
        assert found.influence == pytest.approx([prod(scores) / score for score in scores], abs=0.04)
        contained += found.probability.low <= prod(scores) <= found.probability.high
    assert contained >= 54
    assert certainty(chain_of(claims), claims, scores, samples=5_000, seed=59) == found
    assert certainty(chain_of(claims), claims, scores, samples=5_000, seed=60) != found


def test_a_claim_counts_with_its_states() -> None:
    """The columns handed to the conclusion are all states of its claims, each once."""
    seen: list[list[int]] = []

    def holds(withdrawn: Mapping[int, int], columns: int) -> int:
        assert columns == 8
        seen.append([withdrawn[claim] for claim in (4, 2, 9)])
        return 0

    assert certainty(holds, [4, 2, 9], [0.5] * 3).probability.value == 0
    assert seen == [states(3)]


@pytest.mark.parametrize(("scores", "samples"), [([1.1], 10), ([-0.1], 10), ([float("nan")], 10), ([0.5], 0)])
def test_confidences_that_make_no_sense(scores: list[float], samples: int) -> None:
    with pytest.raises(BadInput, match="from 0 to 1"):
        certainty(chain_of([0]), [0], scores, samples=samples)
