"""The engine of the embedded writer: what holds for whatever the rules propose."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings

from builder.chunk import chunk as cut
from builder.errors import SettingsError
from builder.prompts import Prompts
from builder.records import Chunk, Document, Draft, Failure
from builder.text import words
from builder.write.corpus import read_corpus
from builder.write.extractive import GRAMMARS, parse_templates
from tests.documents import documents
from tests.write.world import TEMPLATES, asked, chunks_of, written

GERMAN = parse_templates(Prompts.find(None).text("extractive/de.toml"))
NAMES = "pool cache index queue buffer socket worker thread backup report export import".split()


def settings_page(section: str, rows: int = 6) -> str:
    lines = "".join(
        f"| `{section}_{name}_max` | `{n}` | Greatest number of {name}s of the {section} part. |\n"
        for n, name in enumerate(NAMES[:rows])
    )
    return (
        f"# Configuration\n\n## Section `[{section}]`\n\n| Setting | Default | Description |\n"
        f"| --- | --- | --- |\n{lines}"
    )


def pages(count: int) -> list[Chunk]:
    return [
        chunk
        for number in range(count)
        for chunk in chunks_of(settings_page(f"part{number}"), path=f"docs/{number}.md")
    ]


def drafts_of(found: list[Draft | Failure]) -> list[Draft]:
    return [item for item in found if isinstance(item, Draft)]


def test_the_same_input_gives_the_same_drafts_and_another_seed_other_words() -> None:
    chunks = pages(6)

    once = written(*chunks, templates=TEMPLATES, seed=1)

    assert written(*chunks, templates=TEMPLATES, seed=1) == once
    assert written(*chunks, templates=TEMPLATES, seed=2) != once


def test_answers_and_evidence_are_slices_of_the_chunk() -> None:
    chunks = {chunk.id: chunk for chunk in pages(3)}

    for draft in drafts_of(written(*chunks.values(), templates=TEMPLATES)):
        text = chunks[draft.chunk_ids[0]].text
        evidence = draft.evidence[0]
        assert draft.answer in text
        assert text[evidence.start : evidence.end] == evidence.quote
        assert draft.answer in evidence.quote
        assert draft.key in draft.question


def test_a_chunk_gives_no_more_drafts_than_asked_for() -> None:
    for most in (1, 2, 4):
        per_chunk = Counter(
            draft.chunk_ids for draft in drafts_of(written(*pages(3), max_per_chunk=most))
        )
        assert max(per_chunk.values()) <= most


def test_the_writers_own_limit_is_four() -> None:
    found = drafts_of(written(*pages(1), templates=TEMPLATES, max_per_chunk=0))

    assert 1 < len(found) <= 4


def test_no_opening_takes_more_than_a_fifth_of_many_questions() -> None:
    found = drafts_of(written(*pages(30), templates=TEMPLATES, max_per_chunk=0))

    openings = Counter(" ".join(words(draft.question)[:2]) for draft in found)
    assert len(found) > 60
    assert max(openings.values()) <= 0.2 * len(found)


def test_values_of_tables_stay_a_small_part() -> None:
    found = drafts_of(written(*pages(30), templates=TEMPLATES, max_per_chunk=0))

    values = sum(draft.origin.rule == "table.value" for draft in found)
    assert 0 < values <= 0.15 * len(found)


def test_a_question_is_asked_once_and_ids_differ() -> None:
    found = drafts_of(written(*pages(8), templates=TEMPLATES, max_per_chunk=0))

    assert len({draft.question for draft in found}) == len(found)
    assert len({draft.id for draft in found}) == len(found)


def test_a_question_with_two_answers_in_the_corpus_is_not_asked() -> None:
    one = settings_page("server")
    two = one.replace("Greatest", "Smallest")

    found = drafts_of(written(*chunks_of(one, path="a.md"), *chunks_of(two, path="b.md")))

    described = [draft for draft in found if draft.origin.rule == "table.description"]
    assert described == []


def test_a_page_that_stands_twice_is_asked_once() -> None:
    page = settings_page("server")

    found = drafts_of(written(*chunks_of(page, path="a.md"), *chunks_of(page, path="b.md")))

    assert found
    assert len({draft.chunk_ids for draft in found}) == 1


def test_a_language_without_templates_fails_and_a_plain_page_is_a_known_skip() -> None:
    page = "# Essay\n\nRain fell. Nobody came. The end was near and far.\n"
    (plain,) = chunks_of(page)
    foreign = replace(plain, id="other", lang="fi")

    skipped, failed = written(plain, foreign)

    assert isinstance(skipped, Failure)
    assert isinstance(failed, Failure)
    assert (skipped.reason, skipped.failed) == ("no_rule", False)
    assert (failed.reason, failed.failed) == ("language", True)


def test_the_named_product_tells_where_a_question_belongs() -> None:
    page = "# Alarms\n\n## Alarm rules\n\nAn invitation is valid for 7 days after it was sent.\n"
    page = page.replace("Alarm rules", "Invitations")

    (draft,) = drafts_of(written(*chunks_of(page), templates=TEMPLATES, product="Rill"))

    assert "Rill" in draft.question


def test_examples_and_left_over_markup_are_not_asked_about() -> None:
    page = (
        settings_page("foo") + "\n\n| Code | Meaning |\n| --- | --- |\n| E06 | See [x][y] now. |\n"
    )

    assert not any("foo" in draft.question for draft in drafts_of(written(*chunks_of(page))))


@settings(max_examples=30)
@given(document=documents())
def test_any_document_gives_sound_drafts(document: Document) -> None:
    for chunk in cut(document, size=lambda text: len(words(text)), max_tokens=200):
        for draft in drafts_of(written(chunk, templates=TEMPLATES, rules="broad")):
            evidence = draft.evidence[0]
            assert chunk.text[evidence.start : evidence.end] == evidence.quote
            assert draft.answer in chunk.text
            assert "\n" not in draft.question


@pytest.mark.parametrize(
    "text",
    ["not toml [", "templates = 3", 'lang = "en"\n[nouns.x]\nheaders = 3\nnoun = "x"\n', ""],
)
def test_a_templates_file_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_templates(text)

    assert "compare the file" in caught.value.hint


@pytest.mark.parametrize("lang", ["en", "de"])
def test_shipped_templates_are_read(lang: str) -> None:
    templates = parse_templates(Prompts.find(None).text(f"extractive/{lang}.toml"))

    assert templates.lang == lang
    assert templates.nouns
    assert templates.columns


def test_what_is_asked_often_has_several_wordings() -> None:
    for name in ("list.option", "list.term", "table.description.setting", "flag.switch"):
        assert len(TEMPLATES.forms[name]) >= 3, name


WORLD = """# {title}

The Rill Logger R2 measures in a river, and a gateway hears the Rill Logger R2.
On the Rill Logger R2, a lid protects the cells. Data lies in Rill Cloud for a year.

Users of Rill Cloud pay monthly, and nobody in Rill Cloud sees raw keys of the Rill Logger R2.

| Code | Meaning |
| --- | --- |
| {code} | The clock of the device is not set. |
"""


@pytest.mark.parametrize(
    ("title", "path", "place"),
    [
        ("Error codes of the Rill Logger R2", "a.md", "on the Rill Logger R2"),
        ("Errors in Rill Cloud", "b.md", "in Rill Cloud"),
        ("Troubleshooting", "logger/c.md", "on the Rill Logger R2"),
    ],
)
def test_a_page_is_placed_by_its_title_its_text_or_its_folder(
    title: str, path: str, place: str
) -> None:
    others = [
        chunk
        for number in range(3)
        for chunk in chunks_of(
            WORLD.format(title=f"Rill manual {number}", code=f"X{number}1"), path=f"{number}.md"
        )
    ]
    page = chunks_of(WORLD.format(title=title, code="E19"), path=path)

    found = drafts_of(written(*others, *page, templates=TEMPLATES))

    (question,) = [draft.question for draft in found if draft.key == "E19"]
    assert place in question.replace("On the", "on the").replace("In Rill", "in Rill")


def test_a_question_that_its_answer_does_not_fit_is_not_asked() -> None:
    page = """# Pump

## How and where can I talk about the pump online?

Yes. The makers of the pump answer questions by electronic mail.

## I am still confused. What should I install first?

Install the stable edition of the pump software on a spare machine.

## Can the pump run dry?

No, the pump must not run dry, because water cools its bearings.
"""

    assert list(asked(page)) == ["Can the pump run dry?"]


def test_the_mark_of_a_question_is_no_part_of_it() -> None:
    page = "# Pump\n\n## Q: Can the pump run dry?\n\nNo, the pump must not run dry at any time.\n"

    assert list(asked(page)) == ["Can the pump run dry?"]


def test_what_is_said_of_the_page_itself_is_no_answer() -> None:
    page = """# Pump

## Which pump do you use?

Our pump is the large one, because the well is deep.

## How is the pump cleaned?

The pump is cleaned with vinegar and water. Last modified: 2010-01-06.
"""

    assert not asked(page)


def test_the_head_of_every_page_names_no_product() -> None:
    page = "# {0} of Objects\n\nSee lists of Objects and Functions\n\nThe call returns `{0}`.\n"
    chunks = [c for n in range(8) for c in chunks_of(page.format(n), path=f"docs/{n}.md")]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert corpus.product == ""


def test_a_name_of_two_words_is_not_halved() -> None:
    page = (
        "# Page {0}\n\nHere Open vSwitch does {0} with OpenFlow. You run Open vSwitch {0} times.\n"
    )
    chunks = [c for n in range(6) for c in chunks_of(page.format(n), path=f"docs/{n}.md")]
    titled = chunks_of("# Open vSwitch\n\nYou like Open vSwitch.\n", path="docs/a.md")

    corpus = read_corpus(
        [*chunks, *titled], templates={"en": TEMPLATES}, grammars=GRAMMARS, product=""
    )

    assert corpus.product == "Open vSwitch"


def test_a_small_set_may_be_nearly_all_of_one_family() -> None:
    page = """# `rill {0}`

- `--{0}-deep`: Set how deep the {1} of the station hangs below the {2}.
- `--{0}-long`: Set how long the {2} of the gateway waits for a {1}.
"""
    words = "probe datum radio pump valve tank cable lamp fuse clock mast roof".split()
    names = "start stop mend watch clean list move find lock save".split()
    chunks = [
        chunk
        for name, word, other in zip(names, words, words[2:], strict=False)
        for chunk in chunks_of(page.format(name, word, other), path=f"{name}.md")
    ]

    found = drafts_of(written(*chunks, templates=TEMPLATES))

    assert len(found) == 10  # of the twenty options


def test_a_name_in_lower_case_that_rules_goes_before_the_tool_that_it_drives() -> None:
    page = """# How to {verb} rillback and Borg

To do so, rillback keeps a file of its own beside the one that Borg has. It asks for
the key when it starts, and for another one when it ends.

rillback tells Borg to go on. The files of {verb}ing are read by Borg, then by rillback.
"""
    chunks = [
        chunk
        for verb in ("start", "mend", "watch", "clean")
        for chunk in chunks_of(page.format(verb=verb), path=f"{verb}.md")
    ]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert set(corpus.subjects.values()) == {"rillback"}


def test_a_page_of_another_product_does_not_get_the_name_of_the_first() -> None:
    own = [
        "# {0} page {1}\n\n## Batteries\n\nThe {0} has two batteries in part {1}. "
        "Use the {0} with care. A {0} is safe.\n".format("Rill Logger" if n % 2 else "Rill", n)
        for n in range(9)
    ]
    chunks = [c for n, page in enumerate(own) for c in chunks_of(page, path=f"a/{n}.md")]
    said = "Weir tables hold the flow of each level, and a table is kept for ten years. "
    long = "# Tables\n\n" + "\n\n".join(f"## Part {n}\n\n{said * 20}" for n in range(6))
    long_page, short_page = chunks_of(long, path="b/x.md"), chunks_of("# Ice\n\nIt melts.\n")
    corpus = read_corpus(
        [*chunks, *long_page, *short_page],
        templates={"en": TEMPLATES},
        grammars=GRAMMARS,
        product="",
    )

    assert corpus.product.startswith("Rill")
    assert len(long_page) >= 4
    assert corpus.subjects[long_page[0].doc_id] == ""
    assert corpus.subjects[short_page[0].doc_id].startswith("Rill")


@pytest.mark.parametrize("pages", [(9, 5, 5, 5, 5), (4, 4, 4, 4, 4)], ids=["one-larger", "alike"])
def test_folders_about_different_products_keep_them_apart(pages: tuple[int, ...]) -> None:
    page = (
        "# {0} page {1}\n\n## Batteries\n\nThe battery of part {1} is for {0}. Use {0} with care. "
        "In {0} there are two of them.\n"
    )
    sets = {"a": "Rill", "b": "Weirlog", "c": "Sluicer", "d": "Leatflow", "e": "Dykester"}
    chunks = [
        chunk
        for (folder, name), many in zip(sets.items(), pages, strict=True)
        for n in range(many)
        for chunk in chunks_of(page.format(name, n), path=f"docs/{folder}/{n}.md")
    ]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert {c.path.split("/")[1]: corpus.subjects[c.doc_id] for c in chunks} == sets


@pytest.mark.parametrize(
    ("title", "sentence", "product"),
    [
        ("rilld: part {0}", "A host is watched by rilld. rilld keeps part {0} safe.", "rilld"),
        ("part {0} of rilld", "A host is watched by rilld. rilld keeps part {0} safe.", "rilld"),
        ("r3: part {0}", "A host is watched by r3. r3 keeps part {0} safe.", "r3"),
        ("rill-d: part {0}", "A host is watched by rill-d. rill-d keeps part {0} safe.", "rill-d"),
        ("part {0} of Debian", "It is told by Debian how part {0} and Debian work.", "Debian"),
        ("part {0}", "It is told by Debian how part {0} and Debian work.", ""),
        ("Become part {0}", "It is told in Become a part {0}, and then Become a whole.", ""),
        ("part {0}", "A host has a part. The part, then, is safe in each part, {0}.", ""),
        ("how to set up {0}", "You learn how to set up {0}. See how to, and how it is.", ""),
        ("networking: part {0}", "It is about networking. Networking is hard with {0}.", ""),
        (
            "RillDB part {0}",
            "Here RillDB is at work. The command rilldb, or rilldb, asks {0}.",
            "RillDB",
        ),
        ("XML of part {0}", "Here XML is written. Each xml file is as the xml before {0}.", ""),
        (
            "part{0}.c File Reference",
            "Any file and each file is a file of {0}. See the File Reference, or File Reference.",
            "",
        ),
        ("RIVET of part {0}", "In RIVET, one can rivet. Here RIVET, then RIVET asks {0}.", "RIVET"),
        ("A record of part {0}", "Here A records are read, and A records {0}.", ""),
        ("APIs of part {0}", "Here APIs are called. Then APIs of part {0} answer.", ""),
    ],
)
def test_a_product_is_told_from_a_word_by_how_it_is_written(
    title: str, sentence: str, product: str
) -> None:
    page = f"# {title}\n\n## Care\n\n{sentence}\n"
    chunks = [c for n in range(6) for c in chunks_of(page.format(n), path=f"docs/{n}.md")]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert corpus.product == product


def test_a_name_that_sentences_begin_in_capitals_is_told_by_its_folder_and_its_versions() -> None:
    page = (
        "# Part {0}\n\nYou install rills before MusicBrainz asks. With rills 1.{0}, files stay, "
        "and MusicBrainz helps.\n\nRills keeps part {0} in rills' own folder.\n"
    )
    own = [c for n in range(6) for c in chunks_of(page.format(n), path=f"rills/{n}.md")]
    apart = [c for n in range(6) for c in chunks_of(page.format(n), path=f"docs/{n}.md")]

    corpora = [
        read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")
        for chunks in (own, apart)
    ]

    assert [corpus.product for corpus in corpora] == ["rills", "MusicBrainz"]


@pytest.mark.parametrize(
    ("folder", "product"), [("rill-doc", "Rill"), ("docs", "Sluicer"), ("python-doc", "Sluicer")]
)
def test_a_folder_that_is_called_like_a_name_tells_the_product(folder: str, product: str) -> None:
    page = (
        "# Part {0} for Sluicer\n\nHere the Rill of part {0} fills. In Sluicer and on"
        " Python it is the same.\n\nSee Sluicer about it.\n"
    )
    chunks = [c for n in range(6) for c in chunks_of(page.format(n), path=f"{folder}/{n}.md")]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert corpus.product == product


def test_a_platform_is_no_product_because_another_name_is_a_word_too() -> None:
    page = (
        "# Arrow {0}: dates for Python\n\nWith Arrow you count part {0}. See Arrow on Python.\n\n"
        "An arrow shows where an arrow in a list points to.\n"
    )
    chunks = [c for n in range(6) for c in chunks_of(page.format(n), path=f"docs/{n}.md")]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert corpus.product != "Python"


@pytest.mark.parametrize(("title", "product"), [("{0}.2. Part", "Rill"), ("Part {0}", "")])
def test_the_numbered_chapters_of_a_book_are_about_one_product(title: str, product: str) -> None:
    page = "# {0}\n\n{1}\n"
    told, silent = "Here Rill is at work {0} times. You use Rill, and ask Rill.", "A well is deep. "
    texts = [told.format(n) for n in range(8)] + [f"{n} {silent * 500}" for n in range(4)]
    chunks = [
        c
        for n, text in enumerate(texts)
        for c in chunks_of(page.format(title.format(n), text), path=f"book/{n}.md")
    ]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert corpus.subjects[chunks[-1].doc_id] == product


def test_a_question_heading_is_asked_with_its_product_unless_it_tells_it() -> None:
    page = """# Rill Logger

The Rill Logger hangs in a well. Read the Rill Logger at noon.

## {0}

It is done by the one who is in charge of the station, at least once a month.
"""
    asked_so = {
        heading: {
            draft.question
            for seed in range(12)
            for draft in drafts_of(
                written(
                    *chunks_of(page.format(heading)),
                    templates=TEMPLATES,
                    seed=seed,
                    product="Rill Logger",
                )
            )
            if draft.answer.startswith("It is done")
        }
        for heading in ("Who reads the levels?", "Who reads the logger?")
    }

    assert asked_so == {
        "Who reads the levels?": {
            "On the Rill Logger, who reads the levels?",
            "Who reads the levels on the Rill Logger?",
        },
        "Who reads the logger?": {
            "On the Rill Logger, who reads the logger?",
            "Who reads the logger?",
        },
    }


def test_a_module_in_a_title_names_no_product_that_is_written_in_capitals() -> None:
    page = (
        "# weirlog.part.n{0}\n\nHere Weirlog reads part {0}. You ask Weirlog for Weirlog {0}.\n\n"
        "weirlog is asked. A host is watched by weirlog.\n"
    )
    chunks = [c for n in range(6) for c in chunks_of(page.format(n), path=f"weirlog/{n}.md")]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert corpus.product == "Weirlog"


@pytest.mark.parametrize(
    ("title", "sentence", "subject"),
    [
        (
            "Weirlog: a Language",
            "A part {0} is drawn when `Weirlog` reads `weirlog` files.",
            "Weirlog",
        ),
        ("All You Need", "In HTML part {0}, with HTML and Python, and with Weirlog.", "Weirlog"),
        ("Advanced Parts", "An advanced part {0} is drawn when `Advanced` parts are read.", ""),
    ],
)
def test_a_book_is_about_the_name_that_its_text_is_full_of(
    title: str, sentence: str, subject: str
) -> None:
    parts = "".join(
        f"## Part {n}\n\n{sentence.format(n)} {'It is deep. ' * 90}\n\n" for n in range(20)
    )
    chunks = chunks_of(f"# {title}\n\n{parts}", path="book.pdf")

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert corpus.subjects[chunks[0].doc_id] == subject


def test_a_german_name_is_told_by_its_compounds() -> None:
    page = "# {0}\n\nUnter Weirland läuft Software. Ein Weirland-Paket, das Weirland-Archiv {0}.\n"
    other = "# {0}\n\nMit der Software läuft Software. Die Software des Archivs hat {0}.\n"
    lang = {"de": GERMAN}

    found = [
        read_corpus(
            [
                chunk
                for n in range(6)
                for chunk in chunks_of(text.format(f"Seite {n}"), path=f"{n}.md", lang="de")
            ],
            templates=lang,
            grammars=GRAMMARS,
            product="",
        ).product
        for text in (page, other)
    ]

    assert found == ["Weirland", ""]


def test_a_folder_that_spells_a_name_tells_what_its_pages_are_about() -> None:
    page = (
        "# Part {0}\n\nHere Rill Server helps, and you use Rill Server in {0}. Ask Rill Server.\n"
    )
    chunks = [
        chunk
        for n in range(12)
        for chunk in chunks_of(
            page.format(n) + f"\nSo does Rill Cloud in {n}.\n",
            path=f"docs/0{n % 3}-rill-{('cloud', 'server', 'x')[n % 3]}/{n}.md",
        )
    ]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="Rill")

    told = {c.path.split("/")[1]: corpus.subjects[c.doc_id] for c in chunks}
    assert told["00-rill-cloud"] == "Rill Cloud"
    assert told["01-rill-server"] == "Rill Server"


def test_a_german_task_is_asked_for_with_the_prose_that_tells_how() -> None:
    said = "Nehmen Sie die Sonde aus dem Brunnen, und wischen Sie sie mit einem weichen Tuch ab."
    page = f"# Pflege\n\n## Reinigen der Sonde\n\n{said}\n\n## Weiteres\n\nNichts.\n"

    (draft,) = drafts_of(written(*chunks_of(page, lang="de"), templates=GERMAN, product="Rill"))

    assert (draft.question, draft.answer) == ("Wie reinige ich in Rill die Sonde?", said)


def test_what_a_page_in_a_folder_of_parts_tells_is_asked_of_that_part() -> None:
    page = """# {0} Plugin

To stop the {0} of a collection, use the `--no-{1}` flag. To clear the collection, use `--{1}`.

- `auto`: Whether the {0} of the station is read at all times.
- `{1}_depth`: How deep the {0} of the station hangs in the well.
"""
    chunks = [
        chunk
        for name in ("Probe", "Pump Collection", "Valve", "Tank")
        for chunk in chunks_of(page.format(name, name[:4].lower()), path=f"rill/plugins/{name}.md")
    ]

    questions = {draft.question for draft in drafts_of(written(*chunks))}

    assert {
        "What does `auto` mean in the Tank plugin?",
        "What does `prob_depth` mean in the Probe plugin?",
        "How do I stop the Valve of a collection in the Valve plugin?",
        "How do I clear the collection in the Pump Collection plugin?",
    } <= questions


def test_the_kind_of_a_text_is_no_part_of_a_product() -> None:
    page = "# {0} Guide\n\n- `{0}_depth`: How deep the {0} of the station hangs in the well.\n" * 2
    chunks = [
        chunk
        for name in ("Probe", "Pump", "Valve", "Tank")
        for chunk in chunks_of(page.format(name), path=f"rill/guides/{name}.md")
    ]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert not corpus.parts


def test_a_value_of_one_of_several_products_is_not_asked_without_its_name() -> None:
    page = "# {0} part {1}\n\nHere {0} helps in part {1}. Use {0} with care.\n"
    pages = [
        chunk
        for name in ("Weirlog", "Sluicer", "Leatflow", "Dykester", "Rillbank")
        for n in range(4)
        for chunk in chunks_of(page.format(name, n), path=f"docs/{name}/{n}.md")
    ]
    alone = chunks_of("# Start\n\n## Ports\n\nThe default listening port is 8420.\n")

    assert drafts_of(written(*alone))
    assert not [d for d in drafts_of(written(*pages, *alone)) if "8420" in d.answer]


def test_a_product_that_only_one_folder_tells_is_that_of_all() -> None:
    guide = [
        chunk
        for n in range(4)
        for chunk in chunks_of(
            f"# Weirlog part {n}\n\nHere Weirlog helps in part {n}. Use Weirlog with care.\n",
            path=f"docs/guide/{n}.md",
        )
    ]
    reference = [
        chunk
        for n in range(20)
        for chunk in chunks_of(
            f"# Class {n}\n\nWeirlog\n\n- counts to {n}\n", path=f"docs/api/{n}.md"
        )
    ]
    questions = chunks_of("# FAQ\n\nYou run Weirlog at night.\n", path="docs/faq.md")

    corpus = read_corpus(
        [*guide, *reference, *questions],
        templates={"en": TEMPLATES},
        grammars=GRAMMARS,
        product="",
    )

    assert corpus.product == "Weirlog"
    assert corpus.subjects[questions[0].doc_id] == "Weirlog"


@pytest.mark.parametrize(
    ("title", "sentence", "product"),
    [
        ("RIL Guide", "The RIL of part {0} writes, and ril is its command, ril {0}.", "RIL"),
        (
            "rilld documentation",
            "A host is watched by rilld. rilld keeps part {0} safe.",
            "rilld",
        ),
        ("Users FAQ", "The FAQ of part {0} answers, and this FAQ is long, FAQ {0}.", ""),
        ("HTTP Guide", "The HTTP of part {0} writes, and http is its command, http {0}.", ""),
    ],
)
def test_a_book_beside_others_has_a_product_of_its_own(
    title: str, sentence: str, product: str
) -> None:
    def book(title: str, sentence: str, path: str) -> list[Chunk]:
        parts = (f"## Part {n}\n\n{sentence.format(n) * 9}" for n in range(14))
        return chunks_of("\n\n".join((f"# {title}", *parts)), path=path, max_tokens=120)

    own = book(title, sentence, "docs/a.pdf")
    other = book(
        "Drawing", "A line of part {0} is drawn, and another line after {0}.", "docs/b.pdf"
    )

    corpus = read_corpus([*own, *other], templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert len(own) >= 12
    assert corpus.subjects[own[0].doc_id] == product
    assert corpus.subjects[other[0].doc_id] == ""


def test_a_folder_about_something_else_does_not_name_the_rest() -> None:
    page = "# Kafka events {0}\n\nHere Kafka helps in part {0}. Use Kafka with care.\n"
    other = "# Account {0}\n\nThe events of account {0} go to a file.\n"
    ports = chunks_of("# Ports\n\nThe default listening port is 8420.\n", path="docs/app/p.md")
    folder = [c for n in range(4) for c in chunks_of(page.format(n), path=f"docs/kafka/{n}.md")]
    rest = [
        chunk
        for n in range(20)
        for chunk in chunks_of(
            other.format(n) if n else other.format(n).replace("a file", "Kafka"),
            path=f"docs/app/{n}.md",
        )
    ]

    corpus = read_corpus(
        [*folder, *rest, *ports], templates={"en": TEMPLATES}, grammars=GRAMMARS, product=""
    )

    assert corpus.product == ""
    assert [d for d in drafts_of(written(*folder, *rest, *ports)) if "8420" in d.answer]


def test_a_folder_about_another_product_that_names_the_first_in_passing_keeps_its_own() -> None:
    first = (
        "# Rill part {0}\n\nHere Rill helps in part {0}. You use Rill with care, as Rill does.\n"
    )
    other = "# Kafka part {0}\n\nHere Kafka helps in part {0}. You use Kafka with care.\n"
    folder = [
        chunk
        for n in range(8)
        for chunk in chunks_of(
            other.format(n) if n else other.format(n) + "\nIt keeps results in Rill. See Rill.\n",
            path=f"docs/kafka/{n}.md",
        )
    ]
    rest = [c for n in range(20) for c in chunks_of(first.format(n), path=f"docs/rill/{n}.md")]

    corpus = read_corpus(
        [*folder, *rest], templates={"en": TEMPLATES}, grammars=GRAMMARS, product=""
    )

    assert corpus.product == "Rill"
    assert {corpus.subjects[chunk.doc_id] for chunk in folder} == {"Kafka"}
    assert {corpus.subjects[chunk.doc_id] for chunk in rest} == {"Rill"}


def test_pages_without_prose_do_not_hide_the_product() -> None:
    told = "# Care of it {0} (Rill)\n\n" + "Here you see how Rill is cleaned and kept dry. " * 8
    index = "# Index {0} (Rill)\n\n- station {0}\n- gateway {0}\n"
    chunks = [c for n in range(4) for c in chunks_of(told.format(n), path=f"docs/{n}.md")]
    chunks += [c for n in range(30) for c in chunks_of(index.format(n), path=f"docs/i{n}.md")]

    corpus = read_corpus(chunks, templates={"en": TEMPLATES}, grammars=GRAMMARS, product="")

    assert corpus.product == "Rill"


def test_a_name_that_nearly_all_pages_hold_is_the_product_without_a_title() -> None:
    topics = {
        "branches": "knows", "patterns": "reads", "phases": "sets", "revisions": "keeps",
        "servers": "asks",
    }  # fmt: skip
    pages = [
        chunks_of(
            f"# {topic}\n\nIn general Mercurial {does} {topic} by their names, as users do.\n\n"
            f"To list all {topic}, run `hg {topic}` in the repository.\n",
            path=f"docs/{topic}.md",
        )
        for topic, does in topics.items()
    ]
    found = drafts_of(written(*(part for page in pages for part in page)))

    assert {draft.question for draft in found if draft.origin.rule == "sentence.to"} == {
        f"How do I list all {topic} in Mercurial?" for topic in topics
    }
