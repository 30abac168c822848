"""Pairs of words that mean nearly the same, by hand, for a visitor who wants to say it otherwise.

Chosen among the frequent words of Moby-Dick. In many sentences the other word fits, in some it is
a little off: synonyms are like that.
"""

PAIRS = """
great large, ship vessel, sea ocean, old aged, man fellow, men people, little small, said spoke,
head skull, boat skiff, seemed appeared, must should, white pale, way manner, see behold, round
about, say speak, whale leviathan, every each, much greatly, hand palm, side flank, never
nowhere, look gaze, ever always, deck planks, almost nearly, go walk, thing object, water brine,
away off, come arrive, day daytime, life existence, among amid, far distant, many several, fish
creature, seen beheld, line rope, cried shouted, eyes sight, world earth, sort kind, thought
idea, part portion, know understand, night darkness, air sky, crew sailors, whole entire, tell
inform, against opposite, things objects, soon shortly, take seize, came arrived, think believe,
place spot, nothing naught, called named, found discovered, times occasions, towards toward,
poor wretched, make form, heard listened, high lofty, stand stay, body frame, saw noticed,
moment instant, end finish, strange odd, hold keep, new fresh, went walked, voyage journey, get
obtain, face visage, few some, dead lifeless, going walking, black dark, indeed truly, perhaps
maybe, certain sure, death dying, iron steel, heart breast, give hand, true real, wild savage,
seas oceans, matter affair, sometimes often, cabin room, hard difficult, seem appear, standing
waiting, years seasons, mind brain, soul spirit, young youthful, present current, light bright,
tail flukes, land shore, within inside, enough plenty, bed hammock, known famous, beneath under,
word term, fire flame, morning dawn, rather somewhat, open unlocked, living alive, looking
gazing, general common, keep hold, business trade, name title, vast huge, top summit, myself me,
left gone, deep profound, wind breeze, turned rolled, mate partner, looked gazed, best finest,
work labor, reason cause, together jointly, near close, fast quick, hear listen, better finer,
order command, lord master, live dwell, blood gore, short brief, fine good, chase hunt, book
volume, boy lad, dark black, watch guard, broad wide, room chamber, above over, turn roll, mouth
lips, feel sense, bottom floor, mark sign, home house, rope line, peculiar strange, call cry,
find discover, close near, curious odd, ground floor, run race, began started, cut slice, mighty
strong, noble grand, queer odd, sudden abrupt, monster beast, sharp keen, calm still, single
lone, easy simple, purpose aim, help aid, power strength, distance space, famous known, sky
heaven, born raised, mad insane, strong mighty, hope wish, fell dropped, remained stayed, stop
halt, fear dread, show display, cold chill, storm gale, doubt question, kill slay, also too, but
yet, upon on, very most, still yet, long lengthy, here hither, before ere, last final, again
anew, good fine, half partly, small little, full filled, another other, good kind, captain
master, who that, quite wholly, wholly entirely, however yet, therefore thus, thus so, often
frequently, began commenced, house dwelling, door gate, voice tone, dreadful terrible, terrible
awful, silent quiet, quiet silent, slowly gradually, suddenly abruptly, presently shortly,
gentle mild, beautiful lovely, ancient old, huge vast, answer reply, asked inquired, replied
answered, perceive notice, concerning about
"""
SYNONYMS: dict[str, str] = {}
for _pair in PAIRS.replace("\n", " ").split(","):
    _word, _other = _pair.split()
    SYNONYMS.setdefault(_word, _other)
