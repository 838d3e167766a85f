"""Paper and pictures: a template and its texts become a PDF, tagged (PDF/UA-1), a PNG or a workbook.

Not here: what is drawn (poster.py, handlers/views/summary.py), and the words. Nothing is fetched and no font of the
machine is used: the same sheet gives the same bytes everywhere. typst weighs 80 MB and keeps what it has taken: it
lives in a child process that ends when nobody needs it.
"""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from importlib import resources
from multiprocessing import get_context
from threading import Lock

from handlers.letters import Sheet

FONTS = "font_source_sans_pro"
PATIENCE = 60  # seconds for one sheet
PICTURES = {"summary_picture": 144.0}  # templates that become PNG, in dots an inch: as sharp as a phone is
WORKBOOKS = {"summary_workbook"}


def printed(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """One file a sheet, in order, from a child process that ends with the last one."""
    with _child() as child:
        yield from child.map(draw, sheets)


def _child() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


class Press:
    """One child for all who need it at the same time. It ends with the last of them."""

    def __init__(self) -> None:
        self._lock, self._waiting = Lock(), 0
        self._running: ProcessPoolExecutor | None = None

    def print(self, sheet: Sheet) -> bytes:
        """One file. Raises what the child raised, or BrokenExecutor if it died; the next one gets a new child."""
        with self._lock:
            self._waiting += 1
            self._running = self._running or _child()
            work = self._running.submit(draw, sheet)
        try:
            return work.result(PATIENCE)
        except BrokenExecutor:
            self._end()
            raise
        finally:
            self._leave()

    def _leave(self) -> None:
        with self._lock:
            self._waiting -= 1
            last = self._waiting == 0
        if last:
            self._end()

    def _end(self) -> None:
        with self._lock:
            child, self._running = self._running, None
        if child is not None:
            child.shutdown(wait=False)


PRESS = Press()


def draw(sheet: Sheet) -> bytes:
    """One file. In the child: nothing else imports typst, segno and xlsxwriter."""
    if sheet.template in WORKBOOKS:
        from bot import workbook

        return workbook.made(sheet)
    import typst

    picture = sheet.template in PICTURES
    texts = {**sheet.texts, "qr": _square(str(sheet.texts["link"]))} if "link" in sheet.texts else sheet.texts
    made = typst.compile(
        str(resources.files("bot") / f"{sheet.template}.typ"),
        font_paths=[str(resources.files(FONTS) / "files")],
        ignore_system_fonts=True,
        sys_inputs={"texts": json.dumps(texts)},
        format="png" if picture else "pdf",
        ppi=PICTURES.get(sheet.template),
        pdf_standards=[] if picture else ["ua-1"],
        timestamp=int(sheet.at.timestamp()),
    )
    return bytes(made)


def _square(link: str) -> str:
    """SVG of a QR code that stands a quarter of its area being dirty or torn, with the light border it needs."""
    import segno

    return segno.make_qr(link, error="q").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
