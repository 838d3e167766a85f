"""Files: what was uploaded, by people or by the app in Slack's three steps. The bytes lie beside the journal.

Shape of a file: docs.slack.dev/reference/objects/file-object.
"""

import mimetypes
from dataclasses import dataclass
from urllib.parse import quote

from workspace import ids
from workspace.errors import not_found
from workspace.journal import Journal
from workspace.shapes import Json

MAX_BYTES = 1_000_000_000


@dataclass
class Ticket:
    """A place to upload to, as files.getUploadURLExternal gave it: used once, then completed once."""

    file_id: str
    filename: str
    length: int
    alt: str = ""
    received: bool = False


class Files:
    """Files by id, and upload places that are not completed yet (those do not survive a restart)."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._folder = journal.directory / "files"
        self._files: dict[str, Json] = {}
        self.tickets: dict[str, Ticket] = {}
        self._usable_from: dict[str, float] = {}

    def load(self, value: Json) -> None:
        """A file out of the journal."""
        self._files[value["id"]] = value

    def get(self, file_id: str) -> Json | None:
        """The file's object, or None."""
        return self._files.get(file_id)

    def known(self, file_id: str) -> Json:
        """For what people do: refuses a file that is not here."""
        file = self.get(file_id)
        if file is None:
            raise not_found("file", file_id)
        return file

    def save(self, file: Json) -> None:
        """New or changed."""
        self._files[file["id"]] = file
        self._journal.put("file", file["id"], file)

    def remove(self, file_id: str) -> None:
        """Gone, with its bytes."""
        del self._files[file_id]
        (self._folder / file_id).unlink(missing_ok=True)
        self._journal.drop("file", file_id)

    def ticket(self, filename: str, length: int, alt: str) -> Ticket:
        """A place to upload to."""
        ticket = Ticket(ids.fresh("F"), filename, length, alt)
        self.tickets[ticket.file_id] = ticket
        return ticket

    def ripen(self, file_id: str, at: float) -> None:
        """A block may show it from that time on: Slack needs about a second after an upload."""
        self._usable_from[file_id] = at

    def usable_from(self, file_id: str) -> float:
        """When a block may show it."""
        return self._usable_from.get(file_id, 0.0)

    def store(self, file_id: str, content: bytes) -> None:
        """Keep the bytes."""
        self._folder.mkdir(exist_ok=True)
        (self._folder / file_id).write_bytes(content)

    def content(self, file_id: str) -> bytes:
        """The bytes. Only ever called with the id of a known file."""
        return (self._folder / file_id).read_bytes()


def file_object(file_id: str, name: str, size: int, *, user: str, base: str, now: float) -> Json:
    """A file as Slack shows it. Pictures get `thumb_360`, which here is the picture itself."""
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    address = f"{base}/files-pri/{file_id}/{quote(name)}"
    filetype = name.rpartition(".")[2].lower() if "." in name else "binary"
    file: Json = {
        "id": file_id,
        "created": int(now),
        "timestamp": int(now),
        "name": name,
        "title": name,
        "mimetype": mimetype,
        "filetype": filetype,
        "pretty_type": filetype.upper(),
        "user": user,
        "username": "",
        "size": size,
        "mode": "hosted",
        **dict.fromkeys(("editable", "is_external", "is_public", "public_url_shared", "display_as_bot"), False),
        "external_type": "",
        "url_private": address,
        "url_private_download": f"{address}?download=1",
        "permalink": address,
        "channels": [],
        "groups": [],
        "ims": [],
    }
    return file | ({"thumb_360": address} if mimetype.startswith("image/") else {})
