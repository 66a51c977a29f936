// SAF-T files that the tests drop on the window, as an accounting system would have written them.

import { FJORDLYS } from "./returns.mjs";

const header = (company, currency) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<AuditFile xmlns="urn:StandardAuditFile-Taxation-Financial:NO"><Header><AuditFileVersion>1.30</AuditFileVersion><AuditFileCountry>NO</AuditFileCountry><AuditFileDateCreated>2026-11-10</AuditFileDateCreated><SoftwareCompanyName>Balanse</SoftwareCompanyName><SoftwareID>Balanse</SoftwareID><SoftwareVersion>8.2</SoftwareVersion><Company><RegistrationNumber>${company.number}</RegistrationNumber><Name>${company.name}</Name></Company><DefaultCurrencyCode>${currency}</DefaultCurrencyCode><SelectionCriteria><SelectionStartDate>2026-09-01</SelectionStartDate><SelectionEndDate>2026-10-31</SelectionEndDate></SelectionCriteria><TaxAccountingBasis>A</TaxAccountingBasis></Header>`;

const accounts = [
  ["1500", "Kundefordringer", "1500"],
  ["1230", "Varebiler", "1230"],
  ["2700", "Utgående mva, høy sats", "2740"],
  ["2710", "Inngående mva, høy sats", "2740"],
  ["3000", "Salg, høy sats", "3000"],
  ["4300", "Innkjøp av varer", "4300"],
  ["2400", "Leverandørgjeld", "2400"],
];

const master = `<MasterFiles><GeneralLedgerAccounts>${accounts
  .map(
    ([id, name, code]) =>
      `<Account><AccountID>${id}</AccountID><AccountDescription>${name}</AccountDescription><GroupingCategory>RF-1167</GroupingCategory><GroupingCode>${code}</GroupingCode><AccountType>GL</AccountType></Account>`,
  )
  .join("")}</GeneralLedgerAccounts><TaxTable><TaxTableEntry><TaxType>MVA</TaxType><Description>Merverdiavgift</Description><TaxCodeDetails><TaxCode>25U</TaxCode><Description>Utgående høy sats</Description><TaxPercentage>25</TaxPercentage><Country>NO</Country><StandardTaxCode>3</StandardTaxCode><BaseRate>100</BaseRate></TaxCodeDetails></TaxTableEntry></TaxTable></MasterFiles>`;

const line = (record, account, side, amount, tax = "") =>
  `<Line><RecordID>${record}</RecordID><AccountID>${account}</AccountID><Description>x</Description><${side}Amount><Amount>${amount}.00</Amount></${side}Amount>${tax}</Line>`;

const voucher = (number, date, text, lines) =>
  `<Transaction><TransactionID>${number}</TransactionID><Period>${Number(date.slice(5, 7))}</Period><PeriodYear>2026</PeriodYear><TransactionDate>${date}</TransactionDate><Description>${text}</Description>${lines}</Transaction>`;

/** A sale of so many kroner before VAT. */
export const sale = (number, date, net) =>
  voucher(
    number,
    date,
    `Faktura ${number}`,
    line(1, "1500", "Debit", net * 1.25) +
      line(
        2,
        "3000",
        "Credit",
        net,
        `<TaxInformation><TaxType>MVA</TaxType><TaxCode>25U</TaxCode><TaxPercentage>25</TaxPercentage><TaxBase>${net}.00</TaxBase><CreditTaxAmount><Amount>${net / 4}.00</Amount></CreditTaxAmount></TaxInformation>`,
      ) +
      line(3, "2700", "Credit", net / 4),
  );

/** A purchase of so much before VAT, with the code for sales: which is meant only a person knows. */
export const purchaseWithTheCodeForSales = (number, date, net) =>
  voucher(
    number,
    date,
    `Innkjøp ${number}`,
    line(
      1,
      "4300",
      "Debit",
      net,
      `<TaxInformation><TaxType>MVA</TaxType><TaxCode>25U</TaxCode><TaxPercentage>25</TaxPercentage><TaxBase>${net}.00</TaxBase><DebitTaxAmount><Amount>${net / 4}.00</Amount></DebitTaxAmount></TaxInformation>`,
    ) +
      line(2, "2710", "Debit", net / 4) +
      line(3, "2400", "Credit", net * 1.25),
  );

/** An adjustment of input VAT, which has no code. */
export const adjustment = (number, date, amount) =>
  voucher(number, date, "Justering varebil", line(1, "2710", "Debit", amount) + line(2, "1230", "Credit", amount));

/** A file of these vouchers. */
export const saft = (vouchers, company = FJORDLYS, currency = "NOK") =>
  `${header(company, currency)}${master}<GeneralLedgerEntries><Journal><JournalID>HB</JournalID><Description>Hovedbok</Description><Type>GL</Type>${vouchers.join("")}</Journal></GeneralLedgerEntries></AuditFile>`;
