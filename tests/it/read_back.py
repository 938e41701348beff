"""Reads what amish makes of recorded conversations with the csv and json
modules and with jq, and compares it with expected.json."""

import csv
import io
import json
import re
import subprocess
import sys

amish, home = sys.argv[1:]


def decode(file, *options):
    command = [amish, "--decode", file, *options]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def tables(rows):
    found = [[]]
    for row in rows:
        if row:
            found[-1].append(row)
        else:
            found.append([])
    return [table for table in found if table]


def unescaped(cell):
    meanings = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: meanings[found[1]], cell)


with open(f"{home}/expected.json", encoding="utf-8") as file:
    everything = json.load(file)
assert len(everything) > 100, len(everything)
for i, expected in enumerate(everything):
    name, file = expected["name"], f"{home}/{i}.txt"

    text = decode(file, "-o", "csv", "--fields", "*").decode("latin-1")
    found = tables(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert found == expected["tables"], f"{name}: csv"

    text = decode(file, "-o", "tsv", "--fields", "*").decode("latin-1")
    lines = [line for line in text.split("\n")]
    rows = [[unescaped(cell) for cell in line.split("\t")] if line else [] for line in lines]
    assert tables(rows) == expected["tables"], f"{name}: tsv"

    lines = decode(file, "-o", "json")
    found = [json.loads(line) for line in lines.decode().split("\n") if line]
    assert found == expected["objects"], f"{name}: json"
    jq = subprocess.run(["jq", "-s", "."], input=lines, stdout=subprocess.PIPE, check=True)
    assert json.loads(jq.stdout) == expected["objects"], f"{name}: jq"
