"""The vendor's published vectors, and the vendor's own library as the other side."""

from __future__ import annotations

import json

import cloudinary
import cloudinary.utils
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.video_storage.cloudinary import signatures

DOCS = {"eager": "w_400,h_300,c_pad|w_260,h_200,c_crop", "public_id": "sample_image", "timestamp": "1315060510"}
SECRET = "hdcixPpR2iKERPwqvH6sHdK9cyac"
RESPONSE_SECRET = "X7qLTrsES31MzxxkxPPA-pAGGfU"
NOTICE = (
    '{"notification_type":"eager","eager":[{"transformation":"sp_full_hd/mp4","bytes":1055,'
    '"url":"http://res.cloudinary.com/demo/video/upload/sp_full_hd/v1533125278/dog.mp4",'
    '"secure_url":"https://res.cloudinary.com/demo/video/upload/sp_full_hd/v1533125278/dog.mp4"}],'
    '"public_id":"dog","batch_id":"9b11fa058c61fa577f4ec516bf6ee756ac2aefef095af99aef1302142cc1694a"}'
)


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("sha1", "bfd09f95f331f558cbd1320e67aa8d488770583e"),
        ("sha256", "cc927e1290f9e3ae4c1a741eda21a4630b4ce80f9ce0bc0296337d25cf40f91e"),
    ],
)
def test_the_published_upload_signature(algorithm: str, expected: str) -> None:
    unsigned = {"file": "bytes", "api_key": "1234", "resource_type": "image", "tags": ""}
    assert signatures.sign_fields({**DOCS, **unsigned}, "abcd", algorithm=algorithm) == expected


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("sha1", "14c00ba6d0dfdedbc86b316847d95b9e6cd46d94"),
        ("sha256", "45ddaa4fa01f0c2826f32f669d2e4514faf275fe6df053f1a150e7beae58a3bd"),
    ],
)
def test_the_published_signature_of_other_fields(
    monkeypatch: pytest.MonkeyPatch, algorithm: str, expected: str
) -> None:
    # The vector signs a field that uploads leave out.
    monkeypatch.setattr(signatures, "UNSIGNED", frozenset())
    fields = {"cloud_name": "dn6ot3ged", "timestamp": "1568810420", "username": "user@cloudinary.com"}
    assert signatures.sign_fields(fields, SECRET, algorithm=algorithm) == expected


def test_a_value_cannot_smuggle_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "UNSIGNED", frozenset())
    base = {"cloud_name": "dn6ot3ged", "timestamp": "1568810420"}
    whole = {**base, "notification_url": "https://fake.com/callback?a=1&tags=hello,world"}
    split = {**base, "notification_url": "https://fake.com/callback?a=1", "tags": "hello,world"}
    assert signatures.sign_fields(whole, SECRET) == "4fdf465dd89451cc1ed8ec5b3e314e8a51695704"
    assert signatures.sign_fields(split, SECRET) == "7b4e3a539ff1fa6e6700c41b3a2ee77586a025f9"
    assert signatures.sign_fields(whole, SECRET, version=1) == "7b4e3a539ff1fa6e6700c41b3a2ee77586a025f9"


@pytest.mark.parametrize(
    "signature",
    [
        "08d3107a5b2ad82e7d82c0b972218fbf20b5b1e0",
        "cc69ae4ed73303fbf4a55f2ae5fc7e34ad3a5c387724bfcde447a2957cacdfea",
    ],
)
def test_the_published_response_signature(signature: str) -> None:
    assert signatures.is_receipt("tests/logo.png", 1, signature, RESPONSE_SECRET)
    assert not signatures.is_receipt("tests/logo.png", 2, signature, RESPONSE_SECRET)
    assert not signatures.is_receipt("tests/logo.png", 1, signature, "another secret")
    assert not signatures.is_receipt("tests/logo.png", 1, signature[:-1], RESPONSE_SECRET)


def test_the_published_notification_signature_while_it_is_fresh() -> None:
    signature, stamp = "dfe82de1d9083fe0b7ea68070649f9a15b8874da", 1549533514
    body = NOTICE.encode()
    assert signatures.is_notice(body, str(stamp), signature, RESPONSE_SECRET, stamp + 7200)
    assert not signatures.is_notice(body, str(stamp), signature, RESPONSE_SECRET, stamp + 7201)
    assert not signatures.is_notice(body + b" ", str(stamp), signature, RESPONSE_SECRET, stamp)
    assert not signatures.is_notice(body, str(stamp + 1), signature, RESPONSE_SECRET, stamp)


def test_the_published_notification_signature_in_sha256() -> None:
    signature = "d5497e1a206ad0ba29ad09a7c0c5f22e939682d15009c15ab3199f62fefbd14b"
    assert signatures.is_notice(b"{}", "0", signature, "someApiSecret", 0)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1" * 13, "0.5"])
def test_a_notification_without_a_proper_time_is_refused(stamp: str) -> None:
    assert not signatures.is_notice(b"{}", stamp, "0" * 40, "someApiSecret", 0)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("c_crop,h_20,w_10/image.jpg", "s--Ai4Znfl3--"),
        ("image.jpg", "s----SjmNDA--"),
        ("sample.jpg", "s--v2fTPYTu--"),
    ],
)
def test_the_published_delivery_signatures(path: str, expected: str) -> None:
    assert signatures.sign_delivery(path, "b") == expected


def test_the_published_delivery_signatures_of_an_account_on_sha_256() -> None:
    assert signatures.sign_delivery("sample.jpg", "b", algorithm="sha256") == "s--2hbrSMPO--"
    assert signatures.sign_delivery("sample.jpg", "b", long=True) == "s--2hbrSMPOjj5BJ4xV7SgFbRDevFaQNUFf--"


def test_the_published_access_token() -> None:
    token = signatures.access_token("00112233FF99", acl="/image/*", start_s=1111111111, expires_s=1111111411)
    assert token == (
        "__cld_token__=st=1111111111~exp=1111111411~acl=%2fimage%2f*"
        "~hmac=1751370bcc6cfe9e03f30dd1a9722ba0f2cdca283fa3e6df3342a00a7528cc51"
    )


_TEXT = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), _TEXT, max_size=6), st.sampled_from([1, 2]))
def test_the_vendors_library_signs_the_same(fields: dict[str, str], version: int) -> None:
    fields = {name: value for name, value in fields.items() if name not in signatures.UNSIGNED}
    theirs = cloudinary.utils.api_sign_request(fields, "secret", signature_version=version)
    assert signatures.sign_fields(fields, "secret", version=version) == theirs


@given(st.dictionaries(_TEXT, _TEXT, max_size=3), st.integers(1_700_000_000, 1_900_000_000))
def test_the_vendors_library_would_send_notices_that_we_take(body: dict[str, str], stamp: int) -> None:
    raw = json.dumps(body)
    signature = cloudinary.utils.compute_hex_hash(f"{raw}{stamp}secret")
    assert signatures.is_notice(raw.encode(), str(stamp), signature, "secret", stamp)


@given(st.from_regex(r"/[a-zA-Z0-9_,/.*~!:-]{1,40}", fullmatch=True), st.integers(1, 2_000_000_000))
def test_the_vendors_library_makes_the_same_tokens(acl: str, expires: int) -> None:
    theirs = cloudinary.utils.generate_auth_token(key="00112233FF99", acl=acl, expiration=expires, start_time=5)
    assert signatures.access_token("00112233FF99", acl=acl, start_s=5, expires_s=expires) == theirs


@given(st.from_regex(r"[a-z0-9/]{0,10}[a-z0-9]", fullmatch=True), st.integers(1, 2_000_000_000))
def test_the_vendors_library_signs_the_same_addresses(name: str, version: int) -> None:
    name = "x" + name.replace("//", "/")
    url, _ = cloudinary.utils.cloudinary_url(
        f"{name}.mp4",
        cloud_name="demo",
        api_secret="secret",
        resource_type="video",
        type="authenticated",
        sign_url=True,
        version=version,
        raw_transformation="f_mp4,q_auto,vc_h264",
    )
    signature = signatures.sign_delivery(f"f_mp4,q_auto,vc_h264/{name}.mp4", "secret")
    assert url.endswith(f"/video/authenticated/{signature}/f_mp4,q_auto,vc_h264/v{version}/{name}.mp4")
