"""Honest learners with bad luck: what they watched is credited. Ten times as many with FULL=1."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from lms.actions import confirm_presence, settle_presence
from lms.rules import watching
from lms.rules.intervals import length, normal
from lms.rules.presence import Outcome
from tests.lms.actions.players import FILM, Server
from tests.lms.actions.unlucky import FILM_SECONDS, Learner

pytestmark = pytest.mark.django_db
TRACES = 240 if os.environ.get("FULL", "") not in ("", "0") else 24
BAD_LUCK = (
    "drops",
    "crashes",
    "asked to take over",
    "pauses",
    "lost answers",
    "checks",
    "missed checks",
    "gaps played",
)


def lived(seed: int) -> tuple[Server, Learner]:
    server = Server(seconds=FILM_SECONDS)
    learner = Learner(server, Random(seed))
    server.check_in(60)
    learner.through()
    return server, learner


def missing_percent(server: Server, learner: Learner) -> float:
    """Of what she saw until the film's end, what is not credited then."""
    seen = length(normal(learner.watched))
    assert seen > 0
    return 100 - 100 * server.credited_ms(FILM) / seen


def test_at_least_98_percent_of_honest_watching_is_credited() -> None:
    met: Counter[str] = Counter()
    missing = []
    seen_ms = 0
    for seed in range(TRACES):
        server, learner = lived(seed)
        missing.append(missing_percent(server, learner))
        seen_ms += length(normal(learner.watched))
        assert server.breaches(server.now_ms) == [], f"seed {seed}"
        for _ in range(5):  # a check may be missed in a gap as well
            if learner.progress is None or not learner.progress.completed:
                learner.play_the_gaps()
        assert learner.progress is not None
        assert learner.progress.completed, f"seed {seed}: {learner.progress.gaps}"
        met += learner.met
    print(f"{TRACES} traces, worst {max(missing):.2f} % missing before the gaps are played; {dict(met)}")
    assert seen_ms > TRACES * FILM_SECONDS * 800, "most of the films were seen with nothing missed"
    assert max(missing) <= 2
    assert (
        min(met[what] for what in ("drops", "crashes", "pauses", "checks", "missed checks", "lost answers"))
        > 0
    )


def pays_for_the_last_ten_seconds_only(patch: pytest.MonkeyPatch) -> None:
    """A drop of a minute loses fifty seconds."""
    patch.setattr(watching, "GRACE_MS", 15_000)
    patch.setattr(watching, "KEPT_MS", 0)


def voids_what_a_check_held(patch: pytest.MonkeyPatch) -> None:
    """What was watched while a question stood is lost, even if it was answered in time."""

    def end(session: Any, outcome: Outcome, **told: Any) -> None:
        session.presence.held.all().delete()
        settle_presence.end(session, outcome, **told)

    patch.setattr(confirm_presence, "end", end)


def knows_no_jitter(patch: pytest.MonkeyPatch) -> None:
    """A beat that comes a second late is a seek."""
    patch.setattr(watching, "JITTER_MS", 0)


@pytest.mark.parametrize(
    "bad_build", [pays_for_the_last_ten_seconds_only, knows_no_jitter, voids_what_a_check_held]
)
def test_a_build_that_is_hard_on_the_honest_is_caught(
    bad_build: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad_build(monkeypatch)
    assert max(missing_percent(*lived(seed)) for seed in range(6)) > 2
