#!/usr/bin/python3
"""catalogue.py SOURCE-DIR: whether every text of the window and of the sentences is in assets/po/zh/*.po, and whether
each translation is whole. Prints what is wrong, one line each; the exit code is 1 then."""
import pathlib
import re
import subprocess
import sys

# Calls whose argument of this number is English to be translated.
KEYWORDS = ["tr", "say", "in_language:2", "button:2", "link:2", "checkbox:2", "input:3", "prompt:3", "combo:9",
            "button_at:4", "link_at:4", "button_size:2"]
# Texts in tables, translated where they are drawn, look like a sentence: words in lower case between spaces.
SENTENCE = re.compile(r"^[A-Za-z'][\w'()]*[,:;]?( [\w'()+\"“”,.:;!?-]+)+$")
# English in these files that nobody sees, or that is Python.
NOT_SHOWN = {"B P N", "TimeoutError: timed out"}
KEYS = re.compile(r"^(Ctrl|Alt|Shift|Home) ")
PYTHON = re.compile(r"^(def|class|from|import|for|if|return|with|while|try|except|print|self|a|b|c) [\w(]|[=%]|\w\.\w|>>>|^#")
FIELD = re.compile(r"\{[^{}]*\}")


def extract(files, keywords):
    command = ["xgettext", "--from-code=UTF-8", "--language=C++", "--no-location", "--no-wrap", "--output=-"]
    command += ["--keyword"] + [f"--keyword={word}" for word in keywords] if keywords else ["--extract-all"]
    done = subprocess.run(command + [str(path) for path in files], capture_output=True, text=True, check=True)
    return [english for english, _ in entries(done.stdout)]


def entries(po):
    """(msgid, msgstr) of a .po file's text, without its head."""
    found, field, texts = [], None, {}

    def finish():
        if texts.get("msgid"):
            found.append((texts["msgid"], texts.get("msgstr", "")))

    for line in po.splitlines() + ['msgid ""']:
        match = re.match(r'^(?:(msgid|msgstr) )?"(.*)"$', line)
        if not match:
            continue
        if match[1] == "msgid":
            finish()
            texts = {}
        field = match[1] or field
        text = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), match[2])
        texts[field] = texts.get(field, "") + text
    return found


def wrong(source):
    panes = sorted((source / "app/panes").glob("*.cc")) + sorted((source / "app/panes").glob("*.h"))
    gui = sorted((source / "app/gui").glob("*.cc")) + sorted((source / "app/cli").glob("doctor*.cc"))
    narrate = sorted((source / "core/trace").glob("narrate*.cc")) + sorted((source / "core/explain").glob("*.cc"))
    catalogue = [source / "core/net/catalogue.cc", source / "core/net/call_errors.cc"]
    # line_desk.cc compares Python's own messages, which are not translated; what it says passes through say().
    catalogue += sorted(set((source / "core/explain").glob("*.cc")) - {source / "core/explain/line_desk.cc"})
    po = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted((source / "assets/po/zh").glob("*.po")))
    translated = entries(po)
    known = dict(translated)
    if len(known) != len(translated):
        yield "zh.po: a text is there twice"
    if "#, fuzzy" in po or "\n#~" in po:
        yield "zh.po: fuzzy or left-over entries"

    used = set(extract(panes + gui + narrate, KEYWORDS))
    literals = set(extract(panes + catalogue, []))
    in_tables = {text for text in literals
                 if SENTENCE.match(text) and not PYTHON.search(text) and not KEYS.match(text)
                 and text not in NOT_SHOWN}
    for english in sorted(used | in_tables):
        if english not in known:
            yield f"zh.po has no translation of: {english}"
    everything = used | literals
    for english, chinese in translated:
        if not chinese:
            yield f"zh.po: not translated: {english}"
        elif sorted(FIELD.findall(english)) != sorted(FIELD.findall(chinese)):
            yield f"zh.po: other placeholders than in: {english}"
        if english not in everything:
            yield f"zh.po: nothing says this any more: {english}"
        if re.search(r"[一-鿿][A-Za-z0-9]|[A-Za-z0-9][一-鿿]", chinese):
            yield f"zh.po: a space is missing between Chinese and Latin: {chinese}"
        if "您" in chinese:
            yield f"zh.po: 你, not 您: {chinese}"


if __name__ == "__main__":
    problems = list(wrong(pathlib.Path(sys.argv[1])))
    print("\n".join(problems))
    sys.exit(1 if problems else 0)
