"""Templates of answers in English and Chinese. Everything else in a sentence is a label of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_HEDGES = {
    "en": {
        "reported": "reportedly", "estimated": "by estimate", "expected": "expected, not yet so", "targeted": "as a goal",
        "claimed": "by its own account", "opinion": "as a judgement", "denied": "denied", "inferred": "by our reading of the source",
    },
    "zh": {
        "reported": "据报道", "estimated": "据估计", "expected": "预计", "targeted": "目标", "claimed": "自称", "opinion": "观点",
        "denied": "否认", "inferred": "据我们对来源的解读",
    },
}  # fmt: skip

_TEMPLATES = {
    "en": {
        "and": " and ", "comma": ", ", "stop": ". ",
        "dependents": "{direct} directly depend{s} on {root}",
        "dependents_none": "No claim says that {kind} depends on {root}",
        "through": "through {them}: {names}", "through_head": "{count} more depend{s} on it through others: {names}",
        "dependencies": "{root} directly depends on {direct}",
        "dependencies_none": "No claim says that {root} depends on {kind}",
        "dependencies_head": "through these also on {names}",
        "barred": "Closed by a control and so not counted: {names}",
        "alternative": "Possible but not said to be in use: {names}",
        "one of several": "one of several", "supporting": "weakened, not stopped, without it",
        "identity": "{name} is {article} {kind} in the {layer} layer", "it": "It {facts}",
        "figure": "{metric} of {name}: {values}", "value": "{verbatim}{scope}{hedges}",
        "superseded": "superseded", "until": "until {date}",
        "path": "{chain}", "path_head": "{a} and {b} are connected in {count} step{s}: {chain}",
        "provenance": "{count} claim{s} {verb} it: {places}",
        "scope": "Left out: {what}",
        "yes": "Yes, according to the graph", "yes_hedged": "So it is said, with a hedge", "no_denied": "No, a claim denies it",
        "no_other": "Not as asked: no claim says {what}. What the graph has instead",
        "members": "{group} has {count} members in the graph: {names}", "all_of": "The graph knows {count} of the class {kind}: {names}",
        "no_disagreement": "no claims on this dispute or supersede each other",
        "gaps_head": "The graph has {known} claims about {name}, {undated} of them without a date",
        "gaps_lacking": "Known of others of its class but not of it: {names}",
        "gaps_needs": "No claim says what it depends on", "gaps_dependents": "No claim says what depends on it",
        "without": "Without {names}, ", "stops": "these stop: {names}", "stops_nothing": "nothing else in the graph stops",
        "lifted": "With {names} lifted, this changes", "lifted_nothing": "no link of the graph opens",
        "closes_nothing": "No dependency in the graph hangs on {names}; what claims say it bars",
        "again": "{name} has {alternative} again as an alternative",
        "instead": "{name} loses {lost} and goes on: {others} can serve instead", "weakened": "Weakened, not stopped: {names}",
        "closed": "{name} is closed by {controls}",
        "chokepoint": "{name} (alone stops {count})", "chokepoints": "Of {swept} entities denied one by one, these stop most: {names}",
        "no_chokepoint": "No single denial in the graph stops it", "cut_sets": "Minimal sets of up to three that stop {name}: {sets}",
        "alternatives": "For {owner}: {names}",
    },
    "zh": {
        "and": "和", "comma": "、", "stop": "。",
        "dependents": "直接依赖{root}的有：{direct}",
        "dependents_none": "没有断言表明有{kind}依赖{root}",
        "through_head": "另有{count}个间接依赖：{names}",
        "dependencies": "{root}直接依赖：{direct}",
        "dependencies_none": "没有断言表明{root}依赖{kind}",
        "dependencies_head": "并由此间接依赖：{names}",
        "barred": "受管制关闭、不计入：{names}",
        "alternative": "可能的备选、未说明在用：{names}",
        "one of several": "多种备选之一", "supporting": "失去时受损而不中断",
        "identity": "{name}是{layer}环节的{kind}", "it": "{facts}",
        "figure": "{name}的{metric}：{values}", "value": "{verbatim}{scope}{hedges}",
        "superseded": "已被取代", "until": "至{date}", "path_head": "{a}与{b}经{count}步相连：{chain}",
        "provenance": "依据为{count}条断言：{places}",
        "scope": "未计入：{what}",
        "yes": "是的，图谱中有此说法", "yes_hedged": "有此说法，但带有保留", "no_denied": "不是，有断言予以否认",
        "no_other": "与所问不同：没有断言说{what}。图谱中的说法",
        "members": "{group}在图谱中有{count}个成员：{names}", "all_of": "图谱中{kind}共{count}个：{names}",
        "no_disagreement": "没有相互矛盾或被取代的断言",
        "gaps_head": "图谱中关于{name}的断言有{known}条，其中{undated}条没有日期",
        "gaps_lacking": "同类实体有而它没有的信息：{names}",
        "gaps_needs": "没有断言说明它依赖什么", "gaps_dependents": "没有断言说明什么依赖它",
        "without": "若没有{names}，", "stops": "以下将中断：{names}", "stops_nothing": "图谱中没有其他实体因此中断",
        "lifted": "若解除{names}，变化如下", "lifted_nothing": "图谱中没有链接因此开放",
        "closes_nothing": "图谱中没有依赖取决于{names}；有断言说明其所禁止者",
        "again": "{name}重新获得备选{alternative}", "instead": "{name}失去{lost}但可继续：可由{others}替代",
        "weakened": "受损而不中断：{names}", "closed": "{name}被{controls}关闭",
        "chokepoint": "{name}（单独可致{count}个中断）", "chokepoints": "逐一断开{swept}个实体后，影响最大的是：{names}",
        "no_chokepoint": "图谱中没有单一实体可使其中断", "cut_sets": "可使{name}中断的最小组合（至多三个）：{sets}",
        "alternatives": "{owner}：{names}",
    },
}  # fmt: skip

_REFUSALS = {
    "en": {
        "unknown_entity": "The graph knows nothing called {what}.",
        "ambiguous_entity": "{what} can mean several things: {names}.",
        "unsupported_question": "The graph cannot be asked this way; not understood: {what}.",
        "not_in_graph": "Understood, but no claim in the graph says it: {what}.",
        "below_confidence": "Claims on this exist, but none is at least as sure as asked for: {what}.",
        "out_of_scope": "This is outside the graph, which covers China's AGI value chain.",
        "false_premise": "The question takes for granted what no claim in the graph says: {what}.",
    },
    "zh": {
        "unknown_entity": "图谱中没有名为{what}的实体。",
        "ambiguous_entity": "{what}可指多个实体：{names}。",
        "unsupported_question": "图谱无法回答这种问法；未理解：{what}。",
        "not_in_graph": "已理解，但图谱中没有断言说明：{what}。",
        "below_confidence": "有相关断言，但均未达到所要求的可信度：{what}。",
        "out_of_scope": "该问题不在图谱范围内；图谱涵盖中国通用人工智能价值链。",
        "false_premise": "问题的前提在图谱中没有依据：{what}。",
    },
}


def say(lang: str, template: str, **values: Any) -> str:
    """A template filled in."""
    return _TEMPLATES[lang][template].format(**values)


def any_of(lang: str, kind: str | None) -> str:
    """Anything, or anything of a class."""
    if lang == "zh":
        return kind or "任何事物"
    return f"any {kind}" if kind else "anything"


def refusal(lang: str, reason: str, **values: Any) -> str:
    """The sentence of a refusal."""
    return _REFUSALS[lang][reason].format(**values)


def join(lang: str, names: Sequence[str]) -> str:
    """Names as a list in words."""
    words = _TEMPLATES[lang]
    if len(names) < 2:
        return "".join(names)
    return words["comma"].join(names[:-1]) + words["and"] + names[-1]


def sentences(lang: str, parts: Iterable[str]) -> str:
    """Parts as one paragraph."""
    stop = _TEMPLATES[lang]["stop"]
    return stop.join(part[:1].upper() + part[1:] for part in parts if part).rstrip() + stop.rstrip()


def hedge(lang: str, modality: str, attributed_to: str | None = None) -> str:
    """How a source says it, in a word or two; nothing for what it states plainly."""
    word = _HEDGES[lang].get(modality, "")
    if not attributed_to:
        return word
    by = f"according to {attributed_to}" if lang == "en" else f"据{attributed_to}"
    return f"{word}, {by}" if word and lang == "en" else f"{by}，{word}" if word else by


def article(word: str) -> str:
    """A or an."""
    return "an" if word[:1].lower() in "aeiou" else "a"
