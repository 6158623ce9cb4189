from __future__ import annotations

import pytest

from agikg.errors import AmbiguousName, UnknownName
from agikg.kg import KnowledgeGraph
from agikg.names import Names, key, tied, tokenise


def table(*names: str) -> Names:
    found: dict[str, list[tuple[int, str]]] = {}
    for position, name in enumerate(names):
        found.setdefault(key(tokenise(name)), []).append((position, name))
    return Names(found)


def test_tokens_fold_case_width_possessives_and_chinese() -> None:
    assert tokenise("SMIC’s DUV, K1.5 and 01.AI") == ["smic", "duv", "k1.5", "and", "01", "ai"]
    assert tokenise("中芯国际 DUV") == ["中", "芯", "国", "际", "duv"]
    assert tokenise("Ａｓｃｅｎｄ") == ["ascend"]


def test_stages_prefer_exact_then_prefix_then_substring_then_fuzzy() -> None:
    names = table("SMIC", "SMIC DUV lithography", "Dutch DUV licensing")
    assert [m.name for m in tied(names.match("smic"))] == ["SMIC"]
    assert [m.name for m in tied(names.match("SMIC DUV"))] == ["SMIC DUV lithography"]
    assert [m.name for m in tied(names.match("duv lic"))] == ["Dutch DUV licensing"]
    assert [m.name for m in tied(names.match("SMIC DUV lithograhpy"))] == ["SMIC DUV lithography"]


def test_a_number_is_never_a_typing_error() -> None:
    names = table("Ascend 910B", "Ascend 910C")
    assert [m.name for m in names.match("Asced 910B")] == ["Ascend 910B"]
    assert names.match("Ascend 910D") == ()
    assert {m.name for m in names.near("Ascend 910D")} == {"Ascend 910B", "Ascend 910C"}


def test_equal_matches_are_tied() -> None:
    names = table("Kunlun 2.0", "Kunlun 3.0")
    assert len(tied(names.match("kunlun"))) == 2


@pytest.mark.parametrize("text", ["", "   ", "?!", "the"])
def test_nothing_matches_nothing(text: str) -> None:
    assert table("Huawei").match(text) == ()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("SMIC DUV", "SMIC DUV lithography"),
        ("smic's duv lithography", "SMIC DUV lithography"),
        ("中芯国际DUV", "SMIC DUV lithography"),
        ("中芯国际 duv", "SMIC DUV lithography"),
        ("smic", "SMIC"),
        ("zhongxinguoji", "SMIC"),
        ("910C", "Ascend 910C"),
        ("ascend-910c", "Ascend 910C"),
        ("e:ascend-910c", "Ascend 910C"),
        ("昇腾910C", "Ascend 910C"),
        ("Huawie", "Huawei"),
        ("huawei", "Huawei"),
        ("华为", "Huawei"),
        ("華為", "Huawei"),
        ("Big Fund III", "Big Fund III"),
        ("kunlun 3", "Kunlun 3.0"),
        ("deepseek all in one", "DeepSeek all-in-one devices"),
    ],
)
def test_names_of_the_graph(kg: KnowledgeGraph, name: str, label: str) -> None:
    assert kg.entity(name).label == label


def test_unknown_names_carry_what_is_near(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName) as caught:
        kg.entity("Ascend 910D")
    assert {"Ascend 910B", "Ascend 910C"} & {candidate.label for candidate in caught.value.candidates}


@pytest.mark.usefixtures("small")
def test_ambiguous_names_list_the_candidates() -> None:
    small = KnowledgeGraph.open(progress=lambda _: None)
    with pytest.raises(AmbiguousName) as caught:
        small.entity("line")
    assert [candidate.label for candidate in caught.value.candidates] == ["Line A", "Line B"]
