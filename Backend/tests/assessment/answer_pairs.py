"""Questions of ten professions with answers of our own writing, of known kinds.

The key points are the planner's sort: general ones with example utterances from several trades, none of which
repeats an answer below. So the judge cannot pass by comparing an answer with itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.answer import AnswerUtterance, Exchange
from app.domain.question import KeyPoint, QuestionKind

RESULT = KeyPoint(
    "Says what changed in the end, with a number",
    (
        "It fell from 12 percent to 4 percent within a quarter",
        "As a result complaints dropped by half",
        "In the end we finished two weeks early",
        "That saved about ten thousand a year",
    ),
    "What changed in the end, and by how much?",
)
OWN_PART = KeyPoint(
    "Names the steps the candidate took in person",
    (
        "I wrote the new checklist and trained the team on it",
        "I called each supplier myself and renegotiated the terms",
        "I rebuilt the schedule and checked it every morning",
        "My part was to test every unit and log the faults",
    ),
    "Which part of that was yours?",
)
REASON = KeyPoint(
    "Gives the reason for the choice and an alternative that was set aside",
    (
        "I chose the slower option because it was safer",
        "We could have bought it, but building it was cheaper over three years",
        "The reason was that the other way would have failed under load",
        "I decided against it since the risk was too high",
    ),
    "What else could you have done, and why did you not?",
)
OBSTACLE = KeyPoint(
    "Names what stood in the way and how it was dealt with",
    (
        "The hardest part was that nobody had time for it",
        "At first people refused to use it, so I sat down with them",
        "The problem turned out to be a missing part in the process",
        "We were short of staff, so I moved the work to the morning",
    ),
    "What was the hardest part?",
)
OTHER_SIDE = KeyPoint(
    "Understands the other person's view",
    (
        "She was worried that it would cost her team more work",
        "From his point of view the deadline was what counted",
        "I asked him what bothered him and listened",
        "They felt that nobody had asked them",
    ),
    "How did the other person see it?",
)
SETTLED = KeyPoint(
    "Says how it was settled and what became of the relationship",
    (
        "We agreed to try it for two weeks and then look again",
        "We found a compromise that both of us could live with",
        "Afterwards he came to me first with questions",
        "She apologised and we have worked well together since",
    ),
    "How was it settled?",
)
LEARNED = KeyPoint(
    "Says what was learned or would be done differently",
    (
        "Next time I would ask earlier",
        "I learned that you have to explain the reason first",
        "Looking back I should have tested it on a small group",
        "Since then I always check twice",
    ),
    "What would you do differently?",
)
CLOSE_GAP = KeyPoint(
    "Has a concrete plan for learning what is missing",
    (
        "I have started a course and finish it in May",
        "In the first month I would shadow a colleague",
        "I practise it at home every week",
        "I would ask for a mentor and read the manual first",
    ),
    "How would you learn it in the first weeks?",
)
TRANSFER = KeyPoint(
    "Names something comparable that was done already",
    (
        "I have not used that system, but I worked with a similar one for two years",
        "It is close to what I did in my last job",
        "The principle is the same as in my internship",
        "I did something comparable as a volunteer",
    ),
    "What have you done that comes close?",
)

PROJECT = (RESULT, OWN_PART, OBSTACLE, LEARNED)
DECISION = (REASON, OWN_PART, RESULT)
CONFLICT = (OTHER_SIDE, OWN_PART, SETTLED, LEARNED)
GAP = (TRANSFER, CLOSE_GAP, OWN_PART)


@dataclass(frozen=True)
class Pair:
    """One question, and five answers of which only the first is a good one."""

    profession: str
    kind: QuestionKind
    question: str
    grounding: str
    key_points: tuple[KeyPoint, ...]
    good: str
    vague: str
    off_topic: str
    evasive: str

    @property
    def parroting(self) -> str:
        """The question said back, as someone does who plays for time."""
        return f"You want to know: {self.question} Yes. {self.question}"

    def exchange(self, answer: str, *, is_follow_up: bool = False) -> Exchange:
        return Exchange(
            role=self.profession,
            question=self.question,
            kind=self.kind,
            grounding=self.grounding,
            key_points=self.key_points,
            answer=spoken(answer),
            is_follow_up=is_follow_up,
        )


def spoken(answer: str) -> tuple[AnswerUtterance, ...]:
    """As speech recognition would give it: a line for each sentence or two, 400 ms a word."""
    lines: list[AnswerUtterance] = []
    at = 0
    for number, line in enumerate(part for part in answer.replace("? ", "?|").replace(". ", ".|").split("|") if part):
        length = 400 * len(line.split())
        lines.append(AnswerUtterance(f"u{number}", line, at, at + length))
        at += length + 300
    return tuple(lines)


PAIRS = (
    Pair(
        "Nurse",
        "project",
        "At St. Brendan Hospital you led a central-line bundle audit that cut CLABSI from 2.1 to 0.6 per 1,000 line "
        "days. Which bundle element was being missed, and how did you keep compliance up on nights?",
        "led a central-line bundle audit that cut CLABSI from 2.1 to 0.6 per 1,000 line days",
        PROJECT,
        "The element we kept missing was the daily review of whether the line was still needed. I pulled sixty charts "
        "and found it blank in nearly half of them, mostly after night shifts. So I put the question on the handover "
        "sheet and trained two night nurses as champions. The hardest part was that nights were short-staffed and "
        "people saw it as more paperwork, so I sat with them and cut the form from twelve boxes to four. Compliance "
        "went from 58 to 94 percent in four months and our infection rate fell to 0.6. Next time I would bring the "
        "night team in from the first day.",
        "We did an audit because infections were a topic. There were several things that could be better and we "
        "worked on them as a team. Everybody was involved and in the end it was a good improvement for the unit.",
        "I really enjoy hiking on the weekends, and last summer we went to the mountains with some friends. The "
        "weather was great and we saw a lot of animals. I also bought a new camera there because I like taking "
        "pictures of birds, and I printed about forty of them.",
        "That is a good question. Infections are always complicated, and I would not want to go into detail about "
        "that here. I think every hospital has its own way of handling things like that, really.",
    ),
    Pair(
        "Software engineer",
        "decision",
        "At Northwind you moved the checkout service from polling to a message queue. Why did you choose a queue, and "
        "what did you consider instead?",
        "moved the checkout service from polling to a message queue",
        DECISION,
        "Polling hit the orders table every two seconds, and at the Christmas peak that alone was forty percent of "
        "the database load. I considered longer intervals and database notifications. I decided against the first "
        "because customers would have waited for their confirmation, and against the second because we would have "
        "lost messages on a restart. So I picked RabbitMQ, wrote the consumer with an idempotency key and ran both "
        "paths side by side for two weeks. Load on the database dropped by a third and confirmations came in under a "
        "second.",
        "A queue is a modern way to do it and it scales better. We talked about some options and then we used a "
        "queue, which is what most companies do. It was a good decision for the architecture.",
        "My favourite food is probably Italian. I cook pasta almost every evening, and on Sundays my sister comes "
        "over with her kids. We made ravioli from scratch last week, which took about three hours, but they tasted "
        "great.",
        "Well, there are many aspects to that. It depends on a lot of things, and different people had different "
        "opinions about it. I'd rather not get into the technical details at this point.",
    ),
    Pair(
        "Teacher",
        "conflict",
        "At Lindenhof School you taught year 8 mathematics. Tell me about a parent who disagreed with a grade you "
        "gave. What did you do?",
        "taught year 8 mathematics",
        CONFLICT,
        "A father came in furious because his daughter had got a four in algebra, although she had studied every "
        "evening. I asked him to show me how she practised, and I listened first. He was worried she would lose her "
        "place in the music programme. I laid the test next to her exercise book and showed him that she knew the "
        "steps but skipped the checks. We agreed on ten minutes of checking twice a week and I gave her a second "
        "short test. She got a two, and he later thanked me. Since then I send parents a note before the grade, not "
        "after it.",
        "Parents often disagree about grades. I always try to talk with them and to stay calm. Usually we find a "
        "solution, because communication is very important in this job.",
        "The new tram line in our city is finally finished. It took them five years and cost far more than planned. I "
        "used to ride my bike to the station, but now I can just take the tram at the corner, which is much faster.",
        "I'd prefer not to talk about individual parents. Grades are grades, you know, and there are rules for that. "
        "Those things happen at any school, so there isn't much to say.",
    ),
    Pair(
        "Electrician",
        "project",
        "At Voss Elektro you rewired a 1960s apartment block with 24 flats while people lived in it. How did you plan "
        "the outages?",
        "rewired a 1960s apartment block with 24 flats while people lived in it",
        PROJECT,
        "I split the block into six risers and switched off only one riser a day, from eight to three, so that "
        "everyone had light in the evening. I put a notice on each door three days ahead and rang the two tenants who "
        "had medical devices; for them I ran a temporary supply from the meter room. On the second riser the old "
        "aluminium cable crumbled, which cost us a day, so I ordered pre-made boards and we caught up. We finished "
        "all 24 flats in five weeks instead of six, with two complaints. Looking back, I should have opened one wall "
        "in each riser first.",
        "You have to plan the outages well and inform the tenants. We did it step by step, and it was a lot of work, "
        "but everybody in the team did their part and at the end everything worked.",
        "I have been watching a lot of football this season. My team lost the last three games, which is a shame, "
        "because the new striker is really good. My son plays as well, he is eight and he scored two goals on "
        "Saturday.",
        "Planning is always important. I can't really say much about that job in particular. It was a while ago, and "
        "the office did most of these things anyway.",
    ),
    Pair(
        "Sales representative",
        "conflict",
        "At Brightline you kept a key account that had already given notice. How did you win the customer back?",
        "kept a key account that had already given notice",
        CONFLICT,
        "The purchasing manager had cancelled because three deliveries in a row were late and nobody had called her. "
        "From her point of view we had stopped caring. I drove to Kassel the next morning, apologised and asked her "
        "to show me what each delay had cost. It was eleven hours of standstill. I arranged a fixed Tuesday slot with "
        "our dispatcher and gave her my mobile number, and I offered a penalty clause for ninety days. She agreed to "
        "try it for a quarter. She is still a customer and raised her order by 15 percent. I learned to call before "
        "the customer does.",
        "I talked to the customer and tried to understand what was going on. In sales the relationship is everything. "
        "After some meetings they were happy again and stayed with us.",
        "Learning languages has always been a hobby of mine. I started with Spanish at school, then a bit of "
        "Portuguese, and now I'm doing Japanese with an app. The characters are difficult, but I practise twenty "
        "minutes a day.",
        "Customers come and go, that's just how it is. I don't think I should share how we handled that. Let's say we "
        "did what had to be done.",
    ),
    Pair(
        "Lawyer",
        "decision",
        "At Hartwell & Stone you advised a client to settle a supplier dispute instead of going to court. What made "
        "you recommend the settlement?",
        "advised a client to settle a supplier dispute instead of going to court",
        DECISION,
        "The claim was four hundred thousand euros, and on paper we had a good case. But our key witness had left the "
        "company, and the delivery notes were unsigned for two of the five lots, so I put our chance at fifty-five "
        "percent. The alternative was two years in court with costs of about ninety thousand, and the client needed "
        "that supplier for the next season. I drew up both paths on one page and went through it with the board. I "
        "proposed a settlement at two hundred and seventy thousand plus a price freeze, and they accepted it in three "
        "weeks.",
        "A settlement is often the better way, because court cases take long and are expensive. We looked at "
        "everything and then recommended it, and the client was satisfied with the advice.",
        "Gardening is what I do to relax. This year the tomatoes came early, and I had so many that I gave half of "
        "them to the neighbours. The slugs were terrible, though, so next year I'll build a raised bed.",
        "It's hard to say in general. Every case is different and of course I am bound to confidentiality. So I will "
        "leave it at that, if you don't mind.",
    ),
    Pair(
        "Student",
        "gap",
        "The role asks for experience with inventory software, and your resume shows volunteering at the food bank. "
        "How would you get up to speed?",
        "volunteering at the food bank",
        GAP,
        "I have not used your inventory software, but at the food bank I kept the stock list for two hundred items in "
        "a spreadsheet, with expiry dates and a reorder level. It's the same principle: what comes in, what goes out, "
        "what is missing. I set up a colour code, and we threw away a third less bread in the first two months. Two "
        "weeks ago I started the free online course for your system and did the first four lessons. In the first "
        "month I would shadow someone at goods-in and write myself a one-page guide.",
        "I am a fast learner and very motivated. I'm sure that I can learn any software quickly, because I grew up "
        "with computers. I'm looking forward to it.",
        "Last weekend my cousin got married, and there were more than a hundred guests. The band was fantastic, and "
        "we danced until four in the morning. I was so tired that I slept the whole Sunday.",
        "I'm not sure what to say about that. Software is software, isn't it? I would rather see when I get there, "
        "it's too early to talk about it.",
    ),
    Pair(
        "Mechanical engineer",
        "project",
        "At Rotex you reduced the scrap rate of a gearbox housing line from 6 to 2 percent. What was causing the "
        "scrap?",
        "reduced the scrap rate of a gearbox housing line from 6 to 2 percent",
        PROJECT,
        "Most of the scrap was porosity around the bearing seat, which only showed after machining. I sorted two "
        "hundred rejected housings by mould and by shift, and 70 percent came from one mould in the first hour after "
        "start-up. The mould was simply too cold. The obstacle was that production didn't want to lose the warm-up "
        "time. So I ran a trial with a preheated mould over ten shifts and showed them the numbers. We built in a "
        "20-minute preheat, and scrap went from 6 to 2 percent, about ninety thousand euros a year. I would put in "
        "the thermocouple sooner next time.",
        "There were different causes for the scrap. We analysed the process with the usual methods and improved "
        "several parameters step by step. In the end the quality was much better and management was happy.",
        "I think public libraries are underrated. I go there every Thursday, and they have a nice reading room with "
        "big windows. At the moment I'm reading a novel about a lighthouse keeper, it is quite long, but I like it.",
        "That's an internal matter, so I can't comment on it. Scrap has a lot of reasons, as everybody in the "
        "industry knows. It is what it is.",
    ),
    Pair(
        "Chef",
        "conflict",
        "As sous-chef at the Anker you took over a kitchen team of nine. Tell me about a cook who did not accept you. "
        "How did you handle it?",
        "took over a kitchen team of nine",
        CONFLICT,
        "Our grill cook had been there for fourteen years and had wanted the post himself, so he ignored my tickets "
        "on the first Friday. I waited until after service and asked him for a beer in the yard. He felt passed over, "
        "and honestly I understood that. I told him I needed his hands and his memory of the suppliers, and I gave "
        "him the ordering for meat and fish. In service, though, I insisted that one voice calls the pass. We agreed "
        "on that, and after a month he trained the two apprentices for me. I learned to talk to the person before the "
        "first shift.",
        "In a kitchen there are always strong characters. You have to be patient and show respect, then the team will "
        "accept you sooner or later. For me it worked out fine with everybody.",
        "My phone broke last month and I had to get a new one. I compared about ten models online, and finally I took "
        "a refurbished one, which was half the price. The battery lasts two days and the screen is brighter than "
        "before.",
        "I don't like to talk badly about people. Everybody has their moods in a kitchen. Let's just say we got "
        "through it and move on.",
    ),
    Pair(
        "Logistics coordinator",
        "decision",
        "At Hansa Freight you rerouted 40 containers during the port strike. How did you decide which ones went first?",
        "rerouted 40 containers during the port strike",
        DECISION,
        "I listed all forty containers with the penalty per day and the date on which the customer's line would stop. "
        "Nine of them carried parts for two car plants, so those came first, because one day of standstill cost more "
        "than all the other freight together. Food with a short shelf life came second. We could have waited for the "
        "strike to end, and my boss wanted that, but the union had announced another week. I booked rail slots to "
        "Antwerp for twenty-two boxes and called each customer myself. In the end three arrived late instead of "
        "forty, and we paid six thousand in penalties.",
        "We had to react quickly during the strike. I looked at the priorities and then we sent the important ones "
        "first. It was stressful, but we managed it somehow and the customers were fine.",
        "Since January I have been taking guitar lessons. My teacher says that I should practise chords more, but I "
        "prefer melodies. I can already play four songs, and my neighbours haven't complained so far.",
        "Strikes are difficult for everyone, and politicians should do more about them. I'd say those decisions were "
        "made above me, so I can't tell you how it was done.",
    ),
)

# Written after the judge's bands had been set on PAIRS, by people of other trades, shorter, with the slips of speech.
# Nothing was tuned on these.
HELD_OUT = (
    Pair(
        "Bank clerk",
        "conflict",
        "At Sparda you worked at the counter for three years. Tell me about a customer you could not help the way "
        "they wanted.",
        "worked at the counter for three years",
        CONFLICT,
        "There was an elderly gentleman who wanted to withdraw eight thousand euros for, um, a police officer on the "
        "phone, and I could tell it was a fraud. He got really angry because he thought I was keeping him from his "
        "own money. I took him to the back room, gave him a coffee and called the real police with him. He was scared "
        "of looking stupid, that was the point. In the end he kept his money and brought me flowers a week later.",
        "Well, customers can be difficult sometimes, but I always stay friendly. If I can't help at the counter I "
        "explain it politely, and mostly they understand it.",
        "So I have this old motorbike in the garage and I'm restoring it with my brother. We took the whole engine "
        "apart in spring. The carburettor was completely rusty, and we found a new one in Poland for sixty euros.",
        "Honestly I don't remember anything like that. I'd rather not say something wrong about customers, so next "
        "question please.",
    ),
    Pair(
        "Warehouse worker",
        "project",
        "At Lagerhaus Nord you reorganised the picking area of hall 3. What did you change, and what came of it?",
        "reorganised the picking area of hall 3",
        PROJECT,
        "People were walking like fifteen kilometres a shift, so I counted for one week which articles we picked "
        "most. Then I moved the top fifty to the front, at hip height, and painted the lanes. My boss didn't believe "
        "in it, so I tried one row first. We got about twenty percent more orders out per hour and fewer wrong picks. "
        "If I did it again I'd ask the night shift as well, because they had to get used to it.",
        "The picking area was not organised so well before. So we changed a few things there, and then it was better "
        "and people were happier with the hall.",
        "On Saturday we had a barbecue with the neighbours, and it rained the whole time. We put up a big tent, and "
        "my wife made her potato salad. The kids didn't mind the rain, they played in the mud all afternoon.",
        "It's hard to say what came of it. That was decided by others. I can't really comment on hall 3.",
    ),
    Pair(
        "Physiotherapist",
        "decision",
        "At Rehazentrum Mitte you changed the treatment plan of a knee patient against the referral. What made you do "
        "that?",
        "changed the treatment plan of a knee patient against the referral",
        DECISION,
        "The referral said strengthening three times a week, but on the second visit her knee was warm and swollen. I "
        "measured two centimetres more than on the other side. I could have just followed the paper, that's what my "
        "colleague suggested, but loading an inflamed joint sets people back by weeks. So I rang the surgeon the same "
        "day and switched to lymph drainage and gentle movement for ten days. She was back on the bike after five "
        "weeks, and the practice now sends us a short form for cases like that.",
        "Sometimes you have to change the treatment plan when it doesn't fit the patient. Knees are complicated. I "
        "saw that it was necessary, so we adapted it.",
        "I started baking bread during the pandemic. My sourdough is called Otto and he is four years old now. The "
        "trick is to keep the dough in the fridge overnight, then the crust gets really crunchy.",
        "I don't think I should comment on that. Referrals are the doctor's matter, and it is what it is.",
    ),
    Pair(
        "Graphic designer",
        "project",
        "At Studio Pfeil you redesigned the packaging of an organic tea brand. What was the brief, and what did you "
        "do with it?",
        "redesigned the packaging of an organic tea brand",
        PROJECT,
        "The client wanted to look younger without losing the customers they had, who were mostly over fifty. I stood "
        "in two supermarkets and watched which boxes people picked up. Everything on that shelf was green, so I "
        "proposed warm colours with one big plant drawing each. The owner hated it at first, she said it looked like "
        "sweets. I printed three mock-ups and we put them on the real shelf. Sales went up eighteen percent in the "
        "first half year, and next time I would show mock-ups before I show a screen.",
        "The packaging was a bit old-fashioned, so we made it more modern and fresh. I like working with nice colours "
        "and typography. The client liked the design a lot.",
        "My commute takes an hour, so I listen to a lot of podcasts. There is one about unsolved crimes that I can "
        "really recommend. The host has a very calm voice, and each episode is only twenty minutes.",
        "There's a lot I could tell, but I don't want to go into client work here. Let's just say it turned out fine.",
    ),
    Pair(
        "Police officer",
        "conflict",
        "As a patrol officer in Bremen you were called to neighbours who fought over noise for months. How did you "
        "calm it down?",
        "called to neighbours who fought over noise for months",
        CONFLICT,
        "I separated the two first, my partner stayed with the man upstairs and I sat down with the woman below. She "
        "worked nights and hadn't slept properly since March, so I let her talk for ten minutes. Then I found out "
        "that he didn't even know that, he thought she was just being mean. I brought them together in the stairwell, "
        "and they agreed on quiet between nine and three and swapped phone numbers. We weren't called there again. "
        "What I learned is to ask about the daily routine before talking about rules.",
        "With neighbours it's important to be neutral and to calm people down. Noise is a typical problem. We talked "
        "to both and then it was okay again.",
        "I've been collecting vinyl records since I was fifteen. I have around three hundred now, mostly jazz. Last "
        "month I found a first pressing at a flea market for five euros, and the seller had no idea.",
        "I can't say anything about operations, and I'm not sure what to say in general. Every case is different.",
    ),
    Pair(
        "Data analyst",
        "gap",
        "This role asks for experience with Tableau, and your resume shows dashboards in Excel. How would you close "
        "that?",
        "dashboards in Excel",
        GAP,
        "I haven't worked with Tableau in a job yet. What I did is build the weekly sales dashboard in Excel, with "
        "Power Query on four data sources, and about thirty people used it. So the thinking is the same: one question "
        "per chart, clean data first. I downloaded Tableau Public last month and rebuilt that dashboard in a weekend. "
        "In the first weeks I'd sit with whoever owns your reports and take the Desktop Specialist certificate by "
        "June.",
        "I'm good with numbers and dashboards, so Tableau shouldn't be a problem for me. I learn new tools quickly "
        "and I am motivated to do it.",
        "In winter I go skiing with my old school friends. We rent a cabin for a week, and everybody cooks once. The "
        "snow was terrible this year, so we played cards most of the time, but it was still fun.",
        "I would prefer to talk about that later. Hard to say, really, tools change all the time.",
    ),
)
