"""What a checker of PDF/A-3a would look at, as far as it can be read off the file: plain papers, and one that bears a seal.

No such checker (veraPDF and its like) is in the registries; what is asked here is ISO 19005-3 as its clauses are known, not proof of it.
"""

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import msgspec
import pypdf
import pytest
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject, StreamObject

from chengxin.reports.paper import JSON_NAME, PROOF_NAME, paper
from chengxin.reports.seal import FileSeal, sealed
from tests.reports.cast import FIRM, fine, made, special

# ISO 32000-1, 14.8.4: what a structure may be called without a map of roles.
STANDARD_TYPES = {
    *(
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "Private",
    ),
    *(
        "P",
        "H",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
    ),
    *("TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu", "Figure"),
    *("Formula", "Form"),
}
PDFAID, XMP, DC = "http://www.aiim.org/pdfa/ns/id/", "http://ns.adobe.com/xap/1.0/", "http://purl.org/dc/elements/1.1/"
FORBIDDEN_FILTERS = {"/LZWDecode", "/Crypt"}
FORBIDDEN_ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition"}
FORBIDDEN_ACTIONS |= {"/Trans", "/GoTo3DView", "/JavaScript"}
HIDDEN, INVISIBLE, NO_VIEW, TOGGLE, PRINT = 2, 1, 32, 256, 4


@pytest.fixture(scope="module", params=["plain", "heavy", "special", "gloss", "rare", "sealed"])
def file(request: pytest.FixtureRequest, seal: FileSeal) -> bytes:
    """One of the kinds of paper that there are."""
    if request.param == "sealed":
        return sealed(paper(made([fine(1), fine(2)]), b"a proof\n"), seal, "出具")
    report = {
        "plain": made([fine(1)]),
        "heavy": made([fine(n) for n in range(150)]),
        "special": made([fine(1)], special("tax")),
        "gloss": made([fine(1)]),
        "rare": made([fine(1)], subject=msgspec.structs.replace(FIRM, name="示例𠮷㐂龘商行")),
    }[request.param]
    if request.param == "gloss":
        report = msgspec.structs.replace(report, issue=msgspec.structs.replace(report.issue, language="en"))
    return paper(report, b"a proof\n")


@pytest.fixture(scope="module")
def pdf(file: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(file), strict=True)


@pytest.fixture(scope="module")
def things(pdf: pypdf.PdfReader) -> list[DictionaryObject]:
    """All dictionaries and streams that anything leads to, each once."""
    return list(reached(pdf.trailer))


def reached(start: Any) -> Iterator[DictionaryObject]:
    todo, seen = [start], set()
    while todo:
        one = todo.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            yield one
            todo += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            todo += list(one)


def root_of(pdf: pypdf.PdfReader) -> Any:
    return pdf.trailer["/Root"]


def xmp_of(pdf: pypdf.PdfReader) -> ElementTree.Element:
    stream = root_of(pdf)["/Metadata"]
    assert "/Filter" not in stream  # 6.6.2.1: in the clear
    assert (stream["/Type"], stream["/Subtype"]) == ("/Metadata", "/XML")
    return ElementTree.fromstring(stream.get_data())


def said_in(xmp: ElementTree.Element, space: str, name: str) -> str:
    """A simple property, written as an element or as an attribute; a list as its first text."""
    key = f"{{{space}}}{name}"
    found = [one.get(key) or "" for one in xmp.iter() if one.get(key)]
    found += ["".join(one.itertext()).strip() for one in xmp.iter(key)]
    (only,) = found
    return only


def moment(text: str) -> str:
    """The digits of a moment up to the second, as the two kinds of metadata write it."""
    return re.sub(r"\D", "", text)[:14]


def test_the_head_is_one_of_its_versions_and_nothing_is_encrypted(file: bytes, pdf: pypdf.PdfReader) -> None:
    assert re.match(rb"%PDF-1\.[4-7]\r?\n%[\x80-\xff]{4}", file)
    assert file.rstrip().endswith(b"%%EOF")
    assert "/Encrypt" not in pdf.trailer and len(pdf.trailer["/ID"]) == 2  # type: ignore[arg-type]


def test_the_metadata_claim_part_three_level_a_and_agree_with_the_document(pdf: pypdf.PdfReader) -> None:
    xmp, info = xmp_of(pdf), pdf.metadata
    assert (said_in(xmp, PDFAID, "part"), said_in(xmp, PDFAID, "conformance")) == ("3", "A")
    assert info is not None and info.title and info.title == said_in(xmp, DC, "title")
    assert info.author == said_in(xmp, DC, "creator") and info.creator == said_in(xmp, XMP, "CreatorTool")
    for name, other in (("/CreationDate", "CreateDate"), ("/ModDate", "ModifyDate")):
        assert moment(str(info[name])) == moment(said_in(xmp, XMP, other))
    assert root_of(pdf)["/Lang"] == said_in(xmp, DC, "language") == "zh-CN"


def test_colours_are_of_a_profile_that_is_inside(pdf: pypdf.PdfReader) -> None:
    (intent,) = root_of(pdf)["/OutputIntents"]
    intent = intent.get_object()
    assert intent["/S"] == "/GTS_PDFA1" and intent["/OutputConditionIdentifier"]
    profile = intent["/DestOutputProfile"]
    data = profile.get_data()
    assert data[36:40] == b"acsp" and int.from_bytes(data[:4], "big") == len(data)
    assert {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4}[data[16:20]] == profile["/N"]
    assert (profile["/N"], data[8] <= 4) == (3, True)
    for page in pdf.pages:
        operators = {operator for _, operator in ContentStream(page.get_contents(), pdf).operations}
        assert not operators & {b"k", b"K"}  # no colours of another kind of device


def test_each_font_is_inside_and_says_which_characters_it_shows(things: list[DictionaryObject]) -> None:
    fonts = [one for one in things if one.get("/Type") == "/Font"]
    assert fonts
    for font in fonts:
        assert font["/Subtype"] in ("/Type0", "/CIDFontType0", "/CIDFontType2", "/TrueType", "/Type1")
        if font["/Subtype"] == "/Type0":
            assert "/ToUnicode" in font and font["/Encoding"] in ("/Identity-H", "/Identity-V")
            continue
        descriptor: Any = font["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]
        if font["/Subtype"] == "/CIDFontType2":
            assert font["/CIDToGIDMap"] == "/Identity" or isinstance(font["/CIDToGIDMap"], StreamObject)
        assert re.match(r"/[A-Z]{6}\+", str(font["/BaseFont"]))  # a part of it


def test_nothing_runs_plays_or_comes_from_elsewhere(things: list[DictionaryObject], pdf: pypdf.PdfReader) -> None:
    for one in things:
        assert one.get("/S") not in FORBIDDEN_ACTIONS
        assert not {"/AA", "/JS", "/XFA", "/Alternates", "/OPI", "/Ref", "/PS"} & set(one)
        assert one.get("/NeedAppearances") is not True
        filters = one.get("/Filter", [])
        named = filters if isinstance(filters, list) else [filters]
        assert not FORBIDDEN_FILTERS & {str(f) for f in named}
        if isinstance(one, StreamObject):
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(one) or one.get("/Type") == "/EmbeddedFile"
        if one.get("/Subtype") == "/Image":
            assert one.get("/Interpolate") is not True
    assert "/Requirements" not in root_of(pdf) and "/JavaScript" not in root_of(pdf).get("/Names", {})


def test_what_is_attached_says_what_it_is_to_the_document(pdf: pypdf.PdfReader) -> None:
    names = root_of(pdf)["/Names"]["/EmbeddedFiles"]["/Names"]
    specs = {str(names[at]): names[at + 1].get_object() for at in range(0, len(names), 2)}
    assert {n: s["/AFRelationship"] for n, s in specs.items()} == {JSON_NAME: "/Alternative", PROOF_NAME: "/Supplement"}
    for name, spec in specs.items():
        assert str(spec["/F"]) == str(spec["/UF"]) == name and spec["/Desc"]
        assert "/" in str(spec["/EF"]["/F"]["/Subtype"])[1:] and "/ModDate" in spec["/EF"]["/F"]["/Params"]
    assert {str(one.get_object()["/UF"]) for one in root_of(pdf)["/AF"]} == set(specs)


def test_all_text_is_tagged_or_said_to_be_an_artifact(pdf: pypdf.PdfReader) -> None:
    for page in pdf.pages:
        depth = 0
        for _, operator in ContentStream(page.get_contents(), pdf).operations:
            depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
            assert depth > 0 or operator not in (b"Tj", b"TJ", b"'", b'"', b"Do", b"f", b"S"), operator
        assert depth == 0 and "/StructParents" in page


def test_the_tags_are_a_tree_of_standard_types_with_headings_and_a_picture_that_is_described(
    pdf: pypdf.PdfReader, things: list[DictionaryObject]
) -> None:
    assert root_of(pdf)["/MarkInfo"]["/Marked"].value is True
    tree = root_of(pdf)["/StructTreeRoot"]
    assert "/ParentTree" in tree and tree["/K"]
    roles = {str(k)[1:]: str(v)[1:] for k, v in tree.get("/RoleMap", {}).items()}
    elements = [one for one in things if "/S" in one and "/P" in one and one.get("/Type") in (None, "/StructElem")]
    kinds = [str(one["/S"])[1:] for one in elements]
    assert {roles.get(kind, kind) for kind in kinds} <= STANDARD_TYPES
    assert {"H1", "H2"} <= set(kinds) and kinds.count("H1") == 1
    figures = [one for one in elements if one["/S"] == "/Figure"]
    assert figures and all("credit.example" in str(one["/Alt"]) for one in figures)


def test_what_lies_upon_pages_is_printed_and_never_hidden(pdf: pypdf.PdfReader) -> None:
    for page in pdf.pages:
        for one in page.get("/Annots", []):
            annotation = one.get_object()
            flags = int(annotation.get("/F", 0))
            assert flags & PRINT and not flags & (HIDDEN | INVISIBLE | NO_VIEW | TOGGLE), annotation
            left, bottom, right, top = (float(n) for n in annotation["/Rect"])
            empty = left == right and bottom == top
            assert empty or "/AP" in annotation or annotation["/Subtype"] == "/Link"


def test_the_checks_find_what_is_not_as_it_should_be() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)
    bare = pypdf.PdfReader(out)
    for check in (
        test_the_metadata_claim_part_three_level_a_and_agree_with_the_document, test_colours_are_of_a_profile_that_is_inside,
        test_what_is_attached_says_what_it_is_to_the_document,
    ):  # fmt: skip
        with pytest.raises((KeyError, AssertionError)):
            check(bare)
    with pytest.raises(AssertionError):
        test_each_font_is_inside_and_says_which_characters_it_shows(list(reached(bare.trailer)))
