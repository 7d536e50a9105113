"""What visitors and reviewers fill in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.models import CourseReview
from cms.words import OCCUPATIONS, TOPICS


class CatalogueFilter(forms.Form):
    q = forms.CharField(label=_("Search courses"), required=False, max_length=60, strip=True)
    topic = forms.ChoiceField(
        label=_("Topic"), choices=[("", _("All topics")), *TOPICS.items()], required=False
    )
    occupation = forms.ChoiceField(
        label=_("For whom"), choices=[("", _("Everyone")), *OCCUPATIONS.items()], required=False
    )


class ReviewForm(forms.Form):
    """`digest` is the content that was on the page she read."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    verdict = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (CourseReview.Verdict.APPROVED.value, _("Approve: it may be published as it stands")),
            (CourseReview.Verdict.REFUSED.value, _("Refuse: the author should change something")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note to the author"),
        help_text=_("A refusal needs one. Say where and what."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=2000,
    )
