"""Files in the formats of old Excel, LibreOffice and the web, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape

import xlwt

from tests.pipeline.ingestion.files import zip_bytes

Rows = Sequence[Sequence[object]]
_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
)


def xls_bytes(sheets: dict[str, Rows]) -> bytes:
    """A workbook of Excel 97 to 2003."""
    book = xlwt.Workbook()
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(at, place, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods_bytes(sheets: dict[str, Rows], hidden: tuple[str, ...] = ()) -> bytes:
    """A spreadsheet of LibreOffice; every cell is text."""
    tables = []
    for title, rows in sheets.items():
        style = ' table:style-name="off"' if title in hidden else ""
        lines = "".join("<table:table-row>" + "".join(_ods_cell(v) for v in row) + "</table:table-row>" for row in rows)
        tables.append(f'<table:table table:name="{escape(title)}"{style}>{lines}</table:table>')
    styles = (
        '<office:automatic-styles><style:style style:name="off" style:family="table">'
        '<style:table-properties table:display="false"/>'
        "</style:style></office:automatic-styles>"
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{_ODS}{styles}<office:body><office:spreadsheet>{"".join(tables)}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    return zip_bytes(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def _ods_cell(value: object) -> str:
    if value in (None, ""):
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def html_bytes(rows: Rows, encoding: str = "utf-8", title: str = "Agenda") -> bytes:
    """A page with a table, as systems write it under the name of .xls."""
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(v or ''))}</td>" for v in row) + "</tr>" for row in rows)
    return (
        f'<html><head><meta charset="{encoding}"><title>{title}</title></head><body><h1>{title}</h1><table '
        f"border=1>{lines}</table></body></html>"
    ).encode(encoding)
