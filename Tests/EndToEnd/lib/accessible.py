"""What a page and its style sheet lack for people who don't see it, or see little of it (WCAG 2.2, levels A and AA)."""
import html.parser
import re

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


class Page(html.parser.HTMLParser):
    """Reads a page; `problems` has a line for each rule that it breaks."""

    def __init__(self, text):
        super().__init__()
        self.problems, self.ids, self.labels, self.fields, self.references = [], [], set(), [], []
        self.stack, self.names, self.seen, self.level, self.navigations = [], [], [], 0, []
        self.feed(text)
        self.close()
        self.finish()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.seen.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.references += (given.get(name) or "").split()
        if int(given.get("tabindex", "0") or 0) > 0:
            self.problems.append(f"{tag} changes the order of focus (2.4.3)")
        if tag == "html" and not given.get("lang"):
            self.problems.append("the page has no language (3.1.1)")
        if tag == "label" and given.get("for"):
            self.labels.add(given["for"])
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self.fields.append((tag, given, "label" in [open for open, *_ in self.stack]))
        if tag == "img" and "alt" not in given:
            self.problems.append("an image has no alternative (1.1.1)")
        if tag == "th" and given.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
            self.problems.append("a heading of a table has no scope (1.3.1)")
        if tag == "nav":
            self.navigations.append(given.get("aria-label") or given.get("aria-labelledby") or "")
        if tag in HEADINGS:
            level = int(tag[1])
            if level > self.level + 1:
                self.problems.append(f"{tag} follows a heading of level {self.level} (1.3.1)")
            self.level = level
        if given.get("alt"):
            self.name(given["alt"])
        if tag not in VOID:
            self.stack.append((tag, given, [given.get("aria-label") or ""]))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data):
        self.name(data)

    def name(self, text):
        if any(given.get("aria-hidden") == "true" for _, given, _ in self.stack):
            return
        for _, _, words in self.stack:
            words.append(text.strip())

    def handle_endtag(self, tag):
        if tag in VOID or tag not in [open for open, *_ in self.stack]:
            return
        while True:
            open, given, words = self.stack.pop()
            self.check(open, given, "".join(words))
            if open == tag:
                return

    def check(self, tag, given, name):
        if given.get("aria-hidden") == "true":
            return
        named = name or given.get("aria-labelledby") or given.get("title")
        if tag in ("a", "button", "summary", "title", "caption", *HEADINGS) and not named:
            self.problems.append(f"{tag} {given.get('href', '')} has no name (2.4.4, 4.1.2)")
        if tag == "svg" and not (given.get("role") and named):
            self.problems.append("a drawing has no role or no name (1.1.1)")
        if tag == "table" and not (given.get("aria-label") or given.get("aria-labelledby") or self.has_caption):
            self.problems.append("a table has no caption (1.3.1)")
        if tag in ("caption", "table"):
            self.has_caption = tag == "caption"

    has_caption = False

    def finish(self):
        for tag, given, is_inside in self.fields:
            if not (is_inside or given.get("aria-label") or given.get("id") in self.labels):
                self.problems.append(f"{tag} {given.get('name', '')} has no label (3.3.2)")
        for name in {name for name in self.ids if self.ids.count(name) > 1}:
            self.problems.append(f"two elements have the id {name} (4.1.2)")
        self.problems += [f"nothing has the id {name} (1.3.1)" for name in self.references if name not in self.ids]
        for tag in ("title", "h1", "main"):
            if self.seen.count(tag) != 1 and not (tag == "title" and "svg" in self.seen and "title" in self.seen):
                self.problems.append(f"{tag} is there {self.seen.count(tag)} times (2.4.2, 1.3.1)")
        if len(self.navigations) > 1 and len(set(self.navigations)) != len(self.navigations):
            self.problems.append(f"two navigations have one name: {self.navigations} (2.4.1)")


def colour(text):
    """Red, green, blue and opacity from 0 to 1."""
    digits = text.lstrip("#")
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[place:place + 2], 16) / 255 for place in range(0, len(digits), 2)]
    return parts if len(parts) == 4 else [*parts, 1]


def over(front, back):
    return [part * front[3] + other * (1 - front[3]) for part, other in zip(front[:3], back[:3])] + [1]


def luminance(rgb):
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(front, back):
    high, low = sorted((luminance(front), luminance(back)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def sheet_problems(text):
    """The pairs of colours that are too close: 4.5 to 1 for text (1.4.3), 3 to 1 for the mark of the focus (1.4.11)."""
    light, dark = [dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", part)) for part in text.split("prefers-color-scheme:dark", 1)]
    problems = []
    for scheme, values in (("light", light), ("dark", {**light, **dark})):
        pairs = [(front, back, 4.5) for front in ("ink", "soft", "link") for back in ("paper", "card", "wash")]
        pairs += [(name[:-5], name, 4.5) for name in values if name.endswith("-wash")]
        pairs += [("focus", back, 3) for back in ("paper", "card", "wash")]
        for front, back, least in pairs:
            for below in ("paper", "card"):
                behind = over(colour(values[back]), colour(values[below]))
                found = contrast(colour(values[front]), behind)
                if found < least:
                    problems.append(f"{scheme}: {front} on {back} over {below} has {found:.2f} to 1, not {least}")
    return problems
