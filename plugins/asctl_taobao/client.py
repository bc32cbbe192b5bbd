"""The gateway: one address, signed forms, one envelope (reference/taobao-top.md section 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from asctl.api import Context, HttpAnswer, HttpRequest, Unavailable, china_text, read_object
from asctl.api import translate as _
from asctl_taobao.errors import Complaint, error_of
from asctl_taobao.multipart import Upload, packed
from asctl_taobao.signing import signature, without_empties
from asctl_taobao.wire import ODD, SUBJECTS, Row, Value, root_of, written

T = TypeVar("T")

WITHOUT_SESSION = frozenset({"taobao.time.get", "taobao.logistics.companies.get"})
ODD_ANSWER = "odd_answer"


class Top:
    """One shop's calls, under the session that the setting ``session`` names, else under the shop's own."""

    def __init__(self, context: Context, session: str = "session") -> None:
        self._context = context
        self._session = context.text(session) or context.text("session")
        self._ban_rest = context.duration("ban_rest")

    def ask(
        self,
        method: str,
        parameters: Mapping[str, Value],
        read: Callable[[Row], T],
        *,
        write: bool = False,
        upload: Upload | None = None,
    ) -> T:
        """Call ``method`` and return what ``read`` makes of the answer's root member.

        Raises the families of the error table; :class:`Unavailable` (code ``odd_answer``) where ``read`` misses a
        member or finds one that is not what it should be.
        """
        business = {name: written(value) for name, value in parameters.items()}
        number = next((business[name] for name in SUBJECTS if name in business), "")
        return self._context.http.call(
            lambda: self._request(method, business, write, upload),
            lambda answer: self._read(method, number, answer, read),
        )

    def refuse(self, method: str, number: str, result: Row) -> None:
        """Raise for an answer whose ``result`` says ``success: false`` in its own words (section 5.1)."""
        if result.get("success") is not False:
            return
        said = {"sub_code": result.get("msg_code"), "sub_msg": result.get("message")}
        raise error_of(Complaint.read(said, method, number), self._ban_rest)

    def _request(self, method: str, business: Mapping[str, str], write: bool, upload: Upload | None) -> HttpRequest:
        """Only text is signed; a file makes the body multipart."""
        url, form = self._context.text("base_url"), self._form(method, business)
        if upload is None:
            return HttpRequest("POST", url, operation=method, form=form, write=write)
        content_type, body = packed(form, upload)
        return HttpRequest(
            "POST", url, operation=method, body=body, headers={"Content-Type": content_type}, write=write
        )

    def _form(self, method: str, business: Mapping[str, str]) -> dict[str, str]:
        """All parameters travel in the body, so that the session never shows in an access log."""
        sign_method = self._context.text("sign_method")
        form = without_empties(
            {
                "method": method,
                "app_key": self._context.text("app_key"),
                "session": "" if method in WITHOUT_SESSION else self._session,
                "timestamp": china_text(self._context.clock.now()),
                "v": "2.0",
                "format": "json",
                "sign_method": sign_method,
                **business,
            }
        )
        return {**form, "sign": signature(form, self._context.text("app_secret"), sign_method)}

    def _read(self, method: str, number: str, answer: HttpAnswer, read: Callable[[Row], T]) -> T:
        whole = read_object(answer)
        try:
            if "error_response" in whole:
                raise error_of(Complaint.read(whole["error_response"], method, number), self._ban_rest)
            return read(_object(whole[root_of(method)]))
        except ODD as odd:
            raise Unavailable(
                _("Taobao's answer to {method} is not in the documented shape").format(method=method),
                code=ODD_ANSWER,
                passing=False,
                hint=_("run again later; if it stays so, tell the plugin's author"),
            ) from odd


def _object(value: Any) -> Row:
    if not isinstance(value, dict):
        raise TypeError(f"an object was expected, not {type(value).__name__}")
    return value
