"""All routes of the deployment, and empty views to hold them against."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import policy, urls
from core.policy import everyone, gather, signed_in


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain", headers={"Content-Length": "3"})


urlpatterns = [
    path("bench/empty/", empty, name="bench_empty"),
    path("bench/empty-signed-in/", empty, name="bench_empty_signed_in"),
    *urls.urlpatterns,
]
TABLE = gather(
    policy.TABLE,
    {
        "bench_empty": everyone(why="an empty view for measuring, mounted by the bench only"),
        "bench_empty_signed_in": signed_in(why="the same behind the session and the account"),
    },
)
