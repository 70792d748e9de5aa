"""Word lists of technical German: closed classes, genders of nouns, words that name nothing."""

from __future__ import annotations

ARTICLES = frozenset("der die das den dem des ein eine einen einem einer eines".split())
PREPOSITIONS = frozenset(
    """
    ab abseits an anhand am ans auf aufs aus außerhalb bei beim bis bezüglich dank durch
    entlang für gegen gegenüber gemäß hinter im in infolge innerhalb ins je laut mit mithilfe
    mittels nach neben oberhalb ohne per pro seit seitens statt trotz über um unter unterhalb
    vom von vor vorm während wegen wider zu zum zur zwecks zwischen
    """.split()
)
# Words in lower case that end like an inflected adjective and are none.
NO_ADJECTIVES = frozenset(
    """
    aber oder sowie jedoch immer wieder weiter weder lieber leider selber daher bisher
    nachher vorher hinüber darüber darunter hierfür dafür werden wurden haben hatten können
    konnten müssen mussten sollen sollten dürfen wollen möchten lassen wären seien sein
    bleiben gelten stehen liegen heißen dienen geben gibt eben neben oben unten außen innen
    hinten vorne links rechts gerne ungerne heute morgen gestern meistens mindestens
    höchstens wenigstens spätestens frühestens erstens zweitens drittens unbedingt keine
    keiner keines keinen wenn denn dann wann daneben danach davor dabei hierbei soweit sobald
    solange sofern falls also ganz sehr nun nur noch auch nicht so zu als wie ob dass weil
    damit ihnen ihn ihm ihr ihre ihrer ihrem ihren ihres sie er es man wir uns unser unsere
    unserer unserem unseren mich mir dich dir sich selbst diese dieser dieses diesem diesen
    jene jener jenes jenem jenen solche solcher solches solchen solchem welche welcher
    welches welchem welchen dessen deren denen einander hier dort da wo was wer wem wen
    """.split()
)

# First words of a sentence that are no nouns though they have a capital.
NO_NOUNS = frozenset(
    """
    abhängig aber ab alle allein allerdings alles allgemein als also alternativ am an andere
    anders andernfalls anfangs anhand anschließend ansonsten auch auf aufgrund aus ausgehend
    ausgenommen außer außerdem außerhalb automatisch bald beachten bei beide beides beim
    beispielsweise bereits besonders besser bestenfalls betroffen bevor bis bisher bitte bloß
    da dabei dadurch dafür dagegen daher dahinter damit danach daneben dank dann daran darauf
    daraufhin daraus darin darüber darum darunter das dass davon davor dazu dazwischen dem
    den denn dennoch der deren derzeit des deshalb dessen desto deswegen die dies diese
    dieselbe diesem diesen dieser dieses direkt doch dort durch eben ebenfalls ebenso ein
    eine einen einem einer eines einerseits einfach einige einmal eigentlich einzig
    empfehlenswert endlich entscheidend entsprechend entweder er erforderlich erlaubt erst
    erstens es etwa etwas falls fast ferner folglich für ganz geeignet gegebenenfalls gegen
    gegenüber gelegentlich gemäß genau genauso generell gerade gewöhnlich gilt gleiches
    gleichzeitig grundsätzlich gut günstig häufig hier hierbei hierdurch hierfür hiermit
    hierzu hilfreich hingegen hinter hinweis hinzu ich ihr ihre ihrem ihren ihrer ihres im
    immer in infolge inner innerhalb ins insbesondere insgesamt interessant intern inzwischen
    irgendwann ist ja je jede jedem jeden jeder jederzeit jedes jedoch jene jener jenes jetzt
    kein keine keinem keinen keiner keines kurz künftig lange langfristig laut lediglich leer
    letztendlich letztlich maximal mehr mehrere meist meistens mindestens mit mithilfe
    mittels möglich möglicherweise möglichst nach nachdem nachfolgend nacheinander
    nachträglich natürlich neben nebenbei nein neu nicht nichts nie niemals niemand noch
    normalerweise notwendig nun nur nützlich ob oben obwohl oder oft ohne optional optimal
    per praktisch prinzipiell pro rund schließlich schnell schon seit seitdem selbst
    selbstverständlich selten sicher sie sinnvoll so sobald sofern sofort sogar solange solch
    solche solcher somit sonst sonstige sowohl soweit später spätestens standardmäßig statt
    stattdessen stets tatsächlich teilweise trotz trotzdem typisch typischerweise typischer
    üblicherweise überall übrigens um umgekehrt und ungeeignet ungefähr unten unter unterhalb
    unzulässig verboten verfügbar vergleichbar vermutlich viel viele vielleicht voll vom von
    vor voraussichtlich vorausgesetzt vorher vorhanden vorläufig vorsicht vorzugsweise
    während wahlweise wahrscheinlich wann warum was wegen weil weiter weitere weiterhin
    weiteres weitgehend welche welcher welches wem wenig wenige weniger wenn wer weshalb
    wesentlich wichtig wie wieder wiederum wieso wir wird wo wobei wodurch wofür womit worauf
    wozu zahlreiche zeitgleich zeitweise ziemlich zu zudem zuerst zugleich zulässig zuletzt
    zum zumindest zunächst zur zurück zusammen zusätzlich zuständig zuvor zuweilen zwar
    zweitens zwingend zwischen über überflüssig nötig fehlt angezeigt angenommen gegeben
    gesetzt gemeint gespeichert bekannt beliebt gleich ähnlich anderes manche mancher manches
    nachstehend eins zwei drei ungültig gültig vorsichtshalber regelmäßig heutzutage
    mittlerweile aktuell momentan gegenwärtig eventuell gegebenfalls ebensowenig
    hauptsächlich seitens zeitlich
    """.split()
)

PREFIXES = tuple(
    """
    wiederher herunter hinunter zusammen zurecht zurück hinauf hinaus hinein hinzu heraus
    herauf herein herab umher voran voraus vorbei vorüber weiter fern fertig fest frei fort
    gleich gut hoch kaputt klar los nieder scharf statt still stumm teil weg zwischen bereit
    bekannt groß klein kurz offen rein sicher an auf aus bei ein ab her hin mit dar nach vor
    zu
    """.split()
)
# Prefixes that belong to the verb as often as they part from it.
UNSURE_PREFIXES = tuple(
    """
    durch über unter voll wieder wider hinter um gegen
    """.split()
)
# Verbs that only look as if they had a prefix that parts.
WHOLE_VERBS = frozenset(
    """
    analysieren annotieren animieren anonymisieren abonnieren abstrahieren absolvieren
    absorbieren antworten antizipieren ankern arbeiten einigen eignen festigen fertigen
    mitteln mitigieren auditieren herrschen hindern hinken nachten nähern nebeln zuckern
    zünden zögern einen beinhalten beichten beißen hinterlegen gleichen kürzen klären kleben
    freuen fristen festen losen loten lochen teilen weigern reinigen stillen
    """.split()
)
PARTED = frozenset(
    """
    umbenennen umwandeln umstellen umleiten umkehren umschalten umbauen umrechnen umziehen
    umsetzen umsteigen umordnen umsortieren umdrehen umformen umformatieren umrüsten
    unterbringen überblenden wiedergeben wiederverwenden durchführen durchlesen
    durchstreichen durchschalten umfärben umhängen umtauschen umbuchen
    """.split()
)
UNPARTED = frozenset(
    """
    überprüfen überschreiben übertragen überwachen übernehmen überarbeiten übersetzen
    überspringen überbrücken überlagern überlappen überlassen übermitteln überqueren
    überreichen überschreiten übersteuern überwinden überzeugen übergeben unterbrechen
    unterdrücken unterstützen unterscheiden unterschreiben unterteilen untersuchen
    unterziehen unterlegen unterstreichen wiederholen widerrufen widersprechen vollziehen
    vollenden durchsuchen durchbrechen durchqueren umfassen umranden umrahmen hinterlegen
    hinterlassen hinterfragen umschließen
    """.split()
)

# Wishes that are no tasks.
WEAK_TASKS = frozenset(
    """
    sein werden haben können müssen dürfen sollen wollen lassen verstehen begreifen wissen
    kennen kennenlernen lernen vermeiden verhindern sicherstellen gewährleisten garantieren
    erreichen bleiben fortfahren weitermachen loslegen anfangen beginnen helfen beachten
    erfahren sparen machen tun vorbeugen umgehen beitragen profitieren sorgen bewirken
    ermöglichen erleichtern vereinfachen verdeutlichen veranschaulichen demonstrieren
    erläutern erklären berücksichtigen entsprechen genügen unterscheiden vorstellen denken
    merken entgegenwirken erzielen fortsetzen versuchen brauchen benötigen funktionieren
    arbeiten klären verdienen gehen kommen bekommen besprechen diskutieren verwirklichen
    anstreben herausfinden sehen ansehen lesen vorwegnehmen wiederholen folgen bestätigen
    mitmachen befolgen
    """.split()
)

# Nouns that name nothing by themselves: "der Wert", "die Datei".
VAGUE = frozenset(
    """
    ablauf absatz absätze abschnitt aktion aktionen angabe angaben anfrage anfragen ansicht
    ansichten anwendung anwendungen anzahl anzeige art arbeit argument argumente aufgabe
    aufgaben aufruf ausdruck ausgabe auswahl bearbeitung bedingung befehl befehle beispiel
    beispiele bereich bereiche beschreibung bezeichnung bild bilder buchstabe code daten
    datei dateien dialog dialogfeld dialogfenster direktive direktiven dokument dokumente ebene
    effekt eigenschaft
    eigenschaften eingabe eingabefeld einheit einstellung einstellungen eintrag einträge
    element elemente ende ereignis ergebnis ergebnisse fall farbe fehler fehlermeldung feld
    felder fenster filter folge form format funktion funktionen gebiet gerät geräte größe
    grund grundlage gruppe gruppen handbuch hilfe hinweis hinweise höhe index information
    informationen inhalt inhalte installation instanz kategorie kategorien klasse knopf
    komponente komponenten konfiguration kopie länge linie liste listen listenfeld maschine
    maske meldung menge menü merkmal methode methoden modell modul module modus möglichkeit
    möglichkeiten muster nachricht nachrichten name namen nummer objekt objekte option
    optionen ordner ort paket pakete parameter pfad phase position problem probleme programm
    programme projekt prozess prozesse punkt punkte quelle rahmen regel regeln register reihe
    reihenfolge rest ressource sache schaltfläche schicht schlüssel schritt schritte seite
    seiten server sicht skript software spalte spalten status stelle stellen symbol symbole
    system systeme tabelle tabellen taste tasten teil teile text texte titel typ typen
    überschrift umgebung variable variablen verbindung verfahren verhalten version versionen
    verweis vorgang vorgänge vorlage wahl wert werte werkzeug werkzeuge wort wörter zahl
    zahlen zeichen zeiger zeile zeilen zeit zelle zellen ziel zugriff zustand zweck assistent
    kontext situation technik struktur operation operationen resultat schema szenario
    datensatz datensätze kontrollkästchen markierfeld auswahlfeld registerkarte pinsel regler
    schieberegler kästchen abfrage abfragen ding dinge variante varianten vorgabe maus
    mauszeiger cursor rechner computer benutzer anwender nutzer gegenstand lösung änderung
    änderungen prüfung bedeutung standard grenze übertragung aktualisierung kalibrierung
    reinigung messung überprüfung verarbeitung berechnung darstellung ausführung speicherung
    sicherung anmeldung abmeldung registrierung bestätigung lieferung zahlung kündigung
    verschlüsselung initialisierung synchronisation synchronisierung kommunikation navigation
    standardwert maximalwert höchstwert mindestwert vorgabewert wertebereich einwirkzeit
    kosten preis dauer aufteilung zuordnung zuweisung anpassung verwendung nutzung erstellung
    löschung suche eingabeaufforderung auflösung unterstützung implementierung formatierung
    speicherort dateiname maustaste eingabetaste leertaste pfeiltaste mausklick segment
    nullpunkt abschnitte segmente richtlinie richtlinien helfer ausdehnung anzeigebereich
    editor
    """.split()
)

OPINION = frozenset(
    """
    leider natürlich selbstverständlich sicherlich hoffentlich schön schöner toll großartig
    einfach einfacher bequem bequemer praktisch nützlich hilfreich sinnvoll sinnvoller
    empfehlenswert ratsam unbedingt wirklich besser beste besten bester bestes wunderbar
    elegant interessant lästig angenehm ideal optimal perfekt ziemlich eigentlich vermutlich
    wahrscheinlich vielleicht offensichtlich bekanntlich übrigens quasi halt eben mal trivial
    mächtig mächtiges wichtig wichtige wichtiges wichtiger wichtigen nützliche nützliches
    nützlicher neuartig neuartiger gängig voraussichtlich möglicherweise eventuell hübsche
    hübsch beliebtes beliebte sehr
    """.split()
)

IRREGULAR_ICH = {
    "sein": "bin", "haben": "habe", "werden": "werde", "können": "kann", "müssen": "muss",
    "wollen": "will", "sollen": "soll", "dürfen": "darf", "mögen": "mag", "wissen": "weiß",
    "tun": "tue", "möchten": "möchte", "sind": "bin",
}  # fmt: skip

NUMBERS = (
    "null|ein|eine|einen|einem|einer|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
    "|dreizehn|vierzehn|fünfzehn|zwanzig|dreißig|vierzig|fünfzig|sechzig|hundert|tausend"
)

# Imperatives of the familiar form that begin an instruction.
DU_IMPERATIVES = frozenset(
    """
    aktiviere aktualisiere ändere beende bearbeite benutze bestätige definiere deaktiviere
    drücke entferne erstelle erzeuge exportiere folge führe füge gehe geh gib halte
    importiere installiere klicke konfiguriere kopiere lade lege lies lösche markiere melde
    nimm nutze öffne passe platziere prüfe registriere rufe schalte schiebe schließe schreibe
    sende setze speichere starte stelle stoppe suche teile tippe trage trenne tausche
    überprüfe verbinde verschiebe verwende wähle wechsle wechsele ziehe deklariere
    implementiere übergib umschließe ergänze ersetze entpacke navigiere
    """.split()
)

MASCULINE = frozenset(
    """
    abschnitt absatz abstand absender account adapter akku alarm anhang anschluss ansatz
    antrag anteil artikel assistent aufbau aufruf auftrag ausdruck ausgang auslöser
    ausschnitt auszug avatar ball balken baum baustein befehl behälter beitrag beleg benutzer
    benutzername bereich bericht besitzer betrag betrieb bezug bildschirm block boden bogen
    brief browser buchstabe bus button cache chat client cluster code compiler computer
    container controller cookie cursor datensatz datentyp deckel desktop dialog dienst
    download draht drucker editor effekt eimer einbau eingang eintrag einwohner empfang
    empfänger ersatz export faktor fall feed fehler film filter fingerabdruck finger fluss
    flug fokus ordner fortschritt funktionstest funktest gang generator graph grund hash
    haken halter hintergrund hinweis host hub import inhalt index installer job kalender
    kanal kasten katalog kernel key klick knopf knoten kommentar kompass kontakt kopf
    kontostand kreis kunde kurs lader laptop lauf lautsprecher leser lesezeichenordner link
    logger manager marker master mauszeiger messwert mitarbeiter modus monat monitor motor
    name nachweis netzstecker newsletter nullpunkt nutzer ort ofen parameter partner pfad
    pfeil pin pinsel plan platz pixel pol port posten preis proxy prozess prozessor pull
    punkt puffer rahmen rand raum rechner redakteur reiter regler report rhythmus ring ruf
    sammler satz schacht schalter schatten schirm schlüssel schnitt schritt schutz
    schwellenwert scanner sensor server service shop sicherungslauf sitz slot sockel speicher
    sperrcode spiegel sprung stab stack stand standort stapel start startwert status stecker
    stift stil stopp strich strom stundensatz support tab tag tarif teilnehmer termin test
    text thread titel toner tisch ton topf treiber trichter trigger tunnel typ umfang
    umschlag upload ursprung vergleich verlauf versand versatz verteiler vertrag verweis
    versuch vorgang vorlauf vorschlag warenkorb wandhalter wasserstand wechsel wecker weg
    wert widerstand winkel workflow worker zähler zaun zeiger zeitpunkt zeitraum zeitstempel
    zertifikatsspeicher zoom zugang zugriff zustand zweck zweig zylinder absturz magnet
    magnetschlüssel rückruf roller o-ring dübel pegel sprachbefehl kühlschrank lüfter
    schlauch filterbeutel staubbehälter aufzählungspunkt spaltenkopf zeilenkopf zeilenumbruch
    seitenumbruch querverweis zeitschlitz rabatt
    """.split()
)
FEMININE = frozenset(
    """
    abfrage abgabe adresse ablage achse aktion analyse anfrage anlage ansicht antwort
    anwendung anzahl anzeige app art aufgabe auflage aufnahme ausgabe auskunft auswahl bank
    basis batterie berechtigung beschriftung bibliothek box breite brücke buchse bude cloud
    datei datenbank dauer demo diagnose dichtung distribution domain domäne ebene ecke
    eigenschaft eingabe einheit einstellung e-mail mail email farbe feder fernbedienung
    festplatte firewall firma firmware flagge fläche folie form formel formatvorlage folge
    frage frist fußnote fußzeile ganglinie galerie geste grafik grenze größe gruppe hand
    historie hardware hilfe hilfslinie höhe hysterese id instanz jahreszahlung kamera karte
    kategorie kennlinie kette klammer klasse klausel komponente kopfzeile kopie kontrolle
    kugel kurve lage lampe länge lasche laufzeit leiste leistung leitung linie liste lizenz
    logik lösung lupe maschine maske masse maus meldung membran menge messstelle methode
    miete minute mitteilung mühle mutter nachricht naht nase neuerung nummer nut oberfläche
    option palette partition pause person phase pipeline platte polung position präsentation
    priorität probe pumpe quelle quote rate regel region reichweite reihe reihenfolge
    referenz ressource richtlinie rolle route rückgabe säule schablone schaltfläche schleife
    schleuse schnittstelle schraube schrift schriftart sequenz serie session sicht sicherung
    signatur sitzung site skala software sonde spalte sperre spitze sprache spule spur stelle
    steuer straße stufe suche summe symbolleiste statusleiste steckdose szene tabelle tafel
    taste tastatur tastenkombination technik temperatur tiefe tour transaktion
    trockenmittelpatrone tür übersicht uhr uhrzeit umgebung url unterschrift variable version
    verknüpfung vorlage vorschau wahl ware warteschlange website webseite welle weiche woche
    workbench zahl zeichenkette zeile zeit zelle zentrale zone zwischenablage seite
    einwilligung rechnung kennzahl pfandflasche bürste düse maßnahme matte zutat tonspur
    ebenenmaske hauptbürste ladestation api cpu ssd sd-karte ip-adresse diagnosedatei mappe
    drift absatzvorlage endnote notiz datenquelle umrandung umfrage
    """.split()
)
NEUTER = frozenset(
    """
    abonnement abo add-on album angebot archiv argument array attribut audio auge backup band
    bauteil becken beispiel benutzerkonto betriebssystem bild bit blatt bluetooth board brett
    buch budget bundle byte dashboard datum diagramm display dokument ding dossier element
    ende ereignis ergebnis erweiterungspaket etikett extra fach fahrzeug feature feld fenster
    filament format formular foto forum frontend backend fragment framework gateway gebiet
    gehäuse gerät gewicht gitter glas glied gruppenfeld guthaben handbuch handy heft holz
    icon image inhaltsverzeichnis interface intervall internet jahr kabel kapitel kennwort
    kennzeichen kit konto kommando konzept label land laufwerk layout lesezeichen licht
    listenfeld literaturverzeichnis logo log logbuch loch lot makro maß material mehl
    mehrfachdiagramm menü merkmal messgerät messintervall metall mikrofon mitglied modell
    modul monitoring muster netz netzteil netzwerk objekt öl panel paket papier passwort
    passepartout pdf pflichtfeld plugin plug-in portal post-it problem produkt profil
    programm projekt protokoll quartal rad radio raster rechenzentrum recht rechteck register
    relais release repository resultat ritzel rohr routing schema schild schloss schriftstück
    seil segment semester sendeintervall set signal silo skript snippet spiel sprachpaket
    startmenü stichwortverzeichnis stück stativ symbol system tablet team telefon template
    terminal textfeld thema theme tool tor token tutorial update upgrade unternehmen urteil
    verfahren verzeichnis video volumen volume wasser wasserzeichen web webinterface werkzeug
    widget wiki wort zeichen zertifikat ziel zimmer zip-archiv zubehör zeitintervall
    arbeitsblatt tabellenblatt tabellendokument textdokument steuerelement kontrollkästchen
    unterverzeichnis unterformular smartphone objektiv zahnrad dach messer brot szenario
    kriterium gerüst stichwort satzzeichen abbild startcenter zeichenobjekt
    """.split()
)
# Nouns used without an article: "Text einfügen".
MASS = frozenset(
    """
    text wasser öl strom code speicherplatz musik zubehör hilfe geld html css javascript
    software sql json xml content inhalt ton papier abwasser kaffee milch schmiermittel
    frostschutz
    """.split()
)
WEAK_MASCULINES = frozenset(
    """
    agent assistent kunde name buchstabe student adressat automat mensch herr kollege
    lieferant interessent operand präsident patient planet konsument produzent abonnent
    experte wille gedanke glaube friede same haufe funke datenschutzbeauftragte beauftragte
    vorgesetzte bote pate zeuge erbe nachbar bauer prinz held satellit diamant komet soldat
    pilot
    """.split()
)

# Verbs that make something new: their object is "ein ...".
CREATING = frozenset(
    """
    anlegen erstellen hinzufügen einfügen erzeugen anfordern schreiben bauen definieren
    generieren eröffnen zeichnen buchen beantragen registrieren vereinbaren importieren
    hochladen
    """.split()
)
# Nouns that name nothing even as the object of a task.
VAGUE_OBJECTS = frozenset(
    """
    aktion aktionen angabe angaben anzeige argument aufgabe ausdruck auswahl bedingung befehl
    beispiel bereich beschreibung dialog dialogfeld dialogfenster ding dinge effekt
    eigenschaft eigenschaften eingabe einheit einstellung einstellungen eintrag einträge
    element elemente ende ereignis ergebnis ergebnisse fall feld felder fenster folge form
    format funktion gruppe hinweis information informationen inhalt klasse komponente
    konfiguration länge liste maschine menge methode modus möglichkeit muster name namen
    objekt objekte option optionen parameter position problem probleme programm prozess punkt
    rahmen regel rest schaltfläche schritt sache skript spalte stelle symbol system teil typ
    umgebung variable verfahren verhalten vorgang wahl wert werte werkzeug wort zahl zeichen
    zeile ziel zustand zweck kontext situation struktur resultat schema szenario variante
    lösung änderung änderungen fehler text texte bild bilder datei dateien daten code seite
    zelle zellen tabelle meldung nachricht paket pakete anwendung dokument spalten zeilen
    assistent
    """.split()
)
# Adjectives after "der" that point to something said before.
CONTEXTUAL = frozenset(
    """
    neue neuen neuer neues neuem aktuelle aktuellen aktueller aktuelles aktuellem ausgewählte
    ausgewählten ausgewähltem markierte markierten gewünschte gewünschten entsprechende
    entsprechenden entsprechendes jeweilige jeweiligen andere anderen anderer anderes gleiche
    gleichen erste ersten erster erstes zweite zweiten zweites dritte dritten letzte letzten
    letztes nächste nächsten nächstes vorige vorigen obige obigen genannte genannten
    angezeigte angezeigten geöffnete geöffneten erstellte erstellten resultierende
    resultierenden betreffende betreffenden richtige richtigen passende passenden
    ursprüngliche ursprünglichen eigentliche eigentlichen übrigen restlichen gesamte gesamten
    ganze ganzen fertige fertigen bestimmte bestimmten gefundene gefundenen angegebene
    angegebenen eingegebene eingegebenen benötigten benötigte folgenden aufgelisteten
    aufgelistete aufgeführten aufgeführte vorgegebenen vorgegebene verbleibenden verbleibende
    verschiedenen verschiedene einzelnen geänderten geänderte
    """.split()
)
# Infinitives without prefix that headings turn into nouns ("Löschen einer Zelle").
ACTIONS = frozenset(
    """
    ändern löschen öffnen speichern drucken setzen wechseln suchen schützen laden senden
    starten stoppen prüfen testen zeichnen schreiben teilen drehen spiegeln filtern sperren
    sichern schließen beenden buchen zählen füllen rechnen messen lösen reinigen wählen
    mischen tauschen trennen übertragen übersetzen umbenennen hinzufügen verschieben ziehen
    ordnen gruppieren kürzen drehen spülen lesen bauen nutzen planen melden posten packen
    lagern malen färben zuschneiden pflegen leeren kehren lüften wecken hängen montieren
    klonen taggen starten booten backen teilen zoomen scannen faxen
    """.split()
)
# Verbs that need no object beside "in ...", "auf ...".
GOING = frozenset(
    """
    wechseln zugreifen umschalten umsteigen umstellen springen navigieren gelangen
    zurückkehren suchen zurückwechseln verweisen umziehen
    """.split()
)
