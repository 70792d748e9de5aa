"""Every kind of unanswerable row: how it is made, and when it is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from builder.compose.swap import difference, shape
from builder.records import Chunk, Draft, Pair, Split
from tests.compose.world import REFUSALS, Parts, assigned, chunk, composed, draft

CODES = {
    "E01": "The logger does not detect a probe.",
    "E02": "The pressure is above the range of the device.",
    "E03": "The supply is overloaded by a short circuit.",
    "E04": "The calibration record is missing.",
}
LATER = {
    "E11": "The clock was never set by a phone.",
    "E12": "Frost has stopped the pump for a night.",
    "E13": "Nobody has answered for a whole day.",
}
PROSE = (
    "Operators look at the station list every morning and compare the newest values with those of "
    "the neighbours. A strange value is marked by hand, and a note tells the colleagues why it was "
    "marked. Marked values stay visible in the curve but are left out of the monthly means."
)


def table(codes: dict[str, str], header: str = "Code") -> str:
    rows = [f"| {code} | {meaning} |" for code, meaning in codes.items()]
    return "\n".join([f"| {header} | Meaning |", "| --- | --- |", *rows])


def codes_page(
    path: str, codes: dict[str, str], heading: str, title: str = "Faults", prose: str = PROSE
) -> Chunk:
    parts: Parts = [("heading", f"## {heading}"), ("paragraph", prose), ("table", table(codes))]
    return chunk(path, parts, title=title, section=heading)


def code_draft(source: Chunk, code: str, codes: dict[str, str]) -> Draft:
    return draft(
        source,
        f"What does error code {code} mean on the logger?",
        codes[code],
        evidence=f"| {code} | {codes[code]} |",
        key=code,
        noun="error code",
        fact=True,
    )


FIRST = codes_page("logger/codes.html", CODES, "First codes")
SECOND = codes_page(
    "logger/codes.html", LATER, "Later codes", prose="Read an error code of the logger at night."
)
OTHER = [
    chunk(
        f"docs/{n}.md",
        [("heading", f"## {title}"), ("paragraph", text)],
        title=title,
    )
    for n, (title, text) in enumerate(
        {
            "Mounting": "Mount the logger upright and keep error sources such as pumps away from "
            "it. The cable of the logger must hang free.",
            "Radio": "The logger sends its values by radio. Radio needs a free line of sight, and "
            "an error rate above a third calls for a higher mast.",
            "Billing": "Invoices are written on the first of a month and paid by transfer.",
            "Users": "A user has one role. An owner invites users and takes roles away again.",
            "Archive": "The archive keeps the values of a logger for ten years, then thins them "
            "out.",
        }.items()
    )
]


def made(
    kind: str,
    drafts: Sequence[Draft],
    chunks: Sequence[Chunk],
    *,
    seeds: int = 12,
    max_distractors: int = 4,
) -> list[Pair]:
    """The rows of a kind that any of the first seeds makes."""
    found: list[Pair] = []
    for seed in range(seeds):
        pairs, _ = composed(drafts, chunks, seed=seed, share=0.9, max_distractors=max_distractors)
        found += [pair for pair in pairs if pair.kind == kind]
    return found


def said(pair: Pair) -> str:
    return " ".join(f"{part.title} {part.text}" for part in pair.passages)


class TestNearContext:
    question = "How many years are old values of a logger in the cellar stored?"
    near = chunk(
        "docs/cellar.md",
        [("paragraph", "A logger in the cellar needs light. Old values are grey in the curve.")],
        title="Cellar",
    )

    def page(self) -> tuple[Chunk, Draft]:
        page = chunk(
            "docs/keep.md",
            [("paragraph", f"{PROSE} Old values of a logger are thinned out after ten years.")],
            title="Retention",
        )
        return page, draft(page, self.question, "thinned out after ten years", fact=True)

    def test_the_question_meets_pages_that_are_like_it_without_its_own(self) -> None:
        page, asked = self.page()

        pairs = made("near_context", [asked], [page, self.near, *OTHER[:4]])

        assert pairs
        for pair in pairs:
            assert pair.question == self.question
            assert self.near.id in {part.chunk_id for part in pair.passages}
            assert page.id not in {part.chunk_id for part in pair.passages}
            assert {part.role for part in pair.passages} == {"distractor"}

    def test_a_page_that_answers_too_is_no_near_context(self) -> None:
        page, asked = self.page()

        pairs = made("near_context", [asked], [page, self.near, *OTHER])

        assert pairs
        assert all(OTHER[4].id not in {part.chunk_id for part in p.passages} for p in pairs)

    @pytest.mark.parametrize("text", ["Invoices are paid by transfer.", "The cellar is cold."])
    def test_nothing_is_made_where_only_foreign_pages_are_left(self, text: str) -> None:
        page, asked = self.page()
        foreign = chunk("docs/foreign.md", [("paragraph", text)], title="Else")

        assert made("near_context", [asked], [page, foreign], max_distractors=0) == []
        assert made("missing_gold", [asked], [page, foreign], max_distractors=0) == []
        assert made("near_context", [asked], [page, self.near], max_distractors=0)

    def test_nothing_is_made_where_the_pages_that_are_like_it_answer_it(self) -> None:
        page, asked = self.page()
        answering = chunk("docs/archive.md", [("paragraph", f"{self.question} Ten years.")])
        diluted = chunk(
            "docs/long.md",
            [
                (
                    "paragraph",
                    " ".join([f"Item{n} is red." for n in range(120)]) + " A cellar. Stored. Old "
                    "values stay.",
                )
            ],
            title="List",
        )

        chunks = [page, answering, diluted]
        assert made("near_context", [asked], chunks, max_distractors=0) == []


class TestMissingGold:
    def test_the_row_keeps_its_distractors_and_loses_its_gold(self) -> None:
        drafts = [code_draft(FIRST, "E02", CODES)]

        pairs = made("missing_gold", drafts, [FIRST, SECOND, *OTHER])

        assert pairs
        for pair in pairs:
            assert FIRST.id not in {part.chunk_id for part in pair.passages}
            assert CODES["E02"] not in said(pair)
            assert "E02" not in said(pair)

    def test_the_section_of_the_answer_is_out_for_questions_that_ask_for_more_than_a_fact(
        self,
    ) -> None:
        page = codes_page("logger/codes.html", CODES, "First codes")
        sibling = chunk(
            "logger/codes.html",
            [("paragraph", "Whoever meets a strange value in the list writes a note on it.")],
            title="Faults",
            section="First codes",
        )
        asked = draft(page, "How is a strange value marked?", "A strange value is marked by hand")

        pairs = made("missing_gold", [asked], [page, sibling, *OTHER])

        assert all(sibling.id not in {part.chunk_id for part in p.passages} for p in pairs)

    def test_the_reply_does_not_deny_what_a_passage_speaks_of(self) -> None:
        talk = chunk(
            "talk.md", [("paragraph", "An error of the logger is rare. Few know E02 by heart.")]
        )
        untrue = {
            form.replace("{topic}", topic)
            for form in REFUSALS["en"].absent
            for topic in ("error code E02", "E02")
        }

        drafts = [code_draft(FIRST, "E02", CODES)]
        rows = made("missing_gold", drafts, [FIRST, talk, *OTHER], seeds=80)
        pairs = [pair for pair in rows if "E02" in said(pair)]

        assert pairs
        assert not untrue & {pair.answer for pair in pairs}

    def test_a_copy_of_the_gold_does_not_stand_in_for_it(self) -> None:
        copied = chunk("old/codes.html", [("paragraph", PROSE), ("table", table(CODES))])
        drafts = [code_draft(FIRST, "E02", CODES)]

        for seed in range(12):
            pairs, _ = composed(drafts, [FIRST, copied, *OTHER], seed=seed, share=0.9)
            assert all(copied.id not in {part.chunk_id for part in p.passages} for p in pairs)


class TestEvidenceRemoved:
    def test_the_row_of_the_answer_is_cut_from_its_table(self) -> None:
        pairs = made("evidence_removed", [code_draft(FIRST, "E02", CODES)], [FIRST, *OTHER])

        assert pairs
        for pair in pairs:
            (reduced,) = [part for part in pair.passages if part.role == "reduced"]
            kept, at = "", 0
            for start, end in reduced.cuts:
                kept += FIRST.text[at:start]
                at = end
            assert reduced.text == kept + FIRST.text[at:]
            assert "| E01 |" in reduced.text
            assert "E02" not in said(pair)

    def test_the_same_fact_elsewhere_on_the_page_forbids_it(self) -> None:
        page = chunk(
            "logger/codes.html",
            [
                ("paragraph", f"{PROSE} With code E02 the pressure is above the range."),
                ("table", table(CODES)),
            ],
        )

        assert made("evidence_removed", [code_draft(page, "E02", CODES)], [page, *OTHER]) == []

    def test_a_heading_that_is_the_question_forbids_it(self) -> None:
        page = chunk(
            "faq.html",
            [
                ("heading", "## How many roles does a user have?"),
                ("paragraph", f"A user has one role. {PROSE}"),
            ],
        )
        asked = draft(page, "How many roles does a user have?", "A user has one role.", fact=True)

        assert made("evidence_removed", [asked], [page, *OTHER]) == []

    def test_a_broad_question_is_left_alone(self) -> None:
        page = chunk("a.md", [("paragraph", f"{PROSE} Pipes burst in January after a frost.")])

        def found(type_name: str) -> list[Pair]:
            asked = draft(
                page,
                "What is the fate of lead tubes?",
                "Pipes burst in January after a frost.",
                type=type_name,
            )
            return made("evidence_removed", [asked], [page, *OTHER])

        assert found("factual")
        for broad in ("procedural", "conceptual", "troubleshooting", "comparison"):
            assert found(broad) == []

    def test_what_is_left_of_its_page_must_not_decide_yes_or_no(self) -> None:
        page = chunk(
            "docs/urls.md",
            [
                ("heading", "## Routes"),
                (
                    "paragraph",
                    "The server supports both static and dynamic routes. Static routes are always "
                    f"checked first. {PROSE}",
                ),
            ],
        )
        asked = draft(
            page,
            "Does the server support both static and dynamic routes?",
            "The server supports both static and dynamic routes.",
        )

        assert made("evidence_removed", [asked], [page, *OTHER]) == []


class TestSwaps:
    def drafts(self) -> list[Draft]:
        return [
            code_draft(FIRST, "E02", CODES),
            code_draft(SECOND, "E12", LATER),
            code_draft(SECOND, "E13", LATER),
        ]

    @pytest.mark.parametrize("kind", ["entity_swap", "absent_row"])
    def test_another_key_of_the_same_noun_is_asked_for_that_no_passage_has(self, kind: str) -> None:
        pairs = made(kind, self.drafts(), [FIRST, SECOND, *OTHER])

        assert pairs
        for pair in pairs:
            assert pair.edit is not None
            old, new = pair.edit
            assert pair.question.count(new) == 1
            assert old in pair.question.replace(new, old)
            assert new not in said(pair)
            assert pair.question != next(d for d in self.drafts() if d.id == pair.draft_id).question

    def test_a_row_of_the_same_table_that_no_draft_asks_about_is_absent_too(self) -> None:
        pairs = made("absent_row", self.drafts()[:1], [FIRST, SECOND, *OTHER], seeds=30)

        assert {pair.edit for pair in pairs} == {("E02", "E11"), ("E02", "E12"), ("E02", "E13")}

    def test_keys_of_another_noun_or_shape_are_not_taken(self) -> None:
        options = chunk(
            "cli.md",
            [("list_item", f"- `--{name}`: sets the {name} of it.") for name in ("deep", "wide")],
            title="Options",
        )
        flag = draft(
            options,
            "What does `--deep` do?",
            "sets the deep of it.",
            key="--deep",
            noun="flag",
            fact=True,
            rule="list.option",
        )

        pairs = made("entity_swap", [flag, self.drafts()[0]], [FIRST, options, *OTHER])

        assert pairs == []

    def test_keys_of_another_shape_are_not_taken_for_the_same_noun(self) -> None:
        lists = [
            chunk(f"{n}.md", [("list_item", f"- `{key}`: sets the {n} of it.")], title=f"Page {n}")
            for n, key in enumerate(["--deep", "E17"])
        ]
        drafts = [
            draft(
                page,
                f"What does `{key}` do?",
                f"sets the {n} of it.",
                key=key,
                noun="option",
                fact=True,
                rule="list.option",
            )
            for n, (page, key) in enumerate(zip(lists, ["--deep", "E17"], strict=True))
        ]

        assert made("entity_swap", drafts, [*lists, *OTHER]) == []

    def test_a_key_that_a_distractor_speaks_of_is_not_taken(self) -> None:
        talk = chunk("talk.md", [("paragraph", "People say that E12 and E 13 and e11 are rare.")])

        for seed in range(20):
            pairs, _ = composed(self.drafts(), [FIRST, SECOND, talk], seed=seed, share=0.9)
            for pair in pairs:
                if pair.edit:
                    assert pair.edit[1] not in said(pair)

    def test_keys_of_another_split_are_not_taken(self) -> None:
        elsewhere = codes_page("other/codes.html", LATER, "Later codes", title="Other")
        chunks = [FIRST, elsewhere, *OTHER]
        pairs, _ = composed(
            [code_draft(FIRST, "E02", CODES), code_draft(elsewhere, "E12", LATER)],
            chunks,
            assignments=assigned(chunks, {"other/codes.html": "eval"}),
            share=0.9,
        )

        assert all(pair.edit is None for pair in pairs)

    def test_numbers_are_swapped_only_where_they_are_the_names_of_things(self) -> None:
        answers = {"401": "The token is missing.", "403": "The role is too low."}
        more = {"409": "The name is taken.", "429": "Too many requests came."}
        one = codes_page("api/errors.md", answers | {"404": "Nothing is there."}, "Client", "API")
        two = codes_page("api/more.md", more, "More", "API")

        def status(source: Chunk, code: str, meaning: str) -> Draft:
            return draft(
                source,
                f"What does status {code} mean?",
                meaning,
                evidence=f"| {code} | {meaning} |",
                key=code,
                noun="status",
                fact=True,
            )

        limit = draft(
            OTHER[4], "What happens to values of more than 10 years?", "then thins them out"
        )
        drafts = [status(one, "401", answers["401"]), status(two, "409", more["409"]), limit]
        pairs = made("number_swap", drafts, [one, two, *OTHER])

        assert pairs
        assert {pair.edit for pair in pairs} <= {("401", "409"), ("409", "401")}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("--dry-run", "flag"),
        ("-v", "flag"),
        ("E17", "code"),
        ("server.public_url", "dotted"),
        ("pool_size", "snake"),
        ("RILL_TOKEN", "variable"),
        ("rill.toml", "file.toml"),
        ("GET /stations", "endpoint"),
        ("/var/lib", "path"),
        ("404", "number"),
        ("4.6.1", "version"),
        ("onSend()", "call"),
        ("maxAge", "camel"),
        ("enabled", "word"),
        ("Rill Cloud", "name"),
        ("blinks twice", "term"),
    ],
)
def test_the_shape_of_a_key(key: str, expected: str) -> None:
    assert shape(key) == expected


def test_the_difference_of_two_questions_names_whole_words() -> None:
    assert difference("What is E1 for?", "What is E2 for?") == ("E1", "E2")
    assert difference("What is E1?", "Can you explain E2?") == (
        "What is E1?",
        "Can you explain E2?",
    )


class TestNearMiss:
    def near_miss(self, question: str, attribute: str, thing: str) -> Draft:
        return draft(OTHER[1], question, "", kind="near_miss", key=attribute, noun=thing)

    def test_a_question_that_its_passage_leaves_open_becomes_a_row_of_its_own(self) -> None:
        asked = self.near_miss(
            "Which frequency does the radio of the logger use?", "frequency", "radio"
        )

        pairs, failures = composed([asked], OTHER)

        assert failures == []
        (pair,) = pairs
        assert (pair.kind, pair.twin, pair.answerable) == ("near_miss", None, False)
        assert pair.behaviour == "refuse"
        assert [p.chunk_id for p in pair.passages if p.role == "gold"] == [OTHER[1].id]

    def test_a_question_that_its_passage_answers_is_a_failure_with_a_reason(self) -> None:
        asked = self.near_miss(
            "Which error rate of the radio calls for a higher mast?", "error rate", "radio"
        )

        pairs, failures = composed([asked], OTHER)

        assert pairs == []
        assert [(f.reason, f.failed) for f in failures] == [("not_absent", False)]

    @pytest.mark.parametrize("split", ["train", "eval"])
    def test_a_question_that_another_chunk_answers_is_a_failure(self, split: Split) -> None:
        telling = chunk("r.md", [("paragraph", "The frequency of the radio is 868 MHz.")])
        asked = self.near_miss("Which frequency does the radio use?", "frequency", "radio")

        chunks = [*OTHER, telling]
        pairs, failures = composed([asked], chunks, assignments=assigned(chunks, {"r.md": split}))

        assert pairs == []
        assert [(f.reason, telling.id in f.detail) for f in failures] == [
            ("answered_elsewhere", True)
        ]


def test_a_language_without_refusals_gets_answers_and_one_reason() -> None:
    french = chunk("fr.md", [("paragraph", "Le serveur garde les mesures dix ans.")], lang="fr")
    asked = draft(french, "Combien de temps ?", "dix ans")
    missed = draft(french, "Et le prix ?", "", kind="near_miss")

    pairs, failures = composed([asked, missed], [french])

    assert [pair.answerable for pair in pairs] == [True]
    assert [(failure.reason, failure.key) for failure in failures] == [
        ("no_refusals", "fr"),
        ("no_refusals", missed.id),
    ]
