"""The interviewer's small words. They acknowledge and never evaluate: a "great answer" would be a score."""

from __future__ import annotations

import re

ACKNOWLEDGEMENTS = (
    "Thank you.",
    "Thanks, I've got that.",
    "All right, thank you.",
    "Thanks for walking me through that.",
    "Okay, thank you for that.",
    "Thanks, that helps me follow.",
)
AFTER_TYPING = ("Thank you, I've read that.", "Thanks, I have your answer.")
AFTER_A_SKIP = (
    "No problem, we'll leave that one.",
    "That's fine, let's leave it there.",
    "All right, we'll skip that one.",
)
AFTER_SILENCE = ("No problem. Let's go on.", "That's all right. Let's move on.")
NUDGES = (
    "Take your time. Whenever you're ready.",
    "Would you like more time? You can also ask me to repeat the question, or say: let's move on.",
)
AFTER_A_LONG_HOLD = "Take all the time you need. Just start speaking when you're ready."


def greeting(name: str, role: str, questions: int) -> str:
    count = {1: "one question", 2: "two questions", 3: "three questions", 4: "four questions", 5: "five questions"}.get(
        questions, f"{questions} questions"
    )
    role = _spoken(role)
    about = f" for the role of {role}" if role else ""
    return (
        f"Hello{_address(name)}, it's good to meet you. I'll ask you {count}{about}. "
        "Take your time with each one, and let's begin."
    )


def welcome_back(name: str) -> str:
    return f"Welcome back{_address(name)}. Let's pick up where we were."


def closing(name: str) -> str:
    return (
        f"Thank you{_address(name)}. That was my last question. "
        "I enjoyed talking with you, and your results will be ready in a moment. Goodbye."
    )


def closing_early(name: str) -> str:
    """When the time is up before the questions are."""
    return (
        f"Thank you{_address(name)}. Our time is up, so we'll stop here. "
        "Your results will be ready in a moment. Goodbye."
    )


def turned(phrases: tuple[str, ...], turn: int) -> str:
    return phrases[turn % len(phrases)]


def _address(name: str) -> str:
    first = _spoken(name).split(" ")[0]
    return f", {first}" if first else ""


def _spoken(text: str) -> str:
    """A name or role as words: letters, digits and joining signs only, so that nothing in it acts as markup."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s.+#&/',-]", " ", text)).strip()[:120]
