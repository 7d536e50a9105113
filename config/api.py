"""The HTTP API, version 1. Each room brings a router in its `api.py`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

import credentials.api
import oversight.api
from core.refusals import Refused

api = NinjaAPI(
    title="Yuzheng 育证",
    version="1",
    description="Certificates anybody can check; standing, staff and rates for those who may see them.",
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"error": error.code, "message": str(error)}, status=409)


api.add_router("", credentials.api.router)
api.add_router("", oversight.api.router)
