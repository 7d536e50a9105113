"""The accounts of the demonstration: one of each kind, and their twins in another county."""

from __future__ import annotations

from datetime import date

from config.demonstration.people import HOME, OTHER, one_more
from config.demonstration.world import BY, PASSWORD, World
from registry.actions.grant_duty import grant_duty
from registry.actions.open_account import open_account
from registry.models import Account, Division, Employment, Facility, Person
from registry.rules.kinds import DutyKind

SINCE = date(2021, 1, 1)

# user name, kind of duty, division
OFFICES = (
    ("admin", DutyKind.ADMINISTRATOR, None),
    ("province", DutyKind.OFFICER, "530000"),
    ("province2", DutyKind.OFFICER, "530000"),
    ("issuer", DutyKind.ISSUER, "530000"),
    ("kunming", DutyKind.OFFICER, "530100"),
    ("dali", DutyKind.OFFICER, "532900"),
    ("wuhua", DutyKind.OFFICER, HOME),
    ("panlong", DutyKind.OFFICER, "530103"),
    ("dalishi", DutyKind.OFFICER, OTHER),
    ("trainer", DutyKind.TRAINER, None),
    ("trainer2", DutyKind.TRAINER, None),
    ("reviewer", DutyKind.REVIEWER, None),
    ("reviewer2", DutyKind.REVIEWER, None),
    ("editor", DutyKind.EDITOR, None),
)


def give_offices(world: World) -> None:
    """Accounts that carry a duty; each is a person of its own."""
    chance = world.chance("offices")
    for username, kind, code in OFFICES:
        account = _open(world, one_more(world, chance), username)
        division = Division.objects.get(code=code) if code else None
        grant_duty(account=account, kind=kind, division=division, starts_on=SINCE, by=BY, at=world.at)


def give_managers(world: World) -> None:
    """Directors who manage their facility: the two oldest in the home county, the oldest in another."""
    for username, facility in _managed(world):
        account = _open(world, world.directors[facility.pk], username)
        grant_duty(
            account=account, kind=DutyKind.MANAGER, facility=facility, starts_on=SINCE, by=BY, at=world.at
        )


def facility_of(world: World, username: str) -> Facility:
    return dict(_managed(world))[username]


def _managed(world: World) -> list[tuple[str, Facility]]:
    oldest = sorted(world.facilities, key=lambda facility: (facility.opened_on, facility.pk))
    home = [facility for facility in oldest if facility.division_id == HOME]
    other = next(facility for facility in oldest if facility.division_id == OTHER)
    return [("manager", home[0]), ("manager2", home[1]), ("manager3", other)]


def caregivers(facility: Facility) -> list[Person]:
    """Those in post at the facility, longest first."""
    posts = Employment.objects.filter(facility=facility, occupation="caregiver", until=None)
    return [post.person for post in posts.select_related("person").order_by("started_on", "pk")]


def let_in(world: World, person: Person, username: str) -> Account:
    """A learner's account."""
    return _open(world, person, username)


def _open(world: World, person: Person, username: str) -> Account:
    account = open_account(person=person, username=username, password=PASSWORD, by=BY, at=world.at)
    world.accounts[username] = account
    return account
