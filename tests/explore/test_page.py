"""The page in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agikg.analysis import reach as analysis
from agikg.analysis.denial import outage
from agikg.explore.choice import Subject
from agikg.explore.facts import facts
from agikg.explore.page import network, page, render
from agikg.kg import KnowledgeGraph
from agikg.views.reach import LinkScores, necessity
from tests.explore.test_explore import told

Visit = Callable[..., Any]
DUV = "SMIC DUV lithography"


def find(tab: Any, text: str) -> None:
    tab.keyboard.press("/")
    tab.keyboard.type(text)
    tab.keyboard.press("Enter")


def heading(tab: Any) -> str:
    return str(tab.inner_text("#panel h2"))


def test_a_stranger_finds_what_depends_on_smic_duv_why_and_how_sure(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph) -> None:
    tab = visit(files["whole"])
    assert "/" in tab.inner_text("#panel .lead")
    find(tab, "SMIC DUV")
    assert heading(tab) == DUV
    tab.get_by_role("button", name="What depends on it").click()
    told = tab.inner_text("#panel .callout")
    found = kg.dependents("SMIC DUV")
    assert told.startswith(f"{len(found.items)} entities depend on {DUV}: 5 directly, 6 through others.")
    assert "7 medium, 4 low" in told
    stopped = {item.label for item in kg.whatif(["SMIC DUV"]).failed}
    assert all(label in told for label in stopped)
    shown = tab.eval_on_selector_all("#panel [data-entity]", "rows => rows.map(row => 'e:' + row.dataset.entity)")
    assert set(shown) == {item.id for item in found.items}
    tab.locator("#panel details summary").first.click()
    claim = kg.claim(found.items[0].claims[0])
    first = tab.inner_text("#panel details[open]")
    assert claim.statement in first and claim.locator in first and claim.modality in first and claim.confidence in first


def test_search_understands_both_languages_aliases_and_keys(visit: Visit, files: dict[str, Path]) -> None:
    tab = visit(files["whole"])
    for text in ("smic duv", "中芯国际DUV", "smic-duv"):
        find(tab, text)
        assert heading(tab) == DUV, text
    find(tab, "昇腾910c")
    assert heading(tab) == "Ascend 910C"
    tab.keyboard.press("Escape")
    assert heading(tab) != "Ascend 910C"
    tab.keyboard.press("/")
    tab.keyboard.type("ascend")
    assert tab.get_attribute("#q", "aria-expanded") == "true"
    tab.keyboard.press("ArrowDown")
    second = tab.inner_text("#hits [aria-selected=true] b")
    tab.keyboard.press("Enter")
    assert heading(tab) == second
    tab.keyboard.press("/")
    tab.keyboard.type("no such thing at all")
    assert "Nothing" in tab.inner_text("#hits")


def test_both_directions_light_up_the_chain(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph) -> None:
    tab = visit(files["whole"], "#ascend-910c/needs")
    assert heading(tab) == "Ascend 910C"
    shown = tab.eval_on_selector_all("#panel [data-entity]", "rows => rows.map(row => 'e:' + row.dataset.entity)")
    assert set(shown) == {item.id for item in kg.dependencies("Ascend 910C").items}
    assert "barred" in tab.inner_text("#panel .tree")
    tab.get_by_role("button", name="Only these").click()
    assert len(tab.evaluate("agikg.graph().body.nodeIndices")) == len(shown) + 1
    tab.get_by_role("button", name="Back to the whole map").click()
    assert len(tab.evaluate("agikg.graph().body.nodeIndices")) == 160


def test_what_is_not_on_the_map_opens_with_its_neighbours(visit: Visit, files: dict[str, Path]) -> None:
    tab = visit(files["whole"])
    off = tab.evaluate(
        "(() => { const on = new Set(agikg.graph().body.nodeIndices.map(Number)); return agikg.entities.find(e => !on.has(e.at) && e.links.length > 1).id })()"
    )
    tab.evaluate("id => agikg.select(id)", off)
    assert "not on the overview" in tab.inner_text("#panel")
    assert 1 < len(tab.evaluate("agikg.graph().body.nodeIndices")) < 60


def test_filters_and_layers_leave_out_everywhere(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph) -> None:
    tab = visit(files["whole"], "#smic-duv/needed")
    tab.click("#filter-button")
    assert tab.locator("#filters input[type=checkbox]").count() > len(kg.sources()) + 40 and "[object" not in tab.inner_text("#filters")
    tab.select_option("#min", "0.5")
    tab.click("#filters .modes button:last-child")
    found = kg.dependents("SMIC DUV", min_confidence="medium")
    shown = tab.eval_on_selector_all("#panel [data-entity]", "rows => rows.map(row => 'e:' + row.dataset.entity)")
    assert set(shown) == {item.id for item in found.items} and found.items
    tab.click("#filter-button")
    tab.check("#deps")
    hidden = tab.evaluate("agikg.links.filter(l => !l.dep).length")
    assert hidden > 0
    tab.evaluate("document.querySelector('#filters .modes button').click()")
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    chip = tab.locator(".chip", has_text="Models")
    chip.click()
    assert chip.get_attribute("aria-pressed") == "false"


def test_the_date_opens_and_closes_links(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph) -> None:
    tab = visit(files["whole"], "#ascend-series/needs")

    def tsmc() -> str:
        return str(tab.inner_text("[data-entity=tsmc-advanced-processes]"))

    assert "barred" in tsmc()
    tab.evaluate("agikg.setDay('2019')")
    assert "possible" in tsmc() and "barred" not in tsmc()
    assert "2019" in tab.inner_text("#day-label")
    roles = {item.id: item.role for item in kg.dependencies("Ascend series", as_of="2019").items}
    assert roles["e:tsmc-advanced-processes"] == "alternative"
    tab.evaluate("agikg.setDay(null)")
    tab.get_by_role("button", name="Previous change").click()
    assert tab.inner_text("#day-label") != f"As of {kg.scope().as_of}"
    tab.get_by_role("button", name="Next change").click()
    assert kg.scope().as_of in tab.inner_text("#day-label")


@pytest.mark.parametrize("scope", [{}, {"as_of": "2019"}, {"as_of": "2023-06"}, {"min_confidence": "medium"}], ids=str)
def test_the_page_reasons_as_the_engine_does(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph, scope: dict[str, str]) -> None:
    tab = visit(files["whole"])
    tab.evaluate(f"agikg.state.minScore = {0.5 if 'min_confidence' in scope else 0}")
    tab.evaluate("day => agikg.setDay(day)", scope.get("as_of"))
    theirs = tab.evaluate(
        """() => agikg.entities.map(e => [
            ...[true, false].map(up => agikg.reach(e.at, up).map(i => [i.entity, i.depth, i.role, i.necessity, agikg.claims.length && Math.round(i.score * 1e6)])),
            agikg.stops().get(e.at) || []])"""
    )
    lens = kg.lens(**scope)
    scores = LinkScores(kg.catalog, lens.network)
    down = set(outage(lens.network).failed)
    for entity, (ups, downs, stops) in enumerate(theirs):
        for up, rows in ((True, ups), (False, downs)):
            found = (analysis.dependents if up else analysis.dependencies)(lens.network, entity, None, scores)
            ours = [
                [
                    s.entity,
                    s.depth,
                    s.role,
                    necessity(lens.network, s.link),
                    round(min(scores[x] for x in found.chain(lens.network, s, up=up)) * 1e6),
                ]
                for s in found.steps
            ]
            assert sorted(ours) == sorted([*row[:3], row[3].replace("oneOf", "one of several"), row[4]] for row in rows), (entity, up)
        serves = any(lens.network.serves(link) for link in lens.network.needed_by[entity])
        lost = set(outage(lens.network, [entity]).failed) - down - {entity} if serves else set()
        assert set(stops) == lost, entity


def test_a_hover_on_a_line_shows_its_claims(visit: Visit, files: dict[str, Path]) -> None:
    tab = visit(files["around"], "#smic-duv")
    spot = tab.evaluate(
        """() => { const g = agikg.graph(), e = Object.values(g.body.edges).find(x => x.connected && !x.options.hidden && x.options.width > 1.2);
        const p = e.edgeType.getPoint(0.5), d = g.canvasToDOM(p), b = document.getElementById('map').getBoundingClientRect(); return [b.left + d.x, b.top + d.y]; }"""
    )
    tab.mouse.move(*spot, steps=5)
    tab.wait_for_selector("#tip:not([hidden]) .claim")
    assert "sinolytics-2025" in tab.inner_text("#tip")


def test_keys_move_between_cards(visit: Visit, files: dict[str, Path]) -> None:
    tab = visit(files["whole"])
    tab.focus("#map")
    tab.keyboard.press("ArrowRight")
    first = heading(tab)
    tab.keyboard.press("ArrowDown")
    assert heading(tab) != first
    assert tab.evaluate("location.hash").startswith("#")
    tab.keyboard.press("Escape")
    assert tab.evaluate("location.hash") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough_in_both_themes(visit: Visit, files: dict[str, Path], scheme: str) -> None:
    tab = visit(files["whole"], "#smic-duv/needed", scheme=scheme)
    assert tab.evaluate("document.documentElement.dataset.theme") == scheme
    low = tab.evaluate(
        """() => { const lum = c => { const v = c.map(x => { x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4 }); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
        const rgb = t => t.match(/[\\d.]+/g).map(Number); const bad = [];
        for (const node of document.querySelectorAll('header *, #panel *, .bar *, .dates *')) {
            if (![...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !node.getClientRects().length) continue;
            let back = node; while (back && rgb(getComputedStyle(back).backgroundColor)[3] === 0) back = back.parentElement;
            const [a, b] = [lum(rgb(getComputedStyle(node).color)), lum(rgb(getComputedStyle(back).backgroundColor))].sort((x, y) => y - x);
            const ratio = (a + .05) / (b + .05); if (ratio < 4.5) bad.push([node.tagName, node.className, node.textContent.slice(0, 30), ratio.toFixed(2)]); }
        return bad }"""
    )
    assert low == []
    tab.click("#theme")
    assert tab.evaluate("document.documentElement.dataset.theme") != scheme


def test_the_interface_speaks_chinese(visit: Visit, files: dict[str, Path]) -> None:
    tab = visit(files["whole"], "#smic-duv/needed")
    tab.click("#lang")
    assert heading(tab) == "中芯国际DUV光刻"
    assert "11 个实体依赖" in tab.inner_text("#panel .callout")
    assert tab.evaluate("document.documentElement.lang") == "zh-Hans"
    missing = tab.evaluate("typeof WORDS")
    assert missing == "undefined"  # nothing but window.agikg is let out


@pytest.mark.parametrize("width", [1280, 400])
def test_the_same_facts_stand_in_lists(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph, width: int) -> None:
    tab = visit(files["whole"], width=width)
    tab.click("#tab-list")
    assert tab.inner_text("caption").endswith(str(len(kg.entities())))
    tab.get_by_role("button", name="Claims", exact=True).first.click()
    assert str(kg.catalog.claim_count) in tab.inner_text("caption")
    tab.get_by_role("button", name="Links", exact=True).first.click()
    tab.fill("#lists input", DUV)
    rows = tab.locator("#lists tbody tr")
    assert rows.count() >= 6
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    rows.first.locator("a.name").first.click()
    assert heading(tab)


def test_a_scenario_tells_its_states_in_words(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph) -> None:
    tab = visit(files["whatif"])
    result = kg.whatif(["SMIC DUV"])
    assert DUV in heading(tab) and f"{len(result.failed)} stop ·" in tab.inner_text("#panel .lead")
    failed = tab.eval_on_selector_all("[data-state=failed] .name:first-of-type", "rows => rows.map(row => row.textContent)")
    assert set(failed) >= {item.label for item in result.failed}
    swapped = tab.inner_text("[data-state=substituted]")
    assert "substituted" in swapped and all(s.label in swapped for item in result.substituted for s in item.by)
    drawn = tab.evaluate("agikg.mapSvg()")
    assert all(f">{word}</text>" in drawn for word in ("stops", "weaker", "substituted", "denied"))


def test_a_path_is_told_hop_by_hop(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph) -> None:
    tab = visit(files["path"])
    text = tab.inner_text("#panel")
    for hop in kg.path("SMIC DUV", "DeepSeek all-in-one devices").paths[0]:
        assert hop.reading in text and hop.to in text


def test_pictures_leave_the_page_on_request(visit: Visit, files: dict[str, Path], tmp_path: Path) -> None:
    tab = visit(files["whole"], "#smic-duv/needed")
    for button, start in (("#png", b"\x89PNG"), ("#svg", b"<svg")):
        with tab.expect_download() as caught:
            tab.click(button)
        file = tmp_path / caught.value.suggested_filename
        caught.value.save_as(file)
        assert file.read_bytes().startswith(start)
        assert "smic-duv" in file.name


def test_no_request_can_leave_the_page(browser: Any, files: dict[str, Path]) -> None:
    tab = browser.new_page()
    answered: list[str] = []
    tab.on("response", lambda response: answered.append(response.url))
    tab.goto(f"file://{files['whole']}")
    refused = tab.evaluate(
        """async () => { const seen = []; document.addEventListener('securitypolicyviolation', e => seen.push(e.effectiveDirective));
        await fetch('https://example.org/').catch(() => 0); const i = new Image(); i.src = 'https://example.org/a.png';
        const s = document.createElement('script'); s.textContent = 'window.pwned = 1'; document.head.append(s);
        await new Promise(r => setTimeout(r, 200)); return [seen, window.pwned]; }"""
    )
    assert {"connect-src", "img-src", "script-src-elem"} <= set(refused[0]) and refused[1] is None
    assert [url for url in answered if not url.startswith(("file:", "data:", "blob:"))] == []
    tab.close()


def test_a_control_stands_with_each_of_its_parties_and_names_them_all(visit: Visit, shared_kg: KnowledgeGraph, tmp_path: Path) -> None:
    known = facts(shared_kg.lens())
    shared = next(row for row in known.data["claims"] if row[0] == "all-1-3a")
    parties = [known.data["entities"][at][1] for at in shared[-1]["Z"]]
    assert parties == ["Acme", "Bolt", "Cable Works"]
    file = page(shared_kg.lens(), Subject()).save(tmp_path / "shared.html")
    for slug, label in (("zeta-bolt", "Bolt"), ("cable-works", "Cable Works")):
        tab = visit(file, f"#{slug}")
        assert heading(tab) == label
        tab.evaluate("document.querySelectorAll('#panel details').forEach(part => { part.open = true; })")
        told = tab.inner_text("#panel").partition("Controls")[2]
        assert "Rule Y keeps three firms from Line B." in told
        assert "For whom: Acme, Bolt, Cable Works" in told
    tab.get_by_role("link", name="Acme").first.click()
    assert heading(tab) == "Acme"
    tab.get_by_role("button", name="中文").click()
    assert "所涉方: 顶点公司, Bolt, 电缆厂" in tab.inner_text("#panel")


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{7*7}} ${alert(1)}",
    "‮evil\u2028x",
    "javascript:alert(1)",
]


def test_hostile_data_is_inert(visit: Visit, files: dict[str, Path], kg: KnowledgeGraph, tmp_path: Path) -> None:
    lens = kg.lens()
    known = facts(lens)
    data = json.loads(json.dumps(known.data))
    for number, row in enumerate(data["entities"]):
        row[1] = row[2] = HOSTILE[number % len(HOSTILE)] + str(number)
        row[0] = f"x'\"><b>{number}"
    for number, row in enumerate(data["claims"]):
        row[6] = row[7] = HOSTILE[number % len(HOSTILE)]
    for row in data["sources"]:
        row[1], row[7] = HOSTILE[0], None
    for row in data["predicates"]:
        row[2] = row[4] = HOSTILE[1]
    data |= {
        "story": {"kind": "whole"}, "lang": "en", "mode": "around", "title": HOSTILE[0], "titleZh": HOSTILE[1], "snapshot": HOSTILE[1],
        "asOf": ["2025", "2025-01-01", "2025-12-31"], "knownAt": HOSTILE[1], "leftOut": [HOSTILE[0]], "command": HOSTILE[2],
    }  # fmt: skip
    shown = [index for index, _ in enumerate(data["entities"])][:120]
    text = render(data, network(known, shown), "en")
    clean = files["whole"].read_text(encoding="utf-8")
    assert text.count("<script") == clean.count("<script") and text.count("<img") == clean.count("<img")
    file = tmp_path / "hostile.html"
    file.write_text(text, encoding="utf-8")
    tab = visit(file)
    for at in range(0, 678, 17):
        tab.evaluate("at => { agikg.state.mode = 'needed'; agikg.select(agikg.entities[at].id) }", at)
    tab.click("#tab-list")
    assert tab.evaluate("document.querySelectorAll('img, svg[onload], b b, iframe, object').length") == 0
    assert tab.evaluate("document.scripts.length") == 4
    tab.evaluate("agikg.mapSvg()")


def test_addresses_of_sources_are_web_addresses_or_none(kg: KnowledgeGraph) -> None:
    from agikg.explore.facts import web

    assert web("javascript:alert(1)") is None and web("file:///etc/passwd") is None and web(None) is None
    assert web("https://example.org") == "https://example.org"


def test_narrower_scopes_leave_claims_out_of_the_file(kg: KnowledgeGraph) -> None:
    whole, sure = (facts(lens) for lens in (kg.lens(), kg.lens(min_confidence="medium")))
    assert 0 < len(sure.data["claims"]) < len(whole.data["claims"]) == kg.catalog.claim_count
    scope = replace(kg.scope(), min_confidence="medium")
    assert len(sure.data["claims"]) == sum(kg.catalog.counts(scope))
    assert "outside the chosen" in told(page(kg.lens(min_confidence="medium"), Subject()).html)["leftOut"][0]
