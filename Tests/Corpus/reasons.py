"""Why a Dockerfile is refused, in a few words, and a Dockerfile without the lines that install certificates."""

import re

# The first that fits each problem counts; of a RUN, Bindery names the first command that it can't carry out.
REASONS = [
    ("installs certificates, time zones or media types", r"RUN.*the certificates of"),
    ("compiles, or uses a language's package manager", r"RUN.*\b(go|make|cargo|npm|yarn|pnpm|npx|pip3?|gem|goreleaser|mage|task)\b'? would"),
    ("installs other packages", r"RUN.*\b(apk|apt|apt-get|yum|dnf|microdnf|zypper|dpkg)\b"),
    ("fetches something", r"(RUN.*\b(curl|wget|git)\b|\bfetch|ADD.*https?://)"),
    ("runs another program, or a shell", r"\bRUN\b"),
    ("copies a name that the releases lack", r"(COPY|ADD|is not in|no file|matches)"),
    ("a base image that isn't there", r"\bFROM\b"),
]
ONLY_DATA = {"ca-certificates", "ca-certificates-bundle", "tzdata", "mailcap"}
INSTALL = re.compile(r"^(apk (?:--?\S+ )*add|(?:apt|apt-get) (?:--?\S+ )*install|microdnf install|dnf install|yum install)\b(.*)$")
BESIDE = re.compile(
    r"^(apk (--?\S+ )*(update|upgrade|fix|cache clean)\b.*|(apt|apt-get) (--?\S+ )*(update|upgrade|clean|autoremove|autoclean|dist-upgrade)\b.*"
    r"|update-ca-certificates.*|rm -rf? (/var/(cache|lib)/(apk|apt)\S*|/tmp/\*|/var/tmp/\*)( .*)?|(microdnf|dnf|yum) (clean|update)\b.*)$"
)


def reasons(message):
    """The kinds of problems that a message names, each once."""
    found = []
    for line in message.splitlines():
        if not re.search(r"\bRUN\b|COPY|ADD|FROM|:\d+:|not in|no file", line):
            continue
        for reason, pattern in REASONS:
            if re.search(pattern, line):
                if reason not in found:
                    found.append(reason)
                break
    return found or ["something else"]


def _data_only(command):
    """Whether a command installs nothing but certificates, time zones and media types, or cleans up behind that."""
    match = INSTALL.match(command)
    if match:
        packages = [word for word in match.group(2).split() if not word.startswith("-")]
        return bool(packages) and all(re.split(r"[=<>~]", word)[0] in ONLY_DATA for word in packages)
    return bool(BESIDE.match(command))


def without_certificates(dockerfile):
    """The text without the commands that install only certificates and the like; None where there are none."""
    lines, changed = dockerfile.text.splitlines(), False
    for keyword, rest, first, last in reversed(dockerfile.instructions):
        if keyword != "RUN" or "<<" in rest:
            continue
        line = " ".join(rest.replace("\\", " ").split())
        while line.startswith("--"):
            line = line.partition(" ")[2]
        if line.startswith("["):
            continue
        commands = [part.strip() for part in re.split(r"&&|;", line) if part.strip()]
        kept = [command for command in commands if not _data_only(command)]
        installs = any(INSTALL.match(command) and command not in kept for command in commands)
        if installs:
            changed = True
            lines[first : last + 1] = ["RUN " + " && ".join(kept)] if kept else []
    return "\n".join(lines) + "\n" if changed else None
