"""manage.py reset_second_factor NAME: for somebody who lost her phone and her recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.acts import System
from config.accounts import reset_second_factor
from core import clock
from core.refusals import Refused
from registry.models import Account


class Command(BaseCommand):
    help = "Forget an account's second factor. First recognise the person: in her office, or by her superior."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--by", required=True, help="your name, for the record of acts")

    def handle(self, *args: Any, username: str, by: str, **options: Any) -> None:
        account = Account.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"no account is called {username}")
        try:
            reset_second_factor(account=account, by=System(f"operator {by}"), at=clock.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{username} sets up a new second factor at the next sign-in.")
