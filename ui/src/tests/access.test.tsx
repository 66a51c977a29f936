/** Tilganger: integrations, the guide, the self-check, other persons. */
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import * as accessWorld from "../fake/accessWorld";
import { testIds } from "../testids";
import { must, nth, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const called = (backend: { calls: readonly (readonly unknown[])[] }, command: string) =>
  backend.calls.filter(([name]) => name === command);

describe("the overview", () => {
  it("lists the integrations as one stop of the tab key; arrows go from one to the next and to what it offers", async () => {
    const { user } = await showScene("access");
    const table = await screen.findByTestId(testIds.integrationTable);
    const stops = () => [...table.querySelectorAll<HTMLElement>("a, button")].filter(({ tabIndex }) => tabIndex >= 0);
    const names = within(table).getAllByTestId(testIds.integrationOpen);
    expect(names.length).toBeGreaterThan(1);
    expect(stops()).toEqual([names[0]]);
    must(names[0]).focus();
    await user.keyboard("{ArrowRight}");
    expect(document.activeElement).toHaveTextContent("Logg inn");
    await user.keyboard("{ArrowDown}");
    expect(names[1]?.closest("tr")).toContainElement(document.activeElement as HTMLElement);
    expect(stops()).toEqual([names[1]]);
  });

  it("lists the integrations of every environment and says how each stands", async () => {
    await showScene("access");
    const rows = await screen.findAllByTestId(testIds.integrationRow);
    expect(rows.map((row) => row.dataset.id)).toEqual(["standard", "a1b2c3d4e5f60718", "00ff00ff00ff00ff"]);
    expect(rows[0]).toHaveTextContent("Momsbud øving");
    expect(rows[0]).toHaveTextContent("innebygd");
    expect(rows[1]).toHaveTextContent("8d2f…41c7");
    expect(rows[1]).toHaveTextContent("Ingrid Solvang, Jonas Berg");
    expect(rows[1]).toHaveTextContent("I orden 2. juni");
    expect(rows[2]).toHaveTextContent("1 felt å rette");
    expect(rows[2]).toHaveTextContent("én arbeidsdag");
  });

  it("shows the others with their clocks, and never lets one file as another without a sign-in", async () => {
    const { backend, user } = await showScene("access-persons");
    const others = await screen.findAllByTestId(testIds.authorizationRow);
    expect(others.map((row) => row.dataset.id)).toEqual(["a2", "a3", "a4"]);
    expect(others[0]).toHaveTextContent("10 dager");
    expect(others[1]).toHaveTextContent("utløpt");
    expect(others[1]).toHaveTextContent("Ikke gitt: altinn:instances.write.");
    // Her tokens are gone: days that are left would promise what nobody can do.
    expect(others[2]).toHaveTextContent("logget ut");
    expect(others[2]).not.toHaveTextContent("dager");
    await user.click(nth(testIds.signInAsOther, 0));
    expect(called(backend, "signInThrough")).toEqual([["signInThrough", "a1b2c3d4e5f60718", true]]);
  });

  it("unlocks the keyring on the spot, and then no longer speaks of it", async () => {
    const { backend, user } = await showScene("access-keyring-locked");
    await user.click(await find(testIds.unlockKeyring));
    expect(called(backend, "unlockKeyring")).toHaveLength(1);
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.unlockKeyring)).toBeNull();
    });
    expect(screen.queryByText(/Nøkkelringen er låst/)).toBeNull();
  });

  it("says nothing of a return, and counts nothing, where Altinn does not know the person", async () => {
    await showScene("access-no-altinn");
    expect(await find(testIds.problem)).toHaveTextContent("Ingenting er sendt.");
    expect(screen.getByTestId(testIds.problem)).not.toHaveTextContent("Meldingen er ikke levert");
    expect(screen.getByRole("heading", { name: "Virksomheter du kan handle for" })).toBeInTheDocument();
    expect(screen.queryByText(/0 virksomheter/)).not.toBeInTheDocument();
  });

  it("says which scope is missing and what to do", async () => {
    await showScene("access-scope-missing");
    expect(await find(testIds.scopesMissing)).toHaveTextContent("Ikke gitt: altinn:instances.write.");
  });

  it("leads a new user to the guide", async () => {
    const { user } = await showScene("access-none");
    await user.click(await find(testIds.openGuide));
    expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent("Registrer integrasjonen");
  });

  it("forgets only after it has asked", async () => {
    const { backend, user } = await showScene("access-persons");
    await screen.findAllByTestId(testIds.authorizationRow);
    await user.click(nth(testIds.forget, 1));
    const dialog = await find(testIds.forgetDialog);
    expect(dialog).toHaveTextContent("Trekke tilbake autorisasjonen til Jonas Berg?");
    await user.click(within(dialog).getByTestId(testIds.forgetNot));
    expect(called(backend, "forgetAuthorization")).toEqual([]);
    await user.click(nth(testIds.forget, 1));
    await user.click(await find(testIds.forgetConfirm));
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.authorizationRow)).toHaveLength(2);
    });
    expect(called(backend, "forgetAuthorization")).toEqual([["forgetAuthorization", "a2"]]);
  });
});

describe("the guide", () => {
  afterEach(() => {
    localStorage.clear();
  });

  it("has every field of the form with a value to copy, in Norwegian and English", async () => {
    const { backend, user } = await showScene("guide");
    const rows = await screen.findAllByTestId(testIds.guideField);
    expect(rows).toHaveLength(16);
    const redirects = rows.find((row) => row.dataset.key === "redirect");
    expect(redirects).toHaveTextContent("Gyldige redirect-URI-er");
    expect(redirects).toHaveTextContent("Valid redirect URIs");
    await user.type(screen.getByTestId(testIds.guideOrgNumber), "310856312");
    const number = screen.getAllByTestId(testIds.guideField).find((row) => row.dataset.key === "orgNumber");
    if (!number) throw new Error("There is no such field.");
    await waitFor(() => {
      expect(within(number).queryByTestId(testIds.guideCopy)).toBeInTheDocument();
    });
    await user.click(within(number).getByTestId(testIds.guideCopy));
    expect(called(backend, "copyText")).toEqual([["copyText", "310856312"]]);
    await user.click(screen.getByTestId(testIds.guideJson));
    expect(called(backend, "copyText")).toHaveLength(2);
  });

  it("leads through its steps: what is ticked stays ticked, and each mail is ready to be sent", async () => {
    const { backend, user } = await showScene("guide");
    const step = async (name: string) => {
      const found = (await screen.findAllByTestId(testIds.guideStep)).find(({ dataset }) => dataset.step === name);
      if (!found) throw new Error(`There is no step "${name}".`);
      return found;
    };
    const order = await step("order");
    // What takes weeks is said first.
    expect(screen.getAllByTestId(testIds.guideStep)[0]).toBe(order);
    expect(order).toHaveTextContent("Dette tar uker");
    expect(order).toHaveAttribute("data-state", "now");
    await user.type(screen.getByTestId(testIds.guideOrgNumber), "310856312");
    for (const mail of within(order).getAllByTestId(testIds.guideMail)) await user.click(mail);
    const [tax, altinn] = called(backend, "copyText").map(([, text]) => String(text));
    expect(tax).toMatch(/org\.nr\. 310 ?856 ?312.*skatteetaten:mvameldingvalidering/);
    expect(altinn).toMatch(/org\.nr\. 310 ?856 ?312.*altinn:instances\.read og altinn:instances\.write/);
    await user.click(within(await step("page")).getByTestId(testIds.guideCallback));
    expect(String(called(backend, "copyText").at(-1)?.[1])).toMatch(/^<!doctype html>/i);
    await user.click(within(order).getByRole("checkbox"));
    expect(await step("order")).toHaveAttribute("data-state", "done");
    expect(await step("portal")).toHaveAttribute("data-state", "now");
    cleanup();
    await showScene("guide");
    expect(within(await step("order")).getByRole("checkbox")).toBeChecked();
    expect(await step("portal")).toHaveAttribute("data-state", "now");
  });

  it("shows what each variant costs, and takes what was filled in along to the form", async () => {
    const { backend, user } = await showScene("guide");
    expect(await find(testIds.guideSecurity)).toHaveTextContent(/autorisasjonen/);
    await user.click(nth(testIds.guideVariant, 1));
    await user.click(await find(testIds.guideEnter));
    await find(testIds.formSave);
    const [, environment, id, guide] = called(backend, "integrationForm")[0] ?? [];
    expect([environment, id]).toEqual(["test", null]);
    expect(guide).toMatchObject({ variant: "simple" });
  });
});

describe("an integration", () => {
  it("sends its secret once and keeps nothing of it", async () => {
    const { backend, user } = await showScene("integration-web");
    const secret = await find(testIds.formSecret);
    expect(secret).toHaveAttribute("type", "password");
    await user.type(secret, "hemmelig");
    await user.click(screen.getByTestId(testIds.formSave));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.formState)).toHaveTextContent("Lagret");
    });
    expect(called(backend, "setClientSecret")).toEqual([
      ["setClientSecret", "production", "a1b2c3d4e5f60718", "hemmelig"],
    ]);
    expect(screen.getByTestId(testIds.formSecret)).toHaveValue("");
  });

  it("that cannot be is not kept, and says which fields, the hidden ones too", async () => {
    const { user, backend } = await showScene("integration-faults");
    const faults = await screen.findAllByTestId(testIds.fieldFault);
    expect(faults.map((fault) => fault.textContent)).toEqual([
      "Fyll ut dette.",
      "Fyll ut dette.",
      "Skriv en adresse som begynner med https://.",
    ]);
    expect(screen.getByTestId(testIds.formName)).toHaveFocus();
    expect(screen.getByTestId(testIds.formState)).toHaveTextContent("3 felter må rettes");
    await user.click(screen.getByTestId(testIds.formCancel));
    expect(called(backend, "setClientSecret")).toEqual([]);
  });

  it("new, is saved and then opened", async () => {
    const { backend, user } = await showScene("integration-new");
    await user.type(await find(testIds.formClientId), "23cc");
    await user.click(screen.getByTestId(testIds.formSave));
    expect(await find(testIds.selfCheck)).toBeInTheDocument();
    const [, environment, id, form] = called(backend, "saveIntegration")[0] ?? [];
    expect([environment, id]).toEqual(["test", null]);
    expect(form).toMatchObject({ clientId: "23cc", redirect: { kind: "hosted_page" } });
  });

  it("shows the public key, makes a new one, and takes one from a file", async () => {
    const { backend, user } = await showScene("integration-key");
    expect(await find(testIds.publicKey)).toHaveTextContent('"kty":"RSA"');
    await user.click(screen.getByTestId(testIds.makeKey));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.publicKey)).toHaveTextContent('"kid":"new"');
    });
    await user.click(screen.getByTestId(testIds.importKey));
    await waitFor(() => {
      expect(screen.getByTestId(testIds.publicKey)).toHaveTextContent('"kid":"from-file"');
    });
    expect(called(backend, "makeClientKey")).toHaveLength(1);
  });

  it("of practice cannot be changed", async () => {
    await showScene("integration-built-in");
    expect(await find(testIds.formName)).toBeDisabled();
    expect(screen.queryByTestId(testIds.formSave)).not.toBeInTheDocument();
  });

  it("is removed only after it has been asked", async () => {
    const { backend, user } = await showScene("integration-remove");
    expect(await find(testIds.removeDialog)).toHaveTextContent("2 personer");
    await user.click(screen.getByTestId(testIds.removeConfirm));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.formSave)).not.toBeInTheDocument();
    });
    expect(called(backend, "removeIntegration")).toHaveLength(1);
  });
});

describe("the self-check", () => {
  it("names the field to mend", async () => {
    await showScene("integration-checked");
    expect(await find(testIds.selfCheckResult)).toHaveTextContent("1 felt må rettes");
    expect(screen.getByTestId(testIds.selfCheckField)).toHaveTextContent("Felt å rette: Tillatte grant types");
    const bad = screen.getAllByTestId(testIds.selfCheckStep).filter(({ dataset }) => dataset.state === "bad");
    expect(bad.map(({ dataset }) => dataset.step)).toEqual(["refresh"]);
  });

  it("tries what needs a person when she wants it", async () => {
    const { backend, user } = await showScene("integration-halfway");
    await user.click(await find(testIds.selfCheckSignIn));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.selfCheckSignIn)).not.toBeInTheDocument();
    });
    expect(called(backend, "checkIntegration").map(([, , , signIn]) => signIn)).toEqual([false, true]);
  });
});

describe("a sign-in that came home by a link", () => {
  it("and was refused is shown with the way to a new one", async () => {
    const { backend } = await showScene("access-nobody");
    backend.emit({
      kind: "signInEnded",
      outcome: {
        kind: "refused",
        error: { code: "signInTooLate", message: "", details: [], values: {}, delivered: "no" },
      },
    });
    expect(await find(testIds.signInOutcome)).toHaveTextContent(/for sent/);
    expect(screen.getByTestId(testIds.signInRetry)).toBeInTheDocument();
  });
});

it("the invented integrations are whole", () => {
  expect(accessWorld.access.integrations.every(({ settings }) => settings.scopes.length > 0)).toBe(true);
});
