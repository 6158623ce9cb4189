"""The systemic risk index on synthetic production networks: ms a firm, all engines and peers in one run.

    python -m benchmarks.esri [--write]

``--write`` puts the table into benchmarks/esri.md. Goal: 10,000 firms below 0.78 ms a firm on one core, as far as another machine
and another network can be compared.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agikg.analysis.esri import ProductionNetwork, cascade, esri

Floats = npt.NDArray[np.float64]
Peer = Callable[[ProductionNetwork, npt.NDArray[np.intp], float], Floats]
STUDY, FINE = 1e-2, 1e-6
CASES = (  # name, firms, share of essential inputs, eps, firms timed: fast, numpy, vectorised, plain
    ("robust", 1_000, 0.2, STUDY, (1_000, 1_000, 1_000, 50)),
    ("brittle", 1_000, 0.67, STUDY, (1_000, 1_000, 1_000, 50)),
    ("robust", 1_000, 0.2, FINE, (1_000, 200, 50, 5)),
    ("robust", 10_000, 0.2, STUDY, (10_000, 500, 100, 5)),
    ("brittle", 10_000, 0.67, STUDY, (10_000, 500, 100, 5)),
    ("robust", 10_000, 0.2, FINE, (1_000, 10, 5, 0)),
)


def network(firms: int, essential: float, sectors: int = 50, customers: float = 8.0, seed: int = 1) -> ProductionNetwork:
    """Pareto sizes, customers by size, sectors that buy mainly from some others; half of the sectors manufacture.

    Args:
        firms: number of firms.
        essential: share of the inputs among manufacturing sectors that are essential; others reduce output in proportion.
        sectors: number of sectors.
        customers: average number of links drawn a firm, before parallel ones fall together.
        seed: of the random numbers.
    """
    draw = np.random.default_rng(seed)
    share = 1 / np.arange(1, sectors + 1) ** 0.7
    sector = draw.permutation(sectors)[draw.choice(sectors, firms, p=share / share.sum())]
    size = np.minimum(draw.pareto(1.3, firms) + 0.2, firms / 20)
    taste = draw.pareto(1.0, (sectors, sectors)) + 0.01
    supplier = np.repeat(np.arange(firms), draw.poisson(size / size.mean() * customers))
    customer = np.empty(len(supplier), np.intp)
    for number in range(sectors):
        chosen = np.flatnonzero(sector[supplier] == number)
        pull = taste[number, sector] * size
        customer[chosen] = draw.choice(firms, len(chosen), p=pull / pull.sum())
    pair = np.unique(supplier * firms + customer)
    supplier, customer = pair // firms, pair % firms
    supplier, customer = supplier[supplier != customer], customer[supplier != customer]
    weight = np.exp(draw.normal(0, 1, len(supplier))) * np.sqrt(size[supplier] * size[customer])
    essentiality = np.ones((sectors, sectors), np.int8)
    made = sectors // 2
    essentiality[:made, :made][draw.random((made, made)) < essential] = 2
    essentiality[draw.random((sectors, sectors)) < 0.1] = 0
    return ProductionNetwork(supplier.astype(np.int32), customer.astype(np.int32), weight, sector.astype(np.int32), essentiality)


class Shares:
    """What a peer prepares once: the matrices D and U, link by link."""

    def __init__(self, given: ProductionNetwork) -> None:
        firms, kinds = len(given), len(given.essentiality)
        self.firms, self.kinds, self.i, self.j = firms, kinds, given.supplier.astype(int), given.customer.astype(int)
        self.out = np.bincount(self.i, given.weight, firms)
        self.key = self.j * kinds + given.sector[self.i]
        kind = given.essentiality[given.sector[self.i], given.sector[self.j]]
        bundle = np.bincount(self.key, given.weight, firms * kinds)[self.key]
        self.d = np.where(
            kind == 2, given.weight / bundle, np.where(kind == 1, given.weight / np.bincount(self.j, given.weight, firms)[self.j], 0)
        )
        self.u = given.weight / self.out[self.i]
        self.essential = given.essentiality[:, given.sector].T == 2


def vectorised(given: ProductionNetwork, firms: npt.NDArray[np.intp], eps: float) -> Floats:
    """One firm at a time, all links every round, by bincount."""
    s, found = Shares(given), []
    for firm in firms:
        psi = np.ones(s.firms)
        psi[firm] = 0
        h_d, h_u, change = psi.copy(), psi.copy(), 1.0
        while change > eps:
            lost = np.bincount(s.key, s.d * (1 - h_d[s.i]), s.firms * s.kinds).reshape(s.firms, s.kinds)
            worst = np.where(s.essential, lost, 0).max(axis=1)
            linear = np.where(s.essential, 0, lost).sum(axis=1)
            new_d = np.maximum(0, np.minimum(psi, np.minimum(1 - worst, 1 - linear)))
            new_u = np.maximum(0, np.minimum(psi, 1 - np.bincount(s.i, s.u * (1 - h_u[s.j]), s.firms)))
            change = float(max((h_d - new_d).max(), (h_u - new_u).max()))
            h_d, h_u = new_d, new_u
        found.append(s.out @ (1 - np.minimum(h_d, h_u)) / s.out.sum())
    return np.array(found)


def plain(given: ProductionNetwork, firms: npt.NDArray[np.intp], eps: float) -> Floats:
    """One firm at a time, all links every round, in Python loops."""
    s, found, size = Shares(given), [], len(given)
    links = list(zip(s.i.tolist(), s.j.tolist(), (s.key % s.kinds).tolist(), s.d.tolist(), s.u.tolist(), strict=True))
    essential = s.essential.tolist()
    for firm in firms:
        psi = [1.0] * size
        psi[firm] = 0.0
        h_d, h_u, change = psi[:], psi[:], 1.0
        while change > eps:
            lost: list[dict[int, float]] = [{} for _ in range(size)]
            demand = [0.0] * size
            for i, j, kind, d, u in links:
                lost[j][kind] = lost[j].get(kind, 0.0) + d * (1 - h_d[i])
                demand[i] += u * (1 - h_u[j])
            change = 0.0
            new_d, new_u = [], []
            for j in range(size):
                worst = max((part for kind, part in lost[j].items() if essential[j][kind]), default=0.0)
                linear = sum(part for kind, part in lost[j].items() if not essential[j][kind])
                new_d.append(max(0.0, min(psi[j], 1 - worst, 1 - linear)))
                new_u.append(max(0.0, min(psi[j], 1 - demand[j])))
                change = max(change, h_d[j] - new_d[j], h_u[j] - new_u[j])
            h_d, h_u = new_d, new_u
        found.append(float(s.out @ (1 - np.minimum(h_d, h_u)) / s.out.sum()))
    return np.array(found)


def by(engine: str, replaceability: bool = False) -> Peer:
    return lambda given, firms, eps: esri(given, firms, replaceability=replaceability, eps=eps, engine=engine).total  # type: ignore[arg-type]  # one of its names


def measured(name: str, run: Peer, given: ProductionNetwork, eps: float, sample: int, truth: dict[int, float]) -> str:
    """A line of the table; a sample lies evenly over the firms of which the index is known already, at first over all."""
    known = np.array(sorted(truth) or range(len(given)))
    firms = known[np.linspace(0, len(known) - 1, sample).astype(int)]
    started = time.perf_counter()
    found = run(given, firms, eps)
    each = (time.perf_counter() - started) / sample * 1e3
    off = f"{max(abs(truth.get(firm, value) - value) for firm, value in zip(firms.tolist(), found.tolist(), strict=True)):.0e}"
    if not truth:
        truth.update(zip(firms.tolist(), found.tolist(), strict=True))
        off = ""
    which = "all" if sample == len(given) else f"{sample:,}"
    line = f"| {len(given):,} | {eps:g} | {name} | {which} | {each:.3g} | {'same bits' if off == '0e+00' else off} |"
    print(line, flush=True)
    return line


def spread(given: ProductionNetwork, eps: float, total: Floats, sample: int) -> str:
    """How far shocks run: rounds and reach of a sample, the index of all that were timed."""
    runs = []
    for firm in np.linspace(0, len(given) - 1, sample).astype(int):
        psi = np.ones(len(given))
        psi[firm] = 0
        runs.append(cascade(given, psi, eps=eps))
    rounds = [run.rounds for run in runs]
    reach = np.mean([(np.minimum(run.down, run.up) < 1).mean() for run in runs])
    return (
        f"{len(given):,} firms, {len(given.supplier):,} links (at most {np.bincount(given.supplier).max()} customers), eps {eps:g}: "
        f"rounds mean {np.mean(rounds):.0f}, median {np.median(rounds):.0f}, largest {max(rounds)}; a shock touches {reach:.0%} of firms on average; "
        f"index median {np.median(total):.4f}, 90th percentile {np.quantile(total, 0.9):.3f}, largest {total.max():.2f}"
    )


def bandwidth() -> float:
    """GB/s read and written by copying 256 MB, best of five."""
    source = np.ones(2**25)
    target = np.empty_like(source)
    best = 1e9
    for _ in range(5):
        started = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - started)
    return 2 * source.nbytes / best / 1e9


def machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    cores = sum(line.startswith("processor") for line in lines)
    compiled = f"numba {version('numba')}" if find_spec("numba") else "no numba"
    return (
        f"{model}, {cores} cores of which one is used, {bandwidth():.0f} GB/s copying 256 MB (read + written); "
        f"Python {platform.python_version()}, numpy {version('numpy')}, {compiled}."
    )


def table() -> tuple[list[str], list[str]]:
    """Lines of measurements and of what the networks are like."""
    started = time.perf_counter()
    by("fast")(network(100, 0.5), np.arange(2), 0.5)
    compiling = time.perf_counter() - started
    lines, facts = [], [f"- importing numba and compiling, or loading from numba's cache: {compiling:.1f} s, not counted below"]
    for label, firms, essential, eps, samples in CASES:
        given, truth = network(firms, essential), dict[int, float]()
        runs = (("**agikg fast**", by("fast")), ("agikg numpy", by("numpy")), ("vectorised numpy", vectorised), ("Python loops", plain))
        for (name, run), sample in zip(runs, samples, strict=True):
            if sample:
                lines.append(measured(f"{label} | {name}", run, given, eps, sample, truth))
        lines.append(measured(f"{label} | **agikg fast**, replaceability", by("fast", True), given, eps, samples[0], {}))
        facts.append(f"- {label}, " + spread(given, eps, np.array(list(truth.values())), 100 if eps == STUDY else 20))
    return lines, facts


HEAD = """# Systemic risk index

{machine}

`python -m benchmarks.esri --write`, one thread. Synthetic networks with a fixed seed (`network` in the script): Pareto sizes, 50 sectors,
half of them manufacturing. Of the inputs among those, a fifth is essential in the robust network and two thirds in the brittle
one. Without replaceability unless named. eps is the largest change at which a cascade has settled: 1e-2 coarse, 1e-6 our default.
Vectorised numpy and Python loops are written from the formulas, one firm at a time, all links every round. "off": largest
difference of the total index from the fast engine's.

{facts}

| firms | eps | network | engine | firms timed | ms a firm | off |
|---|---|---|---|---|---|---|
{lines}

Not run here, because neither could be installed; figures as published and as quoted to us, on other machines and other networks:

| code | ms a firm at 10,000 firms |
|---|---|
| Julia code | 0.78 |
| fastcascade (R/C++, GPL-3) | about two orders of magnitude slower than the Julia code |

At eps 1e-6 and 10,000 firms the last few slow cascades of a sample weigh more than they would among all firms.
Time a firm is rounds times links, so it depends on the network and on eps as much as on the code: compare within the table above.
"""


def main() -> None:
    head = machine()
    lines, facts = table()
    text = HEAD.format(machine=head, facts="\n".join(facts), lines="\n".join(lines))
    print(text)
    if "--write" in sys.argv:
        Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
