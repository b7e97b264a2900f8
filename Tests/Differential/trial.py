"""Rounds of stacks: asks the audit about each, and every engine about those of which the audit is sure."""

import collections
import concurrent.futures
import itertools
import shutil

import comparing
from auditing import Part
from engines import Image, Refusal
from shrinking import shrink
from stack import Stack, archives


class Counterexample:
    def __init__(self, stack, differences, answer, what):
        self.stack, self.differences, self.answer, self.what = stack, differences, answer, what


class Trial:
    def __init__(self, auditor, engines, work):
        self.auditor, self.engines, self.work = auditor, engines, work
        self.pool = concurrent.futures.ThreadPoolExecutor(max(2, len(engines)))
        self.askers = concurrent.futures.ThreadPoolExecutor(2)
        self.numbers = itertools.count(1)
        # By kind and verdict; by engine: images, stacks, names compared, stacks refused.
        self.verdicts, self.counts = collections.Counter(), collections.Counter()
        self.refusals = collections.Counter()

    def image(self, stacks, places):
        name = f"i{next(self.numbers)}"
        path = f"{self.work}/{name}"
        return name, Image(path, archives(stacks, places))

    def ask(self, stack, below):
        """The audit's answer about an image of one stack."""
        name, image = self.image([stack], [below])
        try:
            return self.auditor.audit(image.reference)
        finally:
            shutil.rmtree(image.path)

    def ask_together(self, stacks, places):
        """The answers about stacks of which most should be sure: one for all, or else for each half."""
        name, image = self.image(stacks, places)
        try:
            answer = self.auditor.audit(image.reference)
        finally:
            shutil.rmtree(image.path)
        if len(stacks) == 1:
            return [answer]
        if answer.is_sure:
            return [Part(answer, self.lead(below)) for below in places]
        half = len(stacks) // 2
        return self.ask_together(stacks[:half], places[:half]) + self.ask_together(stacks[half:], places[half:])

    def round(self, stacks, at_root=False, are_clean=False):
        """The counter-examples among these stacks; of clean ones the audit should be sure, so that it is asked about all at once."""
        places = ["" if at_root else f"s{number}/r" for number in range(len(stacks))]
        if are_clean:
            answers = self.ask_together(stacks, places)
        else:
            answers = list(self.askers.map(self.ask, stacks, places))
        found, sure = [], []
        for stack, below, answer in zip(stacks, places, answers):
            self.verdicts["images" if at_root else stack.origin.partition(",")[0], answer.word] += 1
            if stack.wanted and answer.word != stack.wanted:
                found.append(Counterexample(stack, [], answer, f"must be {stack.wanted}"))
            if answer.is_sure:
                sure.append((stack, below, answer))
            elif stack.origin.startswith("ordinary"):
                found.append(Counterexample(stack, [], answer, f"an ordinary stack is {answer.word} {answer.codes}"))
            elif answer.word == "refused":
                found.append(Counterexample(stack, [], answer, f"no answer: status {answer.status} {answer.errors[-200:]}"))
        for batch in [[item] for item in sure] if at_root else [sure]:
            if batch:
                found += self.compare(batch, are_clean)
        return found

    def compare(self, batch, are_clean=False):
        """The counter-examples among stacks of which the audit is sure, as one image."""
        together = None
        if len(batch) > 1 and not are_clean:
            name, image = self.image([stack for stack, _, _ in batch], [below for _, below, _ in batch])
            together = self.auditor.audit(image.reference)
            shutil.rmtree(image.path)
        trees = list(self.pool.map(lambda engine: self.show(engine, batch), self.engines))
        found = []
        for number, (stack, below, answer) in enumerate(batch):
            lead = self.lead(below)
            seen = {engine.name: own for engine, shown in zip(self.engines, trees) for own in [shown.get(number)] if own is not None}
            differences = []
            for engine, tree in seen.items():
                self.counts[engine, "names"] += len(tree)
                self.counts[engine, "stacks"] += 1
                differences += comparing.audit_differs(answer.files, tree, engine, not answer.depending)
            if not differences and len(seen) > 1:
                named = comparing.named_directories(stack, below)
                differences += comparing.engines_differ(seen, named, not answer.depending)
            if together and together.is_sure:
                own = {path: file for path, file in together.files.items() if path.startswith(lead)}
                differences += comparing.audit_differs(own, answer.files, "audit of it alone")
            if differences:
                found.append(Counterexample(stack, differences, answer, "differs"))
        if together and not together.is_sure:
            found.append(Counterexample(Stack([]), [], together, f"{len(batch)} stacks, each sure, are {together.word} together: {together.errors[-200:]}"))
        return found

    @staticmethod
    def lead(below):
        """What the paths of a stack begin with."""
        return b"/" + below.partition("/")[0].encode() + b"/" if below else b"/"

    def show(self, engine, batch):
        """What an engine shows of each stack, by its number; refused ones are found by halving, and are missing."""
        result = {}

        def part(numbers):
            name, image = self.image([batch[number][0] for number in numbers], [batch[number][1] for number in numbers])
            try:
                tree = engine.one(name, image)
            except Refusal:
                if len(numbers) == 1:
                    self.refusals[engine.name] += 1
                    return
                half = len(numbers) // 2
                part(numbers[:half])
                part(numbers[half:])
                return
            finally:
                shutil.rmtree(image.path, ignore_errors=True)
            self.counts[engine.name, "images"] += 1
            owners = {self.lead(batch[number][1]): number for number in numbers}
            for number in numbers:
                result[number] = {}
            for path, seen in tree.items():
                if b"/" in owners:
                    result[numbers[0]][path] = seen
                    continue
                end = path.find(b"/", 1)
                number = owners.get(path[: end + 1] if end > 0 else path + b"/")
                if number is None:
                    # Nothing may be outside the stacks: it goes to the first, which it makes differ.
                    number = numbers[0]
                elif end < 0:
                    continue
                result[number][path] = seen

        part(list(range(len(batch))))
        return result

    def shrunk(self, example, at_root, seconds=30):
        """A smaller stack that is a counter-example, and where the readers of it differ."""
        below = "" if at_root else "s0/r"
        differences = example.differences

        def fails(stack):
            nonlocal differences
            if not any(stack.layers):
                return False
            answer = self.ask(stack, below)
            found = self.compare([(stack, below, answer)]) if answer.is_sure else []
            if found:
                differences = found[0].differences
            return bool(found)

        before = self.counts.copy(), self.refusals.copy()
        try:
            return shrink(example.stack, fails, seconds), differences
        finally:
            self.counts, self.refusals = before
