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
    "1650": "Krav på merverdiavgiftskompensasjon", "2740": "Oppgjørskonto mva", "2770": "Skyldig arbeidsgiveravgift", "5400": "Arbeidsgiveravgift", "7770": "Øreavrunding",
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


# Own codes with something beside the code: a deductible share, rows for two spans of time, compensation, sales on purchases.
SPECIAL = {"share": 1, "dated": None, "compensation": 1, "compensation abroad": 86, "share abroad": 86, "turned": 3}


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
        for code in list(RATES) + [0, 20, 21] + list(SPECIAL):
            self.own[code] = [owns.pop()]
            if code in (1, 3, 86) and self.random.random() < 0.3:
                self.own[code].append(owns.pop())
        # A percentage on the line, an amount that is written in another way, a side that another entry had.
        # Books in another currency, whose VAT is in kroner besides: 1.40 alone can say so.
        self.euro = self.random.random() < 0.12
        if self.euro:
            self.version, self.style, self.reverse, self.stated = "1.40", "base", "one", True
        self.share = pick([30, 50, 60])
        self.encoding = pick(["UTF-8", "UTF-8", "UTF-8", "ISO-8859-1", "windows-1252", "UTF-16"])
        self.written = pick(["plain", "plain", "plain", "odd"])
        self.opposite = self.random.random() < 0.2
        self.vouchers = []
        self.number = 0
        first = pick([1, 3, 5, 7, 9, 11])
        self.start = date(self.year, first, 1)
        self.end = (date(self.year, first + 2, 1) if first < 11 else date(self.year + 1, 1, 1)) - timedelta(days=1)
        self.middle = self.start + timedelta(days=30)
        days = [self.day(0) for _ in range(self.random.randint(2, 14))]
        days += [self.day(self.random.choice([-60, 62])) for _ in range(self.random.randint(0, 3))]
        for day in days:
            self.voucher(day)
        if self.random.random() < 0.4 and not self.euro:
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
        kinds = ["sale", "sale", "sale", "purchase", "purchase", "reverse", "customs", "wage", "payment", "abroad"]
        if self.style == "base":
            kinds += ["dated", "several", "gross", "compensation", "mixed", "share", "share abroad", "turned"]
        kind = pick(kinds)
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
        elif kind == "share":
            # The cost account has what is not deducted on it too.
            base = self.money()
            tax = vat(base, 1)
            deducted = (tax * self.share / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
            stated = pick([tax, deducted])
            lines = [("4300", sign * base, "share", base, stated, "base"), ("4300", sign * (tax - deducted), None, None, None, None),
                     ("2710", sign * deducted, None, None, None, None), ("2400", -sign * (base + tax), None, None, None, None)]
        elif kind == "dated":
            # One own code that meant another standard code before a day.
            code = 3 if day < self.middle else 31
            base = self.money()
            lines = [(SALES[code][0], -sign * base, "dated", base, vat(base, code), "base"),
                     (SALES[code][1], -sign * vat(base, code), None, None, None, None),
                     ("1500", sign * (base + vat(base, code)), None, None, None, None)]
        elif kind == "several":
            # Sales of two rates on one line; each account of VAT has its own.
            high, low = Decimal(self.random.randint(4, 9000)), Decimal(self.random.randint(4, 9000))
            parts = [(3, high, vat(high, 3)), (31, low, vat(low, 31))]
            lines = [("3090", -sign * (high + low), parts, None, None, "base"), ("2700", -sign * parts[0][2], None, None, None, None),
                     ("2701", -sign * parts[1][2], None, None, None, None),
                     ("1500", sign * (high + low + parts[0][2] + parts[1][2]), None, None, None, None)]
        elif kind == "gross":
            # The line has the VAT in it, and a line of its own takes it out again.
            base = self.money()
            tax = vat(base, 3)
            lines = [("3000", -sign * (base + tax), 3, base, tax, "gross"), ("3000", sign * tax, None, None, None, None),
                     ("2700", -sign * tax, None, None, None, None), ("1500", sign * (base + tax), None, None, None, None)]
        elif kind == "share abroad":
            # The output is whole, the deduction a share.
            base = self.money()
            tax = vat(base, 86)
            deducted = (tax * self.share / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
            lines = [("6790", sign * base, "share abroad", base, tax, "base"), ("6790", sign * (tax - deducted), None, None, None, None),
                     ("2704", -sign * tax, None, None, None, None), ("2714", sign * deducted, None, None, None, None),
                     ("2400", -sign * base, None, None, None, None)]
        elif kind == "turned":
            # A code for sales on a purchase: its VAT is on the account of input tax.
            base = self.money()
            tax = vat(base, 3)
            lines = [("4395", sign * base, "turned", base, tax, "base"), ("2710", sign * tax, None, None, None, None),
                     ("2400", -sign * (base + tax), None, None, None, None)]
        elif kind == "mixed":
            # An ordinary purchase and two from abroad in one voucher.
            owed = Decimal(0)
            for code in self.random.sample([1, 81, 86, 87], self.random.randint(2, 3)):
                base = self.money()
                tax = vat(base, code)
                if code == 1:
                    lines += [("4300", sign * base, 1, base, tax, "base"), ("2710", sign * tax, None, None, None, None)]
                    owed += base + tax
                else:
                    cost, output, deducted, *_ = REVERSE[code]
                    lines += [(cost if code != 87 else "6797", sign * base, code, base, tax, "base"),
                              (output if code != 87 else "2709", -sign * tax, None, None, None, None),
                              (deducted or "6797", sign * tax, None, None, None, None)]
                    owed += base
            lines.append(("2400", -sign * owed, None, None, None, None))
        elif kind == "compensation":
            base = self.money()
            if self.random.random() < 0.5:
                tax = vat(base, 1)
                lines = [("4390", sign * base, "compensation", base, tax, "base"), ("1650", sign * tax, None, None, None, None),
                         ("2400", -sign * (base + tax), None, None, None, None)]
            else:
                tax = vat(base, 86)
                lines = [("6795", sign * base, "compensation abroad", base, tax, "base"), ("2704", -sign * tax, None, None, None, None),
                         ("1650", sign * tax, None, None, None, None), ("2400", -sign * base, None, None, None, None)]
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

    def in_kroner(self):
        """The same delivery with every amount in kroner: what an account in another currency was worth."""
        euro, self.euro = self.euro, False
        files = self.files()
        self.euro = euro
        return files

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
                   t("DefaultCurrencyCode", "EUR" if self.euro else "NOK"),
                   e("SelectionCriteria", t("SelectionStartDate", f"{self.year}-01-01"), t("SelectionEndDate", f"{self.year}-12-31")),
                   t("TaxAccountingBasis", "A"))
        files = ""
        if master:
            used = sorted({line[0] for voucher in self.vouchers for line in voucher[2]})
            files = e("MasterFiles", e("GeneralLedgerAccounts", *map(self.account, used)), self.table())
        entries = e("GeneralLedgerEntries", t("NumberOfEntries", len(vouchers)),
                    e("Journal", t("JournalID", "1"), t("Description", "Bilag"), t("Type", "A"), *map(self.transaction, vouchers)))
        root = f'<{self.prefix}AuditFile {xmlns}>{header}{files}{entries}</{self.prefix}AuditFile>'
        return (f'<?xml version="1.0" encoding="{self.encoding}"?>\n' + root).encode(self.encoding)

    def worth(self, kroner):
        return (kroner / Decimal("11.37")).quantize(Decimal("0.01"), ROUND_HALF_UP) if self.euro else kroner

    def number_text(self, amount):
        """An amount as XML allows it to be written."""
        plain = f"{amount:.2f}"
        if self.written == "plain":
            return plain
        sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
        return self.random.choice([plain, sign + "00" + digits, plain + "0", f" {plain}\n", "+" + plain if sign == "" else plain,
                                   sign + (digits.removesuffix(".00") if digits.endswith(".00") else digits)])

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
            for own in owns if code not in SPECIAL else []:
                rows.append(e("TaxCodeDetails", t("TaxCode", own), t("Description", "Kode"), t("TaxPercentage", RATES.get(code, 0)),
                              t("Country", "NO"), t("StandardTaxCode", code), t("BaseRate", "100")))
        rows = [row for row in rows if row]
        share, dated, own, abroad, shared, turned = (self.own[special][0] for special in SPECIAL)
        day_before = self.middle - timedelta(days=1)
        for code, since, until in ((3, None, day_before), (31, self.middle, None)):
            rows.append(e("TaxCodeDetails", t("TaxCode", dated), t("Description", "Kode"),
                          t("EffectiveDate", since) if since else "", t("ExpirationDate", until) if until else "",
                          t("TaxPercentage", RATES[code]), t("Country", "NO"), t("StandardTaxCode", code), t("BaseRate", "100")))
        for code, name, shares, compensated in ((1, share, [100, self.share], False), (1, own, [100], True), (86, abroad, [100], True), (86, shared, [self.share], False), (3, turned, [100], False)):
            rows.append(e("TaxCodeDetails", t("TaxCode", name), t("Description", "Kode"), t("TaxPercentage", RATES[code]),
                          t("Country", "NO"), t("StandardTaxCode", code), t("Compensation", "true") if compensated else "",
                          *(t("BaseRate", one) for one in shares)))
        self.random.shuffle(rows)
        return e("TaxTable", e("TaxTableEntry", t("TaxType", "MVA"), t("Description", "Merverdiavgift"), *rows))

    def transaction(self, voucher):
        number, day, lines, turned = voucher
        e, t = self.e, self.t
        month = day.year * 12 + day.month - 1 + self.shift
        body = [t("TransactionID", number), t("Period", month % 12 + 1), t("PeriodYear", month // 12), t("TransactionDate", day),
                t("Description", "Bilag"), t("SystemEntryDate", day), t("GLPostingDate", day)]
        owns = {}
        worth = [self.worth(line[1]) for line in lines]
        if worth:
            # What rounding leaves lies on the last line, which no code stands on.
            worth[-1] -= sum(worth)
        for index, (account, amount, code, base, tax, role) in enumerate(lines):
            info = ""
            shown = code is not None and (role in ("own", "gross", self.style) or self.style == "both" or (role == "base" and tax == 0 and self.style == "vat"))
            debit = amount > 0 or (amount == 0 and (account.startswith("4") or account.startswith("6")))
            flipped = self.negative and turned
            if flipped:
                debit = not debit
            side = "Debit" if debit else "Credit"
            value = -abs(worth[index]) if flipped else abs(worth[index])
            if shown:
                many = isinstance(code, list)
                for code, base, tax in code if many else [(code, base, tax)]:
                    own = owns.setdefault(code, self.random.choice(self.own[code]))
                    parts = [t("TaxType", "MVA"), t("TaxCode", own)]
                    if self.rates and role != "own":
                        standard = SPECIAL.get(code, code)
                        parts.append(t("TaxPercentage", RATES.get(standard or (3 if day < self.middle else 31), 0)))
                    sign = -1 if self.signed and self.random.random() < 0.5 else 1
                    needed = many or role == "gross" or code in ("share", "share abroad", "turned")
                    with_base = base is not None and (self.bases or role == "vat" or needed) and not (self.style == "both" and role == "vat")
                    if with_base:
                        parts.append(t("TaxBase", sign * self.worth(base)))
                    stated = tax if self.stated or needed else Decimal(0)
                    other = {"Debit": "Credit", "Credit": "Debit"}[side] if self.opposite else side
                    amount_tag = "TaxAmount" if self.version == "1.20" else other + "TaxAmount"
                    parts.append(e(amount_tag, t("Amount", self.number_text(sign * self.worth(stated)))))
                    if self.euro:
                        kroner = t("NOKTaxBase", sign * base) if base is not None else ""
                        parts.append(e(other + "NOKTaxAmount", t("NOKAmount", self.number_text(sign * (stated if code in ("share", "share abroad") else tax))), kroner))
                    info += e("TaxInformation", *parts)
            body.append(e("Line", t("RecordID", index + 1), t("AccountID", account), t("Description", "Bilag"),
                          e(side + "Amount", self.e("Amount", self.number_text(value))), info))
        return e("Transaction", *body)
