"""The table of the points that were taken, for docs/durability.md."""

BEGIN = "<!-- made by Tests/Durability/run: begin -->"
END = "<!-- made by Tests/Durability/run: end -->"


def render(operations, kinds, taken, calls):
    """Numbers by operation and kind, and by call."""
    lines = ["| command | " + " | ".join(kinds) + " |", "|---|" + "---:|" * len(kinds)]
    for operation in operations:
        numbers = [str(taken[operation, kind]) for kind in kinds]
        lines.append(f"| {operation} | " + " | ".join(numbers) + " |")
    totals = [str(sum(taken[operation, kind] for operation in operations)) for kind in kinds]
    lines.append("| all | " + " | ".join(totals) + " |")
    lines.append("")
    lines.append("By call: " + ", ".join(f"{call} {count}" for call, count in sorted(calls.items())) + ".")
    return "\n".join(lines)


def write(path, text):
    """Puts the table between its marks."""
    with open(path, encoding="utf-8") as file:
        document = file.read()
    start, end = document.index(BEGIN) + len(BEGIN), document.index(END)
    with open(path, "w", encoding="utf-8") as file:
        file.write(document[:start] + "\n" + text + "\n" + document[end:])
