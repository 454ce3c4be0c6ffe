"""Forms of reports can be read, show each item once and all that organisations can have, and rest on law as sure as they claim."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain, listed
from chengxin.standards.readers import Kind
from chengxin.standards.reports import Form, Forms, forms_from
from chengxin.values.errors import Refused, Said

FILE = "cn/reports.yaml"
STANDARD = "standard"  # the form that shows everything
OWN = "own"  # the form about a person, which goes by the classes of the catalogue
LONGEST_LINK = 366
ROWS = ("published", "held")
WHOLE = {STANDARD: "organisation", OWN: "person"}  # forms that leave nothing out, and of whom


def _forms(book: Book) -> Forms | None:
    try:
        return forms_from(book.table("reports"))
    except (Refused, AttributeError, TypeError, KeyError):
        return None


def forms_can_be_read(book: Book) -> Iterator[Complaint]:
    """The table has the shape that the program reads."""
    try:
        forms_from(book.table("reports"))
    except Refused as refusal:
        yield Complaint(FILE, "", "not-loadable", refusal.said)
    except (AttributeError, TypeError, KeyError) as error:
        yield Complaint(FILE, "", "not-loadable", Said(f"读不出来（{error}）", f"can't be read ({error})"))


def forms_name_what_there_is(book: Book) -> Iterator[Complaint]:
    """Resources, kinds that are absent, kinds of subject and rows are known words; each resource stands in one chapter."""
    forms = _forms(book)
    if forms is None:
        return
    known = _resources(book)
    for form in forms.forms:
        place = f"forms.{form.name}"
        unknown = set(form.resources) - known
        unknown |= {a for chapter in form.chapters for a in chapter.absent} - set(forms.absent)
        unknown |= set(form.subjects) - set(Kind)
        unknown |= {form.rows} - set(ROWS)
        unknown |= set(form.uses) - set(forms.uses)
        unknown |= set(form.says) - set(forms.texts)
        if unknown:
            zh, en = f"没有登记 {listed(sorted(unknown))}", f"not known: {listed(sorted(unknown))}"
            yield complain(FILE, place, "unknown-class", zh, en)
        twice = [name for name, n in Counter(form.resources).items() if n > 1]
        if twice:
            yield complain(FILE, place, "report-twice", f"列了两次：{listed(twice)}", f"listed twice: {listed(twice)}")
    for place, names in _named(forms):
        if set(names) - known:
            strange = listed(sorted(set(names) - known))
            yield complain(FILE, place, "unknown-class", f"没有信息类 {strange}", f"no resource {strange}")


def _resources(book: Book) -> set[str]:
    """Names of all resources of the nation, also of those whose file has a mistake."""
    files = (book.root / "cn" / "resources").glob("*.yaml")
    return {file.stem.partition("@")[0] for file in files if not file.stem.endswith(".cases")}


def _named(forms: Forms) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from (("labels", (*label.resources, *label.listed)) for label in forms.labels)
    yield from (("advice", advice.resources) for advice in forms.advice)


def forms_are_whole(book: Book) -> Iterator[Complaint]:
    """What an organisation (a person) can have stands in the standard (the own) form: nothing is left out in silence."""
    forms = _forms(book)
    for form in forms.forms if forms else ():
        if form.form not in WHOLE:
            continue
        wanted = {r.name for r in book.resources.values() if WHOLE[form.form] in r.subjects}
        left = sorted(wanted - set(form.resources))
        if left:
            zh, en = f"哪一章都没有列 {listed(left)}", f"in no chapter: {listed(left)}"
            yield complain(FILE, f"forms.{form.name}", "report-leaves-out", zh, en)


def people_have_a_form_of_their_own(book: Book) -> Iterator[Complaint]:
    """What may be put into a report about a person is for that person: no form is about people and firms alike."""
    forms = _forms(book)
    for form in forms.forms if forms else ():
        about = set(form.subjects)
        if Kind.PERSON.value in about and about != {Kind.PERSON.value}:
            zh, en = "自然人的格式不能同时用于其他主体", "a form about people can't be about other subjects too"
            yield complain(FILE, f"forms.{form.name}", "report-mixed", zh, en)
        if form.rows == "held" and about != {Kind.PERSON.value}:
            zh, en = "只有本人的报告可以列全部持有的信息", "only a person's own report lists all that is held"
            yield complain(FILE, f"forms.{form.name}", "report-mixed", zh, en)


def chapters_by_class_are_the_catalogues(book: Book) -> Iterator[Complaint]:
    """A chapter that is a class of the catalogue is called like it and holds resources of it alone."""
    forms, classes = _forms(book), book.entries("categories", "categories")
    for form in forms.forms if forms else ():
        for chapter in form.chapters:
            if chapter.category is None:
                continue
            known = classes.get(chapter.category) or {}
            strange = [
                n for n in chapter.resources if n in book.resources and book.resources[n].category != chapter.category
            ]
            if known.get("title") != {"zh": chapter.title.zh, "en": chapter.title.en} or strange:
                zh, en = f"与目录的 {chapter.category} 不一致", f"is not as {chapter.category} of the catalogue"
                yield complain(FILE, f"forms.{form.name}.{chapter.seq}", "report-class", zh, en)


def forms_are_no_surer_than_their_law(book: Book) -> Iterator[Complaint]:
    """A form of high confidence rests on an instrument of high confidence."""
    forms = _forms(book)
    for form in forms.forms if forms else ():
        clause = book.clause(form.clause)
        if clause is not None and form.confidence == "high" and clause.law.confidence != "high":
            yield complain(
                FILE, f"forms.{form.name}", "surer-than-law",
                f"{clause.law.id} 的置信度是 {clause.law.confidence}，格式不能写 high",
                f"{clause.law.id} is of {clause.law.confidence} confidence, so the form can't be high",
            )  # fmt: skip


def links_end(book: Book) -> Iterator[Complaint]:
    """A link by which a report is shown lasts some days, and no longer than the report is of any use."""
    forms = _forms(book)
    for name, share in forms.shares.items() if forms else ():
        if not 1 <= share.days <= LONGEST_LINK:
            zh, en = (
                f"天数应在 1 到 {LONGEST_LINK} 之间，不是 {share.days}",
                f"days are 1 to {LONGEST_LINK}, not {share.days}",
            )
            yield complain(FILE, f"shares.{name}", "share-days", zh, en)


def versions_follow_each_other(book: Book) -> Iterator[Complaint]:
    """Versions of one form do not begin on one day, and none ends before it begins."""
    forms = _forms(book)
    by_form: dict[str, list[Form]] = {}
    for form in forms.forms if forms else ():
        by_form.setdefault(form.form, []).append(form)
        if form.until is not None and form.until < form.since:
            yield complain(
                FILE, f"forms.{form.name}", "until-before-since", f"until {form.until} 早于 since {form.since}",
                f"until {form.until} lies before since {form.since}",
            )  # fmt: skip
    for versions in by_form.values():
        for one, other in pairwise(sorted(versions, key=lambda f: f.since)):
            if one.since == other.since:
                zh, en = f"与 {one.name} 同日起用", f"begins on the day of {one.name}"
                yield complain(FILE, f"forms.{other.name}", "report-twice", zh, en)


CHECKS = [
    forms_can_be_read,
    forms_name_what_there_is,
    forms_are_whole,
    people_have_a_form_of_their_own,
    chapters_by_class_are_the_catalogues,
    forms_are_no_surer_than_their_law,
    links_end,
    versions_follow_each_other,
]
