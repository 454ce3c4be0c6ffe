"""What may not be collected, shown or made of people: forbidden categories, behaviours without a statute, scores."""

from collections.abc import Iterator, Mapping
from typing import Any

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain
from chengxin.standards.model import Field, Resource
from chengxin.values.text import fold_heading

# Words in a heading that make a column personal, whatever the resource is about.
PERSONAL = (
    "身份证",
    "证件号",
    "出生日期",
    "出生年月",
    "性别",
    "民族",
    "婚姻",
    "手机",
    "家庭住址",
    "联系电话",
    "个人住址",
)


def _headings(field: Field) -> tuple[str, ...]:
    return (field.title, *field.aliases)


def _held(text: str, words: list[str], harmless: list[str]) -> str | None:
    """The first of `words` in `text`, once the longer harmless phrases are taken out."""
    folded = fold_heading(text)
    for phrase in harmless:
        folded = folded.replace(fold_heading(phrase), "〇")
    return next((w for w in words if fold_heading(w) in folded), None)


def _texts(data: Mapping[str, Any], key: str) -> list[str]:
    return [str(w) for w in data.get(key) or ()]


def forbidden_categories(book: Book) -> Iterator[Complaint]:
    """No field is of a forbidden category, and no heading holds one of its words (gate one of three)."""
    categories = book.entries("forbidden", "categories")
    for file, resource in book.resources.items():
        persons = "person" in resource.subjects
        for name, category in categories.items():
            if not persons and category.get("applies_to") == "person":
                continue
            title, clause = category["title"], category.get("clause")
            for field in resource.fields:
                words, harmless = _texts(category, "headings"), _texts(category, "harmless")
                held = field.category == name or any(_held(t, words, harmless) for t in _headings(field))
                if held or field.disclosure == "forbidden":
                    yield complain(
                        file,
                        field.name,
                        "forbidden-category",
                        f"“{field.title}”属于禁止归集的{title['zh']}（{clause}）",
                        f"“{field.title_en}” is of a category that may not be collected: {title['en']} ({clause})",
                    )  # fmt: skip


def field_categories_are_known(book: Book) -> Iterator[Complaint]:
    """`category:` of a field names one of the forbidden ones or nothing; a slip of the pen would hide one."""
    known = book.entries("forbidden", "categories")
    for file, resource in book.resources.items():
        for field in resource.fields:
            if field.category is not None and field.category not in known:
                yield complain(
                    file,
                    field.name,
                    "unknown-content",
                    f"没有内容类别 {field.category}",
                    f"no category of content {field.category}",
                )


def behaviours_need_a_statute(book: Book) -> Iterator[Complaint]:
    """Petitions, jaywalking, unpaid property fees … only where a law, regulation or local regulation says so."""
    behaviours = book.entries("forbidden", "behaviours")
    words, harmless = _texts(behaviours, "words"), _texts(behaviours, "harmless")
    for file, resource in book.resources.items():
        for place, text, clause in _behaviour_texts(book, resource):
            word = _held(text, words, harmless)
            if word and not book.by_statute(clause):
                yield complain(
                    file, place, "behaviour-without-statute", f"“{word}”没有法律、法规依据（{clause}），不得归集",
                    f"“{word}” has no basis in a law or regulation ({clause}) and may not be collected",
                )  # fmt: skip


def _behaviour_texts(book: Book, resource: Resource) -> Iterator[tuple[str, str, str]]:
    yield "title", resource.title.zh, resource.clause
    yield "description", resource.description.zh, resource.clause
    for field in resource.fields:
        clause = field.clause or resource.clause
        for text in (*_headings(field), field.description):
            yield field.name, text, clause
        codes = book.codes.get(field.codes or "")
        for value in codes.values if codes else ():
            yield f"{field.name}.{value.label}", value.label, (codes.clause if codes else None) or clause


def persons_are_not_public(book: Book) -> Iterator[Complaint]:
    """About natural persons `on_auth` is the widest, unless the item itself names a statute that orders more."""
    for file, resource in book.resources.items():
        only_persons = resource.subjects == ("person",)
        if only_persons and resource.disclosure == "public" and not book.by_statute(resource.clause):
            yield complain(
                file, "disclosure", "person-public", "关于自然人的信息最宽为授权查询（on_auth），除非条款是法律、法规",
                "information about natural persons is at most `on_auth`, unless the clause is a law or regulation",
            )  # fmt: skip
        for field in resource.fields:
            own = field.clause or (resource.clause if only_persons else None)
            if (
                field.disclosure == "public"
                and (only_persons or _personal(field, resource))
                and not book.by_statute(own)
            ):
                yield complain(
                    file, field.name, "person-public", f"“{field.title}”是个人信息，最宽为授权查询，除非本项写明法条",
                    f"“{field.title_en}” is personal: at most `on_auth`, unless the field names a law or regulation",
                )  # fmt: skip


def _personal(field: Field, resource: Resource) -> bool:
    role = next((r for r, name in resource.roles.items() if name == field.name), "")
    return (
        field.kind in ("identity", "identity_type")
        or role.startswith("person_")
        or any(word in text for text in _headings(field) for word in PERSONAL)
    )


def private_is_not_public(book: Book) -> Iterator[Complaint]:
    """A field whose value may not even stand in a finding is not published."""
    for file, resource in book.resources.items():
        for field in resource.fields:
            if field.private and field.disclosure == "public":
                yield complain(
                    file, field.name, "private-public", "private 的数据项不得公开", "a private field can't be public"
                )
            if field.kind == "identity" and not field.private:
                yield complain(
                    file,
                    field.name,
                    "identity-not-private",
                    "证件号码须写 private: true",
                    "a paper's number needs private: true",
                )


def persons_are_not_scored(book: Book) -> Iterator[Complaint]:
    """No score, points, rank or grade of natural persons."""
    table = book.table("person_scores")
    words, harmless = _texts(table, "words"), _texts(table, "harmless")
    for file, resource in book.resources.items():
        if "person" not in resource.subjects:
            continue
        for field in resource.fields:
            word = next((w for t in _headings(field) if (w := _held(t, words, harmless))), None)
            if word:
                yield complain(
                    file, field.name, "score-of-person", f"“{field.title}”含“{word}”：不给自然人打分、排名、定等级",
                    f"“{field.title_en}” holds “{word}”: no score, points, rank or grade of natural persons",
                )  # fmt: skip


CHECKS = [
    forbidden_categories,
    field_categories_are_known,
    behaviours_need_a_statute,
    persons_are_not_public,
    private_is_not_public,
    persons_are_not_scored,
]
