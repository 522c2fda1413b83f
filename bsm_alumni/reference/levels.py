"""How well somebody speaks a language: the Common European Framework's six levels, and native."""

import enum
import re

from bsm_alumni.reference.folding import fold


class Level(enum.IntEnum):
    """Ordered, so that a need can be written `level >= Level.B2`; UNKNOWN is below all."""

    UNKNOWN = 0
    A1 = 1
    A2 = 2
    B1 = 3
    B2 = 4
    C1 = 5
    C2 = 6
    NATIVE = 7


# Said to be native, in the words people use: nothing to interpret.
_NATIVE = (
    "native|native speaker|native language|mother tongue|first language|natif|langue maternelle|maternelle"
    "|nativo|nativa|lengua materna|materna|língua materna|родной|родной язык|носитель|носитель языка"
    "|اللغة الأم|لغة أم|لغة الأم|母语|muttersprache|ana dili"
)

# Words that are not a level of the framework, read as the nearest one.
_INTERPRETED = {
    Level.A1: "beginner|elementary|notions|débutant|principiante|elemental|начальный|مبتدئ|初级|入门",
    Level.A2: "basic|basic knowledge|limited|some|pre intermediate|base|bases|basique|faible|básico|basico|"
    "базовый|أساسي|基础",
    Level.B1: "intermediate|conversational|fair|average|medium|moderate|limited working|moyen|intermédiaire|"
    "intermedio|medio|regular|средний|متوسط|中级",
    Level.B2: "good|upper intermediate|working|working knowledge|working proficiency|professional|"
    "professional working|bon|bonne|bien|bueno|buena|хороший|хорошо|جيد|良好|中高级",
    Level.C1: "fluent|fluently|advanced|very good|excellent|proficient|full professional|courant|couramment|"
    "avancé|très bien|très bon|fluido|fluida|avanzado|muy bueno|свободно|свободный|продвинутый|بطلاقة|طلاقة|"
    "متقدم|ممتاز|流利|高级|精通",
    Level.C2: "bilingual|near native|mastery|bilingue|двуязычный",
}

_WORDS: dict[str, tuple[Level, bool]] = {fold(word): (Level.NATIVE, False) for word in _NATIVE.split("|")}
for _level, _words in _INTERPRETED.items():
    _WORDS.update({fold(word): (_level, True) for word in _words.split("|")})

_CEFR = re.compile(r"\b([abc][12])\b")
_MOST_WORDS = 4


def find_level(text: str | None) -> tuple[Level, bool] | None:
    """The level a text names and whether it had to be interpreted ("fluent" → C1), or None.

    Levels of the framework and words for a native speaker are taken as they stand: "B2+" and
    "B2 (working)" are B2. Of two levels ("B2/C1") the lower is taken, as an interpretation.
    """
    words = fold(text or "")
    named = {Level[level.upper()] for level in _CEFR.findall(words)}
    if named and len(words.split()) <= _MOST_WORDS:
        return min(named), len(named) > 1
    return _WORDS.get(words)
