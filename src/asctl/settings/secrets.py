"""Secrets by reference: a variable, a file that only its owner can read, or the system's key ring.

A reference is resolved when its account is used, never at load, so that a missing secret stops only that account.
No message holds a secret.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from asctl.domain.errors import BadConfiguration
from asctl.settings.mistakes import wrong_type
from asctl.settings.origin import Found, KeyPath, dotted
from asctl.text import _

_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Vault:
    """Where references point: ``environ`` for variables, ``folder`` (the configuration's) for relative files."""

    environ: Mapping[str, str]
    folder: Path

    def resolve(self, found: Found, path: KeyPath) -> str:
        """The secret itself. Raises :class:`BadConfiguration` (``secret_*``, or ``wrong_type`` for no reference at all)."""
        value = found.value
        if isinstance(value, str):
            return _filled(value, path, str(found.origin))
        if not isinstance(value, dict) or len(value) != 1:
            raise _no_reference(found, path)
        ((way, target),) = value.items()
        ways = {"env": self._from_variable, "file": self._from_file, "keyring": self._from_keyring}
        read = ways.get(way)
        if read is None or not isinstance(target, str) or not target:
            raise _no_reference(found, path)
        return _filled(read(target, path), path, f"{way} {target}")

    def _from_variable(self, name: str, path: KeyPath) -> str:
        if name not in self.environ:
            raise _trouble(
                "secret_env_missing",
                _("{key} is to come from the variable {name}, which is not set").format(key=dotted(path), name=name),
                _("export {name} before running asctl").format(name=name),
            )
        return self.environ[name]

    def _from_file(self, name: str, path: KeyPath) -> str:
        file = self.folder / Path(name).expanduser()
        try:
            about = file.stat()
            if not stat.S_ISREG(about.st_mode):
                raise _unreadable(file, path, _("it is not a file"))
            if stat.S_IMODE(about.st_mode) & 0o077:
                raise _trouble(
                    "secret_file_open",
                    _("others can read the secret file {file} of {key}").format(file=file, key=dotted(path)),
                    _("run `chmod 600 {file}`, and renew the secret if others may have read it").format(file=file),
                )
            if about.st_size > _LARGEST:
                raise _unreadable(file, path, _("it is too large for a secret"))
            return file.read_text("utf-8").removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            raise _unreadable(file, path, _("it is not UTF-8 text")) from None
        except OSError as error:
            raise _unreadable(file, path, os.strerror(error.errno or 0)) from error

    def _from_keyring(self, name: str, path: KeyPath) -> str:
        service, slash, user = name.rpartition("/")
        if not slash or not service or not user:
            raise _trouble(
                "secret_keyring_name",
                _("{key} names the key ring entry {name!r}, which is not of the form service/name").format(
                    key=dotted(path), name=name
                ),
                _('write it as { keyring = "asctl/flagship" }'),
            )
        secret = _ask_keyring(service, user, path)
        if secret is None:
            raise _trouble(
                "secret_keyring_empty",
                _("the key ring has no entry {name} for {key}").format(name=name, key=dotted(path)),
                _("store it with `keyring set {service} {user}`").format(service=service, user=user),
            )
        return secret


def _ask_keyring(service: str, user: str, path: KeyPath) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError, NoKeyringError
    except ImportError:
        raise _trouble(
            "keyring_missing",
            _("{key} is to come from the key ring, but the package keyring is not installed").format(key=dotted(path)),
            _("run `pip install 'asctl[keyring]'`, or use a file or a variable"),
        ) from None
    try:
        return keyring.get_password(service, user)
    except NoKeyringError:
        why = _("this machine has none")
    except KeyringError:
        why = _("it is locked or does not answer")
    raise _trouble(
        "keyring_unavailable",
        _("{key} is to come from the key ring, but {why}").format(key=dotted(path), why=why),
        _("unlock it; on a server without a desktop use a file or a variable"),
    )


def _filled(secret: str, path: KeyPath, where: str) -> str:
    if not secret.strip():
        raise _trouble(
            "secret_empty",
            _("the secret {key} is empty ({where})").format(key=dotted(path), where=where),
            _("put the secret there"),
        )
    return secret


def _no_reference(found: Found, path: KeyPath) -> BadConfiguration:
    return wrong_type(path, found, _('{ env = "NAME" }, { file = "path" } or { keyring = "service/name" }'))


def _unreadable(file: Path, path: KeyPath, why: str) -> BadConfiguration:
    return _trouble(
        "secret_file_unreadable",
        _("the secret file {file} of {key} cannot be read: {why}").format(file=file, key=dotted(path), why=why),
        _("correct the path, or give the file to the user who runs asctl"),
    )


def _trouble(code: str, sentence: str, hint: str) -> BadConfiguration:
    return BadConfiguration(sentence, code=code, hint=hint)
