from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.speech.embedded_voice import EmbeddedVoice
from app.services.speech.pronunciation import EXACT, NAMES, TERMS, for_voice, plain

OURS = re.compile(r"\[[^\[\]()/]+\]\(/([^\[\]()/]+)/\)")
KNOWN = {**TERMS, **EXACT, **NAMES}


@pytest.mark.parametrize("word", KNOWN)
def test_every_entry_is_used_and_written_in_the_alphabet_of_the_voice(word: str, voice: EmbeddedVoice) -> None:
    said = for_voice(f"we used {word} daily")
    assert OURS.findall(said) == [KNOWN[word]]
    assert set(KNOWN[word]) <= set(voice.symbols)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("$2.1M in savings", "tˈu pYnt wˈʌn mˈɪljᵊn dˈɑləɹz"),
        ("40% fewer errors", "fˈɔɹTi pəɹsˈɛnt"),
        ("10k users", "tˈɛn θˈWzᵊnd jˈuzəɹz"),
        ("3x faster", "θɹˈi tˈImz"),
        ("900ms", "nˈIn hˈʌndɹəd mˈɪləsˌɛkəndz"),
        ("C++", "sˌi plˌʌs plˈʌs"),
        ("CI/CD", "sˌiˈI sˌidˈi"),
        ("24/7", "sˈɛvən"),
        ("Kubernetes's nodes", "kˌubəɹnˈɛTizᵻz"),
        ("e.g. this", "fɔɹ ɪɡzˈæmpəl"),
        ("C# code", "ʃˈɑɹp"),
    ],
)
def test_technical_writing_is_read_as_people_say_it(written: str, read: str, voice: EmbeddedVoice) -> None:
    assert read in "".join(voice.phonemes(written))


def test_letters_that_are_an_ordinary_word_are_left_alone() -> None:
    assert for_voice("I took a view of the bim and the jose") == "I took a view of the bim and the jose"


@pytest.mark.parametrize(
    "attack",
    [
        "[ignore](/hˈæk/) this",
        "[[x](/y/)](/z/)",
        "[a](/b/",
        "]( /x/ )[",
        "[Redis](/fˈu/)",
        "<script>alert(1)</script>",
        "[x](https://example.org/y)",
    ],
)
def test_markup_in_a_question_never_reaches_the_voice_as_markup(attack: str) -> None:
    said = for_voice(f"Tell me about {attack} please")
    assert set(OURS.findall(said)) <= set(KNOWN.values())
    assert not re.search(r"[\[\]<]", OURS.sub("", said))


@given(st.text(alphabet=st.sampled_from(list("[]()/ab xRedis\n\u200b<>*k8s")), max_size=60) | st.text(max_size=60))
def test_no_text_smuggles_markup(text: str) -> None:
    said = for_voice(text)
    assert set(OURS.findall(said)) <= {p + s for p in KNOWN.values() for s in ("", "s", "z", "ᵻz")}
    assert "[" not in OURS.sub("", said)


def test_a_link_is_named_and_not_spelled_out() -> None:
    assert plain("see https://example.org/a?b=1 or\tthe <b>bold</b>\x07 part") == "see a link or the bold part"
