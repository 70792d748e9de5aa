"""report.md: the numbers as Markdown whose tables are readable in a terminal.

Text of documents is data: it is bounded and escaped, and cannot break a table or steer a terminal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from builder.report.numbers import CUTS, Json
from builder.text import plain

MOST_TEXT = 160  # characters of one text
MOST_ITEMS = 100  # of one list; report.json has all


def markdown(found: Json) -> str:
    """The report as Markdown whose tables are readable in a terminal."""
    parts = [f"# Report of {_cell(found['run']['name'])}", _made_by(found["run"])]
    if found["missing"]:
        parts.append(f"**This run is not finished:** {unfinished(found)}.")
    for title, name, section in _PAGES:
        if name in found:
            parts += [f"## {title}" if title else "", *section(found)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _made_by(run: Json) -> str:
    writer = f"model {_cell(run['model'])}" if run["writer"] == "llm" else "embedded writer"
    limit = f", {run['limit']} chunks only" if run["limit"] else ""
    return f"builder {run['builder']}, Python {run['python']}, {writer}, seed {run['seed']}{limit}."


def unfinished(found: Json) -> str:
    """What a run that is not finished lacks, and what to do."""
    return f"not done: {', '.join(found['missing'])}; the same build command goes on there"


def percent(share: float | None) -> str:
    """A share of 0 to 1 for people; a little and nearly all are never 0 % and 100 %."""
    if share is None:
        return "-"
    value = 100 * share
    edge = 0 < value < 1 or 99 < value < 100
    return f"{min(max(value, 0.1), 99.9):.1f} %" if edge else f"{value:.0f} %"


def _rows_page(found: Json) -> Iterator[str]:
    yield _table(
        ("split", "rows", "answerable", "unanswerable", "share", "asked"),
        [
            (name, row["rows"], row["answerable"], row["unanswerable"], percent(row["share"]),
             percent(row["asked"]))
            for name, row in found["rows"].items()
        ],
    )  # fmt: skip
    if found.get("max_length"):
        yield (
            f"The longest row has {found['tokens']['all']['max']:,} tokens: "
            f"set the trainer's max_length to {found['max_length']} or more."
        )
    for deficit in found["deficits"]:
        what = _cell(deficit["what"])
        yield f"Asked for and not met: {what}: {deficit['got']:g}, not {deficit['asked']:g}."


def _funnel_page(found: Json) -> Iterator[str]:
    steps = [(name.replace("_", " "), count) for name, count in found["funnel"].items()]
    yield _table(("step", "number"), steps) if steps else "Nothing was read yet."
    for reason, count in found.get("unused", {}).items():
        yield f"Chunks that enter no row: {count} ({_cell(reason)})."
    yield from map(_cell, found.get("notes", []))


def _reasons_page(found: Json) -> Iterator[str]:
    for name, title in (
        ("rejected", "Rejected"),
        ("surplus", "Surplus: good, but over a quota"),
        ("flagged", "Accepted with a flag"),
    ):
        rows = [(_cell(row["check"]), row["pairs"], row["alone"]) for row in found[name]]
        yield f"### {title}"
        yield _table(("check", "pairs", "only this check"), rows) if rows else "None."


def _content_page(found: Json) -> Iterator[str]:
    if not found["funnel"]["accepted"]:
        yield "No row."
    for name in ("kinds", "types", "behaviours", "languages", "families", "rules", "layouts"):
        if found.get(name):
            splits = list(found["rows"])
            rows = [
                (_cell(value), *(counts[split] for split in splits), sum(counts.values()))
                for value, counts in found[name].items()
            ]
            yield _table((name, *splits, "all"), rows)


def _length_page(found: Json) -> Iterator[str]:
    ranks = ("p5", "p50", "p95", "max")
    if "tokens" in found:
        yield _table(
            ("tokens of rows", *ranks, *(f"> {cut:,}" for cut in CUTS)),
            [
                (name, *(row.get(rank, "-") for rank in ranks), *(row[f"over_{c}"] for c in CUTS))
                for name, row in found["tokens"].items()
            ],
        )
    yield _table(
        ("words of", *ranks),
        [(name, *(row.get(r, "-") for r in ranks)) for name, row in found["words"].items()],
    )


def _coverage_page(found: Json) -> Iterator[str]:
    coverage = found["coverage"]
    yield (
        f"{coverage['documents_with_pair']} of {coverage['documents']} documents and "
        f"{coverage['chunks_with_pair']} of {coverage['chunks']} usable chunks "
        f"({percent(coverage['share'])}) gave an accepted pair."
    )
    if coverage["without"]:
        yield "Documents without a pair:"
        yield _list(f"{_cell(d['path'])}: {_cell(d['reason'])}" for d in coverage["without"])


def _positions_page(found: Json) -> Iterator[str]:
    positions = found["positions"]
    deciles = positions["evidence_deciles"]
    if sum(deciles):
        yield "Evidence by tenth of its passage:"
        yield _table(tuple(str(number) for number in range(1, 11)), [tuple(deciles)])
    if positions["gold"]:
        most = max(map(int, positions["gold"]))
        places = [str(place) for place in range(1, most + 1)]
        yield "Rows by number of passages and place of the gold one:"
        yield _table(
            ("passages", *places),
            [
                (n, *(row.get(place, "") for place in places))
                for n, row in positions["gold"].items()
            ],
        )


def _questions_page(found: Json) -> Iterator[str]:
    openings = found["openings"]
    if not openings["top"]:
        yield "No question."
    else:
        yield _table(
            ("opening", "pairs", "share"),
            [(_cell(o["opening"]), o["pairs"], percent(o["share"])) for o in openings["top"]],
        )
        yield (
            f"{openings['distinct']} openings; none may have more than "
            f"{percent(openings['limit'])}. "
            f"{percent(found['verbatim'])} of the answers stand word for word in their passage."
        )


def _probes_page(found: Json) -> Iterator[str]:
    yield "What a model that never reads the context can tell of the label (0.5 is chance):"
    if not found["probes"]:
        yield "Too few rows of both labels to tell."
        return
    yield _table(
        ("probe", "rows", "accuracy", "95 %", "limit", "passed"),
        [
            (
                probe["name"],
                probe["n"],
                f"{probe['balanced_accuracy']:.2f}",
                f"{probe['low']:.2f} to {probe['high']:.2f}",
                f"{probe['limit']:.2f}",
                "yes" if probe["passed"] else "NO",
            )
            for probe in found["probes"]
        ],
    )
    for probe in found["probes"]:
        if probe["telling"]:
            yield f"Most telling in {probe['name']}: {_cell(', '.join(probe['telling']))}."


def _leakage_page(found: Json) -> Iterator[str]:
    yield _table(("shared by two splits", "number"), list(found["leakage"].items()))


def _near_page(found: Json) -> Iterator[str]:
    groups = found["near_duplicates"]
    yield "Kept together in one split:" if groups else "None."
    yield _list(f"{', '.join(map(_cell, g['documents']))} ({g['split']})" for g in groups)


def _files_page(found: Json) -> Iterator[str]:
    if found["skipped"]:
        yield "Skipped:"
        yield _list(
            f"{_cell(s['path'])}: {_cell(s['reason'])}"
            + (f", {_cell(s['detail'])}" * bool(s["detail"]))
            for s in found["skipped"]
        )
    if found["repaired"]:
        yield "Repaired or noted:"
        yield _list(
            f"{_cell(r['path'])}: {_cell('; '.join(r['notes']))}" for r in found["repaired"]
        )
    if not found["skipped"] and not found["repaired"]:
        yield "Every file was read as it is."


def _failures_page(found: Json) -> Iterator[str]:
    if not found["failures"]:
        yield "None."
        return
    yield _table(
        ("stage", "reason", "failed", "number"),
        [
            (row["stage"], _cell(row["reason"]), "yes" if row["failed"] else "no", row["count"])
            for row in found["failures"]
        ],
    )
    yield _list(
        f"{_cell(r['reason'])}: {_cell(r['example'])}" for r in found["failures"] if r["example"]
    )


def _bill_page(found: Json) -> Iterator[str]:
    bill = found["bill"]
    total, price = bill["total"], bill["price"]
    currency = _cell(price["currency"]) if price else "cost"
    if not total["requests"]:
        yield "Nothing was sent."
    else:
        rows = [
            (
                row["stage"],
                _outcome(row),
                *_tokens_of(row),
                money(row["cost"]),
            )
            for row in bill["lines"]
        ]
        yield f"{bill_told(bill)}, for {_cell(', '.join(bill['models']))}."
        yield _table(
            ("stage", "outcome", "requests", "prompt tokens", "of these cached", "output tokens",
             currency),
            [*rows, ("all", "", *_tokens_of(total), money(total["cost"]))],
        )  # fmt: skip
        if price:
            yield f"Price of a million tokens: {_cell_price(price)}."
        failed = bill["failed"]
        if failed["requests"]:
            yield (
                f"Requests without a usable reply: {failed['requests']:,}, which cost "
                f"{_amount(bill, failed)}. Whether the server charges for lost connections and "
                "timeouts, it alone knows."
            )
        if bill["uncounted"]:
            yield (
                f"Of {bill['uncounted']:,} replies the server did not say what they used; each is "
                "charged as the longest one."
            )
    yield _remembered(bill)


def _remembered(bill: Json) -> str:
    last = bill["last_build"]
    saved, others = last["not_sent"], last["from_other_runs"]
    said = (
        f"When a model was last asked, {saved['requests']:,} of {last['requests']:,} replies were "
        f"remembered: {_amount(bill, saved)} not paid again"
    )
    if others["requests"]:
        said += f" ({others['requests']:,} of them, {_amount(bill, others)}, paid by other runs)"
    return f"{said}."


def _outcome(row: Json) -> str:
    reasons = ", ".join(f"{name} {count:,}" for name, count in row["reasons"].items())
    batch = ", in a batch" if row["batch"] else ""
    return f"{row['outcome']}{f' ({_cell(reasons)})' if reasons else ''}{batch}"


def _tokens_of(row: Json) -> tuple[int, ...]:
    return tuple(
        row[name] for name in ("requests", "prompt_tokens", "cached_tokens", "output_tokens")
    )


def _cell_price(price: Json) -> str:
    dated = f", {price['as_of']}" if price["as_of"] else ""
    batch = f", times {price['batch_factor']:g} in a batch" if price["batch_factor"] != 1 else ""
    return _cell(
        f"{price['currency']} {price['input']:g} input, {price['cached_input']:g} cached input, "
        f"{price['output']:g} output{batch} ({price['source']}{dated})"
    )


def bill_told(bill: Json) -> str:
    """The sum of a bill in a few words."""
    total = bill["total"]
    tokens = f"{total['prompt_tokens']:,} + {total['output_tokens']:,} tokens"
    return f"{_amount(bill, total)} for {total['requests']:,} requests ({tokens})"


def _amount(bill: Json, row: Json) -> str:
    if row["cost"] is None:
        return "an unknown amount"
    currency = _cell(bill["price"]["currency"]) if bill["price"] else "USD"
    return f"{currency} {money(row['cost'])}"


def money(cost: float | None) -> str:
    """An amount with two figures behind the point, four below 1; "?" when it is not known."""
    if cost is None:
        return "?"
    return f"{cost:,.2f}" if cost >= 1 or not cost else f"{cost:.4f}"


def _stages_page(found: Json) -> Iterator[str]:
    stages = found["run"]["stages"]
    rows = [(s["stage"], f"{s['seconds']:.1f}", f"{s['peak_mb']:.0f}") for s in stages]
    total = f"{sum(stage['seconds'] for stage in stages):.1f}"
    peak = f"{max((stage['peak_mb'] for stage in stages), default=0):.0f}"
    yield _table(("stage", "seconds", "peak MB"), [*rows, ("all", total, peak)])


# Title, the key that must be there, and what makes the paragraphs, in the order of report.md.
_PAGES: Sequence[tuple[str, str, Callable[[Json], Iterator[str]]]] = (
    ("Rows", "rows", _rows_page),
    ("From files to rows", "funnel", _funnel_page),
    ("Left out, and why", "rejected", _reasons_page),
    ("What the rows are", "kinds", _content_page),
    ("Length", "words", _length_page),
    ("Coverage", "coverage", _coverage_page),
    ("Positions", "positions", _positions_page),
    ("Questions and answers", "openings", _questions_page),
    ("Probes", "probes", _probes_page),
    ("Leakage", "leakage", _leakage_page),
    ("Near-duplicate documents", "near_duplicates", _near_page),
    ("Failures and known skips", "failures", _failures_page),
    ("Bill", "bill", _bill_page),
    ("Files", "skipped", _files_page),
    ("Time and memory", "run", _stages_page),
)

_MARKUP = re.compile(r"([\\|`*\[\]<&~]|(?<![^\W_])_|_(?![^\W_]))")  # snake_case stays
_NUMERIC = re.compile(r"[\d.,]*(?: %)?|[-?]")
_LEADING = re.compile(r"^(\s*)(\d+(?=[.)])|(?=[-+#>~=]))")


def _cell(text: str) -> str:
    """Text of documents on one line, with nothing in it that Markdown or a terminal acts upon."""
    one_line = " ".join(plain(text).split())
    short = one_line if len(one_line) <= MOST_TEXT else one_line[: MOST_TEXT - 3] + "..."
    return _LEADING.sub(r"\1\2\\", _MARKUP.sub(r"\\\1", short))


def _list(items: Iterable[str]) -> str:
    found = list(items)
    more = len(found) - MOST_ITEMS
    lines = found[:MOST_ITEMS] + ([f"and {more:,} more, in report.json"] if more > 0 else [])
    return "\n".join(f"- {item}" for item in lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table with padded columns; columns of numbers are set right."""
    texts = [tuple(map(_number, row)) for row in rows]
    columns = list(zip(head, *texts, strict=True))
    widths = [max(3, *map(_width, column)) for column in columns]
    right = [all(map(_NUMERIC.fullmatch, column[1:])) for column in columns]
    ruler = ["-" * (w - 1) + (":" if r else "-") for w, r in zip(widths, right, strict=True)]
    return "\n".join(_line(cells, widths, right) for cells in (head, ruler, *texts))


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, to_right in zip(cells, widths, right, strict=True):
        space = " " * (width - _width(cell))
        padded.append(space + cell if to_right else cell + space)
    return f"| {' | '.join(padded)} |"


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _width(text: str) -> int:
    """Columns on a terminal: East Asian wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
