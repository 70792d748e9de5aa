"""Chinese, Japanese and Korean in PDF files: what is code, where a blank is, what a line cuts."""

from __future__ import annotations

from collections import Counter

from builder.ingest.pdf import cjk
from builder.ingest.pdf.layout import in_order
from builder.ingest.pdf.layout import lines as lines_of
from builder.ingest.pdf.page import Font, Run
from tests.ingest.paper import page_of, texts, typed, wide

PROSE = [
    "水泵把水从井里送到房子里，井干了它就会自己停止。",
    "它由电机驱动，电机在水里，不用人管，也不用加油。",
]


def lines(*shown: str, font: str = "H", left: int = 72, top: int = 760, apart: float = 0) -> str:
    return "".join(
        wide(left, top - 16 * at, line, font, apart=apart) for at, line in enumerate(shown)
    )


def test_prose_in_a_font_of_full_width_letters_that_says_it_is_fixed_is_no_code() -> None:
    found = page_of(lines(*PROSE), wide(72, 700, "1. Smith J, Water pumps of the North, 2004"))

    assert texts(found, "paragraph") == ["".join(PROSE)]
    assert texts(found, "list_item") == ["1. Smith J, Water pumps of the North, 2004"]
    assert not texts(found, "code")


def test_code_with_remarks_in_full_width_letters_is_code() -> None:
    code = ["def start(pump):", "    # 打开水泵", "    return pump.open(valve=True)"]
    found = page_of(lines(*PROSE, font="K"), lines(*code, font="M", top=700))

    assert texts(found, "code") == ["```\n" + "\n".join(code) + "\n```"]


def test_remarks_and_strings_of_coloured_code_may_be_in_a_face_of_prose() -> None:
    found = page_of(
        lines(*PROSE, font="K"),
        typed(72, 700, "well = '"), wide(120, 700, "水泵", "K"), typed(140, 700, "'"),
        typed(72, 688, "stop"), typed(102, 688, "= 1"), typed(126, 688, "//"),
        wide(144, 688, "停止", "K"),
    )  # fmt: skip

    assert texts(found, "code") == ["```\nwell = '水泵'\nstop = 1 // 停止\n```"]


def test_letters_that_are_only_set_apart_have_no_blanks_between_them() -> None:
    found = page_of(
        lines("水泵的说明和安全", apart=5),
        lines(*PROSE, top=700),
        lines("水 泵 的 说 明 书。", top=650),
        "".join(wide(72 + 14 * at, 600, letter) for at, letter in enumerate("先关水再打开盖子。")),
    )

    assert found.text.replace("#", "").split() == [
        "水泵的说明和安全", "".join(PROSE), "水泵的说明书。", "先关水再打开盖子。",
    ]  # fmt: skip


def test_a_blank_between_ideographs_that_stand_close_otherwise_stays() -> None:
    found = page_of(wide(72, 700, "详情请见"), wide(115, 700, "安装说明"), lines("再看 下面的表。"))

    assert "详情请见 安装说明" in found.text
    assert "再看 下面的表。" in found.text


def run(x: float, y: float, text: str) -> Run:
    xs = [x + 10 * at for at in range(len(text))]
    return Run(text, xs, x + 10 * len(text), y, y - 9, y + 1, 10, Font("", False, False, False),
               (0, 0, 0), -1, False, 0)  # fmt: skip


def test_brackets_and_marks_that_hang_out_of_a_column_join_no_columns() -> None:
    columns = [
        run(72, 100, "停止，不用人管、"), run(72, 116, "水在井里。"),  # to 152
        run(155, 100, "见下一页的表"), run(155, 116, "（电机的表）"),
    ]  # fmt: skip
    beside = [run(72, 100, "停止，不用人管"), run(72, 116, "水在井里。"), run(144, 100, "见下一页")]

    assert [line.text for line in lines_of(columns, 1)] == [one.text for one in columns]
    assert [line.text for line in lines_of(beside, 1)] == ["停止，不用人管见下一页", "水在井里。"]
    assert [line.x0 for line in lines_of([run(72, 100, "“Stop” is a word.")], 1)] == [72]


def test_a_line_of_code_with_a_remark_of_another_face_tells_how_wide_its_column_is() -> None:
    code = run(72, 132, "turn(well) # ")
    code.font = Font("", False, False, True)
    shown = lines_of([run(72, 100, "水井"), code, run(202, 132, "停止，不用人管")], 1)

    assert [line.fixed for line in shown] == [False, True]
    assert {line.column[2] for line in in_order(shown)} == {272}


def test_titles_are_of_one_level_whichever_of_their_words_are_in_latin_letters() -> None:
    def titled(top: int, title: str) -> str:
        return title + lines(*PROSE, "第二天它又送水，人们在家里等它，一直等到晚上。", top=top - 24)

    found = page_of(
        titled(780, wide(72, 780, "水泵的安装", size=15)),
        titled(680, typed(72, 680, "TLS", "F", 15) + wide(106, 680, "的代理", size=15)),
        titled(580, typed(72, 580, "Installation", "F", 15) + wide(150, 580, "法", size=15)),
        titled(480, wide(72, 480, "停止", size=15)),
    )

    assert texts(found, "heading") == [
        "# 水泵的安装",
        "# TLS 的代理",
        "# Installation 法",
        "# 停止",
    ]


KOREAN = (
    "서버는 결과를 캐시하지 않습니다. 클라이언트는 결과를 캐시합니다. 서버는 힌트를 보냅니다. "
    "필드는 선언입니다. 클라이언트는 힌트를 따릅니다. 결과는 공유되지 않습니다. 서버는 결과를 보냅니다. "
    "힌트를 따르는 것은 선택입니다. 결과를 캐시하는 것은 클라이언트의 일입니다. 선택은 공유되지 않습니다."
)


def test_korean_words_that_a_line_cuts_are_whole_again() -> None:
    cut = [KOREAN[at : at + 9].strip() for at in range(0, len(KOREAN), 9)]
    korean = cjk.Korean(cut)
    read = cut[0]
    for line in cut[1:]:
        read += line if korean.cut(read, line) else " " + line

    def n_right(text: str) -> int:
        return (Counter(text.split()) & Counter(KOREAN.split())).total()

    assert read.replace(" ", "") == KOREAN.replace(" ", "")
    assert n_right(read) > max(n_right(" ".join(cut)), n_right("".join(cut)))


def test_korean_lines_that_end_with_whole_words_are_parted_by_blanks() -> None:
    words = KOREAN.split()
    whole = [" ".join(words[at : at + 4]) for at in range(0, len(words), 4)]
    korean = cjk.Korean(whole)

    assert not any(map(korean.cut, whole, whole[1:]))
    assert not cjk.Korean(["The pump", "moves water"]).cut("The pump", "moves water")


def test_a_title_right_above_its_text_in_another_face_is_no_line_of_it() -> None:
    found = page_of(
        lines(*PROSE), wide(72, 718, "水泵的安装", "K"), lines(*PROSE, top=702),
        wide(72, 660, "电机", "K"), lines(*PROSE, top=644),
    )  # fmt: skip

    shown = [found.text[block.start : block.end].lstrip("# ") for block in found.blocks]
    assert shown == ["".join(PROSE), "水泵的安装", "".join(PROSE), "电机", "".join(PROSE)]


def test_a_full_stop_of_full_width_ends_a_sentence_that_is_no_title() -> None:
    assert cjk.half_width("水泵停止。") == "水泵停止."
    assert cjk.width("水泵 on") == 7
    assert [cjk.n_first(text) for text in ("水泵", "る。", "pump")] == [1, 2, 0]


def test_a_paragraph_goes_on_in_the_next_column_beside_larger_latin_words() -> None:
    left = [
        wide(72, 780 - 13 * n, "水泵把水从井里送到房子里井干了它就会", size=9) for n in range(9)
    ]
    right = [
        wide(320, 780 - 13 * n, "水泵把水从井里送到房子里井干了它就会", size=9) for n in range(1, 9)
    ]
    first = typed(320, 780, "Pump", "F", 10) + wide(
        350, 780, "把水从井里送到房子里井干了它", size=9
    )
    found = page_of(*left, first, *right)

    assert len(texts(found, "paragraph")) == 1


def test_room_beside_latin_words_is_no_blank_where_it_is_the_same_everywhere() -> None:
    rows = [
        wide(72, 780 - 20 * n, "水泵把水", "K") + typed(114, 780 - 20 * n, "pump", "F")
        + wide(141, 780 - 20 * n, "送到房子", "K")
        for n in range(15)
    ]  # fmt: skip
    glyphs = [
        wide(72, 440 - 20 * n, "水泵", "K") + typed(92, 440 - 20 * n, " well", "F")
        for n in range(8)
    ]
    found = page_of(*rows, typed(72, 460, "the pump and the well and the house", "F"), *glyphs)

    assert found.text.count("水泵把水pump送到房子") == 15
    assert found.text.count("水泵 well") == 8


def rooms(n: int, top: int) -> list[str]:
    return [
        wide(72, top - 20 * at, "水泵把水", "K") + typed(114, top - 20 * at, "pump", "F")
        + wide(141, top - 20 * at, "送到房子", "K")
        for at in range(n)
    ]  # fmt: skip


def test_room_around_figures_within_a_line_is_no_blank_but_behind_its_number_it_is() -> None:
    figure = (
        wide(72, 640, "这里有", "K") + typed(104, 640, "2", "F") + wide(112, 640, "个水泵", "K")
    )
    titles = typed(72, 600, "2", "F") + wide(82, 600, "个水泵", "K")
    blanks = [wide(72, 560 - 20 * at, "水泵", "K") + typed(92, 560 - 20 * at, " well", "F")
              for at in range(4)]  # fmt: skip
    text = typed(72, 460, "the pump and the well and the house", "F")
    found = page_of(*rooms(6, 780), figure, titles, *blanks, text).text

    assert "这里有2个水泵" in found
    assert "2 个水泵" in found


def test_a_blank_in_a_text_object_of_its_own_is_one_beside_ideographs() -> None:
    lone = [
        wide(72, 600 - 20 * at, "水泵", "K") + typed(92, 600 - 20 * at, " ", "F")
        + typed(94, 600 - 20 * at, "well", "F")
        for at in range(4)
    ]  # fmt: skip
    found = page_of(*rooms(8, 780), *lone, typed(72, 460, "the pump and the well", "F")).text

    assert found.count("水泵把水pump送到房子") == 8
    assert found.count("水泵 well") == 4


def test_room_between_the_cells_of_tables_tells_nothing_of_blanks() -> None:
    cells = [typed(72, 400 - 20 * at, "pump", "F") + typed(272, 400 - 20 * at, "well", "F")
             for at in range(8)]  # fmt: skip
    blanks = [wide(72, 560 - 20 * at, "水泵", "K") + typed(92, 560 - 20 * at, " well", "F")
              for at in range(4)]  # fmt: skip
    found = page_of(*rooms(8, 780), *blanks, typed(72, 460, "the pump, a well", "F"), *cells).text

    assert found.count("水泵把水pump送到房子") == 8


def test_where_blanks_between_faces_are_glyphs_all_blanks_are() -> None:
    faces = [typed(72, 560 - 20 * at, "the pump ", "F") + typed(117, 560 - 20 * at, "stops", "B")
             for at in range(4)]  # fmt: skip
    found = page_of(*rooms(2, 780), *faces).text

    assert found.count("水泵把水pump送到房子") == 2
    assert found.count("the pump stops") == 4


def test_where_blanks_beside_ideographs_are_glyphs_stretched_room_is_none() -> None:
    stretched = [
        wide(72, 780 - 20 * n, "水泵把水", "K")
        + typed(112 + gap, 780 - 20 * n, "pump", "F")
        + wide(138 + gap, 780 - 20 * n, "送到房子", "K")
        for n, gap in enumerate((2, 3, 4, 4.5, 2.5, 3.5))
    ]
    lone = [
        wide(72, 640 - 20 * at, "水泵", "K") + typed(92, 640 - 20 * at, " ", "F")
        + typed(95, 640 - 20 * at, "well", "F")
        for at in range(4)
    ]  # fmt: skip
    cut = "".join(typed(72 + x, 460, word, "F") for x, word in (
        (0, "the"), (13.9, " "), (17, "pump"), (41.5, " "), (44.5, "stops"), (67, " "), (70, "so"),
        (81, " "), (84, "it")))  # fmt: skip
    found = page_of(*stretched, *lone, cut).text

    assert found.count("水泵把水pump") == 6
    assert found.count("水泵 well") == 4
    assert "the pump stops so it" in found


def test_ideographs_that_a_stretched_line_sets_apart_have_no_blanks_between_them() -> None:
    faces = [typed(72, 560 - 20 * at, "the pump ", "F") + typed(117, 560 - 20 * at, "stops", "B")
             for at in range(4)]  # fmt: skip
    stretched = wide(72, 700, "先关水再打开", "K") + wide(136, 700, "盖子。", "K")
    chapter = wide(72, 660, "第一章", "K") + wide(106, 660, "水泵", "K")
    found = page_of(*rooms(2, 780), stretched, chapter, *faces).text

    assert "先关水再打开盖子。" in found
    assert "第一章 水泵" in found


def test_room_beside_ideographs_in_code_is_no_blank() -> None:
    found = page_of(
        lines(*PROSE, font="K"), typed(72, 700, "#", "C", 9), wide(82.8, 700, "通过", "K", 9),
        typed(103.05, 700, "npm", "C", 9), wide(121.5, 700, "安装", "K", 9),
        typed(72, 688, "pump = turn\\(\\)", "C", 9), typed(72, 676, "pump.stop\\(\\)", "C", 9),
    )  # fmt: skip

    assert texts(found, "code") == ["```\n# 通过npm安装\npump = turn()\npump.stop()\n```"]


def test_lines_of_code_with_ideographs_stand_lower_and_are_of_one_block() -> None:
    rows = [
        (700, "import pump", ""), (673, "# ", "打开水泵"), (661, "pump.open\\(\\)", ""),
        (646, "# ", "等待"), (634, "pump.wait\\(\\)", ""), (607, "# ", "停止"),
        (595, "pump.stop\\(\\)", ""), (583, "pump.oil\\(\\)", ""),
    ]  # fmt: skip
    drawn = [
        typed(72, y, latin, "C", 9) + (wide(82.8, y, letters, "K", 9) if letters else "")
        for y, latin, letters in rows
    ]
    found = page_of(lines(*PROSE, font="K", top=780), *drawn)

    assert texts(found, "code") == [
        "```\nimport pump\n\n# 打开水泵\npump.open()\n# 等待\npump.wait()\n\n# 停止\npump.stop()\n"
        "pump.oil()\n```"
    ]


def test_code_that_was_wrapped_between_ideographs_is_one_line() -> None:
    first = 'tell("水泵把水从井里送到房子里，井干了它就会自'
    stop = "pump.stop(well, after=wells.empty)"
    rows = [first, '己停止。")', stop, stop, first, '己停止。")', stop, stop, stop]
    found = page_of(lines(*PROSE, font="K"), lines(*rows, font="M", top=700))
    told = [f"{first}{rows[1]}"]

    assert texts(found, "code") == [
        "\n".join(["```", *told, stop, stop, *told, stop, stop, stop, "```"])
    ]


def test_a_remark_in_ideographs_that_goes_on_at_the_edge_is_a_line_of_its_code() -> None:
    remark = "水泵把水从井里送到房子里井干了它就会自"
    found = page_of(
        lines(*PROSE, font="K"),
        typed(72, 690, r"start\(pump\)"),
        typed(96, 676, "// ") + wide(114, 676, remark, "K"),
        wide(72, 662, "己", "K"),
        typed(72, 648, r"stop\(pump\)"),
        lines(*PROSE, font="K", top=600),
    )

    (code,) = texts(found, "code")
    assert "己" in code
    assert code.endswith("stop(pump)\n```")


def test_a_line_in_ideographs_that_had_found_room_above_is_no_code() -> None:
    found = page_of(
        lines(*PROSE, font="K"),
        typed(72, 690, r"start\(pump\) // ") + wide(162, 690, "水泵", "K"),
        wide(72, 676, "水泵从井里送水。", "K"),
    )

    assert texts(found, "code") == ["```\nstart(pump) // 水泵\n```"]
