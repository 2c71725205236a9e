"""Texts whose form says who speaks, with their right turns, and texts that have no such form.

A turn stands between ⟦Speaker⟧ and ⟦⟧; ⟦+⟧ goes on with the turn before. All are made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MARK = re.compile(r"⟦([^⟧]*)⟧")

SPOKEN: Mapping[str, str] = {
    "both_named.md": """# “Bread is slow news”

*Ilse Brandt talks to Noor Haddad, who bakes for three villages.*

**⟦Ilse Brandt⟧You get up at two. Do you ever get used to it?⟦⟧**

⟦Noor Haddad⟧No. Nobody does, and I am no owl.⟦⟧

**⟦Ilse Brandt⟧What has changed since your mother’s time?⟦⟧**

⟦Noor Haddad⟧Flour, mostly. It’s cleaner, and my customers ask where it comes from.⟦⟧

**⟦Ilse Brandt⟧Will your daughter take over?⟦⟧**

⟦Noor Haddad⟧She says never. I said never, too.⟦⟧
""",
    "department_behind.txt": """[2026-01-12 14:03] Adeyemi, Tola
⟦Adeyemi, Tola⟧Has anybody got the signed lease?⟦⟧
[2026-01-12 14:05] Kerr, Fiona (Legal)
⟦Kerr, Fiona⟧It is in the shared folder since Friday.⟦⟧
[2026-01-12 14:06] Adeyemi, Tola
⟦Adeyemi, Tola⟧Found it, thanks. Clause 9 is gone, I see.⟦⟧
[2026-01-12 14:09] Kerr, Fiona (Legal)
⟦Kerr, Fiona⟧Then he sent us the wrong copy. We keep clause 9.⟦⟧
""",
    "recorder.txt": """Harbour committee 2025-03-04

Fiona Orr   0:03
⟦Fiona Orr⟧Good morning, everybody. Shall we begin with the mill?⟦⟧

David Holt   0:09
⟦David Holt⟧Yes. The roof fell in on Sunday, and nobody
has looked at it since.⟦⟧

Fiona Orr   1:12
⟦Fiona Orr⟧Who told you that?⟦⟧
""",
    "recorder_times_below.txt": """Ana Souza
00:00:03
⟦Ana Souza⟧I think that we should wait for the second quote.⟦⟧

Ben Okoro
00:00:41
⟦Ben Okoro⟧We have waited since May. How long do you want to wait?⟦⟧

Ana Souza
00:01:02
⟦Ana Souza⟧Until the rain stops.⟦⟧

Ben Okoro
00:01:09
⟦Ben Okoro⟧Fine.⟦⟧
""",
    "house.txt": """HOUSE OF COMMONS
Oral Answers to Questions
TRANSPORT

Ms Fiona Orr (Ashford) (Lab): ⟦Fiona Orr⟧When will the bridge at Karsby be mended?⟦⟧

The Minister for Roads (David Holt): ⟦David Holt⟧I thank the hon. Lady. In May.⟦⟧

⟦+⟧I have asked the county for a date in writing.⟦⟧

Ms Orr: ⟦Fiona Orr⟧That is what he said last year.⟦⟧

Mr Speaker: ⟦Mr Speaker⟧Order. We must move on.⟦⟧
""",
    "congress.txt": """    THE STATE OF THE NATION'S MILLS

                         HEARING BEFORE THE COMMITTEE

    The committee met, pursuant to notice, at 10 a.m. Present: Senators Orr and Holt.

    The CHAIRMAN. ⟦The Chairman⟧The committee will come to order. We are here today to
ask why so many mills have closed.⟦⟧
    Mr. HOLT. ⟦Holt⟧Thank you, Mr. Chairman. I represent the owners of 40
mills.⟦⟧
    [The prepared statement of Mr. Holt follows:]
    Senator ORR. ⟦Orr⟧How many of the 40 are open today?⟦⟧
    Mr. HOLT. ⟦Holt⟧Eleven, Senator.⟦⟧
    The CHAIRMAN. ⟦The Chairman⟧Without objection, so ordered.⟦⟧
""",
    "deposition.txt": """            ANN ORR,
having been first duly sworn, was examined and testified as follows:

                 DIRECT EXAMINATION
BY MR. SMITH:
    Q.   ⟦Smith⟧Where were you on the night of 3 March?⟦⟧
    A.   ⟦Ann Orr⟧I was at the mill.⟦⟧
    Q.   ⟦Smith⟧Who was with you?⟦⟧
    A.   ⟦Ann Orr⟧Nobody. My brother said that he would come, but he did not.⟦⟧
         MS. HALE:  ⟦Hale⟧Objection. Move to strike.⟦⟧
         THE COURT:  ⟦The Court⟧Overruled.⟦⟧
    Q.   ⟦Smith⟧When did you leave?⟦⟧
    A.   ⟦Ann Orr⟧At eleven.⟦⟧
""",
    "briefing.txt": """MS. ORR:  ⟦Orr⟧Good afternoon, everyone. I have one thing to say.⟦⟧

Q    Will the bridge open in May?

MS. ORR:  ⟦Orr⟧We expect so. (Laughter.) ⟦+⟧I would not bet on it, though.⟦⟧

Q    And the mill?

MS. ORR:  ⟦Orr⟧No comment on the mill.⟦⟧
""".replace("so. (Laughter.) ", "so.⟦⟧ (Laughter.) "),
    "press_conference.txt": """Transcript of the Press Conference of Governor Orr, 14 May 2024

MICHELLE DAHL. ⟦Michelle Dahl⟧Good afternoon. We begin with the Chair.⟦⟧
CHAIR ORR. ⟦Orr⟧Thank you. Inflation is falling, but it is not defeated.⟦⟧

⟦+⟧My colleagues and I decided to hold the rate.⟦⟧

MICHELLE DAHL. ⟦Michelle Dahl⟧We will take questions now.⟦⟧
DAVID HOLT. ⟦David Holt⟧Why not cut the rate today?⟦⟧
CHAIR ORR. ⟦Orr⟧Because wages still rise too fast.⟦⟧
""",
    "interview_bold.md": """# “The reef will not wait for us”

An interview with Nalani Keawe

**How bad is the bleaching this year?**

⟦Nalani Keawe⟧Worse than 2016. We lost about half of the corals in the north.⟦⟧

**Can it recover?**

⟦Nalani Keawe⟧Some of it can, if the water stays cold. I am not an optimist.⟦⟧

**And if it does not?**

⟦Nalani Keawe⟧Then we will have a museum.⟦⟧
""",
    "interview_role.txt": """Interviewer: ⟦Interviewer⟧When did you first come to the mill?⟦⟧

Ruth Lacey: ⟦Ruth Lacey⟧In 1961, when I was nine. My father was the miller.⟦⟧

Interviewer: ⟦Interviewer⟧What did he tell you about the flood?⟦⟧

Ruth Lacey: ⟦Ruth Lacey⟧He said that the river took the wheel. [pause]⟦⟧ ⟦+⟧I never saw it myself.⟦⟧
""".replace("wheel. [pause]⟦⟧", "wheel.⟦⟧ [pause]"),
    "interview_german.txt": """Frage: ⟦Reuter⟧Wie geht es der Mühle?⟦⟧

Voss: ⟦Karin Voss⟧Schlecht. Das Dach ist im März eingestürzt, und wir haben kein Geld.⟦⟧

Reuter: ⟦Reuter⟧Wer hat Ihnen das gesagt?⟦⟧

Voss: ⟦Karin Voss⟧Der Gutachter. Ich war selbst nicht dort.⟦⟧

Reuter: ⟦Reuter⟧Und jetzt?⟦⟧

Voss: ⟦Karin Voss⟧Jetzt warten wir auf die Gemeinde.⟦⟧

Karin Voss leitet den Verein seit 1998.
""",
    "minutes.md": """# Meeting notes 2025-06-12

Present: Nikita, Aaron, Yuki

## Alignment

- Nikita: ⟦Nikita⟧would rather keep the attribute, dropping it breaks the old reader⟦⟧
- Aaron: ⟦Aaron⟧fine with either⟦⟧
- Nikita: ⟦Nikita⟧can land the first half this week⟦⟧
- Yuki: ⟦Yuki⟧needs a release note⟦⟧
- Aaron: ⟦Aaron⟧agreed⟦⟧
""",
    "committee.md": """# Mill Committee 2025-06-11

* **Recording**: <https://www.example.org/watch?v=1>
* **Issue**: <https://example.org/1>

## Present

* Ana Souza @anas (voting member)
* Ben Okoro @beno (voting member)
* Yuki Mori @rabbit (guest)

## Agenda

* Move the wheel #58423
  * Ana: ⟦Ana Souza⟧present the problem, including the noise⟦⟧
  * Ben: ⟦Ben Okoro⟧the question is who pays⟦⟧
  * Rabbit: ⟦Yuki Mori⟧not us⟦⟧
    * ⟦+⟧it was never in the budget⟦⟧
  * Ana: ⟦Ana Souza⟧see the issue⟦⟧
* roof: what to do with the beams #58328
  * Ben: ⟦Ben Okoro⟧they are rotten⟦⟧
  * no other opinions
  * Ana: ⟦Ana Souza⟧then we close it⟦⟧

## Next meeting

In July.
""",
    "irc.txt": """--- Log opened Thu Jun 12 09:00:01 2025
09:01 -!- yuki [~yuki@example.org] has joined #mill
09:02 <ana> ⟦ana⟧the build is green again⟦⟧
09:04 <@ben_o> ⟦ben_o⟧great, but I would not ship on a Friday⟦⟧
09:04 * ana nods
09:05 <ana> ⟦ana⟧agreed, monday then⟦⟧
09:11 <yuki> ⟦yuki⟧one blocker: the dialog loses umlauts, can you look?⟦⟧
09:12 -!- yuki [~yuki@example.org] has quit
""",
    "whatsapp_android.txt": """12/06/2025, 14:01 - Messages and calls are end-to-end encrypted.
12/06/2025, 14:03 - Ana Souza: ⟦Ana Souza⟧Did you see the roof?⟦⟧
12/06/2025, 14:05 - +44 7700 900123: ⟦+44 7700 900123⟧I was there this morning.
It looks bad.⟦⟧
12/06/2025, 14:05 - Ana Souza: <Media omitted>
12/06/2025, 14:09 - Ana Souza: ⟦Ana Souza⟧We need a second quote.⟦⟧
12/06/2025, 14:10 - Ana Souza added Ben
""",
    "whatsapp_ios.txt": """[6/12/25, 2:03:22 PM] Ana Souza: ⟦Ana Souza⟧Did you see the roof?⟦⟧
[6/12/25, 2:05:01 PM] Ben: ⟦Ben⟧Yes. I would not go in.⟦⟧
[6/12/25, 2:05:40 PM] Ana Souza: ⟦Ana Souza⟧We need a second quote.⟦⟧
[6/12/25, 2:06:10 PM] Ben: ⟦Ben⟧Ask Brightline: they are cheap.⟦⟧
""",
    "slack.txt": """Thursday, June 12th

Ana Souza  9:02 AM
⟦Ana Souza⟧The build is green again. I bumped the cache size.⟦⟧
2 replies

ben.okoro  9:04 AM
⟦ben.okoro⟧Great. I still think we should not ship on a Friday.⟦⟧

Ana Souza  9:05 AM
⟦Ana Souza⟧Agreed, Monday then.⟦⟧
""",
    "discord.txt": """ana — Today at 9:02 AM
⟦ana⟧the build is green again⟦⟧
ben.okoro — Today at 9:04 AM
⟦ben.okoro⟧great, but I would not ship on a friday⟦⟧
ana — Today at 9:05 AM
⟦ana⟧agreed
monday then⟦⟧
""",
    "teams_chat.txt": """[12/06/2025 09:02] Ana Souza
⟦Ana Souza⟧The build is green again.⟦⟧
[12/06/2025 09:04] Ben Okoro
⟦Ben Okoro⟧Do we ship on a Friday?⟦⟧
[12/06/2025 09:05] Ana Souza
⟦Ana Souza⟧I would rather wait.⟦⟧
""",
    "zoom_chat.txt": """09:02:11 From Ana Souza to Everyone:
	⟦Ana Souza⟧Can you hear me?⟦⟧
09:02:40 From Ben Okoro to Everyone:
	⟦Ben Okoro⟧Yes, we can.⟦⟧
09:04:02 From Ana Souza to Everyone:
	⟦Ana Souza⟧The slides are in the folder.⟦⟧
""",
    "zoom.vtt": """WEBVTT

1
00:00:03.120 --> 00:00:05.960
Fiona Orr: ⟦Fiona Orr⟧Good morning, everybody.⟦⟧

2
00:00:06.000 --> 00:00:08.960
David Holt: ⟦David Holt⟧Can you hear me?⟦⟧

3
00:00:09.000 --> 00:00:12.960
Fiona Orr: ⟦Fiona Orr⟧Yes, we can.⟦⟧

4
00:00:13.000 --> 00:00:14.960
David Holt: ⟦David Holt⟧Then let us begin.⟦⟧
""",
    "outlook.eml": """From: "Kowalczyk, Marta" <marta@example.org>
To: Deepak Rao <deepak@example.org>
Subject: RE: Roof repair
Date: Thu, 12 Jun 2025 16:02:11 +0200
Content-Type: text/plain; charset=utf-8

Deepak,

⟦Marta Kowalczyk⟧I disagree. The rain in August will ruin the attic.

Can we meet on Monday?⟦⟧

Kind regards,
Marta Kowalczyk
Head of Buildings
Tel. +48 123

-----Original Message-----
From: Deepak Rao <deepak@example.org>
Sent: Thursday, June 12, 2025 11:40 AM
To: Kowalczyk, Marta
Subject: RE: Roof repair

⟦Deepak Rao⟧I would rather wait until autumn.⟦⟧

Thanks,
Deepak
""",
    "list.txt": """From: Marta Kowalczyk <marta@example.org>
To: roofs@example.org
Subject: Re: beams
Date: Thu, 12 Jun 2025 16:02:11 +0200

On Thu, Jun 12, 2025 at 11:40 AM, Deepak Rao
<deepak@example.org> wrote:
> ⟦Deepak Rao⟧The beams are rotten.⟦⟧

⟦Marta Kowalczyk⟧How do you know?⟦⟧

> ⟦Deepak Rao⟧We should wait until autumn.⟦⟧

⟦Marta Kowalczyk⟧I disagree about that.⟦⟧

--
Marta Kowalczyk
https://example.org

--
You received this message because you are subscribed to the group "roofs".
""",
    "german_mail.txt": """Von: Karin Voss <karin@example.org>
An: Jan Reuter <jan@example.org>
Betreff: AW: Dach
Datum: 12. Juni 2025

Hallo Jan,

⟦Karin Voss⟧ich glaube nicht, dass wir warten können.⟦⟧

Viele Grüße
Karin

Am 11. Juni 2025 um 10:12 schrieb Jan Reuter <jan@example.org>:
> ⟦Jan Reuter⟧Das Dach hält noch bis zum Herbst.⟦⟧
""",
    "letter.txt": """12 June 2025

Dear Mayor Dahl,

⟦Berit Moe⟧I am writing to you about the mill. It has no roof, and the wheel rots.⟦⟧

⟦Berit Moe⟧We ask the council to act before October.⟦⟧

Yours sincerely,

Berit Moe
Chair, Friends of the Mill
""",
    "statement.txt": """Statement by Minister Siri Dahl on the Karsby bridge

Oslo, 3 May 2025

⟦Siri Dahl⟧Today I decided to close the bridge. I know what this means for those who live there.⟦⟧

⟦Siri Dahl⟧The county warned us in March. We should have listened.⟦⟧
""",
    "speech.txt": """Inflation and the labour market

Governor Ingrid Halvorsen

At the Harbour Conference, Bergen
14 May 2024

⟦Ingrid Halvorsen⟧Thank you for the kind introduction. It is good to be back in Bergen.⟦⟧

⟦Ingrid Halvorsen⟧Inflation is falling, but it is not defeated.⟦⟧

⟦Ingrid Halvorsen⟧We expect to hold the rate until the end of the year. I said so in March.⟦⟧
""",
    "blog.md": """---
title: Why I sold the mill
author: Anna Holt
date: 2025-02-11
---

# Why I sold the mill

⟦Anna Holt⟧I sold the mill in May.⟦⟧ The buyer is a firm from Bergen.

⟦Anna Holt⟧In the end we had no money for the roof.⟦⟧ It fell in on a Sunday.
""",
    "names_alone.txt": """ORR
⟦Ann Orr⟧Who goes there? I heard a door.⟦⟧

HOLT
⟦Luc Holt⟧It is only me. Put the lamp out.⟦⟧

ORR
⟦Ann Orr⟧I thought that you were in Bergen.⟦⟧

HOLT
⟦Luc Holt⟧The ship did not sail.⟦⟧

ORR
⟦Ann Orr⟧Then we must hide you.⟦⟧

This is the first scene of a play in which Ann Orr and Luc Holt hide in a mill.
""",
    "posts.txt": """Storm closes Karsby bridge

The Karsby bridge was closed on Sunday after gusts of 120 km/h.

@karsbymayor: ⟦karsbymayor⟧We have opened the sports hall for everyone who is stranded.⟦⟧
""",
    "headline.txt": """Holt: ⟦Anna Holt⟧mill will not close⟦⟧
The owner of the mill has ruled out a sale. Anna Holt spoke in Bergen on Monday.
""",
    "headline_alone.txt": """Holt: ⟦Holt⟧quarry will not reopen⟦⟧
The owner has ruled out a sale.
""",
    "credited.md": """# Voices from the strike

> ⟦Berit Moe⟧We will strike until May.⟦⟧
>
> — Berit Moe, union leader

The strike began in March.

⟦Carl Voss⟧“The wheel is lost.”⟦⟧ – Carl Voss, miller
""",
    "argument.txt": """                  P R O C E E D I N G S
                                              (10:04 a.m.)
          CHIEF JUSTICE ORR:  ⟦Orr⟧We'll hear argument this morning in Case 18-123.
Mr. Smith.⟦⟧
              ORAL ARGUMENT OF JOHN SMITH
             ON BEHALF OF THE PETITIONERS
          MR. SMITH:  ⟦John Smith⟧May it please the Court: The mill was
closed without notice.⟦⟧
          JUSTICE HALE:  ⟦Hale⟧But why --⟦⟧
          MR. SMITH:  ⟦John Smith⟧Because nobody asked.⟦⟧
""",
    "record.txt": """    [The hearing was called to order at 10 a.m.]

    The Chairman. ⟦The Chairman⟧The committee will come to order. We are here to
ask why so many mills have closed.
    I thank the witnesses.⟦⟧
    Mr. Holt. ⟦Holt⟧Thank you, Mr. Chairman. I represent the owners of
40 mills. Mr. Okoro told me that eleven are open.⟦⟧
    The Chairman. ⟦The Chairman⟧Do you agree, Ms. Orr?⟦⟧
    Ms. Orr. ⟦Orr⟧I do not.⟦⟧
    Mr. Holt. ⟦Holt⟧I would like to see your figures.⟦⟧
""",
    "anchor.txt": """ANA SOUZA, NEWS ANCHOR: ⟦Ana Souza⟧The bridge is closed. What do we know?⟦⟧

BEN OKORO, CORRESPONDENT (voice-over): ⟦Ben Okoro⟧It closed at six, Ana.⟦⟧

SIRI DAHL, MAYOR OF KARSBY: ⟦Siri Dahl⟧I know what this means for those who live there.⟦⟧

OKORO: ⟦Ben Okoro⟧The mayor could not say when it will open.⟦⟧

SOUZA: ⟦Ana Souza⟧Thank you, Ben.⟦⟧
""",
    "plenary.txt": """Closing of mills (debate)

President. – ⟦President⟧The next item is the debate on mills.⟦⟧

Ana Souza, on behalf of the Green Group. – ⟦Ana Souza⟧Madam President, we lost it.⟦⟧

Ben Okoro (S&D). – ⟦Ben Okoro⟧I ask the Commission: who will pay?⟦⟧

President. – ⟦President⟧The debate is closed.⟦⟧
""",
    "initials.txt": """Tom Eriksen talks to the biologist Nalani Keawe about the reef.

TE: ⟦Tom Eriksen⟧How bad is it?⟦⟧

NK: ⟦Nalani Keawe⟧Worse than 2016. We lost half of the corals.⟦⟧

TE: ⟦Tom Eriksen⟧Can it recover?⟦⟧

NK: ⟦Nalani Keawe⟧Some of it can.⟦⟧
""",
    "scribed.txt": """Mill Working Group, 12 June 2025

Present: Ana, Ben, yuki
Scribe: yuki

<Ana> ⟦Ana⟧my audio is broken, can you hear me?⟦⟧
Ben: ⟦Ben⟧we should close the issue⟦⟧
... ⟦+⟧and open another one
<yuki> ⟦yuki⟧+1 to that⟦⟧
Ana: ⟦Ana⟧I would rather wait⟦⟧
<Ben> ⟦Ben⟧fine with me⟦⟧
""".replace("issue⟦⟧\n... ⟦+⟧and", "issue\n... and").replace("another one\n", "another one⟦⟧\n"),
    "handles.md": """# Notes

* ana: ⟦ana⟧I think we should land the first half this week⟦⟧
* ben.o: ⟦ben.o⟧do we need a release note?⟦⟧
* ana: ⟦ana⟧yes, I can write it⟦⟧
* yuki: ⟦yuki⟧my worry is the old reader⟦⟧
* ben.o: ⟦ben.o⟧it reads both, as far as I know⟦⟧
* yuki: ⟦yuki⟧then let us land it⟦⟧
* ana: ⟦ana⟧thanks all⟦⟧
""",
    "archive.txt": """From ana at example.org  Thu Jun 12 09:02:11 2025
From: ana at example.org (Ana Souza)
Date: Thu, 12 Jun 2025 09:02:11 +0200
Subject: [roofs] beams
Message-ID: <1@example.org>

Ben Okoro <ben@example.org> writes:

> ⟦Ben Okoro⟧The beams are rotten.⟦⟧

⟦Ana Souza⟧I saw them in May, and they were sound.⟦⟧

From ben at example.org  Thu Jun 12 10:02:11 2025
From: ben at example.org (Ben Okoro)
Date: Thu, 12 Jun 2025 10:02:11 +0200
Subject: [roofs] beams
In-Reply-To: <1@example.org>

On Thu, 12 Jun 2025, Ana Souza wrote:
> ⟦Ana Souza⟧I saw them in May, and they were sound.⟦⟧

⟦Ben Okoro⟧Then look again.⟦⟧
""",
    "telegram.txt": """Ana Souza, [12.06.2025 09:02]
⟦Ana Souza⟧Did you see the roof?⟦⟧

ben, [12.06.2025 09:04]
⟦ben⟧yes, I would not go in⟦⟧

Ana Souza, [12.06.2025 09:05]
⟦Ana Souza⟧We need a second quote.⟦⟧
""",
    "slack_times_below.txt": """ben.okoro
  9:02 AM
⟦ben.okoro⟧did you look at the dialog?⟦⟧
Ana Souza
  9:04 AM
⟦Ana Souza⟧I did. It loses umlauts.⟦⟧
9:05
⟦+⟧I will mend it.⟦⟧
ben.okoro
  9:07 AM
⟦ben.okoro⟧thanks!⟦⟧
""",
    "central_bank.txt": """Ingrid Halvorsen: Inflation and the labour market

Speech by Ms Ingrid Halvorsen, Governor of Norges Bank, in Bergen, 14 May 2024.

* * *

⟦Ingrid Halvorsen⟧I thank the organisers for the invitation to speak here today.⟦⟧

⟦Ingrid Halvorsen⟧Inflation is falling, but our work is not done.⟦⟧
""",
    "earnings.txt": """Solvane Q1 2025 Earnings Call Transcript

Operator

⟦Operator⟧Good day. I would now like to turn the call over to Ana Souza.⟦⟧

Ana Souza -- Head of Investor Relations

⟦Ana Souza⟧Thank you, operator. With me today is Ben Okoro.⟦⟧

Ben Okoro -- Chief Executive Officer

⟦Ben Okoro⟧Thanks, Ana. We opened two plants.⟦⟧

⟦+⟧We expect to open a third in May.⟦⟧

Operator

⟦Operator⟧Our first question comes from Carl Voss. Your line is open.⟦⟧

Carl Voss -- Hanbit -- Analyst

⟦Carl Voss⟧Hi. Can you talk about Gdansk?⟦⟧

Ben Okoro -- Chief Executive Officer

⟦Ben Okoro⟧We think it will open in 2027.⟦⟧
""",
    "council.txt": """Mr. Okoro (Norway): ⟦Okoro⟧I thank you, Mr. President, for this meeting.⟦⟧

The President: ⟦The President⟧I now give the floor to the representative of Chile.⟦⟧

Ms. Souza (Chile) (spoke in Spanish): ⟦Souza⟧We ask for an inquiry.⟦⟧

The President: ⟦The President⟧There are no more names on the list of speakers.⟦⟧
""",
    "play.txt": """ACT I

Enter HALE and HOLT.

HALE.
⟦Hale⟧Who goes there? I heard a door.⟦⟧

HOLT.
⟦Holt⟧It is only me. Put the lamp out.⟦⟧

HALE.
⟦Hale⟧I thought that you were in Bergen.⟦⟧

HOLT.
⟦Holt⟧The ship did not sail.⟦⟧

HALE.
⟦Hale⟧Then we must hide you.⟦⟧
""",
    "page.html": """<html><head><title>Press Briefing</title></head><body><article>
<h1>Press Briefing by Press Secretary Ana Souza</h1>
<p>MS. SOUZA: ⟦Ana Souza⟧Good afternoon, everyone. I have two things to say.⟦⟧</p>
<p>⟦+⟧The bridge will open in May.⟦⟧</p>
<p>Q Thanks, Ana. Will it?</p>
<p>MS. SOUZA: ⟦Ana Souza⟧I think so.⟦⟧ (Laughter.) ⟦+⟧We will see.⟦⟧</p>
<p>Q And the mill?</p>
<p>MS. SOUZA: ⟦Ana Souza⟧No.⟦⟧</p>
</article></body></html>""",
}
"""By the name of a file, whose suffix says how it is read."""

SILENT: Mapping[str, str] = {
    "questions.md": """Questions that guests ask us most

Is there a lift?

There is one beside the kitchen. It takes four people.

May I bring my own food?

You may, but not on Saturdays. Drinks are bought at the bar.

When do you close?

We close at eleven. The garden closes at ten.
""",
    "recipe.md": """# Plum cake

Serves: four
Time: 45 minutes

Ingredients: two eggs, 200 g of flour, plums.

Method: Beat the eggs. Add the flour. You may add sugar.

Tip: We like it warm.

Method for two: Halve it all.
""",
    "glossary.txt": """Bran: The husk of the grain. You can sift it out.
Chaff: What the wind takes. Do you see it?
Flour: What is left.
Hopper: The box into which we pour the grain.
Bran: See also chaff.
""",
    "session.txt": """$ git log
Author: Anna Holt <anna@example.org>
Date:   Thu Jun 12 09:02:11 2025 +0200

    Mend the roof

Author: Ben Okoro <ben@example.org>
Date:   Wed Jun 11 09:02:11 2025 +0200

    Break the roof

$ make
Error: you have no rule for this target.
""",
    "log.txt": """2025-06-12 09:02:11 INFO: server started
2025-06-12 09:02:12 worker: listening on port 8080
2025-06-12 09:02:14 worker: connection from 10.0.0.1
2025-06-12 09:02:15 scheduler: next run in 60 s
2025-06-12 09:02:16 worker: connection closed
2025-06-12 09:02:19 scheduler: run finished
""",
    "agenda.txt": """09:00 Registration: foyer
09:30 Anna Holt: Mills of the north
10:15 Coffee: foyer
10:30 Ben Okoro: What we lost in the flood
11:15 Carl Voss: Wheels
12:00 Lunch: canteen
""",
    "timetable.txt": """Oslo  09:02
Hamar  10:12
Lillehammer  10:58
Oslo  11:02
Hamar  12:12
Lillehammer  12:58
""",
    "config.txt": """Server: mill.example.org
Port: 8080
Server: roof.example.org
Port: 8081
Owner: Anna Holt
Owner: Ben Okoro
""",
    "faq.txt": """Q: How do I reset my password?
A: Click on "Forgot". We send you a mail.

Q: Can I pay by card?
A: Yes. You can pay by card or by transfer.

Q: Where are you?
A: In Bergen.
""",
    "quiz.txt": """1. Which river runs through Karsby?
A. The Glomma
B. The Lågen
C. None of these

2. Who built the mill?
A. Anna Holt
B. Ben Okoro
C. You did
""",
    "results.txt": """Anna Holt: 24 votes.
Ben Okoro: 17 votes.
Carl Voss: 3 votes.
Anna Holt: 31 votes after the recount.
Ben Okoro: 18 votes after the recount.
""",
    "bibliography.txt": """Holt, A.: Mills of the north. Bergen: Fjord Press, 1998.
Okoro, B.: What we lost. Oslo: Fjord Press, 2001.
Holt, A.: How do mills die? Bergen: Fjord Press, 2003.
Voss, C.: Wheels. Oslo: Fjord Press, 2004.
""",
    "contact_page.txt": """Solvane opens plant
Skip to content
Media contact:
Anna Holt
Tel: +47 123
Investors: Ben Okoro
Follow us: LinkedIn, Instagram
Solvane AG will open a battery plant in 2027.
About us: We make batteries.
Share: Facebook
Related: Solvane closes mine
Media: you can reach us at media@example.org
""",
    "comment.txt": """/**
 * Grinds the grain.
 * @param grain what you want to grind
 * @return: the flour that we got
 * @throws: if the wheel is broken
 */
""",
    "definitions.txt": """1. Definitions
Buyer: means the person named in Schedule 1.
Seller: means Holm & Sons, whom we call so below.
Goods: means what the Buyer orders.
Buyer: includes its heirs.
Seller: includes its heirs.
""",
    "novel.txt": """Chapter One

The mill stood empty. Anna looked up.

"Who is there?" she asked.

"Nobody," said Ben. He had brought two things: a lamp and a rope.

Dear Ben, the letter began. I am leaving you. Yours, Anna.

He read it twice, and then he burned it.
""",
    "news.txt": """Bridge to open in May

By Ann Lee

The bridge will open in May, the mayor said on Monday. “We are glad,” she added.

Note: The story was corrected. Photo: Ben Okoro.

The county had warned that the beams were rotten.
""",
    "first_person_novel.txt": """THE MILL

by Anna Holt

CHAPTER I

I was born in the mill, and I have never left it. My father was the miller.

"Who is there?" I asked.

"Nobody," he said. We sat down. I put the lamp out.

I heard the river. We did not sleep that night, for we knew that the water would come.
""",
    "gutenberg.txt": """Title: The Mill
Author: Anna Holt
Release Date: May 3, 2001
Language: English
Produced by: Ben Okoro
Title: The Wheel
Author: Carl Voss

You can copy it, give it away or use it again. Do you agree?
""",
    "subtitle.txt": """Bread: how to bake it
You will need flour. We bake on Mondays.
""",
    "settings.txt": """name: ana
role: you may read
name: ben
role: you may write
name: carl
role: you may read
key: we made it up
""",
    "changelog.md": """# Changes

## 2025-06-12

- Added: you can export to CSV.
- Fixed: the dialog lost umlauts.
- Removed: the old reader.

## 2025-05-01

- Added: we keep a log.
- Fixed: a crash. Did you meet it?
""",
    "versions.txt": """Changes

3.1

BUG FIX: Handle links that end with a slash.
BUG FIX: Do not drop the last line of a file. You lost it before.

3.0

INCOMPATIBLE CHANGE: Stop words are read as you wrote them.
BUG FIX: Keep new lines in your paragraphs.
FEATURE: You can name a folder instead of a file.

2.9

FEATURE: Counts are printed where you ask for them.
INCOMPATIBLE CHANGE: The old names are gone.
""",
    "decorators.md": """# Usage

Write a request for each page that you want:

```python
@dataclass
class Request:
    url: str

@with_retries(3)
def fetch(request):
    return request.url
```
""",
}
"""Lists, records, definitions, logs, pages and prose."""


def text_and_turns(marked: str) -> tuple[str, list[tuple[str, list[str]]]]:
    """The text without marks, and who says what in it."""
    turns: list[tuple[str, list[str]]] = []
    parts = MARK.split(marked)
    for speaker, words in zip(parts[1::2], parts[2::2], strict=True):
        if speaker == "+":
            turns[-1][1].append(words)
        elif speaker:
            turns.append((speaker, [words]))
    return MARK.sub("", marked), turns
