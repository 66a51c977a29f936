/** The work account: locked, let in, kept out with a reason, and what it may not do. */
import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import * as work from "../backend/workWorld";
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

  it("waits with a way to give up", async () => {
    const { backend, user } = await showScene("locked-waiting");
    expect(await find(testIds.workWaiting)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.workSignIn)).toBeNull();
    await user.click(await find(testIds.workCancel));
    expect(backend.calls.map(([command]) => command)).toContain("cancelWorkSignIn");
    expect(await find(testIds.workSignIn)).toBeInTheDocument();
  });

  it.each([
    ["locked-blocked", "blocked", "Send siden om Entra ID til it@solvang.example"],
    ["locked-noRuleGroupsCut", "noRuleGroupsCut", "egne grupper for Momsbud"],
  ])("%s says why nobody got in, and what to do", async (name, code, words) => {
    const { backend, user } = await showScene(name);
    const problem = await find(testIds.workProblem);
    expect(problem).toHaveAttribute("data-code", code);
    expect(problem).toHaveTextContent(words);
    await user.click(await find(testIds.workGuide));
    expect(backend.calls.map(([command]) => command)).toContain("showWorkGuide");
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
});

describe("the open window", () => {
  it("says who has opened it, for whom, and what she may do", async () => {
    const { backend, user } = await showScene("work-settings");
    expect(await screen.findByText("Jobbkonto, Solvang Regnskap AS")).toBeInTheDocument();
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
