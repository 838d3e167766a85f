"""Tokens, scopes, methods, bodies."""

import inspect
import json
import urllib.request
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient

from tests.slackworld import World
from tests.workspace.conftest import client
from tests.workspace.test_chat import error, refused
from workspace.methods import METHODS


def post(world: World, method: str, body: bytes = b"", kind: str = "", query: str = "") -> dict:
    """A call without slack_sdk."""
    request = urllib.request.Request(f"{world.api_url}{method}{query}", body, {"Content-Type": kind} if kind else {})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def test_tokens(world: World) -> None:
    assert error(client(world, token="").auth_test) == "not_authed"
    assert error(client(world, token="xoxb-else").auth_test) == "invalid_auth"
    assert error(client(world, token=world.app_token).auth_test) == "not_allowed_token_type"
    web = client(world)
    assert error(web.apps_connections_open, app_token=world.bot_token) == "not_allowed_token_type"
    assert error(web.api_call, "chat.postMassage") == "unknown_method"


def test_scopes_are_named(new_world) -> None:
    scopes = {"bot": ["users:read", "chat:write"]}
    world = new_world(manifest={"display_information": {"name": "Bot"}, "oauth_config": {"scopes": scopes}})
    answer = refused(client(world).reactions_add, channel="C1", name="eyes", timestamp="1700000000.000001")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "reactions:write")
    assert answer["provided"] == "chat:write,users:read"
    channel = world.person("anna@exempel.se").dm()
    assert error(client(world).chat_postMessage, channel=channel, text="x", username="Bo") == "missing_scope"
    assert client(world).users_list().headers["x-oauth-scopes"] == "chat:write,users:read"


@pytest.mark.parametrize(
    ("method", "scope"), sorted((name, method.scope) for name, method in METHODS.items() if method.scope)
)
def test_every_scope_is_asked_for(bare: World, method: str, scope: str) -> None:
    answer = refused(client(bare).api_call, method)
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory):
    """A workspace whose app may do nothing."""
    manifest = {"display_information": {"name": "Bot"}, "oauth_config": {"scopes": {"bot": []}}}
    with World(tmp_path_factory.mktemp("bare"), manifest=manifest) as running:
        yield running


def test_bodies_as_form_json_query_and_multipart(world: World) -> None:
    args = {"token": world.bot_token, "user": world.person("anna@exempel.se").id}
    as_form = post(world, "users.info", urlencode(args).encode(), "application/x-www-form-urlencoded")
    as_json = post(world, "users.info", json.dumps(args).encode(), "application/json; charset=utf-8")
    as_query = post(world, "users.info", query=f"?{urlencode(args)}")
    parts = "".join(
        f'--xx\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in args.items()
    )
    as_parts = post(world, "users.info", f"{parts}--xx--\r\n".encode(), "multipart/form-data; boundary=xx")
    assert as_form["ok"]
    assert as_form == as_json == as_query == as_parts


def test_bodies_that_are_no_json(world: World) -> None:
    query = f"?token={world.bot_token}"
    assert post(world, "users.info", b"{", "application/json", query)["error"] == "invalid_json"
    assert post(world, "users.info", b"[]", "application/json", query)["error"] == "json_not_object"


def test_missing_arguments_are_named(web: WebClient) -> None:
    answer = refused(web.api_call, "chat.postMessage", json={"text": "hej"})
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


def test_api_test(web: WebClient) -> None:
    assert web.api_test(foo="bar")["args"]["foo"] == "bar"
    assert error(web.api_test, error="my_error") == "my_error"


def _sdk_method(name: str):
    return getattr(WebClient, name.replace(".", "_"))


@pytest.mark.slow
@pytest.mark.parametrize("junk", [{}, [], [[]], {"a": []}, 5, -1, True, "", "x", "null", "[1]", "{}"], ids=repr)
@pytest.mark.parametrize("name", sorted(METHODS))
def test_no_junk_makes_a_method_stumble(world: World, name: str, junk: object) -> None:
    names = [each for each in inspect.signature(_sdk_method(name)).parameters if each not in ("self", "kwargs")]
    token = world.app_token if METHODS[name].app_token else world.bot_token
    body = dict.fromkeys(names, junk) | {"token": token}
    known = world.person("anna@exempel.se")
    place = {"channel": known.dm(), "user": known.id, "user_id": known.id, "ts": known.write("x").ts}
    for args in (body, body | {key: value for key, value in place.items() if key in names}):
        post(world, name, json.dumps(args).encode(), "application/json")
