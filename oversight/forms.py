"""What an officer asks: as of which day, for which occupation, who."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.templatetags.yz import day as said
from oversight.queries.people import Which
from oversight.rules.rates import EARLIEST
from registry.forms import DayInput, DivisionField
from registry.models import Division
from registry.models.employment import OCCUPATIONS
from registry.rules.names import match_key
from registry.rules.standard import Occupation

MOST_BYTES = 200_000
WHICH = [
    (Which.ALL.value, _("everybody counted")),
    (Which.CERTIFIED.value, _("certified")),
    (Which.WITHOUT.value, _("without a valid certificate")),
    (Which.EXPIRING.value, _("expiring within 90 days")),
    (Which.UNDEMANDED.value, _("no certificate is demanded")),
]


class OnForm(forms.Form):
    """As of which day; today if nothing is said."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=DayInput,
        error_messages={"invalid": _("This is no day. Write it like 2026-11-22.")},
    )

    def clean_on(self) -> date:
        """Today for nothing; never a day to come, for of tomorrow nothing is known."""
        today = clock.today()
        on: date = self.cleaned_data["on"] or today
        if on > today:
            raise forms.ValidationError(
                _("This day has not come yet. Choose today, %(today)s, or an earlier one."),
                code="future",
                params={"today": said(today)},
            )
        if on < EARLIEST:
            raise forms.ValidationError(
                _("Figures begin on %(first)s. Choose a later day."),
                code="too_early",
                params={"first": said(EARLIEST)},
            )
        return on


class AskForm(OnForm):
    """The same with an occupation."""

    occupation = forms.ChoiceField(
        label=_("Occupation"),
        required=False,
        choices=[("", _("all that need a certificate")), *OCCUPATIONS],
        error_messages={"invalid_choice": _("This occupation is unknown. Choose one from the list.")},
    )

    def clean_occupation(self) -> Occupation | None:
        name = self.cleaned_data["occupation"]
        return Occupation(name) if name else None


class PeopleForm(AskForm):
    """The same with a part of the people."""

    which = forms.ChoiceField(
        label=_("Who"),
        required=False,
        choices=WHICH,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )

    def clean_which(self) -> Which:
        return Which(self.cleaned_data["which"] or Which.ALL)


class RehearsalForm(forms.Form):
    """A draft of a standard, where and for which day to rehearse it."""

    file = forms.FileField(
        label=_("Draft of the standard"),
        help_text=_("A file as the rulebook is written in (.toml), 200 KB at most. It is read and not kept."),
        error_messages={"required": _("Choose the file of the draft.")},
    )
    division = DivisionField(
        Division.objects.none(), label=_("Division"), required=False, empty_label=_("All my divisions")
    )
    on = forms.DateField(
        label=_("As of"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=DayInput,
        help_text=_("Empty: the first day of the change, or today if that is past."),
        error_messages={"invalid": _("This is no day. Write it like 2026-11-22.")},
    )

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Division]", self.fields["division"]).queryset = divisions

    def clean_file(self) -> tuple[str, str]:
        """(name, text)."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 200 KB: this is no standard."), "size")
        try:
            return file.name, file.read().decode()
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not written in UTF-8. Save it so."), "utf8") from None


class SearchForm(forms.Form):
    """A person by her name."""

    q = forms.CharField(
        label=_("Name"),
        max_length=100,
        error_messages={"required": _("Write a name or a part of it.")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def clean_q(self) -> str:
        """The key that spellings of a name share; dots and blanks alone are no name."""
        key = match_key(self.cleaned_data["q"])
        if not key:
            raise forms.ValidationError(self.fields["q"].error_messages["required"], code="required")
        return key
