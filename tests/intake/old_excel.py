"""Workbooks of old Excel, byte by byte: no library writes them any more."""

import struct

from xlwt.CompoundDoc import XlsDoc

Cells = list[list[str | float | None]]


def record(code: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def biff5(rows: Cells, codepage: int = 936) -> bytes:
    """The stream of a workbook of Excel 5 or 95 with one sheet: text in the code page of its machine."""
    start = record(0x0809, struct.pack("<HHHH", 0x0500, 0x0005, 0, 0)) + record(0x42, struct.pack("<H", codepage))
    name = "数据".encode("gbk")
    place = len(start) + 4 + 7 + len(name) + 4
    sheet = start + record(0x85, struct.pack("<LHB", place, 0, len(name)) + name) + record(0x0A)
    sheet += record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0, 0))
    sheet += record(0x0200, struct.pack("<HHHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    cells = []
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if isinstance(cell, str):
                text = cell.encode("gbk")
                cells.append(record(0x0204, struct.pack("<HHHH", i, j, 0, len(text)) + text))
            elif cell is not None:
                cells.append(record(0x0203, struct.pack("<HHHd", i, j, 0, cell)))
    return sheet + b"".join(cells) + record(0x0A)


def contained(stream: bytes, name: str = "Book") -> bytes:
    """The stream in a container, as Office saves it."""

    class Out:
        content = b""

        def write(self, data: bytes) -> None:
            self.content += data

    out = Out()
    doc = XlsDoc()
    doc.save(out, stream)
    ours, wanted = ("Workbook".encode("utf-16-le"), name.encode("utf-16-le"))
    at = out.content.index(ours)
    length = struct.pack("<H", len(wanted) + 2)
    return (
        out.content[:at]
        + wanted.ljust(len(ours), b"\0")
        + out.content[at + len(ours) : at + 64]
        + length
        + out.content[at + 66 :]
    )
