"""What a child process of the press does: one sheet becomes one file. It imports nothing of ours that is heavy."""

import json
import sys
from datetime import datetime
from importlib import resources
from typing import Any

FONTS = "font_source_sans_pro"
PICTURES = {"summary_picture": 144.0}  # templates that become PNG, in dots an inch: as sharp as a phone is
WORKBOOKS = {"summary_workbook"}


def draw(template: str, texts: dict[str, Any], at: datetime) -> bytes:
    """One file. Nothing else imports typst, segno and xlsxwriter."""
    if template in WORKBOOKS:
        from bot import workbook

        return workbook.made(texts, at)
    import typst

    picture = template in PICTURES
    square = {"qr": _square(str(texts["link"]))} if "link" in texts else {}
    made = typst.compile(
        str(resources.files("bot") / f"{template}.typ"),
        font_paths=[str(resources.files(FONTS) / "files")],
        ignore_system_fonts=True,
        sys_inputs={"texts": json.dumps(texts | square)},
        format="png" if picture else "pdf",
        ppi=PICTURES.get(template),
        pdf_standards=[] if picture else ["ua-1"],
        timestamp=int(at.timestamp()),
    )
    return bytes(made)


def _square(link: str) -> str:
    """SVG of a QR code that stands a quarter of its area being dirty or torn, with the light border it needs."""
    import segno

    return segno.make_qr(link, error="q").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)


def serve() -> None:
    """Until nobody asks: a line of JSON in, eight bytes of length and the file out; 0 for what could not be drawn."""
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        try:
            made = draw(asked["template"], asked["texts"], datetime.fromisoformat(asked["at"]))
        except Exception as fault:
            sys.stderr.write(f"{asked['template']}: {type(fault).__name__}\n")
            made = b""
        sys.stdout.buffer.write(len(made).to_bytes(8, "big") + made)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
