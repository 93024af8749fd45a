from __future__ import annotations

import pytest

from app.services.video_storage.cloudinary.playlists import LONGEST, belongs, rewritten

FOLDER = "/demo/video/authenticated/"
NAME = "interviewdost/0b8a1f0e-6a0c-4a4e-9d8e-3c6f5f6f8a11/0-abcdefghijklmnopqrstuv"
OTHER = "interviewdost/0b8a1f0e-6a0c-4a4e-9d8e-3c6f5f6f8a11/0-ABCDEFGHIJKLMNOPQRSTUV"
KEY = f"sp_auto/v7/{NAME}.m3u8"
SIZE = f"c_limit,w_640,h_360,vc_h264:baseline:3.0,br_2m/v7/{NAME}"


def ours(playlist: str) -> list[str]:
    text = rewritten(playlist, KEY, FOLDER, lambda key: f"<{key}>")
    return [line for line in text.splitlines() if line and not line.startswith("#EXTM3U")]


@pytest.mark.parametrize(
    "address",
    [
        f"{FOLDER}{SIZE}.m3u8",
        f"{FOLDER}s--2hbrSMPO--/{SIZE}.m3u8",
        f"{FOLDER}s--2hbrSMPOjj5BJ4xV7SgFbRDevFaQNUFf--/{SIZE}.m3u8",
        f"https://res.cloudinary.com{FOLDER}{SIZE}.m3u8?_a=b",
        f"{FOLDER}{SIZE}.m3u8".replace(":", "%3A"),
    ],
)
def test_an_address_in_any_form_becomes_one_of_ours_without_a_signature(address: str) -> None:
    told = f"#EXTM3U\n\n#EXT-X-STREAM-INF:BANDWIDTH=615000\n{address}\n"
    assert ours(told) == ["#EXT-X-STREAM-INF:BANDWIDTH=615000", f"<{SIZE}.m3u8>"]


def test_addresses_inside_tags_are_ours_as_well() -> None:
    told = f'#EXTM3U\n#EXT-X-MAP:URI="{FOLDER}{SIZE}.mp4",BYTERANGE="744@0"\n#EXTINF:4.0,\n{FOLDER}{SIZE}_2.m4s\n'
    assert ours(told) == [f'#EXT-X-MAP:URI="<{SIZE}.mp4>",BYTERANGE="744@0"', "#EXTINF:4.0,", f"<{SIZE}_2.m4s>"]


@pytest.mark.parametrize(
    "address",
    [
        f"{FOLDER}c_limit,w_640/v7/{OTHER}.ts",
        f"/demo/video/upload/c_limit,w_640/v7/{NAME}.ts",
        f"/another{FOLDER}c_limit,w_640/v7/{NAME}.ts",
        f"{FOLDER}../authenticated/c_limit,w_640/v7/{OTHER}.ts",
        "data:video/mp2t;base64,AAAA",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_leads_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="elsewhere"):
        ours(f"#EXTM3U\n#EXTINF:4.0,\n{address}\n")


@pytest.mark.parametrize("text", ["", "<html>", "EXTM3U", "#EXTM3U" + "\n" * LONGEST])
def test_what_is_no_playlist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a playlist"):
        ours(text)


@pytest.mark.parametrize(
    "piece",
    [f"c_limit,w_640/v7/{OTHER}.ts", f"v7/{NAME}/../x.ts", f"w_1/v7/{NAME}.ts?x=1", "", "sp_auto", f"{NAME}.ts"],
)
def test_only_pieces_of_the_same_video_belong_to_it(piece: str) -> None:
    assert belongs(f"{SIZE}.ts", KEY)
    assert not belongs(piece, KEY)
