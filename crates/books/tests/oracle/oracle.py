"""Holds momsbud-cli against an independent reading of random ledgers.

    python3 oracle.py MOMSBUD_CLI [COUNT [SEED]]

The reading goes another way than the program: a tree of lxml, decimals, and VAT by the account it is posted on instead of by the
line that carries the code. It knows the chart of `ledgers.py` and no other. Prints what differs; the status says whether anything did.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

from lxml import etree

from ledgers import CUSTOMS, PURCHASES, REVERSE, SALES, UNTAXED, Ledger

NS = {"s": "urn:StandardAuditFile-Taxation-Financial:NO"}
BASE_ACCOUNT = {account: code for code, (account, _) in SALES.items()} | {account: code for code, account in UNTAXED.items()}
OUTPUT_ACCOUNT = {account: code for code, (_, account) in SALES.items()}
INPUT_ACCOUNT = {account: code for code, (_, account) in PURCHASES.items()}


def text(node, path):
    found = node.find(path, NS)
    return None if found is None else found.text


def signed(line):
    debit, credit = text(line, "s:DebitAmount/s:Amount"), text(line, "s:CreditAmount/s:Amount")
    return Decimal(debit) if debit is not None else -Decimal(credit)


def read(documents, first, last):
    """Lines of the return in øre, the movement, the codes that stay out, and what has to be asked of vouchers."""
    trees = [etree.fromstring(document) for document in documents]
    table, compensated = {}, set()
    for tree in trees:
        for row in tree.iterfind(".//s:TaxCodeDetails", NS):
            table[text(row, "s:TaxCode")] = int(text(row, "s:StandardTaxCode"))
            if text(row, "s:Compensation") == "true":
                compensated.add(text(row, "s:TaxCode"))
    lines, movement, outside, asked = {}, Decimal(0), set(), set()

    def add(code, deduction, base, tax, specification=None):
        sums = lines.setdefault((code, deduction, specification), [Decimal(0), Decimal(0)])
        sums[0] += base
        sums[1] += tax

    for voucher in (voucher for tree in trees for voucher in tree.iterfind(".//s:Transaction", NS)):
        if not first <= date.fromisoformat(text(voucher, "s:TransactionDate")) <= last:
            continue
        posted = {}
        codes = set()
        for line in voucher.iterfind("s:Line", NS):
            account = text(line, "s:AccountID")
            posted[account] = posted.get(account, Decimal(0)) + signed(line)
            for info in line.iterfind("s:TaxInformation", NS):
                own = text(info, "s:TaxCode")
                if table[own] in (0, 20, 21) or own in compensated and table[own] == 1:
                    outside.add((own, str(table[own])))
                else:
                    codes.add(table[own])
        vat = {account: amount for account, amount in posted.items() if account[:3] in ("270", "271")}
        if not codes:
            continue
        movement += sum(vat.values())
        reverse = codes & set(REVERSE)
        customs = codes & set(CUSTOMS)
        if "6795" in posted:
            # What is compensated is claimed in another return; here is the output alone.
            add(86, False, posted["6795"], -posted["2704"], "kompensasjonsrett")
        elif "4395" in posted:
            # Sales by the code, a purchase by the accounts: the file cannot know what is meant.
            add(3, False, -posted["4395"], -posted["2710"])
            asked.add("code_direction")
        elif "3090" in posted:
            # Two rates on one account: the accounts of VAT tell what of it each has.
            for account, code, rate in (("2700", 3, 25), ("2701", 31, 15)):
                add(code, False, -posted[account] * 100 / rate, -posted[account])
        elif reverse and len(codes) > 1:
            # An ordinary purchase and purchases from abroad: each has accounts of its own.
            add(1, True, Decimal(0), -posted.get("2710", Decimal(0)))
            for code, output, deducted, base in ((81, "2705", "2715", posted.get("4340")), (86, "2704", "2714", posted.get("6790"))):
                if code in codes:
                    add(code, False, base, -posted[output])
                    add(code, True, Decimal(0), -posted[deducted])
            if 87 in codes:
                add(87, False, posted["6797"] + posted["2709"], -posted["2709"])
        elif reverse:
            (code,) = reverse
            cost, output, deducted, memo, contra = REVERSE[code]
            # The base is what is on the memo account, or what is owed; the cost account has the VAT on it too.
            base = posted[memo] if memo in posted else -posted["2400"]
            add(code, False, base, -posted.get(output, Decimal(0)))
            if deducted:
                add(code, True, Decimal(0), -posted.get(deducted, Decimal(0)))
        elif customs:
            (code,) = customs
            add(code, True, Decimal(0), -posted[CUSTOMS[code]])
        else:
            for account, amount in posted.items():
                if account in BASE_ACCOUNT:
                    add(BASE_ACCOUNT[account], False, -amount, Decimal(0))
                elif account in OUTPUT_ACCOUNT:
                    add(OUTPUT_ACCOUNT[account], False, Decimal(0), -amount)
                elif account in INPUT_ACCOUNT:
                    add(INPUT_ACCOUNT[account], True, Decimal(0), -amount)
    ore = {key: (None if key[1] else int(base * 100), int(tax * 100)) for key, (base, tax) in lines.items()}
    return ore, int(movement * 100), outside, asked


def differences(cli, seed):
    ledger = Ledger(seed)
    files = ledger.files()
    with tempfile.TemporaryDirectory(prefix="momsbud-oracle-") as folder:
        paths = []
        for name, document in files.items():
            path = pathlib.Path(folder) / name
            path.write_bytes(document)
            paths.append(str(path))
        call = [cli, "saft", "--json", "--from", str(ledger.start), "--to", str(ledger.end), *paths]
        said = subprocess.run(call, capture_output=True, text=True)
    try:
        answer = json.loads(said.stdout)
    except ValueError:
        return [f"no answer: {said.stderr}"]
    if answer["refused"]:
        return [f"refused: {answer['refused']}"]
    lines, movement, outside, questions = read(ledger.in_kroner().values(), ledger.start, ledger.end)
    wrong = []
    theirs = {key: amounts for key, amounts in lines.items() if any(abs(amount or 0) >= 100 for amount in amounts)}
    ours = {}
    for line in answer["lines"]:
        ours[int(line["code"]), line["base"] is None, line["specification"]] = (line["base_ore"], line["vat_ore"])
    ours = {key: amounts for key, amounts in ours.items() if any(abs(amount or 0) >= 100 for amount in amounts)}
    if ours != theirs:
        wrong.append(f"lines {ours}, not {theirs}")
    # Cut toward zero, once a line.
    cut = sum(int(Decimal(tax) / 100) for _, tax in lines.values())
    if answer["sum"] != cut:
        wrong.append(f"sum {answer['sum']}, not {cut}")
    controls = (None, None) if ledger.euro else (movement, 0)
    if answer["reconciliation"] != {"movement_ore": controls[0], "difference_ore": controls[1]}:
        wrong.append(f"reconciliation {answer['reconciliation']}, not {movement}")
    pairs = {(pair["own_code"], pair["code"]) for pair in answer["not_reported"]}
    if pairs != outside:
        wrong.append(f"not reported {pairs}, not {outside}")
    turned = {key for key, (base, tax) in lines.items() if (tax >= 100 if key[1] else base <= -100 and key[0] != 5)}
    expected = questions | ({"remark_needed"} if turned else set())
    asked = {question["kind"] for question in answer["open_questions"]}
    if asked != expected:
        wrong.append(f"asked {asked}, not {expected}")
    if answer["version"] != ledger.version and lines:
        wrong.append(f"version {answer['version']}, not {ledger.version}")
    return wrong


def main():
    cli = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    bad = 0
    with ThreadPoolExecutor(4) as pool:
        for number, wrong in zip(range(seed, seed + count), pool.map(lambda at: differences(cli, at), range(seed, seed + count))):
            if wrong:
                bad += 1
                if bad <= 10:
                    print(f"ledger {number}:", *wrong, sep="\n    ")
    print(f"{count} ledgers, {bad} disagreements")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
