"""The JSON API: the library's own objects, checked requests, honest statuses, a description that is true."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agikg.cli.app import _COMMANDS, cli
from agikg.kg import KnowledgeGraph
from tests.conftest import Ran, optional

DUV = "SMIC DUV"
HOSTILE = [
    '"', "'", "\\", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "%00", "\x00", "../", "..%2f..%2fetc%2fpasswd", "/etc/passwd",
    "x" * 5000, "{{7*7}}", "${7*7}", "{% raw %}", "\u202e", "\ufeff", "\u2028", "\r\nSet-Cookie: a=b", "' OR 1=1 --", "} UNION { ?s ?p ?o }",
    "SERVICE <http://a.org>", "e:", "c:", "=1+1", "昇" * 400, "🜁", "\ud800", "a\\u0022b", "file:///etc/passwd", "javascript:alert(1)",
]  # fmt: skip
# The same request at both doors.
SAME: list[tuple[list[str], str, dict[str, Any]]] = [
    (["ask", "what depends on SMIC DUV"], "ask", {"question": "what depends on SMIC DUV"}),
    (["ask", "what depends on SMIC DUV", "--limit", "2"], "ask", {"question": "what depends on SMIC DUV", "limit": 2}),
    (["show", "Ascend 910C", "--as-of", "2024"], "show", {"name": "Ascend 910C", "as_of": "2024"}),
    (["dependents", DUV, "--limit", "3"], "dependents", {"name": DUV, "limit": 3}),
    (["dependents", DUV, "--direct"], "dependents", {"name": DUV, "direct": "true"}),
    (["dependencies", "Ascend 910C", "--min-confidence", "medium"], "dependencies", {"name": "Ascend 910C", "min_confidence": "medium"}),
    (["dependencies", "Ascend 910B", "--with", "Ascend 910C"], "dependencies", {"name": "Ascend 910B", "with": "Ascend 910C"}),
    (["path", DUV, "DeepSeek", "--k", "3", "--by", "confidence"], "path", {"a": DUV, "b": "DeepSeek", "k": 3, "by": "confidence"}),
    (["chokepoints", "--limit", "4", "--weight", "Baidu=3"], "chokepoints", {"limit": 4, "weight": "Baidu=3"}),
    (["chokepoints", "--for", "Baidu", "--measure", "dominates", "--stability"], "chokepoints", {"for": "Baidu", "measure": "dominates", "stability": "true"}),
    (["whatif", "--deny", DUV, "--deny", "NVIDIA", "--capacity", "Huawei=0.4"], "whatif", {"deny": [DUV, "NVIDIA"], "capacity": "Huawei=0.4"}),
    (["whatif", "--deny-link", "Ascend 910C", DUV], "whatif", {"deny_link": f"Ascend 910C->{DUV}"}),
    (["cutsets", "Ascend 910C", "--order", "1"], "cutsets", {"name": "Ascend 910C", "order": 1}),
    (["cutsets", "Ascend 910C", "--evidence", "claims", "--deny", DUV], "cutsets", {"name": "Ascend 910C", "evidence": "claims", "deny": DUV}),
    (["importance", "Ascend 910C", "--limit", "3"], "importance", {"name": "Ascend 910C", "limit": 3}),
    (["exposure", "Ascend 910C"], "exposure", {"name": "Ascend 910C"}),
    (["changes", "Ascend 910C", "--from", "2019", "--to", "2025"], "changes", {"name": "Ascend 910C", "from": "2019", "to": "2025"}),
    (["claims", "--about", DUV], "claims", {"about": DUV}),
    (["claims", "--modality", "expected", "--limit", "5"], "claims", {"modality": "expected", "limit": 5}),
    (["sources"], "sources", {}),
    (["entities", "--layer", "equipment"], "entities", {"layer": "equipment"}),
    (["query"], "queries", {}),
    (["query", "timeline", "entity=Ascend 910C"], "queries/timeline", {"entity": "Ascend 910C"}),
]  # fmt: skip


def get(client: Any, operation: str, /, **parameters: Any) -> Any:
    return client.get(f"/api/{operation}?{urlencode(parameters, doseq=True, errors='surrogatepass')}")


@pytest.mark.parametrize(("command", "name", "parameters"), SAME, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_objects_are_those_of_the_command_line(
    client: Any, agikg: Callable[..., Ran], command: list[str], name: str, parameters: dict[str, Any]
) -> None:
    reply = get(client, name, **parameters)
    assert reply.status_code == 200, reply.text
    assert reply.json() == json.loads(agikg(*command, "--format", "json").out)


def test_every_reading_command_and_every_option_is_there(client: Any) -> None:
    described = client.get("/api/openapi.json").json()["paths"]
    names = {"query": "queries"}
    # Pages, files and raw queries have doors of their own; verify and review read a document that only its owner has.
    others = {"explore", "report", "sparql", "build", "validate", "verify", "review", "fingerprints"}
    left_out = {"format_", "store", "cluster", "imports"}  # what is served is chosen when the server starts
    renamed = {"sources": "source", "ends": None, "text": "question", "values": None, "others": "with", "targets": "for", "since": "from", "until": "to",
               "deny_links": "deny_link", "deny_countries": "deny_country", "deny_layers": "deny_layer", "deny_owners": "deny_owner"}  # fmt: skip
    for command in set(_COMMANDS) - others - {"serve", "mcp", "import", "export", "diff"}:
        found = cli.get_command(None, command)  # type: ignore[arg-type]
        assert found is not None
        operation = described[f"/api/{names.get(command, command)}"]["get"]
        offered = {parameter["name"] for parameter in operation["parameters"]}
        if command in ("query", "sources", "entities", "show", "changes"):
            offered |= {"limit", "as_of", "known_at", "source", "min_confidence", "name"}  # of the command line, where it has no effect
        wanted = {renamed.get(option.name, option.name) for option in found.params if option.name not in left_out}
        assert {name for name in wanted if name} <= offered, command


def test_refusals_are_answers_and_unknown_names_are_not_found(client: Any, kg: KnowledgeGraph) -> None:
    refused = get(client, "ask", question="who makes the Ascend 910D")
    assert refused.status_code == 200
    assert refused.json()["status"] == "refused" and refused.json()["reason"] == "unknown_entity"
    unknown = get(client, "show", name="Ascend 910X")
    assert unknown.status_code == 404
    assert unknown.json()["error"]["candidates"], "what is near is said"
    several = get(client, "show", name="alternatives")
    assert several.status_code == 422 and len(several.json()["error"]["candidates"]) > 1
    isolated = next(
        entity
        for position, entity in enumerate(kg.catalog.entities())
        if not kg.catalog.network.needs_of[position] and not kg.catalog.network.needed_by[position]
    )
    assert get(client, "whatif", deny=isolated.id).status_code == 422


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("show", {}, "name is missing"),
        ("show", {"nam": "x"}, "did you mean name"),
        ("show", {"name": " "}, "empty"),
        ("show", {"name": ["a", "b"]}, "2 times"),
        ("show", {"name": "x" * 301}, "301 characters"),
        ("dependents", {"name": DUV, "limit": "many"}, "whole number"),
        ("dependents", {"name": DUV, "limit": "0"}, "from 1"),
        ("dependents", {"name": DUV, "limit": "٣"}, "whole number"),
        ("dependents", {"name": DUV, "direct": "perhaps"}, "neither true nor false"),
        ("dependents", {"name": DUV, "as_of": "soon"}, "not a date"),
        ("dependents", {"name": DUV, "min_confidence": "total"}, "none of low"),
        ("dependents", {"name": DUV, "source": "nobody"}, "no source"),
        ("dependencies", {"name": DUV, "with": "NVIDIA", "depth": 2}, "all depths"),
        ("whatif", {}, "nothing"),
        ("whatif", {"capacity": "Huawei"}, "NAME=NUMBER|name and a number"),
        ("whatif", {"capacity": "Huawei=nan"}, "name and a number"),
        ("whatif", {"capacity": ["Huawei=1", "Huawei=0.5"]}, "two numbers"),
        ("whatif", {"capacity": "Huawei=7"}, "7"),
        ("whatif", {"deny_link": "a"}, "->"),
        ("whatif", {"deny": ["x"] * 51}, "51 times"),
        ("cutsets", {"name": "Ascend 910C", "order": 9}, "from 1 to 4"),
        ("changes", {"name": "Ascend 910C", "from": "2019", "to": "2020", "as_of": "2021"}, "both name the later date"),
        ("queries/timeline", {}, "entity is missing"),
        ("queries/open-links", {"date": "soon"}, "not a date"),
        ("entities", {"layer": "none"}, "no layer"),
    ],
)
def test_bad_requests_say_what_is_wrong(client: Any, name: str, parameters: dict[str, Any], message: str) -> None:
    reply = get(client, name, **parameters)
    assert reply.status_code == 400, reply.text
    told = reply.json()["error"]
    assert any(part in f"{told['message']} {told['hint']}" for part in message.split("|")), told


def test_posted_bodies_are_read_as_strictly(client: Any, kg: KnowledgeGraph) -> None:
    body = {"deny": [DUV], "deny_link": [["Baidu", "Ascend 910B"]], "capacity": {"Huawei": 0.4}, "as_of": None, "limit": 3}
    reply = client.post("/api/whatif", json=body)
    result = kg.whatif([DUV], capacity={"Huawei": 0.4}, deny_links=[("Baidu", "Ascend 910B")])
    assert reply.json()["denied_links"] == result.model_dump()["denied_links"]
    assert reply.json()["failed"] == result.model_dump()["failed"][:3]
    assert client.post("/api/ask", json={"question": "什么依赖中芯国际DUV"}).json() == kg.ask("什么依赖中芯国际DUV").model_dump()
    bodies: list[Any] = [
        {"question": 1},
        {"question": ["a"]},
        {"question": "a", "limit": "3"},
        {"question": "a", "limit": True},
        {"quest": "a"},
        {"question": "a", "source": "sinolytics-2025"},
        [],
        "a",
        {},
    ]
    for wrong in bodies:
        assert client.post("/api/ask", json=wrong).status_code == 400, wrong
    json_type = {"content-type": "application/json"}
    for raw in (
        b"",
        b"null",
        b"{",
        b"\xff",
        b'{"question": NaN}',
        b'{"question": "a", "question": "b"}',
        b"[" * 100_000,
        b'{"question": ' + b"[" * 50_000,
    ):
        assert client.post("/api/ask", content=raw, headers=json_type).status_code == 400, raw[:20]
    assert client.post("/api/ask", content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
    assert client.post("/api/ask", content=b'"' + b"x" * 3_000_000 + b'"', headers=json_type).status_code == 413
    assert client.post("/api/ask?limit=1", json={"question": "a"}).status_code == 400
    assert client.post("/api/show", json={"name": DUV}).status_code == 405


def test_answers_can_be_kept_until_snapshot_request_or_day_change(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = get(client, "dependents", name=DUV)
    tag = first.headers["etag"]
    assert "no-cache" in first.headers["cache-control"]
    again = client.get(f"/api/dependents?{urlencode({'name': DUV})}", headers={"if-none-match": f'W/"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert get(client, "dependents", name=DUV, limit=1).headers["etag"] != tag
    from agikg import dates

    monkeypatch.setattr(dates, "today", lambda: "2031-01-01")
    assert client.get(f"/api/dependents?{urlencode({'name': DUV})}", headers={"if-none-match": tag}).status_code == 200
    assert client.head(f"/api/dependents?{urlencode({'name': DUV})}").status_code == 200


def test_what_was_just_worked_out_is_not_worked_out_again(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = get(client, "dependents", name=DUV, depth=7)
    monkeypatch.setattr(KnowledgeGraph, "dependents", None)
    assert get(client, "dependents", name=DUV, depth=7).content == first.content
    assert get(client, "dependents", name=DUV, depth=8).status_code == 500, "another request is worked out"


def test_only_the_last_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from agikg.server import caching

    monkeypatch.setattr(caching, "_KEPT_BYTES", 32)  # eight of the answers below: one of more than an eighth is not kept at all
    made: list[str] = []

    class State:
        async def call(self, function: Callable[[], bytes]) -> bytes:
            return function()

    def make(tag: str) -> bytes:
        made.append(tag)
        return tag.encode() * 4

    async def ask(kept: Any) -> None:
        for tag in "abcdefghaiab":
            assert await kept.body(tag, lambda tag=tag: make(tag)) == tag.encode() * 4

    # In a thread of its own: where a browser is driven, this one has an event loop already.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(lambda: asyncio.run(ask(caching.Kept(State())))).result()  # type: ignore[arg-type]
    assert made == list("abcdefghib"), "b was asked for longest ago when i came"


def test_only_json_is_offered(client: Any) -> None:
    assert client.get("/api/sources", headers={"accept": "text/html"}).status_code == 406
    assert client.get("/api/sources", headers={"accept": "text/html, */*;q=0.1"}).headers["content-type"] == "application/json"
    assert client.get("/api/nothing").status_code == 404
    assert client.get("/api/queries/nothing").status_code == 404


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
def test_hostile_texts_are_names_like_others(client: Any, text: str) -> None:
    for name, parameters in (
        ("ask", {"question": text}), ("show", {"name": text}), ("dependents", {"name": DUV, "as_of": text}), ("whatif", {"deny": text, "lift": text}),
        ("queries/timeline", {"entity": text}), ("queries/description", {"thing": text}), ("names", {"text": text}), ("labels", {"id": text}),
        (text.encode("utf-8", "replace").hex(), {text: text}),
    ):  # fmt: skip
        reply = get(client, name, **parameters)
        assert reply.status_code < 500, (name, reply.text)
        reply.json()
        assert reply.headers["x-content-type-options"] == "nosniff"
    posted = client.post("/api/ask", content=json.dumps({"question": text}), headers={"content-type": "application/json"})
    assert posted.status_code in (200, 400)


def test_names_and_labels_complete_in_both_languages(client: Any) -> None:
    assert "e:ascend-910c" in {hit["id"] for hit in get(client, "names", text="昇腾910").json()}
    assert "e:smic-duv" in {hit["id"] for hit in get(client, "names", text="smic d").json()}
    labels = get(client, "labels", id=["e:huawei", "https://w3id.org/agikg/ontology#dependsOn", "e:nobody"]).json()
    assert [(row["id"], row["label_zh"]) for row in labels] == [
        ("e:huawei", "华为"),
        ("https://w3id.org/agikg/ontology#dependsOn", "依赖于"),
    ]
    terms = {term["id"]: term for term in get(client, "vocabulary").json()["terms"]}
    assert terms["agi:fabricatedWith"]["kind"] == "relation" and terms["agi:yieldRate"]["kind"] == "figure"
    assert terms["agi:layer-chips"]["kind"] == "layers" and terms["agi:Chip"]["kind"] == "class"


# --- the description

_PATHS = [f"/api/{name}" for name in (
    "ask", "show", "dependents", "dependencies", "path", "chokepoints", "whatif", "cutsets", "importance", "exposure", "changes", "claims",
    "sources", "entities", "queries", "names", "labels", "queries/timeline", "queries/open-links", "queries/description", "queries/modality",
)]  # fmt: skip


@pytest.fixture(scope="session")
def description(client: Any) -> Any:
    return client.get("/api/openapi.json").json()


def test_answers_are_as_described(client: Any, description: Any) -> None:
    jsonschema = optional("jsonschema", "'agikg[test]'")
    for _, name, parameters in SAME:
        reply = get(client, name, **parameters).json()
        schema = description["paths"][f"/api/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator({**schema, "components": description["components"]}).validate(reply)


def _texts(schema: dict[str, Any], components: Any) -> st.SearchStrategy[str]:
    """Values for a declared parameter: often what is declared, sometimes anything at all."""
    while "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    names = st.sampled_from([DUV, "Ascend 910C", "NVIDIA", "昇腾910B", "e:huawei", "U.S. export controls", "nobody"])
    fits: dict[str, st.SearchStrategy[str]] = {
        "integer": st.integers(schema.get("minimum", 0), min(schema.get("maximum", 9), 50)).map(str),
        "boolean": st.sampled_from(["true", "false"]),
    }
    declared = st.sampled_from(schema["enum"]) if "enum" in schema else fits.get(schema["type"], names)
    dates = st.sampled_from(["2019", "2024-H1", "2025-03", "2025-02-29", "1"])
    pairs = st.builds("{}={}".format, names, st.sampled_from(["0.5", "1", "-1", "1e9", "x"])) | st.builds("{}->{}".format, names, names)
    return st.one_of(declared, declared, declared, dates, pairs, st.text(max_size=40), st.sampled_from(HOSTILE))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_that_can_be_asked_ends_in_a_failure_of_the_server(client: Any, description: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(_PATHS))
    operation, components = description["paths"][path]["get"], description["components"]["schemas"]
    asked: dict[str, Any] = {}
    for parameter in operation["parameters"]:
        if parameter["required"] or data.draw(st.integers(0, 3)) == 0:
            schema = parameter["schema"]
            one = _texts(schema.get("items", schema), components)
            asked[parameter["name"]] = data.draw(st.lists(one, min_size=1, max_size=3) if schema.get("type") == "array" else one)
    reply = get(client, path.removeprefix("/api/"), **asked)
    assert reply.status_code in (200, 400, 404, 422), (path, asked, reply.text)
    found = reply.json()
    if reply.status_code != 200:
        assert found["error"]["message"] and found["error"]["status"] == reply.status_code
