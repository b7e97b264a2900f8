"""workflow_step.py FILE JOB STEP: prints the `run:` of a workflow's step, which is known by its id or name."""
import sys

import yaml

file, job, wanted = sys.argv[1:]
with open(file) as text:
    steps = yaml.safe_load(text)["jobs"][job]["steps"]
for step in steps:
    if wanted in (step.get("id"), step.get("name")):
        if "${{" in step["run"]:
            sys.exit(f"{file}: {job}: {wanted} has an expression in its script; it belongs into env")
        print(step["run"])
        break
else:
    sys.exit(f"{file}: {job} has no step {wanted}")
