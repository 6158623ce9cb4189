"""The page without a browser: layout, choice, the file itself, the commands."""

from __future__ import annotations

import base64
import gzip
import json
import os
import random
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from agikg.cli.explore import explore
from agikg.errors import BadInput, UnknownName
from agikg.explore import layout, writing
from agikg.explore.choice import Subject, choose
from agikg.explore.facts import facts
from agikg.explore.page import SCRIPTS, TEMPLATES, own_script, packed, page, policy, vis_network
from agikg.kg import KnowledgeGraph
from tests.conftest import ROOT, optional


def unpacked(text: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(text)))


def told(html: str) -> dict[str, Any]:
    """The facts that a page carries."""
    found = re.search(r'id="facts">([^<]+)<', html)
    assert found
    return dict(unpacked(found[1]))


@pytest.fixture(scope="module")
def whole(kg: KnowledgeGraph) -> str:
    return page(kg.lens(), Subject()).html


def test_the_whole_graph_fits_into_a_megabyte(whole: str) -> None:
    assert len(whole.encode()) < 1_000_000


def test_our_own_script_is_small_and_vis_network_is_the_one_we_know(whole: str) -> None:
    assert len(own_script().encode()) < 120_000
    assert "vis-network" in vis_network()[:400] and "9.1.2" in vis_network()
    assert "sourceMappingURL" not in whole
    assert {file.name for file in TEMPLATES.glob("*.js")} == set(SCRIPTS)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", own_script())


def test_both_languages_have_all_words() -> None:
    text = (TEMPLATES / "words.js").read_text("utf-8")
    english, chinese = (set(re.findall(r"(?:^|[,{])\s*(\w+): (?=['`(\w])", part)) for part in text.split("\n  zh: {"))
    assert english == chinese and len(english) > 100


def test_the_page_names_no_host_but_those_of_sources(whole: str, kg: KnowledgeGraph) -> None:
    own = whole.replace(vis_network(), "") + json.dumps([unpacked(data) for data in re.findall(r'"application/gzip"[^>]*>([^<]+)<', whole)])
    assert len(own) > len(whole) - len(vis_network())
    allowed = {source.url for source in kg.sources()} | {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"https?://[^\s\"'<>\\),]+", own)) <= allowed
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=(?!\"data:)", own)


def test_equal_data_give_equal_pages(kg: KnowledgeGraph, whole: str) -> None:
    assert page(kg.lens(), Subject()).html == whole


def test_the_policy_allows_our_scripts_and_nothing_else(whole: str) -> None:
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', whole)
    assert found and found[1].startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in found[1]
    assert "connect-src 'none'" in policy("a", "b")


@pytest.mark.parametrize("text", ["</script>", "<!--", "a\u2028b\u2029c", "&lt;", "\ud800"])
def test_packed_data_is_json_and_never_markup(text: str) -> None:
    made = packed({"x": text})
    assert unpacked(made) == {"x": text} and re.fullmatch(r"[A-Za-z0-9+/=]+", made)
    assert packed({"x": text}) == made


def test_layers_stand_in_columns_with_few_crossings(kg: KnowledgeGraph) -> None:
    lens = kg.lens()
    known = facts(lens)
    layers = [concept["key"] for concept in kg.catalog.concepts("layers")]
    chosen = choose(lens, known, Subject(), 200).entities
    layer_of = {entity: layers.index(kg.catalog.ref(entity).layer) for entity in chosen}
    placed = layout.place(layer_of, known.links, layers.index("policy"))
    assert set(placed.at) == set(chosen) and len(set(placed.at.values())) == len(chosen)
    for layer, left, top, right, bottom in placed.boxes:
        inside = {entity for entity, (x, y) in placed.at.items() if left < x < right and top < y < bottom}
        assert inside == {entity for entity in chosen if layer_of[entity] == layer}
    starts = {layer: left for layer, left, *_ in placed.boxes}
    assert starts[layers.index("chips")] < starts[layers.index("models")] < starts[layers.index("applications")]
    band = next(box for box in placed.boxes if box[0] == layers.index("policy"))
    assert band[4] < min(box[2] for box in placed.boxes if box[0] != layers.index("policy"))
    shuffled = list(placed.at.values())
    random.Random(1).shuffle(shuffled)
    at_random = layout.crossings(dict(zip(placed.at, shuffled, strict=True)), known.links)
    assert layout.crossings(placed.at, known.links) < at_random / 3


def test_nothing_to_place_is_no_trouble() -> None:
    assert layout.place({}, [], 0) == layout.Placed({}, [])
    assert len(layout.place({3: 8}, [(3, 3)], 8).at) == 1


def test_cards_of_a_lane_do_not_overlap() -> None:
    placed = layout.place({entity: entity % 4 for entity in range(300)}, [(e, (e * 7) % 300) for e in range(300)], 3)
    spots = sorted(placed.at.values())
    assert all(abs(a[0] - b[0]) >= layout.WIDTH or abs(a[1] - b[1]) >= layout.HEIGHT for a in spots for b in spots if a is not b)


def test_every_dependency_is_on_the_whole_map(kg: KnowledgeGraph) -> None:
    chosen = set(choose(kg.lens(), facts(kg.lens()), Subject(), 160).entities)
    network = kg.lens().network
    assert {*network.dependent, *network.supplier} <= chosen


def test_a_page_is_about_one_thing(kg: KnowledgeGraph) -> None:
    for subject in (Subject("SMIC", path=("SMIC", "Baidu")), Subject("SMIC", deny=("SMIC",)), Subject("SMIC", 0)):
        with pytest.raises(BadInput):
            page(kg.lens(), subject)
    with pytest.raises(UnknownName):
        page(kg.lens(), Subject("no such thing at all"))
    with pytest.raises(BadInput):
        page(kg.lens(), Subject(), lang="fr")


def test_the_command_writes_whatever_the_locale(tmp_path: Path) -> None:
    code = "from agikg.cli.explore import explore; explore()"
    done = subprocess.run(
        [sys.executable, "-c", code, "SMIC", "DUV", "-o", "页面.html", "--lang", "zh"],
        cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    (file,) = tmp_path.iterdir()
    assert "中芯国际DUV光刻" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--path", "SMIC DUV", "DeepSeek", "-o", "p.html"), None),
        (("--whatif", "--deny", "SMIC DUV", "--as-of", "2024", "-o", "w.html"), None),
        (("--limit", "50", "--min-confidence", "medium", "-o", "l.html"), None),
        (("--whatif", "-o", "w.html"), "--whatif goes with"),
        (("--deny", "SMIC", "-o", "w.html"), "--whatif goes with"),
        (("-o", "w.pdf"), "does not end in .html"),
        (("-o", "no/such/folder/w.html"), "cannot write"),
    ],
)
def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str | None) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(explore, arguments)
    if told is None:
        assert done.exit_code == 0, done.output
        assert done.stdout == "" and "wrote" in done.stderr
        assert (tmp_path / arguments[-1]).read_text(encoding="utf-8").startswith("<!doctype html>")
    else:
        assert isinstance(done.exception, BadInput) and told in done.exception.message
        assert not list(tmp_path.iterdir())


def test_a_page_repeats_itself_by_its_own_command(kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    monkeypatch.chdir(tmp_path)
    for subject in (Subject("SMIC DUV", 2), Subject(deny=("SMIC DUV",)), Subject(path=("SMIC DUV", "Baidu"))):
        made = page(kg.lens(), subject).html
        command = shlex.split(told(made)["command"])
        assert command[:2] == ["agikg", "explore"]
        assert CliRunner().invoke(explore, command[2:]).exit_code == 0
        assert (tmp_path / "page.html").read_text(encoding="utf-8") == made


def test_writing_replaces_the_whole_file_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.html"
    file.write_text("old")
    file.chmod(0o640)
    writing.replace(file, "new 中")
    assert file.read_text(encoding="utf-8") == "new 中" and stat.S_IMODE(file.stat().st_mode) == 0o640
    (tmp_path / "link.html").symlink_to(file)
    writing.replace(tmp_path / "link.html", "through")
    assert file.read_text() == "through" and (tmp_path / "link.html").is_symlink()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInput, match="No space left"):
        writing.replace(file, "lost")
    assert file.read_text() == "through" and {f.name for f in tmp_path.iterdir()} == {"a.html", "link.html"}
    for place in (tmp_path, Path("/dev/full")):
        with pytest.raises(BadInput):
            writing.replace(place, "x")


def test_the_library_makes_the_same_pages(kg: KnowledgeGraph) -> None:
    assert kg.explore("SMIC DUV", hops=2).html == page(kg.lens(), Subject("SMIC DUV", 2)).html
    assert "Without" in kg.explore(deny=["NVIDIA"], as_of="2024").html
    briefing = kg.report("Kimi Chat")
    assert briefing.markdown().startswith("# Kimi Chat")
    with pytest.raises(UnknownName):
        kg.explore("Frobnicator")


def test_results_become_data_frames(kg: KnowledgeGraph) -> None:
    optional("pandas")
    frame = kg.to_frame(kg.dependents("SMIC DUV"))
    assert len(frame) == len(kg.dependents("SMIC DUV").items)
    assert {"label", "role", "confidence"} <= set(frame.columns)
    assert len(kg.to_frame(kg.claims(about="910C"))) == len(kg.claims(about="910C"))


def test_the_commands_are_part_of_agikg(tmp_path: Path) -> None:
    from agikg.cli.app import cli

    made = CliRunner().invoke(cli, ["report", "Kimi Chat", "-o", str(tmp_path / "kimi.md")])
    assert made.exit_code == 0, made.output
    assert (tmp_path / "kimi.md").read_text(encoding="utf-8").startswith("# Kimi Chat")
    assert "explore" in CliRunner().invoke(cli, ["--help"]).output


def test_a_long_way_leads_down_and_a_short_one_across() -> None:
    short = layout.place({0: 0, 1: 1, 2: 2}, [(0, 1), (1, 2)], -1, stacked=False)
    assert len({y for _, y in short.at.values()}) == 1
    long = layout.place({n: n for n in range(7)}, [(n, n + 1) for n in range(6)], -1, stacked=False)
    assert [long.at[n][1] for n in range(7)] == sorted({y for _, y in long.at.values()})
    assert len({x for x, _ in long.at.values()}) == 1
