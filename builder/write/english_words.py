"""Word lists of technical English: verbs, their forms, nouns that say nothing by themselves."""

from __future__ import annotations

_VERBS = """
abort accept access accomplish achieve acknowledge acquire act activate adapt add address adjust
administer adopt affect allocate allow alter analyze annotate answer append apply approve
archive arrange assemble assign associate attach audit authenticate authorize automate average
back balance begin bind block boot bring browse build bundle bypass cache calculate calibrate
call cancel capture carry cast catch cause change charge check choose clean cleanse clear click
clone close collapse collect combine come commission commit compare compile complete compose
compress compute concatenate configure confirm connect consume contact contain continue
contribute control convert copy correct count cover create customize cut deactivate debug
declare decline decode decommission decompress decrease decrypt deduct define delay delegate
delete deliver deny depend deploy deprecate derive describe design destroy detach detect
determine develop deviate diagnose differ disable disallow disassemble discard disconnect
discover dismount display dispose distinguish distribute divide dock document double download
downgrade drag draw drill drop dry dump duplicate edit eject embed emit emulate enable encode
encrypt end enforce enlarge ensure enter erase escape escalate establish estimate evaluate
examine exceed exchange exclude execute exit expand expire explore export expose extend extract
fail fetch fill filter find finish fit fix flash flatten flush fold follow force forget format
forward free freeze gather generate get give grant group grow guard guide halve handle hang hash
hide highlight hold hook host identify ignore implement import improve include increase indent
index infer inform inherit initialise initialize inject insert inspect install instantiate
integrate intercept interrupt introduce invalidate invert invite invoke isolate issue iterate
join jump keep kill label launch lead learn leave let lift limit link list listen load locate
lock log look loosen lose lower lubricate mail maintain make manage map mark mask match mean
measure merge migrate minimize mirror modify monitor mount move mute name narrow navigate need
negotiate nest normalize note notify obtain occupy occur omit open operate optimize order
organize output overlap override overwrite own pack package pair parse pass paste patch pause
pay perform permit persist pick pin ping place plan play plot plug point poll populate port post
precede predict prefer prepare present preserve press prevent preview print process produce
profile prompt propagate protect provide provision proxy prune publish pull purchase purge push
put query queue quit quote raise reach react read rebase reboot rebuild recall receive recharge
recognize recommend reconfigure reconnect record recover recreate recycle redeem redirect redo
reduce refer refine reformat refresh refuse register reinstall reject relate release reload
relocate rely remain remove rename render renew repair repeat replace replay reply report
represent reproduce request require rerun reschedule reserve reset reside resize resolve respond
restart restore restrict resume retain retire retrieve retry return reuse revert review revoke
rewind rewrite rinse roll rotate route run save scale scan schedule screen screw scroll seal
search secure see select send separate serialize serve set settle share shift ship shorten show
shrink shut sign silence simplify simulate skip sleep slide slow snapshot solve sort span
specify speed split stage stand start state stay step stop store stream strip structure submit
subscribe substitute subtract suggest supply support suppress suspend swap switch sync
synchronise synchronize tag take tap target tell terminate test throttle tighten time toggle
touch trace track train transfer transform translate transmit treat trigger trim troubleshoot
trust try tune turn type undo unify uninstall unlock unmount unpack unplug unset unsubscribe
unwrap update upgrade upload use utilize validate vary vendor verify view visit visualize wait
wake walk warn wash watch weigh wipe withdraw work wrap write yield zip zoom amend attempt
become belong broadcast comply conflict consist consult contrast correspond crash cross deal
demand drain drift earn employ equal exist explain face feed gain graph guarantee happen help
imply indicate interact lack last lie live maximize meet mention mix offer opt overload pool
possess probe proceed prohibit promote prove qualify question reflect remember rest result
reverse satisfy seem sense signal sit size sound spend spread stack suffer sum surround survive
teach tend throw tie total transition travel uncover understand vanish wear win worry authorise
customise minimise normalise optimise organise recognise serialise standardise fall rise arise
melt burn leak sink float flow behave augment consider assume honor honour pretend squash reword
autodetect coalesce deduplicate demote denote dereference diff disregard divert enumerate flag
grep imitate inhibit instruct interpolate intersperse invent preload prefetch prepend prioritize
rank recurse regenerate reinstate relax repack repurpose rescan retarget stash surface tee
tolerate truncate unescape unstage vet waive bump collate cap bootstrap checkout containerize
cherry-pick dockerize lint mock pre-build reinitialize reorder resubmit self-host subclass
unarchive unassign unblock whitelist
"""
VERBS = frozenset(_VERBS.split())

# Verbs that are nouns at least as often: an imperative only before an article, a name or code.
NOUN_VERBS = frozenset(
    """
    access act address alarm answer archive audit average balance block boot bundle cache call
    capture cast catch cause change charge check clone commit compile control copy count cover
    cut delay design display document double download drag draw drill drop dump duplicate end
    escape estimate exchange exit export face feed filter fit fix flash float focus force format
    forward group guard guide hand hash hold hook host import increase index input interrupt
    issue join jump kill label lack last launch lead limit link list load lock log look mail map
    mark mask match measure mirror model monitor mount move name need note offer open order
    output overlap override pack package pair patch pause plan play plot plug point poll pool
    port post present press preview print process produce profile program prompt proxy push
    query question queue quote range rate reach read rebuild record redirect reference refresh
    release reload reply report request rerun reserve reset rest restart result return reuse
    reverse review roll rotate route rule run sample scale scan schedule screen screw scroll
    search sense set share shift ship show sign signal size sleep slide slow snapshot sort sound
    span speed split spread stack stage stand start state stay step stop store stream strip
    structure submit sum supply support survey switch sync tag target tap test tie time total
    touch trace track train transfer transition travel treat trigger trim trust try tune turn
    type update upgrade upload use value vendor view visit wait walk wash watch wear win work
    wrap yield zip zoom backup setup login back free clean clear close complete correct dry
    empty lower narrow own secure separate broadcast bypass conflict contact crash cross debug
    demand dock drain drift flag flow flush fold graph grant guarantee handle help highlight nest
    pick pin place probe purchase rank repair replay sink surface swap tee throttle
    throw toggle wake
    """.split()
)

# -s forms that are plural nouns far more often than verbs in a subject.
PLURALS = frozenset(
    """
    settings rules logs values readings errors requests files names types users options tests
    links tags ports hosts keys lists sets notes tables labels groups calls blocks records
    stores signs states stages steps tokens codes indexes formats filters hooks exports imports
    functions objects packages processes queries results scripts servers services sources
    targets tasks updates views volumes changes details costs limits loads modes points plans
    pages paths pins pools profiles projects proxies queues ranges rates reports routes samples
    scans schedules shares signals sizes snapshots streams times tools traces triggers units
    versions windows words comments attempts checks backups archives attachments alarms devices
    branches commits patches remotes refs mounts displays documents downloads duplicates guards
    guides locks marks masks matches measures mirrors monitors moves offers orders outputs pairs
    patterns posts prompts questions quotes redirects releases replies reviews rows runs screens
    searches slots stacks starts stops supplies switches transfers transitions uploads uses
    waits walks works addresses caches causes copies counts delays designs drops dumps escapes
    estimates exchanges exits faces feeds fixes forces issues concerns
    """.split()
)

WEAK_TASKS = frozenset(
    """
    understand determine know ensure avoid keep make learn think see remember consider explain
    help happen mean seem be become do have prevent go come look note want need try begin get
    continue proceed follow summarize recap combine
    """.split()
)

# Nouns that name nothing by themselves: "the value", "the file".
VAGUE = frozenset(
    """
    app language number installer program shell filter menu slider box rectangle principal
    client comment comments pattern patterns hook hooks variables action address amount answer
    application approach area argument array attribute behavior behaviour block body branch
    button case change character check class code column command component condition config
    configuration connection content context controller copy count data database date default
    definition dependency description destination detail device dialog directory document
    element end entry environment error event example expression extension feature field file
    first flag folder following format function group header host id image index input instance
    instruction interface item job key kind label last latter layer length level library limit
    line link list location log loop machine mapping message method mode model module name
    namespace network new next node object one operation operator option order other output
    package page pair parameter parent part password path performance permission plugin point
    pointer policy port position prefix previous problem procedure process product project
    prompt property protocol query question queue range reason record reference release
    repository request resource response result root row rule same schema scope screen script
    second section selection sequence server service session set setting settings side site size
    slot software solution source space state statement status step string structure suffix
    switch symbol system tab table tag target task template term test text thing time title
    token tool top tree trigger type unit update url user validation value variable version view
    volume warning way window word work worker zone files options values commands results steps
    items fields rows columns lines entries objects changes names parameters packages tests
    arguments requests responses errors messages tasks users keys
    """.split()
)

STATES_OF_MIND = (
    "wonder", "curious", "ready", "unsure", "not sure", "sure", "interested", "familiar", "new to",
    "confident", "comfortable", "happy", "lucky", "like to", "feel", "think", "believe", "prefer",
    "just starting", "in doubt", "stuck", "done", "finished", "aware", "care", "possible",
    "necessary", "needed", "required", "desired", "applicable", "so", "not",
)  # fmt: skip

OPINION = frozenset(
    """
    useful easier easy easily recommended better best really course great simply powerful nice
    awesome handy convenient obviously amazing beautiful elegant interesting unfortunately
    fortunately hopefully sadly pretty lovely ideally
    """.split()
)

AUXILIARIES = frozenset(
    """
    is are was were has have had can cannot could may might must should will would shall does do
    did
    """.split()
)
DETERMINERS = frozenset(
    "a an the your my its their each every all any some no both another one two three".split()
)
PREPOSITIONS = frozenset(
    """
    about across after against along among around as at before behind below beneath beside
    between beyond by despite down during except for from in inside into like near of off on
    onto out outside over past per since through throughout to toward towards under until up
    upon via with within without
    """.split()
)

# Singular nouns that need no article.
MASS = frozenset(
    """
    access data information traffic software hardware memory storage support metadata output
    input time space code text email e-mail mail json html css yaml sql ssh tls ssl dns http
    https mode sign-on water air pressure temperature radio ice snow frost salt power voltage
    energy rust mud history content feedback work money tax vat help documentation usage
    performance throughput management development deployment equipment latency markdown syntax
    logic state control progress bluetooth wifi ethernet research
    """.split()
)
MASS_ENDINGS = ("ing", "tion", "sion", "ity", "ness", "ance", "ence", "ship", "ware", "ism", "ics")
COUNTABLE = frozenset(
    """
    application function option section connection transaction session version extension
    partition location station notification annotation subscription collection exception setting
    string ring instance reference difference license entity university facility capability
    vulnerability distribution installation region position mission dimension question action
    relation
    """.split()
)

# A sentence that begins with one of these hangs on the one before it (a pattern).
STARTS_OUTSIDE = r"""
this|that|these|those|it|its|they|their|them|he|she|also|then|so|thus|hence|therefore|however
|instead|otherwise|here|both|neither|either|again|finally|first|firstly|next|second|secondly|but
|and|or|nor|yet|still|similarly|likewise|additionally|moreover|furthermore|alternatively|such
|another|afterwards?|meanwhile|as a result|as a consequence|consequently|accordingly|as such
|in addition
|from there|from here|in this|in that|in these|in those|in such|in both|in either|in other words
|for example|for instance|for this|for these|at this|at that|after that|after this|to this|to that
|by this|if so|if not|if this|if that|if it|if they|when this|when it|when they|once this|once it
|because of this|with this|with that|one of|some of|most of|all of|each of|none of|the same
|the other|the latter|the former|the second|the third|the last|the remaining|the rest|now|note
|remember|recall|see|of course|in fact|indeed|e\.g|i\.e|unfortunately|fortunately|usually this
|there|what|which|who|doing|that's|it's|they're|let's|on the other hand|in contrast|by contrast
|conversely|more|only then|even|even so|apart from|aside from|others?|nothing|everything|yes|no
""".replace("\n", "")

# A sentence that holds one of these points to another place (a pattern).
POINTS_OUTSIDE = r"""
(?:above|below)(?! (?:an? |the |zero|freezing|which|`?[-\u2212]?\d))
|following|preceding|aforementioned|previously|earlier|sections?|chapter|listing|figure
|fig|appendix|see|refer to|described|mentioned|discussed|shown here|as follows|the example
|this example|ours?|we|us|let's|i|me|next step|previous step|step \d|as shown|the table|the diagram
|the first|the second|the third|the fourth|for example|the screenshot|the latter|the former
|respectively|here|this page|tutorial|guide|the documentation|the manual|these two|those two|the two
|the three|the same (?:way|process|procedure|steps?|manner|as|time|thing)|in question|shown in
|listed in|given in|the [\w-]+ table|such an?|that way|this way|this case|that case|these cases
|the rest of
""".replace("\n", "")

# Words that may end a noun phrase or stand behind it, never inside.
PHRASE_END = (
    PREPOSITIONS
    | AUXILIARIES
    | frozenset("and or but that which who to not been be when if".split())
)
EMPTY_ADJECTIVES = frozenset(
    """
    new old given current same other first second last next previous original specified whole
    entire desired appropriate corresponding necessary selected resulting actual final relevant
    required respective correct right chosen newly generated created main real existing latest
    default standard usual normal typical underlying overall particular special
    """.split()
)
