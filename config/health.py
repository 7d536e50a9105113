"""Is the process alive; can it do its work."""

from __future__ import annotations

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from audit.models import Work
from core import clock

_migrated: set[str] = set()  # databases this process has seen migrated: asking again costs 50 ms


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and is migrated; 503 and the reason when not.

    `work_given_up` counts what failed too often and waits for a person (`manage.py work` lists it).
    """
    try:
        missing = _missing_migrations()
        if missing:
            return JsonResponse({"ready": False, "why": f"{missing} migrations to run"}, status=503)
        waiting = Work.objects.due(clock.now()).count()
        given_up = Work.objects.given_up().count()
    except Error:
        return JsonResponse({"ready": False, "why": "the database does not answer"}, status=503)
    return JsonResponse({"ready": True, "work_due": waiting, "work_given_up": given_up})


def _missing_migrations() -> int:
    name = str(connection.settings_dict["NAME"])
    if name in _migrated:
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not missing:
        _migrated.add(name)
    return missing
