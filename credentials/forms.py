"""What people type, understood. Rules are asked by the acts, not here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import day_after
from core.refusals import Refused
from credentials.actions.revoke import GROUNDS
from credentials.models import BanCase, BanSubject, StatusMark
from registry.forms import DayInput, DivisionField
from registry.models import Account, Division, Employment, Facility, Person
from registry.models.employment import OCCUPATIONS
from registry.rules.documents import detect_kind, read


class FindForm(forms.Form):
    """A search within the officer's place."""

    q = forms.CharField(
        label=_("Certificate number, code or name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """An act that needs nothing but its reason."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RevokeForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[(ground.value, ground.label) for ground in GROUNDS],
        widget=forms.RadioSelect,
        help_text=_("Stays inside the administration. A ban goes through its own case."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stays on record and is never shown to the public."),
    )
    sure = forms.BooleanField(label=_("I have compared the number and the name."))


class SuspendForm(forms.Form):
    last_day = forms.DateField(label=_("Last day of the suspension"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def until(self) -> date:
        """The first day it counts again."""
        return day_after(self.cleaned_data["last_day"])


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label=_("What was wrong"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    sure = forms.BooleanField(label=_("The person's record now says what the new edition shall say."))


class CaseForm(forms.Form):
    """A case of the officer's own place."""

    credit_code = forms.CharField(
        label=_("Unified social credit code of the facility"),
        required=False,
        max_length=40,
        help_text=_("Leave it empty if it did not happen in a facility."),
    )
    division = DivisionField(
        Division.objects.none(),
        label=_("Division"),
        required=False,
        help_text=_("Needed without a facility; otherwise the facility's own is taken."),
    )
    incident_on = forms.DateField(label=_("Day of the incident"), widget=DayInput)
    summary = forms.CharField(
        label=_("What happened"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Facts and their source; no names of children."),
    )

    def __init__(self, *args: Any, by: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Division.objects.visible_to(by)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        code = data.get("credit_code", "").strip().upper()
        data["facility"] = None
        if code:
            facility = Facility.objects.visible_to(self.by).filter(credit_code=code).first()
            if facility is None:
                self.add_error("credit_code", _("No facility of your place has this code."))
                return data
            data["facility"], data["division"] = facility, facility.division
        elif not data.get("division"):
            self.add_error("division", _("Choose where it happened."))
        return data


class ProposalForm(forms.Form):
    """The person's own part. `read_version` is what was on the screen when it was filled in."""

    part = forms.ChoiceField(label=_("Part"), choices=BanSubject.Part, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("Evidence for this person's own part"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    notice_served_on = forms.DateField(
        label=_("Notice served on"),
        required=False,
        widget=DayInput,
        help_text=_(
            "The time to answer runs from here: ten working days unless the standard says otherwise. "
            "Public holidays are counted as working days, so add them yourself."
        ),
    )
    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ProposeForm(ProposalForm):
    """As above, with the person and the interim measure."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    document_number = forms.CharField(
        label=_("Or the number of the identity document"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Whole and exact: a name never identifies anybody."),
    )
    suspended_last_day = forms.DateField(
        label=_("Interim suspension, last day"),
        required=False,
        widget=DayInput,
        help_text=_("Takes effect at once and lapses by itself. Leave it empty for none."),
    )
    field_order = ["person", "document_number", "part", "evidence", "notice_served_on", "suspended_last_day"]

    def __init__(self, *args: Any, case: BanCase, by: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose from the staff, present and past")), *_staff_of(case)]
        if len(field.choices) == 1:
            del self.fields["person"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if chosen := data.get("person"):
            data["subject"] = Person.objects.get(public_id=chosen)
        elif number := data.get("document_number", "").strip():
            data["subject"] = self._by_document(number)
        else:
            self.add_error("document_number", _("Say who: choose from the staff or type the number."))
        return data

    def _by_document(self, typed: str) -> Person | None:
        kind = detect_kind(typed)
        if kind is None:
            self.add_error("document_number", _("This is no number of a known document. Compare it."))
            return None
        try:
            number = read(kind, typed).number
        except Refused as refusal:
            self.add_error("document_number", str(refusal))
            return None
        visible = Person.objects.visible_to(self.by).with_document(kind.value, number)
        person = visible.first()
        if person is None:
            self.add_error("document_number", _("Nobody who works or worked in your place has this number."))
        return person

    def suspend_until(self) -> date | None:
        last: date | None = self.cleaned_data["suspended_last_day"]
        return day_after(last) if last else None


class AnswerForm(forms.Form):
    answered_on = forms.DateField(label=_("Answered on"), widget=DayInput)
    answer = forms.CharField(
        label=_("What the person answered"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )


class RenewForm(SuspendForm):
    """The same two answers for the interim suspension of a case."""


class DecideForm(forms.Form):
    ban = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Ban for life")), ("no", _("Do not ban"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    sure = forms.BooleanField(label=_("I have read the proposal, the evidence and the answer."))
    read_version = forms.IntegerField(widget=forms.HiddenInput)


class ProposeOverturnForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    document = forms.CharField(
        label=_("Ruling or new evidence it rests on"),
        max_length=200,
        help_text=_("Title, number and day, so that the deciding officer can open it."),
    )


class DecideOverturnForm(forms.Form):
    """`proposal` is the one that was on the screen."""

    overturn = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Overturn the ban")), ("no", _("Let the ban stand"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    proposal = forms.CharField(widget=forms.HiddenInput)


class CheckForm(forms.Form):
    """One certificate, for the door."""

    code_or_number = forms.CharField(
        label=_("Code or number of the certificate"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    post = forms.ChoiceField(
        label=_("Wanted for the post of"),
        required=False,
        choices=[("", _("Own staff, or not decided")), *OCCUPATIONS],
    )


GROUND_WORDS = dict(StatusMark.Ground.choices)


def _staff_of(case: BanCase) -> list[tuple[str, str]]:
    """People who are or were in post at the facility of the case, each once."""
    if case.facility_id is None:
        return []
    posts = Employment.objects.filter(facility_id=case.facility_id).select_related("person")
    seen = {post.person.public_id: f"{post.person.name} · {post.get_occupation_display()}" for post in posts}
    return sorted(seen.items(), key=lambda pair: pair[1])
