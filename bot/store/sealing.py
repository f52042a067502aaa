"""Sealing: what is kept can be read, and what is named can be told, by this bot alone.

Texts are sealed with AES-256-GCM, each bound to the name of its row, so that a sealed text that
was moved to another row does not open. Names are keyed hashes: the store holds no identifier of a
chat platform, and a name can't be guessed from what it stands for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.settings import Settings, SettingsError
from bot.store.database import sqlite_file

_NONCE = 12
_NAME = 15  # bytes: 20 characters, 120 bits


class SealBrokenError(Exception):
    """This was not sealed with this key, or not for this name: it can't be read any more."""


class Cipher:
    """Seals with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, plain: bytes, name: str) -> bytes:
        """The bytes, sealed for the row of this name."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """The bytes as they were. Raises SealBrokenError."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except (InvalidTag, ValueError):
            raise SealBrokenError from None


class Seal(Cipher):
    """The installation's own: seals and names with two keys that are derived from one secret."""

    def __init__(self, secret: bytes) -> None:
        super().__init__(_derived(secret, b"mikiwame seal"))
        self._naming = _derived(secret, b"mikiwame name")

    def name(self, *parts: str) -> str:
        """The name of something: always the same, 20 characters of [A-Za-z0-9_-]."""
        said = "\0".join(parts).encode("utf-8", "surrogatepass")
        digest = hmac.new(self._naming, said, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:_NAME]).decode()


def has_key(settings: Settings) -> bool:
    """Whether this installation has its secret already."""
    return settings.secret_key is not None or _file(settings).exists()


def load_seal(settings: Settings) -> Seal:
    """The seal of this installation; its secret is made where there is none yet.

    Raises SettingsError where there is a store, but not the key that it was sealed with.
    """
    if settings.secret_key is not None:
        return Seal(settings.secret_key.get_secret_value().encode())
    path = _file(settings)
    if not path.exists() and settings.database_url is None and sqlite_file(settings).exists():
        raise SettingsError(
            f"the key of the store is missing: put {path} back, or set SECRET_KEY to what it said"
        )
    return Seal(_kept_secret(path))


def _file(settings: Settings) -> Path:
    return settings.data_dir / "secret.key"


def _kept_secret(path: Path) -> bytes:
    """The secret in a file that its owner alone can read; written whole or not at all."""
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(os.urandom(32)))
        try:
            path.hardlink_to(draft)  # where two start at once, the first one's stays
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes().strip()


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
