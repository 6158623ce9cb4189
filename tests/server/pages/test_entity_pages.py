"""Every identifier answers: as a page, as RDF, by Accept and by ending; what is not there says what is near."""

from __future__ import annotations

import os
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph
import pytest

from agikg.kg import KnowledgeGraph
from agikg.store.syntax import from_engine
from agikg.vocab import GRAPH_ONTOLOGY, ID, PREFIXES, curie
from tests.server.pages.test_api import HOSTILE

FORMS = [("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("nt", "application/n-triples")]
KINDS = ["ascend-910c", "claim/sinolytics-2025.chips-4-2a", "source/sinolytics-2025", "passage/sinolytics-2025.chips-4-2", "requirement/mnc-ai-chips-in-china",
         "section/sinolytics-2025.models"]  # fmt: skip


class Page(HTMLParser):
    """Links, headings and elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(str(dict(attrs).get("href")))


def triples(text: str, kind: str) -> set[str]:
    """Triples of a text, read by the engine (rdflib drops what it cannot order)."""
    return {
        quad._replace(graph="").n3() for quad in map(from_engine, pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.from_media_type(kind)))
    }


@pytest.mark.parametrize("name", KINDS)
def test_rdf_is_what_the_store_says(client: Any, kg: KnowledgeGraph, name: str) -> None:
    expected = {quad._replace(graph="").n3() for quad in kg.store.quads() if ID + name in (quad.subject, quad.object)}
    assert len(expected) > 1
    for ending, kind in FORMS:
        by_accept = client.get(f"/id/{name}", headers={"accept": f"text/html;q=0.5, {kind}"})
        by_ending = client.get(f"/id/{name}.{ending}", headers={"accept": "text/html"})
        assert by_accept.headers["content-type"].startswith(kind)
        assert by_accept.text == by_ending.text
        assert "Accept" in by_accept.headers["vary"]
        assert triples(by_ending.text, kind) == expected, (name, ending)
        assert f'<{ID}{name}>; rel="describes"' in by_ending.headers["link"]


@pytest.mark.parametrize("name", KINDS)
def test_pages_name_the_public_identifier_and_the_snapshot(client: Any, kg: KnowledgeGraph, name: str) -> None:
    reply = client.get(f"/id/{name}", headers={"accept": "text/html"})
    assert reply.status_code == 200
    assert ID + name in reply.text and kg.snapshot in reply.text
    tags = [tag for tag, _ in Page(reply.text).tags]
    assert tags.count("h1") == 1 and tags.count("main") == 1
    assert (
        "script-src 'self'" in reply.headers["content-security-policy"] and "unsafe-inline" not in reply.headers["content-security-policy"]
    )


def test_every_local_link_of_the_pages_leads_somewhere(client: Any) -> None:
    seen: set[str] = set()
    waiting = ["/", "/?q=what+depends+on+SMIC+DUV", "/scenario?deny=SMIC+DUV", "/sources", *(f"/id/{name}" for name in KINDS)]
    for path in waiting:
        page = Page(client.get(path, headers={"accept": "text/html"}).text)
        places = {attributes["id"] for _, attributes in page.tags if attributes.get("id")}
        for link in page.links:
            if link.startswith("#"):
                assert unquote(link[1:]) in places, (path, link)
        seen |= {link.partition("#")[0] for link in page.links if link.startswith("/")}
    skipped = ("/explore", "/scenario", "/?q", "/query?", "/api/whatif", "/void", "/sparql")
    for link in sorted(link for link in seen if link and not link.startswith(skipped))[:150]:
        assert client.get(link, headers={"accept": "text/html, */*;q=0.1"}).status_code == 200, link


def test_pages_keep_the_scope_they_were_asked_in(client: Any, kg: KnowledgeGraph) -> None:
    scope = "&source=sinolytics-2025&as_of=2024&min_confidence=medium"
    page = client.get(f"/?q=what+depends+on+SMIC+DUV{scope}", headers={"accept": "text/html"}).text
    assert kg.ask("what depends on SMIC DUV", as_of="2024", min_confidence="medium").answer.replace("'", "&#39;") in page
    assert 'name="source" value="sinolytics-2025"' in page and "min_confidence=medium" in page and "as of 2024" in page
    for path in ("/?q=what+depends+on+SMIC+DUV", "/scenario?deny=SMIC+DUV", "/id/ascend-910c?", "/explore?name=smic-duv"):
        reply = client.get(f"{path}&source=sinolytics-2025&source=nobody", headers={"accept": "text/html"})
        assert reply.status_code == 400
        assert "no source is called" in reply.text, "none of several sources is dropped without a word"


def test_capacities_stay_with_their_names(client: Any, kg: KnowledgeGraph) -> None:
    page = client.get("/scenario?capped=&percent=&capped=Huawei&percent=40%25", headers={"accept": "text/html"}).text
    assert kg.whatif(capacity={"Huawei": 0.4}).explain().partition("\n")[0] in page
    for bad in ("capped=Huawei&percent=", "capped=&percent=40", "capped=Huawei&percent=nan", "capped=Huawei&percent=140"):
        reply = client.get(f"/scenario?{bad}", headers={"accept": "text/html"})
        assert reply.status_code == 400 and "is no capacity of" in reply.text, bad
    unknown = client.get("/scenario?deny=Ascend+910X", headers={"accept": "text/html"})
    assert unknown.status_code == 404 and 'value="Ascend 910X"' in unknown.text and "/id/ascend-910" in unknown.text


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("link_from=&link_to=&link_from=910C&link_to=SMIC+DUV", {"deny_links": [("Ascend 910C", "SMIC DUV")]}),
        ("deny_owner=Alibaba&deny_owner=", {"deny_owners": ["Alibaba"]}),
        ("deny_layer=equipment&deny_layer=models", {"deny_layers": ["equipment", "models"]}),
        ("deny_country=China&by=headquarters", {"deny_countries": ["China"], "by": "headquarters"}),
        ("deny_country=China&deny=SMIC+DUV&capped=Huawei&percent=40", {"deny_countries": ["China"], "deny": ["SMIC DUV"], "capacity": {"Huawei": 0.4}}),
    ],
)  # fmt: skip
def test_the_form_asks_what_the_library_and_the_api_are_asked(client: Any, kg: KnowledgeGraph, asked: str, given: dict[str, Any]) -> None:
    reply = client.get(f"/scenario?{asked}", headers={"accept": "text/html"})
    result = kg.whatif(**given)
    assert reply.status_code == 200
    assert result.explain().partition("\n")[0] in unescape(reply.text)
    assert result.command() in unescape(reply.text)
    (link,) = [link for link in Page(reply.text).links if link.startswith("/api/whatif")]
    assert client.get(link).json() == result.model_dump()


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("link_from=910C&link_to=", 400, "the link of 910C has one end"),
        ("link_from=910C", 400, "the link of 910C has one end"),
        ("link_from=910C&link_to=SMIC+DUV&link_to=Baidu", 400, "the link of Baidu has one end"),
        ("link_from=910C&link_to=DeepSeek", 422, "directly depends on the other"),
        ("deny_layer=kitchens", 400, "no layer is called"),
        ("deny_layer=materials", 422, "materials"),
        ("deny_country=China&by=hearsay", 400, "hearsay"),
        ("deny_owner=Nobody+at+all", 404, "no entity is called"),
        ("capped=Huawei&percent=40&capped=Huawei&percent=60", 400, "two capacities"),
        ("deny_owner=" + "x" * 301, 400, "more than 300 characters"),
    ],
)
def test_what_the_form_cannot_ask_is_said_and_stays_in_it(client: Any, asked: str, status: int, told: str) -> None:
    reply = client.get(f"/scenario?{asked}", headers={"accept": "text/html"})
    assert reply.status_code == status
    assert told in unescape(reply.text)
    name, _, value = asked.partition("&")[0].partition("=")
    assert [tag for tag, attributes in Page(reply.text).tags if tag == "input" and attributes.get("name") == name], name
    if name != "deny_layer":
        assert f'name="{name}" value="{value.replace("+", " ")}"' in reply.text


def test_addresses_end_where_they_end(client: Any) -> None:
    for path in ("/%0A", "/ontology%0A", "/api%0A", "/query%0A", "/id/ascend-910c%0A", "/id/ascend%00-910c"):
        assert client.get(path, headers={"accept": "text/html"}).status_code == 404, path


def test_every_entity_has_a_page(client: Any, kg: KnowledgeGraph) -> None:
    for entity in list(kg.catalog.entities())[::23]:
        reply = client.get(f"/id/{entity.id[2:]}", headers={"accept": "text/html"})
        assert reply.status_code == 200, entity.id


def test_the_page_of_an_entity_is_its_fact_sheet(client: Any, kg: KnowledgeGraph) -> None:
    page = client.get("/id/ascend-910c", headers={"accept": "text/html"}).text
    sheet = kg.show("Ascend 910C")
    for claim in sheet.claims:
        assert f"/id/{quote(claim.id.replace('c:', 'claim/', 1))}" in page
    for value in sheet.values:
        assert str(value.verbatim) in page
    early = client.get("/id/ascend-910c?as_of=2019&min_confidence=", headers={"accept": "text/html"}).text
    assert "as of 2019" in early
    assert client.get("/id/ascend-910c?as_of=soon", headers={"accept": "text/html"}).status_code == 400


def test_the_ontology_is_one_document_with_a_place_for_each_term(client: Any, kg: KnowledgeGraph) -> None:
    reply = client.get("/ontology", headers={"accept": "text/turtle"})
    declared = {quad._replace(graph="").n3() for quad in kg.store.quads() if quad.graph == GRAPH_ONTOLOGY}
    assert triples(reply.text, "text/turtle") == declared
    page = Page(client.get("/ontology", headers={"accept": "text/html"}).text)
    places = {attributes["id"] for _, attributes in page.tags if attributes.get("id")}
    assert {*kg.catalog.predicates, *kg.catalog.classes} <= places
    term = client.get("/ontology/fabricatedWith", headers={"accept": "text/html"})
    assert "is fabricated with" in term.text and "采用" in term.text
    assert client.get("/ontology/fabricated", headers={"accept": "text/html"}).status_code == 404
    assert "fabricatedWith" in client.get("/ontology/fabricated", headers={"accept": "text/html"}).text


def test_json_ld_is_compact_and_the_same_in_every_process(client: Any) -> None:
    text = client.get("/id/ascend-910c.jsonld").text
    assert '"e": "https://w3id.org/agikg/id/"' in text and '"@id": "e:smic-duv"' in text
    assert "https://w3id.org/agikg/id/ascend" not in text
    code = "from agikg.kg import KnowledgeGraph; from agikg.server.triples import JSON_LD, describe, written; kg = KnowledgeGraph.open();"
    code += "import sys; sys.stdout.reconfigure(encoding='utf-8'); found = describe(kg, 'https://w3id.org/agikg/id/ascend-910c');"
    code += "sys.stdout.write(written(found.quads(), JSON_LD, kg.snapshot))"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, encoding="utf-8", check=True
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout == text


def test_named_graphs_say_how_much_they_hold(client: Any, kg: KnowledgeGraph) -> None:
    held = sum(quad.graph == GRAPH_ONTOLOGY for quad in kg.store.quads())
    assert f'"{held}"^^<http://www.w3.org/2001/XMLSchema#integer>' in client.get("/id/graph/ontology.nt").text
    assert str(held) in client.get("/id/graph/ontology", headers={"accept": "text/html"}).text
    assert client.get("/id/graph/none", headers={"accept": "text/html"}).status_code == 404


def test_serving_imports_no_pyvis() -> None:
    code = "import sys; from agikg.server import workbench; from agikg.explore.page import vis_network; vis_network(); print('pyvis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_is_not_there_says_what_is_near(client: Any) -> None:
    page = client.get("/id/ascend-910x", headers={"accept": "text/html"})
    assert page.status_code == 404 and "Ascend 910" in page.text
    data = client.get("/id/ascend-910x", headers={"accept": "application/json, text/turtle;q=0.5"})
    assert data.status_code == 404 and data.json()["error"]["candidates"]
    assert client.get("/id/ascend-910c", headers={"accept": "image/png"}).status_code == 406
    claim = client.get("/id/claim/sinolytics-2025.chips-4-2zz", headers={"accept": "text/html"})
    assert claim.status_code == 404 and "sinolytics-2025.chips-4" in claim.text


def test_pages_can_be_kept_and_keep_their_policy(client: Any) -> None:
    for path, accept in (("/id/ascend-910c", "text/html"), ("/id/ascend-910c.ttl", "*/*"), ("/", "text/html"), ("/ontology", "text/html")):
        first = client.get(path, headers={"accept": accept})
        again = client.get(path, headers={"accept": accept, "if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.headers["content-security-policy"] == first.headers["content-security-policy"], "a browser takes the one of the 304"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
def test_hostile_addresses_are_never_a_failure_and_never_markup(client: Any, text: str) -> None:
    spelled = quote(text, safe="", errors="surrogatepass")
    paths = [f"/id/{spelled}", f"/id/claim/{spelled}", f"/id/{spelled}.ttl", f"/ontology/{spelled}", f"/?q={spelled}", f"/find?name={spelled}",
             f"/scenario?deny={spelled}&capped={spelled}&percent={spelled}&as_of={spelled}", f"/scenario?link_from={spelled}&link_to={spelled}",
             f"/scenario?deny_owner={spelled}", f"/scenario?deny_layer={spelled}", f"/scenario?deny_country={spelled}&by={spelled}", f"/explore?name={spelled}", f"/explore?path={spelled}&path=a",
             f"/query?query={spelled}", f"/entities?layer={spelled}", f"/id/ascend-910c?as_of={spelled}", f"/id/{spelled}/report", f"/static/{spelled}"]  # fmt: skip
    for path in paths:
        reply = client.get(path, headers={"accept": "text/html"}, follow_redirects=False)
        assert reply.status_code < 500, (path[:80], reply.text[-300:])
        if not path.startswith(("/explore", "/static")):
            tags = Page(reply.text).tags
            assert not [tag for tag, attributes in tags if tag == "img" or (tag == "script" and "src" not in attributes)], path[:80]
            assert not [link for link in Page(reply.text).links if link.lower().startswith(("javascript:", "data:"))], path[:80]
        assert "Set-Cookie" not in reply.headers


def test_identifiers_shorten_as_they_are_shown() -> None:
    """The script that links cells of a result knows the same namespaces."""
    script = (Path(__file__).parents[3] / "src/agikg/server/static/dom.js").read_text("utf-8")
    for prefix, namespace in PREFIXES.items():
        if namespace.startswith(ID):
            assert f"{prefix}: '{namespace.removeprefix(ID)}'" in script
            assert curie(f"{namespace}x") == f"{prefix}:x"
