"""What a trainer and a learner type."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.templatetags.yz import day
from lms.models import Correction, HourEntry
from lms.rules.reasons import DUTY_WORDS
from registry.forms import DayInput
from registry.models import Division, Person
from registry.rules.topics import TOPICS
from trainers.models import TrainingBody


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SessionForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.ModelChoiceField(
        label=_("Training body"),
        queryset=TrainingBody.objects.none(),
        required=False,
        help_text=_("Leave empty when the expert pool itself holds the session."),
    )
    division = forms.ModelChoiceField(label=_("Division"), queryset=Division.objects.none())
    place = forms.CharField(label=pgettext_lazy("class session", "Place"), max_length=120)
    content = forms.ChoiceField(label=pgettext_lazy("class session", "Counts as"), choices=HourEntry.Content)
    topic = forms.ChoiceField(label=_("Topic"), choices=list(TOPICS.items()), initial="care_routine")
    starts_at = forms.DateTimeField(label=_("Begins"), widget=_Moment)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=_Moment)
    break_from = forms.DateTimeField(label=_("Break from"), widget=_Moment, required=False)
    break_until = forms.DateTimeField(label=_("Break until"), widget=_Moment, required=False)
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=500, initial=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = TrainingBody.objects.accredited_on(clock.today())  # type: ignore[attr-defined]
        self.fields["division"].queryset = Division.objects.filter(level="county")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("starts_at"), values.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The session must end after it begins."))
        if bool(values.get("break_from")) != bool(values.get("break_until")):
            self.add_error("break_until", _("Give both ends of the break, or neither."))
        elif values.get("break_from") and values["break_until"] <= values["break_from"]:
            self.add_error("break_until", _("The break must end after it begins."))
        return values

    def plan(self) -> dict[str, Any]:
        """The words of the act, but for who leads and when."""
        values = dict(self.cleaned_data)
        start, end = values.pop("break_from"), values.pop("break_until")
        return {**values, "breaks": [(start, end)] if start else []}


class CodeForm(forms.Form):
    code = forms.RegexField(
        label=_("Code on the trainer's screen"),
        regex=r"^\s*\d{6}\s*$",
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class DepartureForm(forms.Form):
    left_at = forms.DateTimeField(label=_("Left at"), widget=_Moment)


class CloseForm(forms.Form):
    head_count = forms.IntegerField(label=_("How many people were in the room?"), min_value=0, max_value=500)


class DutyForm(forms.Form):
    """A duty done by many on one day: hygiene training is given to the whole staff at once."""

    kind = forms.ChoiceField(label=_("What was done"))
    done_on = forms.DateField(label=_("Day on which it was done"), widget=DayInput)
    reference = forms.CharField(
        label=pgettext_lazy("duty", "Evidence"),
        max_length=120,
        help_text=_("Number of the health card, or of the signed list of those trained. Keep the paper."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    people = forms.MultipleChoiceField(label=_("Who took part"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, kinds: Collection[str], staff: Iterable[Person], needs_evidence: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(kind, DUTY_WORDS.get(kind, kind)) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["people"].choices = [(one.public_id, one.name) for one in staff]  # type: ignore[attr-defined]
        self.fields["reference"].required = needs_evidence


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label=_("What was wrong"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ContestForm(forms.Form):
    words = forms.CharField(
        label=_("Why should this line count?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Say what happened and who can confirm it. Whoever answers reads your words."),
    )


class AnswerContestForm(forms.Form):
    """The answer to a contest; a remedy is one of her lines recorded since."""

    answer = forms.ChoiceField(label=pgettext_lazy("contest", "Answer"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The learner reads it."),
    )

    def __init__(self, *args: Any, remedies: Iterable[HourEntry], **more: Any) -> None:
        super().__init__(*args, **more)
        self.remedies = {one.public_id: one for one in remedies}
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            ("upheld", _("The line stays as it is")),
            *(
                (
                    public_id,
                    _("Remedied by the line “%(title)s” of %(day)s, %(minutes)s minutes")
                    % {"title": one.title, "day": day(one.happened_on), "minutes": one.minutes},
                )
                for public_id, one in self.remedies.items()
            ),
        ]

    def remedy(self) -> HourEntry | None:
        return self.remedies.get(self.cleaned_data["answer"])


class CorrectionForm(forms.Form):
    """Take a line back, or add or take away minutes of it."""

    kind = forms.ChoiceField(label=_("What is to be done"), choices=Correction.Kind, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label=_("Minutes to add or take away"),
        required=False,
        min_value=-100_000,
        max_value=100_000,
        help_text=_("Only for an adjustment: with a minus sign to take away, like -15."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The learner reads this beside the line."),
    )


class DecideCorrectionForm(forms.Form):
    """The second person's answer."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Accept the proposal")), ("decline", _("Decline the proposal"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
