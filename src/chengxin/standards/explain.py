"""A page about one resource that a clerk can read: what it is, by which clause, what to write where, who may see it."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from chengxin.standards.derive import with_derived_rules
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Field, Resource, Rule
from chengxin.standards.words import (
    base_row,
    condition,
    example_of,
    format_of,
    key_words,
    months,
    needed,
    short_clause,
    span,
    subject_names,
    values_on,
)
from chengxin.values.errors import Said

Language = Literal["zh", "en"]
DRAFT = Said("草案：可见、可试校验，不约束任何人", "draft: visible, can be dry-run, binds nobody")


def explain(resource: Resource, catalogue: Catalogue, language: Language = "zh") -> str:
    """The page as Markdown."""
    blocks = [
        _head(resource, catalogue),
        _facts(resource, catalogue),
        _fields(resource, catalogue),
        _headings(resource),
        _codes(resource, catalogue),
        _rules(resource, catalogue),
        _lists(resource, catalogue),
        _shown(resource, catalogue),
        _sending(resource),
    ]
    return "\n\n".join(text for block in blocks if (text := getattr(block, language))) + "\n"


def _lines(items: list[Said]) -> Said:
    return Said("\n".join(i.zh for i in items), "\n".join(i.en for i in items))


def _titled(title: Said, body: Said) -> Said:
    return Said(f"## {title.zh}\n\n{body.zh}", f"## {title.en}\n\n{body.en}") if body.zh else Said("", "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "—"


def _table(heads: list[Said], rows: list[list[Said]]) -> Said:
    def one(language: Language) -> str:
        lines = [[getattr(h, language) for h in heads], ["---"] * len(heads)]
        lines += [[_cell(getattr(c, language)) for c in row] for row in rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)

    return Said(one("zh"), one("en")) if rows else Said("", "")


def _same(text: object) -> Said:
    return Said(str(text), str(text))


def _head(resource: Resource, catalogue: Catalogue) -> Said:
    version = f"{resource.name} · {resource.version}"
    title, about = resource.title, resource.description
    zh = f"# {title.zh}（{title.en}）\n\n`{version}`，{catalogue.day} 的样子。\n\n{about.zh}"
    en = f"# {title.en} ({title.zh})\n\n`{version}`, as of {catalogue.day}.\n\n{about.en}"
    if resource.draft:
        zh, en = f"{zh}\n\n**{DRAFT.zh}。**", f"{en}\n\n**{DRAFT.en}.**"
    return Said(zh, en)


def _title_of(table: dict[str, Any], key: str) -> Said:
    title = (table.get(key) or {}).get("title") or {"zh": key, "en": key}
    return Said(title["zh"], title["en"])


def _facts(resource: Resource, catalogue: Catalogue) -> Said:
    clause = catalogue.clause(resource.clause)
    category = _title_of(catalogue.tables["categories"]["categories"], resource.category)
    subjects = subject_names(resource.subjects, catalogue)
    words = "、".join(resource.reporters)
    reporters = Said(
        "经信用办列为可报本类的单位" + (f"，名称含：{words}" if words else ""),
        "bodies that the credit office lists for it" + (f" (name holds: {words})" if words else ""),
    )
    key = key_words(resource)
    rows = [
        (Said("依据", "Clause"), Said(clause.zh, clause.en)),
        (
            Said("目录类别", "Category"),
            Said(f"{resource.category} {category.zh}", f"{resource.category} {category.en}"),
        ),
        (Said("主体", "Subjects"), subjects),
        (Said("报送单位", "Who reports"), reporters),
        (Said("时限", "How fast"), _speed(resource, catalogue)),
        (
            Said("同一条的判断", "The same fact"),
            Said(f"{key.zh}相同即为同一条，再报视为更正", f"rows with equal {key.en}; sent again it is a correction"),
        ),
        (Said("谁能看", "Who may see it"), _seen(resource, catalogue)),
        (Said("来源", "Source"), _same(resource.source)),
    ]
    return _lines([Said(f"- **{name.zh}**：{text.zh}", f"- **{name.en}**: {text.en}") for name, text in rows])


def _seen(resource: Resource, catalogue: Catalogue) -> Said:
    table = catalogue.tables["disclosure"]
    whole = _title_of(table["classes"], resource.disclosure)
    widest = table["widest_for"]["person"]
    if "person" not in resource.subjects or resource.disclosure == widest:
        return Said(f"{whole.zh}，各数据项见下表", f"{whole.en}; by field in the table below")
    person = _title_of(table["classes"], widest)
    return Said(
        f"{whole.zh}，各数据项见下表；主体是自然人的，最宽为{person.zh}",
        f"{whole.en}; by field in the table below; about natural persons at most: {person.en}",
    )


def _speed(resource: Resource, catalogue: Catalogue) -> Said:
    for rule in resource.rules:
        if rule.kind == "lateness" and rule.in_force(catalogue.day):
            days, start = rule.params["working_days"], resource.by_name[rule.field or ""]
            return Said(
                f"自“{start.title}”起 {days} 个工作日内（当日不计）；迟报照收，记为迟报",
                f"within {days} working days after “{start.title_en}”; later ones are taken and counted as late",
            )
    return Said("依据中未定天数；知悉后及时报送", "no number of days in the clause; send it promptly")


def _disclosure(field: Field, catalogue: Catalogue) -> Said:
    title = _title_of(catalogue.tables["disclosure"]["classes"], field.disclosure)
    return Said(
        title.zh + ("，不在结果中显示" if field.private else ""),
        title.en + (", never in findings" if field.private else ""),
    )


def _fields(resource: Resource, catalogue: Catalogue) -> Said:
    base = base_row(resource, catalogue)
    heads = [
        Said("代码", "Code"),
        Said("名称", "Name"),
        Said("何时填", "Needed"),
        Said("写法", "Format"),
        Said("例", "Example"),
        Said("谁能看", "Who may see it"),
    ]
    rows = [
        [
            _same(f.name),
            Said(f.title + ("（扩展）" if f.extension else ""), f"{f.title_en} ({f.title})"),
            needed(f, resource, catalogue),
            format_of(f, catalogue),
            _same(example_of(f, catalogue, base)),
            _disclosure(f, catalogue),
        ]
        for f in resource.fields
    ]
    return _titled(Said("数据项", "Fields"), _table(heads, rows))


def _headings(resource: Resource) -> Said:
    rows = [
        [_same(f.title), _same("、".join((*f.aliases, *f.misspellings)))]
        for f in resource.fields
        if f.aliases or f.misspellings
    ]
    heads = [Said("数据项", "Field"), Said("也认这些标题", "Also known under")]
    return _titled(Said("认得的列标题", "Headings accepted"), _table(heads, rows))


def _codes(resource: Resource, catalogue: Catalogue) -> Said:
    lines: list[Said] = []
    for name in dict.fromkeys(f.codes for f in resource.fields if f.codes):
        codes, values = catalogue.code_list(name), values_on(name, catalogue)
        zh = "；".join(f"{v.code} {v.label}" if codes.stores == "code" and v.code else v.label for v in values)
        en = "; ".join(f"{v.label} ({v.en})" if v.en else v.label for v in values)
        tail = (
            (f"。其他的写“{codes.open_tail}”加内容", f". Others as “{codes.open_tail}” and a text")
            if codes.open_tail
            else ("", "")
        )
        lines.append(Said(f"- **{codes.title.zh}**：{zh}{tail[0]}", f"- **{codes.title.en}**: {en}{tail[1]}"))
    return _titled(Said("代码表", "Code lists"), _lines(lines))


def sentence(rule: Rule, resource: Resource, catalogue: Catalogue) -> Said:
    """What a rule says, with the values of a row left open."""
    said = rule.message or catalogue.message(rule.kind)
    field = resource.by_name.get(rule.field or "")
    other = resource.by_name.get(str(rule.params.get("other", "")))
    limit = "/".join(condition(rule)) or rule.params.get("limit")
    known = {
        "title": (field.title, field.title_en) if field else None,
        "other": (other.title, other.title_en) if other else None,
        "limit": (limit, limit) if limit else None,
    }
    if rule.kind == "lateness":
        known["other"] = (rule.params["working_days"],) * 2

    def fill(text: str, position: int) -> str:
        filled = re.sub(r"\{(\w+)\}", lambda m: str(parts[position]) if (parts := known.get(m[1])) else "…", text)
        return re.sub(r"（…）| \(…\)", "", filled)

    return Said(fill(said.zh, 0), fill(said.en, 1))


def _rule(rule: Rule, resource: Resource, catalogue: Catalogue) -> list[Said]:
    severity = Said("须改", "must be mended") if rule.severity == "reject" else Said("提示", "told")
    when = span(rule.since, rule.until)
    notes = [when] if when.zh else []
    if rule.confidence != "high":
        notes.append(Said("草案", "draft"))
    note = Said("；".join(n.zh for n in notes), "; ".join(n.en for n in notes))
    return [severity, sentence(rule, resource, catalogue), short_clause(rule.clause, catalogue), note, _same(rule.id)]


def written_rules(resource: Resource) -> list[Rule]:
    """The rules that stand in the file; those derived from the fields are left out."""
    derived = {
        f"{resource.name}.{r.field}.{r.kind}" if r.field else f"{resource.name}.{r.kind}" for r in resource.rules
    }
    return [r for r in resource.rules if r.id not in derived]


def _rules(resource: Resource, catalogue: Catalogue) -> Said:
    written = written_rules(resource)
    heads = [
        Said("程度", "Level"),
        Said("说的话", "What it says"),
        Said("依据", "Clause"),
        Said("期间", "When"),
        Said("编号", "Id"),
    ]
    table = _table(heads, [_rule(r, resource, catalogue) for r in written])
    more = len(with_derived_rules(resource).rules) - len(written)
    zh = f"{table.zh}\n\n另有 {more} 条随数据项种类而来的检查（必填、长度、代码校验、日期、金额、代码表、乱码等）。"
    en = (
        f"{table.en}\n\n{more} more checks follow from the kinds of the fields (required, length, dates, code lists …)."
    )
    return _titled(Said("规则", "Rules"), Said(zh.strip(), en.strip()))


def _lists(resource: Resource, catalogue: Catalogue) -> Said:
    lines: list[Said] = []
    for name in resource.lists:
        entry = catalogue.tables["lists"]["lists"][name]
        draft = Said("（草案）", " (draft)") if entry["confidence"] != "high" else Said("", "")
        zh, en = f"{entry['title']['zh']}{draft.zh}", f"{entry['title']['en']}{draft.en}"
        for part, names in (("term", ("期限", "term")), ("early_exit", ("提前移出", "early removal"))):
            text = (entry.get(part) or {}).get("text")
            if text:
                zh, en = f"{zh}；{names[0]}：{text['zh']}", f"{en}; {names[1]}: {text['en']}"
        lines.append(Said(f"- {name} {zh}", f"- {name} {en}"))
    return _titled(Said("名单", "Lists"), _lines(lines))


def _shown(resource: Resource, catalogue: Catalogue) -> Said:
    lines = [*_windows(catalogue)] if resource.severity else []
    years = resource.retention.get("hard_end_years")
    if years:
        start = resource.roles.get(str(resource.retention.get("from")), "")
        named = resource.by_name.get(start)
        zh_start, en_start = (named.title, named.title_en) if named else ("决定日期", "the decision")
        law = catalogue.clause(resource.retention["clause"]) if resource.retention.get("clause") else None
        lines.append(
            Said(
                f"- 最长 {years} 年：自“{zh_start}”起算，未报的自决定日期起算；到期后不再显示，也不再使用"
                + (f"（{law.zh}）" if law else ""),
                f"- at most {years} years from “{en_start}” (missing: from the decision); then neither shown nor used"
                + (f" ({law.en})" if law else ""),
            )
        )
    if not lines:
        lines.append(
            Said(
                "- 目录未另定期限；随事实的效力保存，更正和撤销随到随改",
                "- no term of its own: kept as long as the fact holds, corrected or withdrawn at once",
            )
        )
    return _titled(Said("保存和公示多久", "How long it is kept and shown"), _lines(lines))


def _windows(catalogue: Catalogue) -> Iterator[Said]:
    severity = catalogue.tables["severity"]
    for name, entry in severity["classes"].items():
        least, most, label = months(entry["min_months"]), months(entry["max_months"]), entry["label"]
        if entry["published"]:
            yield Said(
                f"- {label}：自决定日期起公示，最短 {least.zh}后可申请修复，最长 {most.zh}",
                f"- {name} ({label}): published from the decision; repair after {least.en}, ends after {most.en}",
            )
        else:
            yield Said(f"- {label}：不公示", f"- {name} ({label}): not published")
    label = severity["unconfirmed"]["label"]
    yield Said(
        f"- {label}（没有填等级）：留存，不公示，待作出决定的机关认定",
        f"- no class given ({label}): kept, not published, until the body confirms it",
    )
    before = severity["before"]
    yield Said(
        f"- {before['decided_before']} 前作出的决定：新旧期限都算，取早到期的",
        f"- decided before {before['decided_before']}: old and new terms are computed and the earlier end holds",
    )


def _sending(resource: Resource) -> Said:
    name = resource.name
    zh = (
        f"- 模板：`chengxin template {name} {resource.title.zh}.xlsx`\n"
        f"- 先自查：`chengxin validate {name} 文件`\n"
        "- 认得 .xlsx、.xls、CSV、JSON Lines、Parquet 和它们的 zip；列的次序随意，目录外的列不保留\n"
        "- 有错的行退回批注，好的行可先收；更正请原样再报改正后的整行\n"
        "- 本期没有可报的：不要报只有标题的空表，请向信用办办理零报送（写明信息类、期间和经办人）"
    )
    en = (
        f"- template: `chengxin template {name} {name}.xlsx`; check first: `chengxin validate {name} FILE`\n"
        "- .xlsx, .xls, CSV, JSON Lines, Parquet or a zip of them; columns in any order, unknown ones are not kept\n"
        "- faulty rows come back with notes, good rows may be taken; to correct a row, send the whole row again\n"
        "- nothing to report: no sheet with headings only; make a nil return (resource, period, who)"
    )
    return _titled(Said("怎样报送", "How to send"), Said(zh, en))
