"""An honest learner with bad luck: her phone, her network, her habits.

She does what `player.js` does, second by second: beats every ten seconds and at each pause and seek, beats
kept while the network is away and sent again when an answer was lost, the film stopped while a presence check
stands, the first gap when she comes back on another phone. Some browsers play on behind the question.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from lms.actions import watch
from lms.models import PresenceCheck
from lms.rules.watching import Beat
from tests.factories import lms as learn
from tests.lms.actions.players import LAPTOP, PHONE, Server

FILM_SECONDS = 600
MOST_KEPT, LINGER = 18, (2.5, 5, 7.5)
LONGEST_LIFE = 3 * 3600


class Learner:
    """Her phone, her network and her luck; time passes in steps of half a second."""

    STEP = 0.5

    def __init__(self, server: Server, chance: Random) -> None:
        self.server, self.chance = server, chance
        self.clock = 0.0
        self.watched: list[tuple[int, int]] = []  # what she really saw, in milliseconds of the film
        self.met: Counter[str] = Counter()
        self.progress: watch.Progress | None = None
        self.device, self.place = PHONE, 0.0
        self.plays_on = chance.random() < 0.4  # a full screen that no page can leave or stop
        self.in_doubt: list[tuple[int, int]] = []  # seen while a check stood open
        self.network_back = self.paused_until = 0.0
        self.start(take_over=False)

    # ── the page ─────────────────────────────────────────────────────────────

    def start(self, *, take_over: bool) -> None:
        """The page is loaded: the session opened, the film where the first gap is."""
        self.generation = self.sequence = 0
        self.kept: list[Beat] = []
        self.in_flight: tuple[float, list[Beat], bool] | None = None
        self.retry_at = self.last_beat = 0.0
        self.linger: list[float] = []
        self.standing: PresenceCheck | None = None
        self.in_doubt = []
        self.act_at = 0.0
        self.loaded_at = self.clock
        gaps = self.progress.gaps if self.progress else ((0, FILM_SECONDS * 1000),)
        self.place = gaps[0][0] / 1000 if gaps else 0.0
        self.playing = True
        self.tell_time()
        generation = self.server.open(device=self.device, take_over=take_over)
        if generation is None:
            self.met["asked to take over"] += 1
            generation = self.server.open(device=self.device, take_over=True)
        assert generation is not None
        self.generation = generation
        self.beat()

    def tell_time(self) -> None:
        self.server.now_ms = round(self.clock * 1000)

    def beat(self, place: float | None = None) -> None:
        self.sequence += 1
        at = self.place if place is None else place
        self.kept.append(
            learn.beat(
                self.generation, self.sequence, at, sent_ms=round((self.clock - self.loaded_at) * 1000)
            )
        )
        self.kept = self.kept[-MOST_KEPT:]
        self.last_beat = self.clock
        self.send()

    def send(self) -> None:
        if self.in_flight or not self.kept or self.clock < self.retry_at:
            return
        if self.clock < self.network_back:
            self.retry_at = self.clock + 3
            return
        lag = self.chance.choice((0.1, 0.2, 0.2, 0.5, 1.5, 4.0))
        self.in_flight = (self.clock + lag, list(self.kept), self.chance.random() < 0.03)

    def arrive(self) -> None:
        """A request reaches the server; now and then the answer is lost and all is sent again."""
        if not self.in_flight or self.clock < self.in_flight[0]:
            return
        _, batch, is_lost = self.in_flight
        self.in_flight = None
        self.tell_time()
        progress = self.server.beat(*batch)
        if is_lost:
            self.met["lost answers"] += 1
            self.retry_at = self.clock + 3
            return
        self.kept = [one for one in self.kept if one not in batch]
        if progress is not None:
            self.told(progress)
        self.send()

    def told(self, progress: watch.Progress) -> None:
        self.progress = progress
        before, self.standing = self.standing, None if progress.completed else progress.presence
        if self.standing == before and (before is None or before.outcome == self.standing.outcome):
            return
        if before is not None and before.outcome is None and self.standing is not None:
            self.met["missed checks"] += 1
            self.in_doubt = []  # its stretch does not count, and is a gap she plays again
        if self.standing is None:
            self.watched += self.in_doubt
            self.in_doubt = []
            if self.place < FILM_SECONDS:
                self.play()
        elif self.standing.outcome is None:
            self.met["checks"] += 1
            is_away = self.chance.random() < (0.3 if self.plays_on else 0.15)
            self.act_at = self.clock + (
                self.chance.uniform(120, 300) if is_away else self.chance.uniform(2, 30)
            )
            if not self.plays_on:
                self.pause()
        else:
            self.pause()
            self.act_at = self.clock + self.chance.uniform(2, 10)

    def pause(self) -> None:
        if self.playing:
            self.playing = False
            self.beat()

    def play(self) -> None:
        if not self.playing:
            self.playing = True
            self.beat()

    def seek(self, place: float) -> None:
        self.beat()
        self.place = place
        self.beat()

    def confirm(self) -> None:
        """She taps: on the right word, or on the button for a new question."""
        if self.standing is None or self.clock < self.act_at or self.clock < self.network_back:
            return
        self.tell_time()
        progress = None
        if self.standing.outcome is None:
            progress = self.server.answer(self.standing, generation=self.generation)
        if progress is None:
            progress = self.server.ask(generation=self.generation)
        assert progress is not None
        if progress.presence is None:
            self.server.check_in(self.chance.randint(40, 200))
        self.told(progress)

    # ── her life ─────────────────────────────────────────────────────────────

    def step(self) -> None:
        self.clock += self.STEP
        if self.playing and self.clock >= self.paused_until:
            to = min(self.place + self.STEP, FILM_SECONDS)
            seen = self.watched if self.standing is None else self.in_doubt
            seen.append((round(self.place * 1000), round(to * 1000)))
            self.place = to
            if to >= FILM_SECONDS:
                self.playing = False
                self.beat()
                self.linger = [self.clock + later for later in LINGER]
            elif self.clock - self.last_beat >= 9.75:
                self.beat()
        while self.linger and self.clock >= self.linger[0]:
            self.linger.pop(0)
            self.beat()
        self.arrive()
        if self.clock >= self.retry_at:
            self.send()
        self.confirm()
        self.luck()

    def luck(self) -> None:
        throw = self.chance.random()
        if throw < 0.0012 and self.clock > self.network_back:
            self.met["drops"] += 1
            self.network_back = self.clock + self.chance.uniform(10, 70)
        elif throw < 0.0020 and self.playing and self.standing is None:
            self.met["pauses"] += 1
            self.pause()
            self.paused_until = self.clock + self.chance.uniform(3, 200)
        elif throw < 0.0023:
            self.met["crashes"] += 1
            self.clock += self.chance.choice((5, 20, 70, 400))
            self.network_back = min(self.network_back, self.clock)
            self.device = LAPTOP if self.device == PHONE else PHONE
            self.start(take_over=False)
        if (
            not self.playing
            and self.standing is None
            and self.paused_until
            and self.clock >= self.paused_until
        ):
            self.paused_until = 0.0
            if self.place < FILM_SECONDS:
                self.play()

    def is_at_rest(self) -> bool:
        return not (self.playing or self.kept or self.in_flight or self.linger or self.standing)

    def through(self) -> None:
        """Until the film has ended and all that was kept has been handed in."""
        while not (self.is_at_rest() and self.place >= FILM_SECONDS):
            self.step()
            assert self.clock < LONGEST_LIFE, "she never came to the end"
        self.tell_time()

    def play_the_gaps(self) -> None:
        """What the page offers her as buttons, each once."""
        assert self.progress is not None
        for start, end in self.progress.gaps:
            if end - start < 500 or self.progress.completed:
                continue
            self.met["gaps played"] += 1
            self.seek(start / 1000)
            self.play()
            while self.place * 1000 < min(end + 1_000, FILM_SECONDS * 1000) and not self.progress.completed:
                self.step()
            self.pause()
        while not self.is_at_rest():
            self.step()
        self.tell_time()
