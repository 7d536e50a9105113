from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from credentials.signing import ED25519, KeyRing, KeyTrouble, verify
from credentials.signing import keys as keys_module


def trouble(code: str) -> object:
    class Matching(KeyTrouble): ...

    return pytest.raises(KeyTrouble, check=lambda error: error.code == code)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def test_a_created_key_is_current_and_another_process_reads_the_same(folder: Path) -> None:
    made = KeyRing(folder).create("credential")
    read = KeyRing(folder).current("credential")
    assert (read.alg, read.kid, read.public_bytes) == (ED25519, made.kid, made.public_bytes)
    assert verify(ED25519, made.public_bytes, b"text", read.sign(b"text"))
    assert made.kid.startswith("credential-")
    assert len(made.kid) <= 40


def test_files_are_for_the_owner_only_and_nothing_is_left_behind(folder: Path) -> None:
    signer = KeyRing(folder).create("credential")
    place = folder / "credential"
    assert place.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in place.iterdir()} == {
        ".lock": 0o600,
        "current": 0o600,
        f"{signer.kid}.pem": 0o600,
        f"{signer.kid}.pub": 0o600,
    }


def test_there_is_no_key_before_one_is_made(folder: Path) -> None:
    with trouble("missing"):
        KeyRing(folder).current("credential")


def test_a_second_key_is_refused_while_one_is_current(folder: Path) -> None:
    ring = KeyRing(folder)
    ring.create("credential")
    with trouble("exists"):
        ring.create("credential")


def test_ensure_creates_once(folder: Path) -> None:
    first = KeyRing(folder).ensure("credential")
    assert KeyRing(folder).ensure("credential").kid == first.kid


def test_an_unknown_purpose_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="log"):
        KeyRing(folder).create("log")


@pytest.mark.parametrize(
    "kid", ["", "../../etc/passwd", "credential-0", "log-0123456789abcdef", "credential-" + "0" * 16]
)
def test_an_unknown_name_finds_nothing(folder: Path, kid: str) -> None:
    for ask in (KeyRing(folder).by_kid, KeyRing(folder).public, KeyRing(folder).retire):
        with trouble("missing"):
            ask(kid)


def test_rotation_keeps_the_old_public_half(folder: Path) -> None:
    ring, elsewhere = KeyRing(folder), KeyRing(folder)
    old = ring.create("credential")
    signature = elsewhere.current("credential").sign(b"old")
    public = ring.retire(old.kid)
    assert not (folder / "credential" / f"{old.kid}.pem").exists()
    with trouble("missing"):
        ring.current("credential")
    with trouble("missing"):
        ring.ensure("credential")  # retiring is a decision; nothing begins anew by itself
    new = ring.create("credential")
    assert new.kid != old.kid
    assert elsewhere.current("credential").kid == new.kid
    for each in (ring, elsewhere):
        with trouble("retired"):
            each.by_kid(old.kid)
        assert each.public(old.kid) == public
        assert each.public(old.kid).verifies(b"old", signature)
    assert ring.retire(old.kid) == public


def test_a_passphrase_seals_the_file(folder: Path) -> None:
    signer = KeyRing(folder, b"open sesame").create("credential")
    pem = (folder / "credential" / f"{signer.kid}.pem").read_bytes()
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert KeyRing(folder, b"open sesame").current("credential").kid == signer.kid
    with trouble("passphrase"):
        KeyRing(folder, b"wrong").current("credential")
    with trouble("passphrase"):
        KeyRing(folder).current("credential")


def test_a_file_that_others_may_read_is_refused(folder: Path) -> None:
    signer = KeyRing(folder).create("credential")
    (folder / "credential" / f"{signer.kid}.pem").chmod(0o640)
    with trouble("readable_by_others"):
        KeyRing(folder).current("credential")


def test_damage_is_named(folder: Path) -> None:
    signer = KeyRing(folder).create("credential")
    pem = folder / "credential" / f"{signer.kid}.pem"
    pem.write_bytes(pem.read_bytes()[:60])
    with trouble("damaged"):
        KeyRing(folder).current("credential")
    public = folder / "credential" / f"{signer.kid}.pub"
    public.write_bytes(b"\0" * 32)
    with trouble("damaged"):
        KeyRing(folder).public(signer.kid)


def test_a_private_half_under_another_name_is_refused(folder: Path, tmp_path: Path) -> None:
    signer = KeyRing(folder).create("credential")
    stranger = KeyRing(tmp_path / "other").create("credential")
    (tmp_path / "other" / "credential" / f"{stranger.kid}.pem").rename(
        folder / "credential" / f"{signer.kid}.pem"
    )
    with trouble("damaged"):
        KeyRing(folder).current("credential")


def test_a_crash_before_the_last_write_leaves_no_current_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = os.rename

    def stop_at_current(source: str, target: str) -> None:
        if Path(target).name == "current":
            raise OSError("power cut")
        rename(source, target)

    monkeypatch.setattr(keys_module.os, "rename", stop_at_current)
    with pytest.raises(OSError, match="power cut"):
        KeyRing(folder).create("credential")
    monkeypatch.undo()
    with trouble("missing"):
        KeyRing(folder).current("credential")
    assert KeyRing(folder).create("credential").kid == KeyRing(folder).current("credential").kid


def test_many_processes_that_start_at_once_make_one_key(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from credentials.signing import KeyRing\n"
        "sys.stdin.readline()\n"
        "print(KeyRing(Path(sys.argv[1])).ensure('credential').kid)"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    kids = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0] * 6
    assert kids == {KeyRing(folder).current("credential").kid}
    assert len(list((folder / "credential").glob("*.pem"))) == 1
