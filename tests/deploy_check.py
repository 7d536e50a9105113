"""`check --deploy` under production settings, a warning being an error: python -m tests.deploy_check."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import tempfile


def production_environment(folder: str) -> dict[str, str]:
    """The least that production demands, with fresh secrets."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    ours = ("YUZHENG_", "DATABASE_URL", "CELERY_BROKER_URL")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        "YUZHENG_MODE": "production",
        "YUZHENG_SECRET_KEY": secrets.token_urlsafe(60),
        "YUZHENG_ENCRYPTION_KEY": key(),
        "YUZHENG_INDEX_PEPPER": key(),
        "YUZHENG_PUBLIC_URL": "https://yuzheng.example",
        "YUZHENG_UPLOAD_URL": "https://content.yuzheng.example",
        "YUZHENG_ALLOWED_HOSTS": "yuzheng.example",
        "YUZHENG_VAR": folder,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(
            subprocess.run(
                [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
                env=production_environment(folder),
                check=False,
            ).returncode
        )
