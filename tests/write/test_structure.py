"""Tables, flags, lists, headings and steps: what is asked about them, and what is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.records import Draft
from builder.write.reading import name_in
from tests.write.world import FIRST, asked, chunks_of, written

SETTINGS = """# Configuration

## Section `[database]`

| Setting | Default | Description |
| --- | --- | --- |
| `pool_size` | `20` | Greatest number of open connections. |
| `enabled` | `true` | Turns the local cache on. |
| `sslmode` | - | see above |
"""

CODES = """# Logger

## Error codes E01 to E19

| Code | Meaning | What to do |
| --- | --- | --- |
| E06 | The charge is below 15 percent. | Replace both cells within nine months. |
| E07 | The charge is below 5 percent. | Replace both cells at once. |
"""

HELP = """# Tool

## `rillctl backup`

```text
rillctl backup [FLAGS]

-o, --output FILE    archive to write (default: a dated name)
--no-attachments     leave out photos and documents of stations
--long TEXT          a description that goes on
                     in the next line
--help               show this help
```
"""


@pytest.mark.parametrize(
    ("page", "question", "answer"),
    [
        (
            SETTINGS,
            "I came across the `pool_size` setting in the `[database]` section. What is it for?",
            "Greatest number of open connections.",
        ),
        (
            SETTINGS,
            "What effect does the `enabled` setting in the `[database]` section have?",
            "Turns the local cache on.",
        ),
        (
            SETTINGS,
            "What is the default value of the `pool_size` setting in the `[database]` section?",
            "`20`",
        ),
        (
            "# Configuration\n\n## Section `[cache]`\n\n| Setting | Description |\n| --- | --- |\n"
            "| `enabled` | Turns the local cache on. |\n",
            "Which setting in the `[cache]` section turns the local cache on?",
            "`enabled`",
        ),
        (CODES, "What does error code E06 mean?", "The charge is below 15 percent."),
        (
            CODES,
            "What should I do when I see error code E07?",
            "Replace both cells at once.",
        ),
        (
            HELP,
            "What does the `--no-attachments` flag of `rillctl backup` do?",
            "leave out photos and documents of stations",
        ),
        (
            HELP,
            "What is the `--output` flag of `rillctl backup` for?",
            "archive to write (default: a dated name)",
        ),
        (
            "# Tool\n\n## `rillctl backup`\n\n```text\n--days N    (default 90)\n```\n",
            "What is the default of the `--days` flag of `rillctl backup`?",
            "90",
        ),
        (
            "# Server\n\n## Single sign-on\n\nIt is set in the sub-section `[auth.oidc]`:\n\n"
            "- `issuer`: Address of the provider that signs users in.\n"
            "- `client_id`: Identifier under which the server is known.\n",
            "What is `issuer` in the `[auth.oidc]` section?",
            "Address of the provider that signs users in.",
        ),
        (
            "# Glossary\n\n- Cache [kæʃ]: Store of readings that were asked for before.\n",
            'What does "Cache" mean?',
            "Store of readings that were asked for before.",
        ),
        (
            "# Glossary\n\n- Drift: Slow change of the zero point of a probe over months.\n",
            'What does "Drift" mean?',
            "Slow change of the zero point of a probe over months.",
        ),
        (
            "# FAQ\n\n## Can I use the logger without a server?\n\n"
            "Yes, read it out over Bluetooth.\n\n"
            "Alarm rules need a server.\n\n## Other\n\nText.\n",
            "Can I use the logger without a server?",
            "Yes, read it out over Bluetooth.\n\nAlarm rules need a server.",
        ),
        (
            "# Guide\n\n## How settings are applied\n\nA value is taken from the environment, then "
            "from the file, then from the built-in default of the program.\n",
            "How are settings applied?",
            "A value is taken from the environment, then from the file, then from the built-in "
            "default of the program.",
        ),
        (
            "# Battery\n\n## Replace the batteries\n\nYou need two cells.\n\n1. Loosen the lid.\n"
            "2. Insert the cells.\n3. Close the lid.\n\nThe clock keeps running.\n",
            "How do I replace the batteries?",
            "1. Loosen the lid.\n2. Insert the cells.\n3. Close the lid.",
        ),
        (
            "# Troubleshooting\n\n| Symptom | Likely cause | Remedy |\n| --- | --- | --- |\n"
            "| All pages are slow. | The backup competes for the disk. | Move the backup. |\n",
            "What should I do if all pages are slow?",
            "Move the backup.",
        ),
        (
            "# Troubleshooting\n\n## Backups fail at night\n\n"
            "The disk is full. Delete old archives "
            "or add a larger disk.\n",
            "What should I do if backups fail at night?",
            "The disk is full. Delete old archives or add a larger disk.",
        ),
        (
            "# Commands\n\n## `rillctl migrate`\n\n"
            "Brings the schema to the installed version. Runs "
            "once.\n",
            "What does `rillctl migrate` do?",
            "Brings the schema to the installed version.",
        ),
    ],
)
def test_structure_is_asked_about(page: str, question: str, answer: str) -> None:
    assert asked(page)[question] == answer


@pytest.mark.parametrize(
    "page",
    [
        "# Release notes\n\n| Code | Meaning |\n| --- | --- |\n| E06 | The charge is too low. |\n",
        "# Tool v1.8.0\n\n## What changed?\n\nThe cache is faster than it ever was before.\n",
        "# FAQ\n\n## What is it?\n\nA tool that measures water levels in rivers.\n",
        "# Gauge\n\n## gauge set ?option? ?value ...?\n\nSets what the gauge shows from now on.\n",
        "# Glossary\n\n## Synopsis\n\n```text\nset the level of the gauge\n```\n",
        "# Common issues\n\n## Memory issues with Jest\n\nUse the option that frees it all.\n",
        "# FAQ\n\n## Why is the map empty?\n\nSee Section 4.2 for the reason of an empty map.\n",
        "# A\n\n| Code | Meaning |\n| --- | --- |\n| E06 | as above |\n| E07 | - |\n"
        "| E08 | yes |\n",
        "# A\n\n| Code | Meaning |\n| --- | --- |\n| E06 | Low charge of it. |\n"
        "| E06 | Full disk. |\n",
        "# A\n\n## Set up\n\n1. The first value is passed on.\n2. The second value is an error.\n",
        "# A\n\n## Create custom environment\n\n1. Create the folder.\n2. Install the project.\n",
        "# A\n\n## Update transactions\n\n1. Acquire the lock file.\n2. Rename the table file.\n",
        "# A\n\n## Open the lid\n\n2. Loosen the screws.\n3. Lift the lid.\n",
        "# A\n\n- `string`: Trust only given addresses.\n- `number`: Trust the n-th hop.\n",
        "# FAQ\n\n## How do I see the log of a gateway?\n\nThat depends on the gateway. In the "
        "sub-sections that follow we look at common cases.\n",
        "# A\n\n- `--force`: Overwrite the file that is there.\n- `--yes`: Answer yes to all.\n",
        "# A\n\n## Words\n\n- Frost: A cold winter costs a fifth of the battery life.\n",
        "# Serial log\n\n```text\nserial      R2-104233      firmware 3.5.1\n"
        "--foo  bar baz qux\n```\n",
        "# Troubleshooting\n\n## Feature is not working\n\nRun the check and restart the server.\n",
    ],
)
def test_structure_that_says_too_little_is_left_alone(page: str) -> None:
    assert asked(page) == {}


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("`pool_size integer`", "`pool_size`"),
        ("`keep_list list`", "`keep_list`"),
        ("`update_after update_after`", "`update_after`"),
        ("`scan_mode (video only)`", "`scan_mode`"),
        ("`scan_mode mode`", "`scan_mode`"),
        ("`station stationname`", "`station`"),
        ("`-discard[:stream] mode (input)`", "`-discard`"),
        ("`--lines NUMBER`", "`--lines`"),
        ("`--deploy-hook DEPLOY_HOOK`", "`--deploy-hook`"),
        ("`-m GREATEST`, `--most MOST`", "`--most`"),
        ("`--method POST`", "`--method POST`"),
        ("`-X POST`", "`-X POST`"),
        ("`unsigned int`", "`unsigned int`"),
        ("`sort_by list`", "`sort_by list`"),
        ("`git switch`", "`git switch`"),
        ("`level level [n]`", "`level`"),
        ("`access list`", "`access list`"),
    ],
)
def test_an_option_is_asked_for_by_its_name_not_by_how_it_is_used(item: str, name: str) -> None:
    page = (
        "# Tool\n\n## Options of `tool`\n\n"
        f"- {item}: Set the number of frames that is kept.\n"
        "- `other_one`: Set the number of frames that is left out.\n"
    )

    questions = [question for question in asked(page) if "other_one" not in question]

    assert len(questions) == 1
    assert name in questions[0]


def test_the_type_and_value_of_an_attribute_are_no_description() -> None:
    page = (
        "# Gateways\n\n- `first_data`: {0}data value for a fresh gateway\n"
        "- `other_data`: {0}data value for another gateway\n"
    )

    assert asked(page.format("the "), product="Rill")
    assert asked(page.format("Dict = {}: "), product="Rill") == {}


SOUND_LIST = (
    "- `rill.max`: Largest number of readings of a day.\n- `rill.min`: Least number of them.\n"
)


@pytest.mark.parametrize(
    "unsound",
    [
        "- `travis.org`: / (0.11 branch) / (0.10 branch) and two more\n",
        "- `Key:`: Name of the key that is held down by the user.\n",
        "- `www.example.com/index.html`: Matches all documents of a host.\n",
        "### Reset `-o`\n\n- `match`: Keep the order of all of them.\n"
        "- `reverse`: Turn the order.\n\n## More settings\n\n",
        "- `user_id`: Number of the user of a session.\n\nSecret_Key(string, no default)\n\n",
        "- `user_id`: Number of the user of a session.\n\n`group_id` or `gid`\n\nIts group.\n\n",
        "- `user_id`: This setting is similar to `group_id`, which tells the group of users.\n",
        "- `user_id`: Like `group_id`, but it tells the user instead of the group.\n",
        "- `1.8.6p7`: The number of the user of a session was added to the file.\n",
        "- `user_id`: This is similar to the setting of the group, but tells the user.\n",
        "- `user.following`: who is the user of a session following now?\n",
        "- `user_check`: has been written anew and checks all the users of a session.\n",
        "- `user_file`: The file that holds the users of a session.\n- `--all`: no\n\n"
        "## More settings\n\n",
    ],
)
def test_items_that_are_no_options_or_hold_another_are_not_asked_about(unsound: str) -> None:
    page = f"# Tool\n\n## Settings\n\n{unsound}{SOUND_LIST}"

    assert all("rill.m" in question for question in asked(page, product="Rill"))
    assert asked(page, product="Rill")


@pytest.mark.parametrize(
    ("heading", "questions"),
    [
        ("Gateways are not running", 1),
        ("Gateways are not running. Solution", 0),
        ("Avoiding crashes and errors", 0),
        ("Debugging memory leaks", 0),
    ],
)
def test_only_a_clause_is_a_problem(heading: str, questions: int) -> None:
    page = f"# Troubleshooting\n\n## {heading}\n\nCheck the cable, then restart the gateways.\n"

    assert len(asked(page, product="Rill")) == questions


def test_a_name_that_a_page_explains_twice_is_not_asked_for_by_its_page_alone() -> None:
    section = "## Reading {0}\n\n- `prefer`: {1}\n- `{0}_max`: Most of it.\n\n"
    filler = f"{'The well is deep. ' * 100}\n\n"
    page = (
        "# rill.conf(5)\n\n"
        + section.format("probe", "Read the probe first of all.")
        + filler
        + section.format("gateway", "The gateway that is read first of all.")
    )
    twice, once = (
        [
            draft
            for draft in written(*chunks_of(text), product="Rill")
            if isinstance(draft, Draft) and draft.key == "prefer"
        ]
        for text in (page, page.replace("`prefer`: The", "`other`: The"))
    )

    assert not twice
    assert once


def test_an_item_in_the_description_of_another_is_asked_for_with_that_one() -> None:
    page = (
        "# rill.conf(5)\n\n## Filters\n\n"
        "- {0}: is one of these words\n"
        "  - `ptp`: Keep the readings that come by radio.\n"
        "  - `ntp`: Keep the readings that come by wire.\n"
        "- `{1}`: Keep all of them for a year and a day.\n"
    )
    named, unnamed = (
        asked(page.format(key, "keep_all"), product="Rill")
        for key in ("`rx_filter`", "filter name")
    )

    assert "What does `ntp` do in `rx_filter`?" in named
    assert not [question for question in unnamed if "tp`" in question]


def test_a_field_that_its_error_explains_is_no_news() -> None:
    page = (
        "# RILL_InvalidRoleError\n\n## Properties\n\n"
        "- `role`: The invalid role value of it\n- `file`: The name of the file read\n"
    )

    assert not [question for question in asked(page) if "`role`" in question]


def test_an_error_in_a_title_is_the_place_of_its_fields() -> None:
    page = (
        "# RILL_ParseFailedError\n\n## Properties\n\n"
        "- `line`: The number of the line that is broken\n- `file`: The name of the file read\n"
    )

    assert "What is the `line` field of `RILL_ParseFailedError` used for?" in asked(page)


def test_an_assignment_is_no_usage_of_a_command() -> None:
    help_of = "```\n{0}\n  --enable-utf   Read all the letters there are\n```\n"

    assert asked("# Set up\n\n" + help_of.format("rill READINGS"))
    assert not asked("# Set up\n\n" + help_of.format("export CFLAGS=-O2"))


def test_two_values_of_one_option_keep_what_tells_them_apart() -> None:
    page = (
        "# Tool\n\n## Options of `tool`\n\n"
        "- `--mode <fast>`: Set the number of frames that is kept.\n"
        "- `--mode <safe>`: Set the number of frames that is left out.\n"
    )

    assert len(asked(page)) == 2


def test_an_argument_of_a_signature_is_no_place() -> None:
    page = (
        "# Tool\n\n## speed (init, max_n, tol), [order, n] = speed (init)\n\n"
        "- `pool.size`: Set the number of frames that is kept.\n"
        "- `other.one`: Set the number of frames that is left out.\n"
    )

    questions = list(asked(page, product="Rill"))

    assert len(questions) == 2
    assert not any("max_n" in question for question in questions)


def test_a_phrase_in_code_is_no_place() -> None:
    page = (
        "# Tool\n\n## Options: `Alternate frame related`\n\n"
        "- `pool_size`: Set the number of frames that is kept.\n"
        "- `other_one`: Set the number of frames that is left out.\n"
    )

    assert asked(page)
    assert not any("related" in question for question in asked(page))


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("(FAQ 9a) How do I see the log of a gateway?", "How do I see the log of a gateway?"),
        ("3.4: How do I see the log of a gateway?", "How do I see the log of a gateway?"),
        ("FAQ 9: How do I see the log of a gateway?", "How do I see the log of a gateway?"),
        ("Logging: Where do I see the log of a gateway?", "Where do I see the log of a gateway?"),
        ("So how do I see the log of a gateway?", "How do I see the log of a gateway?"),
        ("G7. So, how do I see the log of a gateway?", "How do I see the log of a gateway?"),
        ("B1.12) Is there a log of a gateway?", "Is there a log of a gateway?"),
        ("But, why is a gateway silent at night?", "Why is a gateway silent at night?"),
        ("Would you like to donate a gateway?", ""),
        ("Liked what you saw of gateways?", ""),
        ("Looking for a gateway of ours?", ""),
        ("… measure levels without a gateway?", ""),
    ],
)
def test_the_number_and_the_manner_of_a_question_heading_are_left_out(
    heading: str, question: str
) -> None:
    page = f"# FAQ\n\n## {heading}\n\nThe log of the gateway is written at noon and shown by it.\n"

    assert list(asked(page)) == ([question] if question else [])


@pytest.mark.parametrize("label", ["**Answer:** ", "A: ", "**A1.** "])
def test_the_label_of_an_answer_is_left_out(label: str) -> None:
    answer = "The log of the gateway is written at noon, and shown by it."
    page = f"# FAQ\n\n## Where is the log of a gateway?\n\n{label}{answer}\n"

    assert list(asked(page).values()) == [answer]


@pytest.mark.parametrize(
    ("heading", "questions"),
    [
        ("When I attempt to log in I run into a 404", []),
        ("When I start a pump, the lamp is red", []),
        ("When the pump is stopped", ["When is the pump stopped?"]),
    ],
)
def test_what_happens_in_a_case_is_no_question_for_its_time(
    heading: str, questions: list[str]
) -> None:
    text = "The lamp of the pump shows it for a minute, and the log names the hour."

    assert list(asked(f"# Pumps\n\n## {heading}\n\n{text}\n")) == questions


@pytest.mark.parametrize(
    ("answer", "n_asked"),
    [
        ("If you hear a hum, the pump is plugged in and has current.", 0),
        ("Yes, your pump is plugged in when it hums in the evening.", 1),
        ("The pump is plugged in at the works before it is sent out.", 1),
    ],
)
def test_what_only_its_reader_knows_is_not_asked(answer: str, n_asked: int) -> None:
    page = f"# Pumps\n\n## Is your pump plugged in?\n\n{answer}\n"

    assert len([one for one in asked(page) if "plugged" in one]) == n_asked


def test_what_stands_before_the_word_answer_tells_more_of_the_question() -> None:
    answer = "The log of the gateway is written at noon, and shown by it.\n\nA) It is short."
    page = (
        "# FAQ\n\n## Why is the log of a gateway empty?\n\nI looked at it and saw this:\n\n"
        f"```\nlog: 0\n```\n\nAnswer: {answer}\n"
    )

    assert list(asked(page).values()) == [answer]


def test_flags_whose_description_goes_on_and_help_itself_are_left_out() -> None:
    assert not any("--long" in question or "--help" in question for question in asked(HELP))


def test_the_evidence_of_a_cell_is_its_row_and_the_draft_names_its_key() -> None:
    found = [draft for draft in written(*chunks_of(CODES)) if isinstance(draft, Draft)]

    draft = next(draft for draft in found if "E07 mean" in draft.question)
    assert draft.evidence[0].quote.startswith("| E07 |")
    assert (draft.key, draft.noun, draft.fact) == ("E07", "error code", True)
    assert (draft.origin.rule, draft.origin.writer) == ("table.description", "extractive")


def test_a_question_heading_is_no_answer_when_its_text_goes_on_in_the_next_chunk() -> None:
    text = " ".join(f"Sentence number {n} of the answer says a little more." for n in range(30))
    chunks = chunks_of(f"# FAQ\n\n## How long is a version supported?\n\n{text}\n", max_tokens=60)

    assert len(chunks) > 1
    assert not [item for item in written(*chunks) if isinstance(item, Draft)]


def test_an_item_takes_in_the_paragraph_that_stands_before_the_next_item() -> None:
    page = (
        "# Tool\n\n## Section `[cache]`\n\n- `keep_days`: Number of days that files are kept.\n\n"
        "  Zero keeps them for ever.\n\n- `max_size_mb`: Largest size of the cache in megabytes.\n"
    )

    answers = asked(page)

    assert any(answer.endswith("Zero keeps them for ever.") for answer in answers.values())


def test_structure_is_asked_in_a_language_that_has_templates_and_no_grammar() -> None:
    french = replace(
        FIRST,
        lang="fr",
        forms={
            "table.description.code": ("Que signifie {thing} ?",),
            "heading.question": ("{question}",),
        },
    )
    page = "# Codes\n\n| Code | Meaning |\n| --- | --- |\n| E06 | Charge trop basse. |\n"
    chunks = [replace(chunk, lang="fr") for chunk in chunks_of(page)]

    found = [draft for draft in written(*chunks, templates=french) if isinstance(draft, Draft)]

    assert [draft.question for draft in found] == ["Que signifie code E06?"]


def test_a_table_that_goes_on_in_a_chunk_is_read_with_its_header() -> None:
    rows = "\n".join(f"| `rill.opt_{n}` | Sets the number {n} of the gateway. |" for n in range(40))
    table = f"| Setting | Description |\n| --- | --- |\n{rows}\n"
    page = f"# Settings\n\n## Settings of the gateway\n\n{table}"

    chunks = chunks_of(page, max_tokens=120)
    found = [draft for draft in written(*chunks) if isinstance(draft, Draft)]

    later = [draft for draft in found if draft.chunk_ids[0] != chunks[0].id]
    assert chunks[1].opening.startswith("| Setting |")
    assert any("rill.opt_" in draft.question for draft in later)


_MARKED = """# Push

## Push into another repository

```
git clone mothership:frotz {first}
git push origin {second}
```

1. Clone the repository from mothership.
2. Push all branches to mothership.
"""


_TASK = "## Cleaning the Probe\n\n"
_ORDER = "Take the probe out of the well and wipe it with a soft cloth before you put it back."


def test_a_heading_that_names_a_task_asks_for_the_prose_that_tells_how() -> None:
    page = f"# Rill\n\n{_TASK}{_ORDER}\n\n## Next\n\nNothing.\n"

    assert asked(page, product="Rill") == {"How do I clean the probe in Rill?": _ORDER}


@pytest.mark.parametrize(
    "section",
    [
        f"{_TASK}The probe of each station is clean before it is sold, and so is its long cable.",
        f"{_TASK}Now that it hangs, take the probe out of the well and wipe it with a soft cloth.",
        f"{_TASK}You can also take the probe out of the well and wipe it with a soft cloth.",
        f"{_TASK}As we have seen, dirt is bad. {_ORDER}",
        f"{_TASK}To get a clean probe, follow the steps that the guide of its maker tells you.",
        f"{_TASK}{_ORDER}\n\n### Cleaning its Cable\n\nIt is longer than one would think.",
        f"## Cleaning Other Probes\n\n{_ORDER} So are other probes.",
        f"## Finishing Touches\n\n{_ORDER}",
        "## Cleaning the Probe\n\nWipe it.",
    ],
    ids=[
        "no order",
        "next step",
        "other way",
        "tale",
        "elsewhere",
        "sections below",
        "others",
        "no object",
        "too short",
    ],
)
def test_a_section_that_does_not_tell_its_task_by_itself_is_left_alone(section: str) -> None:
    assert not asked(f"# Rill\n\n{section}\n\n## Next\n\nNothing.\n", product="Rill")


def test_a_question_that_is_answered_elsewhere_is_not_asked() -> None:
    page = "# Rill\n\n## What if the well freezes over?\n\n{0}\n\n## Next\n\nNothing.\n"

    told, pointed = (
        asked(page.format(answer), product="Rill")
        for answer in (
            "The probe warns in time, as it reads the heat of the water and the air above it.",
            "If the well freezes over at night, see our page about the care of each probe.",
        )
    )

    assert told
    assert not pointed


def test_a_way_that_has_another_behind_it_is_not_the_whole_answer() -> None:
    page = (
        "# Rill\n\n## All the probes\n\nTo add a probe, write a file `probe.d` and add {0}:\n\n"
        "```\none\n```\n\nor a name:\n\n```\ntwo\n```\n"
    )

    assert asked(page.format("its number"), product="Rill")
    assert not asked(page.format("either its number"), product="Rill")


def test_a_title_that_names_the_product_in_code_is_no_command() -> None:
    page = "# `rill`: a handbook\n\n## Probes\n\nTo clean a probe of a well, use a soft cloth."

    (question,) = asked(page, product="rill")

    assert question == "How do I clean a probe of a well in rill?"


def test_where_something_is_put_is_no_way_to_do_it() -> None:
    page = "# Rill\n\n## Lists of probes\n\nLists of probes can be placed in the `probes` folder."

    assert list(asked(page, product="Rill")) == ["Where can lists of probes be placed in Rill?"]


def test_which_to_use_is_asked_in_the_first_person() -> None:
    page = "# Rill\n\n## Which probe to use?\n\nThe small one, as all wells of Rill are narrow."

    assert list(asked(page, product="Rill")) == ["Which probe should I use?"]


def test_when_and_if_ask_the_same() -> None:
    page = (
        "# Rill\n\n## Probes\n\nWhen a probe of Rill freezes in, the gateway sends a warning.\n\n"
        "## Frozen probes\n\nIf a probe of Rill freezes in, its cable is pulled out of the well.\n"
    )

    assert not asked(page, product="Rill")
    assert asked(page.replace("If a probe", "If the gateway"), product="Rill")


def test_a_task_that_several_pages_tell_is_not_asked_without_its_page() -> None:
    page = f"# Rill {{0}}\n\n{_TASK}{_ORDER} Mind its {{0}}.\n\n## Next\n\nNothing.\n"
    pages = [chunks_of(page.format(name), path=f"{name}.md") for name in ("pump", "tank")]

    untold = f"# Rill tank\n\n{_TASK}Nothing.\n\n## Next\n\nNothing.\n"
    pages.append(chunks_of(untold, path="untold.md"))
    alone, both, other = (
        written(*pages[0], *more, product="Rill") for more in ((), pages[1], pages[2])
    )

    assert any(isinstance(draft, Draft) for draft in alone)
    assert not any(isinstance(draft, Draft) for draft in (*both, *other))


def test_a_task_is_asked_for_where_a_name_tells_of_what() -> None:
    assert not asked(f"# Care\n\n{_TASK}{_ORDER}\n\n## Next\n\nNothing.\n")


def test_explanations_of_marks_in_code_are_no_steps() -> None:
    assert not asked(_MARKED.format(first="<1>", second="<2>"))
    assert not asked(_MARKED.format(first="(1)", second="(2)"))
    assert asked(_MARKED.format(first="", second=""))


FUNCTIONS = """# Byte Arrays

## Functions

### rl_array_new_from ()

```
RlArray *
rl_array_new_from (RlBytes *bytes);
```

Creates an array that holds a copy of the bytes. If `bytes` is a part of an array, the copy keeps \
it alive.

### rl_array_size ()

```
int rl_array_size (RlArray *array);
```

Returns the number of bytes in the array. The returned array must not be freed.

- `array`: An array that was made before.
- `flags`: What is counted besides the bytes themselves.
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "What does `rl_array_new_from()` do?",
            "Creates an array that holds a copy of the bytes.",
        ),
        ("What does `rl_array_size()` return?", "Returns the number of bytes in the array."),
        (
            "What happens in `rl_array_new_from()` if `bytes` is a part of an array?",
            "If `bytes` is a part of an array, the copy keeps it alive.",
        ),
        (
            "Can the returned array be freed in `rl_array_size()`?",
            "The returned array must not be freed.",
        ),
        (
            "What does `flags` mean in `rl_array_size()`?",
            "What is counted besides the bytes themselves.",
        ),
    ],
)
def test_what_holds_of_one_function_is_asked_with_its_name(question: str, answer: str) -> None:
    assert asked(FUNCTIONS).get(question) == answer


def test_a_method_is_asked_for_with_its_class() -> None:
    page = (
        "# Interface Clob\n\n## Methods\n\n### free\n\nvoid free() throws SQLException\n\n"
        "Releases the resources that the object holds for the large value.\n\n"
        "If `free` is called several times, the later calls have no effect.\n"
    )

    assert asked(page) == {
        "What does `Clob.free()` do?": (
            "Releases the resources that the object holds for the large value."
        ),
        "What happens in `Clob` if `free` is called several times?": (
            "If `free` is called several times, the later calls have no effect."
        ),
    }


@pytest.mark.parametrize(
    "said",
    [
        "See `Dispatcher.stream(options, factory, callback)`.",
        "Implements `Dispatcher.stream(options, factory)`.",
        "Use `has_feature(stream)` to determine if streams are enabled in the pool.",
    ],
)
def test_a_function_of_which_only_another_is_named_is_not_asked_for(said: str) -> None:
    page = f"# Pool\n\n## Methods\n\n### pool.stream(options, factory)\n\n{said}\n"

    assert asked(page) == {}
    told = asked(page.replace(said, "Sends the request and hands the body to `factory(body)`."))
    assert list(told) == ["What does `pool.stream()` do?"]


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("Rect Class Reference", "Rect.area()"),
        ("Rect Class Template Reference", "Rect.area()"),
        ("public class Rect", "Rect.area()"),
        ("struct rect", "rect.area()"),
        ("Data structure classes", "area()"),
        ("Class Reference", "area()"),
    ],
)
def test_the_type_of_a_function_is_told_by_the_title_of_its_page(title: str, called: str) -> None:
    page = f"# {title}\n\n## Functions\n\n### area(int unit)\n\nCounts the units of the area.\n"

    assert list(asked(page)) == [f"What does `{called}` do?"]


def test_one_of_several_functions_of_a_name_is_not_asked_for() -> None:
    overload = "### Rect::Rect(int a)\n\nCreates a rectangle with sides of the given length.\n\n"
    page = f"# Rect Class\n\n## Functions\n\n{overload}"

    assert list(asked(page)) == ["What does `Rect::Rect()` do?"]
    assert asked(page + overload.replace("int a", "Rect r")) == {}


@pytest.mark.parametrize(
    "heading",
    [
        "Installing (optional)",
        "ATOM_EXT (deprecated)",
        "bounce_notice_recipient (default: postmaster)",
        "relay_transport (see also transport_maps)",
        "Using free()",
        "tar(1)",
        "Overview",
        "Returns (a value)",
        "connection_id => boolean()",
    ],
)
def test_a_heading_that_is_no_function_names_none(heading: str) -> None:
    page = f"# Handbook\n\n## {heading}\n\nInstalls the things that the other tool needs.\n"

    assert not [question for question in asked(page) if "()" in question]


def test_an_option_of_a_manual_page_is_asked_with_its_command_by_its_long_name() -> None:
    page = (
        "# rillctl(8)\n\n## OPTIONS\n\n- `-v`, `--verbose`: Prints each packet as it comes in.\n"
        "- `-q`, `--quiet`: Prints nothing but errors of the logger.\n"
    )

    assert all(
        f"the `{name}` option of `rillctl`" in question
        for name, question in zip(("--quiet", "--verbose"), sorted(asked(page)), strict=True)
    )


def test_a_command_of_a_manual_page_is_asked_as_one_types_it() -> None:
    page = (
        "# rillctl(8)\n\n## COMMANDS\n\n"
        "- `check-clock STATION`: Compares the clock with that of the station.\n"
        "- `set-clock STATION`: Sets the clock to that of the given station.\n"
    )

    assert sorted(asked(page)) == [
        "What does `rillctl check-clock` do?",
        "What does `rillctl set-clock` do?",
    ]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("const char *name", "name"),
        ("Rl_Obj *const objv[]", "objv"),
        ("int offset", "offset"),
        ("ClientData clientData", "clientData"),
        ("Rl_Obj *objv[] (in)", "objv"),
        ("check-zone ZONE [SERIAL]", "check-zone"),
        ("exception RillError", "RillError"),
        ("static copy(method)", "copy(method)"),
        ("class add", "class add"),
        ("dict keys ?pattern?", "dict keys ?pattern?"),
        ("get int", "get int"),
    ],
)
def test_a_declaration_is_asked_for_by_the_name_in_it(key: str, name: str) -> None:
    page = f"# Handbook\n\n## `rl_use()`\n\n- `{key}`: Names the value that the call reads.\n" * 2

    assert all(f"`{name}`" in question for question in asked(page.replace("call", key, 1)))
    assert name_in(key) == name


def test_a_class_is_named_without_the_word_for_it() -> None:
    page = (
        "# API\n\n## `class Logger`\n\n- `keep_days`: Number of days that files are kept by it.\n"
        "- `max_size`: Largest size of a file in megabytes.\n"
    )

    assert asked(page)
    assert all("`Logger`" in question and "class" not in question for question in asked(page))


def test_a_letter_above_the_terms_of_a_glossary_is_no_term() -> None:
    page = "# Glossary\n\n## {0}\n\n- Drift: Slow change of the zero point of a probe over months."

    assert not [question for question in asked(page.format("D")) if '"D"' in question]
    assert [question for question in asked(page.format("Shifts")) if "Shifts" in question]


def test_a_term_turned_round_for_its_place_in_the_alphabet_is_not_asked_for() -> None:
    page = "# Glossary\n\n- Tip, branch: The head with the highest number.\n- Tip: The last one of."

    assert list(asked(page)) == ['What does "Tip" mean?']


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("How to apply changes to all buffers?", "How do I apply changes to all buffers?"),
        ("What Gets traced by the logger", "What gets traced by the logger?"),
        (
            "What operation was being attempted when the value changed",
            "What operation was being attempted when the value changed?",
        ),
    ],
)
def test_a_heading_is_asked_as_one_speaks(heading: str, question: str) -> None:
    text = "The logger tells it in its journal, with the time and the name of the station in it. "

    assert list(asked(f"# Handbook\n\n## {heading}\n\n{text * 2}\n"))[:1] == [question]


@pytest.mark.parametrize("heading", ["ODBC 2.14", "Changes in Version 2.14 (2026/11/12)"])
def test_a_version_is_one_of_what_its_page_is_about(heading: str) -> None:
    notes = f"# 1 ODBC Release Notes\n\n## {heading}\n\n- The driver reads long columns at once.\n"
    page = notes + "- The port is closed when its owner exits.\n"

    assert list(asked(page, product="Erlang")) == ["What changed in version 2.14 of ODBC?"]


def test_the_action_of_a_command_is_what_it_does() -> None:
    page = (
        "# Runs of `rill`\n\n| Command | Action |\n| --- | --- |\n"
        "| `rill new` | Creates an empty work directory for a run. |\n"
        "| `rill copy` | Copies the files of the last run to the work directory. |\n"
        "| `rill drop` | Removes the work directory and all that is in it. |\n"
    )

    assert list(asked(page, product="Rill"))
    assert not [question for question in asked(page, product="Rill") if "should I" in question]


def test_a_version_in_the_title_of_release_notes_is_no_product() -> None:
    notes = "# 2.0 Changelog\n\n## 2.0.57\n\n- The driver reads long columns at once.\n"
    page = notes + "- The port of Rill is closed when its owner exits.\n"

    assert list(asked(page, product="Rill")) == ["What changed in version 2.0.57 of Rill?"]


def test_a_page_of_several_functions_is_no_function_itself() -> None:
    page = (
        "# zip\n\n## Exports\n\n### zip(Name, Files)\n\nCreates an archive of the given files.\n\n"
        "### unzip(Archive)\n\nExtracts all files from the archive to the disk.\n\n## Notes\n\n"
        "If `max_size` is reached, all other files are left out.\n"
    )

    assert set(asked(page)) == {
        "What does `zip()` do?",
        "What does `unzip()` do?",
        "What happens if `max_size` is reached?",
    }


def test_a_property_is_defined_by_its_whole_name() -> None:
    page = "# TDataset.FileName\n\nFileName is a property that contains the name of a local file.\n"

    assert list(asked(page)) == ["What is `TDataset.FileName`?"]


@pytest.mark.parametrize(
    ("sentence", "n_asked"),
    [
        ("A document is a top-level window without an owner of its own.", 0),
        ("A gauge is a device that measures how high the water stands.", 1),
        ("A unit is used to measure an amount of time, such as years or days.", 0),
    ],
)
def test_a_noun_alone_is_asked_for_where_a_heading_tells_of_what(
    sentence: str, n_asked: int
) -> None:
    assert len(asked(f"# Types of gauges\n\n{sentence}\n")) == n_asked


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("void *g_try_malloc (gsize n_bytes)", "g_try_malloc()"),
        ("is_alive(Name, Node) -> boolean()", "is_alive()"),
        ("QString &QString::fill(QChar ch, int size = -1)", "QString::fill()"),
        ("connect(int (*callback)(void *)) const", "connect()"),
    ],
)
def test_the_name_of_a_function_is_read_from_its_signature(heading: str, name: str) -> None:
    page = f"# Functions\n\n## {heading}\n\nReturns the value that the other call has set.\n"

    assert list(asked(page)) == [f"What does `{name}` return?"]


@pytest.mark.parametrize(
    "item",
    [
        "- `_row`: The number of rows that the matrix has.",  # of a function that nobody names
        "- `RILL_API_KEY`: Your Rill API key.",
        "- `Buffers %lu`: The memory that is used for the buffers.",
        "- `a < 500`: The value is set to that of the last call.",
    ],
)
def test_an_item_that_tells_nothing_of_a_name_is_not_asked_for(item: str) -> None:
    assert asked(f"# Values\n\n## Arguments\n\n{item}\n{item.replace('The', 'A')}\n") == {}


def test_a_question_names_its_command_unless_it_names_one_of_its_kin() -> None:
    sentence = "If Rl_PanicVA is called without a format, an empty line is printed."
    page = f"# Rl_Panic(3)\n\n## DESCRIPTION\n\n{sentence}\n"

    assert list(asked(page)) == ["What happens if Rl_PanicVA is called without a format?"]
    assert list(asked(page.replace("Rl_PanicVA", "Other_Call"))) == [
        "What happens with `Rl_Panic` if Other_Call is called without a format?"
    ]


def test_a_way_that_a_function_mentions_is_not_one_of_that_function() -> None:
    page = (
        "# Gtk.Application.get_by_id\n\n```\nGtkWindow* application_get_by_id (guint id)\n```\n\n"
        "The ID of a `GtkWindow` can be retrieved with `gtk_window_get_id()`.\n"
    )

    assert list(asked(page)) == ["How can the ID of a `GtkWindow` be retrieved?"]


def test_a_field_of_which_only_its_name_is_said_is_not_asked_for() -> None:
    page = (
        "# Rill\n\n## Frame\n\n| Field | Description |\n| --- | --- |\n"
        "| `short_well_name` | {} |\n| `rise` | Counts how far the level of the well rose. |\n"
    )

    assert not any("short_well_name" in one for one in asked(page.format("Short Well Name.")))
    assert any("short_well_name" in one for one in asked(page.format("How people call the well.")))


def test_a_description_is_cut_at_a_full_stop_without_a_blank() -> None:
    page = (
        "# Rill\n\n## Frame\n\n| Field | Description |\n| --- | --- |\n"
        "| `port_status` | {} |\n| `rise` | Counts how far the level of the well rose. |\n"
    )

    assert not any("Which" in one for one in asked(page.format("Port Status.The default is 1")))
