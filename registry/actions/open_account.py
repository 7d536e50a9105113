"""Give a person a login. Nobody signs herself up."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.refusals import Refused
from registry.models import Account, Person
from registry.permissions import one_human, records_of


@act
def open_account(
    *, person: Person, username: str, password: str, by: Account | System, at: datetime
) -> Account:
    """The one account of this person; she chooses another password after signing in.

    Raises Refused: has_account, username_taken, bad_username, weak_password.
    """
    person = one_human(person)
    if Account.objects.filter(person_id__in=records_of(person), is_active=True).exists():
        raise Refused("has_account", _("This person has an account already."))
    account = Account(person=person, username=Account.normalize_username(username.strip()), date_joined=at)
    try:
        Account._meta.get_field("username").clean(account.username, account)
    except ValidationError as error:
        raise Refused("bad_username", " ".join(error.messages)) from None
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused("weak_password", " ".join(error.messages)) from None
    account.password = make_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        if Account.objects.filter(username__iexact=account.username).exists():
            raise Refused("username_taken", _("This user name is taken. Choose another one.")) from None
        raise Refused("has_account", _("This person has an account already.")) from None
    record("registry.open_account", subject=account.actor, by=by, at=at, person=person.public_id)
    return account
