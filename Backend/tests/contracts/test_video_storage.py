"""What every video storage must do, on real WebM and MP4 as browsers write them."""

from __future__ import annotations

import errno
import io
import os
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from app.errors import ProviderError
from app.services.video_storage.base import Take, VideoStorage
from app.services.video_storage.embedded import EmbeddedVideoStorage
from tests.recordings.footage import HEIGHT, WIDTH, cut, footage

WEBM = "video/webm;codecs=vp8,opus"
CUES = bytes.fromhex("1C53BB6B")
CLUSTER = bytes.fromhex("1F43B675")


@pytest.fixture
def storage(tmp_path: Path) -> VideoStorage:
    return EmbeddedVideoStorage(tmp_path / "recordings")


def put(storage: VideoStorage, data: bytes, take: int = 0, pieces: int = 4, mime: str = WEBM, clock: int = 0) -> Take:
    for number, piece in enumerate(cut(data, pieces)):
        storage.put_piece("interview-1", take, number, piece)
    return Take(take, mime, clock, pieces)


def opened(storage: VideoStorage, key: str) -> Any:
    path = storage.local_path(key)
    assert path is not None
    return av.open(str(path))


def frames(storage: VideoStorage, key: str, kind: str = "video") -> list[Any]:
    with opened(storage, key) as container:
        return list(container.decode(next(s for s in container.streams if s.type == kind)))


def test_pieces_become_one_video_with_the_right_length_and_its_index_in_front(storage: VideoStorage) -> None:
    take = put(storage, footage(6))
    stored = storage.assemble("interview-1", [take])
    assert stored.mime_type == "video/webm"
    assert stored.has_video
    assert stored.duration_ms == pytest.approx(6000, abs=60)
    path = storage.local_path(stored.key)
    assert path is not None
    data = path.read_bytes()
    assert stored.size_bytes == len(data)
    assert 0 < data.find(CUES) < data.find(CLUSTER)
    assert len(frames(storage, stored.key)) == 60


def test_the_assembled_video_can_be_entered_in_the_middle(storage: VideoStorage) -> None:
    stored = storage.assemble("interview-1", [put(storage, footage(8))])
    with opened(storage, stored.key) as container:
        container.seek(5_000_000)
        first = next(container.decode(container.streams.video[0]))
    assert first.time == pytest.approx(4.0, abs=0.1)


def test_a_recorder_that_started_late_gives_a_video_that_starts_at_zero(storage: VideoStorage) -> None:
    stored = storage.assemble("interview-1", [put(storage, footage(4, start_s=9.0), clock=500)])
    assert stored.duration_ms == pytest.approx(4000, abs=60)
    assert frames(storage, stored.key)[0].time == pytest.approx(0, abs=0.1)
    assert stored.takes[0].clock_start_ms == 500
    assert stored.takes[0].video_start_ms == 0


def test_takes_follow_each_other_without_a_gap_in_the_order_of_the_clock(storage: VideoStorage) -> None:
    later = put(storage, footage(3), take=1, clock=60_000)
    earlier = put(storage, footage(5), take=0, clock=1_000)
    stored = storage.assemble("interview-1", [later, earlier])
    assert [take.number for take in stored.takes] == [0, 1]
    first, second = stored.takes
    assert second.video_start_ms == first.duration_ms
    assert (first.clock_start_ms, second.clock_start_ms) == (1_000, 60_000)
    assert stored.duration_ms == pytest.approx(8000, abs=80)
    times = [frame.time for frame in frames(storage, stored.key)]
    assert len(times) == 80
    assert times == sorted(times)


def test_a_take_of_sound_alone_keeps_its_place_between_takes_with_a_picture(storage: VideoStorage) -> None:
    takes = [
        put(storage, footage(3), take=0, clock=0),
        put(storage, footage(4, picture=False), take=1, mime="audio/webm;codecs=opus", clock=10_000),
        put(storage, footage(3), take=2, clock=20_000),
    ]
    stored = storage.assemble("interview-1", takes)
    assert stored.has_video
    assert [take.number for take in stored.takes] == [0, 1, 2]
    assert stored.duration_ms == pytest.approx(10_000, abs=100)
    heard = [frame.time for frame in frames(storage, stored.key, "audio")]
    assert max(b - a for a, b in pairwise(heard)) < 0.2


def test_an_interview_without_a_camera_becomes_audio(storage: VideoStorage) -> None:
    take = put(storage, footage(4, picture=False), mime="audio/webm;codecs=opus")
    stored = storage.assemble("interview-1", [take])
    assert (stored.mime_type, stored.has_video) == ("audio/webm", False)
    assert stored.duration_ms == pytest.approx(4000, abs=60)


def test_fragmented_mp4_becomes_mp4_with_its_index_in_front(storage: VideoStorage) -> None:
    take = put(storage, footage(4, kind="mp4"), mime="video/mp4;codecs=avc1,mp4a")
    stored = storage.assemble("interview-1", [take])
    assert stored.mime_type == "video/mp4"
    assert stored.duration_ms == pytest.approx(4000, abs=120)
    path = storage.local_path(stored.key)
    assert path is not None
    data = path.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    assert b"moof" not in data


@pytest.mark.parametrize("kind", ["webm", "mp4"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.63, 0.665, 0.9])
def test_what_came_before_a_recorder_died_can_be_played(storage: VideoStorage, share: float, kind: str) -> None:
    whole = footage(10, kind=kind)
    take = put(storage, whole[: int(len(whole) * share)], mime=f"video/{kind}")
    stored = storage.assemble("interview-1", [take])
    assert stored.duration_ms == pytest.approx(10_000 * share, rel=0.25)
    assert len(frames(storage, stored.key)) > 60 * share


def test_a_take_that_is_not_a_video_does_not_spoil_the_others(storage: VideoStorage) -> None:
    good = put(storage, footage(3), take=0)
    noise = put(storage, random.Random(7).randbytes(20_000), take=1, clock=9_000)
    stored = storage.assemble("interview-1", [good, noise])
    assert [take.number for take in stored.takes] == [0]


def test_a_take_of_another_codec_is_left_out_instead_of_breaking_the_video(storage: VideoStorage) -> None:
    good = put(storage, footage(3), take=0)
    foreign = put(storage, footage(3, kind="mp4"), take=1, mime="video/mp4", clock=9_000)
    stored = storage.assemble("interview-1", [good, foreign])
    assert [take.number for take in stored.takes] == [0]
    assert len(frames(storage, stored.key)) == 30


VP8: dict[str, Any] = {}
VP9: dict[str, Any] = {"codec": "libvpx-vp9"}
H264: dict[str, Any] = {"kind": "mp4", "codec": "libx264"}
MP4 = "video/mp4;codecs=avc1,mp4a"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((WEBM, VP8), (WEBM, VP9)),
        ((WEBM, VP8), (MP4, H264)),
        ((MP4, {**H264, "size": (64, 48)}), (MP4, {**H264, "size": (48, 64)})),
        ((WEBM, {"size": (64, 48)}), (WEBM, {"size": (48, 64)})),
    ],
    ids=["vp8-vp9", "webm-mp4", "a-phone-turned", "vp8-turned"],
)
def test_takes_that_do_not_fit_into_one_video_are_parted_and_each_plays(
    storage: VideoStorage, first: tuple[str, Any], second: tuple[str, Any]
) -> None:
    takes = [
        put(storage, footage(2, **how), take=number, mime=mime, clock=number * 10_000)
        for number, (mime, how) in enumerate([first, second, second, first])
    ]
    parted = storage.stretches("interview-1", [takes[2], takes[0], takes[1], takes[3]])
    assert [[take.number for take in part] for part in parted] == [[0], [1, 2], [3]]
    keys: list[str] = []
    for part in parted:
        stored = storage.assemble("interview-1", part, keys)
        keys.append(stored.key)
        assert len(frames(storage, stored.key)) == 20 * len(part)
        assert storage.holds("interview-1", stored.key, part, stored.takes)
    assert all(storage.local_path(key) for key in keys)
    storage.keep_only("interview-1", keys[:1])
    assert [storage.local_path(key) is not None for key in keys] == [True, False, False]


def test_sound_alone_and_what_cannot_be_read_part_nothing(storage: VideoStorage) -> None:
    takes = [
        put(storage, footage(2, picture=False), take=0, mime="audio/webm;codecs=opus", clock=0),
        put(storage, footage(2), take=1, clock=10_000),
        put(storage, random.Random(7).randbytes(20_000), take=2, clock=20_000),
        put(storage, footage(2, picture=False), take=3, mime="audio/webm;codecs=opus", clock=30_000),
        put(storage, footage(2, **VP9), take=4, clock=40_000),
    ]
    parted = storage.stretches("interview-1", takes)
    assert [[take.number for take in part] for part in parted] == [[0, 1, 2, 3], [4]]
    stored = storage.assemble("interview-1", parted[0])
    assert [(take.number, take.pieces) for take in stored.takes] == [(0, 4), (1, 4), (3, 4)]
    readable = [take for take in parted[0] if take.number != 2]
    assert storage.holds("interview-1", stored.key, readable, stored.takes)
    assert not storage.holds("interview-1", stored.key, parted[0], stored.takes)


def test_h264_in_webm_is_stored_as_mp4(storage: VideoStorage) -> None:
    film = footage(2, kind="matroska", codec="libx264", sound=False)
    stored = storage.assemble("interview-1", [put(storage, film, mime="video/webm;codecs=h264")])
    assert stored.mime_type == "video/mp4"
    assert len(frames(storage, stored.key)) == 20


@pytest.mark.parametrize("kind", ["webm", "mp4"])
@pytest.mark.parametrize("harm", ["zeros", "noise", "gone", "cut short", "more behind it"])
def test_a_video_does_not_stand_for_pieces_that_it_could_not_read_whole(
    storage: VideoStorage, tmp_path: Path, kind: str, harm: str
) -> None:
    take = put(storage, footage(10, kind=kind), pieces=10, mime=f"video/{kind}")
    stored = storage.assemble("interview-1", [take])
    assert storage.holds("interview-1", stored.key, [take], stored.takes)
    piece = tmp_path / "recordings" / "interview-1" / "pieces" / "000" / "000004.piece"
    data = piece.read_bytes()
    noise = random.Random(3).randbytes(len(data))
    harmed = {"zeros": bytes(len(data)), "noise": noise, "gone": b"", "cut short": data[: len(data) // 2]}
    piece.write_bytes(harmed.get(harm, data))
    if harm == "more behind it":
        storage.put_piece("interview-1", 0, 10, noise)
        take = Take(0, take.mime_type, 0, 11)
    # Neither the video from before nor one made of what is left.
    assert not storage.holds("interview-1", stored.key, [take], stored.takes)
    again = storage.assemble("interview-1", [take])
    assert not storage.holds("interview-1", again.key, [take], again.takes)


@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_a_video_stands_for_its_pieces_only_as_long_as_it_is_whole_itself(
    storage: VideoStorage, tmp_path: Path, kind: str
) -> None:
    take = put(storage, footage(6, kind=kind), pieces=6, mime=f"video/{kind}")
    short = storage.assemble("interview-1", [Take(0, take.mime_type, 0, 4)])
    assert not storage.holds("interview-1", short.key, [take], short.takes)
    stored = storage.assemble("interview-1", [take])
    path = storage.local_path(stored.key)
    assert path is not None
    data = path.read_bytes()
    for harmed in (data[: len(data) * 3 // 4], b"", bytes(len(data))):
        path.write_bytes(harmed)
        assert not storage.holds("interview-1", stored.key, [take], stored.takes)
    path.unlink()
    assert not storage.holds("interview-1", stored.key, [take], stored.takes)


def test_a_long_take_with_a_picture_that_stands_still_is_proven(storage: VideoStorage) -> None:
    take = put(storage, footage(30, sound=False), pieces=15)
    stored = storage.assemble("interview-1", [take])
    assert storage.holds("interview-1", stored.key, [take], stored.takes)


def test_nothing_playable_is_a_failure_and_not_an_empty_video(storage: VideoStorage) -> None:
    noise = put(storage, random.Random(7).randbytes(20_000))
    with pytest.raises(ProviderError) as failure:
        storage.assemble("interview-1", [noise])
    assert failure.value.category == "invalid_response"
    assert not failure.value.retryable


def test_a_playlist_posing_as_a_video_fetches_nothing(storage: VideoStorage, tmp_path: Path) -> None:
    secret = tmp_path / "secret.webm"
    secret.write_bytes(footage(1))
    playlist = f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode()
    storage.put_piece("interview-1", 0, 0, playlist)
    with pytest.raises(ProviderError):
        storage.assemble("interview-1", [Take(0, WEBM, 0, 1)])


def test_assembling_twice_gives_the_same_video(storage: VideoStorage) -> None:
    take = put(storage, footage(3))
    assert storage.assemble("interview-1", [take]) == storage.assemble("interview-1", [take])


def test_a_later_assembly_with_more_pieces_replaces_the_video(storage: VideoStorage) -> None:
    take = put(storage, footage(6), pieces=6)
    short = storage.assemble("interview-1", [Take(0, WEBM, 0, 3)])
    full = storage.assemble("interview-1", [take])
    assert full.duration_ms > short.duration_ms
    assert storage.local_path(full.key) is not None
    assert storage.local_path(short.key) is None


def test_the_same_piece_again_is_harmless(storage: VideoStorage) -> None:
    data = footage(3)
    take = put(storage, data)
    put(storage, data)
    assert storage.assemble("interview-1", [take]).duration_ms == pytest.approx(3000, abs=60)


@pytest.mark.parametrize("seconds", [1, 5])
def test_a_video_has_a_picture_to_show_before_it_plays(storage: VideoStorage, seconds: float) -> None:
    stored = storage.assemble("interview-1", [put(storage, footage(seconds))])
    picture = storage.poster(stored.key)
    assert picture is not None
    with av.open(io.BytesIO(picture), "r") as container:
        frame = next(container.decode(container.streams.video[0]))
    assert (frame.width, frame.height) == (WIDTH, HEIGHT)
    # The footage grows brighter from black; the picture is not its first one.
    assert frame.to_ndarray(format="gray").mean() > 50


def test_a_recording_of_sound_alone_has_no_picture(storage: VideoStorage) -> None:
    take = put(storage, footage(2, picture=False), mime="audio/webm;codecs=opus")
    assert storage.poster(storage.assemble("interview-1", [take]).key) is None
    assert storage.poster("interview-1/video-000000000000.webm") is None


def test_pieces_can_go_while_the_video_stays(storage: VideoStorage) -> None:
    stored = storage.assemble("interview-1", [put(storage, footage(2))])
    storage.drop_pieces("interview-1")
    storage.drop_pieces("interview-1")
    assert storage.local_path(stored.key) is not None
    with pytest.raises(ProviderError):
        storage.assemble("interview-1", [Take(0, WEBM, 0, 4)])


def test_deleting_leaves_nothing_and_may_be_done_again(storage: VideoStorage, tmp_path: Path) -> None:
    stored = storage.assemble("interview-1", [put(storage, footage(2))])
    storage.delete("interview-1")
    storage.delete("interview-1")
    assert storage.local_path(stored.key) is None
    assert list((tmp_path / "recordings").iterdir()) == []


def test_what_a_killed_assembly_left_is_cleared_away(storage: VideoStorage, tmp_path: Path) -> None:
    take = put(storage, footage(2))
    folder = tmp_path / "recordings" / "interview-1"
    old, young = folder / ".assembling-old", folder / ".assembling-young"
    for left in (old, young):
        left.mkdir()
        (left / "video.webm").write_bytes(b"half a video")
    os.utime(old, (0, 0))
    storage.assemble("interview-1", [take])
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize("key", ["", "../secret", "interview-1/../../x", "interview-1/video-zz.webm", "/etc/passwd"])
def test_a_key_not_made_here_names_no_file(storage: VideoStorage, key: str) -> None:
    try:
        assert storage.local_path(key) is None
    except ProviderError as refusal:
        assert refusal.category == "refused"


def test_a_full_disk_refuses_the_piece_and_leaves_no_half_of_it(
    storage: VideoStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.put_piece("interview-1", 0, 0, b"first")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProviderError) as failure:
        storage.put_piece("interview-1", 0, 1, b"second")
    assert failure.value.retryable
    assert failure.value.category == "quota"
    kept = [path.name for path in (tmp_path / "recordings").rglob("*") if path.is_file()]
    assert kept == ["000000.piece"]


def test_a_piece_is_flushed_to_the_disk_before_its_name_appears(
    storage: VideoStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.put_piece("interview-1", 0, 0, b"first")
    target = tmp_path / "recordings" / "interview-1" / "pieces" / "000" / "000001.piece"
    seen: list[bool] = []
    real = os.fsync

    def watched(handle: int) -> None:
        seen.append(target.exists())
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    storage.put_piece("interview-1", 0, 1, b"second")
    assert seen == [False, True]
