"""The deployment's own settings, with two empty views beside its routes."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
POLICY_TABLE = "tests.bench.urls.TABLE"
