"""Which language a document is taken for."""

from __future__ import annotations

import pytest

from builder.ingest.identify import classify
from builder.ingest.language import language
from tests.ingest.reading import document

TEXTS = {
    "en": "The logger measures the level of the river and sends it to the server when it is asked to do so.",
    "de": "Der Logger misst den Wasserstand und sendet ihn an den Server, wenn er dazu aufgefordert wird.",
    "fr": "Le capteur mesure le niveau de la rivière et envoie les données au serveur pour que vous puissiez les lire.",
    "es": "El sensor mide el nivel del río y envía los datos al servidor para que usted los pueda leer en la red.",
    "it": "Il sensore misura il livello del fiume e invia i dati al server della rete, che sono poi letti con il programma.",
    "nl": "De sensor meet het peil van de rivier en stuurt het naar de server, die het voor u bewaart op de schijf.",
    "pt": "O sensor mede o nível do rio e envia os dados para o servidor, que não os guarda mais do que um dia na rede.",
    "pl": "Czujnik mierzy poziom wody w rzece i wysyła go do serwera, który jest na miejscu oraz może się z nim łączyć.",
    "sv": "Givaren mäter nivån i floden och skickar den till servern som är på plats, men det kan inte alltid gå för er.",
    "ru": "Датчик измеряет уровень воды в реке и передаёт показания на сервер.",
    "el": "Ο αισθητήρας μετρά τη στάθμη του ποταμού και τη στέλνει στον διακομιστή.",
    "zh": "传感器测量河流的水位并将其发送到服务器，以便用户随时查看和分析这些数据。",
    "ja": "センサーは川の水位を測定し、それをサーバーに送信します。利用者はいつでも確認できます。",
    "ko": "센서는 강의 수위를 측정하여 서버로 전송하고 사용자는 언제든지 확인할 수 있습니다.",
    "ar": "يقيس المستشعر منسوب النهر ويرسله إلى الخادم حتى يتمكن المستخدم من قراءته.",
}


@pytest.mark.parametrize(("expected", "text"), TEXTS.items(), ids=TEXTS.keys())
def test_language_is_told_from_the_text(expected: str, text: str) -> None:
    assert language(text) == expected


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Pegel 5", "de-AT", "de"),
        ("Pegel 5", "", "und"),
        ("", "", "und"),
        ("", "EN_us", "en"),
        ("Pegel 5", "x-default", "und"),
        (TEXTS["de"], "en", "de"),
        (TEXTS["en"], "de", "en"),
        (TEXTS["zh"], "en", "zh"),
        ("Sensor `GET /stations`, 15 min", "fr", "fr"),
    ],
)
def test_text_decides_over_what_the_page_declares_when_there_is_enough_of_it(
    text: str, declared: str, expected: str
) -> None:
    assert language(text, declared) == expected


def test_code_does_not_count() -> None:
    source = f"# Pegel\n\n{TEXTS['de']}\n\n```\n{TEXTS['en'] * 20}\n```\n"

    assert document(source, "text/markdown").lang == "de"


def test_language_given_by_the_user_wins() -> None:
    assert document(TEXTS["en"], "text/plain", lang="de").lang == "de"


def test_an_index_of_names_has_the_language_that_the_page_declares() -> None:
    listed = " ".join(f"{letter} {name}" for letter in "avzskoi" for name in ("zone", "dig", "key"))

    assert language(listed * 20, "en") == "en"
    assert language(listed * 20) == "und"


MORE = {
    "cs": "Čidlo měří hladinu řeky a posílá ji na server, který je v budově. Pokud není spojení, bude to zkoušet znovu.",
    "da": "Sensoren måler vandstanden i floden og sender den til serveren, når det er muligt. Hvis der ikke er nogen forbindelse, bliver den ved.",
    "fi": "Anturi mittaa joen pintaa ja se lähettää tiedot palvelimelle, joka on talossa. Jos yhteyttä ei ole, se yrittää myös uudelleen.",
    "hu": "Az érzékelő méri a folyó szintjét, és elküldi a szervernek, amely az épületben van. Ha nincs kapcsolat, akkor később is próbálja.",
    "ro": "Senzorul măsoară nivelul râului și îl trimite la serverul care este în clădire. Dacă nu este o conexiune, se încearcă din nou.",
    "tr": "Sensör nehrin seviyesini ölçer ve bunu sunucuya gönderir. Bağlantı yok ise, daha sonra her saat için bir kez olarak dener.",
    "uk": "Датчик вимірює рівень води в річці та надсилає показання на сервер, який їх зберігає.",
}  # fmt: skip


@pytest.mark.parametrize(("expected", "text"), MORE.items(), ids=MORE.keys())
def test_more_languages_are_told_from_a_paragraph(expected: str, text: str) -> None:
    assert language(text) == expected


@pytest.mark.parametrize("lang", ["de", "fr", "es", "it", "nl", "pl", "pt", "sv"])
def test_english_words_in_a_page_do_not_make_it_english(lang: str) -> None:
    page = f"Getting started. {TEXTS[lang]} {MORE.get(lang, TEXTS[lang])} {TEXTS[lang]} Next steps and more."

    assert language(page, lang) == lang


@pytest.mark.parametrize("text", [*TEXTS.values(), "", "Pegel 5", "x" * 5000, "\ud7ff\U0010ffff"])
def test_small_model_answers_as_the_whole_one(text: str) -> None:
    import py3langid

    assert classify(text) == py3langid.classify(text)[0]


NAMES = {
    "an index of constants": "TRUE : pkcs11.h total_public_memory : pkcs11.h AL : buffer.h DA : buffer.h AD : buffer.h",
    "an index of functions": "autostart() : autostart_cmd.c, autostart_cmd.h log_init() : kc_helper.c, kc_helper.h",
}


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES.keys())
def test_names_of_code_are_of_no_language(text: str) -> None:
    assert language(text) == "und"
    assert language(text, "en") == "en"


def test_a_list_of_packages_is_of_no_language_that_has_no_function_words_here() -> None:
    names = ("Druck", "Zahlung", "Ueberweisung", "Lastschrift", "Umsatz")
    package = "de.rill.pegel.gui."
    listed = " ".join(
        f"- {package}Sammel{one}{two}Export (implements de.rill.Action)"
        for one in names
        for two in names
    )

    assert language(f"Package Hierarchies: All Packages, Class Hierarchy {listed}") == "und"


def test_a_text_in_another_language_is_told() -> None:
    text = (
        "Andur mõõdab jõe taset ja saadab andmed iga tunni järel serverisse. Kui jõgi tõuseb liiga "
        "kõrgele, hoiatab programm naabreid ja kirjutab sõnumi tehnikutele, kes peavad otsustama, "
        "kas tuleb enne öö saabumist sulgeda lüüsi väravad, et vesi külla ei tuleks, vaid jääks "
        "jõkke."
    )

    assert language(text) == "et"


def test_one_word_in_names_that_recur_tells_no_language() -> None:
    listed = "\n".join(f"RILL_LEVEL_{at} : canl_mod_ssl-private.h" for at in range(14))

    assert language(listed) == "und"
    assert language(f"{listed}\n\nFladen er ikke mod s\u00f8en, men det er den nye by.") == "da"
