"""Checks returns as a Python script would: `bench_lxml.py SCHEMA FILE...`.

Parses with lxml, validates against the schema, and reads the lines into numbers and texts. No rules.
"""

import sys
from decimal import Decimal

from lxml import etree

NAMESPACE = "{no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0}"
AMOUNTS = {"grunnlag", "merverdiavgift"}


def read(tree):
    """The sum and the lines: a dict each, amounts as decimals."""
    lines = []
    for element in tree.iter(NAMESPACE + "mvaSpesifikasjonslinje"):
        line = {}
        for child in element:
            name = child.tag.removeprefix(NAMESPACE)
            line[name] = Decimal(child.text) if name in AMOUNTS else child.text
        lines.append(line)
    return Decimal(tree.find(f".//{NAMESPACE}fastsattMerverdiavgift").text), lines


def main():
    schema = etree.XMLSchema(etree.parse(sys.argv[1]))
    for path in sys.argv[2:]:
        tree = etree.parse(path)
        if not schema.validate(tree):
            sys.exit(f"{path}: {schema.error_log}")
        if not read(tree)[1]:
            sys.exit(f"{path}: no lines were read")


main()
