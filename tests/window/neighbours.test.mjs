// Files that lie beside returns, packed returns, and returns with one mistake that breaks several rules: each dropped on the
// real window, said to be what it is, with what to do. `MOMSBUD_LOOKS=all` takes each in light and dark and three languages.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Desktop } from "./desktop.mjs";
import { looks } from "./looks.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { vatReturn } from "./returns.mjs";
import { zip } from "./zip.mjs";

const SAMPLE = fileURLToPath(new URL("../../crates/vat-return/samples/fjordlys.xml", import.meta.url));
const RESULT = "no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1";

const reason = (code, text) =>
  `<avvik><stiTilAvvik>/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt/mvaSpesifikasjonslinje[2]</stiTilAvvik><mvaKode>3</mvaKode><avviksinformasjon><begrunnelse>${text}</begrunnelse><avvikstype>ugyldig skattemelding</avvikstype><avvikKode>${code}</avvikKode><regelDefinisjon>${code}</regelDefinisjon></avviksinformasjon></avvik>`;
const result = (word, reasons = "", namespace = RESULT) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<valideringsresultat xmlns="${namespace}"><avvikVedMeldingslevering>${word}</avvikVedMeldingslevering>${reasons}</valideringsresultat>`;

const ENVELOPE = `<?xml version="1.0" encoding="UTF-8"?>
<mvaMeldingInnsending><norskIdentifikator><organisasjonsnummer>311797816</organisasjonsnummer></norskIdentifikator><skattleggingsperiode><periode><skattleggingsperiodeToMaaneder>juli-august</skattleggingsperiodeToMaaneder></periode><aar>2026</aar></skattleggingsperiode><meldingskategori>alminnelig</meldingskategori><innsendingstype>komplett</innsendingstype><instansstatus>default</instansstatus><opprettetAv>Ingrid Solvang</opprettetAv><opprettingstidspunkt>2026-11-21T10:00:00Z</opprettingstidspunkt><vedlegg><vedleggstype>mva-melding</vedleggstype><kildegruppe>sluttbrukersystem</kildegruppe><opprettetAv>Ingrid Solvang</opprettetAv><opprettingstidspunkt>2026-11-21T10:00:00Z</opprettingstidspunkt><vedleggsfil><filnavn>melding_xml</filnavn><filekstensjon>xml</filekstensjon><filinnhold>-</filinnhold></vedleggsfil></vedlegg></mvaMeldingInnsending>`;
const PAYMENT = `<?xml version="1.0" encoding="UTF-8"?>
<betalingsinformasjon xmlns="no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:betalingsinformasjon:v1.0"><innsendingsreferanse>50006875/1f2e</innsendingsreferanse><skattepliktig><organisasjonsnummer>311797816</organisasjonsnummer></skattepliktig><skattleggingsperiode><periode><skattleggingsperiodeToMaaneder>september-oktober</skattleggingsperiodeToMaaneder></periode><aar>2026</aar></skattleggingsperiode><kundeidentifikasjonsnummer>20260531179782</kundeidentifikasjonsnummer><beloep>79857</beloep><betaleTil>Skatteetaten</betaleTil><betalingsfrist>2026-12-10</betalingsfrist><betalesTilKonto><norskKontonummer>76940514009</norskKontonummer></betalesTilKonto></betalingsinformasjon>`;

/** Picture, file name, content, and the kind it is said to be. */
const NEIGHBOURS = /** @type {[string, string, string | Buffer, string, RegExp][]} */ ([
  ["envelope", "konvolutt.xml", ENVELOPE, "envelope", /Fjordlys|311 797 816/],
  ["result-invalid", "svar.xml", result("ugyldig skattemelding", reason("R019", "Grunnlag og sats gir ikke avgiften.")), "validationResult", /Ugyldig/],
  ["result-no-reasons", "svar0.xml", result("ugyldig skattemelding"), "validationResult", /Ugyldig/],
  ["result-accepted", "godtatt.xml", result("ingen avvik"), "validationResult", /[Gg]odtatt/],
  ["result-foreign", "fremmed.xml", result("ingen avvik", "", `${RESULT}23`), "validationResult", /ukjent|kjenner ikke|må ses på/],
  ["payment", "betaling.xml", PAYMENT, "paymentInformation", /79 857/],
  ["receipt", "kvittering.pdf", "%PDF-1.7\n/Title (Kvittering)\n%%EOF\n", "receipt", /kvittering/],
  ["old-form", "rf0002.xml", '<Skjema blankettnummer="RF-0002"/>', "oldForm", /RF-0002/],
  ["returned", "fra-skatteetaten.xml", '<mvaMelding xmlns="urn:no:skatteetaten:datasamarbeid:mvamelding:v1"/>', "returnedReturn", /gir den ut igjen/],
  ["html", "portal.xml", "<!DOCTYPE html><html><body>Logg inn</body></html>", "webPage", /HTML/],
  ["zip-without", "tom.zip", zip({ "les-meg.txt": "hei" }), "zip", /uten mva-melding/],
]);

describe("what lies beside returns", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {string} */ let sample;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    sample = await readFile(SAMPLE, "utf8");
  });
  after(async () => {
    await program?.quit();
    await desktop?.close();
  });

  /** Drops one file, takes the picture of its card, and puts the card away. */
  async function dropped(name, content, picture, look) {
    const path = join(desktop.root, name);
    await writeFile(path, content);
    await program.drop([path]);
    await program.see(ids.card);
    try {
      await look();
      await looks(program, picture);
    } finally {
      // The next file must not become the second of a list.
      await program.click((await program.shows(ids.cardClose)) ? ids.cardClose : ids.problemClose);
      await program.gone(ids.card);
    }
  }

  for (const [picture, name, content, kind, words] of NEIGHBOURS) {
    test(`${name} is said to be a ${kind}`, async () => {
      await dropped(name, content, `120-${picture}`, async () => {
        await until(kind, async () => (await program.attribute(ids.neighbour, "data-kind")) === kind);
        await program.reads(ids.card, words);
      });
    });
  }

  test("kasse.xml is said to be of a cash register, in the place of SAF-T files", async () => {
    const path = join(desktop.root, "kasse.xml");
    await writeFile(path, '<auditfile xmlns="urn:StandardAuditFile-Taxation-CashRegister:NO"/>');
    const shown = async () => {
      await program.drop([path]);
      await program.see(ids.booksProblem);
    };
    await shown();
    await program.reads(ids.booksProblem, /kassasystem/);
    // It has a place of its own, which is left when another is opened.
    await looks(program, "120-cash-register", { open: shown });
    if (!(await program.shows(ids.booksProblem))) await shown();
    await program.click(ids.booksClose);
    await program.gone(ids.booksProblem);
  });

  for (const [name, content] of /** @type {[string, Buffer][]} */ ([
    ["melding.xml.gz", gzipSync(vatReturn())],
    ["melding.zip", zip({ "klient/2026/melding.xml": vatReturn(), "klient/les-meg.txt": "hei" })],
    ["ytre.zip", zip({ "indre.zip": zip({ "melding.xml": vatReturn() }) })],
  ])) {
    test(`the return in ${name} is opened as any other`, async () => {
      await dropped(name, content, `121-${name.replaceAll(".", "-")}`, async () => {
        await program.reads(ids.cardSum, /18 250/);
      });
    });
  }

  /** Picture, what the accounting system wrote, and the one sentence. */
  const CAUSES = /** @type {[string, (text: string) => string, RegExp, boolean][]} */ ([
    ["rates", (text) => text.replaceAll("<sats>25<", "<sats>25.0<").replace("<sats>15<", "<sats>15.00<"), /Satsen er skrevet 25\.0, 15\.00/, true],
    ["amounts", (text) => text.replace(">512480<", ">512480.0<").replace(">128120<", ">128120.0<"), /desimaler som er null/, true],
    ["no-payment", (text) => text.replace("<betalingsinformasjon/>", ""), /utelatt «betalingsinformasjon»/, true],
    ["input-base", (text) => text.replace("<mvaKode>1</mvaKode>", "<mvaKode>1</mvaKode><grunnlag>225240</grunnlag><sats>25</sats>"), /Kode 1 er fradrag/, true],
    ["kid", (text) => text.replace("<betalingsinformasjon/>", "<betalingsinformasjon><kundeIdentifikasjonsnummer>NO311797816MVA</kundeIdentifikasjonsnummer></betalingsinformasjon>"), /som KID/, true],
    ["fish-rate", (text) => text.replace("<mvaKode>31<", "<mvaKode>32<").replace("<sats>15<", "<sats>11.11<"), /Satsen er skrevet 11\.11/, true],
  ]);
  for (const [picture, wrong, sentence, mend] of CAUSES) {
    test(`one mistake, one sentence: ${picture}`, async () => {
      const content = wrong(sample);
      assert.notEqual(content, sample);
      await dropped(`${picture}.xml`, content, `122-cause-${picture}`, async () => {
        await program.reads(ids.cause, sentence);
        assert.equal((await program.all(ids.cause)).length, 1);
        assert.equal(await program.attribute(ids.cause, "data-mend"), String(mend));
      });
    });
  }

  test("a remark in free text is said to mean manual handling, with the coded one that would do", async () => {
    const free = "<beskrivelse>Tjenesteeksport til Danmark</beskrivelse>";
    const content = sample.replace("<utvalgtMerknad>tjenesteeksport</utvalgtMerknad>", free);
    await dropped("fritekst.xml", content, "123-free-text", async () => {
      const said = await program.reads(ids.freeText, /manuell behandling/);
      assert.match(said, /Tjenesteeksport/);
    });
  });

  test("a return among its neighbours is opened, and they are counted", async () => {
    const paths = [];
    for (const [name, content] of [["a.xml", vatReturn()], ["konvolutt.xml", ENVELOPE], ["svar.xml", result("ingen avvik")]]) {
      paths.push(join(desktop.root, String(name)));
      await writeFile(String(paths.at(-1)), String(content));
    }
    await program.drop(paths);
    await until("the return", async () => (await program.shows(ids.cardList)) || (await program.shows(ids.cardSum)));
    await looks(program, "124-among");
  });
});
