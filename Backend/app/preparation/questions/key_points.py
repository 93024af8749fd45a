"""Key points that hold for any trade: what shows that somebody really did, decided or settled a thing.

In an example, ``{fact}`` stands for the person's own wording; such an example is used only where there is one.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.question import KeyPoint
from app.preparation.questions.cards.card import point

POINTS: dict[str, KeyPoint] = {
    "situation": point(
        "Sets the scene: what the situation was and why it mattered",
        "What was the situation at the start, and why did it matter?",
        "When I started, this had been a problem for about a year and nobody owned it.",
        "At the time we were short of people and complaints were coming in every week.",
        "The background to {fact} was that the old way no longer worked.",
        "It mattered because customers were waiting and we were losing money.",
    ),
    "own_part": point(
        "Says what they did themselves",
        "Which part of that did you do yourself?",
        "My own part was to plan it and do most of the work; a colleague checked it.",
        "I wrote the first version myself and then asked two colleagues to try it.",
        "For {fact} I was the one who set it up, step by step.",
        "I did it myself, from the first call to the final hand-over.",
    ),
    "steps": point(
        "Describes the concrete steps taken",
        "Take me through it step by step: what did you do first, and then?",
        "First I listed what we had, then I talked to everyone who used it, and then I changed one thing at a time.",
        "I started with a small trial for two weeks before rolling it out.",
        "The first thing I did was to look at the numbers, then I drew up a plan.",
    ),
    "hard_part": point(
        "Names what was hard and how it was overcome",
        "What was the hardest part, and how did you get past it?",
        "The hardest part was the deadline, so I cut the scope down to what was needed first.",
        "What nearly stopped us was missing information; I went and collected it by phone.",
        "I got stuck for a week until I asked someone who had done it before.",
    ),
    "reason": point(
        "Gives the reasons for the choice",
        "Why did you choose that?",
        "I chose that because it was safer and we could undo it if it failed.",
        "The main reason was time: the other way would have taken twice as long.",
        "I decided that way since it was better for the people who depended on it.",
    ),
    "alternatives": point(
        "Names the alternatives that were weighed",
        "What else could you have done instead?",
        "The alternative was to wait another month, or to buy something ready-made.",
        "I compared two options and wrote down what each would cost.",
        "We could have kept the old way, but that only moved the problem.",
    ),
    "trade_off": point(
        "Says what was given up",
        "What did you give up by doing it that way?",
        "The price was that it took longer in the beginning.",
        "We gave up some flexibility for something simple that everyone understood.",
        "The downside was more work for me, and I accepted that.",
    ),
    "result": point(
        "States the result, with a number or a visible effect",
        "What came of it in the end? A number would help.",
        "In the end complaints fell by about a third within three months.",
        "We finished two weeks early and under budget.",
        "After that it took ten minutes instead of an hour.",
        "The result of {fact} was something you could see in the figures.",
    ),
    "learning": point(
        "Says what was learned or would be done differently",
        "What would you do differently today?",
        "Next time I would involve the others much earlier.",
        "What I learned is to test on a small scale before promising anything.",
        "Looking back, I would have asked for help sooner.",
    ),
    "measure": point(
        "Explains how it was measured",
        "How exactly did you measure that?",
        "We counted it every week in the same way, before and after the change.",
        "The number comes from the monthly report, three months before compared with three months after.",
        "I measured it by logging every case in a simple spreadsheet.",
    ),
    "before": point(
        "Says what it was like before and what the target was",
        "Where did it stand before, and what was the target?",
        "Before that it was about twice as much, and the target was to halve it.",
        "The baseline was the year before; nobody had looked at it since.",
        "When I took over we were well below the target we had been given.",
    ),
    "cause": point(
        "Names the change that made the difference, and rules out chance",
        "Which single change made most of the difference, and how do you know?",
        "Most of it came from one change: we stopped doing the same check twice.",
        "I know it was the change because the other site, which had not changed, stayed the same.",
        "It was not the season, since the same months the year before looked quite different.",
    ),
    "lasting": point(
        "Says how it was made to last",
        "How did you make sure it lasted?",
        "I wrote it down as a checklist, and it is still used today.",
        "Every Monday we looked at the figure together, so it could not slip back.",
        "I trained two colleagues, so it did not depend on me.",
    ),
    "other_view": point(
        "Explains what the other side wanted, fairly",
        "What did the other person want, seen from their side?",
        "From her side it made sense: she was afraid it would mean more work for her team.",
        "He wanted to keep the old way because he had been blamed for a change before.",
        "I understood that they were under pressure to finish quickly.",
    ),
    "talked": point(
        "Describes the conversation itself: listening, asking, saying it directly",
        "What did you actually say to them?",
        "I asked him for half an hour alone and let him explain first.",
        "I told her directly what I had noticed, and asked how she saw it.",
        "I listened first, repeated what I had understood, and then explained my concern.",
    ),
    "common_ground": point(
        "Shows how an agreement or a way forward was found",
        "How did the two of you find a way forward?",
        "We agreed to try it for two weeks and then look at the results together.",
        "In the end we met halfway: his order, my checklist.",
        "I gave way on the date, and they accepted the extra check.",
    ),
    "relationship": point(
        "Says how they work together since, and what was learned about people",
        "How did you get on with them afterwards?",
        "We still work together, and now she comes to me first.",
        "Afterwards we got on better than before, because it had been said openly.",
        "I learned to ask people before I change something that touches their work.",
    ),
    "leading": point(
        "Shows how work was shared out and people were supported",
        "How did you share out the work, and how did you support the weaker ones?",
        "I gave each person one area and met them every Friday for fifteen minutes.",
        "I paired the new one with somebody experienced for the first month.",
        "I asked each of them what they wanted to learn and shared the work out accordingly.",
    ),
    "hard_talk": point(
        "Handles somebody who was struggling, directly and fairly",
        "What did you do about somebody who did not keep up?",
        "I spoke to him in private, said what I had seen, and we agreed on two things to change.",
        "She was struggling, so we set small goals and I checked in every week.",
        "When it did not get better I involved my manager, and told him so beforehand.",
    ),
    "learner": point(
        "Starts from what the learner needed or already knew",
        "How did you find out what they already knew?",
        "I asked them to show me first, so I knew where to begin.",
        "Half the group had never done it, so I split the session in two.",
        "I noticed that they could repeat the rule but not use it, so I changed the exercise.",
    ),
    "checked": point(
        "Checks whether it was understood or done right",
        "How did you know that they had really understood?",
        "I had them do it alone and watched without helping.",
        "A short test two weeks later showed that most still knew it.",
        "I asked each of them to explain it back in their own words.",
    ),
    "adapted": point(
        "Changes the approach when it did not work",
        "What did you change when the first way did not work?",
        "When explaining did not help I drew it and used a real object.",
        "I dropped the slides and worked through one example together.",
        "It did not work for two of them, so I found another way with each.",
    ),
    "need": point(
        "Finds out what the customer or client really needed",
        "How did you find out what they really needed?",
        "I asked what happens if they do nothing, and that was the real problem.",
        "She said price, but after a few questions it was delivery that worried her.",
        "I spent the first meeting only asking questions.",
    ),
    "objection": point(
        "Meets an objection without pushing",
        "What was their strongest objection, and what did you say?",
        "Their main objection was the price, so I showed what the delay was costing them.",
        "I told them honestly that we could not do that part, and what we could do instead.",
        "When he hesitated I offered to start with a small order.",
    ),
    "found": point(
        "Explains how the cause was found",
        "How did you find the cause?",
        "I ruled out the simple things first, then changed one thing at a time until it stopped.",
        "I went there and watched it happen, and then the cause was obvious.",
        "The log showed that it only happened at night, which pointed to the backup.",
    ),
    "urgency": point(
        "Weighs what is urgent and keeps people informed",
        "Who was affected meanwhile, and what did you tell them?",
        "I first made it safe, then told everyone affected how long it would take.",
        "I called the customer before he could call me.",
        "The urgent ones came first; for the others I gave a time and kept to it.",
    ),
    "prevent": point(
        "Makes sure it does not come back",
        "What did you do so that it would not happen again?",
        "Afterwards I added a check, so it could not happen unnoticed again.",
        "We replaced the part on every machine of that type, not only on the broken one.",
        "I wrote down the cause and the fix for the next person.",
    ),
    "person": point(
        "Sees the person: what they felt, feared or wanted",
        "What do you think that person was going through?",
        "She was frightened, so I sat down and took my time before I explained anything.",
        "He wanted to manage alone, and I let him do as much as he could.",
        "I spoke to the family separately, because they were more worried than he was.",
    ),
    "safe": point(
        "Keeps to what is safe and says when help was called",
        "When did you call someone in, and whom?",
        "I checked against the guideline and called the senior on duty at once.",
        "I stopped, made the area safe, and only then went on.",
        "I wrote it down straight away and told the next shift.",
    ),
    "volume": point(
        "Shows how the amount of work was handled: order, priorities, limits",
        "On the busiest day, what came first and what had to wait?",
        "I sorted them each morning by what could not wait, and did those first.",
        "On a busy day I put the small ones together and finished them in one go.",
        "When it got too much I told my manager early what would be late.",
    ),
    "accuracy": point(
        "Says how mistakes were avoided or caught",
        "How did you avoid mistakes when it was busy?",
        "I checked the total against a second source before I sent anything.",
        "Once I did make a mistake, and I told them the same day and corrected it.",
        "A colleague and I checked each other's work.",
    ),
    "question": point(
        "States the question that was to be answered",
        "What was the question you wanted to answer?",
        "The question was whether people used it at all.",
        "I wanted to find out why so many dropped out after the first week.",
        "We needed to know which of the two was cheaper over five years.",
    ),
    "method": point(
        "Explains the method and its limits",
        "How did you go about it, and what could your method not show?",
        "I interviewed twelve people and compared that with the numbers we had.",
        "I took a sample of two hundred, which is too few to say anything about single regions.",
        "I tested it on data it had not seen before.",
    ),
    "finding": point(
        "Says what was found and what was done because of it",
        "What did you find, and what was done because of it?",
        "What I found was that the problem started one step earlier than everyone thought.",
        "Because of that result the team changed the plan.",
        "I was surprised that the opposite was true, and I told them so.",
    ),
    "planning": point(
        "Plans backwards from the date and for what can go wrong",
        "What did you plan for that could have gone wrong?",
        "I planned backwards from the date and left two days spare.",
        "I had a second supplier ready in case the first one let us down.",
        "I made a list of who does what by when, and called everyone the day before.",
    ),
    "money": point(
        "Handles money with care: where it went, what was cut, who agreed",
        "Where did the money go, and what did you say no to?",
        "The largest part was staff, so that is where I looked first.",
        "I said no to new equipment because repairing it was cheaper.",
        "I kept a reserve of ten percent and reported every month.",
    ),
    "users": point(
        "Knows who used it and what they needed",
        "Who used it, and how did you know what they needed?",
        "I sat next to two people who would use it every day and watched them.",
        "The users were the night staff, and they needed it to work on a phone.",
        "We asked them after a week what annoyed them most.",
    ),
    "audience": point(
        "Puts it so that the listener or reader could act on it",
        "How did you put it so that they could act on it?",
        "I left the jargon out and put the recommendation in the first line.",
        "I told them plainly what I would do in their place, and why.",
        "They were not experts, so I used one example they knew from their own work.",
    ),
    "doubt": point(
        "Says what was uncertain and how that was handled",
        "What were you unsure about, and what did you do about it?",
        "I was not sure about one point, so I looked it up and asked a specialist.",
        "I said clearly which part was certain and which was my opinion.",
        "I checked the other side of the argument before I gave advice.",
    ),
    "why_them": point(
        "Says what they did that set them apart",
        "What had you done that the others had not?",
        "I think it was because I stayed on after the project and fixed what nobody wanted to do.",
        "I had helped the new ones without being asked.",
        "I put in the hours for it and asked for feedback every week.",
    ),
    "transfer": point(
        "Connects an experience of their own to the new task",
        "What in your own experience comes closest?",
        "What comes closest is when I had to learn a new system alone in a month.",
        "I have not done exactly that, but I have done something like it with another tool.",
        "In my last job I had to do the same thing under a different name.",
    ),
    "gap_honest": point(
        "Is honest about what is still missing",
        "What would you still have to learn?",
        "I have not done that myself yet, and I would say so.",
        "I know the theory, but I have never been responsible for it.",
        "That is the part I would need help with in the beginning.",
    ),
    "gap_plan": point(
        "Has a concrete plan to learn it",
        "What would you do in the first weeks to get there?",
        "In the first two weeks I would watch somebody who does it well and take notes.",
        "I would start with a small piece and ask for a review.",
        "I have already signed up for a course and practise at home.",
    ),
    "motive": point(
        "Gives a reason that is their own and specific",
        "What is it about this work that draws you, in particular?",
        "I noticed that the part of my week I look forward to is exactly this kind of work.",
        "I like that you see at the end of the day what you have done.",
        "Ever since I did it for the first time I have wanted to do more of it.",
    ),
    "evidence": point(
        "Backs it with something they have done",
        "What have you done already that shows it?",
        "That is why I did a course in the evenings and finished it.",
        "I asked to be put on that project, and stayed with it for a year.",
        "I started doing it on my own at weekends to see whether it suits me.",
    ),
    "expectation": point(
        "Knows what the work is really like, its dull side included",
        "What do you expect the hardest part of this work to be?",
        "I know that a lot of it is routine and paperwork, and I do not mind that.",
        "The hardest part will be the hours, and I have talked to people who do it.",
        "I expect the first months to be mostly learning.",
    ),
    "practice": point(
        "Shows real use of the skill in one concrete case",
        "Give me one concrete case where you used it.",
        "Last spring I used it for a real case that had to be finished in two days.",
        "One example: I had to use it every day for three months.",
        "I used it to build something that my team still works with.",
    ),
    "limits": point(
        "Knows the limits of the skill or the tool",
        "Where does it stop being the right tool?",
        "It is the wrong tool when there is too much of it; then I would use something else.",
        "I know the basics well, but for the difficult part I would ask a specialist.",
        "Its weakness is that mistakes are hard to see.",
    ),
    "quality": point(
        "Says how they know the work is good",
        "How do you know when it is good enough?",
        "I check it against a list before I hand it over.",
        "I ask somebody who has not seen it before to try it.",
        "It is good enough when nobody has to ask me how it works.",
    ),
    "priorities": point(
        "Orders the tasks by what matters and says what waits",
        "What did you do first, and what did you let wait?",
        "I did what touched people's safety first and let the paperwork wait.",
        "I asked my manager which of the two mattered more that day.",
        "I wrote down everything, crossed out what could wait, and started with the deadline.",
    ),
    "told": point(
        "Tells the people concerned early and plainly",
        "Whom did you tell, and when?",
        "I told my manager the same day that it would be late.",
        "I called them before they noticed it themselves.",
        "I said what had happened, without excuses, and what I would do about it.",
    ),
}

_LEAST_FACT_WORDS = 2


def key_points(names: tuple[str, ...], fact: str = "") -> tuple[KeyPoint, ...]:
    """The points of these names, their examples filled with the person's own `fact` or left out without one."""
    return tuple(_filled(POINTS[name], fact) for name in names)


def _filled(key_point: KeyPoint, fact: str) -> KeyPoint:
    usable = fact if len(fact.split()) >= _LEAST_FACT_WORDS and len(fact) <= 90 and "{" not in fact else ""
    examples = tuple(e.replace("{fact}", usable) for e in key_point.examples if usable or "{fact}" not in e)
    return replace(key_point, examples=examples)
