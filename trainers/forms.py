"""What people type in this room, and how a refusal of an act finds its field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import day_after
from core.refusals import Refused
from registry.models import Division
from registry.rules.documents import KIND_NAMES
from trainers.models import Field
from trainers.rules.forms import ACCEPTED

# Which field a refusal belongs to; what is not named here stands above the form.
FIELD_OF = {
    "title_missing": "title",
    "title_too_long": "title",
    "captions": "captions",
    "captions_for_video": "captions",
    "note_missing": "note",
    "reason_missing": "reason",
    "name_differs": "name",
    "name_missing": "name",
    "term_backwards": "last_day",
    "term_over": "last_day",
    "term_too_long": "last_day",
    "day_outside": "ended_on",
    "pool_exists": "division",
    "no_county_pool": "division",
}


def say(form: forms.BaseForm, refusal: Refused, *, otherwise: str | None = None) -> None:
    """Put the sentence beside the field it is about, or beside `otherwise`, or above the form."""
    name = FIELD_OF.get(refusal.code, otherwise)
    form.add_error(name if name in form.fields else None, str(refusal))


class _Day(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class _Term(forms.Form):
    """People name the last day; the system counts to the first day outside."""

    def until(self) -> date | None:
        last: date | None = self.cleaned_data.get("last_day")
        return day_after(last) if last else None


class UploadForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("What it teaches, so that authors find it.")
    )
    file = forms.FileField(label=_("File"), help_text=ACCEPTED, allow_empty_file=True)
    captions = forms.FileField(
        label=_("Captions"),
        required=False,
        allow_empty_file=True,
        help_text=_("For a video: a WebVTT file (.vtt). Many watch without sound."),
        widget=forms.ClearableFileInput(attrs={"accept": ".vtt,text/vtt"}),
    )
    declared_bytes = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class VersionForm(UploadForm):
    title = None  # type: ignore[assignment]


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[
            ("approved", _("Approve: it may be used in courses")),
            ("refused", _("Refuse: the trainer has to mend it")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note to the trainer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed when you refuse: what is wrong, on which page or at which minute."),
    )


class PoolForm(forms.Form):
    name = forms.CharField(label=_("Name of the pool"), max_length=80)
    division = forms.ModelChoiceField(label=_("Division"), queryset=Division.objects.none())
    seats = forms.IntegerField(
        label=_("Seats in all"),
        min_value=1,
        max_value=400,
        initial=40,
        help_text=_("The provincial pool has 40."),
    )

    def __init__(self, *args: Any, divisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = divisions  # type: ignore[attr-defined]


class NominationForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("As printed on the identity document.")
    )
    document_kind = forms.ChoiceField(
        label=_("Kind of document"), choices=[(kind.value, name) for kind, name in KIND_NAMES.items()]
    )
    document_number = forms.CharField(
        label=_("Document number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Kept encrypted. It makes sure that nobody who is banned is seated."),
    )
    field = forms.ChoiceField(label=_("Field"), choices=Field.choices)
    workplace = forms.CharField(label=_("Workplace"), max_length=120, help_text=_("Shown to the public."))
    title = forms.CharField(
        label=_("Professional title"), max_length=80, required=False, help_text=_("Shown to the public.")
    )
    reasons = forms.CharField(
        label=_("Why this person"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AppointForm(_Term):
    starts_on = _Day(label=_("First day of the term"))
    last_day = _Day(label=_("Last day of the term"), help_text=_("Five years at most; it can be renewed."))


class DeclineForm(forms.Form):
    note = forms.CharField(
        label=_("Why it is declined"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class EndForm(forms.Form):
    ended_on = _Day(
        label=_("Ends on"), help_text=_("The first day that no longer belongs to it; today at the latest.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class AccreditForm(_Term):
    name = forms.CharField(label=_("Name of the organisation"), max_length=120)
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 characters, as on the licence.")
    )
    division = forms.ModelChoiceField(label=_("Division"), queryset=Division.objects.none())
    accredited_from = _Day(label=_("Accredited from"))
    last_day = _Day(label=_("Last day"), required=False, help_text=_("Leave it empty for an open end."))

    def __init__(self, *args: Any, divisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = divisions  # type: ignore[attr-defined]
