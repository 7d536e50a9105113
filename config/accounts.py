"""The one sign-in door: nobody signs herself up; accounts are given by a facility or an officer."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from config.navigation import desk_of
from core.refusals import Refused
from core.secrecy import seal, unseal
from credentials.effects import end_sessions_of
from registry.models import Account

SEALED_FOR = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To one's work, not to the front page (an address asked for goes before this)."""
        return desk_of(request.user)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets rest sealed; whose duty demands the second factor cannot put it away."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, context=SEALED_FOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), context=SEALED_FOR)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.type != Authenticator.Type.TOTP or not settings.SECOND_FACTOR:
            return True
        return not Account.objects.get(pk=authenticator.user_id).needs_second_factor


@receiver(authenticator_added)
def set_up_is_shown(
    sender: Any, request: HttpRequest, user: Account, authenticator: Authenticator, **more: Any
) -> None:
    """She typed a code of the new device a moment ago: this session has shown the second factor."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)


@act
def reset_second_factor(*, account: Account, by: Actor, at: datetime) -> None:
    """The phone is lost and the recovery codes too: all is forgotten, and she is signed out everywhere.

    At her next sign-in her password leads to setting a new one up. Whoever asks for this has been
    recognised in person; the command for operators says so. Raises Refused: no_second_factor.
    """
    if not Authenticator.objects.filter(user=account).delete()[0]:
        raise Refused("no_second_factor", _("This account has no second factor to reset."))
    end_sessions_of(account.pk)
    record("accounts.reset_second_factor", subject=account.actor, by=by, at=at)
