"""Files in three steps, and what people upload."""

import urllib.error
import urllib.request

import pytest
from slack_sdk import WebClient

from tests.slackworld import Person, World
from tests.workspace.test_chat import error


def fetch(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as problem:
        return problem.code, b""


def test_slack_sdk_uploads_in_its_three_steps(world: World, web: WebClient, anna: Person) -> None:
    parent = anna.write("skicka listan")
    uploaded = web.files_upload_v2(
        channel=anna.dm(),
        filename="lista.csv",
        content="a;b",
        title="Listan",
        initial_comment="här",
        thread_ts=parent.ts,
        alt_txt="en lista",
    )
    file = uploaded["file"]
    message = anna.thread(parent)[-1]
    assert (message["text"], message["subtype"]) == ("här", "file_share")
    shown = message["files"][0]
    assert (shown["name"], shown["title"], shown["alt_txt"], shown["size"]) == ("lista.csv", "Listan", "en lista", 3)
    assert fetch(shown["page_url"]) == (200, b"a;b")
    assert fetch(file["url_private"], Authorization=f"Bearer {world.bot_token}") == (200, b"a;b")
    assert fetch(file["url_private"])[1] != b"a;b"
    assert web.files_info(file=file["id"])["file"]["name"] == "lista.csv"


def test_steps_left_out(web: WebClient, anna: Person) -> None:
    place = web.files_getUploadURLExternal(filename="a.txt", length=3)
    finish = {"files": [{"id": place["file_id"]}], "channel_id": anna.dm()}
    assert error(web.files_completeUploadExternal, **finish) == "file_not_found"
    assert fetch_post(place["upload_url"], b"fyra") == 404
    assert fetch_post(place["upload_url"], b"tre") == 200
    assert fetch_post(place["upload_url"], b"tre") == 404
    web.files_completeUploadExternal(**finish)
    assert error(web.files_completeUploadExternal, **finish) == "file_not_found"
    assert error(web.files_getUploadURLExternal, filename="a.txt", length=0) == "invalid_arguments"
    assert error(web.files_info, file="F0000000000") == "file_not_found"


def fetch_post(url: str, content: bytes) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, content)) as answer:
            return answer.status
    except urllib.error.HTTPError as problem:
        return problem.code


def test_a_file_goes_where_the_app_is(world: World, web: WebClient, anna: Person) -> None:
    place = web.files_getUploadURLExternal(filename="a.txt", length=1)
    fetch_post(place["upload_url"], b"a")
    files = [{"id": place["file_id"]}]
    channel = world.add_channel("filer", [anna], app=False)
    assert error(web.files_completeUploadExternal, files=files, channel_id=channel) == "not_in_channel"
    assert error(web.files_completeUploadExternal, files=files, channel_id="D0000000000") == "channel_not_found"


def test_a_picture_is_usable_in_a_block_a_second_later(new_world) -> None:
    world = new_world()
    web = WebClient(world.bot_token, base_url=world.api_url)
    dm = world.person("anna@exempel.se").dm()
    file = web.files_upload_v2(filename="diagram.png", content=b"\x89PNG")["file"]
    block = {"type": "image", "alt_text": "diagram", "slack_file": {"id": file["id"]}}
    assert error(web.chat_postMessage, channel=dm, text="x", blocks=[block]) == "invalid_blocks"
    world.switch(clock_offset=1.1)
    web.chat_postMessage(channel=dm, text="x", blocks=[block])


def test_what_people_upload_never_runs_in_the_page(anna: Person) -> None:
    message = anna.upload("../../sida.html", b"<script>alert(1)</script>")
    file = message["files"][0]
    assert file["name"] == ".._.._sida.html"
    with urllib.request.urlopen(file["page_url"]) as answer:
        assert answer.headers["content-disposition"] == "attachment"
        assert answer.headers["content-security-policy"] == "sandbox"


@pytest.mark.parametrize("name", ["bild.png", "råd.pdf"])
def test_a_file_of_ones_own_in_a_conversation(anna: Person, name: str) -> None:
    assert anna.upload(name, b"123", text="se här")["files"][0]["name"] == name
    assert anna.messages()[-1]["text"] == "se här"


def test_files_have_a_largest_size_and_a_longest_description(web: WebClient) -> None:
    much = {"filename": "a.txt", "length": 1_000_000_001}
    assert error(web.files_getUploadURLExternal, **much) == "file_upload_size_restricted"
    assert error(web.files_getUploadURLExternal, filename="a", length=1, alt_txt="x" * 1001) == "alt_txt_too_large"
    assert error(web.files_getUploadURLExternal, filename="", length=1) == "invalid_arguments"
    assert error(web.files_completeUploadExternal, files=[]) == "invalid_arguments"


def test_a_thread_is_in_one_channel(world: World, web: WebClient, anna: Person) -> None:
    place = web.files_getUploadURLExternal(filename="a.txt", length=1)
    fetch_post(place["upload_url"], b"a")
    files = [{"id": place["file_id"]}]
    two = [anna.dm(), world.add_channel(f"trad-{anna.id.lower()}", [anna])]
    parent = anna.write("hej").ts
    assert error(web.files_completeUploadExternal, files=files, channels=two, thread_ts=parent) == "invalid_arguments"


def test_an_app_deletes_its_own_files_only(web: WebClient, anna: Person) -> None:
    hers = anna.upload("bild.png", b"123")["files"][0]
    assert error(web.files_delete, file=hers["id"]) == "cant_delete_file"
    own = web.files_upload_v2(channel=anna.dm(), content="a", filename="a.txt", initial_comment="här")["file"]
    web.files_delete(file=own["id"])
    assert error(web.files_delete, file=own["id"]) == "file_not_found"
    assert (anna.messages()[-1]["text"], anna.messages()[-1].get("files")) == ("här", None)


def test_files_want_their_scope(new_world) -> None:
    scopes = {"bot": ["im:history"]}
    world = new_world(manifest={"display_information": {"name": "Bot"}, "oauth_config": {"scopes": scopes}})
    file = world.person("anna@exempel.se").upload("a.txt", b"abc")["files"][0]
    assert fetch(file["url_private"], Authorization=f"Bearer {world.bot_token}")[0] == 404
