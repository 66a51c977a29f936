// VAT returns that the tests drop on the window, as an accounting system would have written them.

/** Companies of the practice world (crates/practice/src/world.rs). */
export const FJORDLYS = { name: "Fjordlys Interiør AS", number: "311797816", grouped: "311 797 816" };
export const VIKA = { name: "Vika Tolketjenester AS", number: "315203856", grouped: "315 203 856" };

/** A quiet two-month return: sales at 25 and 15 per cent, deductions. Its sum is 18 250 kroner to pay. */
const QUIET = [
  { code: "3", base: 120_000, rate: 25, vat: 30_000 },
  { code: "31", base: 5_000, rate: 15, vat: 750 },
  { code: "1", vat: -12_500 },
];

/**
 * A return as XML text.
 *
 * @param {{
 *   company?: { number: string, name?: string },
 *   period?: string,
 *   year?: number,
 *   lines?: { code: string, base?: number, rate?: number, vat: number, own?: string }[],
 *   reference?: string,
 *   encoding?: string,
 *   prolog?: string,
 * }} wishes `period` is the schema's word, e.g. `september-oktober`; `own` is the accounting system's code.
 */
export function vatReturn({
  company = FJORDLYS,
  period = "juli-august",
  year = 2026,
  lines = QUIET,
  reference = "bilagsserie 7",
  encoding = "UTF-8",
  prolog = "",
} = {}) {
  const sum = lines.reduce((total, line) => total + line.vat, 0);
  const details = lines.map(
    ({ code, base, rate, vat, own }) => `
    <mvaSpesifikasjonslinje>
      <mvaKode>${code}</mvaKode>${own === undefined ? "" : `
      <mvaKodeRegnskapsystem>${own}</mvaKodeRegnskapsystem>`}${base === undefined ? "" : `
      <grunnlag>${base}</grunnlag>
      <sats>${rate}</sats>`}
      <merverdiavgift>${vat}</merverdiavgift>
    </mvaSpesifikasjonslinje>`,
  );
  return `<?xml version="1.0" encoding="${encoding}"?>
${prolog}<mvaMeldingDto xmlns="no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0">
  <innsending>
    <regnskapssystemsreferanse>${reference}</regnskapssystemsreferanse>
    <regnskapssystem>
      <systemnavn>Balanse</systemnavn>
      <systemversjon>8.2</systemversjon>
    </regnskapssystem>
  </innsending>
  <skattegrunnlagOgBeregnetSkatt>
    <skattleggingsperiode>
      <periode>
        <skattleggingsperiodeToMaaneder>${period}</skattleggingsperiodeToMaaneder>
      </periode>
      <aar>${year}</aar>
    </skattleggingsperiode>
    <fastsattMerverdiavgift>${sum}</fastsattMerverdiavgift>${details.join("")}
  </skattegrunnlagOgBeregnetSkatt>
  <betalingsinformasjon/>
  <skattepliktig>
    <organisasjonsnummer>${company.number}</organisasjonsnummer>
  </skattepliktig>
  <meldingskategori>alminnelig</meldingskategori>
</mvaMeldingDto>
`;
}
