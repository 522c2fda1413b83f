"""What a column can mean, by kind of sheet, and the headings people give it."""

import enum
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class SheetKind(enum.StrEnum):
    """What the rows of a sheet are."""

    ALUMNI = "alumni"
    COHORTS = "cohorts"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Field:
    """A meaning. `headings` are ways to write it, parted by '|', compared folded; `lists` values may be several."""

    key: str
    label: LazyString
    headings: str


FIELDS: dict[SheetKind, tuple[Field, ...]] = {
    SheetKind.ALUMNI: (
        Field("title", _l("Title"), "title|honorific|salutation|mr ms|civilité|tratamiento|обращение"),
        Field(
            "family_name",
            _l("Family name"),
            "surname|family name|family names|last name|nom|nom de famille|apellido"
            "|apellidos|фамилия|اللقب|اسم العائلة|姓",
        ),
        Field(
            "given_names",
            _l("Given names"),
            "given name s|given name|given names|first name|first names|forename|prénom"
            "|prénoms|nombre|nombres|имя|الاسم الأول|名",
        ),
        Field(
            "full_name",
            _l("Full name"),
            "name|full name|participant|participant name|name of participant|alumnus|nom complet|nom et prénom"
            "|nombre completo|nombre y apellidos|фио|姓名|الاسم الكامل|الاسم",
        ),
        Field("sex", _l("Sex"), "sex|gender|sexe|sexo|género|genre|пол|الجنس|性别|m f"),
        Field(
            "country",
            _l("Country"),
            "country|member state|nationality|state|pays|nationalité|país|pais|страна|البلد|الدولة|国家",
        ),
        Field(
            "agency",
            _l("Agency"),
            "agency|institution|agency institution|organisation|organization|ministry|service|employer|department"
            "|organisme|institución|institucion|ведомство|المؤسسة|الجهة|机构|单位",
        ),
        Field(
            "position",
            _l("Position"),
            "position|rank|rank position|function|job title|post|role|grade|fonction|cargo|puesto|должность|звание"
            "|المنصب|الرتبة|职务",
        ),
        Field(
            "email",
            _l("E-mail"),
            "e mail|email|e mail address|email address|mail|courriel|adresse électronique|correo|correo electrónico"
            "|электронная почта|البريد الإلكتروني|电子邮件|邮箱",
        ),
        Field(
            "phone",
            _l("Telephone"),
            "mobile|mobile whatsapp|phone|telephone|tel|phone number|whatsapp|cell"
            "|téléphone|teléfono|телефон|الهاتف|电话",
        ),
        Field(
            "languages",
            _l("Languages"),
            "languages|language s|languages level|language|languages spoken|langues|idiomas|языки|اللغات|语言",
        ),
        Field(
            "themes",
            _l("Themes"),
            "areas of expertise|expertise|themes|theme s|topics|specialisation|specialization|domaines d expertise"
            "|áreas de especialización|темы|مجالات الخبرة|专长",
        ),
        Field(
            "cohort",
            _l("Cohort"),
            "tot attended|tot|cohort|training attended|course attended|training|course"
            "|formation|formación|когорта|الدورة|课程",
        ),
        Field(
            "cohort_date",
            _l("Date of training"),
            "date of tot|date of training|training date|tot date|date|дата|日期|التاريخ",
        ),
        Field(
            "certified",
            _l("Certified"),
            "certified|certificate|certification|completed|result|certifié|certificado|сертификат",
        ),
        Field(
            "zone",
            _l("Time zone"),
            "time zone|timezone|zone|fuseau horaire|zona horaria|часовой пояс|المنطقة الزمنية|时区",
        ),
        Field(
            "sharing",
            _l("May be shared with partners"),
            "ok to share with partners|share with partners|sharing|consent|consent to share|ok to share|data sharing"
            "|partage avec les partenaires|compartir con socios|согласие",
        ),
        Field(
            "remarks",
            _l("Remarks"),
            "remarks|remark|notes|note|comments|comment|observations|remarques|observaciones|примечания|ملاحظات|备注",
        ),
    ),
    SheetKind.COHORTS: (
        Field("code", _l("Code"), "code|cohort|cohort code|tot|reference|ref|код|الرمز|代码"),
        Field("course", _l("Course"), "course|course title|title|training|training title|cours|curso|курс|الدورة|课程"),
        Field("venue", _l("Venue"), "venue|location|place|city|lieu|lugar|место|المكان|地点"),
        Field(
            "start",
            _l("First day"),
            "from|start|start date|begin|begins|first day|du|début|desde|inicio|начало|من|开始",
        ),
        Field("end", _l("Last day"), "to|end|end date|ends|last day|until|au|fin|hasta|конец|إلى|结束"),
        Field(
            "partners",
            _l("Delivered with"),
            "delivered with|delivered by|partner|partners|provider|avec|con|партнеры|الشركاء|合作伙伴",
        ),
        Field(
            "participants",
            _l("Participants"),
            "participants|number of participants|no of participants|trainees|участники|المشاركون|人数",
        ),
        Field(
            "countries",
            _l("Country of participants"),
            "country|countries|country of participants|pays|país|страна|البلد|国家",
        ),
        Field("period", _l("Period"), "fiscal year|year|period|année|año|год|السنة|年度"),
        Field(
            "agencies", _l("Agencies of participants"), "participants from|agency|agencies|units|student unit|ведомства"
        ),
    ),
    SheetKind.EVENTS: (
        Field("title", _l("Title"), "title|event|webinar|session|topic|titre|título|название|العنوان|标题"),
        Field("date", _l("Date"), "date|day|fecha|дата|التاريخ|日期"),
        Field("time", _l("Time"), "time|start time|hour|heure|hora|время|الوقت|时间"),
        Field(
            "languages",
            _l("Languages"),
            "language s|languages|language|langue|langues|idioma|idiomas|язык|языки|اللغة|语言",
        ),
        Field("outcome_area", _l("Outcome area"), "outcome area|outcome|area|domaine|área"),
        Field("partners", _l("Partners"), "partners|partner|with|partenaires|socios|партнеры|الشركاء|合作伙伴"),
        Field("themes", _l("Themes"), "themes|theme|topics|thèmes|temas|темы|المواضيع|主题"),
        Field(
            "seats",
            _l("Co-presenters wanted"),
            "co presenters wanted|co presenters|presenters|presenters wanted|seats|copresenters|co présentateurs",
        ),
        Field("status", _l("Status"), "status|state|statut|estado|статус|الحالة|状态"),
        Field("remarks", _l("Remarks"), "remarks|notes|comments|remarques|observaciones|примечания"),
    ),
}

# A sheet is of a kind when one of these sets of meanings is found in its headings.
NEEDED: dict[SheetKind, tuple[frozenset[str], ...]] = {
    SheetKind.ALUMNI: (
        frozenset({"family_name", "given_names"}),
        frozenset({"full_name", "email"}),
        frozenset({"full_name", "country"}),
        frozenset({"family_name", "email"}),
    ),
    SheetKind.COHORTS: (frozenset({"course", "start"}), frozenset({"code", "course"})),
    SheetKind.EVENTS: (frozenset({"title", "date", "time"}), frozenset({"title", "date"})),
}


def field_keys(kind: SheetKind) -> frozenset[str]:
    """The keys of all meanings that a column of such a sheet can have."""
    return frozenset(field.key for field in FIELDS[kind])


def field_label(kind: str, key: str) -> str:
    """The meaning in words; the key itself when it is not known."""
    for field in FIELDS.get(SheetKind(kind), ()) if kind in set(SheetKind) else ():
        if field.key == key:
            return str(field.label)
    return key
