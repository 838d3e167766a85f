"""Rate limits: tiers, one message a second and channel, and the switch that scales them."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from tests.slackworld import World
from tests.workspace.conftest import client, somebody
from workspace import limits
from workspace.errors import Limited
from workspace.methods import METHODS


def test_a_bucket_fills_again() -> None:
    buckets = limits.Limits()
    rate = limits.Rate(burst=2, per_second=1)

    def spend(now: float, **more) -> None:
        buckets.spend("x", rate, **({"scale": 1.0} | more), now=now)

    spend(0.0)
    spend(0.0)
    with pytest.raises(Limited) as caught:
        spend(0.5)
    assert caught.value.retry_after == 1
    spend(1.0)
    with pytest.raises(Limited):
        spend(1.5)
    spend(1.5, scale=0.0)
    buckets.forget()
    spend(1.5)


def test_methods_have_buckets_of_their_own() -> None:
    buckets = limits.Limits()
    for key in ("users.info", "users.list"):
        for _ in range(20):
            buckets.spend(key, limits.TIER_2, scale=1.0, now=0.0)
        with pytest.raises(Limited) as caught:
            buckets.spend(key, limits.TIER_2, scale=1.0, now=0.0)
        assert caught.value.retry_after == 3


def test_one_message_a_second_and_channel(new_world) -> None:
    world = new_world(rate_scale=1)
    web = client(world)
    anna, bo = somebody(world), somebody(world)
    for _ in range(5):
        web.chat_postMessage(channel=anna.dm(), text="hej")
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=anna.dm(), text="hej")
    response = caught.value.response
    assert (response.status_code, response.data["error"]) == (429, "ratelimited")
    assert response.headers["Retry-After"] == "1"
    assert len(anna.messages()) == 5
    web.chat_postMessage(channel=bo.dm(), text="hej")
    assert world.control.get("traffic")["limited"] == {"chat.postMessage": 1}


@pytest.mark.slow
def test_a_client_that_waits_gets_through(new_world) -> None:
    world = new_world(rate_scale=1)
    person = somebody(world)
    handlers = [RateLimitErrorRetryHandler(max_retry_count=2)]
    web = WebClient(world.bot_token, base_url=world.api_url, retry_handlers=handlers)
    for number in range(6):
        web.chat_postMessage(channel=person.dm(), text=str(number))
    assert len(person.messages()) == 6


def test_the_switch_scales_them(new_world) -> None:
    world = new_world(rate_scale=0.1)
    web = client(world)
    web.users_list()
    web.users_list()
    with pytest.raises(SlackApiError):
        web.users_list()
    world.switch(rate_scale=0)
    for _ in range(50):
        web.users_list()


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_has_a_limit_that_ends(narrow: World, method: str) -> None:
    """Scaled down until a tier of a hundred a minute is one: the tenth call in a row comes too soon everywhere."""
    token = narrow.app_token if METHODS[method].app_token else narrow.bot_token
    caught = []
    for _ in range(10):
        try:
            client(narrow, token=token).api_call(method)
        except SlackApiError as problem:
            caught.append(problem.response)
    assert [int(each.headers["Retry-After"]) > 0 for each in caught if each.status_code == 429][:1] == [True]


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("narrow"), rate_scale=0.01) as running:
        yield running
