"""Nothing in the program makes code, SQL, markup or secrets in a dangerous way; where it must, the place is named."""

import ast
import re

from config import ROOT

MODULES = frozenset({"pickle", "marshal", "shelve", "yaml", "random", "subprocess", "uuid", "code", "pty"})
CALLS = frozenset({
    "eval", "exec", "compile", "__import__", "render_template_string", "from_string", "system", "popen", "md5", "sha1",
    "SHA1", "MD5", "ECB", "CBC", "literal_column", "format_map", "Markup", "mktemp",
})  # fmt: skip
# Where one of them is needed, and why it is harmless there.
ALLOWED = {
    "bsm_alumni/accounts/rules_totp.py": {"SHA1"},  # RFC 6238; inside HMAC
    "bsm_alumni/commands/demo.py": {"subprocess"},  # starts the demo's own server and worker
    "bsm_alumni/demo/seed.py": {"random"},  # made-up people
    "bsm_alumni/demo/seed_events.py": {"random"},  # made-up sessions
    "bsm_alumni/extensions.py": {"Markup"},  # the catalogues' words; what fills them is escaped
    "bsm_alumni/maintenance/service.py": {"subprocess", "SQL"},  # pg_dump, pg_restore; names of pragmas
    "bsm_alumni/rights/render_data.py": {"Markup"},  # our own style sheet
}
SQL_CALLS = frozenset({"text", "exec_driver_sql", "DDL"})
PATTERN_CALLS = frozenset({"compile", "search", "match", "fullmatch", "split", "sub", "findall", "finditer"})


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_put_together(node: ast.expr) -> bool:
    """True for text with something in it that is not written in the module: a name in capitals is a constant."""
    if isinstance(node, ast.JoinedStr):
        parts = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        return [part for part in parts if not name_of(part).isupper()] != []
    return isinstance(node, ast.BinOp) or (isinstance(node, ast.Call) and name_of(node.func) == "format")


def in_a_call(node: ast.Call) -> set[str]:
    name, found = name_of(node.func), set()
    on = name_of(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    first = node.args[0] if node.args else None
    if name in CALLS and not (name == "compile" and on == "re"):
        found.add(name)
    if name in SQL_CALLS and first is not None and is_put_together(first):
        found.add("SQL")
    if on == "re" and name in PATTERN_CALLS and first is not None and not is_safe_pattern(first):
        found.add("pattern")
    if name == "format" and isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Constant):
        found.add("format")
    found |= {key.arg for key in node.keywords if key.arg == "shell"}
    return found


def is_safe_pattern(node: ast.expr) -> bool:
    """True for a pattern that is written in the code, or whose word was escaped."""
    if isinstance(node, ast.Call):
        return name_of(node.func) == "escape"
    return isinstance(node, ast.Constant) or not is_put_together(node)


def dangers_in(source: str) -> set[str]:
    """What a module imports or calls of what is dangerous."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names} & MODULES
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found |= {(node.module or "").split(".")[0]} & MODULES
        elif isinstance(node, ast.Call):
            found |= in_a_call(node)
    return found


def test_no_dangerous_call() -> None:
    files = [*(ROOT / "bsm_alumni").rglob("*.py"), ROOT / "config.py", ROOT / "wsgi.py"]
    found = {str(path.relative_to(ROOT)): dangers_in(path.read_text()) for path in files}
    assert {name: dangers for name, dangers in found.items() if dangers} == ALLOWED


def test_planted_calls_are_caught() -> None:
    planted = {
        "eval(x)": "eval",
        "import pickle": "pickle",
        "from random import choice": "random",
        "hashlib.md5(b'x')": "md5",
        "modes.ECB()": "ECB",
        "flask.render_template_string(x)": "render_template_string",
        "sa.text(f'SELECT {x}')": "SQL",
        "sa.text('SELECT ' + x)": "SQL",
        "sa.text('SELECT {}'.format(x))": "SQL",
        "connection.exec_driver_sql(f'{x}')": "SQL",
        "re.search(f'{word}', y)": "pattern",
        "re.sub(word + 's', '', y)": "pattern",
        "words.format(user=user)": "format",
        "run(x, shell=True)": "shell",
        "os.system(x)": "system",
    }
    assert {source: danger for source, danger in planted.items() if danger not in dangers_in(source)} == {}
    harmless = (
        "re.compile(r'a'); re.sub(re.escape(x), '', y); sa.text('SELECT 1'); secrets.token_bytes(3); '{}'.format(1)"
    )
    assert dangers_in(harmless) == set()


def loose_markup(page: str) -> list[str]:
    """Places of a page where what is shown is not escaped, or where a script stands."""
    text = page.replace('"<bdi>"|safe', "").replace('"</bdi>"|safe', "")
    return re.findall(r"\|\s*safe\b|\|\s*tojson|autoescape|<script(?![^>]*\bsrc=)|<style|\son\w+=|javascript:", text)


def test_no_page_lets_words_become_markup() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*") if path.suffix == ".html"]
    assert len(pages) > 100
    found = {str(path.relative_to(ROOT / "templates")): loose_markup(path.read_text()) for path in pages}
    assert {name: places for name, places in found.items() if places} == {}


def test_planted_markup_is_caught() -> None:
    for planted in ("{{ x|safe }}", "{{ x | safe }}", "{% autoescape false %}", "<script>a</script>", "<p onclick='x'>",
                    "<a href='javascript:x'>", "{{ x|tojson }}"):  # fmt: skip
        assert loose_markup(planted) != [], planted
    assert loose_markup('<script src="/static/a.js" defer></script>{{ x }}{{ "<bdi>"|safe ~ x ~ "</bdi>"|safe }}') == []


SCRIPT_DANGERS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|localStorage|sessionStorage"
    r"|indexedDB|document\.cookie|postMessage|__proto__|Object\.assign|XMLHttpRequest|WebSocket|\bimport\b|https?://"
)


def test_scripts_keep_nothing_and_make_no_markup() -> None:
    scripts = sorted((ROOT / "static").rglob("*.js"))
    assert len(scripts) >= 3
    assert {path.name: found for path in scripts if (found := SCRIPT_DANGERS.findall(path.read_text()))} == {}
    assert SCRIPT_DANGERS.findall("a.innerHTML = b; localStorage.x = 1") == ["innerHTML", "localStorage"]
