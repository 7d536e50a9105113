"""Bots against the player: none earns more than real time, and each catches a build that believes it.

Every attack runs against the house as it is and against a named bad build that trusts the client in just
the way the attack needs. The bound is reckoned from the server's clock of the test, not by the code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest

from lms.actions import watch
from lms.models import ActiveSession
from lms.rules import presence, watching
from lms.rules.presence import LONGEST_MS
from lms.rules.watching import Accepted, Beat, Credit, Verdict
from tests.factories import lms as learn
from tests.lms.actions.players import BEAT_MS, FILM, LAPTOP, OTHER_FILM, PHONE, Server

pytestmark = pytest.mark.django_db
Patch = pytest.MonkeyPatch
SEEDS = range(2)
HOUR = 3600


# ── the attacks: each returns the most it may have earned, in milliseconds ──


class Tab:
    """A page of the player, or a script that pretends to be one."""

    def __init__(self, server: Server, key: str = FILM, device: str = PHONE, place: float = 0) -> None:
        self.server, self.key, self.device = server, key, device
        self.sequence, self.place = 0, place
        self.generation = server.open(key, device) or 0

    def beat(self, moved: float, *, present: bool = True, **said: Any) -> watch.Progress | None:
        """The film has moved on by so many seconds; a helper answers the checks at once while `present`."""
        self.sequence += 1
        self.place += moved
        values = {"generation": self.generation, "sequence": self.sequence, "seconds": self.place, **said}
        progress = self.server.beat(learn.beat(**values), key=self.key)
        if present and progress is not None and progress.presence is not None:
            self.server.answer(progress.presence, key=self.key, generation=self.generation)
        return progress


def honest_minute(server: Server, **where: Any) -> Tab:
    """Every attack begins with a minute that is paid, so that none is beaten by a server that pays nobody."""
    tab = Tab(server, **where)
    tab.beat(0)
    for _ in range(6):
        server.wait(10)
        tab.beat(10)
    return tab


def in_parallel(server: Server, one: Tab, other: Tab, chance: Random) -> int:
    """Both beat on, each as if it were alone; now and then one takes the session over again."""
    for _ in range(60):
        server.wait(10)
        for tab in (one, other):
            tab.beat(10)
        if chance.random() < 0.2:
            tab = chance.choice((one, other))
            tab.generation, tab.sequence = server.open(tab.key, tab.device) or 0, 0
    return server.now_ms + BEAT_MS


def parallel_tabs(server: Server, chance: Random) -> int:
    return in_parallel(server, honest_minute(server), Tab(server, OTHER_FILM), chance)


def two_devices(server: Server, chance: Random) -> int:
    return in_parallel(server, honest_minute(server), Tab(server, device=LAPTOP, place=3_000), chance)


def replayed_beats(server: Server, chance: Random) -> int:
    """An honest minute is recorded and sent again for ten minutes, at its pace and in floods."""
    tab = honest_minute(server)
    recorded = [learn.beat(tab.generation, number, 10 * (number - 1)) for number in range(1, 8)]
    for _ in range(60):
        server.wait(chance.choice((0, 1, 10, 30)))
        server.beat(*chance.sample(recorded, chance.randint(1, 7)))
    return 60_000


def forged_beats(server: Server, chance: Random) -> int:
    """Whatever a script can write into a body, three a second."""
    tab = honest_minute(server)
    for number in range(300):
        server.wait(chance.choice((0, 0.3, 0.3, 1)))
        tab.beat(
            chance.choice((0, 10, 10, 60, 300)),
            generation=tab.generation + chance.choice((0, 0, 0, 1, -1)),
            sequence=number + chance.randint(8, 40),
            rate_percent=chance.choice((100, 1_600, 10**6)),
            sent_ms=chance.randrange(2**40),
        )
    return server.now_ms + BEAT_MS


def sixteen_times(server: Server, chance: Random) -> int:
    """The film runs at 16.0 by the console, declared or not."""
    tab = honest_minute(server)
    for _ in range(60):
        server.wait(10)
        tab.beat(160, rate_percent=chance.choice((100, 1_600)))
    return server.now_ms + BEAT_MS


def hidden_tab(server: Server, chance: Random) -> int:
    """The film plays on in a tab behind others; `visible` says so, as the browser has it."""
    tab = honest_minute(server)
    for _ in range(60):
        seconds = chance.uniform(5, 15)
        server.wait(seconds)
        tab.beat(seconds, visible=False)
    return 60_000


def blocked_check(server: Server, chance: Random) -> int:
    """The script drops every question on the floor and plays on for an hour; now and then it reloads."""
    tab = honest_minute(server)
    for _ in range(HOUR // 10):
        server.wait(10)
        tab.beat(10, present=False)
        if chance.random() < 0.02:
            tab.generation, tab.sequence = server.open() or 0, 0
    return LONGEST_MS + BEAT_MS


def late_answers(server: Server, chance: Random) -> int:
    """Somebody looks in every few minutes and gives the right answer to what was asked long ago."""
    tab, standing = honest_minute(server), None
    for _ in range(HOUR // 10):
        server.wait(10)
        progress = tab.beat(10, present=False)
        if standing is None:
            standing = progress and progress.presence
        elif server.now_ms + round(learn.AT.timestamp() * 1000) >= standing.expires_ms + chance.choice(
            (0, 1, 30_000)
        ):
            server.answer(standing, generation=tab.generation)
            told = server.ask(generation=tab.generation)
            standing = told and told.presence
    return LONGEST_MS + BEAT_MS


def clients_clock(server: Server, chance: Random) -> int:
    """The phone's clock is pushed on by hours between beats that are handed in together."""
    tab = honest_minute(server)
    pushed = 0
    for _ in range(30):
        server.wait(5)
        batch = []
        for _ in range(6):
            tab.sequence += 1
            tab.place += 80
            pushed += chance.choice((80_000, 80_000, HOUR * 1000))
            batch.append(learn.beat(tab.generation, tab.sequence, tab.place, sent_ms=pushed))
        server.beat(*batch)
    return server.now_ms + BEAT_MS


# ── the bad builds ──────────────────────────────────────────────────────────

good_accept, good_accept_kept = watching.accept, watching.accept_kept


def believes_the_position(patch: Patch) -> None:
    """Where the player says it stands, there it played to: real time is not asked."""

    def accept(state: watching.Watch, beat: Beat, now_ms: int) -> Accepted:
        claimed = state.heard_ms + max(beat.position_ms - state.anchor_ms, 0)
        believing = replace(state, generation=beat.generation, heard_ms=max(now_ms, claimed))
        return good_accept(believing, beat, believing.heard_ms)

    patch.setattr(watching, "accept", accept)


def pays_by_the_beat(patch: Patch) -> None:
    """Each beat is worth ten seconds, and none is remembered: what posting the progress URL lives on."""

    def accept(state: watching.Watch, beat: Beat, now_ms: int) -> Accepted:
        media = (state.watched_ms, state.watched_ms + BEAT_MS)
        real = (state.charged_ms, state.charged_ms + BEAT_MS)
        after = replace(
            state, watched=(*state.watched, media), charged_ms=real[1], heard_ms=max(now_ms, real[1])
        )
        return Accepted(after, Credit(media, real, BEAT_MS), (Verdict.CREDITED,))

    patch.setattr(watching, "accept", accept)


def keeps_a_clock_a_tab(patch: Patch) -> None:
    """Each tab and each device has a mark of its own, and none is told that another took over."""
    tabs: dict[tuple[str, int], ActiveSession] = {}

    def lock(enrolment: Any, key: str, generations: Any) -> ActiveSession:
        (generation,) = generations
        tab = tabs.get((key, generation))
        if tab is None:
            tab = ActiveSession.objects.get(person_id=enrolment.person_id)
            tab.enrolment, tab.lesson_key, tab.generation, tab.sequence = enrolment, key, generation, 0
            tabs[key, generation] = tab
        return tab

    patch.setattr(watch, "lock_session", lock)
    never_asks(patch)  # the database itself refuses two open questions at once


def does_not_ask_whether_it_is_seen(patch: Patch) -> None:
    patch.setattr(
        watching,
        "accept",
        lambda state, beat, now_ms: good_accept(state, replace(beat, visible=True), now_ms),
    )


def never_asks(patch: Patch) -> None:
    """No check is ever due."""
    patch.setattr(presence, "draw_interval", lambda _chance: 10**12)


def takes_late_answers(patch: Patch) -> None:
    """A check has no end."""
    patch.setattr(presence, "is_over", lambda **_when: False)


def believes_the_clients_clock(patch: Patch) -> None:
    """Kept beats lie apart as far as the player says, from the last one heard on."""

    def accept_kept(state: watching.Watch, beats: Any, now_ms: int) -> Any:
        judged, ordered = [], sorted(beats, key=lambda beat: beat.sequence)
        for before, beat in zip([ordered[0], *ordered], ordered, strict=False):
            apart = beat.sent_ms - before.sent_ms
            judged.append(good_accept(state, beat, state.heard_ms + max(apart, 0)))
            state = judged[-1].state
        return state, tuple(judged)

    patch.setattr(watching, "accept_kept", accept_kept)


@dataclass(frozen=True)
class Bot:
    attack: Callable[[Server, Random], int]
    bad_build: Callable[[Patch], None]


BOTS = [
    Bot(parallel_tabs, keeps_a_clock_a_tab),
    Bot(two_devices, keeps_a_clock_a_tab),
    Bot(replayed_beats, pays_by_the_beat),
    Bot(forged_beats, believes_the_position),
    Bot(sixteen_times, believes_the_position),
    Bot(hidden_tab, does_not_ask_whether_it_is_seen),
    Bot(blocked_check, never_asks),
    Bot(late_answers, takes_late_answers),
    Bot(clients_clock, believes_the_clients_clock),
]
NAMES = [bot.attack.__name__ for bot in BOTS]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bot", BOTS, ids=NAMES)
def test_no_bot_earns_more_than_real_time(bot: Bot, seed: int) -> None:
    server = Server()
    most_ms = bot.attack(server, Random(seed))
    earned = server.credited_ms()
    print(f"{bot.attack.__name__}: {server.beats} beats, {server.refused} refused, {earned} of {most_ms} ms")
    assert server.beats > 50
    assert server.breaches(most_ms) == []
    assert earned >= 60_000, "the honest minute before it"


@pytest.mark.parametrize("bot", BOTS, ids=NAMES)
def test_a_build_that_believes_the_client_is_caught(bot: Bot, monkeypatch: Patch) -> None:
    server = Server()
    bot.bad_build(monkeypatch)
    most_ms = bot.attack(server, Random(0))
    assert server.breaches(most_ms) != [], f"{bot.bad_build.__name__} went unnoticed"
