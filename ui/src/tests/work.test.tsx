/** The work account: locked, let in, kept out with a reason, and what it may not do. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { FakeOptions } from "../fake/options";
import * as work from "../fake/workWorld";
import * as world from "../fake/world";
import { testIds } from "../testids";
import { showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);

describe("the locked window", () => {
  it("shows nothing but the way in", async () => {
    await showScene("locked");
    expect(await find(testIds.lock)).toHaveTextContent(
      "Solvang Regnskap AS krever at du logger inn med jobbkontoen din",
    );
    expect(screen.getByText("Låst etter 15 minutter uten bruk, kl. 18.20")).toBeInTheDocument();
    expect(screen.queryByRole("navigation")).toBeNull();
    expect(screen.queryByTestId(testIds.main)).toBeNull();
  });

  it("opens when a work account has signed in, and asks for everything anew", async () => {
    const { backend, user } = await showScene("locked");
    const asked = () => backend.calls.filter(([command]) => command === "startView").length;
    const before = asked();
    await user.click(await find(testIds.workSignIn));
    expect(await find(testIds.main)).toBeInTheDocument();
    await waitFor(() => {
      expect(asked()).toBeGreaterThan(before);
    });
    expect(await find(testIds.lockNow)).toHaveAccessibleName("Lås nå: Nora Lund, Solvang Regnskap AS");
  });

  it("waits as every sign-in does: with the time that is left, the browser again, the link, and a way to give up", async () => {
    const { backend, user } = await showScene("locked-waiting");
    const waiting = within(await find(testIds.workWaiting));
    expect(screen.queryByTestId(testIds.workSignIn)).toBeNull();
    expect(waiting.getByRole("timer")).toHaveAccessibleName(/igjen$/);
    expect(waiting.getByText(/Ansattporten er åpnet i nettleseren din/)).toBeInTheDocument();
    await user.click(waiting.getByTestId(testIds.signInReopen));
    await user.click(waiting.getByTestId(testIds.signInCopyLink));
    expect(await waiting.findByText("Lenken er kopiert")).toBeInTheDocument();
    const copied = backend.calls.filter(([command]) => command === "copyText");
    expect(copied).toEqual([["copyText", await backend.workSignInLink()]]);
    await user.click(waiting.getByTestId(testIds.workCancel));
    expect(backend.calls.map(([command]) => command)).toEqual(
      expect.arrayContaining(["reopenWorkBrowser", "workSignInLink", "cancelWorkSignIn"]),
    );
    expect(await find(testIds.workSignIn)).toBeInTheDocument();
  });

  it("says so where no browser opens", async () => {
    await showScene("locked-no-browser");
    expect(await find(testIds.workWaiting)).toHaveTextContent("Momsbud fikk ikke åpnet nettleseren");
  });

  describe.each(work.failureKinds)("%s", (kind) => {
    it.each(["nb", "nn", "en"] as const)("has its own words and a next step in %s", async (language) => {
      await showScene(`locked-${kind}`, { language });
      const shown = await find(testIds.workProblem);
      const { title, text, todo } = work.problem(kind, language);
      expect(shown).toHaveAttribute("data-code", kind);
      for (const words of [title, text, todo]) expect(shown).toHaveTextContent(words);
      const others = work.failureKinds.filter((other) => other !== kind);
      expect(
        others.map((other) => work.problem(other, language).todo + work.problem(other, language).text),
      ).not.toContain(todo + text);
    });
  });

  it("leads whoever is kept out to the page for her administrator", async () => {
    const { backend, user } = await showScene("locked-blocked");
    await user.click(await find(testIds.workGuide));
    expect(backend.calls.map(([command]) => command)).toContain("showWorkGuide");
  });

  it("takes a secret that is missing, and keeps nothing of it", async () => {
    const { backend, user } = await showScene("locked-secretMissing");
    const field = await find(testIds.workSecret);
    await user.click(await find(testIds.workSecretSave));
    expect(backend.calls.map(([command]) => command)).not.toContain("setWorkSecret");
    await user.type(field, "hemmelig");
    await user.click(await find(testIds.workSecretSave));
    expect(backend.calls).toContainEqual(["setWorkSecret", "hemmelig"]);
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.workClient)).toBeNull();
    });
    expect(document.body.innerHTML).not.toContain('hemmelig"');
  });

  it("makes a key that is missing, and shows its public half to be registered", async () => {
    const { backend } = await showScene("locked-key");
    expect(await find(testIds.publicKey)).toHaveTextContent('"kid":"new"');
    expect(backend.calls.map(([command]) => command)).toContain("makeWorkKey");
    expect(await find(testIds.workSignIn)).toBeInTheDocument();
  });

  it("offers an administrator new rules, unless they are the machine's", async () => {
    const { backend, user } = await showScene("locked");
    await user.click(await find(testIds.workImport));
    expect(backend.calls.map(([command]) => command)).toContain("importWorkPolicy");
  });

  it("offers no sign-in where the rules cannot be read", async () => {
    await showScene("locked-unusable");
    expect(await find(testIds.lock)).toHaveTextContent("policy.json");
    expect(screen.queryByTestId(testIds.workSignIn)).toBeNull();
    expect(screen.queryByTestId(testIds.workImport)).toBeNull();
  });

  it("comes at once when the office locks, and forgets what was shown", async () => {
    const { backend } = await showScene("work-settings");
    expect(await find(testIds.main)).toBeInTheDocument();
    act(() => {
      backend.emit({ kind: "work", work: work.locked("nb") });
    });
    expect(await find(testIds.lock)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.main)).toBeNull();
  });

  it("comes also when what told of it was lost: the window asks anew", async () => {
    const { backend } = await showScene("work-settings");
    expect(await find(testIds.main)).toBeInTheDocument();
    act(() => {
      backend.happens({ kind: "work", work: work.locked("nb") });
      backend.emit({ kind: "missed" });
    });
    expect(await find(testIds.lock)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.main)).toBeNull();
  });
});

describe("the open window", () => {
  it("says who has opened it, for whom, and what she may do", async () => {
    const { backend, user } = await showScene("work-settings");
    expect(await screen.findByRole("heading", { name: "Jobbkonto, Solvang Regnskap AS" })).toBeInTheDocument();
    expect(screen.getAllByText("311 797 816, 315 203 856")).toHaveLength(2);
    expect(screen.getByText(/bare de 20 første gruppene/)).toBeInTheDocument();
    await user.keyboard("x");
    expect(backend.calls.map(([command]) => command)).toContain("workActive");
    const [inBar] = screen.getAllByTestId(testIds.lockNow);
    await user.click(inBar ?? document.body);
    expect(await find(testIds.lock)).toBeInTheDocument();
  });

  it("refuses with words what the rules do not permit", async () => {
    await showScene("work-forbidden");
    expect(await screen.findByText("Jobbkontoen din har ikke lov til dette")).toBeInTheDocument();
    expect(
      screen.getByText("Firmaets regler lar ikke jobbkontoen din sende inn for Fjordlys Interiør AS."),
    ).toBeInTheDocument();
  });
});

describe("one permission", () => {
  const all = ["see", "check", "prepare", "file", "administer"] as const;
  /** What is shut for want of a permission, of what is shown. */
  const shut = () =>
    [...document.querySelectorAll<HTMLElement>("[data-needs]")].map(({ dataset: { testid, needs } }) => [
      testid,
      needs,
    ]);
  const offered = (id: string) =>
    screen.queryAllByTestId(id).some((button) => button.getAttribute("aria-disabled") !== "true");
  const with_ = (permission: (typeof all)[number]): Partial<FakeOptions> => ({
    start: world.start("nb", { work: work.open("nb", { permissions: work.permitted(permission) }) }),
  });

  it.each(all)("%s: a return that is ready offers what is permitted, and says why not the rest", async (permission) => {
    await showScene(`may-${permission}`);
    const step2 = await find(testIds.step2);
    const mayFile = permission === "file";
    expect(step2).toHaveAttribute("data-state", mayFile ? "open" : "shut");
    expect(offered(testIds.file)).toBe(mayFile);
    if (!mayFile) expect(await find(testIds.step2Reason)).toHaveTextContent("lar ikke jobbkontoen din sende inn");
    expect(offered(testIds.checkAgain)).toBe(permission === "check");
    expect(offered(testIds.attach)).toBe(permission === "prepare");
  });

  it.each(all)("%s: a return that is not checked yet", async (permission) => {
    await showScene(`may-${permission}`, {
      start: world.start("nb", {
        cards: [world.card("nb")],
        work: work.open("nb", { permissions: work.permitted(permission) }),
      }),
    });
    await find(testIds.step1);
    expect(offered(testIds.check)).toBe(permission === "check");
    if (permission !== "check") {
      expect(await find(testIds.mayNot)).toHaveTextContent("lar ikke jobbkontoen din kontrollere hos Skatteetaten");
    }
  });

  it.each(all)("%s: history", async (permission) => {
    await showScene("may-see-history", with_(permission));
    await find(testIds.unfinished);
    expect(offered(testIds.unfinished)).toBe(permission === "prepare");
    expect(offered(testIds.historyExport)).toBe(permission !== "administer");
  });

  it.each(all)("%s: integrations", async (permission) => {
    await showScene("may-see-access", with_(permission));
    await find(testIds.newIntegration);
    for (const id of [testIds.newIntegration, testIds.importIntegration]) {
      expect(offered(id)).toBe(permission === "administer");
    }
  });

  it.each(all)("%s: settings", async (permission) => {
    await showScene("may-see-settings", with_(permission));
    await find(testIds.verifyArchive);
    for (const id of [testIds.verifyArchive, testIds.restoreHistory, testIds.exportData]) {
      expect(offered(id)).toBe(permission === "administer");
    }
  });

  it("is for its companies: another company's return is as if there were none", async () => {
    const permissions = work.permitted("file").map((it) => ({ ...it, companies: ["310890898"] }));
    await showScene("may-file", {
      start: world.start("nb", {
        cards: [world.card("nb", { check: world.checkedOk })],
        work: work.open("nb", { permissions }),
      }),
    });
    expect(await find(testIds.step2)).toHaveAttribute("data-state", "shut");
  });

  it("tells who cannot see the window why a button is shut, and shuts nothing where there are no rules", async () => {
    await showScene("may-see");
    expect(shut()).toEqual(
      expect.arrayContaining([
        [testIds.checkAgain, "check"],
        [testIds.attach, "prepare"],
      ]),
    );
    expect(screen.getByTestId(testIds.attach)).toHaveAccessibleDescription(
      "Firmaets regler lar ikke jobbkontoen din forberede innsendinger.",
    );
  });

  it("does not matter where the firm has no rules", async () => {
    await showScene("return-ready");
    await find(testIds.file);
    expect(shut()).toEqual([]);
  });
});
