"""The States of the United Nations: how many, where, and by which names."""

from collections import Counter

import pytest

from bsm_alumni.reference.countries import (
    COUNTRIES,
    OBSERVERS,
    REGIONS,
    UN_LOCALES,
    country_name,
    find_country,
    region_name,
)

# M49, as the UN Statistics Division names and counts them (States only, its territories left out).
SUBREGIONS = {
    "Northern Africa": 6,
    "Eastern Africa": 18,
    "Middle Africa": 9,
    "Southern Africa": 5,
    "Western Africa": 16,
    "Caribbean": 13,
    "Central America": 8,
    "South America": 12,
    "Northern America": 2,
    "Central Asia": 5,
    "Eastern Asia": 5,
    "South-eastern Asia": 11,
    "Southern Asia": 9,
    "Western Asia": 18,
    "Eastern Europe": 10,
    "Northern Europe": 10,
    "Southern Europe": 15,
    "Western Europe": 9,
    "Australia and New Zealand": 2,
    "Melanesia": 4,
    "Micronesia": 5,
    "Polynesia": 3,
}

# ar, en, es, fr, ru, zh: the names where everyday usage and the United Nations part.
UN_NAMES = {
    "BO": (
        "بوليفيا (دولة - المتعددة القوميات)",
        "Bolivia (Plurinational State of)",
        "Bolivia (Estado Plurinacional de)",
        "Bolivie (État plurinational de)",
        "Боливия (Многонациональное Государство)",
        "多民族玻利维亚国",
    ),
    "CD": (
        "جمهورية الكونغو الديمقراطية",
        "Democratic Republic of the Congo",
        "República Democrática del Congo",
        "République démocratique du Congo",
        "Демократическая Республика Конго",
        "刚果民主共和国",
    ),
    "CG": ("الكونغو", "Congo", "Congo", "Congo", "Конго", "刚果"),
    "CI": ("كوت ديفوار", "Côte d'Ivoire", "Côte d'Ivoire", "Côte d'Ivoire", "Кот-д'Ивуар", "科特迪瓦"),
    "CV": ("كابو فيردي", "Cabo Verde", "Cabo Verde", "Cabo Verde", "Кабо-Верде", "佛得角"),
    "CZ": ("تشيكيا", "Czechia", "Chequia", "Tchéquie", "Чехия", "捷克"),
    "FM": (
        "ميكرونيزيا (ولايات - الموحدة)",
        "Micronesia (Federated States of)",
        "Micronesia (Estados Federados de)",
        "Micronésie (États fédérés de)",
        "Микронезия (Федеративные Штаты)",
        "密克罗尼西亚联邦",
    ),
    "GB": (
        "المملكة المتحدة لبريطانيا العظمى وآيرلندا الشمالية",
        "United Kingdom of Great Britain and Northern Ireland",
        "Reino Unido de Gran Bretaña e Irlanda del Norte",
        "Royaume-Uni de Grande-Bretagne et d'Irlande du Nord",
        "Соединенное Королевство Великобритании и Северной Ирландии",
        "大不列颠及北爱尔兰联合王国",
    ),
    "IR": (
        "إيران (جمهورية - الإسلامية)",
        "Iran (Islamic Republic of)",
        "Irán (República Islámica del)",
        "Iran (République islamique d')",
        "Иран (Исламская Республика)",
        "伊朗伊斯兰共和国",
    ),
    "KP": (
        "جمهورية كوريا الشعبية الديمقراطية",
        "Democratic People's Republic of Korea",
        "República Popular Democrática de Corea",
        "République populaire démocratique de Corée",
        "Корейская Народно-Демократическая Республика",
        "朝鲜民主主义人民共和国",
    ),
    "KR": (
        "جمهورية كوريا",
        "Republic of Korea",
        "República de Corea",
        "République de Corée",
        "Республика Корея",
        "大韩民国",
    ),
    "LA": (
        "جمهورية لاو الديمقراطية الشعبية",
        "Lao People's Democratic Republic",
        "República Democrática Popular Lao",
        "République démocratique populaire lao",
        "Лаосская Народно-Демократическая Республика",
        "老挝人民民主共和国",
    ),
    "MD": (
        "جمهورية مولدوفا",
        "Republic of Moldova",
        "República de Moldova",
        "République de Moldova",
        "Республика Молдова",
        "摩尔多瓦共和国",
    ),
    "MK": (
        "مقدونيا الشمالية",
        "North Macedonia",
        "Macedonia del Norte",
        "Macédoine du Nord",
        "Северная Македония",
        "北马其顿",
    ),
    "MM": ("ميانمار", "Myanmar", "Myanmar", "Myanmar", "Мьянма", "缅甸"),
    "NL": (
        "هولندا (مملكة -)",
        "Netherlands (Kingdom of the)",
        "Países Bajos (Reino de los)",
        "Pays-Bas (Royaume des)",
        "Нидерланды (Королевство)",
        "荷兰王国",
    ),
    "PS": (
        "دولة فلسطين",
        "State of Palestine",
        "Estado de Palestina",
        "État de Palestine",
        "Государство Палестина",
        "巴勒斯坦国",
    ),
    "RU": (
        "الاتحاد الروسي",
        "Russian Federation",
        "Federación de Rusia",
        "Fédération de Russie",
        "Российская Федерация",
        "俄罗斯联邦",
    ),
    "SY": (
        "الجمهورية العربية السورية",
        "Syrian Arab Republic",
        "República Árabe Siria",
        "République arabe syrienne",
        "Сирийская Арабская Республика",
        "阿拉伯叙利亚共和国",
    ),
    "SZ": ("إسواتيني", "Eswatini", "Eswatini", "Eswatini", "Эсватини", "斯威士兰"),
    "TL": ("تيمور - ليشتي", "Timor-Leste", "Timor-Leste", "Timor-Leste", "Тимор-Лешти", "东帝汶"),
    "TR": ("تركيا", "Türkiye", "Türkiye", "Türkiye", "Турция", "土耳其"),
    "TZ": (
        "جمهورية تنزانيا المتحدة",
        "United Republic of Tanzania",
        "República Unida de Tanzanía",
        "République-Unie de Tanzanie",
        "Объединенная Республика Танзания",
        "坦桑尼亚联合共和国",
    ),
    "US": (
        "الولايات المتحدة الأمريكية",
        "United States of America",
        "Estados Unidos de América",
        "États-Unis d'Amérique",
        "Соединенные Штаты Америки",
        "美利坚合众国",
    ),
    "VA": ("الكرسي الرسولي", "Holy See", "Santa Sede", "Saint-Siège", "Святой Престол", "教廷"),
    "VE": (
        "فنزويلا (جمهورية - البوليفارية)",
        "Venezuela (Bolivarian Republic of)",
        "Venezuela (República Bolivariana de)",
        "Venezuela (République bolivarienne du)",
        "Венесуэла (Боливарианская Республика)",
        "委内瑞拉玻利瓦尔共和国",
    ),
    "VN": ("فييت نام", "Viet Nam", "Viet Nam", "Viet Nam", "Вьетнам", "越南"),
}


def test_193_member_states_and_two_observers() -> None:
    assert len(COUNTRIES) - len(OBSERVERS) == 193
    assert {COUNTRIES[code].name for code in OBSERVERS} == {"Holy See", "State of Palestine"}


def test_places_that_are_no_member_state_are_not_listed() -> None:
    assert COUNTRIES.keys() & {"TW", "HK", "MO", "XK", "EH", "PR", "GL", "CK", "NU"} == set()


def test_codes_are_well_formed_and_unique() -> None:
    assert all(code == country.code and len(code) == 2 and code.isupper() for code, country in COUNTRIES.items())
    assert len({c.alpha3 for c in COUNTRIES.values() if len(c.alpha3) == 3 and c.alpha3.isupper()}) == 195
    assert len({c.m49 for c in COUNTRIES.values() if len(c.m49) == 3 and c.m49.isdigit()}) == 195


@pytest.mark.parametrize(
    ("code", "alpha3", "m49"),
    [
        ("KE", "KEN", "404"),
        ("AF", "AFG", "004"),
        ("SD", "SDN", "729"),
        ("SS", "SSD", "728"),
        ("ET", "ETH", "231"),
        ("DE", "DEU", "276"),
        ("RS", "SRB", "688"),
        ("ME", "MNE", "499"),
        ("YE", "YEM", "887"),
        ("PS", "PSE", "275"),
        ("VA", "VAT", "336"),
    ],
)
def test_iso_and_m49_codes(code: str, alpha3: str, m49: str) -> None:
    assert (COUNTRIES[code].alpha3, COUNTRIES[code].m49) == (alpha3, m49)


def test_every_m49_subregion_has_its_states() -> None:
    assert Counter(c.subregion for c in COUNTRIES.values()) == SUBREGIONS


def test_regions_hold_their_subregions() -> None:
    assert set(REGIONS) == {"Africa", "Americas", "Asia", "Europe", "Oceania"}
    assert sorted(name for subregions in REGIONS.values() for name in subregions) == sorted(SUBREGIONS)
    assert REGIONS["Asia"] == (
        "Central Asia",
        "Eastern Asia",
        "South-eastern Asia",
        "Southern Asia",
        "Western Asia",
    )


@pytest.mark.parametrize("code", UN_NAMES)
def test_un_short_names_in_six_languages(code: str) -> None:
    assert tuple(country_name(code, locale) for locale in UN_LOCALES) == UN_NAMES[code]


def test_every_state_has_a_name_in_every_un_language() -> None:
    missing = [(c, loc) for c in COUNTRIES for loc in UN_LOCALES if not country_name(c, loc).strip()]
    assert missing == []


def test_every_name_in_every_un_language_leads_back_to_its_state() -> None:
    wrong = [
        (code, locale, found)
        for code in COUNTRIES
        for locale in UN_LOCALES
        if (found := find_country(country_name(code, locale))) is not COUNTRIES[code]
    ]
    assert wrong == []


def test_locale_variants_and_unknown_locales() -> None:
    assert country_name("VA", "zh-Hans") == "教廷"
    assert country_name("VA", "fr_CA") == "Saint-Siège"
    assert country_name("VA", "sw") == "Holy See"


def test_no_name_for_a_code_that_is_not_a_state() -> None:
    with pytest.raises(KeyError):
        country_name("TW")


def test_countries_are_listed_by_name() -> None:
    names = [country.name for country in COUNTRIES.values()]
    assert names[:2] == ["Afghanistan", "Albania"]
    assert names.index("Côte d'Ivoire") == names.index("Costa Rica") + 1
    assert names.index("Türkiye") == names.index("Tunisia") + 1


def test_regions_and_subregions_are_named_in_every_un_language() -> None:
    names = [*REGIONS, *SUBREGIONS]
    assert [(n, loc) for n in names for loc in UN_LOCALES if not region_name(n, loc).strip()] == []
    assert [region_name("Eastern Africa", locale) for locale in UN_LOCALES] == [
        "شرق أفريقيا",
        "Eastern Africa",
        "África oriental",
        "Afrique orientale",
        "Восточная Африка",
        "东非",
    ]
    with pytest.raises(KeyError):
        region_name("Middle Earth")
