"""The facts of a sheet whose XML is not written as usual (prefixes, no references): read element by element."""

import re
import zipfile

from lxml import etree

from chengxin.intake.sheet_xml import MOST_FACTS, SheetFacts, column_of


def careful_facts(archive: zipfile.ZipFile, member: str) -> SheetFacts:
    """What `SheetFacts.feed` would find, slower and whatever the spelling. Broken XML gives what came before it."""
    facts = SheetFacts()
    row = column = 0
    with archive.open(member) as stream:
        try:
            for event, element in etree.iterparse(
                stream, events=("start", "end"), resolve_entities=False, no_network=True
            ):
                tag = etree.QName(element).localname
                if event == "start" and tag == "row":
                    row, column = int(element.get("r") or row + 1), 0
                    if element.get("hidden") in ("1", "true") or re.fullmatch(r"0(?:\.0*)?", element.get("ht", "")):
                        facts.hidden_rows.add(row)
                elif event == "end" and tag == "c":
                    column = _cell(facts, element, row, column)
                elif event == "end" and tag == "row":
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
                elif event == "end" and tag == "col" and element.get("hidden") in ("1", "true"):
                    facts.hidden_columns = True
        except (etree.XMLSyntaxError, ValueError):
            return facts
    return facts


def _cell(facts: SheetFacts, cell: etree._Element, row: int, column: int) -> int:
    """Note what is worth noting about one cell; gives the position after it."""
    reference = "".join(c for c in cell.get("r") or "" if c.isalpha())
    here = column_of(reference.encode()) if reference else column
    value, formula = cell.find("{*}v"), cell.find("{*}f")
    text = value.text if value is not None else None
    if text is not None or cell.find("{*}is") is not None:
        facts.last_row, facts.last_column = max(facts.last_row, row), max(facts.last_column, here)
    if cell.get("t") == "e" and len(facts.errors) < MOST_FACTS:
        facts.errors.append((row, here, text or ""))
    if formula is not None:
        facts.formulas = True
        if not text and len(facts.without_value) < MOST_FACTS:
            facts.without_value.append((row, here))
    return here + 1
