"""The gate's table as text that a jurist reads: every allowed combination, collapsed; what is not in it is refused.

It is made by asking the gate over the whole product of its lists, not by printing the rules, and kept as `docs/access.txt`: a
changed line is a changed policy and fails a test until somebody signs it.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, product

from chengxin.sharing.access import channel_open, judge
from chengxin.sharing.condition import Condition, Scope
from chengxin.sharing.outlets import OUTLETS
from chengxin.sharing.pairs import PAIRS, Duty
from chengxin.sharing.questions import Action, Allowed, FieldClass, Ground, Part, Question, Reason
from chengxin.sharing.roles import Role, in_order, may_give, roles_refused
from chengxin.sharing.rules import CHANNELS
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Purpose, Resource
from chengxin.standards.readers import Kind, Reader
from chengxin.values.spoken import Spoken

HEAD = """\
谁可以看什么 · WHO MAY SEE WHAT
目录日期 catalogue as of {day}。由 chengxin standards access 生成，不手工修改；每一行的变动都是政策变动，须经法制审核。
Generated; a changed line is a changed policy. 没有列出的一律拒绝。What is not listed is refused.
对自然人的一切拒绝，答复都是“没有查到”，与查无此人相同。About people every refusal reads like nobody there.
"""
_COLUMNS = "  主体 subject | 须有 needs | 可以 actions | 内容 part | 数据项 fields | 记录 records"
_LIVE = (Ground.NONE, Ground.CASE_OPEN, Ground.GRANT_LIVE)
_GROUNDS = {frozenset(Ground): "不需要", frozenset({Ground.CASE_OPEN}): "案件", frozenset({Ground.GRANT_LIVE}): "授权"}


def access_table(catalogue: Catalogue) -> str:
    """The whole text, with a newline at the end."""
    sections = (_readers(catalogue), _fields(catalogue), _outlets(), _pairs(catalogue), _roles(), _reasons())
    return HEAD.format(day=catalogue.day) + "".join("\n" + "\n".join(lines) + "\n" for lines in sections)


def _zh(words: Iterable[Spoken]) -> str:
    return "、".join(w.said.zh for w in words)


def _readers(catalogue: Catalogue) -> Iterator[str]:
    yield "一、身份与用途 · readers and purposes"
    for purpose in catalogue.purposes.values():
        yield ""
        clause = catalogue.clause(purpose.clause)
        yield f"{purpose.title.zh} {purpose.title.en} [{purpose.name}]"
        yield f"  依据 clause：{clause.zh}；查看方式 view：{purpose.view.said.zh}"
        if purpose.draft:
            yield "  草案，依据待确认，一律拒绝 draft: refused"
            continue
        blocks: dict[tuple[str, ...], list[Reader]] = {}
        for reader in Reader:
            blocks.setdefault(tuple(_lines(reader, purpose, catalogue)), []).append(reader)
        for lines, readers in blocks.items():
            if lines:
                yield f"  身份 readers：{_zh(readers)}"
                yield _COLUMNS
                yield from lines


def _lines(reader: Reader, purpose: Purpose, catalogue: Catalogue) -> Iterator[str]:
    for kind, part in product(Kind, Part):
        alike: dict[tuple[str, str, str], list[Action]] = {}
        for action in Action:
            for said in _said(reader, action, kind, purpose, part, catalogue):
                alike.setdefault(said, []).append(action)
        for (needs, fields, records), actions in alike.items():
            yield f"  {kind.said.zh} | {needs} | {_zh(actions)} | {part.said.zh} | {fields} | {records}"


def _said(
    reader: Reader, action: Action, kind: Kind, purpose: Purpose, part: Part, catalogue: Catalogue
) -> Iterator[tuple[str, str, str]]:
    """(needs, fields, records) of one combination; nothing if it is refused. Grounds with the same answer are one."""
    answers: dict[tuple[str, str], set[Ground]] = {}
    for ground, resource in product(Ground, catalogue.resources.values()):
        answer = judge(Question(reader, action, resource.name, kind, purpose.name, ground, part), catalogue)
        if isinstance(answer, Allowed):
            told = _classes(answer, resource, kind, purpose, catalogue), _records(answer)
            answers.setdefault(told, set()).add(ground)
    for (fields, records), grounds in answers.items():
        yield _GROUNDS.get(frozenset(grounds), _zh(sorted(grounds))), fields, records


def _classes(answer: Allowed, resource: Resource, kind: Kind, purpose: Purpose, catalogue: Catalogue) -> str:
    if not isinstance(answer.condition, Condition):
        return "全部"
    if not answer.fields:
        whose = "" if "subject" in answer.columns else "，不含主体和文号"
        return f"只有记录要素{whose}"
    channel = CHANNELS[purpose.view]
    return _zh(c for c in FieldClass if channel_open(c.value, channel, kind, catalogue))


def _records(answer: Allowed) -> str:
    c = answer.condition
    return c.said.zh if isinstance(c, Scope) else "；".join(
        w.said.zh for w in (c.states, c.grade, c.window, c.effect, c.scope)
    )  # fmt: skip


def _fields(catalogue: Catalogue) -> Iterator[str]:
    yield "二、信息类与数据项 · resources and fields"
    for resource in catalogue.resources.values():
        yield ""
        draft = "；草案 draft" if resource.draft else ""
        yield f"{resource.title.zh} {resource.title.en} [{resource.name}]{draft}"
        for field_class in FieldClass:
            names = [f.title for f in resource.fields if f.disclosure == field_class.value and not f.drop]
            if names:
                yield f"  {field_class.said.zh}：{'、'.join(names)}"
        alike: dict[str, list[str]] = {}
        for who, hidden in _hidden(resource, catalogue):
            alike.setdefault(hidden, []).append(who)
        for hidden, those in alike.items():
            yield f"  {hidden} ← {'；'.join(those)}"


def _hidden(resource: Resource, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(who, which fields are withheld) for each view, kind of subject and ground that sees any content."""
    views = {p.view: p for p in reversed(catalogue.purposes.values()) if not p.draft}
    for (view, purpose), kind in product(sorted(views.items()), Kind):
        told: dict[str, dict[Ground, None]] = {}
        for ground, action in product(_LIVE, (Action.READ, Action.FEED)):
            reader = min(purpose.readers)
            answer = judge(Question(reader, action, resource.name, kind, purpose.name, ground), catalogue)
            if isinstance(answer, Allowed) and answer.fields:
                withheld = [f.title for f in resource.fields if not f.drop and f.name not in answer.fields]
                told.setdefault("不含：" + "、".join(withheld) if withheld else "全部可见", {})[ground] = None
        for hidden, grounds in told.items():
            told_needs = _zh([Ground.NONE] if Ground.NONE in grounds else grounds)
            needs = "" if len(grounds) == len(_LIVE) else f"（{told_needs}）"
            yield f"{view.said.zh}·{kind.said.zh}{needs}", hidden


def _outlets() -> Iterator[str]:
    yield "三、出口 · outlets"
    yield "  出口 outlet | 形式 form | 身份 reader | 查看方式 view | 可以 action | 内容 part | 缓存 cache"
    for o in OUTLETS.values():
        words = (o.form, o.reader, o.view, o.action, o.part, o.cache)
        yield f"  {o.said.zh} [{o.name}] | " + " | ".join(w.said.zh for w in words)


def _pairs(catalogue: Catalogue) -> Iterator[str]:
    yield "四、一人不得兼做 · forbidden pairs"
    yield "  前者 first | 后者 second | 范围 reach | 理由 why | 依据 clause"
    for p in PAIRS:
        clause = catalogue.clause(p.clause).zh if p.clause else "本平台规定"
        yield f"  {p.first.said.zh} | {p.second.said.zh} | {p.reach.said.zh} | {p.said.zh} | {clause}"


def _roles() -> Iterator[str]:
    yield "五、角色 · roles"
    yield "  角色 role | 所在 desk | 身份 reader | 做什么 duties | 可以授予 gives"
    for role in Role:
        duties = _zh(d for d in Duty if d in role.duties) or "—"
        gives = _zh(in_order(may_give({role}))) or "—"
        yield f"  {role.said.zh} [{role.value}] | {role.seating.said.zh} | {role.reader.said.zh} | {duties} | {gives}"
    yield "  不能由一个账号兼有的角色 · roles that no one account unites："
    for one, other in combinations(Role, 2):
        if one.seating is other.seating and (refused := roles_refused({one, other})):
            yield f"  {one.said.zh} | {other.said.zh} | {refused.zh}"


def _reasons() -> Iterator[str]:
    yield "六、拒绝的答复 · refusals"
    for r in Reason:
        yield f"  {r.said.zh} {r.said.en} [{r.value}]"
