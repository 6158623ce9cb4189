"""Checks of the graph as a whole: requirements, controls, cycles, orphans, conflicts, completeness."""

from __future__ import annotations

from collections.abc import Iterator

from agikg import vocab
from agikg.build.checks.context import Context
from agikg.build.derive import asserted, ends
from agikg.build.places import source_of
from agikg.errors import Problem
from agikg.vocab import agi, curie


def requirements(context: Context) -> Iterator[Problem]:
    """R2: a requirement has claims, all of its owner, all dependencies; alternatives not in use name a requirement."""
    used: set[str] = set()
    for claim in context.instances("Claim"):
        declared = context.declared(claim)
        requirement = context.facts.text(claim, agi("requirement"))
        if declared is None:
            continue
        if requirement is None:
            if declared.role == "alternative":
                yield context.at(claim, vocab.PREDICATE, "an alternative has to name the agi:requirement it would serve", "R2")
            continue
        used.add(requirement)
        end = vocab.OBJECT if declared.dependent_is_object else vocab.SUBJECT
        if declared.role == "none":
            yield context.at(claim, agi("requirement"), f"{curie(declared.iri)} is no dependency, so it serves no requirement", "R2")
        elif context.facts.text(requirement, agi("requiredBy")) not in (None, context.facts.text(claim, end)):
            yield context.at(claim, agi("requirement"), f"{curie(requirement)} is a requirement of another entity", "R2")
    for requirement in context.instances("Requirement"):
        if requirement not in used:
            yield context.at(requirement, None, "no claim serves this requirement", "R2")


def controls(context: Context) -> Iterator[Problem]:
    """R2: a claim that closes access says whose."""
    for claim in context.instances("Claim"):
        declared = context.declared(claim)
        if declared is not None and declared.closes_access and not context.facts.objects(claim, agi("party")):
            yield context.at(claim, vocab.PREDICATE, "a claim that closes access needs agi:party: whose access", "R2")


def cycles(context: Context) -> Iterator[Problem]:
    """R3: nothing supersedes, contains or is a version of itself, at any remove."""
    relations: dict[str, dict[str, list[str]]] = {agi("supersedes"): {}}
    for subject, object_ in context.facts.pairs(agi("supersedes")):
        relations[agi("supersedes")].setdefault(str(subject), []).append(str(object_))
    hierarchical = {iri for iri, p in context.vocabulary.properties.items() if p.carries_bar and p.kind == "relation"}
    for claim in context.instances("Claim"):
        predicate = context.facts.text(claim, vocab.PREDICATE) or ""
        subject_, object_iris = context.facts.text(claim, vocab.SUBJECT), context.facts.iris(claim, vocab.OBJECT)
        if subject_ is not None and subject_ in object_iris:
            yield context.at(claim, vocab.OBJECT, f"{curie(subject_)} stands on both sides", "R3")
        elif subject_ is not None and predicate in hierarchical:
            relations.setdefault(predicate, {}).setdefault(subject_, []).extend(object_iris)
    for relation, steps in relations.items():
        for start in steps:
            loop = _loop(start, steps)
            if loop and min(loop) == start:
                chain = " -> ".join(curie(node) for node in [*loop, start])
                yield context.at(start, relation, f"cycle in {curie(relation)}: {chain}", "R3")


def dependency_cycles(context: Context) -> Iterator[Problem]:
    """R3: no entity needs itself, at any remove, unless a claim of the cycle says in a note that it is meant.

    Essential links only: what merely draws on each other may well do so.
    """
    steps: dict[str, list[str]] = {}
    stated_by: dict[tuple[str, str], str] = {}
    noted = {str(claim) for claim, _ in context.facts.pairs(agi("note"))}
    stated = (edge for edge in asserted(context.facts, context.vocabulary) if edge.role == "essential")
    for edge in stated:
        if edge.rests_on[0] not in noted:
            dependent, needed = ends(edge, context.vocabulary)
            steps.setdefault(dependent, []).append(needed)
            stated_by[dependent, needed] = edge.rests_on[0]
    for start in steps:
        loop = _loop(start, steps)
        if loop and min(loop) == start:
            chain = " -> ".join(curie(node) for node in [*loop, start])
            claim = stated_by[start, [*loop, start][1]]
            message = f"{curie(start)} needs itself: {chain}; an agi:note on one of the claims declares a cycle that is meant"
            yield context.at(claim, None, message, "R3")


def _loop(start: str, steps: dict[str, list[str]]) -> list[str]:
    """A shortest way from a node back to itself, or nothing."""
    ways = {start: [start]}
    queue = [start]
    for node in queue:
        for following in steps.get(node, []):
            if following == start:
                return ways[node]
            if following not in ways:
                ways[following] = [*ways[node], following]
                queue.append(following)
    return []


def orphans(context: Context) -> Iterator[Problem]:
    """R6: every entity is spoken of by a claim."""
    used = {
        str(entity)
        for relation in (vocab.SUBJECT, vocab.OBJECT, agi("attributedTo"), agi("party"), agi("requiredBy"))
        for _, entity in context.facts.pairs(relation)
    }
    for entity in context.entities():
        if entity not in used:
            yield context.at(entity, None, "no claim speaks of this entity", "R6")


def conflicts(context: Context) -> Iterator[Problem]:
    """R5: two values of one figure for the same scope, date and unit, from one source, are marked."""
    seen: dict[tuple[str | None, ...], tuple[str, tuple[str, ...]]] = {}
    for claim in context.instances("Claim"):
        declared = context.declared(claim)
        if declared is None or declared.kind != "metric":
            continue
        text = context.facts.text
        dates = tuple(text(claim, agi(name)) for name in ("asOf", "validFrom", "validUntil"))
        about = (text(claim, vocab.SUBJECT), declared.iri, text(claim, agi("scope")), text(claim, agi("unit")))
        value = tuple(text(claim, agi(name)) or "" for name in ("value", "valueHigh", "bound"))
        other, known = seen.setdefault((*about, *dates, source_of(claim, context.facts)), (claim, value))
        if known != value and not _marked(context, claim, other):
            yield context.at(claim, agi("value"), f"conflicts with {curie(other)}: let one supersede or dispute the other", "R5")


def _marked(context: Context, claim: str, other: str) -> bool:
    pairs = ((claim, other), (other, claim))
    return any(b in context.facts.iris(a, agi(name)) for a, b in pairs for name in ("supersedes", "disputes"))


def shares(context: Context) -> Iterator[Problem]:
    """S2: shares of one whole, at one date, by one source, do not sum to more than 100 percent, rounding allowed for."""
    sums: dict[tuple[str | None, ...], float] = {}
    rounded: dict[tuple[str | None, ...], float] = {}
    for claim in context.instances("Claim"):
        declared, scope = context.declared(claim), context.facts.text(claim, agi("scope"))
        if declared is None or declared.high is None or scope is None:
            continue
        when = context.facts.text(claim, agi("asOf")) or context.facts.text(claim, agi("validFrom"))
        whole = (declared.iri, scope, when, source_of(claim, context.facts))
        figure = context.facts.text(claim, agi("value")) or "0"
        sums[whole] = sums.get(whole, 0.0) + float(figure)
        # Each may have been rounded up by half a unit of its last digit.
        rounded[whole] = rounded.get(whole, 0.0) + 0.5 * 10.0 ** -len(figure.partition(".")[2])
        if sums[whole] > declared.high and sums[whole] - rounded[whole] > declared.high + 1e-9:
            yield context.at(claim, agi("value"), f"the shares {scope} sum to {sums[whole]:g}", "S2")


def requirement_shares(context: Context) -> Iterator[Problem]:
    """S2: what one source says, of one date, of the shares of a requirement does not sum to more than 1."""
    sums: dict[tuple[str | None, ...], float] = {}
    for claim in context.instances("Claim"):
        share = context.facts.text(claim, agi("requirementShare"))
        if share is None:
            continue
        requirement, since = context.facts.text(claim, agi("requirement")), context.facts.text(claim, agi("validFrom"))
        whole = (requirement, since, source_of(claim, context.facts))
        sums[whole] = sums.get(whole, 0.0) + float(share)
        if sums[whole] > 1 + 1e-9:
            yield context.at(claim, agi("requirementShare"), f"the shares of {curie(requirement or '')} sum to {sums[whole]:g}", "S2")


def completeness(context: Context) -> Iterator[Problem]:
    """C1: a section has at least the number of claims it promises: a lost file does not go unnoticed."""
    counts: dict[str, int] = {}
    for claim in context.instances("Claim"):
        section = context.facts.text(context.facts.text(claim, agi("passage")) or "", agi("inSection"))
        counts[section or ""] = counts.get(section or "", 0) + 1
    for section in context.instances("Section"):
        promised = int(context.facts.text(section, agi("minimumClaims")) or 0)
        if counts.get(section, 0) < promised:
            yield context.at(section, agi("minimumClaims"), f"{counts.get(section, 0)} claims, at least {promised} are promised", "C1")


def coverage(context: Context) -> Iterator[Problem]:
    """C1: every sentence of a section that promises claims has one, or a reviewed reason why not."""
    stated = {str(passage) for _, passage in context.facts.pairs(agi("passage"))}
    covered = stated | {str(passage) for _, passage in context.facts.pairs(agi("alsoIn"))}
    promising = {section for section in context.instances("Section") if context.facts.objects(section, agi("minimumClaims"))}
    for passage in context.instances("Passage"):
        has_reason = bool(context.facts.objects(passage, agi("withoutClaims")))
        if context.facts.text(passage, agi("inSection")) not in promising:
            continue
        if passage not in covered and not has_reason:
            yield context.at(passage, None, "a sentence with neither a claim nor a reason (agi:withoutClaims)", "C1")
        elif passage in stated and has_reason:
            yield context.at(passage, agi("withoutClaims"), "a sentence with claims needs no reason to have none", "C1")
