# SPDX-License-Identifier: Apache-2.0
"""runtimes - tare-oci beside crun and runc: the commands that an engine calls

Each round makes a container, starts it, waits for its end and deletes it, with one runtime after
the other; then exec and state are called in turn, in containers that stay. Two documents: the one
that `crun spec` writes, and the same with Docker's seccomp profile written out.
"""

import json
import os
import re
import shutil
import statistics
import subprocess

# tare-oci's median against another's, at most.
BARS = {"life": {"crun": 0.35, "runc": 0.10}, "exec": {"crun": 0.40}, "state": {"crun": 0.5}}
INSTRUCTION_BARS = (1_000_000, 4_000_000)  # a command: without a filter, with Docker's
DOCUMENTS = ("crun spec's document", "the same with Docker's filter")
LIFE = ("create", "start", "delete")


class Runtimes:
    """The runtimes that are here, as the words that call them, and their bundles."""

    def __init__(self, bench):
        self.bench = bench
        self.words = {"tare-oci": [os.path.join(os.path.dirname(bench.tare), "tare-oci")]}
        if bench.crun:
            self.words["crun"] = bench.crun
        if shutil.which("runc"):
            self.words["runc"] = [shutil.which("runc")]

    def plain_document(self):
        """What `crun spec` or its like writes, with this root and a program that ends at once."""
        directory = os.path.join(self.bench.top, "spec")
        os.makedirs(directory)
        writer = self.words.get("crun") or self.words["tare-oci"]
        prefix = ["chroot", *writer[1:]] if writer[0] == "--chroot" else writer
        subprocess.run([*prefix, "spec", "-b", directory], check=True)
        with open(os.path.join(directory, "config.json"), encoding="utf-8") as text:
            document = json.load(text)
        document["process"].update(terminal=False, args=["/bin/true"])
        document["root"] = {"path": self.bench.root, "readonly": False}
        return document

    def bundle(self, document, name, *arguments):
        path = os.path.join(self.bench.top, name)
        os.makedirs(path)
        document = dict(document, process=dict(document["process"],
                                               args=["/bin/true", *arguments]))
        with open(os.path.join(path, "config.json"), "w", encoding="utf-8") as out:
            json.dump(document, out)
        return path

    def call(self, name, command, *words):
        state = os.path.join(self.bench.top, "oci-" + name)
        os.makedirs(state, exist_ok=True)
        return [*self.words[name], "--root", state, command, *words]

    def pid_file(self, name):
        return os.path.join(self.bench.top, f"pid-{name}")

    def life(self, name, bundle):
        """The commands of one life, with the wait for its end between start and delete."""
        container = "bench-" + name
        return {
            "create": self.call(name, "create", "--bundle", bundle, "--pid-file",
                                self.pid_file(name), container),
            "start": self.call(name, "start", container),
            "wait": [self.bench.tool("wait"), self.pid_file(name)],
            "delete": self.call(name, "delete", container),
        }

    # --- measuring ------------------------------------------------------------------------------

    def works(self, name, commands):
        for what, words in commands.items():
            why = self.bench.try_once(words)
            if why is not None:
                self.bench.notes.append(f"{name} {what} failed: {why}")
                return False
        return True

    def lives(self, bundle):
        """{runtime: {command: [milliseconds]}}, all in turn."""
        lives = {name: self.life(name, bundle) for name in self.words}
        lives = {name: life for name, life in lives.items() if self.works(name, life)}
        laps = iter(self.bench.lap([words for life in lives.values() for words in life.values()],
                                   self.bench.arguments.rounds))
        return {name: {what: next(laps) for what in life} for name, life in lives.items()}

    def inside(self, bundle):
        """{command: {runtime: [milliseconds]}} of exec and state, in a container that stays."""
        made = []
        for name in self.words:
            life = self.life(name, bundle)
            if self.works(name, {what: life[what] for what in ("create", "start")}):
                made.append(name)
        result = {}
        for what, words in (("exec", ["/bin/true"]), ("state", [])):
            calls = [self.call(name, what, "bench-" + name, *words) for name in made]
            result[what] = dict(zip(made, self.bench.lap(calls, self.bench.arguments.rounds)))
        for name in made:
            self.works(name, {"delete": self.call(name, "delete", "--force", "bench-" + name)})
        return result

    def instructions(self, bundle):
        """{command: instructions of tare-oci}, in user space, until the command has ended."""
        counts = {}
        for what, words in self.life("tare-oci", bundle).items():
            if what == "wait":
                self.bench.try_once(words)
                continue
            done = subprocess.run([self.bench.tool("count"), "--to-end", *words],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True, check=False)
            match = re.search(r"^instructions: (\d+)$", done.stderr, re.M)
            counts[what] = int(match.group(1)) if match else None
        return counts


# --- the table ----------------------------------------------------------------------------------


def print_times(out, kind, times, verdict):
    """One line a runtime: its median, what tare-oci's is of it, and whether that meets the bar."""
    medians = {name: statistics.median(values) for name, values in times.items() if values}
    out.append("| | median ms | (least) | tare-oci is | |")
    out.append("| --- | ---: | ---: | ---: | --- |")
    for name, median in medians.items():
        ratio, word = "", ""
        if name != "tare-oci" and "tare-oci" in medians:
            value = medians["tare-oci"] / median
            ratio = f"{value:.2f} of it"
            bar = BARS[kind].get(name)
            word = verdict(round(value, 3), bar) if bar else ""
        out.append(f"| {name} | {median:.2f} | ({min(times[name]):.2f}) | {ratio} | {word} |")
    out.append("")


def sums(laps):
    """What create, start and delete of each round took together."""
    parts = [laps[what] for what in LIFE]
    return [sum(round_) for round_ in zip(*parts)] if all(parts) else None


def measure(bench, verdict):
    """The lines of the table about runtimes."""
    out = []
    runtimes = Runtimes(bench)
    plain = runtimes.plain_document()
    documents = [plain]
    if bench.profile:
        documents.append(dict(plain, linux=dict(plain["linux"], seccomp=bench.profile)))
    for number, document in enumerate(documents):
        ends = runtimes.bundle(document, f"ends-{number}")
        stays = runtimes.bundle(document, f"stays-{number}", "wait")
        lives = runtimes.lives(ends)
        out.append(f"\n### tare-oci: {DOCUMENTS[number]}: create, start and delete together\n")
        print_times(out, "life", {name: sums(laps) for name, laps in lives.items()}, verdict)
        for name, laps in lives.items():
            each = ", ".join(f"{what} {statistics.median(laps[what]):.2f}" for what in LIFE)
            out.append(f"- {name}: {each} ms")
        for what, times in runtimes.inside(stays).items():
            out.append(f"\n### tare-oci: {DOCUMENTS[number]}: {what}\n")
            print_times(out, what, times, verdict)
        if not bench.arguments.quick:
            for what, count in runtimes.instructions(ends).items():
                word = verdict(count, INSTRUCTION_BARS[number]) if count else "not counted"
                out.append(f"- {what}: {count or 0:,} instructions: {word}")
    return out
