"""What people type, understood. Rules are asked by the acts, not here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.days import day_after
from registry.actions import WHY_NAMES
from registry.models import Account, Division, Facility, IdentityDocument
from registry.models.duty import DUTY_KINDS
from registry.models.employment import OCCUPATIONS
from registry.rules.documents import KIND_NAMES
from registry.rules.kinds import DutyKind

if TYPE_CHECKING:  # Django's own classes take no type arguments at run time
    _DivisionField = forms.ModelChoiceField[Division]
    _FacilityForm = forms.ModelForm[Facility]
else:
    _DivisionField, _FacilityForm = forms.ModelChoiceField, forms.ModelForm


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "date", **(attrs or {})}, format="%Y-%m-%d")


class DutyFilter(forms.Form):
    """Which duties a list shows."""

    q = forms.CharField(label=_("Name or user name"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Duty"), choices=[("", _("All")), *DUTY_KINDS], required=False)


class DivisionField(_DivisionField):
    """A division by code and name: there are six places called 城关."""

    def label_from_instance(self, obj: Division) -> str:
        return f"{obj.code} {obj.name}"


class GrantForm(forms.Form):
    """A duty for an account; the choices are those of whoever grants."""

    username = forms.CharField(label=_("User name of the account"), max_length=150)
    kind = forms.ChoiceField(label=_("Duty"), choices=DUTY_KINDS)
    division = DivisionField(
        Division.objects.none(),
        label=_("Division"),
        required=False,
        help_text=_("For supervising officers and issuing officers."),
    )
    credit_code = forms.CharField(
        label=_("Unified social credit code of the facility"),
        required=False,
        max_length=40,
        help_text=_("For facility managers."),
    )
    pool_code = forms.CharField(
        label=_("Expert pool"),
        required=False,
        max_length=20,
        help_text=_("For trainers and reviewers of one pool, by its code; empty: of no pool."),
    )
    starts_on = forms.DateField(label=_("First day of the duty"), widget=DayInput)
    last_day = forms.DateField(
        label=_("Last day of the duty"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: until it is revoked."),
    )

    def __init__(self, *args: Any, by: Account, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today
        self.facilities = Facility.objects.visible_to(by)
        division = self.fields["division"]
        assert isinstance(division, forms.ModelChoiceField)
        if DutyKind.ADMINISTRATOR in by.kinds:
            self.facilities = Facility.objects.all()
            division.queryset = Division.objects.all()
        else:
            manager = [choice for choice in DUTY_KINDS if choice[0] == DutyKind.MANAGER]
            self.fields["kind"].choices = manager  # type: ignore[attr-defined]
            del self.fields["division"], self.fields["pool_code"]

    def clean_username(self) -> Account:
        account = Account.objects.filter(username=self.cleaned_data["username"].strip()).first()
        if account is None:
            raise forms.ValidationError(_("No account has this user name. Check how it is written."))
        return account

    def clean_credit_code(self) -> Facility | None:
        code = "".join(self.cleaned_data["credit_code"].split()).upper()
        if not code:
            return None
        facility = self.facilities.filter(credit_code=code).first()
        if facility is None:
            raise forms.ValidationError(_("No facility you answer for has this code. Compare the licence."))
        return facility

    def act(self) -> dict[str, Any]:
        """What `grant_duty` is called with."""
        data = self.cleaned_data
        return {
            "account": data["username"],
            "kind": data["kind"],
            "division": data.get("division"),
            "facility": data["credit_code"],
            "pool_code": data.get("pool_code", "").strip(),
            "starts_on": data["starts_on"],
            "until": day_after(data["last_day"]) if data["last_day"] else None,
        }


class RosterForm(forms.Form):
    file = forms.FileField(
        label=_("Roster"), help_text=_("An Excel workbook (.xlsx) or CSV file, 5 MB and 5,000 rows at most.")
    )


class HireForm(forms.Form):
    """One person in one post."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As printed on the document."))
    document_kind = forms.ChoiceField(
        label=_("Kind of document"), choices=[(kind.value, words) for kind, words in KIND_NAMES.items()]
    )
    document_number = forms.CharField(
        label=_("Number of the document"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.RegexField(
        r"^[0-9+ ()\-]{7,20}$",
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    occupation = forms.ChoiceField(label=_("Occupation"), choices=[("", "–"), *OCCUPATIONS])
    started_on = forms.DateField(label=_("First day in post"), widget=DayInput)


class EndForm(forms.Form):
    last_day = forms.DateField(label=_("Last day in post"), widget=DayInput)

    def until(self) -> date:
        """The first day no longer in post."""
        return day_after(self.cleaned_data["last_day"])


class FacilityForm(_FacilityForm):
    """What a facility may correct of itself."""

    class Meta:
        model = Facility
        fields = ["name", "address", "places"]
        labels = {"name": _("Name"), "address": _("Address"), "places": _("Places for children")}
        help_texts = {"name": _("As printed on the licence.")}


class RevealForm(forms.Form):
    """Which number, and why."""

    document = forms.ChoiceField(label=pgettext_lazy("identity", "Document"), widget=forms.RadioSelect)
    why = forms.ChoiceField(
        label=_("What do you need it for?"),
        choices=[(why.value, words) for why, words in WHY_NAMES.items()],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, documents: list[IdentityDocument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (document.public_id, f"{document.get_kind_display()} {document.masked_number}")
            for document in documents
        ]
        if len(documents) == 1:
            field.initial = documents[0].public_id


class AccountForm(forms.Form):
    """A login for one of the staff."""

    username = forms.CharField(label=_("User name"), max_length=150)
    password = forms.CharField(
        label=_("First password"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("At least 10 characters. Tell it to her alone; she changes it after signing in."),
    )


class RecordSearch(forms.Form):
    """Which other record might be the same human being's."""

    q = forms.CharField(label=_("Name on the other record"), max_length=100, strip=True)


class MergeForm(forms.Form):
    """Two records of one human being: which one stays, why, and what was compared."""

    stays = forms.ChoiceField(
        label=_("The record that stays"),
        widget=forms.RadioSelect,
        help_text=_("The other one is kept whole and is shown under this one."),
    )
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(
        label=_("What you compared"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which documents, by whom shown, or who confirmed it. No identity numbers."),
    )

    def __init__(self, *args: Any, records: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stays"].choices = records  # type: ignore[attr-defined]


class UndoForm(forms.Form):
    """They are two human beings after all."""

    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(
        label=_("What you compared"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecideMergeForm(forms.Form):
    """The second person's answer."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Accept the proposal")), ("decline", _("Decline the proposal"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    despite_measure = forms.BooleanField(
        label=_("A measure or an open case concerns one of them; I compared both and decide all the same"),
        required=False,
        help_text=_("Only for officers of the province, and only where it is so."),
    )
