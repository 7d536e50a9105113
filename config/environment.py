"""The environment, read once, by type. What is not understood is refused by name."""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SECRET = "not-a-secret-only-for-demonstrations"  # noqa: S105 - and production refuses it
PREFIX = "YUZHENG_"


class Misconfigured(ValueError):
    """The environment as it is does not do; the message is for whoever set it."""


class Environment(BaseSettings):
    """`YUZHENG_*`, and the two addresses everybody knows: `DATABASE_URL`, `CELERY_BROKER_URL`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    mode: Literal["demonstration", "production"] = "demonstration"
    debug: bool = False
    secret_key: str = DEFAULT_SECRET
    encryption_key: str = ""  # base64 of 32 bytes; seals identity numbers
    index_pepper: str = ""  # base64 of 32 bytes; blind indexes
    public_url: str = "http://127.0.0.1:8000"  # what QR codes and letters say
    upload_url: str = "http://localhost:8000"  # second hostname for uploaded content
    allowed_hosts: str = "127.0.0.1,localhost,[::1]"
    trusted_origins: str = ""
    var: Path = ROOT / "var"  # database, media, keys, broker of the embedded deployment
    second_factor: bool | None = None  # for every duty but learning; unset: a demonstration goes without
    web_processes: int = Field(default=1, ge=1, le=64)
    web_threads: int = Field(default=4, ge=1, le=64)
    worker_processes: int = Field(default=2, ge=1, le=64)
    behind_proxy: bool = False  # X-Forwarded-Proto is trusted
    faults: str = ""  # core.faults, rehearsals only
    clock_offset_seconds: int = 0  # core.clock, rehearsals only
    hsts_seconds: int = Field(default=31_536_000, ge=0)
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    celery_broker_url: str = Field(default="", validation_alias="CELERY_BROKER_URL")

    @field_validator("public_url", "upload_url")
    @classmethod
    def _an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path not in ("", "/")
            or parts.query
        ):
            raise ValueError(f"{value!r} is not an origin such as https://yuzheng.example")
        return value.rstrip("/")

    @field_validator("encryption_key", "index_pepper")
    @classmethod
    def _thirty_two_bytes(cls, value: str) -> str:
        if value and len(_bytes(value)) != 32:
            raise ValueError("must be base64 of exactly 32 bytes")
        return value

    @field_validator("database_url")
    @classmethod
    def _a_known_database(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("postgres", "postgresql", "sqlite"):
            raise ValueError("must begin with postgres:// or sqlite://")
        return value

    @field_validator("celery_broker_url")
    @classmethod
    def _a_known_broker(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in (
            "redis",
            "rediss",
            "amqp",
            "amqps",
            "filesystem",
            "memory",
        ):
            raise ValueError("must begin with redis://, rediss://, amqp:// or amqps://")
        return value

    @model_validator(mode="after")
    def _production_is_strict(self) -> Environment:
        if self.mode != "production":
            return self
        wrong = []
        if self.debug:
            wrong.append("YUZHENG_DEBUG is on")
        if self.secret_key == DEFAULT_SECRET or len(self.secret_key) < 32:
            wrong.append("YUZHENG_SECRET_KEY is the default or shorter than 32 characters")
        if not self.encryption_key:
            wrong.append("YUZHENG_ENCRYPTION_KEY is missing")
        if not self.index_pepper:
            wrong.append("YUZHENG_INDEX_PEPPER is missing")
        if self.encryption_key and self.encryption_key == self.index_pepper:
            wrong.append("YUZHENG_INDEX_PEPPER equals YUZHENG_ENCRYPTION_KEY")
        if self.second_factor is False:
            wrong.append("YUZHENG_SECOND_FACTOR is off")
        if urlsplit(self.public_url).hostname == urlsplit(self.upload_url).hostname:
            wrong.append("YUZHENG_UPLOAD_URL has the host of YUZHENG_PUBLIC_URL")
        if urlsplit(self.public_url).scheme != "https":
            wrong.append("YUZHENG_PUBLIC_URL is not https")
        if urlsplit(self.upload_url).scheme != "https":
            wrong.append("YUZHENG_UPLOAD_URL is not https")
        if self.web_processes > 1 and not self.shares_cache:
            wrong.append(
                "YUZHENG_WEB_PROCESSES is over 1 without Redis: limits would count in each process apart"
            )
        if self.faults or self.clock_offset_seconds:
            wrong.append("YUZHENG_FAULTS or YUZHENG_CLOCK_OFFSET_SECONDS is set")
        if wrong:
            raise ValueError("production refuses to start: " + "; ".join(wrong))
        return self

    @property
    def demonstration(self) -> bool:
        return self.mode == "demonstration"

    @property
    def demands_second_factor(self) -> bool:
        return not self.demonstration if self.second_factor is None else self.second_factor

    @property
    def shares_cache(self) -> bool:
        """Redis as broker is the cache of all processes too, so that their limits count together."""
        return urlsplit(self.celery_broker_url).scheme in ("redis", "rediss")

    @property
    def hosts(self) -> list[str]:
        named = [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]
        return [*named, urlsplit(self.public_url).hostname or "", urlsplit(self.upload_url).hostname or ""]

    def key(self, name: Literal["encryption_key", "index_pepper"]) -> bytes:
        """32 bytes: from the environment, or, in a demonstration, made once and kept in `var/keys`."""
        given: str = getattr(self, name)
        return _bytes(given) if given else _kept(self.var / "keys" / name)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("must be base64 of exactly 32 bytes") from error


def _kept(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        whole = path.with_name(f"{path.name}.{os.getpid()}")
        whole.touch(mode=0o600)
        whole.write_bytes(base64.b64encode(secrets.token_bytes(32)))
        with suppress(FileExistsError):  # of two who start at once, one makes the key
            os.link(whole, path)
        whole.unlink()
    return _bytes(path.read_text())


def read() -> Environment:
    """The environment. Raises Misconfigured, naming every variable that is not known or not right."""
    known = {_variable(name) for name in Environment.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise Misconfigured(f"not a setting of Yuzheng: {', '.join(unknown)}")
    try:
        return Environment()
    except ValidationError as error:
        wrong = [
            ": ".join(
                (*(_variable(str(name)) for name in one["loc"]), one["msg"].removeprefix("Value error, "))
            )
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise Misconfigured("; ".join(wrong)) from None


def _variable(name: str) -> str:
    """The variable that a field, or the alias it goes by, is read from."""
    field = Environment.model_fields.get(name)
    alias = field.validation_alias if field is not None else name
    return alias if isinstance(alias, str) else PREFIX + name.upper()
