"""Random ledgers of invented companies, written as SAF-T Financial in every style of export that is known.

Standard library only. `ledger(seed)` gives the files of one delivery and the days to ask for.
"""

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from xml.sax.saxutils import escape

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"
RATES = {1: 25, 11: 15, 12: "11.11", 13: 12, 14: 25, 15: 15, 3: 25, 31: 15, 32: "11.11", 33: 12, 5: 0, 6: 0, 51: 0, 52: 0}
RATES |= {81: 25, 82: 25, 83: 15, 84: 15, 85: 0, 86: 25, 87: 25, 88: 12, 89: 12, 91: 25, 92: 25}
SALES = {3: ("3000", "2700"), 31: ("3030", "2701"), 32: ("3031", "2702"), 33: ("3050", "2703")}
UNTAXED = {5: "3120", 6: "3220", 51: "3005", 52: "3110"}
PURCHASES = {1: ("4300", "2710"), 11: ("4330", "2711"), 12: ("4331", "2712"), 13: ("4332", "2713")}
CUSTOMS = {14: "2710", 15: "2711"}
REVERSE = {
    81: ("4340", "2705", "2715", "4380", "4381"), 82: ("4340", "2705", None, "4380", "4381"),
    83: ("4341", "2706", "2716", "4382", "4383"), 84: ("4341", "2706", None, "4382", "4383"),
    85: ("4342", None, None, "4384", "4385"), 86: ("6790", "2704", "2714", "7786", "7787"),
    87: ("6790", "2704", None, "7786", "7787"), 88: ("6791", "2708", "2718", "7788", "7789"),
    89: ("6791", "2708", None, "7788", "7789"), 91: ("4310", "2707", "2717", "4386", "4387"),
    92: ("4310", "2707", None, "4386", "4387"),
}
NAMES = {
    "1500": "Kundefordringer", "1920": "Bankinnskudd", "2400": "Leverandørgjeld", "2600": "Forskuddstrekk", "5000": "Lønn",
    "2740": "Oppgjørskonto mva", "2770": "Skyldig arbeidsgiveravgift", "5400": "Arbeidsgiveravgift", "7770": "Øreavrunding",
}


def name(account):
    if account in NAMES:
        return NAMES[account]
    if account.startswith("270"):
        return "Utgående mva " + account
    if account.startswith("271"):
        return "Inngående mva " + account
    if account in {row[4] for row in REVERSE.values()}:
        return "Grunnlag kjøp fra utlandet, motkonto"
    if account in {row[3] for row in REVERSE.values()}:
        return "Grunnlag kjøp fra utlandet"
    return ("Salg " if account.startswith("3") else "Kjøp ") + account


def vat(base, code):
    return (base * Decimal(str(RATES[code])) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Ledger:
    """One delivery: its files by name, the days to ask for, and what the exporter can be told to do."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        pick = self.random.choice
        self.version = pick(["1.20", "1.30", "1.40"])
        self.style = pick(["base", "base", "base", "vat", "both"])
        self.reverse = pick(["one", "two", "two", "credit"]) if self.style != "vat" else "one"
        self.stated = self.style == "vat" or self.random.random() < 0.7
        self.bases = self.style == "vat" or self.random.random() < 0.7
        self.rates = self.random.random() < 0.7
        self.negative = self.random.random() < 0.25
        self.mapping = pick(["std4", "std2", "none"]) if self.version == "1.20" else pick(["grouping", "grouping", "none"])
        self.prefix = pick(["", "", "n1:", "saft:"])
        self.signed = self.random.random() < 0.2
        self.shift = pick([0, 0, 0, 6])
        self.year = pick([2022, 2023, 2024, 2025, 2026])
        self.parts = pick([1, 1, 1, 2, 3])
        self.own = {}
        owns = [f"{i:02}" for i in range(1, 60)]
        self.random.shuffle(owns)
        for code in list(RATES) + [0, 20, 21]:
            self.own[code] = [owns.pop()]
            if code in (1, 3, 86) and self.random.random() < 0.3:
                self.own[code].append(owns.pop())
        self.vouchers = []
        self.number = 0
        first = pick([1, 3, 5, 7, 9, 11])
        self.start = date(self.year, first, 1)
        self.end = (date(self.year, first + 2, 1) if first < 11 else date(self.year + 1, 1, 1)) - timedelta(days=1)
        days = [self.day(0) for _ in range(self.random.randint(2, 14))]
        days += [self.day(self.random.choice([-60, 62])) for _ in range(self.random.randint(0, 3))]
        for day in days:
            self.voucher(day)
        if self.random.random() < 0.4:
            self.settle()
        self.random.shuffle(self.vouchers)

    def day(self, shift):
        day = self.start + timedelta(days=self.random.randint(0, (self.end - self.start).days) + shift)
        return min(max(day, date(self.year, 1, 1)), date(self.year, 12, 31))

    def money(self):
        cents = self.random.random() < 0.5
        amount = Decimal(self.random.randint(100, 9_000_000)) / 100
        return amount if cents else amount.quantize(Decimal(1)) + 1

    def voucher(self, day):
        pick = self.random.choice
        sign = -1 if self.random.random() < 0.2 else 1
        kind = pick(["sale", "sale", "sale", "purchase", "purchase", "reverse", "customs", "wage", "payment", "abroad"])
        lines = []
        total = Decimal(0)
        if kind == "sale":
            codes = self.random.sample(list(SALES), self.random.randint(1, 2))
            if self.random.random() < 0.3 and self.style != "vat":
                codes.append(pick(list(UNTAXED)))
            for code in codes:
                base = self.money()
                account = SALES[code][0] if code in SALES else UNTAXED[code]
                lines.append((account, -sign * base, code, base, vat(base, code), "base"))
                total += base + vat(base, code)
                if code in SALES:
                    lines.append((SALES[code][1], -sign * vat(base, code), code, base, vat(base, code), "vat"))
            lines.append((pick(["1500", "1920"]), sign * total, None, None, None, None))
        elif kind == "purchase":
            for code in self.random.sample(list(PURCHASES), self.random.randint(1, 2)):
                base = self.money()
                lines.append((PURCHASES[code][0], sign * base, code, base, vat(base, code), "base"))
                lines.append((PURCHASES[code][1], sign * vat(base, code), code, base, vat(base, code), "vat"))
                total += base + vat(base, code)
            lines.append(("2400", -sign * total, None, None, None, None))
        elif kind == "customs":
            code = pick(list(CUSTOMS))
            amount = self.money()
            lines = [(CUSTOMS[code], sign * amount, code, None, amount, "own"), ("2400", -sign * amount, None, None, None, None)]
        elif kind == "reverse":
            code = pick([code for code in REVERSE if not (code == 85 and (sign < 0 or self.reverse == "credit"))])
            if code == 85 and self.style == "vat":
                code = 86
            cost, output, deducted, memo, contra = REVERSE[code]
            base, tax = self.money(), vat(Decimal(0), code)
            tax = vat(base, code)
            if self.reverse == "one":
                lines.append((cost, sign * base, code, base, tax, "base"))
                lines.append(("2400", -sign * base, None, None, None, None))
            else:
                debit = code if self.reverse == "two" else None
                lines.append((memo, sign * base, debit, base, tax if deducted else Decimal(0), "base" if debit else None))
                lines.append((contra, -sign * base, code, base, tax, "base"))
            if output:
                lines.append((output, -sign * tax, code, base, tax, "vat"))
                other = deducted or cost
                lines.append((other, sign * tax, code if deducted else None, base, tax, "vat" if deducted else None))
        elif kind == "abroad":
            base = self.money()
            code = pick([0, 20, 21])
            coded = self.style != "vat"
            lines = [("4340", base, code if coded else None, base, Decimal(0), "base" if coded else None), ("2400", -base, None, None, None, None)]
        elif kind == "wage":
            lines = [("5000", Decimal(100), None, None, None, None), ("2600", Decimal(-40), None, None, None, None),
                     ("1920", Decimal(-60), None, None, None, None), ("5400", Decimal("14.10"), None, None, None, None),
                     ("2770", Decimal("-14.10"), None, None, None, None)]
        else:
            amount = self.money()
            lines = [("2400", amount, None, None, None, None), ("1920", -amount, None, None, None, None)]
        self.add(day, lines, sign < 0)

    def settle(self):
        """Clears the VAT accounts against 2740, on the last day of the period."""
        balance = {}
        for _, day, lines, _ in self.vouchers:
            if self.start <= day <= self.end:
                for account, amount, *_ in lines:
                    if account[:3] in ("270", "271"):
                        balance[account] = balance.get(account, Decimal(0)) + amount
        lines = [(account, -amount, None, None, None, None) for account, amount in balance.items() if amount]
        if not lines:
            return
        left = -sum(line[1] for line in lines)
        whole = left.to_integral_value()
        lines.append(("2740", Decimal(whole), None, None, None, None))
        if left != whole:
            lines.append(("7770", left - whole, None, None, None, None))
        self.add(self.end, lines, False)

    def add(self, day, lines, turned):
        self.number += 1
        self.vouchers.append((1000 + self.number, day, lines, turned))

    # Writing

    def files(self):
        """File names and bytes."""
        if self.parts == 1:
            return {"regnskap.xml": self.document(self.vouchers, True)}
        parts = {}
        for part in range(self.parts):
            vouchers = self.vouchers[part::self.parts]
            file = f"SAF-T Financial_999999999_20260203120000_{part + 1}_{self.parts}.xml"
            parts[file] = self.document(vouchers, part == self.parts - 1)
        return parts

    def e(self, tag, *content):
        return f"<{self.prefix}{tag}>{''.join(content)}</{self.prefix}{tag}>"

    def t(self, tag, text):
        return self.e(tag, escape(str(text)))

    def document(self, vouchers, master):
        e, t = self.e, self.t
        xmlns = f'xmlns{":" + self.prefix[:-1] if self.prefix else ""}="{NAMESPACE}"'
        header = e("Header", t("AuditFileVersion", self.version), t("AuditFileCountry", "NO"), t("AuditFileDateCreated", "2026-02-03"),
                   t("SoftwareCompanyName", "Fjordregnskap AS"), t("SoftwareID", "Fjord"), t("SoftwareVersion", "1"),
                   e("Company", t("RegistrationNumber", "999999999"), t("Name", "Lillebø Snekkeri")),
                   t("DefaultCurrencyCode", "NOK"),
                   e("SelectionCriteria", t("SelectionStartDate", f"{self.year}-01-01"), t("SelectionEndDate", f"{self.year}-12-31")),
                   t("TaxAccountingBasis", "A"))
        files = ""
        if master:
            used = sorted({line[0] for voucher in self.vouchers for line in voucher[2]})
            files = e("MasterFiles", e("GeneralLedgerAccounts", *map(self.account, used)), self.table())
        entries = e("GeneralLedgerEntries", t("NumberOfEntries", len(vouchers)),
                    e("Journal", t("JournalID", "1"), t("Description", "Bilag"), t("Type", "A"), *map(self.transaction, vouchers)))
        root = f'<{self.prefix}AuditFile {xmlns}>{header}{files}{entries}</{self.prefix}AuditFile>'
        return ('<?xml version="1.0" encoding="UTF-8"?>\n' + root).encode()

    def account(self, account):
        e, t = self.e, self.t
        mapped = []
        if self.mapping == "std4":
            mapped = [t("StandardAccountID", account)]
        elif self.mapping == "std2":
            mapped = [t("StandardAccountID", account[:2])]
        elif self.mapping == "grouping":
            is_vat = account[:3] in ("270", "271", "274")
            mapped = [t("GroupingCategory", "kortsiktigGjeld"), t("GroupingCode", "2740" if is_vat else account)]
        return e("Account", t("AccountID", account), t("AccountDescription", name(account)), *mapped, t("AccountType", "GL"))

    def table(self):
        e, t = self.e, self.t
        rows = []
        for code, owns in self.own.items():
            for own in owns:
                rows.append(e("TaxCodeDetails", t("TaxCode", own), t("Description", "Kode"), t("TaxPercentage", RATES.get(code, 0)),
                              t("Country", "NO"), t("StandardTaxCode", code), t("BaseRate", "100")))
        self.random.shuffle(rows)
        return e("TaxTable", e("TaxTableEntry", t("TaxType", "MVA"), t("Description", "Merverdiavgift"), *rows))

    def transaction(self, voucher):
        number, day, lines, turned = voucher
        e, t = self.e, self.t
        month = day.year * 12 + day.month - 1 + self.shift
        body = [t("TransactionID", number), t("Period", month % 12 + 1), t("PeriodYear", month // 12), t("TransactionDate", day),
                t("Description", "Bilag"), t("SystemEntryDate", day), t("GLPostingDate", day)]
        owns = {}
        for index, (account, amount, code, base, tax, role) in enumerate(lines):
            info = ""
            shown = code is not None and (role == "own" or role == self.style or self.style == "both" or (role == "base" and tax == 0 and self.style == "vat"))
            debit = amount > 0 or (amount == 0 and (account.startswith("4") or account.startswith("6")))
            flipped = self.negative and turned
            if flipped:
                debit = not debit
            side = "Debit" if debit else "Credit"
            value = -abs(amount) if flipped else abs(amount)
            if shown:
                own = owns.setdefault(code, self.random.choice(self.own[code]))
                parts = [t("TaxType", "MVA"), t("TaxCode", own)]
                if self.rates and role != "own":
                    parts.append(t("TaxPercentage", RATES.get(code, 0)))
                sign = -1 if self.signed and self.random.random() < 0.5 else 1
                with_base = base is not None and (self.bases or role == "vat") and not (self.style == "both" and role == "vat")
                if with_base:
                    parts.append(t("TaxBase", sign * base))
                stated = tax if self.stated else Decimal(0)
                amount_tag = "TaxAmount" if self.version == "1.20" else side + "TaxAmount"
                parts.append(e(amount_tag, t("Amount", f"{sign * stated:.2f}")))
                info = e("TaxInformation", *parts)
            body.append(e("Line", t("RecordID", index + 1), t("AccountID", account), t("Description", "Bilag"),
                          e(side + "Amount", t("Amount", f"{value:.2f}")), info))
        return e("Transaction", *body)
