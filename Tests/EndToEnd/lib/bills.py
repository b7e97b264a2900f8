"""Checks SPDX and CycloneDX documents by libraries that aren't ours: spdx-tools and cyclonedx-python-lib.

    bills.py FILE…
"""
import json
import sys


def spdx(path):
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    document = parse_file(path)
    return [m.validation_message for m in validate_full_spdx_document(document, "SPDX-2.3")]


def cyclonedx(path):
    from cyclonedx.model.bom import Bom
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    with open(path, encoding="utf-8") as file:
        text = file.read()
    value = json.loads(text)
    problem = JsonStrictValidator(SchemaVersion.from_version(value["specVersion"])).validate_str(text)
    Bom.from_json(value)
    references = [c["bom-ref"] for c in components(value["components"])] + [value["metadata"]["component"]["bom-ref"]]
    problems = [problem] if problem else []
    if len(set(references)) != len(references):
        problems.append("a bom-ref stands for two components")
    for entry in value["dependencies"]:
        problems += [f"{r} is no component" for r in [entry["ref"], *entry["dependsOn"]] if r not in references]
    return problems


def components(listed):
    for component in listed:
        yield component
        yield from components(component.get("components", []))


failures = []
for name in sys.argv[1:]:
    failures += [f"{name}: {p}" for p in (spdx if name.endswith(".spdx.json") else cyclonedx)(name)]
sys.exit("\n".join(failures) or 0)
