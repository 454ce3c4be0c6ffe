"""How the number of a case is written: data of the catalogue (`cn/case_numbers.yaml`), general or of one body."""

import re
from dataclasses import dataclass

from chengxin.standards.load import Catalogue
from chengxin.values.errors import Said


@dataclass(frozen=True)
class CaseForm:
    """One way of writing it, with an example."""

    name: str
    title: Said
    pattern: str
    example: str

    def fits(self, number: str) -> bool:
        """True if this is how the number is written."""
        return re.fullmatch(self.pattern, number) is not None


def case_forms(catalogue: Catalogue, body: str) -> tuple[CaseForm, ...]:
    """The ways in which this body writes the numbers of its cases."""
    table = catalogue.tables["case_numbers"]
    told = ((n, table["forms"][n]) for n in table["of_bodies"].get(body, table["general"]))
    return tuple(CaseForm(n, Said(f["title"]["zh"], f["title"]["en"]), f["pattern"], f["example"]) for n, f in told)


def longest_case(catalogue: Catalogue) -> int:
    """How many characters the number of a case may have."""
    return int(catalogue.tables["case_numbers"]["longest"])


def why_no_case(catalogue: Catalogue, body: str, number: str) -> Said | None:
    """Why this is no number of a case of this body, with the ways that are; None if it is one. It is never repeated."""
    forms = case_forms(catalogue, body)
    if len(number) <= longest_case(catalogue) and any(form.fits(number) for form in forms):
        return None
    zh = "；".join(f"{form.title.zh}，如“{form.example}”" for form in forms)
    en = "; ".join(f"{form.title.en}, such as {form.example}" for form in forms)
    return Said(
        f"案件编号的写法不对，请照案卷填写。可用：{zh}。", f"No case is numbered so; copy it from the file: {en}."
    )
