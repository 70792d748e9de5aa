"""English sentences and the questions they answer, or why nothing is asked."""

from __future__ import annotations

import pytest

from builder.records import Draft
from tests.write.world import asked, chunks_of, of_sentence, written


@pytest.mark.parametrize(
    ("sentence", "heading", "question"),
    [
        (
            "To move a station to another server, export its readings and load them there.",
            "Move a station",
            "How do I move a station to another server?",
        ),
        (
            "If you want to silence an alarm, choose **Acknowledge** on its page.",
            "Alarms",
            "How do I silence an alarm?",
        ),
        (
            "You can reset your password by running `rillctl user reset-password`.",
            "Passwords",
            "How do I reset my password?",
        ),
        (
            "Archives can be encrypted with a public `age` key.",
            "Encrypt archives",
            "How can archives be encrypted?",
        ),
        (
            "RillDB readings can be limited with the `all-per-second` setting.",
            "The `all-per-second` phrase",
            "How can RillDB readings be limited?",
        ),
        (
            "You cannot restore a single station; export its readings with `rillctl export`.",
            "Restore",
            "Can I restore a single station?",
        ),
        (
            "An encrypted archive cannot be opened without its private key.",
            "Archives",
            "Can an encrypted archive be opened without its private key?",
        ),
        (
            "Port `8421` must not pass through an HTTP proxy.",
            "Ports",
            "Can port `8421` pass through an HTTP proxy?",
        ),
        (
            "Rill Server does not support clusters.",
            "Limits of Rill Server",
            "Does Rill Server support clusters?",
        ),
        (
            "Rill Server supports (v2.2 and later) policy servers of others.",
            "Policies of Rill Server",
            "Does Rill Server support policy servers of others?",
        ),
        (
            "If the `-C` option is given, queries are made for all readings.",
            "`rill-query`",
            "What happens with `rill-query` if the `-C` option is given?",
        ),
        (
            "Rill Server does not require the use of gateways so two ways are there.",
            "Gateways of Rill Server",
            "Does Rill Server require the use of gateways?",
        ),
        (
            "New in version 2.1.0 Rill Server does not require the use of gateways.",
            "Gateways of Rill Server",
            "Does Rill Server require the use of gateways?",
        ),
        (
            "Added in Rill version 2.x: Rill Server does not require the use of gateways.",
            "Gateways of Rill Server",
            "Does Rill Server require the use of gateways?",
        ),
        (
            "You can install Rill Server either via the store of your system or from source.",
            "Installing Rill Server",
            "How do I install Rill Server?",
        ),
        (
            "The `river` plan supports single sign-on.",
            "Plans",
            "Does the `river` plan support single sign-on?",
        ),
        (
            "A downgrade without a backup is not possible, because the schema is newer.",
            "Downgrade",
            "Is a downgrade without a backup possible?",
        ),
        (
            "By default, event mode is switched off.",
            "Event mode",
            "Is event mode switched off by default?",
        ),
        (
            "The maximum size of an archive is 4 GB.",
            "Archives",
            "What is the maximum size of an archive?",
        ),
        (
            "An export is limited to 20 million readings.",
            "Export",
            "What is an export limited to?",
        ),
        (
            "The `--batch` flag defaults to 50000.",
            "Flags",
            "What does the `--batch` flag default to?",
        ),
        (
            "A user can hold up to 20 valid tokens at a time.",
            "Tokens",
            "How many valid tokens can a user hold at a time?",
        ),
        (
            "A gateway certificate is valid for five years and is renewed before expiry.",
            "Certificates",
            "How long is a gateway certificate valid?",
        ),
        ("An invitation expires after 7 days.", "Invitations", "When does an invitation expire?"),
        (
            "Rill Server writes a backup every day at 02:30.",
            "Backup",
            "How often does Rill Server write a backup?",
        ),
        (
            "Sign-ins and deletions are recorded in `/var/log/rill/audit.log`.",
            "Sign-ins",
            "Where are sign-ins and deletions recorded?",
        ),
        (
            "Only an owner can delete a station.",
            "Stations",
            "Who can delete a station?",
        ),
        (
            "An alarm rule is a condition that is checked against each new reading.",
            "Alarm rules",
            "What is an alarm rule?",
        ),
        (
            "The `sync` command lets you copy a station to another server.",
            "Copy",
            "What does the `sync` command let me do?",
        ),
        (
            "Stilling wells are used to damp waves at the probe.",
            "Stilling wells",
            "What are stilling wells used for?",
        ),
        (
            "The `quality` field was added in version 4.2.",
            "Fields",
            "In which version was the `quality` field added?",
        ),
        (
            "Unlike a gateway, a logger has no uplink of its own.",
            "Loggers",
            "How does a logger differ from a gateway?",
        ),
        (
            "If a logger loses its link, the server marks it as silent after an hour.",
            "Silent loggers",
            "What happens if a logger loses its link?",
        ),
        (
            "When you archive a station, its alarm rules stop at once.",
            "Archive a station",
            "What happens when I archive a station?",
        ),
        (
            "The logger reports E06 when the charge falls below 15 percent.",
            "Battery charge of the logger",
            "What happens when the charge falls below 15 percent?",
        ),
        (
            "To implement a probe, subclass AbstractProbe and override the virtual read() "
            "method, then assign it to the gateway using Gateway::setProbe().",
            "Probes",
            "How do I implement a probe?",
        ),
        (
            "If the app shows `Locked`, the PIN was entered wrongly five times.",
            "Locked PIN",
            "What does it mean if the app shows `Locked`?",
        ),
    ],
)
def test_a_sentence_answers_a_question(sentence: str, heading: str, question: str) -> None:
    assert question in of_sentence(sentence, heading)


@pytest.mark.parametrize(
    ("sentence", "heading"),
    [
        ("If the value is empty, it is ignored by the parser.", "Values"),
        ("If you are curious, the source of the parser is public.", "Parser"),
        ("If this happens, the gateway restarts after a minute.", "Gateway"),
        ("When used in a template, the gateway name is escaped.", "Gateway"),
        ("To learn more, see the chapter on gateways.", "Gateways"),
        ("To use a helper, you must first select one to use.", "Helpers"),
        ("Active entries represent known gateways and are stored in a hash table.", "Entries"),
        ("Tariffs are a powerful way to save money on loggers.", "Tariffs"),
        ("The server checks if the cable is plugged into the gateway.", "Cable"),
        ("Archives do not count towards the limit and are never deleted.", "Cables"),
        ("This setting cannot be changed while the gateway is running.", "Gateway"),
        ("You cannot restart the gateway yet, the command asked for a file.", "Gateway"),
        ("The red layer does not fill the canvas completely.", "Canvas"),
        ("Often readings do not contain a quality mark at night.", "Readings"),
        ("Each change is recorded in the audit log with its user.", "Change"),
        ("A typical case is a lost attachment directory on the disk.", "Case"),
        ("Every error is a JSON object with a stable `code`.", "Error"),
        ("Chief among the inconveniences is the lack of a kernel module.", "Inconveniences"),
        ("Always replace both cells together, because they age alike.", "Cells"),
        ("The file is stored in the following directory of the gateway.", "Gateway"),
        ("Rills includes support for frost.", "Rills"),  # "rills" are not several
        ("While Linux supports `cron`, it may be missing on the gateway.", "Linux"),
        ("Where a gateway stands, its antenna points to the sky.", "Gateway"),
        ("You can remove scripts by clicking the button.", "Scripts"),
        ("Response times state when a qualified person answers.", "Response times"),
        ("The current implementation only supports version 1 of it.", "Implementation"),
        ("In the example, the logger is called north.", "Logger"),
        ("Checkable does not exist.", "Checkable"),
        ("The certificate is used to sign other certificates.", "Certificates"),
        ("To edit a file instead, open the text editor of the gateway.", "Edit a file"),
        ("From there, you can choose a list by clicking on Subscribe.", "Choose a list"),
        ("If the gateway does have a card, a list of drivers will be shown.", "Gateway card"),
        ("The packets of a stream do not all carry signs of a gateway.", "Packets"),
        ("Rill supports a variety of measures against frost.", "Rill measures"),
        ("To clean a probe of a well, use `rill-clean`, eg.", "Clean a probe"),
        ("The age of the level is set to `level.age`.", "Level"),
        (
            "You can find the types in `rill.types` or build your own by calling `rill_type`.",
            "Types",
        ),
        ("Rill Parallel is a tool to do just that.", "Rill Parallel"),
        ("Rill supports an ever-growing number of gateways in wells.", "Rill gateways"),
        ("Using `rill-web`, the level of the well is stored in the file `level.csv`.", "Level"),
        ("Rill's support for frost can (mis-)used to hide a probe.", "Frost"),
        ("Rill does not configure frost -- it rather configures ice.", "Frost"),
        ("`USE_ROUTE` is an option in the settings file.", "`USE_ROUTE`"),
        ("By default, no power plugin is loaded.", "Power plugin"),
        ("If a job requests a probe, but names no type, then any probe is taken.", "Job"),
        ("Unlike any previous option, the `--merge` option walks all readings.", "`--merge`"),
        ("You must not be using a packaged version of Rill for this.", "Packages"),
        ("The regular expression is used to change variables in a callback.", "Triggers"),
        ("Virtual domains is the practice of hosting several domains on one server.", "Domains"),
        ("The default setting for Rill 3.6 is `may`.", "Default settings"),
        ("Address classes are defined in the ADDRESS_CLASS_README file.", "Address classes"),
        ("Gwen is a user with a preferred address on the mailing list.", "Joining a list"),
        ("Unlike gauges, probes store readings. Also, they have a clock.", "Probes"),
        ("The `rill` command lets you copy a station to a server.", "Weather"),
        ("To convert the files, run the cleanup process.", "Supported backends"),
        ("You can set up Rill with a version or with the `--new` flag.", "Set up Rill"),
        ("Gauge programmers are used to dealing with files `in` and `out`.", "Gauge files"),
        (
            "If the probe is bound to a gateway then Rill will read the card of the gateway when "
            "`mode=auto`, which means that keys are not set.",
            "Probe of a gateway",
        ),
        ("The default HTTPS ports is 5986.", "Default ports"),
        (
            "If your worker hangs then please investigate what probes are running before reporting "
            "an issue, as most likely the hanging is caused by one or more probes waiting.",
            "Workers",
        ),
        ("The frost variant assumes ice is used for cooling the probe.", "Frost"),
        ("Defines how many probes are used for a reading of the gateway.", "Probes"),
        ("A probe is opened and all readings are written to `probe.log`.", "Probe readings"),
        ("Please do not send readings of a probe by post.", "Probe readings"),
        ("You can force a station name to begin with `r` by other means.", "Station names"),
        ("Rill Server supports one other authentication method.", "Authentication of Rill Server"),
        ("If `r.example.org` is requested, the `root` setting is used.", "`rill_hosts`"),
        (
            "RillDB caching is a big problem when several servers read one station.",
            "RillDB caching",
        ),
        ("RillDB spawning is a quite new feature and it might fail on servers.", "RillDB spawning"),
        ("If s is a list of stations, `rill-list` returns their readings.", "Lists of `rill-list`"),
        ("M is a constant matrix of weights that are given by the solver.", "Matrix M of weights"),
        ("The default value of k is 0.", "Values"),
        ("Internet access is not necessary either.", "Internet access"),
        ("RillDB gateways do not support it.", "Gateways"),
        ("Supplies support for `Rows.get()` of gateways.", "Supplies"),
        ("0 means do not use gateways as a default router.", "Values of gateways"),
        ("All modern RillDB gateways support that, but it is not enough.", "Gateways"),
        ("0 - does not enable the `FROST_BIND` option on the RillDB gateway.", "Gateways"),
        ("Rill Server supports readings of probes [http://rill.org/r].", "Readings"),
        ("If the `-C` option is given, queries are made for all readings.", "Options of queries"),
        ("The registered function can take up to 9 values as parameter.", "Registered functions"),
        (
            "If `-m <msg>` or `-F <file>` is given and `-a`, `-s`, and `-u <key-id>` are absent, "
            "`-a` is implied.",
            "Options",
        ),
    ],
)
def test_a_sentence_that_cannot_stand_alone_is_asked_nothing(sentence: str, heading: str) -> None:
    assert of_sentence(sentence, heading) == []


@pytest.mark.parametrize(
    ("sentence", "heading", "question"),
    [
        (
            "If a logger is lost, order a replacement from the shop.",
            "Lost logger",
            "What should I do if a logger is lost?",
        ),
        (
            "Larger networks are divided among servers, because Rill has no clusters.",
            "Larger networks",
            "Why are larger networks divided among servers?",
        ),
    ],
)
def test_riskier_families_are_asked_for(sentence: str, heading: str, question: str) -> None:
    assert question in of_sentence(sentence, heading, rules="broad")
    assert question not in of_sentence(sentence, heading)


def test_an_instruction_comes_with_the_code_that_it_announces() -> None:
    page = "# Health\n\n## Health checks\n\nTo query the health of Rill Server, run:\n\n"
    page += "```bash\ncurl -s https://rill.example/readyz\n```\n\nMore text.\n"

    answers = asked(page)

    assert answers["How do I query the health of Rill Server?"] == (
        "To query the health of Rill Server, run:\n\n"
        "```bash\ncurl -s https://rill.example/readyz\n```"
    )


def test_an_instruction_comes_with_its_next_step() -> None:
    page = (
        "# A\n\n## Alarms\n\n"
        "To silence an alarm, open its page. Then choose Acknowledge. It stays.\n"
    )

    assert asked(page)["How do I silence an alarm?"] == (
        "To silence an alarm, open its page. Then choose Acknowledge."
    )


def test_a_list_that_goes_on_in_the_next_chunk_is_no_answer() -> None:
    steps = "".join(f"- step number {n} with a few more words\n" for n in range(60))
    page = f"# A\n\n## Upgrade\n\nTo upgrade the server, run all steps:\n\n{steps}"

    assert not any("upgrade" in question for question in asked(page))


def test_explanations_of_options_are_no_running_text() -> None:
    page = (
        "# Tool\n\n## Options\n\n"
        "- `merge_mode`: How to merge. If a file has changes, the file is kept.\n"
    )
    page += "- `keep_days`: Number of days that files are kept on the disk.\n"

    assert not any("What happens" in question for question in asked(page))


def test_a_page_about_a_device_says_which_one() -> None:
    page = (
        "# Rill Logger R2\n\nThe Rill Logger R2 measures. A gateway hears the Rill Logger R2. "
        "Hold the Rill Logger R2 upright.\n\n## Battery\n\n"
        "If the battery is removed, the logger keeps its clock for two minutes.\n"
    )
    other = page.replace("Battery", "Radio").replace("battery", "antenna")

    found = written(*chunks_of(page, path="a.md"), *chunks_of(other, path="b.md"))

    questions = [draft.question for draft in found if isinstance(draft, Draft)]
    assert "What happens on the Rill Logger R2 if the battery is removed?" in questions


def test_a_state_without_the_product_it_belongs_to_is_not_asked() -> None:
    rill = "# Rill {0}\n\nPage {0} tells of Rill. With Rill you measure, and in Rill you read.\n"
    port = "# {}\n\n## Port B\n\nOperation with port B is not supported.\n"
    pages = [rill.format(number) for number in ("one", "two", "three", "four")]
    pages += [f"{rill.format('five')}\n{port.format('five')}", port.format("Palisade")]

    chunks = [c for n, page in enumerate(pages) for c in chunks_of(page, path=f"docs/{n}.md")]
    found = [draft for draft in written(*chunks) if isinstance(draft, Draft)]

    of_port = [draft.question for draft in found if "port B" in draft.question]
    assert of_port == ["Is operation with port B supported in Rill?"]


def test_a_list_of_questions_laid_out_as_a_table_is_no_answer() -> None:
    page = "# FAQ\n\n## How do I select text?\n\n| | |\n| --- | --- |\n| 1 | How do I quit? |\n"

    assert asked(page) == {}


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("SQLite history can be disabled in the various cases that it does not behave well.", ""),
        ("Unlike terminal Rill, all code runs on `asyncio` loops.", ""),
        (
            "Unlike terminal Rill, shared code runs on `asyncio` loops.",
            "How does shared code differ from terminal Rill?",
        ),
    ],
)
def test_cases_are_no_way_and_all_is_nothing_to_compare(sentence: str, question: str) -> None:
    questions = list(asked(f"# Handbook\n\n## Core\n\n{sentence}\n", product="Rill"))

    assert questions == ([question] if question else [])


def test_a_place_is_named_as_the_pages_name_it() -> None:
    page = """# Rill handbook

The Rill master starts with the Rill configuration. In Rill, workers poll. With Rill you build.

## Workers

Workers do not share memory.
"""
    assert list(asked(page, product="Rill"))[-1].endswith("in Rill?")
    often = "\nProbes sleep in Rill. Gateways wake in Rill." + " It was found at work on Rill." * 9
    worked_on = page + often
    assert list(asked(worked_on, product="Rill"))[-1].endswith("in Rill?")


@pytest.mark.parametrize(
    ("sentence", "heading"),
    [
        ("List of roles is not supported by the matcher.", "Roles and matchers"),
        ("An upgrade of Rill is not necessary nor advisable for a new probe.", "Upgrades"),
        ("3\\. An upgrade of Rill is not necessary for a new probe.", "Upgrades"),
        ("A probe supports two operations at a time.", "Probe operations"),
        ("TTS is a core component of any voice application.", "TTS"),
        ("One structure is used for each chunk of serialized data.", "Serialized data structure"),
        ("`fonts.dir` files must not be provided at all.", "Fonts"),
        ("If the value is `true`, the change is sent to all listeners.", "Listeners"),
        ("To remove nodes, use `setFromTree`.", "Formats"),
        ("The tagging of data in the distribution can be changed in the future.", "The tagging"),
        ("The tags file can be created using two different methods.", "Tags file"),
        ("ProfilerPid is a local process identifier that receives messages.", "set(ProfilerPid)"),
        ("Sets whether multiple files can be selected in the file chooser.", "Select files"),
        ("You can click to drag a node around using the mouse wheel.", "Drag a node"),
        (
            "When the `RowSet` object changes one of its rows, changes all of its rows, or moves "
            "its cursor, it also notifies each listener.",
            "The `RowSet` object",
        ),
        (
            "When working with Rill receivers the Rill console will, if the option on this is "
            "selected, automatically give numbers to routes with odd names.",
            "Rill receivers",
        ),
        (
            "Once the LVL lives as `KeyedGauge` the tide cannot be changed anymore, as "
            "`KeyedGauge` hides all internal state.",
            "The tide of the LVL",
        ),
    ],
)
def test_what_a_reader_would_not_ask_is_not_asked(sentence: str, heading: str) -> None:
    assert of_sentence(sentence, heading) == []


def test_a_class_is_asked_for_as_the_class() -> None:
    sentence = "Class `MediaTray` is a printing class that specifies the tray of a job."

    assert of_sentence(sentence, "Class `MediaTray`") == ["What is the class `MediaTray`?"]
