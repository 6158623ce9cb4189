"""Briefings, and results in notebooks."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from agikg.cli.explore import report
from agikg.errors import BadInput
from agikg.explore import notebook, prose
from agikg.explore.choice import Subject
from agikg.explore.page import page
from agikg.explore.report import Briefing, Line, Section, briefing
from agikg.kg import KnowledgeGraph
from tests.conftest import optional


@pytest.fixture(scope="module")
def made(kg: KnowledgeGraph) -> Briefing:
    return briefing(kg.lens(), "Ascend 910C")


def test_a_briefing_has_every_part(made: Briefing, kg: KnowledgeGraph) -> None:
    text = made.markdown()
    for title in (
        "Summary",
        "Figures over time",
        "What it needs",
        "Chokepoints",
        "Scenario: without",
        "Contested",
        "What is not known",
        "Evidence",
        "Repeat it",
    ):
        assert f"\n## {title}" in text
    assert kg.snapshot in text and "agikg whatif --deny e:ascend-910c" in text
    assert "barred by a control" in text and "nearly 40%" in text


def test_every_number_leads_to_a_claim_and_every_claim_is_cited(made: Briefing, kg: KnowledgeGraph) -> None:
    body, _, evidence = made.markdown().partition("## Evidence")
    cited = {int(number) for number in re.findall(r"\\\[(\d+)\\\]", body)}
    assert cited == set(range(1, len(made.evidence) + 1))
    for claim in made.evidence:
        assert prose.plain(claim.statement) in evidence and f"`{claim.id}`" in evidence
    answered = set(kg.whatif(["Ascend 910C"]).rests_on) | set(kg.dependencies("Ascend 910C").rests_on)
    assert answered <= {claim.id for claim in made.evidence}


def test_its_commands_run(made: Briefing) -> None:
    import shlex

    from agikg.cli.app import cli

    for command in made.commands:
        words = shlex.split(command)
        if words[1] != "report":
            assert CliRunner().invoke(cli, words[1:]).exit_code == 0, command


def test_what_has_no_chain_still_gets_a_briefing(kg: KnowledgeGraph) -> None:
    lonely = next(e for e in kg.entities() if kg.catalog.position[e.id] not in kg.lens().connected)
    made = briefing(kg.lens(), lonely.id)
    assert "the graph has no claim" in made.markdown() and made.html()


def test_the_command_writes_markdown_and_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.md", "a.html"):
        done = CliRunner().invoke(report, ["smic", "duv", "-o", name])
        assert done.exit_code == 0 and "claims cited" in done.stderr
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert isinstance(CliRunner().invoke(report, ["smic", "-o", "a.pdf"]).exception, BadInput)


def test_hostile_words_are_only_words() -> None:
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) ![](http://a) **b** `c` | # \n- d"
    made = Briefing(bad, (Section(bad, (Line(bad, (), 0), Line(bad, (), 1))),), (), {"s": bad}, (bad,), (bad,))
    html = made.html()
    assert "<script" not in html and "javascript:alert(1))" in html and "default-src 'none'" in html and "script-src 'none'" in html
    text = made.markdown().partition("## Repeat it")[0]
    assert (
        "<script" not in text.replace("\\<", "")
        and not re.search(r"(?<!\\)\]\(", text)
        and "\n- d" not in text
        and not re.search(r"http:", text)
    )


def test_a_briefing_page_in_a_browser(visit: Any, made: Briefing, tmp_path: Path, browser: Any) -> None:
    file = made.save(tmp_path / "r.html")
    tab = browser.new_page()
    seen: list[str] = []
    tab.on("request", lambda request: seen.append(request.url))
    tab.on("console", lambda message: seen.append(message.text))
    tab.goto(f"file://{file}")
    assert tab.inner_text("h1") == "Ascend 910C"
    tab.locator("sup a").first.click()
    assert tab.evaluate("location.hash") == "#e1"
    assert [url for url in seen if not url.startswith(("file:", "data:"))] == []
    tab.close()


# --- notebooks


def results(kg: KnowledgeGraph) -> list[Any]:
    return [
        kg.dependents("SMIC DUV"), kg.dependencies("Ascend 910C"), kg.whatif(["SMIC DUV"]), kg.chokepoints(), kg.path("SMIC DUV", "DeepSeek"),
        kg.cutsets("Ascend 910C"), kg.importance("Ascend 910C"), kg.exposure("Ascend 910C"), kg.changes("Ascend 910C", "2019"),
        kg.common_dependencies("Ascend 910B", "Ascend 910C"),
    ]  # fmt: skip


def test_results_show_themselves(kg: KnowledgeGraph) -> None:
    for result in results(kg):
        text = notebook.html(result)
        assert "agikg " in text and "<script" not in text
    assert "Ascend 910C" in notebook.html(kg.dependents("SMIC DUV"))


def test_results_turn_into_frames(kg: KnowledgeGraph) -> None:
    pandas = optional("pandas")
    frame = notebook.to_frame(kg.dependents("SMIC DUV"))
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["label"]) == [item.label for item in kg.dependents("SMIC DUV").items]
    assert set(notebook.to_frame(kg.whatif(["SMIC DUV"]))["state"]) >= {"failed", "substituted"}
    assert len(notebook.to_frame(kg.claims(about="910C"))) == len(kg.claims(about="910C"))
    for result in results(kg):
        notebook.to_frame(result)


def test_without_pandas_the_error_says_what_to_install(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(BadInput, match="pandas") as caught:
        notebook.to_frame(kg.dependents("SMIC DUV"))
    assert caught.value.hint == "pip install pandas"


def test_a_notebook_is_told_how_to_show_results(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[Any, Any] = {}
    formatter = SimpleNamespace(for_type=seen.__setitem__)
    shell = SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": formatter}))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert notebook.register() and set(seen.values()) == {notebook.html}
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert not notebook.register()


def test_pages_show_themselves_in_a_frame_of_their_own(kg: KnowledgeGraph, visit: Any, tmp_path: Path, browser: Any) -> None:
    shown = page(kg.lens(), Subject("SMIC DUV"))._repr_html_()
    assert shown.startswith('<iframe sandbox="allow-scripts') and "allow-same-origin" not in shown
    file = tmp_path / "notebook.html"
    file.write_text(f"<!doctype html><body>{shown}</body>", encoding="utf-8")
    tab = browser.new_page()
    tab.goto(f"file://{file}")
    frame = tab.frame_locator("iframe")
    assert frame.locator("#panel h2").inner_text() == "SMIC DUV lithography"
    tab.close()


def test_an_answer_shows_its_words_and_its_claims(kg: KnowledgeGraph) -> None:
    answer = kg.ask("who founded DeepSeek")
    text = notebook.html(answer)
    assert "Liang Wenfeng" in text
    assert all(claim.locator in text for claim in answer.claims)
    assert "refused: unknown_entity" in notebook.html(kg.ask("what depends on <b>Foobarium</b>"))
    assert "<b>Foobarium" not in notebook.html(kg.ask("what depends on <b>Foobarium</b>"))
    assert list(notebook.rows(answer)[0])[:2] == ["statement", "modality"]
