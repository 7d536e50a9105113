"""manage.py serve: web, worker and beat in one process tree."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.supervisor import STOP_SECONDS, Child, Supervisor


class Command(BaseCommand):
    help = "Serve web, worker and beat until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=_port, default=8000, help="1 to 65535 (default 8000)")
        parser.add_argument(
            "--prepare", action="store_true", help="migrate first, and in a demonstration fill the province"
        )

    def handle(self, *args: Any, host: str, port: int, prepare: bool, **options: Any) -> None:
        _await_port(host, port, say=self.stderr.write)
        address = f"http://{host}:{port}"
        if settings.DEMONSTRATION:  # QR codes lead to where the demonstration really is
            os.environ.setdefault("YUZHENG_PUBLIC_URL", address)
        if prepare:
            call_command("migrate", verbosity=0)
            if settings.DEMONSTRATION:
                call_command("demo")
            else:
                call_command("collectstatic", interactive=False, verbosity=0)
                call_command("load_registry")

        def announce() -> None:
            self.stdout.write(f"Yuzheng 育证 is at {address}  (Ctrl-C stops it)")
            if settings.DEMONSTRATION:
                self.stdout.write("The front page says which accounts to sign in as.")
            self.stdout.flush()

        supervisor = Supervisor(
            children=[Child("web", web_command(host, port)), Child("worker", worker_command())],
            say=self.stderr.write,
        )
        code = supervisor.run(ready=lambda: answers(host, port), on_ready=announce)
        self.stdout.write("Stopped.")
        if code:
            sys.exit(code)


def web_command(host: str, port: int) -> list[str]:
    environment = settings.ENVIRONMENT
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
        *("--host", host, "--port", str(port), "--no-ws", "--log-level", "warning"),
        *("--workers", str(environment.web_processes), "--blocking-threads", str(environment.web_threads)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
    ]


def worker_command() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "config", "worker", "--beat", "--loglevel", "warning"),
        *("--concurrency", str(settings.ENVIRONMENT.worker_processes)),
        *("--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME),
    ]


def answers(host: str, port: int) -> bool:
    """Does /healthz say ok? Asked by the name the world uses, since production answers to no other."""
    asked = http.client.HTTPConnection("127.0.0.1" if host in ("0.0.0.0", "::") else host, port, timeout=1)  # noqa: S104
    try:
        asked.request("GET", "/healthz", headers={"Host": urlsplit(settings.PUBLIC_URL).netloc})
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"{text!r} is no port; 1 to 65535")
    return int(text)


def _await_port(host: str, port: int, *, say: Callable[[str], object]) -> None:
    """Wait for what a killed supervisor left. Raises CommandError for an address that can't be had."""
    deadline, told = time.monotonic() + STOP_SECONDS + 3, False
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise CommandError(f"cannot listen at {host}, port {port}: {error.strerror}") from error
                if time.monotonic() > deadline:
                    taken = (
                        f"port {port} of {host} is taken ({error.strerror}); try another (make run PORT=8080)"
                    )
                    raise CommandError(taken) from error
        if not told:
            say(f"Port {port} is taken; waiting a moment for it to become free.")
            told = True
        time.sleep(0.3)
