"""What components, shortcodes and other marks around Markdown leave of themselves."""

from __future__ import annotations

import pytest

from tests.ingest.reading import html, markdown, paths

# What is written, and what is read of it.
SOURCES = {
    "a table with dashes below its head": (
        "Fruit   Price\n------ ------\napple    1.99\nfig     12.50\n\n: In `euros` {#tbl-a}\n\nEnd.",
        "| Fruit | Price |\n| --- | --- |\n| apple | 1.99 |\n| fig | 12.50 |\n\nIn euros\n\nEnd.",
    ),
    "a table without a head between dashes": (
        "------ ----\napple  1.99\n       2.50\n------ ----\n\nEnd.",
        "|  |  |\n| --- | --- |\n| apple | 1.99 |\n|  | 2.50 |\n\nEnd.",
    ),
    "a table whose rows have several lines": (
        "----------------\nFruit   What\n        it costs\n------- --------\napple   A euro\n        or two\n\n"
        "fig     Ten\n----------------\n\nTable: Prices\nof today.",
        "| Fruit | What it costs |\n| --- | --- |\n| apple | A euro or two |\n| fig | Ten |\n\n"
        "Prices of today.",
    ),
    "dashes of a table that no line ends": (
        "Go.\n\n---- ----\none  two\n\nEnd.",
        "Go.\n\none two\n\nEnd.",
    ),
    "dashes that draw no table": (
        "Run it\n-- well --\n\n--- ---\n\nand go\n\n--- ---\n\nEnd.",
        "Run it -- well --\n\nand go\n\nEnd.",
    ),
    "formulas in the brackets of LaTeX": (
        "Let \\(a_1 * b_2\\) be \\\\(x\\\\).\n\n\\[ x^2 \\]\n\n\\[\n- \\frac{a}{b} % one\n= c\n\\]",
        "Let $a_1 * b_2$ be $x$.\n\n$$\nx^2\n$$\n\n$$\n- \\frac{a}{b} = c\n$$",
    ),
    "brackets that are only escaped": (
        "\\[1\\] A file\\(s\\) \\(see below\\), \\[^2\\].\n\n\\[text\\]",
        "[1] A file(s) (see below), [^2].\n\n[text]",
    ),
    "a formula in a fence": ("```math\nx^2\n- 1\n```", "$$\nx^2 - 1\n$$"),
    "changes that an editor proposes": (
        "One{++ more++}, {--less --}{~~old~>new~~} and {==this==}{>>why?<<}; ++ctrl+c++.",
        "One more, new and this; Ctrl+C.",
    ),
    "tags that end with a slash": (
        '{% tab label="A" %}\nOne.\n{% /tab %}\n\n{% note %}\nMind it.\n{% /note %}\n\nEnd {% /x %}.',
        "A\n\nOne.\n\nNote: Mind it.\n\nEnd .",
    ),
    "tabs that end with stars": (
        "# [A](#tab/a)\nOne.\n# [B](#tab/b)\nTwo.\n***\n# Next",
        "A\n\nOne.\n\nB\n\nTwo.\n\n# Next",
    ),
    "a comment of MDX that begins behind words": (
        "Go {/* one\n\ntwo\n*/} on.\n\n`{/*` stays.",
        "Go on.\n\n`{/*` stays.",
    ),
    "options of a cell": (
        '```{python}\n#| label: a\n#| fig-cap: "The sea"\nx\n```\n\n```python\n#| b\n```',
        "The sea\n\n```python\nx\n```\n\n```python\n#| b\n```",
    ),
    "the name of the file above code": (
        '```js filename="a.js" switcher\nx\n```',
        "a.js\n\n```js\nx\n```",
    ),
    "a tag of HTML with values of JSX": (
        '<img\n  src="a.png"\n  style={{ width: "9%" }}\n  onLoad={() => x}\n/>\n\nEnd.',
        "End.",
    ),
    "titles of code behind its language": (
        "<CodeGroup>\n```sh npm run\nx\n```\n</CodeGroup>\n\n```py src/a.py\ny\n```\n\n```rust ignore\nz\n```",
        "npm run\n\n```sh\nx\n```\n\nsrc/a.py\n\n```py\ny\n```\n\n```rust\nz\n```",
    ),
    "fields and frames": (
        '<ParamField path="id" type="string" required>\n  Its id.\n</ParamField>\n\n'
        '<Frame caption="The sea">\n  <img src="a" />\n</Frame>',
        "id (string)\n\nIts id.\n\nThe sea",
    ),
    "what a component says about itself": (
        '<Card\n  title="Boats"\n  description="They float."\n/>\n\n<Card description="A.">\nB.\n</Card>',
        "Boats: They float.\n\nA.\n\nB.",
    ),
    "a tag over hundreds of lines": (
        "<Table\n  rows={[\n"
        + "{ name: 'oar',\n\n say: 'It is a boat' },\n" * 300
        + "]}\n/>\n\nEnd.",
        "| name | say |\n| --- | --- |\n" + "| oar | It is a boat |\n" * 300 + "\nEnd.",
    ),
    "a snippet of VitePress": ("Run:\n\n<<< @/a.js{2 ts}\n\nEnd.", "Run:\n\nEnd."),
    "code in a tab of Hugo": (
        '{{< tab header="One" lang="go" >}}\nf()\n  g()\n{{< /tab >}}',
        "One\n\n```go\nf()\n  g()\n```",
    ),
    "notes of several blocks": (
        "It floats[^1].\n\n[^1]: One.\n\n    Two.\n\n        get 1\n\n[^2]:\n    Three\n    four.\n\nEnd.",
        "It floats.\n\nOne.\n\nTwo.\n\n```\nget 1\n```\n\nThree four.\n\nEnd.",
    ),
    "attributes with a name behind a title": (
        "# Use { data-toc-label=\"U\" }\n\n## Set {x='1'}\n\n## The {a=b} form",
        "# Use\n\n## Set\n\n## The {a=b} form",
    ),
    "options of a directive in YAML": (
        "```{figure} a.png\n---\nname: a\n---\nThe level.\n```\n\n"
        "```{code-block} sh\n---\ncaption: Run\n---\nget 1\n```\n\n```yaml\n---\na: 1\n---\n```",
        "The level.\n\nRun\n\n```sh\nget 1\n```\n\n```yaml\n---\na: 1\n---\n```",
    ),
    "tabs in code": (
        "```go\nif x {\n\tf()\t// y\n}\n```\n\n-\tOne:\n\n    ```\n    \ta\tb\n    ```\n\n\tcode",
        "```go\nif x {\n\tf()\t// y\n}\n```\n\n- One:\n\n```\n\ta\tb\n```\n\ncode",
    ),
    "tabs behind a fence in a line": ("A ```b``` c\td\n\n\tcode", "A `b` c d\n\n```\ncode\n```"),
    "comments and template calls in code": (
        "```tsx\n<A>\n  {/* kept */}\n  {% include x %}\n[TOC]\n</A>\n```",
        "```tsx\n<A>\n  {/* kept */}\n  {% include x %}\n[TOC]\n</A>\n```",
    ),
    "a placeholder that looks like the begin of a component": (
        "<Host and\nthe port\nof it.",
        "<Host and the port of it.",
    ),
    "a comment of MDX over lines": (
        "Install:\n{/*\nFor models.\n\nMore.\n*/}\n\nGo on.",
        "Install:\n\nGo on.",
    ),
    "an export with blank lines": (
        "export const x = {\n  a: 1,\n\n  b: 2,\n};\n\nGo on.",
        "Go on.",
    ),
    "links by name around code": ("A [`<meta>` tag][meta] and [`x`][].", "A `<meta>` tag and `x`."),
    "brackets around what may be left out": (
        "Say f(data[, options][, callback]), **-d**=*host[:guest][:rights]* or [-q][-v], "
        "then [read][pkg.read] rows[1][2].",
        "Say f(data[, options][, callback]), -d=host[:guest][:rights] or [-q][-v], "
        "then read rows[1][2].",
    ),
    "attributes behind code": ('[`a`]{.b}, `c`{.py} and [d]{style="x"}', "`a`, `c` and d"),
    "a call for a snippet that is shown": (
        '```\n--8<-- "a.md"\n;--8<-- "b.md"\n```',
        '```\n--8<-- "b.md"\n```',
    ),
    "an alert with more classes": ("> [!tip | inline | end]\n> Mind it.", "Tip: Mind it."),
    "bold words between letters of scripts without blanks": (
        "**[문서](a)**에서 **`a`**를, **値（あ）**は**「い」**だ。**這裡。**和 2 ** 3，4 ** 5",
        "문서에서 `a`를, 値（あ）は「い」だ。這裡。和 2 ** 3，4 ** 5",
    ),
    "raised and lowered": ("x^2^, H~2~O, a~~b~~ and `^c^`", "x², H2O, a and `^c^`"),
    "a note in its place": ("It floats^[See the log.] well.", "It floats (See the log.) well."),
    "an escaped alert": ("> \\[!NOTE]\n>\n> Mind it.", "Note: Mind it."),
    "a heading behind a hard space": ("##\u00a0 Next\n\nGo on.", "## Next\n\nGo on."),
    "an include that holds its words": (
        '{% include note.html content="Mind **it**." %}\n\n{% include x.html %}',
        "Note: Mind it.",
    ),
    "the kind of a notice among its words": (
        "{{% notice warning %}}\nMind it.\n{{% /notice %}}",
        "Warning: Mind it.",
    ),
    "the title of a box among its attributes": (
        ':::warning{title="Mind"}\nThe gap.\n:::\n\n:::note{icon="x y"}\nThe step.\n:::',
        "Mind: The gap.\n\nNote: The step.",
    ),
    "the label of code in a group": (
        "::: code-group\n\n```js [a.js]\nx\n```\n\n:::",
        "a.js\n\n```js\nx\n```",
    ),
    "a diagram between colons": ("::: mermaid\nA --> B\n:::", "```mermaid\nA --> B\n```"),
    "directives of MyST that hold Markdown": (
        "````{tab-set}\n```{tab-item} Linux\nRun **it**.\n```\n````\n\n"
        "```{margin} Aside\nSee *it*.\n```\n\n```{prf:theorem} Euler\n:label: e\nIt holds.\n```\n\n"
        "````{grid} 2\n```{grid-item-card} Start\n:link: x\nBegin.\n+++\nFoot.\n```\n````",
        "Linux\n\nRun it.\n\nAside\n\nSee it.\n\nEuler\n\nIt holds.\n\nStart\n\nBegin.\n\nFoot.",
    ),
    "a glossary and an object of MyST": (
        "```{glossary}\nTerm\n  What it is.\n```\n\n```{py:function} f(a, b)\nDoes it.\n```",
        "- Term: What it is.\n- `f(a, b)`: Does it.",
    ),
    "the caption of code in MyST": (
        "```{code-block} sh\n:caption: Run it\nls\n```",
        "Run it\n\n```sh\nls\n```",
    ),
    "a chunk of R Markdown": ("```{r, echo=FALSE}\nsummary(x)\n```", "```r\nsummary(x)\n```"),
    "formulas in lines": (
        r"Let $a_{i} * b * \{x\}$ cost $5 and $6, or \$a and ${b}*c*$.",
        r"Let $a_{i} * b * \{x\}$ cost $5 and $6, or $a and ${b}c$.",
    ),
    "formulas over lines": (
        "\\[\na\n- b \\\\\n= c\n\\]\n\n\\begin{align}\na &= b\n\\end{align}\n\n$$\ne\n$$ {#eq:e}",
        "$$\na - b \\\\ = c\n$$\n\n$$\n\\begin{align} a &= b \\end{align}\n$$\n\n$$\ne\n$$",
    ),
    "a drawn table": (
        "+---+-----+\n| a | b   |\n+===+=====+\n| 1 | two |\n|   | x   |\n+---+-----+\n| `3` | 4 |\n+---+-----+",
        "| a | b |\n| --- | --- |\n| 1 | two x |\n| `3` | 4 |",
    ),
    "a table of a database client": (
        "+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n| 3 | 4 |\n+---+---+",
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |",
    ),
    "a drawn table with a cell over rows": (
        "+---+---+\n| a | b |\n|   +---+\n|   | c |\n+---+---+",
        "```\n+---+---+\n| a | b |\n|   +---+\n|   | c |\n+---+---+\n```",
    ),
    "a component on one line": ("<Note>Mind it.</Note>\n\nGo on.", "Note: Mind it.\n\nGo on."),
    "a component with an indented body": (
        '<Steps>\n  <Step title="Get it">\n    Clone:\n\n    ```sh\n    git clone x\n    ```\n  </Step>\n</Steps>',
        "Get it\n\nClone:\n\n```sh\ngit clone x\n```",
    ),
    "a component named by what it is about": (
        '<ParamField path="user_id" type="string" required>\n  The id.\n</ParamField>',
        "user_id (string)\n\nThe id.",
    ),
    "variants named by their value": (
        '<Tabs items={["npm"]}>\n  <Tab value="npm">Use it.</Tab>\n</Tabs>',
        "npm\n\nUse it.",
    ),
    "attributes with brackets in brackets": (
        "<Table\n  type={{\n    a: {\n      b: 'x',\n    },\n  }}\n/>\n\nGo on.",
        "Go on.",
    ),
    "rows of a table as objects": (
        '<Props\n  content={[\n    { name: "size", type: "Map<a>", isOptional: true,\n'
        "      description: 'The size of \\'it\\'.' , inner: [{ type: 'x', more: [\n"
        "        { name: 'deep', description: \"One | two `a<b>`.\" }] }] },\n  ]}\n/>\n\nGo on.",
        "| name | type | isOptional | description |\n| --- | --- | --- | --- |\n"
        "| size | Map<a> | true | The size of 'it'. |\n"
        "| deep |  |  | One \\| two `a<b>`. |\n\nGo on.",
    ),
    "objects without sentences": ("<Box style={{ a: 'red', b: 'x' }} />\n\nGo on.", "Go on."),
    "a folder is no fold": (
        '<Folder name="src">\n  <File name="a.md" />\n</Folder>',
        "src\n\na.md",
    ),
    "an arrow in an attribute": (
        "<Box\n  onClick={() => alert('x')}\n>\n  Inside.\n</Box>",
        "Inside.",
    ),
    "code in a component": (
        '<CodeBlock language="jsx">\n{`f(\n  1\n)`}\n</CodeBlock>',
        "```jsx\nf(\n  1\n)\n```",
    ),
    "a component in a list": (
        "1. One:\n\n   <Note>\n   Mind it.\n   </Note>\n\n2. Two.",
        "1. One:\n\nNote: Mind it.\n\n2. Two.",
    ),
    "a component that is never closed": (
        "<Box>\n\nInside.\n\n## Next\n\nText.",
        "Inside.\n\n## Next\n\nText.",
    ),
    "components in code": ("```jsx\n<Note>\nx\n</Note>\n```", "```jsx\n<Note>\nx\n</Note>\n```"),
    "a tag in the code of a component": (
        "<Note>\n\n```jsx\n</Note>\n```\n\nMind it.\n</Note>\n\nGo on.",
        "Note:\n\n```jsx\n</Note>\n```\n\nMind it.\n\nGo on.",
    ),
    "an icon with a name": ('<Icon name="star" />\n\nGo on.', "Go on."),
    "an exported function": (
        "export const Red = ({children}) => (\n  <b>\n    {children}\n  </b>\n);\n\nGo on.",
        "Go on.",
    ),
    "code in a shortcode": (
        '{{< highlight go "linenos=table" >}}\nx := 1\n\n  y()\n{{< /highlight >}}',
        "```go\nx := 1\n\n  y()\n```",
    ),
    "code in a template tag": (
        "{% highlight ruby linenos %}\ndef a\n  1\nend\n{% endhighlight %}",
        "```ruby\ndef a\n  1\nend\n```",
    ),
    "code of a named language": (
        "{% codeblock lang:js x.js %}\na();\n{% endcodeblock %}",
        "```js\na();\n```",
    ),
    "a variant on one line": (
        '{{< tab "Mac" >}} Use this. {{< /tab >}}\n{{< tab "PC" >}}That.{{< /tab >}}',
        "Mac\n\nUse this.\n\nPC\n\nThat.",
    ),
    "a comment": ("{% comment %}\nGone.\n{% endcomment %}\n\nGo on.", "Go on."),
    "a call of a template": (
        '{{ youtube(id="x", list="y") }}\n\n{{ content | safe }}\n\nGo on.',
        "Go on.",
    ),
    "a call in a link": ("Go [home]({{ '/' | url }}).", "Go home."),
    "a title of code": (
        '{% code title="a.js" %}\n```js\na();\n```\n{% endcode %}',
        "a.js\n\n```js\na();\n```",
    ),
    "a comment of kramdown": ("{::comment}\nGone.\n{:/comment}\n\nGo on.", "Go on."),
    "a place for the contents": ("# A\n\n1. TOC\n{:toc}\n\nGo on.", "# A\n\nGo on."),
    "comments of Obsidian": (
        "Seen %%gone%% too. ^a-1b\n\n%%\nGone.\n%%\n\nGo on.",
        "Seen too.\n\nGo on.",
    ),
    "two per cent signs": ("for %%i in (a) do echo %%i", "for %%i in (a) do echo %%i"),
    "a comment of MyST": ("% gone\n\n```{note}\nMind it.\n```", "Note: Mind it."),
    "a list as a table": (
        "```{list-table} Sizes\n:header-rows: 1\n\n* - Name\n  - Size\n* - A\n    and B\n  - 1\n```",
        "Sizes\n\n| Name | Size |\n| --- | --- |\n| A and B | 1 |",
    ),
    "values as a table": (
        ':::{csv-table}\n:header: "Name, all", Size\n\nA, 1\n"B|C", 2\n:::',
        "| Name, all | Size |\n| --- | --- |\n| A | 1 |\n| B\\|C | 2 |",
    ),
    "a caption without the path of its figure": (
        ":::{figure} a.png\n:name: f\n\nThe gate.\n:::",
        "The gate.",
    ),
    "settings of a box": (
        "/// details | Set up\n    type: warning\n\nText.\n///",
        "## Set up\n\nText.",
    ),
    "a box between two marks": (
        "!!!warning My title\nMind it.\n!!!\n\nGo on.",
        "My title: Mind it.\n\nGo on.",
    ),
    "variants between marks": (
        "+++ One\nText 1.\n+++ Two\nText 2.\n+++\n\nGo on.",
        "One\n\nText 1.\n\nTwo\n\nText 2.\n\nGo on.",
    ),
    "variants in a container": (
        "::: tabs#a\n\n@tab One\n\nText 1.\n\n@tab:active Two#b\n\nText 2.\n\n:::\n\nGo on.",
        "One\n\nText 1.\n\nTwo\n\nText 2.\n\nGo on.",
    ),
    "variants under links": (
        "# A\n\n# [Mac](#tab/mac)\n\nText 1.\n\n# [PC](#tab/pc)\n\nText 2.\n\n---\n\nGo on.",
        "# A\n\nMac\n\nText 1.\n\nPC\n\nText 2.\n\nGo on.",
    ),
    "variants with headings": (
        "## A\n\n::: {.panel-tabset}\n\n### One {#o}\n\nText 1.\n\n::: tip\nIn it.\n:::\n\n### Two\n\n"
        "```sh\n# no head\n```\n\n:::\n\nGo on.",
        "## A\n\nOne\n\nText 1.\n\nTip: In it.\n\nTwo\n\n```sh\n# no head\n```\n\nGo on.",
    ),
    "a box with its title in a heading": (
        "## A\n\n::: {.callout-tip collapse=true}\n\n### Set *it* up {.x}\n\nText.\n:::\n\nGo on.",
        "## A\n\nSet it up: Text.\n\nGo on.",
    ),
    "a box with its title in an attribute": (
        '::: {.callout-note title="Set up" icon=false}\nText.\n:::',
        "Set up: Text.",
    ),
    "the language of code in a line": ("Call `#!py f()` or `:::js g()`.", "Call `f()` or `g()`."),
    "a graph in a shortcode": (
        "{{< mermaid >}}\ngraph LR\n  A-->B\n{{< /mermaid >}}",
        "```mermaid\ngraph LR\n  A-->B\n```",
    ),
    "the caption of a figure in a shortcode": (
        'Begin.\n\n{{< figure src="a.png" caption="The flow" >}}\n\nEnd.',
        "Begin.\n\nThe flow\n\nEnd.",
    ),
    "a formula in a shortcode": ("{{< katex >}}\nx_1 + x_2\n{{< /katex >}}", "$$\nx_1 + x_2\n$$"),
    "a text in braces": ("{`one *two*`}\n\nGo on.", "one two\n\nGo on."),
    "words with a class": ("A [b *c*]{.small} and [d](/x){.y} end.", "A b c and d end."),
    "columns parted by arrows": ("Left.\n\n<--->\n\nRight.\n\n[[toc]]", "Left.\n\nRight."),
    "an icon in the name of a variant": (
        '=== ":octicons-x-16: Set up"\n\n    Text.',
        "Set up\n\nText.",
    ),
    "columns": (
        ':::row:::\n   :::column span="2":::\n      Left.\n   :::column-end:::\n:::row-end:::',
        "Left.",
    ),
    "paragraphs called important": (
        "!> Mind it.\n\n?> Try it.",
        "Important: Mind it.\n\nTip: Try it.",
    ),
    "marks behind a heading": (
        "## Head :id=h\n\n## Two {docsify-ignore}\n\n## Three {-}\n\n## Four [#four]\n\n## Five {.a .b}\n\nText.",
        "## Head\n\n## Two\n\n## Three\n\n## Four\n\n## Five\n\nText.",
    ),
    "marks for the drawing of code": (
        "```js\na(); // [!code ++]\nb();\n```",
        "```js\na();\nb();\n```",
    ),
    "raw output of one format": ("```{=html}\n<p>x</p>\n```\n\nGo on.", "Go on."),
    "code in a definition": (
        "Term\n:   Text.\n\n        run it",
        "- Term: Text.\n\n```\nrun it\n```",
    ),
    "a head in JSON": ('{\n  "title": "A",\n  "tags": ["a"]\n}\n\n# A\n\nText.', "# A\n\nText."),
    "a fenced head in JSON": ('---json\n{"title": "A"}\n---\n\nText.', "Text."),
    "an empty head": (";;;\n\n;;;\n\nText.", "Text."),
    "a head between semicolons": (';;;\n{"a": 1}\n;;;\n\nText.', "Text."),
    "a head of lines": ("Title:  A\nAuthor: Jo\n\n# A\n\nText.", "# A\n\nText."),
    "a head of a title block": ("% A title\n% Jo\n\n# A\n\nText.", "# A\n\nText."),
    "a paragraph of labels": ("Note: one\nHint: two\n\nText.", "Note: one Hint: two\n\nText."),
}


@pytest.mark.parametrize(("source", "said"), SOURCES.values(), ids=SOURCES.keys())
def test_the_text_stays_and_the_marks_go(source: str, said: str) -> None:
    assert markdown(source).text == said


@pytest.mark.parametrize(
    "source",
    [
        '<Accordion title="Is it so?">\n  Yes.\n\n  - One\n</Accordion>',
        '<Accordion title="Is it so?">Yes.\n\n- One\n</Accordion>',
        '{{< expand "Is it so?" "..." >}}\nYes.\n\n- One\n{{< /expand >}}',
        '{{% details title="Is it so?" open=true %}}\nYes.\n\n- One\n{{% /details %}}',
        "> [!faq]- Is it so?\n> Yes.\n>\n> - One",
        "==- Is it so?\nYes.\n\n- One\n===",
        ":::{dropdown} Is it so?\n:open:\nYes.\n\n- One\n:::",
        "F: Is it so?\nA: Yes.\n\n- One",
        "**Frage: Is it so?**\n\nAntwort: Yes.\n\n- One",
    ],
)
def test_a_fold_is_a_question_over_its_answer(source: str) -> None:
    found = markdown(f"# Probes\n\n## Use\n\n{source}\n")

    assert paths(found) == {"Yes.": ("Use", "Is it so?"), "- One": ("Use", "Is it so?")}


def test_a_question_and_its_answer_on_one_line_are_parted() -> None:
    found = html("<h1>Probes</h1><p>Q: Does it float? A: No. Why should it?</p>")

    assert paths(found) == {"No. Why should it?": ("Does it float?",)}


def test_variants_know_their_names_and_places() -> None:
    source = '# A\n\n{% tabs %}\n{% tab title="Python" %}\n```python\nprint(1)\n```\n{% endtab %}\n{% endtabs %}\n'
    found = markdown(source)
    code = next(block for block in found.blocks if block.kind == "code")

    assert code.flags == ("tab=Python",)
    assert code.place is not None
    assert source[code.place.start : code.place.end] == "```python\nprint(1)\n```"


def test_the_second_of_two_variants_has_its_own_place() -> None:
    source = "+++ One\nText 1.\n+++ Two\nText 2.\n+++\n"
    found = markdown(source)
    label = next(block for block in found.blocks if found.text[block.start : block.end] == "Two")

    assert label.place is not None
    assert source[label.place.start : label.place.end] == "+++ Two"


@pytest.mark.parametrize("boxes", ["<div>", "</div>", "<section>" * 60])
def test_a_box_that_a_heading_opens_takes_in_nothing_that_follows(boxes: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {boxes}x | y |"
    found = markdown(f"# Levels\n\n## By {boxes}name\n\nIt rises.\n\n{table}\n\nEnd.")

    table = "| a | b |\n| --- | --- |\n| x | y |"
    assert found.text == f"# Levels\n\n## By name\n\nIt rises.\n\n{table}\n\nEnd."


def test_a_number_above_a_heading_is_text() -> None:
    assert markdown("# A\n\n74\n\n## B\n\nMore.").text == "# A\n\n74\n\n## B\n\nMore."
