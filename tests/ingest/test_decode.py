"""Bytes of every kind of file become readable text, or are refused with a reason."""

from __future__ import annotations

from itertools import product

import pytest
from ftfy import fix_encoding

from builder.ingest import read_bytes
from builder.ingest.clean import Cleaner
from builder.ingest.decode import Decoded, decode
from builder.ingest.parsed import Refused
from builder.records import Document, Skipped

GERMAN = "Der Pegel fällt über Nacht, weil das Wehr öffnet. Grüße aus Köln – „schön“.\n"
RUSSIAN = "Уровень воды в реке повышается после дождя, и датчик передаёт показания на сервер.\n" * 3
JAPANESE = "川の水位は雨の後に上昇し、センサーは測定値をサーバーに送信します。\n" * 3
POLISH = "Poziom wody w rzece podnosi się po deszczu, a czujnik wysyła pomiary do serwera.\n" * 4

ENCODINGS = {
    "utf-8": (GERMAN.encode(), GERMAN),
    "utf-8 with mark": (GERMAN.encode("utf-8-sig"), GERMAN),
    "utf-16 with mark": (GERMAN.encode("utf-16"), GERMAN),
    "utf-16 big endian without mark": (GERMAN.encode("utf-16-be"), GERMAN),
    "utf-16 little endian without mark": (GERMAN.encode("utf-16-le"), GERMAN),
    "utf-32 little endian without mark": (GERMAN.encode("utf-32-le"), GERMAN),
    "utf-32 big endian without mark": (GERMAN.encode("utf-32-be"), GERMAN),
    "utf-32 with mark": (GERMAN.encode("utf-32"), GERMAN),
    "cp1252": (GERMAN.encode("cp1252"), GERMAN),
    "one high byte": ("The probe is at 20 °C.\n".encode("cp1252"), "The probe is at 20 °C.\n"),
    "latin-1 in capitals": ("MASSE FÜR DIE GRÖSSE\n".encode("latin-1"), "MASSE FÜR DIE GRÖSSE\n"),
    "french": (
        "Le niveau a été relevé à l’école.\n".encode("cp1252"),
        "Le niveau a été relevé à l’école.\n",
    ),
    "polish": (POLISH.encode("cp1250"), POLISH),
    "russian": (RUSSIAN.encode("cp1251"), RUSSIAN),
    "shift-jis": (JAPANESE.encode("shift_jis"), JAPANESE),
    "declared": (
        b'<meta charset="koi8-r">' + "Уровень".encode("koi8-r"),
        '<meta charset="koi8-r">Уровень',
    ),
    "declared as latin-1, and is utf-8": (
        b'<meta charset="iso-8859-1">' + GERMAN.encode(),
        '<meta charset="iso-8859-1">' + GERMAN,
    ),
    "declared as latin-1, and is cp1252": (
        b'<meta charset="iso-8859-1">' + GERMAN.encode("cp1252"),
        '<meta charset="iso-8859-1">' + GERMAN,
    ),
    "declared as something unknown": (
        b'<meta charset="x-nothing">' + GERMAN.encode("cp1252"),
        '<meta charset="x-nothing">' + GERMAN,
    ),
    "declared as something that is no text": (
        b'<meta charset="hex">' + GERMAN.encode("cp1252"),
        '<meta charset="hex">' + GERMAN,
    ),
    "utf-8 and cp1252 mixed by line": (GERMAN.encode() + GERMAN.encode("cp1252"), GERMAN * 2),
    "mojibake": (GERMAN.encode().decode("cp1252").encode(), GERMAN),
    "mojibake in one line": (
        b"Plain.\n" + "Grüße".encode().decode("latin-1").encode() + b"\nMa\xc3\x9fe",
        "Plain.\nGrüße\nMaße",
    ),
    "newlines": (b"a\r\nb\rc\n", "a\nb\nc\n"),
    "form feed and line separator": ("a\x0cb\u2028c".encode(), "a\nb\nc"),
    "NUL and controls": (
        b"The le\x00vel\x07 rises slowly in the river.\x7f",
        "The level rises slowly in the river.",
    ),
    "terminal escapes": (b"\x1b[31mred\x1b[0m and \x1b]0;title\x07plain", "red and plain"),
    "marks of files that were joined": ("one\n\ufefftwo\n".encode(), "one\ntwo\n"),
    "cut off within a character": ("Der Pegel fällt – ".encode()[:-2], "Der Pegel fällt "),
    "one byte of cp1252 in a line of UTF-8": (
        b"Gr\xc3\xbc\xc3\x9fe aus K\xf6ln\n",
        "Grüße aus Köln\n",
    ),
    "declared for an editor": (
        b".. -*- coding: koi8-r -*-\n\n" + "Уровень воды".encode("koi8-r"),
        ".. -*- coding: koi8-r -*-\n\nУровень воды",
    ),
    "utf-8 with mark and one byte of cp1252": (
        b"\xef\xbb\xbf" + GERMAN.encode() + "Köln".encode("cp1252"),
        GERMAN + "Köln",
    ),
    "code keeps what cannot be seen": ("a\u200bb\u202e".encode(), "a\u200bb\u202e"),
}


LANGUAGES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # encodings, sentences
    "tr": (
        ("cp1254", "iso8859_9"),
        (
            "Veri kaydedici vana açıldığında çalışmaya başlar. ",
            "Ölçülen değerleri sunucuya gönderir. ",
        ),
    ),
    "pl": (
        ("cp1250", "iso8859_2"),
        (
            "Rejestrator zaczyna działać, gdy zawór się otworzy. ",
            "Urządzenie wysyła zmierzone wartości do serwera. ",
        ),
    ),
    "th": (
        ("tis_620",),
        (
            "เครื่องบันทึกข้อมูลจะเริ่มทำงานเมื่อวาล์วเปิดและส่งค่าไปยังเซิร์ฟเ",
            "วอร์ โปรดตรวจสอบการตั้งค่าก่อนใช้งานครั้งแรก หากไฟแดงกะพริบให้ปิดเครื่องแล้วเปิดใหม่",
        ),
    ),
    "ja": (
        ("iso2022_jp", "shift_jis", "euc_jp"),
        (
            "データロガーはバルブが開くと起動し、サーバーに値を送信します。",
            "設定を確認してください。",
        ),
    ),
    "cz": (
        ("cp1250",),
        (
            "Záznamník se spustí, jakmile se ventil otevře, a odešle naměřené hodnoty na server. ",
            "Před prvním použitím zkontrolujte nastavení. ",
        ),
    ),
    "sk": (
        ("cp1250",),
        (
            "Záznamník sa spustí, keď sa ventil otvorí. ",
            "Namerané hodnoty odošle na server. ",
        ),
    ),
    "hu": (
        ("cp1250",),
        (
            "Az adatgyűjtő a szelep kinyitásakor indul, és elküldi a mért értékeket a kiszolgálónak. ",
            "Az első használat előtt ellenőrizze a beállításokat.",
        ),
    ),
    "ro": (
        ("cp1250",),
        (
            "Înregistratorul porneşte când supapa se deschide şi trimite valorile măsurate la server. ",
            "Verificaţi setările înainte de prima utilizare.",
        ),
    ),
    "hr": (
        ("cp1250",),
        (
            "Zapisivač se pokreće kada se ventil otvori i šalje izmjerene vrijednosti na poslužitelj. ",
            "Prije prve uporabe provjerite postavke uređaja, što je važno.",
        ),
    ),
    "de": (
        ("cp1252",),
        (
            "Der Datenlogger läuft, sobald das Ventil geöffnet ist. ",
            "Größe und Maß prüfen. ",
        ),
    ),
    "es": (
        ("cp1252",),
        (
            "El registrador arranca cuando la válvula se abre. ",
            "¿Cuándo se envía el año? Compruebe la configuración del señor en la montaña.",
        ),
    ),
    "pt": (
        ("cp1252",),
        (
            "O registador arranca quando a válvula abre e envia os valores. ",
            "Não é você que configura; verifique as definições três vezes. ",
        ),
    ),
    "da": (
        ("cp1252",),
        (
            "Loggeren starter, når ventilen åbner, og sender de målte værdier til serveren. ",
            "Kontrollér indstillingerne før første brug. ",
        ),
    ),
    "is": (
        ("cp1252",),
        (
            "Skráningartækið fer í gang þegar lokinn opnast og sendir mæld gildi til þjónsins. ",
            "Það er gott að athuga stillingar áður. ",
        ),
    ),
    "sv": (
        ("cp1252",),
        (
            "Loggern startar när ventilen öppnas och skickar de uppmätta värdena till servern. ",
            "Kontrollera inställningarna före första användningen.",
        ),
    ),
    "ru": (
        ("cp1251", "koi8_r"),
        (
            "Регистратор запускается при открытии клапана и отправляет измеренные значения на сервер. ",
            "Проверьте настройки перед первым использованием.",
        ),
    ),
    "el": (
        ("cp1253",),
        (
            "Ο καταγραφέας ξεκινά όταν ανοίγει η βαλβίδα και στέλνει τις τιμές στον διακομιστή. ",
            "Ελέγξτε τις ρυθμίσεις πριν από την πρώτη χρήση.",
        ),
    ),
    "zh": (
        ("gb18030",),
        (
            "数据记录器在阀门打开时启动，并将测量值发送到服务器。",
            "请检查设置，然后重新启动。",
        ),
    ),
    "tw": (
        ("big5",),
        (
            "資料記錄器在閥門打開時啟動，並將測量值發送到伺服器。",
            "請檢查設定，然後重新啟動。",
        ),
    ),
    "ko": (
        ("euc_kr",),
        (
            "데이터 로거는 밸브가 열리면 시작되고 서버로 값을 전송합니다. ",
            "설정을 확인하십시오. ",
        ),
    ),
    "he": (
        ("cp1255",),
        (
            "הרשם מתחיל כאשר השסתום נפתח ושולח את הערכים לשרת. ",
            "בדוק את ההגדרות לפני השימוש הראשון.",
        ),
    ),
    "ar": (
        ("cp1256",),
        (
            "يبدأ المسجل عندما يفتح الصمام ويرسل القيمة إلى الخادم. ",
            "تحقق من الإعدادات قبل الاستخدام الأول.",
        ),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_in_its_language_is_read_short_and_long(language: str) -> None:
    encodings, (first, second) = LANGUAGES[language]
    for encoding in encodings:
        for text in (first, first + second, (first + second + "\n") * 8):
            assert _text(decode(text.encode(encoding))) == text


@pytest.mark.parametrize("encoding", ["cp1254", "cp1250", "tis_620", "iso2022_jp"])
def test_a_few_words_of_a_language_among_english_are_read(encoding: str) -> None:
    said = next(sentences for known, sentences in LANGUAGES.values() if encoding in known)
    text = f"The valve opens and the pump starts at noon. {said[0]} Then it closes again.\n"

    assert _text(decode(text.encode(encoding))) == text


def test_names_with_accents_among_english_stay_western() -> None:
    text = "The pump of Týn and Výton runs; the crêpe of 20 m³ and 30 m³ is Señor Çelik’s.\n"

    assert _text(decode(text.encode("cp1252"))) == text


def test_utf_7_may_hold_a_sign_of_money() -> None:
    text = "Größe, Maß, Übertragung und 20 € Gebühr; öffnen.\n"

    assert _text(decode(text.encode("utf-7"))) == text


def _text(got: Decoded | Refused) -> str:
    return got.text if isinstance(got, Decoded) else got.reason


WRONGLY_DECLARED = [
    (RUSSIAN, "koi8-r", "windows-1251"),
    (RUSSIAN, "cp1251", "koi8-r"),
    (RUSSIAN, "cp1251", "iso-8859-1"),
    (RUSSIAN, "koi8-r", "us-ascii"),
    (JAPANESE, "euc-jp", "iso-8859-1"),
    ("水泵每天必须清洗。工作之前请检查安全护罩和指示灯。", "gb18030", "iso-8859-1"),
    ("幫浦每天必須清洗。工作之前請檢查安全護罩和指示燈。", "big5", "windows-1252"),
    ("펌프는 매일 청소해야 합니다. 작업 전에 안전 덮개를 확인하십시오.", "euc-kr", "iso-8859-1"),
    ("Η αντλία πρέπει να καθαρίζεται κάθε μέρα πριν από την εργασία.", "cp1253", "latin1"),
    (POLISH, "iso8859-2", "iso-8859-2"),
    (GERMAN, "cp1252", "iso-8859-1"),
    ("The letters ÄÖÜäöüß and ÈÉÊË are Latin, as are é and è.", "cp1252", "iso-8859-1"),
    ("Both © 2026 and “quotes”… are signs; so are ½¼¾ and ¡¿.", "cp1252", "iso-8859-1"),
    (RUSSIAN, "cp1251", "windows-1251"),
    ("УРОВЕНЬ ВОДЫ В РЕКЕ ПОСЛЕ ДОЖДЯ", "cp1251", "windows-1251"),
    ("これは①番です。", "cp932", "shift_jis"),  # as browsers read it
    ("镕囍喆都是字。", "gbk", "gb2312"),
]


@pytest.mark.parametrize(("text", "encoding", "declared"), WRONGLY_DECLARED)
def test_a_page_whose_declared_encoding_makes_no_sense_is_read(
    text: str, encoding: str, declared: str
) -> None:
    page = f'<html><head><meta charset="{declared}"><title>x</title></head><p>{text}</p></html>'

    found = decode(page.encode(encoding))

    assert isinstance(found, Decoded)
    assert text in found.text


@pytest.mark.parametrize(("data", "expected"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_text_is_decoded(data: bytes, expected: str) -> None:
    decoded = decode(data)

    assert not isinstance(decoded, Refused), decoded
    assert decoded.text == expected


NOTES = {
    "mojibake": (GERMAN.encode().decode("cp1252").encode() * 2, "mojibake repaired in 2 lines"),
    "another encoding": (GERMAN.encode("cp1252"), "read as cp1252"),
    "mixed": (GERMAN.encode() + GERMAN.encode("cp1252"), "1 line not UTF-8, read as cp1252"),
    "tags": ("a\U000e0041\U000e0042b".encode(), "2 Unicode tag characters removed"),
    "zero-width": ("le\u200bvel".encode(), "1 zero-width characters removed"),
    "controls": (b"The level\x00 rises slowly.", "1 control characters removed"),
    "entities": (b"<p>le&#8203;vel</p>", "1 zero-width characters removed"),
    "hidden text": (
        "<p>a\U000e0041</p><p>b\u202ec</p>".encode(),
        "hidden characters in 2 blocks: suspect_injection",
    ),
    "what no encoding has": (b"\xff\xfea\x00\x00\xd8b\x00", "1 character could not be decoded"),
    "cut off": ("Grüße – ".encode()[:-2], "the file ends within a character"),
}


INVISIBLE = {
    "zero-width and soft hyphens": ("le\u200bv\u00adel", "level"),
    "bidi controls": ("a\u202eb\u202c\u2066c\u2069", "abc"),
    "hidden tag characters": ("a\U000e0041\U000e0042b", "ab"),
    "hidden variation selectors": ("a\U000e0141\U000e0142b", "ab"),
    "emoji and joiners": (
        "👩\u200d🔧 🏴\U000e0067\U000e0062\U000e007f ⚠\ufe0f می\u200cخواهم 葛\U000e0100",
        "👩\u200d🔧 🏴\U000e0067\U000e0062\U000e007f ⚠\ufe0f می\u200cخواهم 葛\U000e0100",
    ),
    "a line separator in a sentence": ("one&#8232;two", "one two"),
}


@pytest.mark.parametrize(("prose", "expected"), INVISIBLE.values(), ids=INVISIBLE.keys())
def test_what_cannot_be_seen_leaves_prose(prose: str, expected: str) -> None:
    found = read_bytes(f"<p>{prose}</p>".encode(), path="a.html", media_type="text/html")

    assert not isinstance(found, Skipped)
    assert found.text == expected


SUSPECT = {
    "tags in prose": ("Text\U000e0041.", ("suspect_injection",)),
    "an override": ("Text \u202eabc\u202c.", ("suspect_injection",)),
    "tags in code": ("```\nx\U000e0041\n```", ("suspect_injection",)),
    "marks of direction in Hebrew": ("\u202bשלום\u202c עולם", ()),
    "a flag of Scotland": ("Text 🏴\U000e0067\U000e0062\U000e007f.", ()),
    "a zero-width blank": ("Te\u200bxt.", ()),
}


@pytest.mark.parametrize(("source", "flags"), SUSPECT.values(), ids=SUSPECT.keys())
def test_block_with_hidden_characters_is_flagged(source: str, flags: tuple[str, ...]) -> None:
    found = read_bytes(source.encode(), path="a.md", media_type="text/markdown")

    assert not isinstance(found, Skipped)
    assert found.blocks[0].flags == flags
    if source.startswith("```"):
        assert found.text == source  # code is told, not altered


@pytest.mark.parametrize(("data", "note"), NOTES.values(), ids=NOTES.keys())
def test_repair_is_noted_in_the_document(data: bytes, note: str) -> None:
    found = read_bytes(data, path="a.html", media_type="text/html")

    assert not isinstance(found, Skipped)
    assert note in found.notes


def test_clean_text_has_no_notes() -> None:
    found = read_bytes(GERMAN.encode(), path="a.txt", media_type="text/plain")

    assert not isinstance(found, Skipped)
    assert found.notes == ()


REFUSED = {
    "no bytes": (b"", "empty"),
    "blanks": (b" \r\n\t\n", "empty"),
    "only a mark": (b"\xef\xbb\xbf", "empty"),
    "zeros": (b"\x00" * 500, "empty"),
    "invisible characters": ("\u200b\u202e".encode(), "empty"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
    "a damaged archive": (b"PK\x03\x04" + bytes(200), "binary"),
    "program": (b"\x7fELF" + bytes(100), "binary"),
    "random bytes": (bytes((n * 197 + n // 7) % 256 for n in range(4000)), "binary"),
    "numbers in binary": (bytes(range(256)) * 4, "binary"),
    "RTF": (b"{\\rtf1 Text}", "binary"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    found = read_bytes(data, path="a.txt", media_type="text/plain")

    assert isinstance(found, Skipped)
    assert (found.path, found.reason) == ("a.txt", reason)
    assert found.detail


def test_ligatures_and_hard_blanks_are_folded_in_prose_and_kept_in_code() -> None:
    source = "The ﬁlter\u00a0ofﬂine has `ﬁ\u00a0x`.\n\n```\nﬁ\u00a0x\n```\n"

    found = read_bytes(source.encode(), path="a.md", media_type="text/markdown")

    assert not isinstance(found, Skipped)
    assert found.text == "The filter offline has `ﬁ x`.\n\n```\nﬁ\u00a0x\n```"


def test_fence_stays_longer_than_what_cleaning_makes_of_the_code() -> None:
    found = read_bytes(b"<pre>x `&#7;`&#7;`</pre>", path="a.html", media_type="text/html")

    assert not isinstance(found, Skipped)
    assert found.text == "````\nx ```\n````"


def test_lone_surrogates_never_leave() -> None:
    data = b"<p>Level &#xD83D; and &#55357; rise \xed\xa0\xbd here.</p>"

    found = read_bytes(data, path="a.html", media_type="text/html")

    assert not isinstance(found, Skipped)
    found.text.encode("utf-8")
    assert "Level" in found.text


def test_blocks_on_repaired_lines_say_so() -> None:
    source = f"Clean text.\n\n{GERMAN.encode().decode('cp1252').strip()}\n\nClean text again."

    found = read_bytes(source.encode(), path="a.md", media_type="text/markdown")

    assert isinstance(found, Document)
    assert [block.flags for block in found.blocks] == [(), ("repaired",), ()]


@pytest.mark.parametrize(
    "encoding", ["cp1252", "latin-1", "cp1251", "cp1253", "mac-roman", "cp1257"]
)
def test_the_quick_look_passes_over_nothing_that_would_be_repaired(encoding: str) -> None:
    letters = "äöüßéèçñåøÆœ“”„–—…’€°§¶ßжЩЯωΣλ中文字ابتहिन²×→"
    for one, other in product(letters, letters):
        line = f"a{one}{other} {one}"
        spoilt = line.encode().decode(encoding, "replace")
        read = decode(spoilt.encode())
        assert isinstance(read, Decoded)
        assert Cleaner().controls(fix_encoding(spoilt)) == read.text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("\xa0\xa0\xa0\xa0\xa0 int main() {<br>\xa0\xa0\xa0\xa0\xa0\xa0 return 0;<br>", "cp1252"),
        (
            "\xab\xe9t\xe9\xbb \u2013\u2013\u2013\u2013\u2013\u2013 \u2022\u2022\u2022\u2022",
            "cp1252",
        ),
        (
            "Letters: \xe0\xe2\xe4\xe7\xe9\xe8\xea\xeb\xee\xef\xf4\xf6\xf9\xfb\xfc\xff \xc4\xd6\xdc\xe4\xf6\xfc\xdf.",
            "cp1252",
        ),
        (
            "\u0446\u0435\u043d\u0430 \xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0 10",
            "cp1251",
        ),
    ],
    ids=["blanks that do not break", "lines of one sign", "an alphabet", "blanks beside Cyrillic"],
)
def test_signs_and_accents_alone_make_no_other_encoding(text: str, encoding: str) -> None:
    declared = {"cp1252": "iso-8859-1", "cp1251": "windows-1251"}[encoding]
    head = f"<meta charset={declared}><p>The text of the page is here.</p>"
    page = f"<html><body>{head}{f'<p>{text}</p>' * 9}</body></html>".encode(encoding)

    found = decode(page)

    assert isinstance(found, Decoded)
    assert found.text.count(text) == 9


def test_drawn_trees_and_boxes_are_no_trace_of_mojibake(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(line: str) -> str:
        asked.append(line)
        return line

    monkeypatch.setattr("ftfy.fix_encoding", ask)
    drawn = "clock\n\u251c\u2500\u2500 src\n\u2502   \u2514\u2500\u2500 tick.c\n\u2554\u2550\u2557\n\u2588\u2588\u2591\u2591\n"
    assert not isinstance(decode(drawn.encode()), Refused)
    assert asked == []
    decode(f"{drawn}Gr\u251c\u00fc\u00c3\u009fe\n".encode())
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", "Unità Località Città Comune Agliè Ciriè Cuorgnè Viù Forlì Nardò Cefalù"),
        ("iso8859_2", "Děčín Žďár Kroměříž Třebíč Šumperk Plzeň Ústí"),
        ("iso8859_2", "Šibenik Požega Čakovec Đakovo Varaždin Poreč"),
        ("cp1250", "Šibenik Požega Čakovec Đakovo Varaždin Poreč"),
    ],
)
def test_lists_of_names_are_told_by_their_letters(encoding: str, names: str) -> None:
    rows = "name;code\n" + "".join(f"{name};{at:03}\n" for at, name in enumerate(names.split()))
    found = decode(rows.encode(encoding))

    assert not isinstance(found, Refused) and found.text == rows
