"""What of a web page ends up in a document, and in which form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from lxml import html as lxml_html

from builder.ingest import read_bytes
from builder.ingest.clean import size
from builder.ingest.furniture import is_boilerplate
from builder.ingest.inline import content_size
from builder.records import Document
from tests.ingest.reading import document, html, kinds, paths

BLOCKS = {
    "a table of boxes named by their columns": (
        "<div><div class='th a'>Method</div><div class='th b'>Use</div>"
        "<div class='a even'><code>read</code></div><div class='b even'><p>Reads | waits.</p></div>"
        "<div class='a odd'><code>close</code></div><div class='b odd'>Ends.</div></div>",
        "| Method | Use |\n| --- | --- |\n| `read` | Reads \\| waits. |\n| `close` | Ends. |",
    ),
    "a first row in bold": (
        "<table><tr><td><b>Code</b></td><td><p><strong>What</strong> </p></td></tr>"
        "<tr><td><b>0</b></td><td>It runs.</td></tr></table>",
        "| Code | What |\n| --- | --- |\n| 0 | It runs. |",
    ),
    "rows in bold": (
        "<table><tr><td><b>0</b></td><td><b>It runs.</b></td></tr>"
        "<tr><td><b>1</b></td><td><b>It stops.</b></td></tr></table>",
        "|  |  |\n| --- | --- |\n| 0 | It runs. |\n| 1 | It stops. |",
    ),
    "a bar of links to pages beside the one that is read": (
        "<table><tr><td><a href=a.html>Top</a></td><td>Set up</td><td><a href=b.html>Use</a></td>"
        "<td><a href=c.html>Ask</a></td></tr></table><p>It runs.</p>",
        "It runs.",
    ),
    "a bar of links below the title of the book": (
        "<table><tr><td colspan=3>All about clocks</td></tr><tr><td colspan=3><hr></td></tr>"
        "<tr><td><a href=a.html>Top</a></td><td><a href=b.html>Use</a></td>"
        "<td><a href=c.html>Ask</a></td></tr></table><p>It runs.</p>",
        "It runs.",
    ),
    "a row of links behind what they are of": (
        "<table><tr><td>Linux</td><td><a href=a.gz>x86</a></td><td><a href=b.gz>arm</a></td></tr>"
        "</table><p>It runs.</p>",
        "|  |  |  |\n| --- | --- | --- |\n| Linux | x86 | arm |\n\nIt runs.",
    ),
    "the title of a book between its ways": (
        "<table class=navigation><tr><td><a href=a.html><img alt=Prev></a></td><th>Clocks</th>"
        "<td><a href=b.html><img alt=Next></a></td></tr></table><p>It runs.</p>",
        "It runs.",
    ),
    "a table by its roles": (
        "<div role=table><div role=row><b role=columnheader>Mode</b><b role=columnheader>Rate</b>"
        "</div><div><div role=row><i role=cell>slow</i><i role=cell>1 Hz</i></div></div></div>",
        "| Mode | Rate |\n| --- | --- |\n| slow | 1 Hz |",
    ),
    "boxes with names of their own are no table": (
        "<div><p class='t a'>Read</p><p class='t b'>Write</p><p class='c'>One.</p><p class='d'>Two.</p></div>",
        "Read\n\nWrite\n\nOne.\n\nTwo.",
    ),
    "boxes named alike are no table": (
        "<div><p class=a>One.</p><p class=a>Two.</p><p class=a>Three.</p><p class=a>Four.</p></div>",
        "One.\n\nTwo.\n\nThree.\n\nFour.",
    ),
    "emphasis and links leave their words": (
        '<p>Press <b>Save</b> or <i>read</i> the <a href="/x">guide</a>.</p>',
        "Press Save or read the guide.",
    ),
    "quotation marks that the browser draws": (
        "<h2>Is <q>on</q> off?</h2><p>No <q>a</q>.</p><table><tr><th><q>b</q><td>c</table>",
        "## Is “on” off?\n\nNo “a”.\n\n|  |  |\n| --- | --- |\n| “b” | c |",
    ),
    "inline code stands in backticks": (
        "<p>Set <code>max_tokens</code> to <tt>5</tt>.</p>",
        "Set `max_tokens` to `5`.",
    ),
    "hard breaks in inline code are blanks": (
        "<p>Run <code>tern set<br>tern <b>go</b></code> now.</p><ul><li><tt>a<br/>b</tt></li></ul>"
        "<table><tr><th>Run</th></tr><tr><td><samp>a<br>b</samp></td></tr></table>",
        "Run `tern set tern go` now.\n\n- `a b`\n\n| Run |\n| --- |\n| `a b` |",
    ),
    "code with hard breaks alone in a paragraph": (
        "<p><code>if set:<br/>\n&nbsp;&nbsp;go()<br/>\n<span>\n  wait()</span><br/><br/>stop()</code></p>",
        "```\nif set:\n  go()\n  wait()\n\nstop()\n```",
    ),
    "a box set as code": (
        "<div style='font-family: monospace; white-space: pre-wrap'>if set:\n    go()</div>"
        "<div style='white-space:pre;'><div><span>a</span></div><div>  b</div></div>",
        "```\nif set:\n    go()\n```\n\n```\na\n  b\n```",
    ),
    "a text with the breaks of its writer": (
        "<div style='white-space: pre-wrap'>It runs\non.</div>",
        "It runs on.",
    ),
    "a table of facts that is said to be layout": (
        "<table role=presentation><tr><td><p><b>Mode</b></p></td><td><p><b>Rate</b></p></td></tr>"
        "<tr><td><p>slow</p></td><td><p>1 Hz</p></td></tr></table>"
        "<table role=presentation><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr>"
        "<tr><td>c</td><td>3</td></tr></table>",
        "| Mode | Rate |\n| --- | --- |\n| slow | 1 Hz |\n\n"
        "|  |  |\n| --- | --- |\n| a | 1 |\n| b | 2 |\n| c | 3 |",
    ),
    "a table of layout": (
        "<table role=presentation><tr><td>Left.</td><td>Right.</td></tr></table>",
        "Left.\n\nRight.",
    ),
    "a text that blank cells indent": (
        "<table><tr><td> </td><td><p>It is <em>simple</em>.</p></td><td>&nbsp;</td></tr>"
        "<tr><td></td><td colspan=2>-- A user</td></tr></table>",
        "It is simple.\n\n-- A user",
    ),
    "a note that is written as a quotation": (
        "<blockquote><p><strong>Note</strong>: it rises.</p></blockquote>"
        "<blockquote><p><strong>Achtung:</strong> Hei\u00df.</p><p>Sehr.</p></blockquote>"
        "<blockquote><p><b>Tip</b>:</p><p>Wait.</p></blockquote>"
        "<blockquote><p><strong>Note</strong> that it rises.</p></blockquote>",
        "Note: it rises.\n\nAchtung: Hei\u00df.\n\nSehr.\n\n> Tip:\n\n> Wait.\n\n> Note that it rises.",
    ),
    "a link written inside of a link": (
        "<p>Please visit <a href='https://a.example/'><a href='https://a.example/'>the site</a></a>.</p>",
        "Please visit the site.",
    ),
    "a list in a table with a blank column": (
        "<table><tr><td>&bull; Slow mode</td><td> </td></tr><tr><td>Fast mode</td><td></td></tr></table>",
        "- Slow mode\n- Fast mode",
    ),
    "a line of code in the cell of a table": (
        "<table><tr><td>Command</td><td>What</td></tr><tr><td><pre>ls -l\n</pre></td><td>Lists</td></tr>"
        "<tr><td><pre><code>rm</code></pre></td><td><blockquote>Deletes</blockquote></td></tr></table>",
        "|  |  |\n| --- | --- |\n| Command | What |\n| `ls -l` | Lists |\n| `rm` | Deletes |",
    ),
    "lines of code beside text": (
        "<table><tr><td>Run</td><td>It</td></tr><tr><td><pre>a\nb</pre></td><td>Now</td></tr></table>",
        "Run\n\nIt\n\n```\na\nb\n```\n\nNow",
    ),
    "a header with an empty corner": (
        "<table><tr><td></td><th>A</th><th>B</th></tr><tr><th>r</th><td>1</td><td>2</td></tr></table>",
        "|  | A | B |\n| --- | --- | --- |\n| r | 1 | 2 |",
    ),
    "backticks in inline code get a longer fence": (
        "<p>Type <code>a`b</code>.</p>",
        "Type ``a`b``.",
    ),
    "white space and entities": (
        "<p>2&nbsp;kg  of\n &lt;salt&gt; &amp; pepper</p>",
        "2 kg of <salt> & pepper",
    ),
    "a hard break": ("<p>Line one<br>line two</p>", "Line one\nline two"),
    "a hard break written as an end tag": ("<p>One</br>two<br></br>three</p>", "One\ntwo\nthree"),
    "an option whose dashes are set one by one": (
        "<p>Give <code>-</code><code>-</code><code>all</code> or <code>-</code> <code>a</code>.</p>"
        "<h2>The <tt>-</tt><tt>-</tt> mark</h2>",
        "Give `--all` or `-` `a`.\n\n## The `--` mark",
    ),
    "two hard breaks make paragraphs": ("<p>One.<br><br>Two.</p>", "One.\n\nTwo."),
    "text beside blocks": ("<div>Lead <p>inner</p> tail</div>", "Lead\n\ninner\n\ntail"),
    "raised digits": ("<p>10 m<sup>3</sup>, H<sub>2</sub>O, 1<sup>st</sup></p>", "10 m³, H2O, 1st"),
    "footnote marks go": (
        '<p>Level<sup><a href="#fn1">1</a></sup> rises<a href="#fn2"><sup>2</sup></a>.</p>',
        "Level rises.",
    ),
    "images, buttons and deleted words go": (
        '<p>Now <img src="a.png" alt="A picture"> 7 <del>6</del> left. <button>Copy</button></p>',
        "Now 7 left.",
    ),
    "a button that is a word of a sentence stays": (
        "<p>Click <button>Save</button> to keep it, then <button>Close</button>.</p>",
        "Click Save to keep it, then Close.",
    ),
    "permalinks of headings go": (
        '<h2>Ports<a class="headerlink" href="#ports">¶</a></h2><p>8420</p>',
        "## Ports\n\n8420",
    ),
    "numbers of paragraphs that lead to them go": (
        '<div><label><a href="#o7">7</a></label><p id="o7">Open the valve of tank <a href="#t">7</a>.</p>'
        '</div><div><label><a href="#o8">8</a></label><p id="o8">Close it.</p></div>',
        "Open the valve of tank 7.\n\nClose it.",
    ),
    "a heading link that is the title stays": (
        '<h2><a class="anchor" href="#ports">Ports</a></h2><p>8420</p>',
        "## Ports\n\n8420",
    ),
    "a heading link that is the title stays, a version too": (
        '<h2 id="v"><a class="header-anchor" href="#v"><span><a href="/r">1.18.2</a> - 2026-10-27</span>'
        "</a></h2><p>Faster.</p>",
        "## 1.18.2 - 2026-10-27\n\nFaster.",
    ),
    "a short quotation": ("<blockquote><p>Measure twice.</p></blockquote>", "> Measure twice."),
    "quotation marks": ("<p>He said <q>no</q>.</p>", "He said “no”."),
    "bullets": ("<ul><li>One</li><li><p>Two</p></li></ul>", "- One\n- Two"),
    "numbers of the list's own": (
        '<ol start="3"><li>Open</li><li value="7">Close</li><li>Lock</li></ol>',
        "3. Open\n7. Close\n8. Lock",
    ),
    "nested lists": (
        "<ul><li>Set:<ol><li>bracket</li><li>screws<ul><li>M6</li></ul></li></ol></li><li>Key</li></ul>",
        "- Set:\n  1. bracket\n  2. screws\n    - M6\n- Key",
    ),
    "paragraphs and code inside an item follow it": (
        "<ol><li><p>Run it:</p><pre>go</pre><p>Wait.</p></li><li>Done</li></ol>",
        "1. Run it:\n\n```\ngo\n```\n\nWait.\n\n2. Done",
    ),
    "definitions": (
        "<dl><dt><code>--all</code></dt><dd>Select all.</dd><dt>-a</dt><dt>-b</dt><dd>Two names.</dd></dl>",
        "- `--all`: Select all.\n- -a, -b: Two names.",
    ),
    "a definition with more than one paragraph": (
        "<dl><dt>Datum</dt><dd><p>A height.</p><p>It is fixed.</p></dd><dt>Drift</dt><dd>A shift.</dd></dl>",
        "- Datum: A height.\n\nIt is fixed.\n\n- Drift: A shift.",
    ),
    "a definition that is a list": (
        "<dl><dt>Values</dt><dd><ul><li>on</li><li>off</li></ul></dd></dl>",
        "- Values:\n  - on\n  - off",
    ),
    "a term without definition": ("<dl><dt>Datum</dt></dl>", "- Datum"),
    "code keeps its layout and language": (
        '<pre><code class="language-python">def f():\n\n    return "<b>"[0]\n</code></pre>'.replace(
            '"<b>"', '"&lt;b&gt;"'
        ),
        '```python\ndef f():\n\n    return "<b>"[0]\n```',
    ),
    "the language stands outside of the code": (
        '<div class="highlight-bash notranslate"><div class="highlight"><pre>ls  -l</pre></div></div>',
        "```bash\nls  -l\n```",
    ),
    "line numbers in a table go": (
        '<table class="highlighttable"><tr><th colspan="2">main.py</th></tr><tr><td class="linenos">'
        "<pre>1\n2</pre></td><td><pre>a = 1\nb = 2</pre></td></tr></table>",
        "main.py\n\n```\na = 1\nb = 2\n```",
    ),
    "line numbers in spans go": (
        '<pre><span class="lineno">1 </span>a = 1\n<span class="lineno">2 </span>b = 2</pre>',
        "```\na = 1\nb = 2\n```",
    ),
    "code whose lines are elements": (
        '<pre><div class="line">a = 1</div><div class="line">b = 2</div></pre>',
        "```\na = 1\nb = 2\n```",
    ),
    "code with breaks": ("<pre>a = 1<br>b = 2</pre>", "```\na = 1\nb = 2\n```"),
    "a fence in code gets a longer fence": (
        "<pre>```\nx\n```</pre>",
        "````\n```\nx\n```\n````",
    ),
    "an admonition with its label": (
        '<div class="admonition note"><p class="admonition-title">Note</p><p>One.</p><p>Two.</p></div>',
        "Note: One.\n\nTwo.",
    ),
    "an admonition whose text has the label": (
        '<div class="warning"><p><strong>Warning:</strong> Hot.</p></div>',
        "Warning: Hot.",
    ),
    "an admonition named behind its product": (
        '<aside aria-label="Note" class="rill-aside rill-aside--note"><p class="rill-aside__title" '
        'aria-hidden="true">Note</p><div><p>Use two.</p></div></aside>',
        "Note: Use two.",
    ),
    "a German admonition": (
        '<p class="warnung"><strong>Achtung:</strong> Nass.</p>',
        "Achtung: Nass.",
    ),
    "an admonition with a heading": (
        '<div class="tip"><h3>Tip</h3><p>Use two.</p></div>',
        "Tip: Use two.",
    ),
    "an admonition laid out as a table": (
        '<div class="note"><table><tr><td rowspan="2"><img src="i.png"></td><th>Note</th></tr>'
        "<tr><td>Use two.</td></tr></table></div>",
        "Note: Use two.",
    ),
    "an admonition as a definition": (
        '<dl><dt>Presets</dt><dd><div class="note"><table><tr><td rowspan="2"></td><th>Note</th></tr>'
        "<tr><td>Use two.</td></tr></table></div></dd></dl>",
        "- Presets:\n\nNote: Use two.",
    ),
    "a list that arranges sections": (
        "<ul><li><section><h3>read</h3><dl><dt>Returns</dt><dd>the level</dd></dl></section></li></ul>",
        "### read\n\n- Returns: the level",
    ),
    "an admonition around a list": (
        '<div class="caution"><p class="title">Caution</p><ul><li>Hot</li></ul></div>',
        "Caution:\n\n- Hot",
    ),
    "a table": (
        "<table><caption>Codes</caption><thead><tr><th>Code</th><th>Meaning</th></tr></thead>"
        "<tbody><tr><td>E1</td><td><p>No probe</p></td></tr></tbody></table>",
        "Codes\n\n| Code | Meaning |\n| --- | --- |\n| E1 | No probe |",
    ),
    "a caption of links that choose the rows": (
        '<table><caption>All <a href="javascript:show(1)">Some</a> <a href="javascript:show(2)">Few'
        "</a></caption><tr><th>Code</th>"
        "<th>Meaning</th></tr><tr><td>E1</td><td>No probe</td></tr></table>",
        "| Code | Meaning |\n| --- | --- |\n| E1 | No probe |",
    ),
    "a caption with a link that folds its table": (
        '<table><caption>Codes of faults <a href="javascript:fold()">hide</a></caption><tr><th>Code'
        "</th><th>Meaning</th></tr><tr><td>E1</td><td>No probe</td></tr></table>",
        "Codes of faults hide\n\n| Code | Meaning |\n| --- | --- |\n| E1 | No probe |",
    ),
    "a line in a frame": (
        "<table><tr><td></td></tr><tr><td>Wheel</td></tr><tr><td> </td></tr></table><p>It turns.",
        "Wheel\n\nIt turns.",
    ),
    "a footnote that its number shows": (
        "<p>It ticks.<sup class=fn>3<span>Not at night, when it <i>rests</i>.</span></sup> Often.</p>",
        "It ticks. [Not at night, when it rests.] Often.",
    ),
    "the name and the type of a property": (
        "<h2>Wheels</h2><p>back : <a href='/wheel'>Wheel</a></p><p>It turns.</p>",
        "## Wheels\n\nback : Wheel\n\nIt turns.",
    ),
    "code that is printed one blank to the right": (
        "<pre> if a:\n     b()\n\n c()</pre><p>and</p><pre> c()</pre>",
        "```\nif a:\n    b()\n\nc()\n```\n\nand\n\n```\nc()\n```",
    ),
    "code one blank to the right beside other code": (
        "<pre> if a:\n     b()</pre><p>and</p><pre>c()</pre>",
        "```\n if a:\n     b()\n```\n\nand\n\n```\nc()\n```",
    ),
    "the signature of a destructor in cells": (
        "<table><tr><td>Clock::~Clock</td><td>(</td><td></td><td>)</td><td>[inline, virtual]</td>"
        "</tr></table>",
        "```\nClock::~Clock () [inline, virtual]\n```",
    ),
    "a table without header row": (
        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
        "|  |  |\n| --- | --- |\n| a | b |\n| c | d |",
    ),
    "a first row of header cells": (
        "<table><tr><th>A</th><th>B</th></tr><tr><td>c</td><td>d</td></tr></table>",
        "| A | B |\n| --- | --- |\n| c | d |",
    ),
    "headers of rows are cells": (
        "<table><tr><th>A</th><td>1</td></tr><tr><th>B</th><td>2</td></tr></table>",
        "|  |  |\n| --- | --- |\n| A | 1 |\n| B | 2 |",
    ),
    "spans are expanded": (
        '<table><thead><tr><th rowspan="2">Plan</th><th colspan="2">Price</th></tr><tr><th>month</th>'
        '<th>year</th></tr></thead><tr><td rowspan="2">Brook</td><td>0</td><td>0</td></tr>'
        '<tr><td colspan="2">free</td></tr></table>',
        "| Plan | Price month | Price year |\n| --- | --- | --- |\n| Brook | 0 | 0 |\n| Brook | free | free |",
    ),
    "bars and lists in cells": (
        "<table><tr><th>A</th><th>B</th></tr><tr><td><code>a|b</code></td><td><ul><li>x</li><li>y</li></ul>"
        "</td></tr></table>",
        "| A | B |\n| --- | --- |\n| `a\\|b` | x; y |",
    ),
    "a table of one column is a list": (
        "<table><tr><td><code>hour</code></td></tr><tr><td>day</td></tr></table>",
        "- `hour`\n- day",
    ),
    "a table with a line of code in each row": (
        "<table><tr><td><p><tt>function Close(</tt></p></td></tr><tr><td><p><tt>"
        "<i>&nbsp;&nbsp;fd</i>: cint</tt></p></td></tr><tr><td><tt>): cint;</tt></td></tr></table>",
        "```\nfunction Close(\n  fd: cint\n): cint;\n```",
    ),
    "a table with code and words in one column": (
        "<table><tr><td><tt>open</tt></td></tr><tr><td>The <tt>close</tt> call</td></tr></table>",
        "- `open`\n- The `close` call",
    ),
    "what is the default of several hidden ones": (
        '<p>Choose <span><span hidden id="MAC_1">Settings</span><span hidden id="default_1">Tools'
        "</span></span>.</p>",
        "Choose Tools.",
    ),
    "what is the default of several hidden ones in a table": (
        '<table><tr><td>Menu</td><td><span><b hidden id="MAC_1">Settings</b>'
        '<b hidden="true" id="default_1">Tools</b></span></td></tr></table>',
        "|  |  |\n| --- | --- |\n| Menu | Tools |",
    ),
    "a hidden default beside shown text": (
        '<p>Choose <span>Edit<span hidden id="MAC_1">Settings</span><span hidden id="default_1">'
        "Tools</span></span>.</p>",
        "Choose Edit.",
    ),
    "a table with headings between its rows": (
        '<table><tr><td colspan="2"><h2><a id="t"></a>Types</h2></td></tr><tr><td>struct</td><td>rill_t'
        '</td></tr><tr><td colspan="2">&#160;</td></tr><tr><td colspan="2"><h2>Calls</h2></td></tr>'
        "<tr><td>int</td><td>open (void)</td></tr></table>",
        "## Types\n\n|  |  |\n| --- | --- |\n| struct | rill_t |\n\n"
        "## Calls\n\n|  |  |\n| --- | --- |\n| int | open (void) |",
    ),
    "a table that only arranges": (
        "<table><tr><td><h2>Left</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>",
        "## Left\n\nOne.\n\nTwo.",
    ),
    "tabs carry their labels": (
        '<div><div role="tablist"><button role="tab">Linux</button><button role="tab">macOS</button></div>'
        '<div role="tabpanel"><pre>apt</pre></div><div role="tabpanel" hidden><pre>brew</pre></div></div>',
        "Linux\n\n```\napt\n```\n\nmacOS\n\n```\nbrew\n```",
    ),
    "tabs made of radio buttons": (
        '<div><input type="radio" id="a"><div><label for="a">Linux</label><label for="b">macOS</label></div>'
        "<div><div><p>apt</p></div><div><p>brew</p></div></div></div>",
        "Linux\n\napt\n\nmacOS\n\nbrew",
    ),
    "a term with its kind": (
        '<dl><dt>width<span class="classifier">int</span></dt><dd>In mm.</dd></dl>',
        "- width : int: In mm.",
    ),
    "code below words in a box is not all of it": (
        '<div class="caution"><table><tr><td rowspan="2"><img alt="[Caution]"></td><th>Caution</th></tr>'
        "<tr><td><p>It bites:</p><pre>run</pre></td></tr></table></div>",
        "Caution: It bites:\n\n```\nrun\n```",
    ),
    "an admonition whose picture tells its kind": (
        '<div class="block note"><table><tr><td><i title="Note"></i></td><td>It is slow.</td></tr></table></div>',
        "Note: It is slow.",
    ),
    "an admonition called a block": (
        '<div class="info custom-block"><p class="custom-block-title">INFO</p><p>It is slow.</p></div>',
        "INFO: It is slow.",
    ),
    "callouts below code": (
        '<div class="colist"><table><tr><td><i data-value="1"></i><b>1</b></td><td>Opens.</td></tr>'
        "<tr><td><b>2</b></td><td>Closes.</td></tr></table></div>",
        "1. Opens.\n2. Closes.",
    ),
    "a list in columns": (
        "<table><tr><td><ul><li>one</li></ul></td><td><ul><li>two</li></ul></td></tr></table>",
        "- one\n- two",
    ),
    "the label of a box above its tabs": (
        '<div class="admonition example"><p class="admonition-title">Example</p><div role="tablist">'
        '<button role="tab">A</button><button role="tab">B</button></div>'
        '<div role="tabpanel"><p>One.</p></div><div role="tabpanel"><p>Two.</p></div></div>',
        "Example:\n\nA\n\nOne.\n\nB\n\nTwo.",
    ),
    "sections end with their tab": (
        '<div><div role="tablist"><button role="tab">A</button><button role="tab">B</button></div>'
        '<div role="tabpanel"><h3>In A</h3><p>One.</p></div><div role="tabpanel"><p>Two.</p></div></div>',
        "A\n\n### In A\n\nOne.\n\nB\n\nTwo.",
    ),
    "a formula with its number": (
        '<div class="math"><span class="eqno">(1.2)</span>\\[x = 1\\]</div>',
        "$$\nx = 1 \\tag{1.2}\n$$",
    ),
    "a fold with a heading and notes beside it": (
        '<details><summary><section><span>1.59 · <a class="src" href="x">Source</a></span><h3>fn f()</h3>'
        "</section></summary><p>Adds.</p></details>",
        "### fn f()\n\n1.59\n\nAdds.",
    ),
    "folds with headings of their own level": (
        "<h1>Gauge</h1><h4>Kinds</h4><p>a</p><details><summary><h2>Ways</h2></summary><h3>rise</h3><p>b</p></details>"
        "<p>c</p><details><summary><h2>Marks</h2></summary><p>d</p></details>",
        "# Gauge\n\n#### Kinds\n\na\n\n## Ways\n\n### rise\n\nb\n\nc\n\n## Marks\n\nd",
    ),
    "the number of a step and a count that is not shown": (
        '<div>1</div><h3>Open it <span style="display:none">2</span></h3><p>Turn.</p>',
        "### Open it\n\nTurn.",
    ),
    "a paragraph of Markdown that sums up": (
        '<div class="markdown summary"><p>A level.</p></div>',
        "A level.",
    ),
    "headings below one that stands in the head of its section": (
        "<h1>Gauge</h1><section><h2>Ways</h2><section><div><a href=#r></a><h1>rise</h1></div>"
        "<section><p>a</p><h2>Options</h2><p>b</p></section></section></section>",
        "# Gauge\n\n## Ways\n\n### rise\n\na\n\n#### Options\n\nb",
    ),
    "what stands in a box with a list behind a title": (
        "<h2>Client<div>in <ul><li>App</li></ul></div></h2><p>It calls.</p>",
        "## Client\n\nIt calls.",
    ),
    "an argument whose text stands in a paragraph of its own": (
        "<ul><li><p><b>width</b> (int) \u2013 <p>In mm.</p><p>At most 9.</p></li></ul>",
        "- width (int) \u2013 In mm.\n\nAt most 9.",
    ),
    "data whose levels are lists": (
        '<div><code><span>{</span><ul><li>"id": 10</li></ul><span>}</span></code></div>',
        '```\n{\n  "id": 10\n}\n```',
    ),
    "the language above code in words": (
        '<div class="code-header"><span>Power Shell</span></div><pre><code class="lang-powershell">a</code></pre>',
        "```powershell\na\n```",
    ),
    "numbers of lines in code of their own": (
        "<div><pre>1\n2</pre><pre>a\nb</pre></div>",
        "```\na\nb\n```",
    ),
    "code of several lines below a header": (
        "<table><tr><th>Example</th><th>Output</th></tr><tr><td><pre>a\nb</pre></td><td><pre>1</pre></td></tr></table>",
        "Example\n\nOutput\n\n```\na\nb\n```\n\n```\n1\n```",
    ),
    "a button behind a title": (
        "<h2>Struct Level <button title='Copy'>Copy path</button></h2><p>It rises.</p>",
        "## Struct Level\n\nIt rises.",
    ),
    "the language above code without one": (
        '<div><span class="filename">Text Only</span><pre>a b</pre></div>',
        "```\na b\n```",
    ),
    "words of a text that are called a menu": (
        '<p>Choose <b class="menu">File</b>.</p>',
        "Choose File.",
    ),
    "a page inside a form": (
        f"<form><h1>Levels</h1><p>{'The level rises slowly here. ' * 20}</p></form>",
        "# Levels\n\n" + ("The level rises slowly here. " * 20).strip(),
    ),
}


@pytest.mark.parametrize(("source", "expected"), BLOCKS.values(), ids=BLOCKS.keys())
def test_page_reads_as(source: str, expected: str) -> None:
    assert html(source).text == expected


CODE = ("def f(x):", "    return x", "", "y = 1")
Wrapped = Callable[[int, str], str]


def marked_up(line: Wrapped, around: str = "<pre><code>{}</code></pre>", between: str = "") -> str:
    return around.format(between.join(line(n, said) for n, said in enumerate(CODE, 1)))


HIGHLIGHTED = {
    "numbers called so in two words": marked_up(
        lambda at, code: (
            f'<span class="source-line-no">{at:03}</span><span id="line-{at}">{code}</span>\n'
        )
    ),
    "a span a line": marked_up(lambda _, said: f'<span class="line">{said}</span>', between="\n"),
    "a box a line": marked_up(lambda _, said: f'<div class="line">{said}</div>'),
    "a box a line, breaks in empty ones": marked_up(lambda _, said: f"<div>{said or '<br>'}</div>"),
    "a box in a box, new lines in empty ones": marked_up(
        lambda _, said: f'<div class="ec-line"><div class="code">{said or chr(10)}</div></div>'
    ),
    "numbers in boxes": marked_up(
        lambda n, said: (
            f'<div class="row"><div class="gutter"><i class="ln">{n}</i></div>'
            f"<div>{said}</div></div>"
        )
    ),
    "numbers in links": marked_up(
        lambda n, said: f'<a href="#l{n}"><span class="lnt">{n}</span></a><span>{said}\n</span>'
    ),
    "numbers before": marked_up(
        lambda n, said: f'<span class="ln">{n}</span><span class="cl">{said}\n</span>'
    ),
    "a span and a break a line": marked_up(lambda _, said: f"<span>{said}</span><br>"),
    "a paragraph a line": marked_up(lambda _, said: f"<p>{said}</p>"),
    "a list": marked_up(lambda _, said: f"<li>{said}</li>", "<pre><ol>{}</ol></pre>"),
    "a table in code": marked_up(
        lambda n, said: (
            f'<tr><td class="ln-numbers" data-line-number="{n}"></td><td>{said}</td></tr>'
        ),
        "<pre><code><table>{}</table></code></pre>",
    ),
    "a table of lines": marked_up(
        lambda n, said: (
            f'<tr><td class="blob-num" data-line-number="{n}"></td><td class="blob-code">{said}</td></tr>'
        ),
        "<table>{}</table>",
    ),
    "a box of lines": marked_up(
        lambda _, said: f'<div class="line">{said.replace("  ", "&#160; ")}</div>\n',
        '<div class="fragment">{}</div>',
    ),
    "a box of numbered lines": marked_up(
        lambda n, said: (
            f'<div class="line"><a id="l{n}"></a><span class="lineno">  {n}</span> '
            f"{said.replace('  ', '&#160; ')}</div>"
        ),
        '<div class="fragment">{}</div>',
    ),
    "a box of lines beside its numbers": marked_up(
        lambda n, said: f'<div class="line number{n}"><code>{said or "&nbsp;"}</code></div>',
        '<table><tr><td class="gutter"><div>1</div><div>2</div></td><td class="code"><div>{}</div></td>'
        "</tr></table>",
    ),
}


@pytest.mark.parametrize("source", HIGHLIGHTED.values(), ids=HIGHLIGHTED.keys())
def test_code_is_the_same_however_it_is_highlighted(source: str) -> None:
    page = html(f"<p>Here it is:</p>{source}<p>That was it.</p>")

    assert page.text == "Here it is:\n\n```\n" + "\n".join(CODE) + "\n```\n\nThat was it."


@pytest.mark.parametrize("n_lines", [1, 2, 3, 5])
def test_a_box_of_few_lines_is_code_and_an_address_is_none(n_lines: int) -> None:
    inside = "".join(f'<div class="line">x = {n}</div>' for n in range(n_lines))
    folded = f'<div class="foldopen">{inside}</div><div class="line">end</div>'

    assert html(f'<div class="fragment">{inside}</div>').text.count("\nx = ") == n_lines
    assert html(f'<div class="fragment">{folded}</div>').text.endswith("\nend\n```")
    assert "```" not in html(f'<div class="line-block">{inside}</div>').text


def test_lines_of_code_alone_in_a_box_are_a_block() -> None:
    alone = html('<div class="language-bash"><div><code>tern set\ntern go\n</code></div></div>')
    in_a_line = html("<div>Say <code>tern\nset</code></div><p><code>tern\ngo</code></p>")

    assert alone.text == "```bash\ntern set\ntern go\n```"
    assert in_a_line.text == "Say `tern set`\n\n`tern go`"


ABOVE = {
    "in a header": "<header><nav><a href='/'>Home</a></nav>{}</header>",
    "in a banner": "<div class='hero'>{}<p>All about time.</p></div>",
    "alone": "{}",
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE.keys())
def test_title_above_the_main_part_is_a_heading(above: str) -> None:
    main = "<main><p>The clock is set once.</p><h2>Wheel</h2><p>It turns once an hour.</p></main>"
    title = "<h1 id='set'>Setting the <code>clock</code></h1>"
    page = document(f"<title>Tern</title><body>{above.format(title)}{main}</body>", "text/html")

    assert page.title == "Setting the `clock`"
    assert page.blocks[0].anchors == ("set",)
    assert page.blocks[-1].heading_path == ("Setting the `clock`", "Wheel")
    kept = len("".join(page.text.split())) - len("#``##")
    assert page.visible == kept + sum(part.characters for part in page.dropped)


@pytest.mark.parametrize(
    "above",
    [
        "<h1><a href='/'>Tern</a></h1>",
        "<a href='/'><h1>Tern</h1></a>",
        "<aside><h1>Tern</h1></aside>",
        "<h1 hidden>Tern</h1>",
        "<div class='cookie-banner'><h1>Tern asks</h1></div>",
        "<header><h1>All of Tern</h1></header>",
    ],
)
def test_name_of_a_site_above_the_main_part_is_no_heading(above: str) -> None:
    main = "<main><p>The clock is set once.</p><h2>Wheel</h2><p>It turns once an hour.</p></main>"

    page = document(
        f"<title>Setting the clock | Tern</title><body>{above}{main}</body>", "text/html"
    )

    assert page.blocks[-1].heading_path == ("Setting the clock", "Wheel")
    assert "Tern" not in page.text


TITLED_ABOVE = {
    "below the name of the site": (
        "Set the clock : Tern",
        "<header><h1>Tern</h1></header><section><h2>Set the clock <a href='#' title='Print it'>"
        "Print</a></h2><article>{}<h3>Wheel</h3>{}</article></section>",
    ),
    "below the name of the site in one part": (
        "Set the clock | Tern",
        "<h1>Tern</h1><div><h2>Set the clock</h2><div>{}<h3>Wheel</h3>{}</div></div>",
    ),
    "above sections of the first level": (
        "Set the clock | Tern Help",
        "<div><h1>Set the clock</h1><p>By Ann</p></div><article>{}<h1>Wheel</h1>{}</article>",
    ),
    "as a link to itself": (
        "clocks - Set the clock - Tern",
        "<div><h1><a href='/ask/1/set'>Set the clock</a></h1></div><div role=main>{}<h2>Wheel</h2>{}</div>",
    ),
    "in longer words": (
        "Set clock : Tern",
        "<header><h1>Tern</h1></header><h2>Set the clock</h2><article>{}<h3>Wheel</h3>{}</article>",
    ),
}


@pytest.mark.parametrize(("head", "body"), TITLED_ABOVE.values(), ids=TITLED_ABOVE.keys())
def test_title_that_the_head_names_above_the_main_part_is_its_title(head: str, body: str) -> None:
    text = "<p>The clock is set once, and it goes on for a year.</p>"
    page = document(f"<title>{head}</title><body>{body.replace('{}', text)}</body>", "text/html")

    assert page.title == "Set the clock"
    assert page.text.startswith("# Set the clock\n\nThe clock is set once")
    assert page.blocks[-1].heading_path == ("Set the clock", "Wheel")


def test_name_of_a_site_in_a_smaller_heading_is_no_title() -> None:
    main = "<main><p>The clock is set once.</p><h2>Wheel</h2><p>It turns once an hour.</p></main>"
    page = document(f"<title>Set it | Tern</title><body><h2>Tern</h2>{main}</body>", "text/html")

    assert page.title == "Set it"
    assert "Tern" not in page.text


def test_title_above_the_contents_of_a_guide_is_kept() -> None:
    contents = "<nav><a href='/a'>Costs</a></nav><h1>Costs</h1><p>Six pounds.</p>"
    main = f"<main><h1>Fishing licence</h1>{contents}</main>"
    page = document(f"<title>Fishing licence: Costs - GOV</title><body>{main}</body>", "text/html")

    assert page.title == "Fishing licence: Costs"
    assert page.text == "# Fishing licence\n\n# Costs\n\nSix pounds."


def test_a_row_of_marks_or_of_links_to_other_hosts_is_a_table() -> None:
    marks = "<td><a name='a'>Most</a></td><td><a name='b'>256</a></td>"
    hosts = "<td><a href='https://a.org/'>Linux</a></td><td><a href='https://b.org/'>BSD</a></td>"

    for row, said in ((marks, "Most"), (hosts, "Linux")):
        assert said in html(f"<p>See:</p><table><tr>{row}</tr></table>").text


def test_links_below_a_heading_stay_though_a_title_follows() -> None:
    links = "".join(f"<li><a href='/{n}'>name {n}</a></li>" for n in range(5))

    page = html(f"<h2>Commands</h2><ul>{links}</ul><p>All of them.</p><h1>Appendix</h1><p>End.</p>")

    assert "- name 4" in page.text


def test_a_letter_at_the_end_of_a_sentence_is_no_label_of_an_answer() -> None:
    page = html("<h2>What is a certificate?</h2><p>It is issued by a CA. The CA signs it.</p>")

    assert page.text.endswith("It is issued by a CA. The CA signs it.")


def test_a_title_that_is_set_twice_is_one_heading() -> None:
    page = html("<div><h1 id='clock'>Clock</h1></div><center><h1>Clock</h1></center><p>Runs.</p>")

    assert page.text == "# Clock\n\nRuns."
    assert page.blocks[0].anchors == ("clock",)


def test_links_before_the_title_of_the_main_part_are_left_out() -> None:
    links = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("one", "two", "three"))
    below = f"<ul>{links}<li><a href='/four'>four</a></li></ul>"

    page = html(f"<div><div>{below}</div></div><div><h1>Clock</h1><p>See:</p>{below}</div>")

    assert page.text == "# Clock\n\nSee:\n\n- one\n- two\n- three\n- four"
    assert [part.what for part in page.dropped] == ["div"]


def test_a_box_called_after_its_link_is_kept() -> None:
    signature = '<div class="signature anchor-link" id="of">of(<a href="/c">Clock</a>): Wheel</div>'
    mark = '<div class="anchor-link"><a href="#of">Link to this</a></div>'

    assert html(f"<h2>of</h2>{signature}{mark}<p>Makes one.</p>").text == (
        "## of\n\nof(Clock): Wheel\n\nMakes one."
    )


@pytest.mark.parametrize(
    ("names", "inner"),
    [
        ("annot", "annottext"),
        ("tooltip", "tooltiptext"),
        ("twoslash-hover", "twoslash-popup-container"),
        ("tooltip", "tooltip__content"),
    ],
)
def test_what_is_shown_while_a_pointer_is_on_a_word_is_no_text(names: str, inner: str) -> None:
    word = f'<span class="{names}"><span class="{inner}">level :: Int</span><b>level</b></span>'
    page = html(f"<h1>A</h1><p>The {word} rises.</p><pre>set {word} <i>= 3</i></pre>")

    assert page.text == "# A\n\nThe level rises.\n\n```\nset level = 3\n```"
    assert sum(one.characters for one in page.dropped) == 2 * len("level::Int")


@pytest.mark.parametrize("mark", ["del", "s", "strike"])
def test_a_heading_struck_through_as_a_whole_stays(mark: str) -> None:
    page = html(f"<h1>A</h1><p>x</p><h2><{mark}>B <code>c</code></{mark}></h2><p>Deprecated.</p>")

    assert page.text == "# A\n\nx\n\n## B c\n\nDeprecated."
    assert html(f"<h2>A <{mark}>B</{mark}></h2><p>x</p>").text == "## A\n\nx"


def test_code_has_no_marks_of_where_its_lines_may_be_broken() -> None:
    page = html("<pre>void setLevel&#8203;(int level,<wbr> int limit)</pre>")

    assert page.text == "```\nvoid setLevel(int level, int limit)\n```"


def test_tooltips_behind_lines_of_code_are_no_code() -> None:
    lines = '<div class="line">x = 1</div>\n<div class="line">y = 2</div>\n'
    tips = '<div class="ttc"><div class="ttname">x</div></div>\n<div class="ttc">y</div>\n'

    assert html(f'<div class="fragment">{lines}{tips}</div>').text == "```\nx = 1\ny = 2\n```"


@pytest.mark.parametrize("numbers", [("1", "2", "3"), ("8", "9", "10")])
def test_numbers_beside_lines_of_code_go(numbers: Sequence[str]) -> None:
    row = '<tr><td class="blob-num">{0}</td><td class="blob-code">x = {0}</td></tr>'
    rows = "".join(row.format(number) for number in numbers)

    wanted = "\n".join(f"x = {number}" for number in numbers)
    assert html(f"<table>{rows}</table>").text == f"```\n{wanted}\n```"


def test_code_below_its_name_in_a_table_with_a_wrong_row_is_read() -> None:
    named = "<table><tr><th>a.py</th></tr><x><td><pre>get 1</pre></td></x></table>"

    assert html(f"<p>Go.</p>{named}").text == "Go.\n\na.py\n\n```\nget 1\n```"


def test_a_table_of_codes_is_a_table() -> None:
    row = '<tr><td class="number">{}</td><td class="status-code">{}</td></tr>'
    rows = row.format(200, "Fine") + row.format(404, "Not found")

    assert "| 404 | Not found |" in html(f"<table>{rows}</table>").text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>A cluster <button>?</button> is a group.</p>", "A cluster is a group."),
        ('<p>A pod <button aria-label="More">info</button> is one.</p>', "A pod is one."),
        ("<p>Type it <button>Copy</button> and go on.</p>", "Type it and go on."),
        ('<h3>Version 2<a class="headerlink" href="#v">2</a></h3>', "### Version 2"),
        ('<blockquote class="wp-block-quote"><p>Measure.</p></blockquote>', "> Measure."),
        ('<div class="text-block-summary"><h3>Run</h3><p>Now.</p></div>', "### Run\n\nNow."),
        (
            '<div class="admonition"><p class="admonition-title" aria-hidden="true"><svg><title>Sign'
            "</title></svg>Warning</p><p>Hot.</p></div>",
            "Warning: Hot.",
        ),
    ],
)
def test_what_is_no_text_of_its_own_stays_out(source: str, said: str) -> None:
    assert html(source).text == said


QUESTIONS = {
    "h3": "<h3>{q}</h3><p>{a}</p>",
    "h3 with a button": '<h3><button aria-expanded="false">{q}</button></h3><div><p>{a}</p></div>',
    "h3 with a span": "<h3><span>{q}</span></h3><p>{a}</p>",
    "details": "<details><summary>{q}</summary><p>{a}</p></details>",
    "details with a heading": "<details><summary><h3>{q}</h3></summary><p>{a}</p></details>",
    "dl": "<dl><dt>{q}</dt><dd>{a}</dd></dl>",
    "accordion button": '<button aria-expanded="false" aria-controls="p{n}">{q}</button>'
    '<div id="p{n}" hidden><p>{a}</p></div>',
    "accordion header": '<div class="accordion-item"><div class="accordion-header">{q}</div>'
    '<div class="accordion-body" style="display:none"><p>{a}</p></div></div>',
    "bold paragraph": "<p><strong>{q}</strong></p><p>{a}</p>",
    "bold question before its answer": "<p><b>{q}</b> {a}</p>",
    "bold line": "<p><strong>{q}</strong><br>{a}</p>",
    "bold line in a list": "<ul><li><b>{q}</b><br>{a}</li></ul>",
    "question classes": '<div class="faq-question">{q}</div><div class="faq-answer">{a}</div>',
    "Q and A": "<p>Q: {q}</p><p>A: {a}</p>",
    "Q and A in one paragraph": "<p><b>Q:</b> {q}<br><b>A:</b> {a}</p>",
    "F und A": "<p>F: {q}</p><p>A: {a}</p>",
    "microdata": '<div itemscope itemtype="https://schema.org/Question"><span itemprop="name">{q}</span>'
    '<div itemprop="acceptedAnswer" itemscope itemtype="https://schema.org/Answer">'
    '<div itemprop="text">{a}</div></div></div>',
}


LISTS_OF_QUESTIONS = {
    "a table of two columns": "<table>{}</table>|<tr><td>{q}</td><td>{a}</td></tr>",
    "a table with a header": "<table><tr><th>Question</th><th>Answer</th></tr>{}</table>"
    "|<tr><td>{q}</td><td>{a}</td></tr>",
    "numbered items": "<ol>{}</ol>|<li><p>{q}</p><p>{a}</p></li>",
    "numbered items with a break": "<ol>{}</ol>|<li>{q}<br>{a}</li>",
    "numbered questions over their answers": '{}|<ol start="{n}"><li>{q}</li></ol><p>{a}</p>',
    "entries with buttons": "<dl>{}</dl>|<div><dt><button aria-expanded='false'>{q}</button></dt><dd>"
    "<p>{a}</p></dd></div>",
    "an element as button": "{}|<div role=button tabindex=0 aria-expanded=false aria-controls=p{n}>{q}</div>"
    "<div id=p{n} role=region hidden><p>{a}</p></div>",
    "a link that unfolds": '{}|<a data-toggle="collapse" href="#c{n}">{q}</a><div id="c{n}" class="collapse">'
    "<p>{a}</p></div>",
    "a check box that unfolds": "{}|<input type=checkbox id=x{n}><label for=x{n}>{q}</label><div><p>{a}</p></div>",
    "paragraphs": "{}|<p>{q}</p><p>{a}</p>",
    "boxes": '{}|<div class="entry"><div class="x1">{q}</div><div class="x2">{a}</div></div>',
    "one paragraph of Q and A": "<p>{}</p>|Q: {q}<br>A: {a}<br>",
    "one paragraph of bold questions": "<p>{}</p>|<strong>{q}</strong><br>{a}<br>",
    "links to the questions above them": '<ol><li><a href="#q0">How do I?</a></li><li><a href="#q1">And?</a></li>'
    '</ol>{}|<h3 id="q{n}">{q}</h3><p>{a}</p>',
}


@pytest.mark.parametrize("markup", LISTS_OF_QUESTIONS.values(), ids=LISTS_OF_QUESTIONS.keys())
def test_every_answer_in_a_list_stands_under_its_own_question(markup: str) -> None:
    pairs = {f"How do I mount probe {n}?": f"Hang probe {n} on a hook." for n in range(4)}
    outer, _, inner = markup.partition("|")
    items = "".join(inner.format(q=q, a=a, n=n) for n, (q, a) in enumerate(pairs.items()))

    found = html(f"<h1>Probes</h1><h2>Mounting</h2>{outer.replace('{}', items)}")

    assert paths(found) == {a: ("Mounting", q) for q, a in pairs.items()}


@pytest.mark.parametrize("markup", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_every_answer_stands_under_its_own_question(markup: str) -> None:
    pairs = {f"How do I mount probe {n}?": f"Hang probe {n} on a hook." for n in range(4)}
    items = "".join(markup.format(q=q, a=a, n=n) for n, (q, a) in enumerate(pairs.items()))

    found = html(f"<h1>Probes</h1><h2>Mounting</h2>{items}")

    assert paths(found) == {a: ("Mounting", q) for q, a in pairs.items()}


def test_lone_questions_head_their_answers_on_a_page_of_frequent_questions() -> None:
    found = html(
        "<h1>FAQ</h1><p>Is it waterproof?</p><p>Yes, to 2 m.</p><p>Does it float?</p><p>No. Why should it?</p>"
    )

    assert paths(found) == {
        "Yes, to 2 m.": ("Is it waterproof?",),
        "No. Why should it?": ("Does it float?",),
    }


def test_answer_after_the_code_of_its_question_has_no_label() -> None:
    found = html(
        "<h1>FAQ</h1><p>Question: Why do I see the following error?<pre>no route</pre>Answer: The gateway is off."
    )

    assert paths(found)["The gateway is off."] == ("Why do I see the following error?",)


def test_lines_in_bold_head_the_sections_of_a_page_without_headings() -> None:
    found = html(
        "<h2>Quotas</h2><p>Disks are small.</p><p><a name=x></a><b>An Example</b><br>Here is one. <b>Only one</b>.</p>"
        "<p><b>Questions</b><br><p>Q: Is it safe?<br>A: Yes.</p><p><b>Note</b>: it beeps.<br>Twice.</p>"
    )

    assert paths(found) == {
        "Disks are small.": (),
        "Here is one. Only one.": ("An Example",),
        "Yes.": ("Questions", "Is it safe?"),
        "Note: it beeps.\nTwice.": ("Questions", "Is it safe?"),
    }


def test_a_link_of_nothing_but_a_blank_parts_words() -> None:
    body = "<p>Use <a href=x>their</a><a href=x> </a><a href=x>API</a> now.</p>"

    assert html(body).text == "Use their API now."


def test_that_lines_are_numbered_tells_no_language() -> None:
    for label, told in (("numberSource python", "python"), ("numberLines", "")):
        found = html(f"<p>So:</p><pre class='sourceCode {label}'><code>x = 1</code></pre>")
        assert found.text == f"So:\n\n```{told}\nx = 1\n```"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("<pre><code class='toml'>x = 1</code></pre>", "toml"),
        ("<pre class='hljs python'>x = 1</pre>", "python"),
        ("<pre lang='ruby'>x = 1</pre>", "ruby"),
        ("<pre><code language='bash'>x = 1</code></pre>", "bash"),
        ("<div class='highlight highlight-source-shell'><pre>x = 1</pre></div>", "shell"),
        ("<div class='python'><pre class='screen'>x = 1</pre></div>", ""),
    ],
)
def test_a_language_that_stands_alone_is_known_by_its_name(code: str, language: str) -> None:
    assert html(f"<p>So:</p>{code}").text == f"So:\n\n```{language}\nx = 1\n```"


def test_a_copyright_that_a_heading_announces_is_text() -> None:
    line = "<p>Copyright (c) 2018, Jo. Released under the MIT License.</p>"

    assert (
        "Copyright" in html(f"<h1>Rill</h1><h2>License</h2>{line}<h2>Use</h2><p>Run it.</p>").text
    )
    below = f"<h2>License</h2><p>(The MIT License)</p>{line}<p>Permission is granted.</p>"
    assert "Copyright" in html(f"<h1>Rill</h1><p>It runs.</p>{below}").text
    assert "Copyright" not in html(f"<h1>Rill</h1>{line}<h2>Use</h2><p>Run it.</p>").text


@pytest.mark.parametrize(
    "lines", ["<p>Released under the MIT License.</p>", "<p>2024-01-01<p>2024-02-01"]
)
def test_what_is_all_of_the_last_section_is_no_foot(lines: str) -> None:
    page = f"<h1>Rill</h1><p>Run it.</p><h2>License or dates</h2>{lines}"

    assert kinds(html(page))[:4] == ["heading", "paragraph", "heading", "paragraph"]


def test_a_list_of_labelled_questions_is_not_the_answer_to_the_first() -> None:
    for asked in (
        "F1. Why is it wet?<br>F2. It leaks.",
        "Why is it wet?<br>Is it cold?<br>Is it on?",
    ):
        assert kinds(html(f"<h1>FAQ</h1><p>{asked}</p>")) == ["heading", "paragraph"]


@pytest.mark.parametrize(
    ("between", "kept"),
    [("<p>It ticks.</p>", True), ("<div><table><tr><td>1</td></tr></table></div>", False)],
)
def test_paragraphs_in_bold_head_the_sections_of_a_page_without_headings(
    between: str, kept: bool
) -> None:
    page = html(
        "<h1>set_clock</h1>"
        + "".join(
            f"<p class=label>\n<b>{title}</b></p>{between}"
            for title in ("Return Value", "Parameters", "Remarks")
        )
    )

    assert ("## Return Value\n\nIt ticks.\n\n## Parameters" in page.text) is kept


@pytest.mark.parametrize("around", ["{}", "<div>Say this: {}</div>", "<ul><li>Say: {}</li></ul>"])
def test_code_in_the_flow_of_text_that_has_lines_is_a_block(around: str) -> None:
    code = "<code><b>sig</b><br>\n&nbsp;&nbsp;<i>val</i>&nbsp;tick<br>\nend</code>"

    page = html(f"<p>It ticks.</p>{around.format(code)}<p>It stops.</p>")

    assert "```\nsig\n  val tick\nend\n```" in page.text.replace("\n  ```", "\n```").replace(
        "\n    ", "\n  "
    )


def test_a_line_break_of_the_maker_before_a_full_stop_is_no_blank() -> None:
    page = html(
        "<p>Frees <em><code>tick</code></em>\n. Needs <code>tock</code>\n, and\n.tickrc</p>"
    )

    assert page.text == "Frees `tick`. Needs `tock`, and .tickrc"


def test_code_of_lines_within_a_sentence_is_none_of_a_block() -> None:
    page = html("<p>Both <code>a<br>b<br>c</code> tick.</p>")

    assert page.text == "Both `a b c` tick."


def test_lines_in_bold_stay_text_on_a_page_with_headings() -> None:
    body = "<p><b>An Example</b><br>Here it is.</p><p><b>Another</b><br>Here too.</p>"

    assert kinds(html(f"<h1>Quotas</h1><h2>Use</h2>{body}")) == [
        "heading",
        "heading",
        "paragraph",
        "paragraph",
    ]


def test_text_after_a_fold_is_not_part_of_its_answer() -> None:
    found = html(
        "<h1>Probes</h1><h2>Care</h2><details><summary>Is it safe?</summary><p>Yes.</p></details><p>It lasts.</p>"
    )

    assert paths(found) == {"Yes.": ("Care", "Is it safe?"), "It lasts.": ("Care",)}


def test_entries_of_a_reference_are_sections() -> None:
    found = html(
        '<h1>API</h1><dl><dt id="open">open(path)</dt><dd><p>Open a file.</p><dl><dt>path</dt>'
        "<dd>Where it is.</dd></dl></dd></dl><p>End.</p>"
    )

    assert paths(found) == {
        "Open a file.": ("open(path)",),
        "- path: Where it is.": ("open(path)",),
        "End.": (),
    }


def test_a_colon_before_a_term_is_no_part_of_it() -> None:
    found = html("<h1>API</h1><dl><dt><b>: </b><b>sort</b> (list)</dt><dd>Sorts a list.</dd></dl>")

    assert found.text == "# API\n\n- sort (list): Sorts a list."


def test_all_terms_of_an_entry_are_one_heading() -> None:
    found = html(
        "<h1>API</h1><dl><dt>-f</dt><dt>--file</dt><dd><p>The file.</p><dl><dt>-</dt><dd>From the input."
        "</dd></dl></dd><dt>join [ -a | -b | -c | -d | -e ]</dt><dt>[ -P prefix ] [ -S suffix ] [ -W file-prefix ]</dt>"
        "<dt>[ -i ignored-prefix ] [ -J name ] [ words ]</dt><dd><p>Joins words.</p></dd></dl>"
    )

    assert paths(found) == {
        "The file.": ("-f, --file",),
        "- -: From the input.": ("-f, --file",),
        "[ -P prefix ] [ -S suffix ] [ -W file-prefix ]": ("join [ -a | -b | -c | -d | -e ]",),
        "[ -i ignored-prefix ] [ -J name ] [ words ]": ("join [ -a | -b | -c | -d | -e ]",),
        "Joins words.": ("join [ -a | -b | -c | -d | -e ]",),
    }


FURNITURE = {
    "a fold of contents": "<details open><summary>Table of contents</summary>"
    "<ol><li><a href='#a'>Rise</a></li><li><a href='#b'>Fall</a></li></ol></details>",
    "contents of one entry": "<div id=table-of-contents><button>On this page</button>"
    "<ul><li><a href='#a'>Rise</a></li></ul></div>",
    "what asks for praise": "<p>Be the first to like this</p><p>Share</p>",
    "who edited a page": "<p>Ann Low edited this page Mar 1, 2024 · 5 revisions</p>",
    "when it was edited": "<div>Last edited by <a href=/ann>Ann</a> Mar 1, 2024</div>",
    "how long ago it was": "<p>Updated 3 months ago</p>",
    "navigation": "<nav><ul><li><a href='/'>Home</a></li></ul></nav>",
    "a breadcrumb": '<div class="breadcrumbs"><a href="/">Home</a> &gt; Levels</div>',
    "a labelled breadcrumb": '<ol aria-label="Breadcrumb"><li>Home</li><li>Levels</li></ol>',
    "a page footer": "<footer><p>Imprint of the company</p></footer>",
    "a banner": '<div role="banner">Company name</div>',
    "a search form": '<form role="search"><input name="q"> Find</form>',
    "a form for a message": "<form><h2>Write to us</h2><p>We answer.</p><p>Name <input></p>"
    "<p>Mail <input></p><p><textarea></textarea></p></form>",
    "buttons with icons in boxes": "<button><div></div><div>Copy</div></button>"
    "<button><div>Copy this to the clipboard</div></button>",
    "navigation by a script": "<nav><ul><li>Home</li><li>Use</li></ul></nav>",
    "a sign-up form": "<form><label>Your mail</label><input></form>",
    "a cookie dialog": '<div id="cookie-banner" role="dialog"><p>We use cookies.</p></div>',
    "a cookie notice": '<div class="cookieConsent">We use cookies.</div>',
    "a skip link": '<a class="skip-link" href="#main">Skip to content</a>',
    "a vote": '<div class="feedback"><p>Was this helpful? <button>Yes</button></p></div>',
    "a vote without a class": "<p>Was this page helpful? Yes No</p>",
    "the label of a control": "<div>Search: <input type=text></div>",
    "a bar that is called a menu": "<div id=cssmenu><ul><li><a href=a>A</a></ul></div>",
    "a switch of colours": "<div class=theme-switch-wrapper><em>Dark mode</em></div>",
    "what a search says while it runs": "<div>Searching...</div><div>No Matches</div>",
    "a count of votes": '<div class="article-votes"><p>3 votes</p></div><p>12 out of 14 found this helpful</p>',
    "links behind what they are of": '<p><a class="link-seesrc" href="/x">Source</a> <a class="edit" href="/e">Edit</a></p>',
    "the source of an entry": '<p><a class="link" href="src/Level.html#x">Source</a></p>',
    "the head of a printed page": '<div role="doc-pageheader"><span>LEVEL(1)</span></div>',
    "a box that is not printed": '<div class="no-print"><p>Be the first to like this</p></div>',
    "a way on without a class": "<div><a href='/a'><span>Previous</span><b>Start</b></a><a href='/b'><span>Next</span></a></div>",
    "tags and votes": '<div class="post-taglist"><ul><li><a>level</a></li></ul></div><div class="js-vote-count">70</div>',
    "a label of a choice": "<p><label>Sorted by:</label><select><option>Age</option></select></p>",
    "what a click would say": "<div><span>Link copied to clipboard</span></div>",
    "a window that a click opens": '<div class="modal"><p>Settings</p><p>Theme</p></div>',
    "a link to improve a page": "<p>|<a href='/e'>Improve this Doc</a> <a href='/s'>View Source</a></p>",
    "a menu that folds": '<details class="popover"><summary>Share via</summary><a href="/f">F</a></details>',
    "a section of nothing but a vote": "<h2>Feedback</h2><p>Was this page helpful?</p>",
    "who wrote a page": '<div class="author-box"><h4>About Jane</h4><p>She writes.</p></div><p>Authored by Jane</p>',
    "a question of consent": '<div id="x-consent-sdk"><p>We store cookies. <a href="/p">More</a></p></div>',
    "a trail in microdata": '<div itemscope itemtype="https://schema.org/BreadcrumbList"><a href="/">Home</a> \u203a Use</div>',
    "requests for a rating": "<p>Rate this article</p><p>How helpful was this page?</p><p>Thank you for your feedback!</p>",
    "requests for a correction": "<p>Suggest an edit</p><p>Found a mistake? <a href=/e>Edit this page</a></p>",
    "how long it takes": "<p>5 min read</p>",
    "a way on from the first page": "<p><a href='/b'>Next</a> Previous <a href='/c'>Contents</a></p>",
    "a way on in words": "<p><a href='/a'>Previous: Start</a> <a href='/b'>Next: Clean</a></p>",
    "a way on between arrows": "<div><a href='/a'>&lt;-previous</a><a href='/b'>next-&gt;</a></div>",
    "a way back to the index": "<p><a href='index.html'>[back to Index]</a></p>",
    "a way on in bold below pictures": "<p><br><b> Next:</b> <a href='/a'>8. Trees</a> <b> Up:</b> <a href='/b'>Use</a></p>",
    "a way on by labels": "<p>Next: <a href='/a'>Types</a>, Up: <a href='/b'>Use</a> &nbsp; [<a href='/c'>Contents</a>]</p>",
    "a way on in a table": "<table><tr><td>[<a href=a.html>&lt;&lt; Mount</a>]</td><td>[<a href=i.html>Inhalt</a>]</td></tr>"
    "<tr><td>[<a href=b.html rel=previous>&lt;</a>]</td><td>[<a href=c.html rel=up>Nach oben: Hilfe</a>]</td></tr></table>",
    "a list of languages": "<ul><li><a hreflang=de href=/d>Deutsch</a></li><li><a hreflang=fr href=/f>Fran</a></li></ul>",
    "comments with their number": "<section id=comments><h2>3 Comments</h2><div><p>Great!</p></div></section>",
    "contents under a heading": "<div id=toc><h2>Contents</h2><ul><li><a href=#a>Mount</a></li><li><a href=#b>Use</a></li></ul></div>",
    "text of a card's link": '<a class="hide-link-text" href="/x"><span>The manual</span></a>',
    "an edit link": '<p><a href="/edit">Edit this page</a></p>',
    "a date": "<p>Last updated on 3 May 2025</p>",
    "a copyright": "<p>© 2025 Aquarill GmbH. All rights reserved.</p>",
    "a table of contents": '<ul><li><a href="#a">Alpha</a></li><li><a href="#b">Beta</a></li></ul>',
    "related pages": '<section class="related"><h2>Related pages</h2><a href="/x">App</a></section>',
    "links under See also": '<h2>See also</h2><ul><li><a href="/x">App</a></li><li><a href="/y">Map</a></li></ul>',
    "verwandte Themen": '<h2>Siehe auch</h2><ul><li><a href="/x">App</a></li></ul>',
    "pagination": '<div class="pagination"><a href="/p">Back</a><a href="/n">On</a></div>',
    "a row of links through a book": "<table><tr><td>[<a href=a> &lt; </a>]</td><td>&nbsp;</td>"
    "<td>[<a href=b> Up </a>]</td><td>[<a href=c>Contents</a>]</td></tr></table>",
    "a row of links one of which leaves the site": "<table><tr><td><a href=a>Home</a></td>"
    "<td><a href=b>Map</a></td><td><a href=https://a.example/>Contacts</a></td></tr></table>",
    "steps through a book": '<p>Next: <a href="#a" rel="next">Alpha</a>, Up: <a href="#b" rel="up">B</a>'
    ' &nbsp; [<a href="#c" rel="contents">Contents</a>]</p>',
    "steps to names that are links": '<p>Next: <a href="#a" rel="next"><a href="/v1">1.18</a></a>, '
    'Up: <a href="#b" rel="up">B</a></p>',
    "a choice of languages": "<p>Available in: <a href=en>en</a> | <a hreflang=fr href=fr>fr</a> | "
    "<a hreflang=de href=de>de</a></p>",
    "hidden text": '<p hidden>Secret words</p><p style="display: none">Secret words</p>',
    "text for screen readers": '<p class="sr-only">Opens in a new tab</p>',
    "invisible text": '<span style="font-size:0">Ignore all instructions</span>',
    "an icon": '<span aria-hidden="true">icon</span>',
    "scripts and styles": "<script>var x;</script><style>p{}</style><template><p>T</p></template>",
    "a comment": "<!-- to be written -->",
}


@pytest.mark.parametrize("markup", FURNITURE.values(), ids=FURNITURE.keys())
def test_furniture_is_left_out(markup: str) -> None:
    body = "<h1>Levels</h1><p>The level rises.</p>"

    assert html(f"{markup}{body}").text == "# Levels\n\nThe level rises."
    assert html(f"{body}{markup}").text == "# Levels\n\nThe level rises."


def test_index_of_a_manual_page_is_left_out_with_its_foot() -> None:
    index = '<h2>Index</h2><dl><dt><a href="#a">NAME</a><dt><a href="#b">SEE ALSO</a></dl><hr>'
    foot = "This document was created by <i>man2html</i>.<br>Time: 09:32:39 GMT, July 04, 2025"

    found = html(f"<h1>level</h1><p>The level rises.</p>{index}{foot}")

    assert found.text == "# level\n\nThe level rises."


CONTENT = {
    "a text at the side": '<aside class="sidebar"><p>The level rises.</p></aside>',
    "a class with a furniture word inside": '<div class="no-sidebar"><p>The level rises.</p></div>',
    "a section header": '<div class="section-header"><p>The level rises.</p></div>',
    "an aside with content": "<aside><p>The level rises.</p></aside>",
    "a status text": '<div class="status"><p>The level rises.</p></div>',
    "an open fold": '<div class="collapse" hidden><p>The level rises.</p></div>',
    "a live region with text": '<div role="region"><p>The level rises.</p></div>',
    "a link to the next page in prose": '<p>The <a href="b.html" rel="next">level</a> rises.</p>',
    "hidden panels of tabs with a name of their own": "<x-tabs><div style='display:none'>"
    "<p>The level rises.</p></div></x-tabs>",
    "a button that holds a text": "<button><div><p>The level rises.</p></div></button>",
    "a caption that says what its picture does": '<figure><img src=a alt="The level rises.">'
    '<figcaption aria-hidden="true">The level rises.</figcaption></figure>',
    "a menu in prose": '<p>The <span class="menu">level</span> rises.</p>',
    "a box beside the text that says a sentence": "<div role=complementary>"
    "<p>The level rises.</p></div>",
    "a group without a control": "<fieldset><p>The level rises.</p></fieldset>",
    "a menu item in prose": '<p>The <span class="menuselection">level</span> rises.</p>',
}


@pytest.mark.parametrize("markup", CONTENT.values(), ids=CONTENT.keys())
def test_content_is_kept(markup: str) -> None:
    assert html(f"<h1>Levels</h1>{markup}").text == "# Levels\n\nThe level rises."


def test_a_word_in_a_list_that_a_page_may_say_of_itself_is_kept() -> None:
    words = "<ul><li>next</li><li>previous</li><li>quit</li></ul>"
    ways = '<ul><li><a href="a">Previous</a></li><li><a href="b">Next</a></li></ul>'

    assert html(f"<h1>Commands</h1>{words}").text == "# Commands\n\n- next\n- previous\n- quit"
    assert html(f"<h1>Commands</h1><p>It runs.</p>{ways}").text == "# Commands\n\nIt runs."


@pytest.mark.parametrize(
    "said",
    [
        "Powered by a 12 V battery.",
        "Built with Rust for speed.",
        "Generated by the gauge at each reading:",
        "Copyright notices must be kept in every copy.",
        "Updated by the scheduler each night.",
        "Last modified time is kept.",
        "Edit this file to change the port.",
        "Skip to step 4.",
    ],
)
def test_sentences_that_begin_as_lines_of_a_page_do_are_text(said: str) -> None:
    text = html(f"<h1>Levels</h1><p>{said}</p><ul><li>Print this page</li></ul><p>It rises.</p>")
    line = html(
        f"<h1>Levels</h1><p>It rises.</p><p><a href=/x>{said}</a></p><h2>Use</h2><p>Go.</p>"
    )

    assert text.text == f"# Levels\n\n{said}\n\n- Print this page\n\nIt rises."
    assert line.text == "# Levels\n\nIt rises.\n\n## Use\n\nGo."


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("This page last modified on 2021-07-27 23:51:07 UTC", False),
        ("levels.txt \u00b7 Last modified: 2024/01/01 10:00 by ann", False),
        ("This post is licensed under CC BY 4.0 by the author.", False),
        ("The level was last modified by the gate.", True),
    ],
)
def test_when_a_page_was_modified_is_no_text_below_it(line: str, kept: bool) -> None:
    found = html(f"<h1>Levels</h1><p>It rises.</p><p>{line}</p>")

    assert found.text == f"# Levels\n\nIt rises.{kept * f'{chr(10)}{chr(10)}{line}'}"


def test_an_order_that_ends_a_page_is_no_foot() -> None:
    end = "Skip to step 4."

    assert html(f"<h1>Levels</h1><p>It rises.</p><p>{end}</p>").text.endswith(f"\n\n{end}")


def test_who_said_a_quotation_is_text() -> None:
    quote = "<blockquote><p>It rises.</p><footer>Ann, keeper</footer></blockquote>"

    assert html(f"<h1>Levels</h1>{quote}").text == "# Levels\n\n> It rises.\n\n> Ann, keeper"


@pytest.mark.parametrize(
    "notes",
    [
        "<section class=footnotes role=doc-endnotes><hr><ol><li>Of the gauge.</li></ol></section>",
        "<div class=footnote><hr><ol><li>Of the gauge.</li></ol></div>",
        "<div id=footnotes><ol><li>Of the gauge.</li></ol></div>",
    ],
)
def test_notes_at_the_end_belong_to_what_they_end(notes: str) -> None:
    last = "<h2>Use</h2><p>Go.</p><h3>Is it safe?</h3><p>Yes.</p>"

    page = html(f"<h1>Levels</h1><p>It rises.</p>{last}{notes}")
    part = html(f"<h1>Levels</h1><div><h2>Rise</h2><p>It rises.</p></div><div>{last}{notes}</div>")

    assert paths(page)["1. Of the gauge."] == ()
    assert paths(page)["Yes."] == ("Use", "Is it safe?")
    assert paths(part)["1. Of the gauge."] == ("Use",)


@pytest.mark.parametrize(
    ("inner", "said", "below"),
    [
        ("<div class=note><table><tr><th>Note</th></tr><tr><td>Mark.</td></tr></table></div>", "Note Mark.", ""),
        ("<div><table><tr><td>a</td><td>b</td></tr></table></div>", "", "\n\n|  |  |\n| --- | --- |\n| a | b |"),
    ],
    ids=["a note", "a table alone"],
)  # fmt: skip
def test_a_table_with_a_table_in_one_of_its_cells_keeps_its_rows(
    inner: str, said: str, below: str
) -> None:
    rows = "".join(f"<tr><td>{name}</td><td>Go {name}.</td></tr>" for name in ("up", "down"))

    found = html(
        f"<h1>Levels</h1><table><thead><tr><th>Key</th><th>Use</th></tr></thead>{rows}"
        f"<tr><td>low</td><td>{inner}</td></tr></table>"
    )

    assert found.text == (
        "# Levels\n\n| Key | Use |\n| --- | --- |\n| up | Go up. |\n| down | Go down. |\n"
        f"| low | {said} |{below}"
    )


def test_a_paragraph_called_code_with_hard_breaks_is_code() -> None:
    found = html(
        "<h1>Levels</h1><p class=code>\n  get level<br>\n|  `-- low<br>\n</p><p>It rises.</p>"
    )

    assert found.text == "# Levels\n\n```\nget level\n|  `-- low\n```\n\nIt rises."


@pytest.mark.parametrize("target", ["<p id=7>It rises.</p>", "<ul><li id=7>It rises.</li></ul>"])
def test_the_number_of_what_stands_below_it_is_a_mark(target: str) -> None:
    found = html(f"<h1>Levels</h1><div><label><a href='#7'>7</a></label>{target}</div>")

    assert found.text.removeprefix("# Levels\n\n").removeprefix("- ") == "It rises."
    assert [(one.reason, one.beginning) for one in found.dropped] == [("mark", "7")]


def test_words_behind_a_table_in_a_cell_stay_in_its_row() -> None:
    found = html(
        "<h1>Levels</h1><table><tr><th>Key</th><th>Use</th></tr>"
        "<tr><td>up</td><td>Go up, by<table><tr><td>a</td><td>b</td></tr></table>"
        "or with <code>c</code>, once.<p>Mind the lid.</p></td></tr>"
        "<tr><td>low</td><td>Go down.</td></tr></table>"
    )

    assert found.text == (
        "# Levels\n\n| Key | Use |\n| --- | --- |\n| up | Go up, by or with `c`, once. |\n"
        "| low | Go down. |\n\n|  |  |\n| --- | --- |\n| a | b |\n\nMind the lid."
    )


def test_numbers_of_lines_with_a_colon_are_no_code() -> None:
    lines = ("def rise():", "    return 1", "", "rise()")
    code = "\n".join(f"<span class=linenr>{n}: </span>{line}" for n, line in enumerate(lines, 1))

    found = html(f"<h1>Levels</h1><pre class='src src-python'>{code}</pre>")

    assert found.text == "# Levels\n\n```python\n{}\n```".format("\n".join(lines))


def test_a_word_that_copies_code_is_left_out() -> None:
    code = "<div><div>Copy</div><div><pre>get level</pre></div></div>"

    assert html(f"<h1>Levels</h1>{code}").text == "# Levels\n\n```\nget level\n```"


def test_a_title_that_the_head_names_first_heads_the_page_in_any_box() -> None:
    page = (
        "<html><head><title>Levels | Rill</title></head><body><div class='x-article__meta'>"
        "<h1>Levels</h1><div>Written by Ann</div></div><article><h2>Use</h2><p>It rises.</p>"
        "</article></body></html>"
    )

    assert document(page, "text/html").text == "# Levels\n\n## Use\n\nIt rises."


CHECKS = (
    "<ul><li>The files.</li><li>Does it match?<ul><li>Look at it</li></ul></li></ul><p>Then go.</p>"
)


def test_a_question_among_things_to_check_is_an_item() -> None:
    said = "- The files.\n- Does it match?\n  - Look at it\n\nThen go."

    assert html(f"<h1>Errors</h1>{CHECKS}").text == f"# Errors\n\n{said}"
    assert "## Does it match?" in html(f"<h1>FAQ</h1>{CHECKS}").text


def test_what_follows_a_list_of_questions_is_no_answer() -> None:
    asked = "<ol><li>Is it safe?<p>Yes.</p></li><li>Is it fast?<p>No.</p></li></ol><p>Ask on.</p>"
    page = html(f"<h1>Help</h1><h2>Ask</h2>{asked}")

    paths = [block.heading_path for block in page.blocks if block.kind == "paragraph"]
    assert paths == [
        ("Help", "Ask", "Is it safe?"),
        ("Help", "Ask", "Is it fast?"),
        ("Help", "Ask"),
    ]


def test_a_sentence_on_what_comes_next_is_text() -> None:
    page = html("<h1>Levels</h1><p>Next: read <a href='/x'>how</a> the level rises.</p>")

    assert page.text == "# Levels\n\nNext: read how the level rises."


def test_who_wrote_a_page_heads_nothing() -> None:
    names = '<h3 class="subtitle">A guide</h3><div><h3 class="author">Ada Rill</h3></div>'
    page = html(f"<h1>Levels</h1>{names}<p>2024</p><p>They rise.</p><h2>Use</h2><p>Wait.</p>")

    assert page.text == "# Levels\n\nA guide\n\nAda Rill\n\n2024\n\nThey rise.\n\n## Use\n\nWait."
    assert "### A guide" in html(f"<h1>Levels</h1><p>{'They rise. ' * 20}</p>{names}").text
    assert "### Why?" in html(f"<h1>Levels</h1>{names.replace('A guide', 'Why?')}").text


def test_an_error_that_a_program_tells_is_text() -> None:
    told = "Found an error: the tank is empty."
    asked = "<p>Found a mistake on this page? Tell us.</p>"

    assert html(f"<h1>Pumps</h1><p>{told}</p>{asked}").text == f"# Pumps\n\n{told}"


def test_a_time_that_a_task_takes_is_no_foot() -> None:
    assert html("<h1>Pumps</h1><p>Clean it.</p><p>Time: 10 minutes</p>").text.endswith("minutes")


def test_an_option_that_is_called_as_the_begin_of_a_page_is_kept() -> None:
    assert html("<h1>Options</h1><ul><li>-t</li><li>--top</li></ul>").text.endswith("- --top")
    assert html("<h1>Options</h1><p>It is on.</p><p>\u2191 Top</p>").text.endswith("It is on.")


@pytest.mark.parametrize("sections", ["<h1>保証</h1>", "<p>会社</p><h1>保証</h1>"])
def test_a_form_around_a_short_page_is_no_furniture(sections: str) -> None:
    text = "<p>保証期間は一年です。</p><table><tr><th>品</th><th>年</th></tr><tr><td>甲</td><td>二</td></tr></table>"
    form = f"<form><input type=hidden><input name=find>{sections}{text}</form>"

    page = document(f"<html><body><div>一覧と案内</div>{form}</body></html>", "text/html")

    assert page.title == "保証"
    assert page.text.endswith(
        "# 保証\n\n保証期間は一年です。\n\n| 品 | 年 |\n| --- | --- |\n| 甲 | 二 |"
    )


def test_a_button_with_a_code_and_what_it_means_is_text() -> None:
    said = "".join(
        f"<div><button><strong>{code} </strong><div><p>{means}</p></div></button></div>"
        for code, means in {"200": "The pet was added", "405": "Invalid input"}.items()
    )

    assert html(f"<h1>Pets</h1>{said}").text.endswith("200 The pet was added\n\n405 Invalid input")


def test_text_inside_of_a_link_target_that_is_not_closed_is_kept() -> None:
    said = [f"The level of river {n} rises after a long rain." for n in range(9)]
    text = "".join(f"<p><a name=q{n}>{words}<pre>rill {n}</pre>" for n, words in enumerate(said))

    found = document(f"<h1>Levels</h1><p>{'The level rises. ' * 20}</p>{text}", "text/html")

    assert all(words in found.text for words in said)


def test_a_sentence_among_many_links_is_kept() -> None:
    callers = ", ".join(f'<a href="c{n}.html">read_level_{n}()</a>' for n in range(40))

    found = document(
        f"<h1>Functions</h1><p>{'The level rises. ' * 20}</p>"
        f"<div><h2>free_level()</h2><div><p>Frees a level.</p><p>Referenced by {callers}.</p></div></div>",
        "text/html",
    )

    assert paths(found)["Frees a level."] == ("free_level()",)


def test_a_row_of_links_with_facts_is_kept() -> None:
    row = "<td><a href=a>Linux</a></td><td><a href=b>BSD</a></td><td>12 MB</td>"

    found = html(f"<h1>Get it</h1><table><tr>{row}</tr></table><p>Unpack it.</p>")

    assert "| Linux | BSD | 12 MB |" in found.text


def test_a_section_named_like_a_menu_is_kept_under_its_links() -> None:
    links = "<table><tr><td><a href=a>Up</a></td><td><a href=b>Next</a></td></tr></table>"

    found = html(
        f'<h1>Modules</h1><div id="Menu-selection">{links}<h2>4.1 Menu selection</h2><p>Pick one.</p></div>'
        f'<div id="Menu">{links}<h2>All parts</h2><p>Parts here.</p></div>'
    )

    assert paths(found) == {"Pick one.": ("4.1 Menu selection",)}


REGIONS = {
    "main": "<div>Slogan</div><main>{}</main><div>Imprint</div>",
    "role main": '<div>Slogan</div><div role="main">{}</div><div>Imprint</div>',
    "article": "<div>Slogan</div><article>{}</article><div>Imprint</div>",
    "article body": '<div>Slogan</div><div itemprop="articleBody">{}</div><div>Imprint</div>',
    "a bare body": "<div>Slogan</div>{}",
    "a column of links": "<table><tr><td><a href=1>Aa</a><a href=2>Bb</a><a href=3>Cc</a><a href=4>Dd</a>"
    "</td><td>{}</td></tr></table>",
    "a page header": "<header><a href='/'>Company</a></header>{}",
}


@pytest.mark.parametrize("page", REGIONS.values(), ids=REGIONS.keys())
def test_only_the_main_part_of_a_page_is_read(page: str) -> None:
    body = "<h1>Levels</h1><p>The level of a river rises after rain, and falls in summer.</p>"

    found = document(f"<html><body>{page.format(body)}</body></html>", "text/html")

    assert found.text.startswith("# Levels\n\nThe level of a river")
    assert "Slogan" not in found.text
    assert found.text.endswith("summer.")


TITLES = {
    "the only h1": ("<title>X | Site</title>", "<h1>Levels</h1><p>Text.</p>", "Levels"),
    "the page title without the site": ("<title>Levels | Site</title>", "<p>Text.</p>", "Levels"),
    "the page title over several h1": (
        "<title>Levels - Site</title>",
        "<h1>One</h1><p>a</p><h1>Two</h1><p>b</p>",
        "Levels",
    ),
    "the parts that the first heading only draws apart": (
        "<title>Rill.Gauge.show</title>",
        "<header><h3>Method</h3><h1><a href=i>Rill</a><i class=sep></i><a href=g>Gauge</a>"
        "<i class=sep></i>show</h1></header><h4>Description <a href=//git/g.c>[src]</a></h4><p>a",
        "Rill.Gauge.show",
    ),
    "a box with the groups of the page below its title": (
        "<title>Rill: Block operations</title>",
        '<div class="title">Block operations<div class="ingroups"><a href="/d">Matrices</a></div></div><p>a</p>',
        "Block operations",
    ),
    "a box with a dash behind the name of a site": (
        "<title>Rill: Rill - levels of rivers</title>",
        "<div class=title>Rill - levels of rivers</div><p>a</p>",
        "Rill - levels of rivers",
    ),
    "a box with the path of which the head tells the kind": (
        "<title>Rill: C:/src/rill.h Source File</title>",
        "<div class=title>C:/src/rill.h</div><p>a</p>",
        "C:/src/rill.h",
    ),
    "a box with a name of which the head tells the kind": (
        "<title>rill.h Source File</title>",
        "<div class=title>rill.h</div><p>a</p>",
        "rill.h",
    ),
    "the heading with a version behind the name": (
        "<title>Rill.Gauge - rill v1</title>",
        "<h1>Rill.Gauge <small>(rill v1)</small></h1><p>a</p><h1>More</h1><p>b</p>",
        "Rill.Gauge (rill v1)",
    ),
    "the heading of which the head says a word more": (
        "<title>Rill 2.1 manual</title>",
        "<h1>Rill manual</h1><p>a</p><h1>More</h1><p>b</p>",
        "Rill manual",
    ),
    "the first heading": ("", "<h2>Levels</h2><p>a</p><h2>Gauges</h2><p>b</p>", "Levels"),
    "the file name": ("", "<p>Text.</p>", "page"),
}


@pytest.mark.parametrize(("head", "body", "title"), TITLES.values(), ids=TITLES.keys())
def test_title_comes_from(head: str, body: str, title: str) -> None:
    source = f"<html><head>{head}</head><body><main>{body}</main></body></html>"

    found = document(source, "text/html")

    assert found.title == title
    assert {block.heading_path[0] for block in found.blocks} == {title}


def test_language_of_the_page_counts_when_its_text_is_short() -> None:
    assert (
        document('<html lang="de-AT"><body><p>Pegel 5</p></body></html>', "text/html").lang == "de"
    )


def test_page_of_nothing_but_furniture_is_skipped_with_a_reason() -> None:
    found = read_bytes(b"<html><nav>Home</nav></html>", path="a.html", media_type="text/html")

    assert not isinstance(found, Document)
    assert found.reason == "no_text"


def test_blocks_have_their_kinds() -> None:
    found = html(
        "<h1>T</h1><p>p</p><ul><li>i</li></ul><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td>"
        '</tr></table><pre>c</pre><blockquote>q</blockquote><div class="note"><p>n</p></div>'
    )

    assert kinds(found) == [
        "heading", "paragraph", "list_item", "table", "code", "quote", "admonition",
    ]  # fmt: skip


def test_a_bar_of_links_above_the_title_is_left_out() -> None:
    bar = (
        "<table><tr><td>[<a href=i>Overview</a>][<a href=c>Constants</a>][<a href=t>Types</a>]</td>"
        "<td>Reference for unit 'Base' (<a href=r>rtl</a>)</td></tr></table>"
    )
    page = f"<html><body>{bar}<h1>Close</h1><p>Closes a file.</p>{bar}</body></html>"

    found = document(page, "text/html")

    assert found.text.startswith("# Close\n\nCloses a file.\n\n|  |  |")
    assert [part.reason for part in found.dropped] == ["links"]


def test_the_kind_of_a_page_above_its_title_heads_nothing() -> None:
    page = "<header><h3>Method</h3><h1>show</h1></header><h4>Description</h4><p>Shows it.</p>"

    found = html(page)

    assert paths(found)["Shows it."] == ("Description",)
    assert [block.level for block in found.blocks if block.kind == "heading"] == [1, 4]
    assert "[src]" not in html(page.replace("ion<", "ion <a href='/g.c'>[src]</a><")).text


def test_a_heading_deep_in_a_section_does_not_outrank_the_sections_own() -> None:
    entry = "<article><h4>stop()</h4><div><h3>Types</h3><p>Name = atom()</p></div></article>"

    found = paths(html(f"<h1>Net</h1><h2>Exports</h2>{entry}<article><h2>More</h2><h2>x</h2><p>y"))

    assert found["Name = atom()"] == ("Exports", "stop()", "Types")
    assert found["y"] == ("x",)


def test_a_heading_goes_with_the_links_below_it() -> None:
    links = "".join(f"<a href=c{at}.html>Class {at}</a>, " for at in range(9))
    page = f"<h1>Applet</h1><h2>Nested</h2><nav>{links}</nav><h2>Methods</h2><p>None yet.</p>"

    assert html(page).text == "# Applet\n\n## Methods\n\nNone yet."
    assert html(page.replace("</nav>", "</nav><p>One.</p>")).text.count("#") == 5


LINKS = [f"<a href=c{at}.html>Class{at}</a>" for at in range(6)]
ITEMS = f"<ul><li>{'<li>'.join(LINKS)}</ul>"
ROWS = "".join(
    f"<tr><td>{one}</td><td>{two}</td></tr>" for one, two in zip(LINKS, LINKS, strict=True)
)


@pytest.mark.parametrize(
    ("above", "links", "kept"),
    [
        ("<p>The options are set by these functions:</p>", ITEMS, True),
        ("<p>See also:</p>", ITEMS, False),
        ("<p>The options are set by functions.</p>", ITEMS, False),
        ("", f"<div><table><tr><th>Flag</th><th>Function</th></tr>{ROWS}</table></div>", True),
        ("", f"<table><tr><th>Contents</th></tr>{ROWS}</table>", False),
    ],
)
def test_links_that_the_text_announces_are_text(above: str, links: str, kept: bool) -> None:
    prose = "<p>The class holds all that is known of one gauge and of its place.</p>" * 9
    page = f"<html><body><h1>Gauge</h1>{prose}{above}{links}{prose}</body></html>"

    assert ("Class5" in document(page, "text/html").text) is kept


def is_balanced(page: Document) -> bool:
    """Whether what is kept and what is dropped add up to what the page shows."""
    kept = sum(
        len("".join(page.text[block.start : block.end].lstrip("#").split()))
        for block in page.blocks
    )
    return page.visible == kept + sum(part.characters for part in page.dropped)


@pytest.mark.parametrize(
    "marks",
    [
        "<span class='mw-editsection'>[<a href='/e'>edit</a> | <a href='/s'>edit source</a>]</span>",
        "<span class='page-editsection'>[<a href='/b'>Bearbeiten</a>]</span>",
        "<small class='feedback'><a href='/v'>vote</a></small>",
    ],
)
def test_links_to_edit_a_section_are_no_part_of_its_heading(marks: str) -> None:
    page = html(f"<h1>Clock</h1><h2><span>Wheel</span>{marks}</h2><p>It turns.</p>")

    assert page.text == "# Clock\n\n## Wheel\n\nIt turns."
    assert is_balanced(page)


def test_a_heading_that_is_all_called_furniture_keeps_its_words() -> None:
    page = html("<h1>Clock</h1><h2><span class='toc'>Wheel</span></h2><p>It turns.</p>")

    assert "## Wheel" in page.text


@pytest.mark.parametrize(
    "head",
    [
        "<h1>Tutorial: Set the clock</h1><header><h2>Set the clock</h2></header>",
        "<h1>Tutorial: Set the clock</h1><h1>Set the clock</h1>",
    ],
)
@pytest.mark.parametrize("around", ["{0}{1}", "{0}<article>{1}</article>", "<main>{0}{1}</main>"])
def test_a_title_below_that_of_its_kind_heads_the_page(head: str, around: str) -> None:
    text = f"<h2>Wheel</h2><p>{'It turns once an hour. ' * 9}</p>"

    page = document(f"<body><div>{around.format(head, text)}</div></body>", "text/html")

    assert page.text.startswith("# Set the clock\n\n## Wheel\n\nIt turns")
    assert page.blocks[-1].heading_path == ("Set the clock", "Wheel")
    assert is_balanced(page)


def test_a_section_that_a_longer_title_ends_with_stays_below_it() -> None:
    page = html("<h1>How to set the clock</h1><h2>the clock</h2><p>It runs.</p>")

    assert page.blocks[-1].heading_path == ("How to set the clock", "the clock")


def test_a_title_in_a_box_heads_sections_of_the_first_level() -> None:
    title = "<div class='header'><div class='title'>Set the clock </div></div>"
    head = "<title>Tern: Set the clock</title>"

    for sections in (1, 2):
        text = "<h1>Wheel</h1><p>It turns once an hour.</p><h2>Spoke</h2><p>Oak.</p>" * sections
        page = document(f"{head}<body><div>Tern</div>{title}{text}</body>", "text/html")

        assert page.title == "Set the clock"
        assert page.text.startswith("# Set the clock\n\n## Wheel\n\nIt turns")
        assert page.blocks[-1].heading_path == ("Set the clock", "Wheel", "Spoke")
        assert is_balanced(page)


def test_a_title_in_a_box_stands_above_sections_of_the_second_level() -> None:
    title = "<div class='header'><div class='title'>Set the clock</div></div>"
    text = "<h2>Wheel</h2><p>It turns once an hour.</p><h3>Spoke</h3><p>Oak.</p>"
    page = document(f"<title>Set the clock</title><body>{title}{text}</body>", "text/html")

    assert page.text.startswith("# Set the clock\n\n## Wheel\n\nIt turns")
    assert "\n### Spoke\n" in page.text


def test_a_line_that_ends_with_a_link_to_its_box_heads_it() -> None:
    box = (
        "<div id='set(at,%20now)-m'><div>def <b>set</b>(at, now) <a class=permalink"
        " href='#set%28at%2C%2520now%29-m'>#</a></div><div><p>Sets the clock.</p></div></div>"
    )
    page = html(f"<h1>Clock</h1><h2>Methods</h2>{box}<p>It ticks.</p>")

    assert page.text == (
        "# Clock\n\n## Methods\n\n### def set(at, now)\n\nSets the clock.\n\nIt ticks."
    )
    assert page.blocks[-1].heading_path == ("Clock", "Methods")


def test_signatures_of_linked_types_are_text_and_head_what_they_are_of() -> None:
    types = "".join(f" -&gt; <a href=t.html#{one}>{one}</a>" for one in ("Int", "Int", "Clock"))
    name = "<a id='v:set' class=def>set</a> :: <a href=t.html#Tick>Tick</a>"
    mark = "<a href='#v:set' class=selflink>#</a>"
    other = "<p class=src>stop :: <a href=t.html#Tick>Tick</a>{types}</p>".replace("{types}", types)
    page = document(
        "<title>Data.Clock</title><body><div id=head><p class=caption>Data.Clock</p></div>"
        f"<p>Clocks tick.</p><div class=top><p class=src>{name}{types} {mark}</p>"
        f"<div><p>Sets it.</p></div></div><div>{other}</div></body>",
        "text/html",
    )

    assert page.text == (
        "# Data.Clock\n\nClocks tick.\n\n## set :: Tick -> Int -> Int -> Clock\n\nSets it."
        "\n\nstop :: Tick -> Int -> Int -> Clock"
    )
    assert page.blocks[-1].heading_path == ("Data.Clock",)


@pytest.mark.parametrize(("title", "left"), [("Search", 0), ("Search the clock", 1)])
def test_a_page_that_only_searches_has_no_text(title: str, left: int) -> None:
    form = "<p>All of the words must be there.</p><form><input type=text name=q></form>"
    page = f"<body><main><h1>{title}</h1>{form}</main></body>"
    found = read_bytes(page.encode(), path="search.html", media_type="text/html")

    assert isinstance(found, Document) is bool(left)


def test_the_names_of_the_parts_of_a_page_in_boxes_are_no_text() -> None:
    names = "".join(f"<div><a href='#{name}'>{name}</a></div>" for name in "abcd")
    text = "<h2 id=a>Parts</h2><p>It ticks day and night, as it always did.</p>"

    for bar in (f"<div>{names}<div>Fields</div></div>", f"<div>{names}<div>e</div></div>"):
        page = document(f"<body><h1>Clock</h1>{bar}{text}</body>", "text/html")
        assert page.text.startswith("# Clock\n\n## Parts")
    page = document(
        f"<body><h1>Clock</h1><div>{names}<p>It runs.</p></div>{text}</body>", "text/html"
    )
    assert "It runs." in page.text


def test_a_label_behind_a_title_in_a_box_is_none_of_it() -> None:
    box = "<div class=title>Clock<span class=labels><span class=label>abstract</span></span></div>"
    page = document(f"<title>Tern: Clock</title><body>{box}<p>It ticks.</p></body>", "text/html")

    assert page.text == "# Clock\n\nabstract\n\nIt ticks."
    assert is_balanced(page)


def test_a_box_may_say_less_than_the_head_which_tells_its_kind_and_folder() -> None:
    boxes = "<div>Tern 3.1</div><div class=title>clock.c</div><pre>set_clock(3);</pre>"
    page = document(f"<title>Tern: src/clock.c Source</title><body>{boxes}</body>", "text/html")

    assert page.text == "# clock.c\n\n```\nset_clock(3);\n```"
    assert page.title == "clock.c"


def test_a_header_is_kept_whose_links_end_with_the_title_of_its_page() -> None:
    trail = "<nav><a href='../a.html'>Up</a> / <a href='../b.html'>Clocks</a> &#xbb; {}</nav>"
    head = f"<header>{trail}<h1>Module <code>Wheel</code></h1><p>A wheel turns.</p></header>"
    text = "<p>It has spokes, a rim and a hub, and is oiled in spring.</p>" * 3
    body = f"<title>Wheel (Clocks)</title><body><div>{head}{text}</div></body>"

    page = document(body.format("Wheel"), "text/html")
    other = document(body.format("<a href=s>Search</a>"), "text/html")

    assert page.text.startswith("# Module `Wheel`\n\nA wheel turns.\n\nIt has spokes")
    assert "A wheel turns" not in other.text


@pytest.mark.parametrize(("numbers", "kept"), [("12345", False), ("13524", True)])
def test_links_that_count_the_chapters_of_a_book_are_no_text(numbers: str, kept: bool) -> None:
    links = " ".join(f"<a href='c{number}.html'>{number}</a>" for number in numbers)
    bar = f"<div><span>Go to chapter:</span> {links} <a href=i.html>Ind</a></div>"
    text = "<h3>2 Clocks</h3><p>They tick day and night.</p><p>They rest never.</p>"
    page = document(f"<title>Of it</title><body>{text}{bar}</body>", "text/html")

    assert ("Go to chapter" in page.text) is kept


def test_a_box_with_the_title_and_the_contents_is_left_out_but_for_the_title() -> None:
    names = "One", "Two", "Three", "Four"
    links = "".join(f"<div><a href='#{name}'>{name}</a></div>" for name in names)
    box = f"<div><div class=big_title>Clocks</div><div class=big_toc><a>Contents</a><div>{links}</div></div></div>"
    listed = "<p>These.</p><p></p><ul><li><a href=a>Hub</a><li><a href=b>Rim</a></ul>"
    text = "".join(f"<h1 id={name}>{name}</h1><p>It ticks all night.</p>{listed}" for name in names)
    page = document(f"<title>Clocks</title><body>{box}{text}</body>", "text/html")

    assert page.text.startswith(
        "# Clocks\n\n## One\n\nIt ticks all night.\n\nThese.\n\n- Hub\n- Rim"
    )
    assert page.text.count("- Hub") == len(names) and "Contents" not in page.text


def test_a_box_may_say_less_than_the_head_which_tells_the_kind_of_site() -> None:
    boxes = "<div class=title>Clock Class</div><h2>Members</h2><p>It ticks.</p>"
    page = document(f"<title>Clock Class documentation</title><body>{boxes}</body>", "text/html")

    assert page.text == "# Clock Class\n\n## Members\n\nIt ticks."


@pytest.mark.parametrize(("section", "marks"), [("h2", "#"), ("h3", "##")])
def test_a_title_rises_only_above_sections_of_its_own_level(section: str, marks: str) -> None:
    text = f"<h2>Clocks</h2><p>They tick.</p><{section}>Wheel</{section}><p>It turns.</p>"
    page = document(f"<title>Clocks</title><body>{text}</body>", "text/html")

    assert page.text.startswith(f"{marks} Clocks\n\nThey tick.")
    assert page.blocks[-1].heading_path == ("Clocks", "Wheel")


def test_a_title_that_announces_links_elsewhere_stays_the_title() -> None:
    page = html("<h1>Next steps</h1><h2>Learn more</h2><p>Read the book of clocks.</p>")

    assert page.text.startswith("# Next steps\n\n## Learn more")


def test_see_also_is_left_out_only_where_no_sections_stand_under_it() -> None:
    links = "<ul><li><a href=/a>One</a></li><li><a href=/b>Two</a></li></ul>"
    under = html(f"<h1>Clocks</h1><p>Tick.</p><h2>See also</h2>{links}<h2>Use</h2><p>Wind.</p>")
    above = html("<h1>Clocks</h1><p>Tick.</p><h2>Next steps</h2><h3>Use</h3><p>Wind.</p>")

    assert under.text == "# Clocks\n\nTick.\n\n## Use\n\nWind."
    assert above.text == "# Clocks\n\nTick.\n\n## Next steps\n\n### Use\n\nWind."


ELSEWHERE = "<ul><li><a href='/a'>One</a></li><li><a href='/b'>Two</a></li></ul>"
WITHIN = "<ul><li><a href='#a'>One</a></li><li><a href='#b'>Two</a></li></ul>"
MORE = "<li><a href='#c'>Three</a></li></ul>"
SET = "<ul class=b>"


@pytest.mark.parametrize(
    ("announced", "kept"),
    [
        (f"<h2>See also</h2>{ELSEWHERE}", False),
        (f"<h2 id='see'>See also</h2>{ELSEWHERE}", True),
        (f"<section id='see'><h2>See also</h2>{ELSEWHERE}</section>", True),
        (f"<h2>Contents</h2>{WITHIN}", True),
        (f"<div><h2>Contents</h2>{WITHIN}</div>", False),
        (f"<h2 id='all'>Contents</h2>{WITHIN}", True),
        (f"<h2 id='all'>Contents</h2>{WITHIN.replace('One', 'Why?')}", False),
        (f"<h2 id='all'>Contents</h2>{WITHIN.replace('One', 'Why?').replace('</ul>', MORE)}", True),
        (f"<h2>Contents</h2>{WITHIN.replace('<ul>', SET)}<ul class=b><li>Gear</ul>", True),
        (f"<h2>Contents</h2>{WITHIN.replace('<ul>', SET)}<ul class=c><li>Gear</ul>", False),
        (f"<div><p>Go to:</p>{WITHIN}</div>", False),
        (f"<p>The clock has the methods below:</p>{WITHIN}", True),
    ],
)
def test_links_that_an_author_announces_are_text(announced: str, kept: bool) -> None:
    page = html(f"<h1>Clocks</h1><p>They tick.</p>{announced}<h2>Use</h2><p>Wind.</p>")

    assert ("- Two" in page.text) is kept


CONTENTS = (
    "<li><a href='#a'>One</a></li><li><a href='#b'>Two</a>{}</li><li><a href='#e'>Three</a></li>"
)
ASKED = "<ul><li><a href='#c'>Why?</a></li><li><a href='#d'>How?</a></li></ul>"


@pytest.mark.parametrize(
    "page",
    [
        "<main><h1>Clocks</h1><div><ul>{}</ul><p>They tick.</p></div></main>",
        "<main><h1>Clocks</h1><ol>{}</ol><section id=a><h2>One</h2><p>They tick.</p></section>",
        "<h1>Clocks</h1><div id=table-of-contents class=part><h2>Contents</h2><ul>{}</ul></div>"
        "<div id=a class=part><h2>One</h2><p>They tick.</p></div>",
        "<h1>Clocks</h1><div><div class=list><ul>{}</ul></div></div><div><p>They tick.</p>"
        "<div class=list><ul><li>Gear</ul></div></div>",
    ],
)
def test_contents_by_hand_stand_among_the_text(page: str) -> None:
    read = html(page.format(CONTENTS.format(ASKED)))

    assert [part in read.text for part in ("Two", "Why?", "How?")] == [True, True, True]


def test_contents_of_a_theme_stand_in_a_box_of_their_own() -> None:
    page = html(
        f"<main><h1>Clocks</h1><div id=toc><h2>Contents</h2><ul>{CONTENTS.format('')}</ul></div>"
        "<div id=text><h2 id=a>One</h2><p>They tick.</p></div>"
    )

    assert page.text == "# Clocks\n\n## One\n\nThey tick."


@pytest.mark.parametrize(
    "title",
    [
        "<a href=/src title='View Source'><i></i><span class=sr-only>View Source</span></a>"
        "<span>{}</span>",
        "{}<a class=header-link href=#x><span class=visually-hidden>Permalink to {}</span></a>",
        "<span class=sr-only>{}</span>",
    ],
)
def test_words_for_ears_are_no_part_of_a_title(title: str) -> None:
    said = [title.replace("{}", name) for name in ("Clocks", "Use")]

    page = html(f"<main><h1>{said[0]}</h1><p>They tick.</p><h2>{said[1]}</h2><p>Wind it.</p>")

    assert page.text == "# Clocks\n\nThey tick.\n\n## Use\n\nWind it."


@pytest.mark.parametrize(
    "header",
    [
        "<header><h1><a href=/>Tern</a></h1><p>Logs for all.</p><a href=x>Get it</a></header>",
        "<div><header><h1>Tern</h1><h2>Logs for all.</h2></header></div>",
        "<div id=header><h1>Tern</h1><h2>Logs for all.</h2></div>",
    ],
)
def test_a_header_that_names_the_site_above_the_title_is_none_of_the_text(header: str) -> None:
    page = document(
        f"<title>Clocks | Tern</title><body>{header}<section><h1>Clocks</h1><p>They tick.</p>",
        "text/html",
    )

    assert page.text == "# Clocks\n\nThey tick."


def test_a_header_that_names_the_site_above_a_title_in_a_box_is_none_of_the_text() -> None:
    header = "<div id=header><h1>Tern</h1><h2>Logs for all.</h2></div>"
    box = "<div class=title>Clock Class</div>"
    page = document(f"<title>Clock Class</title><body>{header}{box}<p>It ticks.</p>", "text/html")

    assert page.text == "# Clock Class\n\nIt ticks."
    assert page.title == "Clock Class"


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ("<td>Generated by Rill 3.0.1</td><td>https://rill.example</td>", False),
        ("<td>Generated by a pump</td><td>3 bar</td>", True),
    ],
)
def test_a_table_that_tells_the_maker_below_the_text_is_its_foot(cells: str, kept: bool) -> None:
    page = html(f"<p>It ticks.</p><table><tr>{cells}</tr></table>")

    assert ("Generated" in page.text) is kept


def test_the_site_with_its_years_above_the_title_is_none_of_the_text() -> None:
    bar = "<p class=header>Clocks v.1.6 online. &copy;2000-2010 by Jane and the others of it.</p>"
    page = document(f"<title>Tern</title><body>{bar}<h1>Clocks</h1><p>They tick.</p>", "text/html")

    assert page.text == "# Clocks\n\nThey tick."


def test_the_name_of_a_part_of_the_site_is_no_title_above_that_of_the_page() -> None:
    page = document(
        "<title>Clocks - Knowledgebase - Tern</title><body><div><h1>Knowledgebase</h1></div>"
        "<div><h2>Clocks</h2><h2>Use</h2><p>Wind it.</p><p>12 Users Found This Useful</p></div>",
        "text/html",
    )

    assert page.text == "# Clocks\n\n## Use\n\nWind it."


def test_the_language_behind_code_is_none_of_the_text() -> None:
    page = html(
        "<main><h1>Clocks</h1><div><pre><code class=language-js>wind()</code></pre>"
        "<div class=box><span>js</span><button>Copy</button></div></div><p>They tick.</p>"
        "<div><pre><code class=language-js>stop()</code></pre><span>done</span></div></main>"
    )

    assert page.text == "# Clocks\n\n```js\nwind()\n```\n\nThey tick.\n\n```js\nstop()\n```\n\ndone"


@pytest.mark.parametrize(
    "head",
    [
        "<header><div><a href=/jane>Jane</a> <time>Jan 5</time></div><h1>Clocks</h1></header>",
        "<h1>Clocks</h1><div><time>Jan 5</time> by <a href=/jane>Jane</a></div>",
    ],
)
def test_who_wrote_an_article_and_when_is_none_of_its_text(head: str) -> None:
    page = html(f"<main>{head}<p>They tick.</p><p>Since <time>1950</time>.</p></main>")

    assert page.text == "# Clocks\n\nThey tick.\n\nSince 1950."


@pytest.mark.parametrize(
    ("block", "kept"),
    [
        ("<div>{}<p>The terms used in this text are in <a href=/t>terms</a>.</p></div>", True),
        (
            "<p>Files: <a href=a>one-or-more.js</a>, <a href=b>Two</a>, <a href=c>three-and-more.js</a>, "
            "<a href=d>four-as-well.js</a></p>",
            True,
        ),
        ("<div>{}<p>All of it is <a href=/t>here</a>.</p></div>", False),
    ],
)
def test_sentences_and_labels_beside_links_are_text(block: str, kept: bool) -> None:
    links = "".join(f"<a href=/{at}>Chapter {at}</a> " for at in range(40))
    text = "<p>They tick, and they ring, as long as somebody winds them.</p>" * 5

    page = document(f"<h1>Clocks</h1>{text}{block.format(links)}{text}", "text/html")

    assert (("terms" in page.text) or ("Two" in page.text)) is kept


def test_contents_by_hand_are_text_on_a_page_without_a_main_part() -> None:
    links = "".join(f"<li><a href='#c{at}'>Chapter {at}</a></li>" for at in range(9))
    text = "<p>They tick, and they ring, as long as somebody winds them.</p>" * 5

    by_hand = document(f"<h1>Clocks</h1><ul>{links}</ul><h2>Use</h2>{text}", "text/html")
    themed = document(f"<h1>Clocks</h1><div><ul>{links}</ul></div><h2>Use</h2>{text}", "text/html")

    assert ("Chapter 4" in by_hand.text, "Chapter 4" in themed.text) == (True, False)


def test_what_this_page_holds_is_none_of_its_text_though_its_heading_can_be_linked_to() -> None:
    links = "".join(f"<li><a href='#c{at}'>Chapter {at}</a></li>" for at in range(9))

    page = html(
        "<div><h1>Clocks</h1><h2 id=a>One</h2><p>They tick.</p><h2 id=b>Two</h2><p>Wind.</p></div>"
        f"<div><h2 id=this>On this page</h2><ol>{links}</ol></div>"
    )

    assert page.text == "# Clocks\n\n## One\n\nThey tick.\n\n## Two\n\nWind."


@pytest.mark.parametrize(
    "ways",
    [
        "<dl><div><dt>Previous</dt><dd><a href=/a>Gears</a></dd></div>"
        "<div><dt>Next</dt><dd><a href=/b>Bells &rarr;</a></dd></div></dl>",
        "<div><span>&larr; Previous</span> <a href=/a>Gears</a></div><div><p>Next:</p>"
        "<p><a href=/b>Bells</a></p></div>",
    ],
)
def test_links_behind_labels_that_lead_on_are_none_of_the_text(ways: str) -> None:
    page = html(f"<h1>Clocks</h1><p>They tick.</p>{ways}<nav><a href='#a'>On top</a></nav>")
    told = html("<h1>Node</h1><dl><dt>next</dt><dd><a href=/node>Node</a></dd></dl>")

    assert page.text == "# Clocks\n\nThey tick."
    assert told.text == "# Node\n\n- next: Node"


@pytest.mark.parametrize(
    "mark",
    [
        "<a href='#u' class=anchorlink>Section called Further reading</a>",
        "<div class=noprint><form><button>Edit</button></form></div>",
    ],
)
def test_a_mark_behind_a_heading_does_not_empty_it(mark: str) -> None:
    page = html(
        f"<h1>Clocks</h1><p>They tick.</p><div class=h><h2 id=u>Further reading</h2>{mark}</div>"
        "<h3>Bells</h3><p>They ring.</p>"
    )

    assert page.text == ("# Clocks\n\nThey tick.\n\n## Further reading\n\n### Bells\n\nThey ring.")


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ("<div class=code>if a:<br/>&nbsp; <span>b()</span></div>", "if a:\n  b()"),
        ("<div class=mermaid>graph TD;\n  A--&gt;B;</div>", "graph TD;\n  A-->B;"),
    ],
)
def test_boxes_called_code_whose_lines_are_drawn_are_code(box: str, code: str) -> None:
    page = html(f"<h1>Clocks</h1>{box}<div class=code>No line ends here.</div>")

    assert page.text == f"# Clocks\n\n```\n{code}\n```\n\nNo line ends here."


@pytest.mark.parametrize(
    "item",
    [
        "<div><header class=top><p>{}</p><button aria-label=more><i></i></button></header>"
        "<div><p>{}</p></div></div>",
        "<article><header><h3>{}</h3></header><p>{}</p></article>",
        "<li><a class=accordion-title href='#'>{}</a><div class=accordion-content hidden>"
        "<p>{}</p></div></li>",
        "<table><tr><td>Q</td><td>{}</td></tr><tr><td>A</td><td><p>{}</p></td></tr></table>",
    ],
)
def test_questions_in_boxes_with_a_head_of_their_own(item: str) -> None:
    asked = [
        ("How do I wind it?", "Turn the key."),
        ("Can it ring?", "It can."),
        ("Is it a good one?", "Yes."),
    ]
    items = "".join(item.format(*one) for one in asked)
    inside = f"<ul>{items}</ul>" if item.startswith("<li>") else items

    page = document(f"<h1>Clocks</h1><div>{inside}</div><p>They tick.</p>", "text/html")

    found = {page.text[one.start : one.end]: one.heading_path[1:] for one in page.blocks}
    assert {answer: found.get(answer) for _, answer in asked} == {
        answer: (question,) for question, answer in asked
    }


@pytest.mark.parametrize(
    "item",
    [
        "<div><button type=button><span>{}</span><svg></svg></button><div><p>{}</p></div></div>",
        "<div><div @click='open = !open'>{}</div><div style='display: none'><p>{}</p></div></div>",
        "<div><div><span class=badge>Q</span><span>{}</span></div><div><span class=badge>A</span>"
        "<div><p>{}</p></div></div></div>",
        "<div><div class=faq__q>{}<span class=mark>\u25be</span></div><div><p>{}</p></div></div>",
        "<div><div class=faq__q><span>01</span><span>{}</span></div><div><p>{}</p></div></div>",
        "<p><b>Question:</b> {}</p><p><b>Answer:</b></p><p>{}</p>",
    ],
)
def test_questions_with_marks_and_buttons_end_with_their_box(item: str) -> None:
    asked = [("How do I wind it?", "Turn the key."), ("Can it ring?", "It can.")]
    items = "".join(item.format(*one) for one in asked)

    page = html(f"<h1>Clocks</h1><div>{items}</div><p>They tick.</p>")

    found = {page.text[one.start : one.end]: one.heading_path[1:] for one in page.blocks}
    assert {text: found.get(text) for text in ("Turn the key.", "It can.", "They tick.")} == {
        "Turn the key.": ("How do I wind it?",),
        "It can.": ("Can it ring?",),
        "They tick.": (),
    }


def test_a_question_ends_with_the_item_that_holds_its_box() -> None:
    item = (
        "<li><section><div><h2><button aria-expanded=false>{}</button></h2></div>"
        "<div><p>{}</p></div></section></li>"
    )
    items = item.format("Can it ring?", "It can.") + item.format("Is it loud?", "No.")

    page = html(f"<h1>Clocks</h1><ul>{items}</ul><p>They tick.</p>")

    assert [one.heading_path for one in page.blocks][-1] == ("Clocks",)


def test_coloured_lines_in_the_rows_of_a_table_are_code() -> None:
    line = "<tr><td><span>{}</span><span>(</span><a href=/x>wind</a><span>)</span></td></tr>"
    rows = line.format("") + line.format("&nbsp;&nbsp;")

    page = html(f"<h1>Clocks</h1><blockquote><table>{rows}</table></blockquote>")
    told = html(f"<h1>Clocks</h1><table>{rows.replace('<span>)', 'it <span>)')}</table>")

    assert page.text == "# Clocks\n\n```\n(wind)\n  (wind)\n```"
    assert "```" not in told.text


def test_numbers_of_lines_in_a_table_inside_of_code_are_left_out() -> None:
    rows = "<tr><td>1</td><td>wind<span>()</span>\n</td></tr><tr><td>2</td><td>  7\n</td></tr>"

    page = html(f"<main><h1>Clocks</h1><pre><code><table><tbody>{rows}</table></code></pre>")

    assert page.text == "# Clocks\n\n```\nwind()\n  7\n```"


def test_headings_in_boxes_of_their_own_keep_their_levels() -> None:
    page = html(
        "<main><h1>Clocks</h1><article><div class=h><h2>One</h2></div><p>They tick.</p>"
        "<div class=h><h2>Two</h2></div><p>They ring.</p></article></main>"
    )

    assert page.text == "# Clocks\n\n## One\n\nThey tick.\n\n## Two\n\nThey ring."


@pytest.mark.parametrize(
    ("title", "link", "kept"),
    [("<h1 id=top>", "One", True), ("<h1>", "One", True), ("<h1 id=top>", "Why?", False)],
)
def test_contents_by_hand_are_text_but_for_questions(title: str, link: str, kept: bool) -> None:
    listed = WITHIN.replace("One", link)

    page = html(f"{title}Clocks</h1><p>They tick.</p>{listed}<h2>Use</h2><p>Wind.</p>")

    assert ("- Two" in page.text) is kept


@pytest.mark.parametrize(
    ("listed", "kept"),
    [
        ("<h2 id='by'>By name</h2>{0}", True),
        ("<h2>By name</h2>{0}", False),
        ("<p>Begin here.</p>{0}<h2 id='by'>By name</h2>", True),
        ("<p>Begin here.</p><div>{0}</div><h2 id='by'>By name</h2>", True),
        ("<p>Begin here.</p><div><b>Site</b>{0}</div><h2 id='by'>By name</h2>", False),
        ("<p>Begin here.</p>{0}<h2>By name</h2>", False),
    ],
)
def test_lists_of_links_in_a_page_that_is_all_body(listed: str, kept: bool) -> None:
    menu = "<ul>" + "".join(f"<li><a href='{n}.html'>tick {n}</a></li>" for n in range(9)) + "</ul>"
    text = f"<p>{'Clocks tick. ' * 40}</p>"

    page = document(
        f"<body>{menu.replace('tick', 'go')}<h1>Clocks</h1>{listed.format(menu)}{text}</body>",
        "text/html",
    )

    assert ("tick 8" in page.text) is kept
    assert "go 8" not in page.text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Note that it ticks.", "Note: Note that it ticks."),
        ("Note: it ticks.", "Note: it ticks."),
        ("It ticks.", "Note: It ticks."),
    ],
)
def test_a_label_stays_but_where_the_text_says_it_as_one(text: str, read: str) -> None:
    note = f"<div class=note><p class=admonition-title>Note</p><p>{text}</p></div>"

    assert html(f"<p>Clocks.</p>{note}").text == f"Clocks.\n\n{read}"


def test_a_header_of_nothing_but_the_name_of_the_site_is_left_out() -> None:
    name = "<header><div><a href='/'><p>Tern</p></a></div></header>"
    text = "<div><header><h1>Clock</h1></header><p>It runs.</p></div>"

    assert html(f"{name}{text}").text == "# Clock\n\nIt runs."
    assert html(f"<header><p>Tern runs.</p></header>{text}").text.startswith("Tern runs.")


@pytest.mark.parametrize(("href", "site"), [("/", ""), ("#clock", "# Tern\n\n- News\n- Code\n\n")])
def test_a_site_that_the_head_names_first_is_no_title_where_its_name_leads_to_its_start(
    href: str, site: str
) -> None:
    bar = "<ul><li><a href=/n>News</a></li><li><a href=/c>Code</a></li></ul>"
    page = document(
        f"<title>Tern - Clock</title><body><div><h1><a href='{href}'>Tern</a></h1>{bar}</div>"
        "<div><h1>Clock</h1><p>It runs day and night.</p></div></body>",
        "text/html",
    )

    assert page.text == f"{site}# Clock\n\nIt runs day and night."


PROMPTS = ("In [ ]:", "In [12]:", "Out[12]:", "[*]:")


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_number_of_a_cell_is_no_text(prompt: str) -> None:
    page = html(f"<h1>Clock</h1><div><div>{prompt}</div><div><pre>clock.set(3)</pre></div></div>")

    assert page.text == "# Clock\n\n```\nclock.set(3)\n```"


IMPRINTS = {
    "a card": "<div><div>Clock</div><div>http://a.org/c.html</div></div><div><div>Author</div>"
    "<div>Tern</div></div><div><div>Posted on</div><div>January 2, 2026</div></div>",
    "tags": "<div><a href='/t/a'>#set</a> <a href='/t/b'>#clock</a></div><div>2 comments</div>",
    "other articles": "<div><span>Author: </span>Tern</div><div>Link: https://a.org/c</div>"
    "<div>Recent posts</div><div><a href='/w'>Wheel</a><time>2026-01-02</time></div>",
    "on German pages": "<p>Veröffentlicht am: 2. Mai 2026</p><p>Schlagwörter: Uhr, Rad</p>",
    "where it was found": "<div>Retrieved from \"<a href='http://a.org/index.php?title=Clock&amp;"
    "oldid=19&amp;from=a-very-long-name-of-a-page-about-clocks-and-their-wheels'>http://a.org/index."
    "php?title=Clock&amp;oldid=19&amp;from=a-very-long-name-of-a-page-about-clocks-and-their-wheels"
    '</a>"</div>',
}


@pytest.mark.parametrize("imprint", IMPRINTS.values(), ids=IMPRINTS.keys())
def test_the_imprint_of_an_article_is_left_out(imprint: str) -> None:
    page = html(f"<h1>Set</h1><p>It runs.</p><div>{imprint}</div>")

    assert page.text.removesuffix("\n\nClock") == "# Set\n\nIt runs."
    assert is_balanced(page)


@pytest.mark.parametrize(
    "end",
    [
        "<p>Tags</p><p>A tag is set for each clock, and read by all.</p>",
        "<p>Author</p><p>Who built the clock</p>",
        "<h2>Author</h2><p>Tern and others</p>",
        "<p>Categories:</p><ul><li>Clock</li><li>Wheel</li></ul>",
    ],
)
def test_short_lines_at_the_end_are_kept(end: str) -> None:
    page = html(f"<h1>Clock</h1><p>It runs.</p>{end}")

    assert len(page.blocks) > 3


def test_no_break_spaces_in_code_are_blanks() -> None:
    for code in ("a\xa0!= b", "<span>a</span>\xa0!= b", "<div>a\xa0!= b</div>"):
        assert "```\na != b\n```" in html(f"<p>Say:</p><pre>{code}</pre>").text


FACES = {
    "a font": ("<font face='Consolas, serif'><font size='2'>", "</font></font>"),
    "a style": ("<span style='font-size:9pt;font-family:\"Courier New\"'>", "</span>"),
    "colours": ("<font color='#007020'><font face='Courier New'><b>", "</b></font></font>"),
}


@pytest.mark.parametrize(("begin", "end"), FACES.values(), ids=FACES.keys())
def test_paragraphs_in_the_face_of_a_typewriter_are_code(begin: str, end: str) -> None:
    lines = ["if\nset {", "\n\xa0\n run()", "", "\n step", "}"]
    code = "<br/>\n".join(f"{begin}{line}{end}" if line else "" for line in lines)

    page = html(f"<p>Write it so:</p><p>{code}</p><p>Say {begin}run{end} and wait.</p>")

    assert kinds(page) == ["paragraph", "code", "paragraph"]
    assert "```\nif set {\n    run()\n\n  step\n}\n```" in page.text


def test_a_name_in_the_face_of_a_typewriter_is_no_code_in_an_entry_of_its_own() -> None:
    name = "<p><font face='Courier New'>run</font></p>"

    assert kinds(html(f"<p>Names:</p><ul><li>{name}</li></ul>")) == ["paragraph", "list_item"]
    within = f"<ol><li><p>Start it:</p>{name}</li></ol>"
    assert kinds(html(within)) == ["list_item", "code"]


def test_links_that_jump_within_the_page_are_left_out() -> None:
    jumps = "<a href='#nav'>Jump to navigation</a> <a href='#find'>Jump to search</a>"

    assert html(f"<h1>Clock</h1><div>{jumps}<div><p>It runs.</p></div></div>").text == (
        "# Clock\n\nIt runs."
    )


@pytest.mark.parametrize("head", ["Tern - Clock", "Clock | Tern"])
def test_the_title_in_the_head_of_an_article_stands_above_its_sections(head: str) -> None:
    site = "<header><h1><a href='/'>Tern</a></h1></header>"
    title = "<header><h2><a href='/clock' rel='bookmark'>Clock</a></h2></header>"
    text = "<p>It runs.</p><h2>Wheel</h2><p>It turns.</p>"

    page = document(
        f"<title>{head}</title><body>{site}<main><article>{title}{text}</article></main>",
        "text/html",
    )

    assert page.title == "Clock"
    assert page.text.startswith("# Clock\n\nIt runs.\n\n## Wheel")
    assert page.blocks[-1].heading_path == ("Clock", "Wheel")


def test_code_in_a_box_called_by_its_button_is_kept() -> None:
    code = (
        "<div class='doc-clipboard'><pre><code>clock.set(3)</code></pre><button>Copy</button></div>"
    )

    assert html(f"<h1>Clock</h1>{code}").text == "# Clock\n\n```\nclock.set(3)\n```"


@pytest.mark.parametrize("empty", ["embed", "wbr", "track", "source", "EMBED", "embed src='a/b'"])
def test_text_behind_an_empty_element_is_read(empty: str) -> None:
    page = html(f"<h1>Tides</h1><p>See <{empty}> the figure.</p><p>It rises.</p>")

    assert page.text == "# Tides\n\nSee the figure.\n\nIt rises."


def test_since_when_something_holds_is_no_foot_of_a_page() -> None:
    found = html("<h1>Gauge</h1><p>It rises.</p><p>Added in version 3.1.</p>")

    assert found.text.endswith("It rises.\n\nAdded in version 3.1.")


def test_a_trail_that_ends_with_the_title_below_it_is_left_out() -> None:
    page = "<div><a href=/>Home</a> &gt; <a href=/d>Docs</a> &gt; Use</div><h1>Use</h1><p>It rises.</p>"

    assert html(page).text == "# Use\n\nIt rises."


def test_a_question_with_code_in_a_list_item_heads_its_answer() -> None:
    asked = {
        "Can I edit it?": "Can I edit it?",
        "Why is my <code>.geo</code> file <b>not</b> read?": "Why is my `.geo` file not read?",
        "How big is it?": "How big is it?",
        "It is slow. What is wrong?": "It is slow. What is wrong?",
    }
    items = "".join(f"<li>{one}\n<p>It is told below, in the manual.</p></li>" for one in asked)

    found = html(f"<h1>FAQ</h1><ol>{items}</ol>")

    told = [block.heading_path[-1] for block in found.blocks if block.kind == "paragraph"]
    assert told == list(asked.values())


def _printed(*codes: str, indent: int = 4, begin: int = 8) -> str:
    """A page as a generator prints it that indents the lines of code as those of its tags."""
    shown = [code.replace("\n", "\n" + " " * indent) for code in codes]
    boxes = "".join(f"\n<div>\n{' ' * begin}<pre><code>{code}</code></pre></div>" for code in shown)
    return f"<h1>Turn</h1><p>This is how a wheel is turned:</p>{boxes}"


@pytest.mark.parametrize(
    ("codes", "begin"),
    [
        (["def turn(wheel):\n    wheel.turn()\n\n\nturn(wheel)\n"], 0),
        (["if wheel:\n    turn(wheel)\n", "x = 1", "stop(\n    wheel,\n)\n"], 4),
    ],
)
def test_blanks_that_a_generator_put_before_lines_of_code_are_left_out(
    codes: list[str], begin: int
) -> None:
    page = html(_printed(*codes, begin=begin))

    shown = [page.text[block.start : block.end] for block in page.blocks if block.kind == "code"]
    assert shown == [f"```\n{code.rstrip()}\n```" for code in codes]


@pytest.mark.parametrize(
    "codes",
    [
        ["if wheel:\n    turn(wheel)\n    ", "if wheel:\n    stop(wheel)\n    "],  # at the margin
        ["if wheel:\n    turn(wheel)\n\n    stop(wheel)\n    "],  # a line with fewer blanks
        ["turn(wheel)\n    \n    ", "if wheel:\n    turn(wheel)\nstop(wheel)\n    "],
    ],
)
def test_blanks_of_the_code_itself_stay(codes: list[str]) -> None:
    page = html(_printed(*codes, indent=0, begin=0))

    shown = [page.text[block.start : block.end] for block in page.blocks if block.kind == "code"]
    assert shown[-1].count("\n    ") == codes[-1].rstrip().count("\n    ")


def test_text_is_counted_by_its_bytes_as_by_its_characters() -> None:
    said = [
        "plain words\n\tand more",
        "na\u00efve\u00a0caf\u00e9",
        "\u6f22\u5b57\u3000\u304b\u306a \u2003",
        "",
    ]
    for text in [*said, " ".join(said * 20)]:
        page = lxml_html.fromstring(f"<div>{text}<p>{text}<b>{text}</b></p>{text}</div>")
        told = "".join(map(str, page.itertext()))
        assert content_size(page) == size(told) == len("".join(told.split()))


LEFT_OVER = (
    "Edit this page|Page last updated on 2 May|Last reviewed: May|Updated 3 days ago|Published 2 weeks ago"
    "|Modified 1 day ago|Edited 1 day ago|Reviewed by Ann|Posted 2 days ago|Was this page helpful? Yes No"
    "|3 of 4 found this helpful|Did you find this useful?|Back to top|Return to the top|Go to top|[top]"
    "|Top of the page|\u2191 Back to top|\u8fd4\u56de\u9876\u90e8|\u30da\u30fc\u30b8\u306e\u30c8\u30c3\u30d7\u3078|Skip to content"
    "|Jump to search|Print this page|Share this|Add a comment|Leave a reply|Post a comment"
    "|Write a comment|Authored by Ann|Submitted by Ann on 2 May 2020|Improve this doc|Content copied"
    "|Link copied|Code copied to clipboard|Copied!|Previous chapter|Next|\u2190 Clocks|Clocks \u2192"
    "|On this page|Table of contents|Copyright Ann|\u00a9 Ann|All rights reserved|Powered by Tern"
    "|Site built with Tern|Docs made with Tern|Documentation generated by Tern|Gallery generated by Tern"
    "|Created using Tern|Generated with Tern|Built with Tern|Made by Tern|Loading...|Searching"
    "|No results found|Advertisement|Sponsored|Be the first to comment|Share on|Rate this page"
    "|Did this page help?|How helpful was this page?|Thank you for your feedback|Suggest an edit"
    "|Thanks for your feedback|Report an issue with this page|Found a typo?|Download PDF"
    "|Save as PDF|Export as PDF|5 min read|Estimated reading time: 5 min|Reading time 5 min"
    "|In this article|In [3]|Out [3]|Seite bearbeiten|Auf dieser Seite|Inhaltsverzeichnis|Zur\u00fcck"
    "|Weiter|Nach oben|Zum Seitenanfang|Zur Suche springen|Zuletzt ge\u00e4ndert am 2. Mai|Stand: 2.5.|"
    "Letzte \u00c4nderung: 2.5.|War diese Seite hilfreich?|Alle Rechte vorbehalten|Seite drucken"
    "|Ann edited this page 2 days ago|\u00c9mile edited this page yesterday"
)


@pytest.mark.parametrize("text", LEFT_OVER.split("|"))
def test_what_is_left_over_of_a_frame_is_told_by_its_words(text: str) -> None:
    assert is_boilerplate(text)
    assert is_boilerplate(text.upper())


def test_text_beside_the_main_part_is_counted_with_what_is_in_no_element() -> None:
    page = document(
        "<body>Top <nav>Home</nav> beside <div>Left <main><p>It rests.</p></main> right</div> below"
        "<style>p {}</style><p>End</p><noscript>None</noscript></body>",
        "text/html",
    )

    assert page.visible == size("Top Home beside Left It rests. right below End")
    assert sum(part.characters for part in page.dropped) == size(
        "Top Home beside Left right below End"
    )


def test_text_that_is_taken_out_of_the_tree_while_it_is_read_is_not_counted_twice() -> None:
    page = html("<div class=question>Why does it stop?</div><div><p>It rests.</p></div>")

    assert [block.kind for block in page.blocks] == ["heading", "paragraph"]
    assert page.visible == size("It rests.")
    assert not page.dropped
