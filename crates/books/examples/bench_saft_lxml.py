"""Sums base and VAT by code as a Python script would: `bench_saft_lxml.py FILE`, with lxml's iterparse, a voucher at a time.

Prints the seconds on the processor first.
"""

import sys
import time
from decimal import Decimal

from lxml import etree

N = "{urn:StandardAuditFile-Taxation-Financial:NO}"


def main():
    sums = {}
    movement = {}
    for _, voucher in etree.iterparse(sys.argv[1], tag=N + "Transaction"):
        for line in voucher.iterfind(N + "Line"):
            account = line.findtext(N + "AccountID")
            debit = line.findtext(f"{N}DebitAmount/{N}Amount")
            amount = Decimal(debit) if debit is not None else -Decimal(line.findtext(f"{N}CreditAmount/{N}Amount"))
            movement[account] = movement.get(account, 0) + amount
            for tax in line.iterfind(N + "TaxInformation"):
                code = tax.findtext(N + "TaxCode")
                base = Decimal(tax.findtext(N + "TaxBase"))
                vat = tax.findtext(f"{N}DebitTaxAmount/{N}Amount") or tax.findtext(f"{N}CreditTaxAmount/{N}Amount")
                before = sums.get(code, (0, 0))
                sums[code] = (before[0] + base, before[1] + Decimal(vat))
        voucher.clear()
        while voucher.getprevious() is not None:
            del voucher.getparent()[0]
    print(time.process_time(), sums, movement)


main()
