"""Pages of each kind, and a browser that opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agikg.explore.choice import Subject
from agikg.explore.page import page
from agikg.kg import KnowledgeGraph


@pytest.fixture(scope="session")
def files(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One page of each kind."""
    folder = tmp_path_factory.mktemp("pages")
    lens = kg.lens()
    subjects = {
        "whole": Subject(),
        "around": Subject("SMIC DUV", 2),
        "path": Subject(path=("SMIC DUV", "DeepSeek all-in-one devices")),
        "whatif": Subject(deny=("SMIC DUV",)),
    }
    return {name: page(lens, subject).save(folder / f"{name}.html") for name, subject in subjects.items()}


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file; at the end nothing may have gone wrong in it, and nothing may have left it."""
    contexts = []
    troubles: list[str] = []

    def refuse(dialog: Any) -> None:
        troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open_(file: Path, fragment: str = "", *, width: int = 1280, height: int = 860, scheme: str = "light") -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        tab.on("console", lambda message: troubles.append(f"console: {message.text}") if message.type in ("error", "warning") else None)
        tab.on("dialog", refuse)
        tab.on("request", lambda request: None if request.url.startswith(("file:", "data:", "blob:")) else troubles.append(request.url))
        tab.goto(f"file://{file}{fragment}")
        tab.wait_for_selector("html[data-drawn]", state="attached")
        return tab

    yield open_
    for context in contexts:
        context.close()
    assert not troubles
