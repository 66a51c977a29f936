/** Many returns at once: the bookkeeper's clients on the evening before the deadline, as the fake backend has them. */
import type { BatchView, CheckView, LanguageName, ReturnCard, SessionView, StepName } from "../bindings";
import {
  attachments,
  card,
  checkedOk,
  content,
  error,
  filing,
  findings,
  ingrid,
  moment,
  steps,
  unchecked,
} from "./world";
import { inLanguage } from "./said";

/** The clients of the story: company, number, sum. */
const clients: readonly [string, string, string][] = [
  ["Aasen Rørservice AS", "310890898", "18420"],
  ["Akerselva Frisør", "312170019", "6204"],
  ["Bergvik Maskin AS", "313512770", "142077"],
  ["Blåfjell Turutstyr AS", "310353159", "33910"],
  ["Bryggen Fisk og Vilt AS", "310479772", "61288"],
  ["Dalheim Gård", "312909561", "-44120"],
  ["Elvegata Spiseri AS", "310593516", "12055"],
  ["Fagerli Snekkerverksted", "312017261", "21760"],
  ["Finnskogen Hytter AS", "313155498", "18733"],
  ["Furuset Bilpleie AS", "310404098", "9340"],
  ["Granås Regnskog Design", "312760428", "15072"],
  ["Hegra Steinindustri AS", "311225634", "23811"],
  ["Heggedal Elektro AS", "310296589", "88615"],
  ["Isfjell Programvare AS", "310550612", "120940"],
  ["Kvitfjell Utleie AS", "312373556", "41208"],
  ["Lindesnes Brygghus AS", "312292424", "30455"],
  ["Lyngen Fotografi", "310466247", "4980"],
  ["Mølla Kaffebrenneri AS", "311361767", "27316"],
  ["Norheim Glass AS", "310575593", "-12640"],
  ["Nøtterøy Hagesenter AS", "312989077", "52290"],
  ["Oslofjord Seilmakeri", "312325705", "11402"],
  ["Polarlys Reiser AS", "310409901", "19875"],
  ["Rallarveien Transport AS", "313064603", "67340"],
  ["Romerike Renhold AS", "310749079", "73018"],
  ["Rønvik Arkitektkontor", "311270419", "24560"],
  ["Saltstraumen Dykk AS", "313406296", "-8215"],
  ["Sandefjord Møbeltapet", "313389553", "13990"],
  ["Setesdal Sølv AS", "313156583", "5610"],
  ["Skogholt Trevare AS", "310424331", "36204"],
  ["Snøhetta Catering AS", "313125688", "28750"],
  ["Solbakken Barnehage SA", "313169928", "2310"],
  ["Strandgata Blomster", "312179741", "7455"],
  ["Tinnsjø Maling AS", "310359998", "15880"],
  ["Trollheimen Ull og Tradisjonshåndverk Samvirkelag SA", "311259105", "39040"],
  ["Ulriken Lydstudio", "310344222", "8126"],
  ["Valdres Laft AS", "313018520", "54901"],
  ["Varanger Foredling AS", "310798215", "-52584"],
  ["Vestkanten Optik AS", "311618385", "17760"],
  ["Ytre Sula Akvakultur AS", "312297493", "-311560"],
  ["Østbyen Trykkeri AS", "310856312", "20215"],
];

/** Who signs for all of them but one. */
export const bookkeeper: SessionView = {
  ...ingrid,
  companies: clients.slice(0, -2).map(([name, orgNumber]) => ({ orgNumber, name })),
};

export const batchView = (more: Partial<BatchView> = {}): BatchView => ({
  id: "batch-1",
  state: "running",
  filedBy: "Ingrid Solvang",
  startedAt: moment(-5),
  total: 37,
  queued: 0,
  running: 0,
  answering: 0,
  received: 0,
  rejected: 0,
  unclear: 0,
  waiting: 0,
  refused: 0,
  cancelled: 0,
  toPay: "738476",
  refund: "-12640",
  due: "2026-06-10",
  minutesLeft: 3,
  problem: null,
  ...more,
});

/** Forty returns, as they lie when they have been opened: nothing is asked yet. */
export function batch(language: LanguageName, check: CheckView = unchecked): ReturnCard[] {
  return clients.map(([companyName, orgNumber, assessedVat], index) =>
    card(language, {
      id: `b${String(index)}`,
      fileName: `${String(index + 1)}.xml`,
      content: content(language, true, { companyName, orgNumber, assessedVat, groups: [] }),
      check,
      brief: true,
    }),
  );
}

/** Two hundred of them, some with long names, large sums, odd kinds, attachments and word of other files. */
export function manyReturns(language: LanguageName): ReturnCard[] {
  const known = checkedBatch(language);
  const longest = { nb: "November–desember 2026", nn: "November–desember 2026", en: "November–December 2026" };
  const long = " Eiendomsforvaltning og Næringsutvikling Nord-Trøndelag";
  return Array.from({ length: 200 }, (_, index): ReturnCard => {
    const of = known[index % known.length] ?? card(language);
    const id = `${of.id}-${String(index)}`;
    const said = of.content && {
      ...of.content,
      companyName: index % 3 === 0 ? `${of.content.companyName ?? ""}${long}` : of.content.companyName,
      period: index % 4 === 0 ? inLanguage(longest, language) : of.content.period,
      assessedVat: index % 7 === 0 ? "-1234567890" : of.content.assessedVat,
    };
    const name =
      index % 11 === 0
        ? `Mva-melding ${String(index)} fra regnskapssystemet, rettet og eksportert på nytt.xml`
        : of.fileName;
    return { ...of, id, fileName: name, content: said, attachments: index % 5 === 0 ? attachments() : [] };
  });
}

/** The same when all have been checked: 36 are fit, two must be corrected, one lies twice, two are not the person's. */
export function checkedBatch(language: LanguageName): ReturnCard[] {
  return [
    ...batch(language, checkedOk).map((known): ReturnCard => {
      if (known.id === "b5") {
        return { ...known, check: { ...checkedOk, verdict: "invalid", findings: findings(language).slice(0, 1) } };
      }
      if (known.id === "b12") {
        return { ...known, check: { ...checkedOk, verdict: "invalid", findings: findings(language) } };
      }
      if (known.id === "b4") {
        return { ...known, check: { ...checkedOk, verdict: "deviating", findings: findings(language).slice(1) } };
      }
      if (known.id === "b7") return { ...known, notes: [{ kind: "sameFile", file: "fagerli-kopi.xml" }] };
      if (known.id === "b9") {
        return {
          ...known,
          notes: [
            {
              kind: "filedBefore",
              filing: "f1",
              at: moment(-3 * 24 * 60),
              state: "received",
              person: "Ingrid Solvang",
            },
          ],
        };
      }
      if (known.id === "b10") return { ...known, notes: [{ kind: "samePeriod", card: "b40", file: "granas-ny.xml" }] };
      return known;
    }),
    card(language, {
      id: "b40",
      fileName: "granas-ny.xml",
      content: content(language, true, { companyName: "Granås Regnskog Design", orgNumber: "312760428", groups: [] }),
      check: checkedOk,
      notes: [{ kind: "samePeriod", card: "b10", file: "11.xml" }],
      brief: true,
    }),
    card(language, {
      id: "b41",
      fileName: "saldobalanse.xml",
      content: null,
      problem: error("notAReturn"),
      check: { ...unchecked, verdict: "invalid" },
      brief: true,
    }),
  ];
}

/** The batch as it runs: some are received, four are under way, the rest is queued. */
export function runningBatch(language: LanguageName): ReturnCard[] {
  const now: readonly StepName[] = ["confirm", "return", "instance"];
  return checkedBatch(language).map((known, index): ReturnCard => {
    const { content: said } = known;
    const out = known.check.verdict === "invalid" || known.notes.length > 0 || index >= 38 || said === null;
    if (out) return known;
    const { orgNumber, companyName, period: of, kind: type, assessedVat } = said;
    const id = `f-${known.id}`;
    const about = { id, orgNumber, companyName, period: of, kind: type, assessedVat };
    if (index < 20)
      return { ...known, filing: filing("received", { id }, { ...about, deliveredAt: moment(12 - (index % 3)) }) };
    if (index === 20) return { ...known, filing: filing("waitingAnswer", { id }, about) };
    const step = now[index - 21];
    if (step) return { ...known, filing: filing("running", { id, steps: steps(step) }, about) };
    if (index === 24) {
      const problem = error("mayNotSign", { values: { company: companyName ?? "" } });
      return {
        ...known,
        filing: filing("waitingSignature", { id, problem, steps: steps("confirm", "stopped") }, about),
      };
    }
    return { ...known, filing: filing("queued", { id, steps: steps("instance", "pending") }, about) };
  });
}
