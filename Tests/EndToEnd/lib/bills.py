"""Checks SPDX and CycloneDX documents by libraries that aren't ours: spdx-tools, spdx-python-model and cyclonedx-python-lib.

    bills.py FILE…
"""
import io
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
        problems += [f"{r} is not a component" for r in [entry["ref"], *entry["dependsOn"]] if r not in references]
    return problems


def components(listed):
    for component in listed:
        yield component
        yield from components(component.get("components", []))


def spdx3(path):
    """By the classes that the SPDX group makes of the model: what it doesn't know, or misses, is an error."""
    from spdx_python_model import v3_0_1 as model

    objects = model.SHACLObjectSet()
    with open(path, "rb") as file:
        model.JSONLDDeserializer().read(file, objects)
    # Members that must be there are asked for when it is written.
    model.JSONLDSerializer().write(objects, io.BytesIO())
    return [f"{reference} is not an element" for reference in sorted(objects.missing_ids)]


CHECKS = {".spdx.json": spdx, ".spdx3.json": spdx3, ".cdx.json": cyclonedx}
failures = []
for name in sys.argv[1:]:
    [check] = [check for suffix, check in CHECKS.items() if name.endswith(suffix)]
    failures += [f"{name}: {p}" for p in check(name)]
sys.exit("\n".join(failures) or 0)
