"""Answers spoken in the speech benchmark. ``|`` marks where the speaker stops to think.

Half of the pauses stand after a finished sentence, where they are hardest to tell from the end.
"""

from __future__ import annotations

from typing import Final

ANSWERS: Final = (
    "I led a team of four on the billing system. | We moved it to a queue and the failures went down by half.",
    "The report took six hours every night, so I | looked at the slowest query first and added an index.",
    "I asked each department for one example. | After that we found three causes and fixed the largest one.",
    "My manager wanted to release on Friday, but | the tests were not finished, so I showed her the risk in numbers.",
    "I trained two nurses on the new medication chart. | In the first month we had no wrong dose at all.",
    "When the supplier was late I called the customer myself and | explained what we could deliver on Monday.",
    "We sold twelve percent more in the second quarter. | The reason was a shorter contract that people could read.",
    "First I wrote down what everybody needed, because | nobody had talked to the people in the warehouse.",
    "I disagreed with the design at first. | Then I built a small version in two days and we compared both.",
    "The hardest part was the data, which | nobody owned, so I found one person in every team.",
    "I would begin by watching a lesson. | Children show you very quickly what they do not understand.",
    "There was a conflict between two cooks about | the order of the dishes, and I asked them to trade places.",
    "I keep a list of every promise I make. | On Friday I go through it and tell people what will be late.",
    "We lost a client since | we answered too late, and I built a simple schedule for the phone.",
    "The budget was cut by a third in spring. | I stopped two projects early and finished the one that mattered.",
    "I have not used that tool at work, but | I read the manual and built a small example last weekend.",
    "My first month was mostly listening. | I met thirty people and wrote one page about what I had heard.",
    "I checked the drawings again and found that | the beam was too short, so we stopped the order in time.",
    "A student came to me and wanted to give up. | We planned one week together and he passed the exam.",
    "We measured how long people waited at the desk, and | moved one person from the back office to the front.",
    "I made a mistake with the invoices. | I told my manager the same day and we corrected all forty of them.",
    "I like to work with people who ask questions, because | it shows me what I have explained badly.",
    "The website was slow on old phones. | I made the pictures smaller and the page loaded in two seconds.",
    "We tested the idea with ten families before | we wrote any code, and seven of them came back.",
)

REPLIES: Final = (
    "Thank you. What would you do differently today?",
    "And how did you measure that?",
    "That is helpful, thank you. Let us move on. Tell me about a time when a plan of yours did not work out.",
    "What was your own part in that result?",
    "Interesting. You said the failures went down by half, so how did you find out what had caused them?",
    "Who disagreed with you, and what did they say?",
)
