"""The vendor's own library against the stand-in, and the stand-in against what the vendor documents."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import cloudinary.api
import cloudinary.exceptions
import cloudinary.uploader
import cloudinary.utils
import httpx2
import pytest

from fakes import credentials
from fakes.base import served
from fakes.cloudinary import MODES, CloudinaryFake, build
from tests.recordings.footage import footage
from tests.recordings.wide import wide_footage

SECRET = credentials.CLOUDINARY_API_SECRET
EAGER = "f_mp4,q_auto,vc_h264"


@pytest.fixture
def fake() -> Iterator[CloudinaryFake]:
    fake = build()
    with served(fake) as address:
        cloudinary.config(
            cloud_name=credentials.CLOUDINARY_CLOUD_NAME,
            api_key=credentials.CLOUDINARY_API_KEY,
            api_secret=SECRET,
            upload_prefix=address,
        )
        yield fake
    cloudinary.reset_config()


def options(**change: Any) -> dict[str, Any]:
    return {
        "resource_type": "video",
        "type": "authenticated",
        "public_id": "iv/1",
        "eager": [{"raw_transformation": EAGER}],
        "eager_async": True,
        "overwrite": False,
        "allowed_formats": ["webm", "mp4"],
        "timeout": 10,
        **change,
    }


def uploaded(**change: Any) -> dict[str, Any]:
    return dict(cloudinary.uploader.upload(io.BytesIO(footage(2)), **options(**change)))


def test_the_vendors_library_uploads_and_reads_what_it_signed(fake: CloudinaryFake) -> None:
    answer = uploaded()
    assert cloudinary.utils.verify_api_response_signature("iv/1", answer["version"], answer["signature"])
    # The members that the vendor documents for a video.
    documented = (
        "asset_id public_id version version_id signature width height format resource_type created_at tags pages bytes "
        "type etag placeholder url secure_url asset_folder display_name audio video is_audio frame_rate duration "
        "rotation original_filename api_key eager"
    )
    assert set(documented.split()) <= set(answer)
    assert answer["eager"][0]["status"] == "processing"
    told = cloudinary.api.resource("iv/1", resource_type="video", type="authenticated", timeout=10)
    assert told["bytes"] == answer["bytes"] > 1000
    assert told["duration"] == pytest.approx(2, abs=0.1)
    assert [each["transformation"] for each in told["derived"]] == [EAGER]
    assert told.rate_limit_allowed == 500


def test_the_vendors_library_uploads_in_chunks(fake: CloudinaryFake) -> None:
    film = wide_footage(1, 13_000_000)
    answer = cloudinary.uploader.upload_large(io.BytesIO(film), chunk_size=6_000_000, **options())
    assert (answer["bytes"], answer["etag"]) == (len(film), hashlib.md5(film).hexdigest())
    ranges = [asked.headers["content-range"] for asked in fake.asked]
    assert ranges[0] == f"bytes 0-5999999/{len(film)}"
    assert len(ranges) == 3


def test_the_vendors_library_deletes_only_what_it_names_in_full(fake: CloudinaryFake) -> None:
    uploaded()
    assert cloudinary.uploader.destroy("iv/1", timeout=10) == {"result": "not found"}
    assert cloudinary.uploader.destroy("iv/1", resource_type="video", timeout=10) == {"result": "not found"}
    whole = {"resource_type": "video", "type": "authenticated", "invalidate": True, "timeout": 10}
    assert cloudinary.uploader.destroy("iv/1", **whole) == {"result": "ok"}
    assert cloudinary.uploader.destroy("iv/1", **whole) == {"result": "not found"}
    with pytest.raises(cloudinary.exceptions.NotFound):
        cloudinary.api.resource("iv/1", resource_type="video", type="authenticated", timeout=10)


def test_what_exists_is_not_written_over(fake: CloudinaryFake) -> None:
    first = uploaded()
    again = cloudinary.uploader.upload(io.BytesIO(footage(1)), **options())
    assert again["existing"] is True
    assert again["bytes"] == first["bytes"]


def test_a_wrong_secret_is_refused_with_the_string_that_should_have_been_signed(fake: CloudinaryFake) -> None:
    with pytest.raises(cloudinary.exceptions.AuthorizationRequired, match="String to sign - 'allowed_formats="):
        uploaded(api_secret="another")
    with pytest.raises(cloudinary.exceptions.AuthorizationRequired, match="Unknown API key"):
        uploaded(api_key="999")


def test_what_is_no_video_or_not_an_allowed_one_is_refused(fake: CloudinaryFake) -> None:
    with pytest.raises(cloudinary.exceptions.BadRequest, match="Unsupported video format"):
        cloudinary.uploader.upload(io.BytesIO(b"no video"), **options())
    with pytest.raises(cloudinary.exceptions.BadRequest, match="not allowed"):
        uploaded(allowed_formats=["mp4"])
    with pytest.raises(cloudinary.exceptions.BadRequest, match="too large to process synchronously"):
        uploaded(eager_async=False)


def signed(**fields: str) -> dict[str, str]:
    stamped = {"timestamp": str(int(time.time())), **fields}
    signature = cloudinary.utils.api_sign_request(stamped, SECRET)
    return {**stamped, "signature": signature, "api_key": credentials.CLOUDINARY_API_KEY}


def part(
    fake: CloudinaryFake, content_range: str, data: bytes, upload_id: str = "one", **extra: str
) -> httpx2.Response:
    return httpx2.post(
        f"{fake.address}/v1_1/{fake.cloud}/video/upload",
        data=signed(public_id="iv/2", type="authenticated", **extra),
        files={"file": ("blob", data)},
        headers={"Content-Range": content_range, **({"X-Unique-Upload-Id": upload_id} if upload_id else {})},
        timeout=10,
    )


def message(answer: httpx2.Response) -> str:
    assert answer.headers["x-cld-error"] == answer.json()["error"]["message"]
    assert answer.headers["access-control-allow-origin"] == "*"
    return f"{answer.status_code} {answer.json()['error']['message']}"


def test_a_stale_signature_is_refused(fake: CloudinaryFake) -> None:
    answer = part(fake, "bytes 0-9/10", bytes(10), timestamp=str(int(time.time()) - 3700))
    assert message(answer).startswith("400 Stale request - reported time is ")


def test_parts_of_an_unknown_total_make_one_video(fake: CloudinaryFake) -> None:
    film = wide_footage(1, 12_000_000)
    first = part(fake, "bytes 0-5999999/-1", film[:6_000_000])
    assert first.json() == {
        "done": False,
        "bytes": 6_000_000,
        "public_id": "iv/2",
        "kind": "upload",
        "resource_type": "video",
    }
    assert part(fake, "bytes 0-5999999/-1", film[:6_000_000]).json()["bytes"] == 6_000_000
    last = part(fake, f"bytes 6000000-{len(film) - 1}/{len(film)}", film[6_000_000:]).json()
    assert (last["done"], last["bytes"]) == (True, len(film))


def test_parts_that_break_the_rules_are_refused(fake: CloudinaryFake) -> None:
    big = bytes(6_000_000)
    assert "larger than 5 MB" in message(part(fake, "bytes 0-9/-1", bytes(10)))
    assert "0 bytes have come" in message(part(fake, "bytes 6000000-11999999/-1", big, "gap"))
    assert "Invalid Content-Range" in message(part(fake, "0-5999999/-1", big))
    assert "but 10 came" in message(part(fake, "bytes 0-5999999/-1", bytes(10)))
    assert "beyond the total" in message(part(fake, "bytes 0-5999999/10", big))
    assert "X-Unique-Upload-Id" in message(part(fake, "bytes 0-5999999/-1", big, ""))
    assert "Unknown parameter - color" in message(part(fake, "bytes 0-5999999/-1", big, color="red"))


def test_a_browser_may_send_the_headers_of_parts_from_another_origin(fake: CloudinaryFake) -> None:
    answer = httpx2.options(f"{fake.address}/v1_1/{fake.cloud}/video/upload")
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert "content-range" in allowed and "x-unique-upload-id" in allowed


def delivered(fake: CloudinaryFake, rest: str, **headers: str) -> httpx2.Response:
    return httpx2.get(f"{fake.address}/{fake.cloud}/video/authenticated/{rest}", headers=headers, timeout=10)


def test_delivery_wants_the_signature_of_exactly_this_address(fake: CloudinaryFake) -> None:
    answer = uploaded()
    url, _ = cloudinary.utils.cloudinary_url(
        "iv/1.mp4",
        resource_type="video",
        type="authenticated",
        sign_url=True,
        version=answer["version"],
        raw_transformation=EAGER,
    )
    rest = url.split("/authenticated/")[1]
    whole = delivered(fake, rest)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/webm")
    some = delivered(fake, rest, Range="bytes=10-19")
    assert (some.status_code, some.content) == (206, whole.content[10:20])
    assert some.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    assert delivered(fake, rest, Range="bytes=99999999-").status_code == 416
    signature, without = rest.split("/", 1)
    assert delivered(fake, without).status_code == 401
    assert delivered(fake, f"{signature}/v1/iv/1.webm").status_code == 401


def test_a_token_opens_delivery_until_it_expires(fake: CloudinaryFake) -> None:
    fake.token_key = "00112233FF99"
    version = uploaded()["version"]
    path = f"/{fake.cloud}/video/authenticated/{EAGER}/v{version}/iv/1.mp4"

    def opened(expires: int) -> int:
        token = cloudinary.utils.generate_auth_token(key=fake.token_key, acl=path, expiration=expires)
        return httpx2.get(f"{fake.address}{path}?{token}", timeout=10).status_code

    assert opened(int(time.time()) + 60) == 200
    assert opened(int(time.time()) - 1) == 401


class _Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told: list[Any] = self.server.told  # type: ignore[attr-defined]
        told.append((body, self.headers["X-Cld-Timestamp"], self.headers["X-Cld-Signature"]))
        self.send_response(200 if len(told) > 1 else 503)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return None


@pytest.fixture
def receiver() -> Iterator[Any]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Receiver) as server:
        server.told = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_notifications_are_signed_and_sent_again_until_they_are_taken(fake: CloudinaryFake, receiver: Any) -> None:
    url = f"http://127.0.0.1:{receiver.server_port}/hook?token=a&more=b"
    uploaded(notification_url=url)
    fake.notices.wait()
    assert len(receiver.told) == 2
    for body, stamp, signature in receiver.told:
        assert cloudinary.utils.verify_notification_signature(body.decode(), stamp, signature)
    told = json.loads(receiver.told[-1][0])
    assert (told["notification_type"], told["public_id"]) == ("upload", "iv/1")
    assert {"timestamp", "request_id", "notification_context", "signature_key", "version", "signature"} <= set(told)


def test_a_silent_vendor_sends_none(fake: CloudinaryFake, receiver: Any) -> None:
    fake.switch("silent")
    uploaded(notification_url=f"http://127.0.0.1:{receiver.server_port}/hook")
    fake.notices.wait()
    assert receiver.told == []


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("rate-limited", cloudinary.exceptions.RateLimited),
        ("down", cloudinary.exceptions.GeneralError),
        ("html", cloudinary.exceptions.Error),
        ("cut", cloudinary.exceptions.Error),
        ("lost-answer", cloudinary.exceptions.Error),
        ("refuses", cloudinary.exceptions.AuthorizationRequired),
    ],
)
def test_each_failing_upload_fails_in_its_own_way(fake: CloudinaryFake, mode: str, error: type[Exception]) -> None:
    # The vendor's library tries a dropped connection again by itself.
    fake.switch(mode)
    with pytest.raises(error):
        uploaded()
    assert (fake.shelf.get(("video", "authenticated", "iv/1")) is not None) == (mode == "lost-answer")
    fake.switch("")
    assert uploaded()["public_id"] == "iv/1"


def test_forgotten_parts_leave_a_gap(fake: CloudinaryFake) -> None:
    film = wide_footage(1, 12_000_000)
    part(fake, "bytes 0-5999999/-1", film[:6_000_000])
    fake.switch("forgets", 1)
    answer = part(fake, f"bytes 6000000-{len(film) - 1}/{len(film)}", film[6_000_000:])
    assert "0 bytes have come" in message(answer)


def test_the_admin_quota_says_when_its_hour_is_over(fake: CloudinaryFake) -> None:
    uploaded()
    fake.switch("admin-quota")
    with pytest.raises(cloudinary.exceptions.RateLimited, match="Rate Limit Exceeded"):
        cloudinary.api.resource("iv/1", resource_type="video", type="authenticated", timeout=10)
    auth = (credentials.CLOUDINARY_API_KEY, SECRET)
    url = f"{fake.address}/v1_1/{fake.cloud}/resources/video/authenticated/iv/1"
    answer = httpx2.get(url, auth=auth, timeout=10)
    assert answer.status_code == 420
    assert answer.headers["x-featureratelimit-reset"].endswith("GMT")
    assert httpx2.get(url, auth=("someone", "else"), timeout=10).status_code == 401


@pytest.mark.parametrize(("mode", "status"), [("processing", 423), ("eager-fails", 400)])
def test_a_rendition_that_is_not_there(fake: CloudinaryFake, mode: str, status: int) -> None:
    told_before = uploaded()
    version = told_before["version"]
    fake.switch(mode)
    how = f"{fake.delivery_signature(f'{EAGER}/iv/1.mp4')}/{EAGER}/v{version}/iv/1.mp4"
    assert delivered(fake, how).status_code == status
    original = f"{fake.delivery_signature('iv/1.webm')}/v{version}/iv/1.webm"
    assert hashlib.md5(delivered(fake, original).content).hexdigest() == told_before["etag"]
    told = cloudinary.api.resource("iv/1", resource_type="video", type="authenticated", timeout=10)
    assert told["derived"] == []


def test_a_slow_vendor_answers_all_the_same(fake: CloudinaryFake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakes.cloudinary.SLOW_S", 0.01)
    fake.switch("slow")
    assert uploaded()["public_id"] == "iv/1"


def test_help_tells_every_mode() -> None:
    assert all(mode.name in build().help() for mode in MODES)
