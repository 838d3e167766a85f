"""What makes a phone buzz, and what does not."""

import json

import pytest
from slack_sdk import WebClient
from websockets.sync.client import connect

from tests.slackworld import Person, World


def reasons(person: Person) -> list[str]:
    return [push["reason"] for push in person.pushes()]


def silent(person: Person) -> list[str]:
    return [push["reason"] for push in person.pushes(silent=True) if not push["buzzed"]]


def test_a_message_to_her(web: WebClient, anna: Person) -> None:
    ts = web.chat_postMessage(channel=anna.dm(), text="*Svarar ingen?* Ring <tel:112|112> &amp; <@UX>")["ts"]
    (push,) = anna.pushes()
    assert (push["reason"], push["ts"], push["channel"]) == ("dm", ts, anna.dm())
    assert push["text"] == "Svarar ingen? Ring 112 & @UX"
    assert push["from"] == "App"


def test_the_push_text_is_the_top_level_text(web: WebClient, anna: Person) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "i blocket"}}]
    web.chat_postMessage(channel=anna.dm(), text="i fickan", blocks=blocks)
    assert [push["text"] for push in anna.pushes()] == ["i fickan"]


def test_edits_are_silent(web: WebClient, anna: Person) -> None:
    ts = web.chat_postMessage(channel=anna.dm(), text="ett")["ts"]
    web.chat_update(channel=anna.dm(), ts=ts, text="två")
    assert reasons(anna) == ["dm"]
    assert silent(anna) == ["edit"]


def test_ones_own_messages_are_nothing(anna: Person) -> None:
    anna.write("hej")
    assert anna.pushes(silent=True) == []


def test_threads(web: WebClient, anna: Person) -> None:
    parent = web.chat_postMessage(channel=anna.dm(), text="kvitto")["ts"]
    web.chat_postMessage(channel=anna.dm(), text="tyst", thread_ts=parent)
    web.chat_postMessage(channel=anna.dm(), text="till alla", thread_ts=parent, reply_broadcast=True)
    anna.write("mitt svar", thread=parent)
    web.chat_postMessage(channel=anna.dm(), text="nu följer hon", thread_ts=parent)
    assert reasons(anna) == ["dm", "broadcast", "thread"]
    assert silent(anna) == ["thread_not_followed"]
    anna.do("unfollow", ts=parent)
    web.chat_postMessage(channel=anna.dm(), text="tyst igen", thread_ts=parent)
    assert len(anna.pushes()) == 3
    anna.do("follow", ts=parent)
    web.chat_postMessage(channel=anna.dm(), text="hörs", thread_ts=parent)
    assert len(anna.pushes()) == 4


def test_the_thread_under_ones_own_message_is_followed(web: WebClient, anna: Person) -> None:
    hers = anna.write("fråga")
    web.chat_postMessage(channel=anna.dm(), text="svar", thread_ts=hers.ts)
    assert reasons(anna) == ["thread"]


def test_channels_buzz_for_mentions_only(world: World, anna: Person, bo: Person) -> None:
    channel = world.add_channel(f"push-{anna.id.lower()}", [anna, bo])
    bo.write("hej alla", channel=channel)
    bo.write(f"hej @{anna.name}", channel=channel)
    bo.write("<!here> lunch", channel=channel)
    assert reasons(anna) == ["mention", "mention"]
    assert silent(anna) == ["channel"]


def test_do_not_disturb(world: World, web: WebClient, anna: Person) -> None:
    anna.set(dnd=True)
    web.chat_postMessage(channel=anna.dm(), text="sov gott")
    assert (reasons(anna), silent(anna)) == ([], ["dnd"])
    anna.set(dnd=False)
    web.chat_postMessage(channel=anna.dm(), text="god morgon")
    assert reasons(anna) == ["dm"]


def test_ephemeral_messages_reactions_and_home_are_silent(web: WebClient, anna: Person, bo: Person) -> None:
    web.chat_postEphemeral(channel=anna.dm(), user=anna.id, text="bara du")
    web.reactions_add(channel=anna.dm(), timestamp=anna.write("hej").ts, name="eyes")
    web.views_publish(user_id=anna.id, view={"type": "home", "blocks": []})
    assert (reasons(anna), silent(anna)) == ([], ["ephemeral", "reaction"])


def test_files_are_pushed_by_name(anna: Person, bo: Person) -> None:
    theirs = anna.do("dm", **{"with": [bo.email]})["conversation"]["id"]
    anna.upload("schema.pdf", b"1", channel=theirs)
    (push,) = bo.pushes()
    assert (push["reason"], push["text"], push["from"]) == ("file", "schema.pdf", anna.name)


@pytest.mark.parametrize("path", ["people/{id}/stream", "stream"])
def test_pushes_come_on_the_streams(world: World, web: WebClient, anna: Person, path: str) -> None:
    address = f"{world.url.replace('http', 'ws')}/control/{path.format(id=anna.id)}"
    with connect(address) as stream:
        assert json.loads(stream.recv(2))["type"] == "hello"
        web.chat_postMessage(channel=anna.dm(), text="hej")
        frames = iter(lambda: json.loads(stream.recv(2)), None)
        push = next(frame for frame in frames if frame["type"] == "push")["push"]
        assert (push["person"], push["text"]) == (anna.id, "hej")


def test_since(web: WebClient, anna: Person) -> None:
    web.chat_postMessage(channel=anna.dm(), text="ett")
    last = anna.pushes()[-1]["id"]
    web.chat_postMessage(channel=anna.dm(), text="två")
    assert [push["text"] for push in anna.pushes(since=last)] == ["två"]
