/** Every scene is drawn, in every language, and says what it must. */
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { scenes } from "../fake/scenes";
import { testIds } from "../testids";
import { nth, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);

describe("every scene", () => {
  it.each(scenes.map(({ name }) => name))("%s", async (name) => {
    const complaints = vi.spyOn(console, "error");
    await showScene(name, { language: scenes.findIndex((scene) => scene.name === name) % 2 ? "nn" : "en" });
    const main = screen.getByRole("main", { hidden: true });
    // What a place asks for comes before it is shown, so that nothing moves.
    await waitFor(() => {
      expect(main).toHaveTextContent(/\w/);
    });
    // A key that is shown instead of its text, or a value that was not given.
    expect(document.body.textContent).not.toMatch(/\{\w+\}|\b(error|run|step1|step2|state|delivered)\.[a-z]\w+/);
    expect(document.body.textContent).not.toMatch(/undefined|NaN|Invalid Date|\[object/);
    expect(complaints).not.toHaveBeenCalled();
  });
});

describe("the steps", () => {
  it("say in a narrow window's bar why a filing waits", async () => {
    await showScene("narrow-stopped");
    expect(screen.getByRole("group", { name: "Steg og handlinger" })).toHaveTextContent(/Venter på deg.*Ingen svar/);
  });

  it.each([
    ["return-signed-out", "todo", "shut"],
    ["return-todo", "todo", "shut"],
    ["return-checking", "running", "shut"],
    ["return-check-problem", "problem", "shut"],
    ["return-findings", "bad", "shut"],
    ["return-deviating", "deviating", "open"],
    ["return-ready", "done", "open"],
    ["return-no-altinn", "done", "shut"],
    ["running", "done", "running"],
    ["running-delivered", "done", "waitingAnswer"],
    ["delivered", "done", "received"],
    ["waiting-signature", "done", "waitingSignature"],
    ["no-right", "done", "waiting"],
    ["refused", "done", "refused"],
    ["rejected", "done", "rejected"],
    ["unclear", "done", "unclear"],
    ["abandoned", "done", "abandoned"],
  ])("%s: 1 is %s, 2 is %s", async (name, first, second) => {
    await showScene(name);
    expect(await find(testIds.step1)).toHaveAttribute("data-state", first);
    expect(await find(testIds.step2)).toHaveAttribute("data-state", second);
  });

  it("says why the second is shut", async () => {
    await showScene("return-findings");
    expect(await find(testIds.step2Reason)).toHaveTextContent(
      "Du kan sende inn når avvik 1 er rettet. Ingenting er sendt.",
    );
    expect(screen.queryByTestId(testIds.file)).not.toBeInTheDocument();
  });

  it("name company, person and receiver before anything is sent", async () => {
    await showScene("return-ready");
    const step = await find(testIds.step2);
    expect(step).toHaveTextContent("Fjordlys Interiør AS");
    expect(step).toHaveTextContent("Ingrid Solvang");
    expect(step).toHaveTextContent("Øving (ingen myndighet)");
    expect(await find(testIds.file)).toHaveTextContent("Send inn i øving");
  });
});

describe("one mistake", () => {
  it("is one explanation, with what it explains behind it and the mend that Momsbud can make", async () => {
    await showScene("return-cause");
    const cause = await find(testIds.cause);
    expect(cause).toHaveTextContent("Satsen er skrevet 25.0, og listen har 25.");
    expect(cause).toHaveTextContent("Forklarer avvik 1 og 2.");
    expect(within(cause).getByTestId(testIds.causeMend)).toHaveTextContent("uten å endre noe annet: Rett dette");
    expect(screen.getByTestId(testIds.mend)).toHaveTextContent("Rett dette");
    expect(screen.queryByTestId(testIds.finding)).not.toBeInTheDocument();
    await userEvent.click(within(cause).getByTestId(testIds.causeFindings));
    expect(within(cause).getAllByTestId(testIds.finding)).toHaveLength(2);
  });

  it("is where a line leads to while its findings are folded away", async () => {
    await showScene("return-cause");
    await find(testIds.step1);
    await userEvent.click(nth(testIds.lineFinding, 0));
    expect(document.activeElement).toHaveTextContent("Satsen er skrevet 25.0");
  });

  it("leaves the other findings in the list, and is named where the file cannot be read as a return", async () => {
    await showScene("return-cause-open");
    expect(await find(testIds.cause)).toHaveTextContent("Det må rettes i regnskapssystemet.");
    expect(within(await find(testIds.findingList)).getAllByTestId(testIds.finding)).toHaveLength(1);
    await showScene("file-schemaInvalid-cause");
    expect(screen.getAllByTestId(testIds.cause).length).toBeGreaterThan(0);
  });
});

describe("a file beside returns", () => {
  it("shows the verdict in words, with its reasons, and offers nothing to file", async () => {
    await showScene("beside-verdict");
    expect(await find(testIds.neighbour)).toHaveAttribute("data-kind", "validationResult");
    expect(await find(testIds.neighbourFacts)).toHaveTextContent("Ugyldig: ikke godtatt");
    expect(await find(testIds.neighbourFacts)).toHaveAttribute("data-verdict", "invalid");
    expect(screen.getAllByTestId(testIds.finding)).toHaveLength(1);
    expect(screen.queryByTestId(testIds.fileProblem)).not.toBeInTheDocument();
    expect(screen.queryByTestId(testIds.file)).not.toBeInTheDocument();
  });

  it("shows a payment as provisional, and a receipt with the way to the history", async () => {
    await showScene("beside-payment");
    expect(await find(testIds.neighbour)).toHaveTextContent("Foreløpig, vent på svaret");
    await showScene("beside-receipt");
    expect((await screen.findAllByTestId(testIds.neighbourHistory)).length).toBe(1);
    expect(screen.getByText(/Hvis filen skal følge med en mva-melding/)).toBeInTheDocument();
  });
});

describe("a filing", () => {
  it("says before the line that nothing is delivered, and after it that it is", async () => {
    await showScene("running");
    expect(screen.getByText(/Ingenting er levert ennå/)).toBeInTheDocument();
    expect(screen.getByText("Først her er meldingen levert")).toBeInTheDocument();
  });

  it("says after the line that the return is delivered", async () => {
    await showScene("running-delivered");
    expect(screen.queryByText(/Ingenting er levert ennå/)).not.toBeInTheDocument();
    expect(screen.getByText(/Meldingen er levert\. Kvitteringen hentes/)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.cancelFiling)).not.toBeInTheDocument();
  });

  it("promises nothing while nobody knows", async () => {
    await showScene("running-confirm");
    expect(screen.queryByText(/Ingenting er levert ennå/)).not.toBeInTheDocument();
    expect(screen.getByText(/vet ikke ennå om meldingen er levert/)).toBeInTheDocument();
  });

  it("names each step in its own tense, and leaves out what is not needed", async () => {
    await showScene("running");
    const steps = screen.getAllByTestId(testIds.filingStep);
    expect(steps.map((step) => step.dataset.step)).toEqual([
      "instance",
      "envelope",
      "return",
      "fill",
      "confirm",
      "feedback",
      "archive",
    ]);
    expect(steps[0]).toHaveTextContent("Innsending opprettet i Altinn, ferdig18.42.02");
    expect(steps[2]).toHaveTextContent("Laster opp mva-meldingen, pågår");
    expect(steps[4]).toHaveTextContent("Bekrefte og sende, venter");
    expect(screen.getByText("steg 3 av 7")).toBeInTheDocument();
  });

  it("that may not be signed is called filled in, not delivered", async () => {
    await showScene("waiting-signature");
    expect(screen.getByText("Den er ikke levert.")).toBeInTheDocument();
  });

  it("shows the authority's own words when it is refused", async () => {
    await showScene("refused");
    expect(screen.getByText("Organisasjonsnummeret i konvolutten er et annet enn i meldingen.")).toBeInTheDocument();
    expect(screen.getByText("Meldingen er ikke levert.")).toBeInTheDocument();
  });

  it("with money back shows no KID and no account to pay to", async () => {
    await showScene("delivered-refund");
    const payment = await find(testIds.payment);
    expect(within(payment).getByTestId(testIds.payAmount)).toHaveTextContent("12 640 kr");
    expect(within(payment).queryByTestId(testIds.payKid)).not.toBeInTheDocument();
  });
});

describe("what Skatteetaten answered", () => {
  it("rejected: the reasons stand on their lines, the deadline still runs, and the next step is to correct and file again", async () => {
    const { backend, user } = await showScene("rejected-production");
    const step = await find(testIds.step2);
    expect(step).toHaveTextContent("Levert, men avvist");
    expect(step).toHaveTextContent("Den teller ikke som levert. Fristen løper fortsatt.");
    expect(step).toHaveTextContent(/Fristen er .*10\. juni/);
    expect(within(step).getAllByTestId(testIds.finding).length).toBeGreaterThan(1);
    expect(screen.getAllByTestId(testIds.lineFinding).length).toBeGreaterThan(0);
    expect(screen.queryByText(/Mottatt/)).not.toBeInTheDocument();
    expect(screen.queryByTestId(testIds.payment)).not.toBeInTheDocument();
    await user.click(within(step).getByTestId(testIds.openAnswer));
    expect(backend.calls).toContainEqual(["openArchived", "filing-1", "valideringsresultat.xml"]);
    await user.click(within(step).getByRole("button", { name: "Rett og send på nytt" }));
    expect(backend.calls.map(([command]) => command)).toContain("chooseFiles");
  });

  it("rejected, or not understood, where an earlier version may stand: says nothing that is then untrue", async () => {
    await showScene("rejected-correction");
    expect(await find(testIds.answer)).toHaveTextContent(
      "Fristen løper fortsatt, om ikke en tidligere versjon er mottatt.",
    );
    cleanup();
    for (const scene of ["unclear-production", "unclear-missing"]) {
      await showScene(scene);
      expect(await find(testIds.answer)).toHaveTextContent(
        "Terminen står åpen så lenge, om ikke en tidligere versjon er mottatt.",
      );
      cleanup();
    }
  });

  it("rejected in practice: says that no deadline runs", async () => {
    await showScene("rejected");
    expect(await find(testIds.answer)).toHaveTextContent("ingen frist løper");
    expect(await find(testIds.answer)).not.toHaveTextContent("Fristen løper fortsatt");
  });

  it("not understood: delivered, not received, with the file to open", async () => {
    const { backend, user } = await showScene("unclear-production");
    const step = await find(testIds.step2);
    expect(step).toHaveTextContent("Levert, svaret må ses på");
    expect(step).not.toHaveTextContent("Mva-meldingen er levert og mottatt");
    expect(screen.queryByTestId(testIds.received)).not.toBeInTheDocument();
    expect(screen.queryByTestId(testIds.payment)).not.toBeInTheDocument();
    await user.click(within(step).getByTestId(testIds.openAnswer));
    expect(backend.calls).toContainEqual(["openArchived", "filing-1", "valideringsresultat.xml"]);
  });

  it("not there: says so and offers no file that is not there", async () => {
    await showScene("unclear-missing");
    expect(await find(testIds.answer)).toHaveTextContent("mangler hos Altinn");
    expect(screen.queryByTestId(testIds.openAnswer)).not.toBeInTheDocument();
  });

  it("received with deviations: keeps and shows them, with what to pay", async () => {
    await showScene("delivered-deviating");
    expect(await find(testIds.received)).toHaveTextContent("Mottatt med avvik");
    expect(within(await find(testIds.answer)).getAllByTestId(testIds.finding)).not.toHaveLength(0);
    expect(await find(testIds.payment)).toHaveAttribute("data-kind", "bill");
  });
});

describe("filings of before that stand otherwise", () => {
  it("are said with their names and states until it has been seen", async () => {
    const { backend, user } = await showScene("reviewed");
    const said = await find(testIds.review);
    expect(said).toHaveTextContent("2 innsendinger har fått en annen tilstand");
    expect(said).toHaveTextContent(/Nesodden Båtbyggeri AS.*Levert, avvist.*Dalheim Gård.*Levert, svaret må ses på/);
    await user.click(within(said).getByTestId(testIds.reviewSeen));
    expect(backend.calls.map(([command]) => command)).toContain("dismissReview");
    expect(screen.queryByTestId(testIds.review)).not.toBeInTheDocument();
  });
});

describe("a remark in free text", () => {
  it("says what it leads to, and the coded remark that would do where there is one", async () => {
    await showScene("return-free-text");
    const [line, whole] = screen.getAllByTestId(testIds.freeText);
    expect(line).toHaveTextContent("Merknad i fritekst gir manuell behandling hos Skatteetaten.");
    expect(line).toHaveTextContent("Merknaden «Kreditnota» fra listen kan brukes i stedet.");
    expect(whole).toHaveTextContent(/manuell behandling/);
    expect(whole).not.toHaveTextContent("i stedet");
  });

  it("is said of no return without one", async () => {
    await showScene("return-ready");
    expect(screen.queryByTestId(testIds.freeText)).not.toBeInTheDocument();
  });
});

describe("what is to be paid", () => {
  it("before Skatteetaten has decided is provisional, and nothing of it can be copied", async () => {
    const { backend, user } = await showScene("provisional");
    const payment = await find(testIds.payment);
    expect(payment).toHaveTextContent("Foreløpig, vent på svaret");
    expect(payment).toHaveTextContent("77 457 kr");
    for (const id of [testIds.copyAll, testIds.copyKid, testIds.copyAccount, testIds.copyAmount, testIds.copyDue]) {
      expect(screen.queryByTestId(id)).not.toBeInTheDocument();
    }
    expect(payment).not.toHaveTextContent(/3126|1234/);
    await user.keyboard("{Control>}c{/Control}");
    expect(backend.calls.map(([command]) => command)).not.toContain("copyText");
  });

  it("is nothing when money comes back, whatever the authority's 0 says: no bill, no KID, no day", async () => {
    await showScene("delivered-refund");
    const payment = await find(testIds.payment);
    expect(payment).toHaveAttribute("data-kind", "refund");
    expect(payment).toHaveTextContent("Til gode");
    expect(payment).not.toHaveTextContent(/Betalingsfrist|Beløp å betale|10\. juni/);
  });

  it("is nothing when the return comes to nothing", async () => {
    await showScene("delivered-nothing");
    const payment = await find(testIds.payment);
    expect(payment).toHaveTextContent("Ingenting å betale");
    expect(payment).not.toHaveTextContent(/Betalingsfrist|0 kr/);
    expect(await find(testIds.cardSum)).toBeInTheDocument();
  });

  it("in practice shows and copies no KID and no account, and says not to pay", async () => {
    const { backend, user } = await showScene("delivered");
    const payment = await find(testIds.payment);
    expect(within(payment).getByTestId(testIds.payPractice)).toHaveTextContent("ØVING · IKKE BETAL");
    expect(within(payment).getByTestId(testIds.payKid)).toHaveTextContent("ØVING, ingen KID");
    expect(within(payment).getByTestId(testIds.payAccount)).toHaveTextContent("ØVING, ingen konto");
    expect(within(payment).queryByTestId(testIds.copyKid)).not.toBeInTheDocument();
    expect(within(payment).queryByTestId(testIds.copyAccount)).not.toBeInTheDocument();
    await user.click(within(payment).getByTestId(testIds.copyAll));
    const copied = String(backend.calls.find(([command]) => command === "copyText")?.[1]);
    expect(copied).toMatch(/^ØVING · IKKE BETAL\n/);
    expect(copied).not.toMatch(/KID|3126|1234/);
    expect(screen.queryByText(/mottatt av Skatteetaten/)).not.toBeInTheDocument();
  });

  it("in production shows and copies both, and no word of practice", async () => {
    const { backend, user } = await showScene("delivered-production");
    const payment = await find(testIds.payment);
    expect(within(payment).getByTestId(testIds.payKid)).toHaveTextContent("3126 4155 7026 0201");
    expect(payment).not.toHaveTextContent("ØVING");
    await user.click(within(payment).getByTestId(testIds.copyAll));
    expect(String(backend.calls.find(([command]) => command === "copyText")?.[1])).toContain("KID: 3126415570260201");
    expect(screen.getByText("Mva-meldingen er levert og mottatt av Skatteetaten.")).toBeInTheDocument();
  });
});

describe("a file that cannot be read", () => {
  it.each([
    ["file-notXml", "Filen er ikke XML"],
    ["file-fileEmpty", "Filen er tom"],
    ["file-unsafeXml", "Filen er ikke trygg å lese"],
    ["file-notAReturn", "Filen er ikke en mva-melding"],
  ])("%s says what it is, that nothing is lost, and what to do", async (name, title) => {
    await showScene(name);
    const problem = await find(testIds.fileProblem);
    expect(within(problem).getByRole("heading")).toHaveTextContent(title);
    expect(problem).toHaveTextContent("Ingenting er endret eller sendt.");
    expect(within(problem).getByRole("button", { name: "Velg en annen fil" })).toBeInTheDocument();
    expect(within(problem).getByRole("button", { name: "Kopier detaljer" })).toBeInTheDocument();
  });

  it("that has the wrong structure shows the places", async () => {
    await showScene("file-schemaInvalid");
    expect(screen.getAllByTestId(testIds.finding)[0]).toHaveTextContent("XML linje 41, tegn 9");
  });
});
