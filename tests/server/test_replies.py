"""Negotiation, the shape of errors, headers, methods."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.errors import (
    AgikgError,
    AmbiguousName,
    BadInput,
    Busy,
    Damaged,
    ForbiddenQuery,
    LimitHit,
    OutOfTime,
    Refused,
    StoreError,
    TooLarge,
    UnknownName,
)  # fmt: skip
from agikg.kg import KnowledgeGraph
from agikg.server.budget import OverBudget
from agikg.server.limits import Limits
from agikg.server.replies import HttpError, negotiate, status_of
from agikg.server.state import ServerState
from tests.server.conftest import Inside, made

JSON, CSV, TURTLE, HTML = "application/json", "text/csv", "text/turtle", "text/html"
OFFERS = (JSON, CSV, TURTLE)


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        (None, JSON), ("", JSON), ("*/*", JSON), ("text/*", CSV), ("text/turtle", TURTLE), ("TEXT/Turtle", TURTLE),
        ("text/turtle;q=0.5, text/csv;q=0.6", CSV), ("text/csv;q=0.1, */*;q=0.5", JSON), ("*/*, application/json;q=0", CSV),
        ("application/json;q=0, text/*;q=0.3, text/csv;q=0.2", TURTLE), ("text/turtle; charset=utf-8; q=0.4, text/csv;q=0.3", TURTLE),
        ("text/html", None), ("application/json;q=0", None), ("image/*, text/html", None), ("text/turtle;q=0.001", TURTLE),
        ("text/csv;q=2, text/turtle", TURTLE), ("text/csv;q=x, text/turtle;q=0.1", TURTLE), ("nonsense, text/csv", CSV), (",,;,text/csv", CSV),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON), ("*/*;q=0", None), ("text/turtle;Q=0, text/csv", CSV),
    ],
)  # fmt: skip
def test_the_best_offer_is_found(accept: str | None, best: str | None) -> None:
    assert negotiate(accept, OFFERS) == best


@given(st.text(max_size=200))
def test_any_header_can_be_read(accept: str) -> None:
    assert negotiate(accept, OFFERS) in (*OFFERS, None)


@given(st.permutations([("application/json", 0.3), ("text/csv", 0.8), ("text/turtle", 0.5), ("*/*", 0.1)]))
def test_the_order_of_ranges_does_not_matter(ranges: list[tuple[str, float]]) -> None:
    assert negotiate(", ".join(f"{name};q={quality}" for name, quality in ranges), OFFERS) == CSV


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput("x"), 400), (ForbiddenQuery("x"), 403), (UnknownName("x"), 404), (AmbiguousName("x", ()), 422), (Refused("x"), 422),
        (OutOfTime("x"), 504), (TooLarge("x"), 413), (Busy("x", seconds=3), 503), (LimitHit("x"), 503), (StoreError("x"), 503), (Damaged("x"), 503),
        (AgikgError("x"), 500), (HttpError(418, "x"), 418), (OverBudget(3, 60), 429),
    ],
)  # fmt: skip
def test_each_error_has_its_status(error: AgikgError, status: int) -> None:
    assert status_of(error) == status


def test_errors_have_one_shape_in_three_languages(kasei: Inside) -> None:
    target = "/rdf-graph-store?graph=%3Cscript%3Ealert(1)%3C/script%3E"
    told = kasei("GET", target).json()["error"]
    assert set(told) == {"status", "message", "hint"}
    assert "<script>" in told["message"]
    assert told["message"] in kasei("GET", target, headers={"Accept": "text/plain"}).text
    page = kasei("GET", target, headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>" not in page.text
    # Whoever asks for a picture gets the error as JSON, with its own status.
    assert kasei("GET", "/nothing", headers={"Accept": "image/png"}).json()["error"]["status"] == 404


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "application/json;q=0"])
def test_what_cannot_be_given_is_406(kasei: Inside, accept: str) -> None:
    reply = kasei.sparql("SELECT * { ?s ?p ?o }", accept)
    assert (reply.status_code, "application/sparql-results+json" in reply.json()["error"]["hint"]) == (406, True)


def test_a_graph_is_not_given_as_a_table(kasei: Inside) -> None:
    assert kasei.sparql("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv").status_code == 406


@pytest.mark.parametrize("target", ["/sparql?query=ASK{}", "/nothing", "/void", "/limits", "/sparql?query=x"])
def test_every_response_can_do_nothing_and_be_read_by_anybody(kasei: Inside, target: str) -> None:
    headers = kasei("GET", target, headers={"Origin": "https://evil.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers


def test_other_origins_can_be_kept_out(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> None:
    server = Inside(ServerState.of(made(tmp_path_factory.mktemp("cors") / "graph.nq", ""), Limits.declared(fast_workers=1)), cors=False)
    try:
        assert "access-control-allow-origin" not in server("GET", "/limits").headers
        assert "access-control-allow-methods" not in server("OPTIONS", "/sparql").headers
    finally:
        server.close()


def test_options_say_what_may_be_done(kasei: Inside) -> None:
    reply = kasei("OPTIONS", "/sparql", headers={"Origin": "https://a.org", "Access-Control-Request-Method": "POST"})
    assert reply.status_code == 204
    assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}
    assert reply.headers["access-control-allow-methods"] == reply.headers["allow"]
    assert "Content-Type" in reply.headers["access-control-allow-headers"]
    assert kasei("OPTIONS", "/nothing").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "CONNECT"])
def test_other_methods_are_405(kasei: Inside, method: str) -> None:
    reply = kasei(method, "/sparql")
    assert reply.status_code == 405
    assert {"GET", "POST"} <= set(reply.headers["allow"].split(", "))


def test_methods_cannot_be_smuggled_in_a_header(kasei: Inside) -> None:
    reply = kasei("POST", "/rdf-graph-store?default", headers={"X-HTTP-Method-Override": "GET"})
    assert reply.status_code == 405


def test_head_is_get_without_the_body(kasei: Inside) -> None:
    got, headed = (kasei(method, "/sparql?query=ASK{}") for method in ("GET", "HEAD"))
    assert (headed.status_code, headed.headers["content-type"]) == (got.status_code, got.headers["content-type"])
    assert headed.headers["content-length"] == got.headers["content-length"]


def test_limits_are_shown(kasei: Inside) -> None:
    shown = kasei("GET", "/limits").json()
    assert shown["query_seconds"]["value"] == kasei.state.limits.query_seconds
    assert all(json.dumps(limit["help"]) for limit in shown.values())
    assert set(shown) == set(vars(kasei.state.limits))
