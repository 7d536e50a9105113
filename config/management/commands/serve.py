"""manage.py serve: web, worker and beat in one process tree."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.supervisor import Child, Supervisor


class Command(BaseCommand):
    help = "Serve web, worker and beat until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--prepare", action="store_true", help="migrate first, and in a demonstration fill the province"
        )

    def handle(self, *args: Any, host: str, port: int, prepare: bool, **options: Any) -> None:
        if prepare:
            call_command("migrate", verbosity=0)
            call_command("demo" if settings.DEMONSTRATION else "load_registry")
        python = sys.executable
        environment = settings.ENVIRONMENT
        web = [
            *(python, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
            *("--host", host, "--port", str(port), "--no-ws", "--log-level", "warning"),
            *("--workers", str(environment.web_processes), "--blocking-threads", str(environment.web_threads)),
            *("--respawn-failed-workers", "--workers-kill-timeout", "8"),
        ]
        worker = [
            *(python, "-m", "celery", "-A", "config", "worker", "--beat", "--loglevel", "warning"),
            *("--concurrency", str(environment.worker_processes), "--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME),
        ]
        address = f"http://{host}:{port}"

        def ready() -> bool:
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=1) as answer:  # noqa: S310
                    return bool(answer.status == 200)
            except (urllib.error.URLError, OSError):
                return False

        def announce() -> None:
            self.stdout.write(f"Yuzheng 育证 is at {address}  (Ctrl-C stops it)")
            if settings.DEMONSTRATION:
                self.stdout.write("The front page says which accounts to sign in as.")
            self.stdout.flush()

        supervisor = Supervisor(
            children=[Child("web", web), Child("worker", worker)], say=lambda line: self.stderr.write(line)
        )
        code = supervisor.run(ready=ready, on_ready=announce)
        self.stdout.write("Stopped.")
        if code:
            sys.exit(code)
