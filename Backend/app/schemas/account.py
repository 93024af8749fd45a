"""Accounts on the wire."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints, model_validator

from app.domain.limits import MAX_EMAIL, MAX_NAME, MAX_PASSWORD, MIN_PASSWORD
from app.domain.role import Role

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME)]
Email = Annotated[EmailStr, Field(max_length=MAX_EMAIL)]
Password = Annotated[str, Field(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)]
KnownPassword = Annotated[str, Field(min_length=1, max_length=MAX_PASSWORD)]
"""One that exists already: whether it is long enough was asked when it was chosen."""
MOST_UNKNOWN = 20


class Strict(BaseModel):
    """Input: an unknown field is an error, so that a typing mistake (or a smuggled role) is not silently ignored."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _name_a_few_of_many_unknown(cls, data: object) -> object:
        """An error for each of ten thousand costs a hundred times what reading them did."""
        if not isinstance(data, dict) or len(data) <= len(cls.model_fields) + MOST_UNKNOWN:
            return data
        known = {name: data[name] for name in cls.model_fields if name in data}
        return known | dict(islice(((name, data[name]) for name in data if name not in known), MOST_UNKNOWN))


class SignUp(Strict):
    email: Email
    password: Password
    name: Name


class SignIn(Strict):
    email: Email
    password: KnownPassword


class ChangePassword(Strict):
    current_password: KnownPassword
    new_password: Password


class DeleteAccount(Strict):
    password: KnownPassword


class Recover(Strict):
    email: Email


class ResetPassword(Strict):
    """`access_token` is what the link in the mail brought to the page."""

    access_token: Annotated[str, Field(min_length=1, max_length=10_000)]
    new_password: Password


class CheckMail(BaseModel):
    """Nobody is signed in yet: the link in the mail comes first."""

    mail_sent_to: str


class AccountDeleted(BaseModel):
    """`sign_in_remains`: all that was here is gone, but whoever keeps the passwords still knows the person."""

    sign_in_remains: bool


class Me(BaseModel):
    id: str
    email: str
    name: str
    role: Role
    profile_summary: str
    created_at: datetime
