"""What can go wrong, in our words. No HTTP here: the edge translates.

AppError
├── InvalidInput      something the person can put right
├── NotSignedIn       nobody is signed in, or the sign-in has run out
├── NotAllowed        signed in, but not with this role
├── NotFound          no such thing, or it belongs to someone else
├── Conflict          the thing is in a state that does not admit this
├── TooLarge          over a stated limit
├── TooMany           too often; `retry_after_s` says when to come back
└── Unavailable       we cannot do this now; trying again may work, after `retry_after_s` where that is known
ProviderError         a service behind a Protocol failed (one shape for all)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

ProblemParams: TypeAlias = Mapping[str, str | int | list[str]]


class AppError(Exception):
    """An expected failure with a stable code.

    Args:
        code: stable machine-readable name such as ``resume_encrypted``; the frontend switches on it.
        message: one plain sentence that says what to do.
        field: the input at fault, where there is one.
        params: what the sentence names, so that the code can be told in other words.
    """

    def __init__(
        self, code: str, message: str, *, field: str | None = None, params: ProblemParams | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.params = dict(params or {})


class InvalidInput(AppError):
    pass


class NotSignedIn(AppError):
    pass


class NotAllowed(AppError):
    pass


class NotFound(AppError):
    pass


class Conflict(AppError):
    pass


class TooLarge(AppError):
    pass


class TooMany(AppError):
    def __init__(self, code: str, message: str, *, retry_after_s: int) -> None:
        super().__init__(code, message, params={"seconds": retry_after_s})
        self.retry_after_s = retry_after_s


class Unavailable(AppError):
    def __init__(self, code: str, message: str, *, field: str | None = None, retry_after_s: int | None = None) -> None:
        params = {} if retry_after_s is None else {"seconds": retry_after_s}
        super().__init__(code, message, field=field, params=params)
        self.retry_after_s = retry_after_s


ProviderCategory = Literal[
    "timeout",
    "unreachable",
    "refused",  # it understood, and says no
    "unauthorised",  # the key or the account
    "quota",  # credits or rate used up
    "busy",  # too many at once
    "blocked",  # the content was refused
    "truncated",
    "invalid_response",
    "spending_cap",  # our own limit
    "crashed",
]


class ProviderError(Exception):
    """The one shape in which any service behind a Protocol fails.

    Args:
        provider: short name such as ``built-in-voice``; never a key or a body.
        category: what kind of failure.
        retryable: whether the same call may succeed later.
        retry_after_s: the provider's own wish, when it stated one.
    """

    def __init__(
        self, provider: str, category: ProviderCategory, *, retryable: bool, retry_after_s: float | None = None
    ) -> None:
        super().__init__(f"{provider}: {category}")
        self.provider = provider
        self.category = category
        self.retryable = retryable
        self.retry_after_s = retry_after_s
