"""The workbench in a real browser: questions, queries, scenarios, keys; nothing fetched elsewhere, nothing on the console."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import pytest

from agikg.kg import KnowledgeGraph

Visit = Callable[..., Any]
SELECT = "SELECT ?thing ?made_with { ?thing agi:fabricatedWith ?made_with }"


def editor(tab: Any, text: str) -> None:
    """Puts a text into the editor as if pasted, then types its last character."""
    tab.locator("#query").fill(text[:-1])
    tab.keyboard.press("End")
    tab.keyboard.type(text[-1])


def table(tab: Any) -> list[list[str]]:
    rows: list[list[str]] = tab.eval_on_selector_all(
        "#table tbody tr", "rows => rows.map(row => [...row.children].map(cell => cell.innerText.trim()))"
    )
    return rows


def ran(tab: Any) -> None:
    """Waits until a query has been answered."""
    tab.locator("#status", has_text=re.compile(r" in \d")).wait_for()


def test_a_question_is_answered_with_numbered_evidence(visit: Visit, kg: KnowledgeGraph) -> None:
    tab = visit("/")
    tab.locator("#q").fill("what depends on SMIC DUV")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#answer")
    result = kg.ask("what depends on SMIC DUV")
    assert tab.inner_text("#answer .answer") == result.answer
    shown = tab.eval_on_selector_all(".evidence li a[href^='/id/claim/']", "links => links.map(link => link.innerText)")
    assert {claim.statement for claim in result.claims} <= set(shown)
    first = tab.locator(".cite").first
    first.click()
    assert tab.evaluate("document.querySelector(':target').id") == first.get_attribute("href").removeprefix("#")
    tab.locator("#next a").first.click()
    tab.wait_for_selector("#answer")
    assert "refused" not in (tab.get_attribute("#answer", "class") or ""), "what is offered has to be answered"


def test_chinese_questions_and_refusals_are_shown_as_they_are(visit: Visit, kg: KnowledgeGraph) -> None:
    tab = visit(f"/?q={quote('昇腾910C的良率是多少')}")
    assert tab.inner_text("#answer .answer") == kg.ask("昇腾910C的良率是多少").answer
    assert tab.get_attribute("#answer .answer", "lang") == "zh"
    tab = visit(f"/?q={quote('who makes the Ascend 910D')}")
    refused = kg.ask("who makes the Ascend 910D")
    assert "no answer" in tab.inner_text("#answer") and refused.answer in tab.inner_text("#answer")
    offered = tab.eval_on_selector_all("#next a", "links => links.map(link => link.innerText)")
    assert offered == list(refused.suggestions)


def test_pages_work_without_scripts(visit: Visit, kg: KnowledgeGraph) -> None:
    tab = visit("/", scripts=False)
    tab.locator("#q").fill("what depends on SMIC DUV")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#answer")
    tab.locator("#find").fill("昇腾910C")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/id/ascend-910c")
    assert tab.inner_text("h1").startswith("Ascend 910C")
    tab = visit("/scenario", scripts=False)
    tab.locator("input[name=deny]").fill("SMIC DUV")
    tab.locator("#scenario .b.main").click()
    tab.wait_for_selector("#summary")
    assert kg.whatif(["SMIC DUV"]).explain().partition("\n")[0] == tab.inner_text("#summary .answer")


def test_a_query_with_an_error_shows_the_place_and_can_be_mended(visit: Visit) -> None:
    tab = visit("/query", expected=(400,))
    editor(tab, "SELECT ?thing ?made_with {\n  ?thing agi:fabricatedWith ?made_with .\n  ?thing ?p }\n")
    tab.keyboard.press("Control+Enter")
    tab.wait_for_selector("#error:not([hidden])")
    assert "line 3" in tab.inner_text("#error")
    assert tab.inner_text("#gutter .at").strip() == "3"
    assert tab.evaluate("document.querySelector('.t-fault') !== null")
    line = tab.evaluate(
        "(() => { const a = document.getElementById('query'); return a.value.slice(0, a.selectionStart).split('\\n').length; })()"
    )
    assert line == 3, "the cursor stands where the error is"
    editor(tab, SELECT)
    tab.keyboard.press("Control+Enter")
    ran(tab)
    assert tab.is_hidden("#error")
    assert ["Ascend 910C", "SMIC DUV lithography"] in table(tab)
    assert "query=" in tab.url
    tab.reload()
    ran(tab)
    assert len(table(tab)) == 4
    assert "SELECT ?thing" in tab.inner_text("#history")


def test_completion_knows_the_ontology_names_in_both_languages_and_variables(visit: Visit) -> None:
    tab = visit("/query")
    area = tab.locator("#query")

    def offered(text: str) -> list[str]:
        editor(tab, text)
        tab.wait_for_selector("#suggest:not([hidden])")
        tab.wait_for_timeout(150)
        found: list[str] = tab.eval_on_selector_all("#suggest b", "rows => rows.map(row => row.textContent)")
        return found

    assert offered("SELECT * { ?chip agi:fabr")[0] == "agi:fabricatedWith"
    tab.keyboard.press("Enter")
    assert area.input_value() == "PREFIX agi: <https://w3id.org/agikg/ontology#>\nSELECT * { ?chip agi:fabricatedWith"
    assert "e:ascend-910c" in offered("SELECT * { ?chip ?p 昇腾910")
    tab.keyboard.press("Escape")
    assert "agi:fabricatedWith" in offered("SELECT * { ?chip 采用")
    tab.keyboard.press("Escape")
    assert offered("SELECT ?chip { ?c")[0] == "?chip"
    tab.keyboard.press("Tab")
    assert area.input_value().endswith("{ ?chip")
    assert offered("SELECT * { ?s ?p ascend 910")[0].startswith("e:ascend-910")
    tab.keyboard.press("ArrowDown")
    second = tab.inner_text("#suggest [aria-selected=true] b")
    tab.keyboard.press("Enter")
    tab.locator("#paint", has_text="PREFIX e:").wait_for()
    assert second in area.input_value()
    tab.keyboard.press("Control+z")
    editor(tab, 'SELECT * { ?s ?p "agi:fab')
    tab.wait_for_timeout(250)
    assert tab.locator("#suggest").is_visible() is True  # an unclosed string is no string yet
    editor(tab, "SELECT * { ?s ?p ?o } # agi:fab")
    tab.wait_for_timeout(250)
    assert tab.is_hidden("#suggest"), "comments are for people"


def test_results_are_sorted_paged_drawn_and_saved(visit: Visit, tmp_path: Path) -> None:
    tab = visit(f"/query?query={quote('SELECT ?s ?n { ?s agi:confidenceScore ?n } LIMIT 120')}")
    ran(tab)
    assert "Rows 1 to 50 of 120" in tab.inner_text("#table caption")
    tab.get_by_role("button", name="Next").click()
    assert "Rows 51 to 100" in tab.inner_text("#table caption")
    tab.get_by_role("button", name="n", exact=True).click()
    tab.get_by_role("button", name="Previous").click()
    numbers = [float(row[1]) for row in table(tab)]
    assert numbers == sorted(numbers)
    tab.get_by_role("button", name="n", exact=False).filter(has_text="▲").click()
    assert tab.get_attribute("#table th:nth-child(2)", "aria-sort") == "descending"
    with tab.expect_download() as download:
        tab.locator("[data-download=json]").click()
    assert len(json.loads(Path(download.value.path()).read_text("utf-8"))["results"]["bindings"]) == 120
    tab = visit(f"/query?query={quote('CONSTRUCT { ?a agi:fabricatedWith ?b } { ?a agi:fabricatedWith ?b }')}")
    ran(tab)
    assert "4 triples" in tab.inner_text("#status")
    tab.locator("#show-graph").click()
    tab.wait_for_selector("#graph[data-drawn]")
    assert tab.get_attribute("#graph", "data-drawn") == "5"
    with tab.expect_download() as download:
        tab.locator("[data-download=ttl]").click()
    assert Path(download.value.path()).read_text("utf-8").count("fabricatedWith") == 4


def test_csv_cells_are_no_formulas(visit: Visit) -> None:
    query = 'SELECT ?a ?b { VALUES (?a ?b) { ("=1+1" -5) ("a,\\"b\\"" "x") } }'
    tab = visit(f"/query?query={quote(query)}")
    ran(tab)
    with tab.expect_download() as download:
        tab.locator("[data-download=csv]").click()
    assert Path(download.value.path()).read_bytes().decode() == 'a,b\r\n\'=1+1,-5\r\n"a,""b""",x\r\n'


def test_hostile_results_are_text(visit: Visit) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    query = f'SELECT ?a ?b {{ VALUES (?a ?b) {{ ("{hostile}" <javascript:alert(1)>) }} }}'
    tab = visit(f"/query?query={quote(query)}")
    ran(tab)
    assert table(tab)[0][0] == hostile
    assert tab.locator("#table img, #table a").count() == 0
    tab = visit(f"/?q={quote(hostile)}")
    assert tab.locator("main img").count() == 0


def test_examples_run(visit: Visit, kg: KnowledgeGraph) -> None:
    tab = visit("/query")
    tab.locator("[data-example=timeline]").click()
    ran(tab)
    assert len(table(tab)) == len(kg.store.query(kg.queries["timeline"].text).rows)  # type: ignore[union-attr]


def test_a_scenario_is_built_by_completion(visit: Visit, kg: KnowledgeGraph) -> None:
    tab = visit("/scenario")
    first = tab.locator("#deny input").first
    first.click()
    tab.keyboard.type("中芯国际DUV")
    tab.wait_for_selector("#deny .hits:not([hidden])")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert first.input_value() == "SMIC DUV lithography"
    tab.locator("[data-add=deny]").click()
    tab.keyboard.type("NVIDIA")
    tab.keyboard.press("Escape")
    tab.locator("#capacity input").first.fill("Huawei")
    tab.locator("#capacity input[name=percent]").first.fill("40")
    tab.locator("#scenario .b.main").click()
    tab.wait_for_selector("#summary")
    result = kg.whatif(["SMIC DUV", "NVIDIA"], capacity={"Huawei": 0.4})
    assert tab.inner_text("#summary .answer") == result.explain().partition("\n")[0]
    states = dict(
        tab.eval_on_selector_all(
            "table tr:has(td[data-k=Scenario])",
            "rows => rows.map(row => [row.children[0].innerText.trim(), row.children[2].innerText.trim()])",
        )
    )
    assert {item.label for item in result.failed} == {name for name, state in states.items() if state == "stops"}
    assert "lift=" not in tab.url, "empty fields stay out of the address"
    tab.go_back()
    assert tab.locator("#deny input").first.is_enabled()


def test_links_owners_countries_and_layers_are_denied_by_keys_alone(visit: Visit, kg: KnowledgeGraph) -> None:
    tab = visit("/scenario")

    def on_to(selector: str) -> None:
        """Presses Tab until something has the focus; it then stands free in the window."""
        for _ in range(60):
            tab.keyboard.press("Tab")
            if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
                break
        hidden = """() => { const at = document.activeElement.getBoundingClientRect();
          return !document.activeElement.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2)); }"""
        assert tab.evaluate("selector => document.activeElement.matches(selector)", selector), selector
        assert not tab.evaluate(hidden), f"{selector} is under something else"

    def name(typed: str, label: str) -> None:
        tab.keyboard.type(typed)
        tab.wait_for_selector(".hits:not([hidden])")
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.value") == label

    on_to("[name=link_from]")
    name("昇腾910C", "Ascend 910C")
    on_to("[name=link_to]")
    name("中芯国际DUV", "SMIC DUV lithography")
    on_to("[data-add=deny_link]")
    tab.keyboard.press("Enter")
    assert tab.locator("[name=link_from]").count() == 2
    assert tab.evaluate("document.activeElement === document.querySelectorAll('[name=link_from]')[1]")
    on_to("[name=link_to]")
    assert tab.evaluate("document.activeElement.getAttribute('role')") == "combobox", "both fields of a new row complete names"
    on_to(".groups summary")
    tab.keyboard.press("Enter")
    on_to("[name=deny_owner]")
    name("Alibaba", "Alibaba")
    on_to("[name=deny_country]")
    tab.keyboard.type("China")
    tab.keyboard.press("Escape")
    on_to("#by")
    tab.keyboard.type("head")
    on_to("[name=deny_layer][value=equipment]")
    tab.keyboard.press("Space")
    on_to("#scenario .b.main")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#summary")
    result = kg.whatif(
        deny_links=[("Ascend 910C", "SMIC DUV")],
        deny_owners=["Alibaba"],
        deny_countries=["China"],
        by="headquarters",
        deny_layers=["equipment"],
    )
    assert tab.inner_text("#summary .answer") == result.explain().partition("\n")[0]
    given = parse_qs(tab.url.partition("?")[2])
    assert set(given) == {"link_from", "link_to", "deny_owner", "deny_country", "by", "deny_layer"}, "empty fields stay out of the address"
    rows = tab.eval_on_selector_all(
        "tr:has(td[data-k=Scenario])", "rows => rows.map(row => [...row.children].slice(0, 3).map(cell => cell.innerText.trim()))"
    )
    assert rows[0] == ["Ascend 910C is fabricated with SMIC DUV lithography", "linked", "cut"]
    assert {ref.label for ref in result.denied} == {entity for entity, before, after in rows if (before, after) == ("available", "denied")}
    assert {item.label for item in result.failed} == {entity for entity, before, after in rows if (before, after) == ("available", "stops")}
    assert tab.locator(".groups[open] [value=equipment]").is_checked(), "the form shows what was asked"
    assert tab.input_value("#by") == "headquarters"


def test_everything_can_be_reached_by_keys_alone(visit: Visit) -> None:
    tab = visit("/entities")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "find"
    tab.keyboard.type("昇腾910c")
    tab.wait_for_selector(".find .hits:not([hidden])")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/id/ascend-910c")
    tab.wait_for_selector("html[data-ready]", state="attached")
    tab.keyboard.press("g")
    tab.keyboard.press("q")
    tab.wait_for_url("**/query")
    tab.wait_for_selector("html[data-ready]", state="attached")
    tab.locator("#query").focus()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.id") == "run", "the editor is no trap"
    tab.keyboard.press("Enter")
    ran(tab)
    tab.locator("#show-table").focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_selector("#graph[data-drawn]")
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("?")
    assert tab.locator("#keys").is_visible()
    tab.keyboard.press("Escape")
    assert tab.is_hidden("#keys")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/scenario?link_from=910C&link_to=SMIC+DUV&deny_layer=equipment",
        "/?q=what+depends+on+SMIC+DUV",
        "/query",
        "/scenario?deny=SMIC+DUV",
        "/id/ascend-910c",
        "/entities",
        "/id/claim/sinolytics-2025.chips-4-2a",
    ],
)
def test_no_page_is_wider_than_its_window(visit: Visit, path: str) -> None:
    tab = visit(path)
    for width in (400, 1024, 1440):
        tab.set_viewport_size({"width": width, "height": 860})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_have_names_and_text_has_contrast(visit: Visit) -> None:
    """Every control says what it is; colours keep 4.5:1 against what is behind them, light and dark."""
    script = """() => {
      const unnamed = [...document.querySelectorAll('button, a, input, select, textarea')].filter(node => node.checkVisibility() && !(node.innerText.trim() || node.getAttribute('aria-label') || node.labels?.length || node.title));
      const parse = text => text.match(/[\\d.]+/g).map(Number);
      const light = rgb => rgb.slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
      const known = new Map();
      const back = node => {
        if (!node) return [255, 255, 255];
        if (!known.has(node)) { const rgb = parse(getComputedStyle(node).backgroundColor); known.set(node, rgb.length < 4 || rgb[3] > 0 ? rgb : back(node.parentElement)); }
        return known.get(node);
      };
      const faint = [...document.querySelectorAll('main *')].filter(node => node.checkVisibility() && [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()) && !node.closest('textarea, [disabled], template')).map(node => {
        const [a, b] = [light(parse(getComputedStyle(node).color)), light(back(node))];
        return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), node.outerHTML.slice(0, 80)];
      }).filter(([ratio]) => ratio < 4.5);
      return [unnamed.map(node => node.outerHTML), faint];
    }"""
    for path in ("/query", "/scenario?deny=SMIC+DUV&deny_owner=Alibaba"):
        tab = visit(path)
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            assert tab.evaluate(script) == [[], []], (scheme, path)


def test_the_map_opens_for_an_entity_a_path_and_a_scenario(visit: Visit) -> None:
    for path in ("/explore?name=smic-duv&mode=needed", "/explore?path=SMIC&path=Baidu", "/explore?deny=smic-duv"):
        tab = visit(path)
        tab.wait_for_selector("html[data-drawn]", state="attached")
        assert tab.locator("a[href='/']").count() == 1, "there is a way back"


def test_the_theme_is_kept(visit: Visit) -> None:
    tab = visit("/", scheme="light")
    tab.locator("#theme").click()
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    tab.reload()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
