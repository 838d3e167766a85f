"""Paper: a template and its texts become a PDF, tagged (PDF/UA-1) and with its letters inside.

Not here: what is printed (poster.py), and the words. Nothing is fetched and no font of the machine is used: the same
sheet gives the same bytes everywhere. typst weighs 80 MB and keeps what it has taken: it lives in a child process.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from multiprocessing import get_context

FONTS = "font_source_sans_pro"


@dataclass(frozen=True)
class Sheet:
    """`template`.typ of this folder reads `texts`; what is under `link` is drawn as a QR code too."""

    template: str
    texts: Mapping[str, object]
    at: datetime


def printed(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """One PDF a sheet, in order, from a child process that ends with the last one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        yield from child.map(draw, sheets)


def draw(sheet: Sheet) -> bytes:
    """One PDF. In the child: nothing else imports typst and segno."""
    import typst

    folder = resources.files("bot")
    texts = {**sheet.texts, "qr": _square(str(sheet.texts["link"]))}
    return typst.compile(
        str(folder / f"{sheet.template}.typ"),
        font_paths=[str(resources.files(FONTS) / "files")],
        ignore_system_fonts=True,
        sys_inputs={"texts": json.dumps(texts)},
        pdf_standards=["ua-1"],
        timestamp=int(sheet.at.timestamp()),
    )


def _square(link: str) -> str:
    """SVG of a QR code that stands a quarter of its area being dirty or torn, with the light border it needs."""
    import segno

    return segno.make_qr(link, error="q").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
