#!/usr/bin/env python3
"""Writes the manual pages from what `bindery --help` is made of.

    manual.py PROGRAM DIRECTORY

DIRECTORY/bindery.1 has the commands, DIRECTORY/bindery-COMMAND.1 one of them each (man-pages(7)). The date is that of
SOURCE_DATE_EPOCH, so that the same program gives the same pages.
"""
import datetime
import json
import os
import subprocess
import sys


def escaped(text):
    """A text in which nothing has a meaning to roff."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.split("\n"))


def bold(text):
    return f"\\fB{escaped(text)}\\fP"


def italic(text):
    return f"\\fI{escaped(text)}\\fP"


def spelled(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def discussion(text):
    """Paragraphs, and what is indented as it is."""
    lines, plain = [], True
    for line in text.rstrip().split("\n"):
        example = line.startswith("  ")
        if example == plain:
            lines.append(".nf" if example else ".fi")
            plain = not example
        lines.append(".PP" if not line else escaped(line))
    return lines + ([] if plain else [".fi"])


def label(argument):
    value = f" {italic('<' + argument['valueName'] + '>')}" if argument["kind"] == "option" else ""
    if argument["kind"] == "positional":
        return italic("<" + argument["valueName"] + ">")
    return ", ".join(bold(spelled(name)) for name in argument["names"]) + value


def synopsis(name, arguments):
    words = [bold("bindery"), bold(name), "[options]"]
    for argument in arguments:
        if argument["kind"] != "positional":
            continue
        word = label(argument) + (" …" if argument["isRepeating"] else "")
        words.append(f"[{word}]" if argument["isOptional"] else word)
    return " ".join(words)


def page(title, version, date, sections):
    lines = [f'.TH "{title.upper()}" 1 "{date}" "bindery {version}" "Bindery"']
    for heading, body in sections:
        lines += [f".SH {heading}"] + body
    return "\n".join(lines) + "\n"


def command_page(command, version, date):
    name = command["commandName"]
    arguments = [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]
    options = []
    for argument in arguments:
        options += [".TP", label(argument), escaped(argument.get("abstract", ""))]
    return page(f"bindery-{name}", version, date, [
        ("NAME", [escaped(f"bindery-{name} - ") + escaped(command.get("abstract", "").rstrip("."))]),
        ("SYNOPSIS", [synopsis(name, arguments)]),
        ("DESCRIPTION", discussion(command.get("discussion", ""))),
        ("OPTIONS", options),
        ("SEE ALSO", [f"{bold('bindery')}(1)"]),
    ])


def main():
    program, directory = sys.argv[1:]
    run = lambda *words: subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout
    root = json.loads(run("--experimental-dump-help"))["command"]
    version = run("--version").strip()
    date = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc).date()
    commands = [c for c in root["subcommands"] if c["commandName"] != "help" and c.get("shouldDisplay", True)]
    os.makedirs(directory, exist_ok=True)
    listed = []
    for command in commands:
        listed += [".TP", f"{bold('bindery-' + command['commandName'])}(1)", escaped(command.get("abstract", ""))]
        with open(os.path.join(directory, f"bindery-{command['commandName']}.1"), "w", encoding="utf-8") as file:
            file.write(command_page(command, version, date))
    with open(os.path.join(directory, "bindery.1"), "w", encoding="utf-8") as file:
        file.write(page("bindery", version, date, [
            ("NAME", [escaped("bindery - ") + escaped(root["abstract"].rstrip("."))]),
            ("SYNOPSIS", [f"{bold('bindery')} {italic('command')} …"]),
            ("DESCRIPTION", discussion(root.get("discussion", ""))),
            ("COMMANDS", listed),
        ]))


main()
