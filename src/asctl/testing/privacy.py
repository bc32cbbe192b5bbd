"""What nobody may read, of one account and its customers: where it stands in a text, in whatever form, and how to take it out."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote, quote_plus

from asctl.capabilities.specs import ProviderSpec, SettingType
from asctl.domain.orders import Receiver

_SHORTEST_SECRET = 4


class Privacy:
    """The secrets of an account, and the persons that ``persons`` names by now. ``said`` is everything that was logged and
    printed; it grows."""

    def __init__(
        self,
        spec: ProviderSpec,
        settings: Mapping[str, object],
        persons: Callable[[], Iterable[Receiver]],
        email: str,
        said: Sequence[str],
    ) -> None:
        secret = (setting.name for setting in spec.settings if setting.type is SettingType.SECRET)
        told = {name: str(settings.get(name) or "") for name in secret}
        self._settings = {name: value for name, value in told.items() if len(value) >= _SHORTEST_SECRET}
        self._tokens: list[str] = []
        self._persons = persons
        self._email = email
        self._said = said

    def learn(self, token: str) -> None:
        """One more secret, which stands in no setting."""
        if token:
            self._tokens.append(token)

    def known_to_the_far_side(self) -> list[str]:
        """What it should keep to itself. (Tokens stand in the requests that it gets.)"""
        return [*self._settings.values(), *(value for _what, value in self._of_persons())]

    def unfit(self, texts: Sequence[str], *, quoted: Sequence[str] = ()) -> str | None:
        """Which secret, or piece of a person's data, stands in one of the texts, or in what was said, if any; never itself.

        What somebody else is ``quoted`` with may hold a person's name or address, and so may the texts then.
        """
        told, words = "\n".join((*texts, *self._said)), "\n".join(quoted)
        for what, value in self._secrets():
            if any(form in told for form in _forms(value)):
                return what
        for what, value in self._of_persons():
            # Phones can be told from other words, and the HTTP client strikes them out wherever they stand.
            struck_out = value.isdecimal()
            if any(form in told and (struck_out or form not in words) for form in _forms(value)):
                return what
        return None

    def conceal(self, text: str) -> str:
        """The text with secrets and persons' data replaced by what they are: it may end up in a public log."""
        longest_first = sorted((*self._secrets(), *self._of_persons()), key=lambda each: -len(each[1]))
        for what, value in longest_first:
            text = text.replace(value, f"[{what}]")
        return text

    def _secrets(self) -> Iterator[tuple[str, str]]:
        for name, value in self._settings.items():
            yield f"the secret {name}", value
        for token in self._tokens:
            yield "an access token", token

    def _of_persons(self) -> Iterator[tuple[str, str]]:
        yield "the e-mail address", self._email
        for person in self._persons():
            for what, value in (("the name", person.name), ("the phone", person.phone), ("the address", person.detail)):
                if len(value) > 1:
                    yield what, value


def _forms(value: str) -> set[str]:
    """A value as it is, and as it looks in addresses, forms, JSON, ``repr`` and Base64."""
    escaped = value.encode("unicode_escape").decode("ascii")
    return {value, quote(value, safe=""), quote_plus(value), escaped, b64encode(value.encode()).decode("ascii")}
