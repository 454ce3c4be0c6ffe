"""What differs between two catalogues, whom it touches, and whether it would worsen anyone backwards.

A catalogue is taken apart into things (a resource, a field, a rule, a list …) with attributes; things and attributes
are compared; two short tables say what a change means for the subject. What is in neither table is neutral.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.things import Key, Thing, things
from chengxin.values.errors import Said

Effect = Literal["milder", "stricter", "neutral"]
How = Literal["added", "removed", "changed"]
# Rules that guard the subject: without one more could be shown, kept or put on the wrong file.
PROTECTING = (
    *(
        "publicity_end",
        "never_adverse",
        "list_known",
        "list_term",
        "forbidden_content",
        "secret_marking",
        "identity_minor",
    ),
    *("identity_inside", "telephone_inside", "name_of_code", "name_differs"),
)
# Disclosure from narrow to wide, and answers of a channel from no to yes.
_WIDTH = ("forbidden", "restricted", "withheld", "gov", "on_auth", "public")
_CHANNEL = ("no", "per_item", "yes")
_WORDS: dict[str, Said] = {
    "resource": Said("信息类", "resource"),
    "field": Said("数据项", "field"),
    "rule": Said("规则", "rule"),
    "codes": Said("代码表", "code list"),
    "value": Said("代码值", "code value"),
    "law": Said("文件", "instrument"),
    "severity": Said("失信等级", "severity class"),
    "hard_end": Said("最长期限", "hard end"),
    "before": Said("过渡期", "transition"),
    "never_adverse": Said("不作为失信信息的情形", "what is never adverse"),
    "list": Said("名单", "list"),
    "measure": Said("措施", "measure"),
    "forbidden": Said("禁止归集的内容", "forbidden category"),
    "behaviours": Said("无法律依据的行为", "behaviours without a statute"),
    "disclosure": Said("披露方式", "disclosure class"),
    "widest": Said("最宽披露", "widest disclosure"),
    "purpose": Said("查询用途", "purpose"),
}
_HOW: dict[How, Said] = {
    "added": Said("新增", "added"),
    "removed": Said("删去", "removed"),
    "changed": Said("改动", "changed"),
}


@dataclass(frozen=True)
class Change:
    """One difference. `effect` is for the subject, `senders` for those who report; `since` is when it begins."""

    place: str
    how: How
    said: Said
    effect: Effect
    senders: Effect
    since: date | None
    backwards: bool = False


def diff(old_root: Path, new_root: Path, day: date) -> list[Change]:
    """The changes from one catalogue folder to another, as of `day` and of every later day on which a version begins.

    A stricter change is `backwards` if it has no beginning (`since` of a rule, else a new `version` of its resource) or
    begins before `day`. Tables (severity, lists …) have no versions: what is stricter there is always backwards.
    """
    seen: dict[tuple[str, How, Said], Change] = {}
    for moment in _moments(old_root, new_root, day):
        for change in compare(load_catalogue(moment, old_root), load_catalogue(moment, new_root)):
            # What shows on a later day only begins on that day at the earliest.
            begins = change.since if moment == day else max(filter(None, (change.since, moment)))
            seen.setdefault((change.place, change.how, change.said), replace(change, since=begins))
    return [_judged(c, day) for c in seen.values()]


def between(root: Path, old_day: date, new_day: date) -> list[Change]:
    """The changes of one catalogue folder between two days: versions, and rules that begin or end.

    Each begins in between by its own date, so none is backwards.
    """
    changes = compare(load_catalogue(old_day, root), load_catalogue(new_day, root), only_in_force=True)
    return [_judged(replace(c, since=c.since or new_day), old_day) for c in changes]


def _judged(change: Change, day: date) -> Change:
    late = change.since is None or change.since < day
    return replace(change, backwards=change.effect == "stricter" and late)


def _moments(old_root: Path, new_root: Path, day: date) -> list[date]:
    """`day` and every later day written in the file names of dated versions (`penalty@2027-01-01.yaml`)."""
    found = {day}
    for root in (old_root, new_root):
        for path in (root / "cn" / "resources").glob("*@*.yaml"):
            stem = path.stem.removesuffix(".cases").partition("@")[2]
            try:
                found.add(max(day, date.fromisoformat(stem)))
            except ValueError:
                continue
    return sorted(found)


def compare(old: Catalogue, new: Catalogue, only_in_force: bool = False) -> list[Change]:
    """Everything that differs between two catalogues, each as of its own day."""
    before, after = things(old, only_in_force), things(new, only_in_force)
    changes = [*_gone_and_come(before, after, old, new)]
    for key in before.keys() & after.keys():
        changes.extend(_changed(before[key], after[key], old, new))
    return sorted(changes, key=lambda c: (c.place, c.how, c.said.zh))


def _gone_and_come(
    before: Mapping[Key, Thing], after: Mapping[Key, Thing], old: Catalogue, new: Catalogue
) -> Iterator[Change]:
    sides: tuple[tuple[How, Mapping[Key, Thing], Mapping[Key, Thing], Catalogue], ...] = (
        ("removed", before, after, old),
        ("added", after, before, new),
    )
    for how, here, there, catalogue in sides:
        for key in here.keys() - there.keys():
            if key.parent is not None and key.parent not in there and key.parent in here:
                continue  # said once, for the whole
            thing = here[key]
            effect = _PRESENCE.get(key.kind, _neutral)(thing, catalogue)
            if how == "removed":
                effect = _opposite(effect)
            senders = _of_senders(thing, how)
            words = _HOW[how]
            said = Said(f"{words.zh}{_named(thing).zh}", f"{words.en}: {_named(thing).en}")
            yield Change(key.place, how, said, effect, senders, _beginning(thing, how, old, new))


def _named(thing: Thing) -> Said:
    kind = _WORDS[thing.key.kind]
    return Said(f"{kind.zh} {thing.title}（{thing.key.place}）", f"{kind.en} {thing.title} ({thing.key.place})")


def _beginning(thing: Thing, how: How, old: Catalogue, new: Catalogue) -> date | None:
    """When it begins or ends: the thing's own `since`, else the version of its resource if that is a new one."""
    if how == "added" and thing.since is not None:
        return thing.since
    was, now = (c.resources.get(thing.resource or "") for c in (old, new))
    if now is None or (was is not None and was.version == now.version):
        return None
    return now.version


def _changed(old: Thing, new: Thing, before: Catalogue, after: Catalogue) -> Iterator[Change]:
    for name in sorted(old.attributes.keys() | new.attributes.keys()):
        was, now = old.attributes.get(name), new.attributes.get(name)
        if was == now:
            continue
        judge = _ATTRIBUTES.get((old.key.kind, name))
        effect = judge(was, now) if judge else "neutral"
        if old.key.kind == "resource" and name == "subjects" and new.attributes.get("polarity") != "adverse":
            effect = "neutral"
        senders = _more_needed(was, now) if (old.key.kind, name) in _SENDERS else "neutral"
        label = _named(new)
        said = Said(
            f"{label.zh}：{name} 由 {_short(was)} 改为 {_short(now)}",
            f"{label.en}: {name} from {_short(was)} to {_short(now)}",
        )
        since = new.since or (new.version if new.version != old.version else None)
        yield Change(f"{new.key.place}.{name}", "changed", said, effect, senders, since)


def _short(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + "、".join(map(str, value)) + "]"
    return "—" if value is None else str(value)


# What it means for the subject that a thing is there.
def _neutral(thing: Thing, catalogue: Catalogue) -> Effect:
    return "neutral"


def _resource_there(thing: Thing, catalogue: Catalogue) -> Effect:
    return "stricter" if thing.attributes["polarity"] == "adverse" else "neutral"


def _field_there(thing: Thing, catalogue: Catalogue) -> Effect:
    shown, kept = thing.attributes["disclosure"] == "public", not thing.attributes["drop"]
    return "stricter" if shown and kept and _adverse(thing, catalogue) else "neutral"


def _adverse(thing: Thing, catalogue: Catalogue) -> bool:
    resource = catalogue.resources.get(thing.resource or "")
    return resource is not None and resource.polarity == "adverse"


def _rule_there(thing: Thing, catalogue: Catalogue) -> Effect:
    return "milder" if thing.attributes["kind"] in PROTECTING else "neutral"


def _list_there(thing: Thing, catalogue: Catalogue) -> Effect:
    return "neutral" if thing.attributes.get("kind") == "red" else "stricter"


_PRESENCE: dict[str, Callable[[Thing, Catalogue], Effect]] = {
    "resource": _resource_there,
    "field": _field_there,
    "rule": _rule_there,
    "list": _list_there,
    "measure": lambda thing, catalogue: "stricter",
    "severity": lambda thing, catalogue: "stricter" if thing.attributes.get("published") else "neutral",
    "hard_end": lambda thing, catalogue: "milder",
    "before": lambda thing, catalogue: "milder",
    "never_adverse": lambda thing, catalogue: "milder",
    "forbidden": lambda thing, catalogue: "milder",
    "behaviours": lambda thing, catalogue: "milder",
    "purpose": lambda thing, catalogue: "stricter" if thing.attributes["confidence"] == "high" else "neutral",
}


def _opposite(effect: Effect) -> Effect:
    opposites: dict[Effect, Effect] = {"milder": "stricter", "stricter": "milder", "neutral": "neutral"}
    return opposites[effect]


def _of_senders(thing: Thing, how: How) -> Effect:
    """A new rejecting rule or required field asks more of those who report."""
    asks = (
        thing.attributes.get("severity") == "reject" if thing.key.kind == "rule" else thing.attributes.get("required")
    )
    if thing.key.kind not in ("rule", "field") or not asks:
        return "neutral"
    return "stricter" if how == "added" else "milder"


# What it means for the subject that an attribute changes.
def _longer(was: Any, now: Any) -> Effect:
    """More is stricter; no bound at all is the most."""
    a, b = (float("inf") if v is None else float(v) for v in (was, now))
    return "neutral" if a == b else "stricter" if b > a else "milder"


def _shorter(was: Any, now: Any) -> Effect:
    return _opposite(_longer(was, now))


def _yes(was: Any, now: Any) -> Effect:
    return "stricter" if now and not was else "milder" if was and not now else "neutral"


def _no(was: Any, now: Any) -> Effect:
    return _opposite(_yes(was, now))


def _more(was: Any, now: Any) -> Effect:
    """Anything taken in that was not there is stricter, whatever was left out."""
    a, b = {str(v) for v in was or ()}, {str(v) for v in now or ()}
    return "stricter" if b - a else "milder" if a - b else "neutral"


def _less(was: Any, now: Any) -> Effect:
    a, b = {str(v) for v in was or ()}, {str(v) for v in now or ()}
    return "stricter" if a - b else "milder" if b - a else "neutral"


def _up(scale: tuple[str, ...]) -> Callable[[Any, Any], Effect]:
    """Further up a scale is stricter; what is not on it counts as its top."""

    def judge(was: Any, now: Any) -> Effect:
        a, b = (scale.index(v) if v in scale else len(scale) for v in (was, now))
        return "stricter" if b > a else "milder" if b < a else "neutral"

    return judge


def _channels(was: Any, now: Any) -> Effect:
    judged = {
        _up(_CHANNEL)((was or {}).get(c, "no"), (now or {}).get(c, "no"))
        for c in {*(was or {}), *(now or {})} - {"self"}
    }
    return "stricter" if "stricter" in judged else "milder" if "milder" in judged else "neutral"


def _needs(was: Any, now: Any) -> Effect:
    """A kind of subject that may be seen now, or with less than before, is stricter for the subject."""
    if any(now[kind] != need and now[kind] == "none" for kind, need in was.items() if kind in now):
        return "stricter"
    more = _more(was, now)
    return "milder" if more == "neutral" and was != now else more


def _polarity(was: Any, now: Any) -> Effect:
    return "stricter" if now == "adverse" else "milder" if was == "adverse" else "neutral"


_wider = _up(_WIDTH)
_binding = _up(("low", "medium", "high"))
_ATTRIBUTES: dict[tuple[str, str], Callable[[Any, Any], Effect]] = {
    ("resource", "polarity"): _polarity,
    ("resource", "disclosure"): _wider,
    ("resource", "subjects"): _more,
    ("resource", "lists"): _more,
    ("resource", "hard_end_years"): _longer,
    ("rule", "kind"): lambda was, now: (
        "stricter" if was in PROTECTING else "milder" if now in PROTECTING else "neutral"
    ),
    ("field", "disclosure"): _wider,
    ("field", "private"): _no,
    ("field", "drop"): _no,
    ("severity", "min_months"): _longer,
    ("severity", "max_months"): _longer,
    ("severity", "published"): _yes,
    ("hard_end", "years"): _longer,
    ("before", "max_months"): _longer,
    ("before", "decided_before"): lambda was, now: "stricter" if str(now) < str(was) else "milder",
    ("list", "kind"): lambda was, now: "stricter" if was == "red" else "milder" if now == "red" else "neutral",
    ("list", "serious"): _yes,
    ("list", "term_months"): _longer,
    ("list", "early_exit_months"): _longer,
    ("list", "subjects"): _more,
    ("list", "grounds"): _more,
    ("list", "measures"): _more,
    ("list", "confidence"): _binding,
    ("measure", "confidence"): _binding,
    ("purpose", "confidence"): _binding,
    ("purpose", "readers"): _more,
    ("purpose", "needs"): _needs,
    ("purpose", "view"): lambda was, now: "stricter",
    ("measure", "subjects"): _more,
    ("measure", "months"): _longer,
    ("forbidden", "words"): _less,
    ("forbidden", "headings"): _less,
    ("forbidden", "harmless"): _more,
    ("forbidden", "applies_to"): _up(("all", "person")),
    ("behaviours", "words"): _less,
    ("behaviours", "phrases"): _less,
    ("behaviours", "harmless"): _more,
    ("disclosure", "channels"): _channels,
    ("widest", "class"): _wider,
}
_SENDERS = {("rule", "severity"), ("field", "required"), ("field", "required_for"), ("field", "maxLength")}


def _more_needed(was: Any, now: Any) -> Effect:
    if isinstance(was, int) and isinstance(now, int) and not isinstance(was, bool):
        return _shorter(was, now)
    if isinstance(was, (tuple, list)) or isinstance(now, (tuple, list)):
        return _more(was, now)
    return _yes(was in (True, "reject"), now in (True, "reject"))


def worsening(changes: Iterable[Change]) -> list[Change]:
    """Those changes that would worsen anyone backwards."""
    return [c for c in changes if c.backwards]
