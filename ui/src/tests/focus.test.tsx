/** Where the reader goes on: focus never falls to the page's body. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import * as batchWorld from "../fake/batchWorld";
import * as world from "../fake/world";
import { testIds } from "../testids";
import { findNth, nth, sendIn, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const heading = () => screen.getByRole("heading", { level: 1 });
const focused = async (element: () => HTMLElement) => {
  await waitFor(() => {
    expect(element()).toHaveFocus();
  });
};

describe("the reader goes on", () => {
  it("at the place's heading when the welcome is skipped", async () => {
    const { user } = await showScene("welcome");
    await user.click(await find(testIds.welcomeSkip));
    await focused(heading);
    expect(heading()).toHaveTextContent("Slipp filer her");
  });

  it("at the step's next button when the check that a sign-in began is done", async () => {
    const { backend, user } = await showScene("return-signed-out");
    await user.click(await find(testIds.stepSignIn));
    await focused(() => screen.getByTestId(testIds.file));
    expect(backend.calls.map(([command]) => command)).toEqual(expect.arrayContaining(["signIn", "check"]));
  });

  it("at the step's next button when the sign-in's dialog goes with the button that begins the check", async () => {
    const waits = { givesUpAt: "2026-06-09T16:47:00Z", browserOpened: true, another: null };
    const signedOut = world.start("nb", { session: null, cards: [world.card("nb")] });
    const { backend } = await showScene("return-ready", { start: signedOut });
    const button = await find(testIds.stepSignIn);
    act(() => {
      button.focus();
      backend.emit({ kind: "signIn", signIn: waits });
    });
    await find(testIds.signInDialog);
    // All of it is drawn at once, as on a machine that is busy.
    act(() => {
      backend.emit({ kind: "signIn", signIn: null });
      backend.emit({ kind: "session", session: world.ingrid });
      backend.emit({ kind: "cards", cards: [world.card("nb", { check: { ...world.unchecked, running: true } })] });
    });
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.signInDialog)).not.toBeInTheDocument();
    });
    act(() => {
      backend.emit({ kind: "cards", cards: [world.card("nb", { check: world.checkedOk })] });
    });
    await focused(() => screen.getByTestId(testIds.file));
  });

  it("at the step's next button when the check is done before it is seen to run", async () => {
    const { backend } = await showScene("return-ready", {
      start: world.start("nb", { cards: [world.card("nb")] }),
    });
    const check = await find(testIds.check);
    act(() => {
      check.focus();
    });
    act(() => {
      backend.emit({ kind: "cards", cards: [world.card("nb", { check: world.checkedOk })] });
    });
    await focused(() => screen.getByTestId(testIds.file));
  });

  it("at what was received when the filing that a button began is done", async () => {
    const { user } = await showScene("return-ready", { pace: 30 });
    await sendIn(user);
    await focused(() => screen.getByTestId(testIds.received));
  });

  it("at the step's next button after a sign-in from the bar above", async () => {
    const { user } = await showScene("return-signed-out");
    await user.click(await find(testIds.signIn));
    await focused(() => screen.getByTestId(testIds.check));
  });

  it("at the place's heading after signing in with nothing open", async () => {
    const { user } = await showScene("empty-first");
    await user.click(await find(testIds.signIn));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.signIn)).not.toBeInTheDocument();
    });
    await focused(heading);
  });

  it("in the place after signing out", async () => {
    const { user } = await showScene("access");
    await user.click(await findNth(testIds.signOut, 0));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.who)).not.toBeInTheDocument();
    });
    await waitFor(() => {
      expect(screen.getByRole("main")).toContainElement(document.activeElement as HTMLElement);
    });
  });

  it("at the heading of what is left when a card is closed", async () => {
    const { user } = await showScene("return-ready");
    await user.click(await find(testIds.cardClose));
    await find(testIds.dropZone);
    await focused(heading);
  });

  it("at the list's heading when one of many cards is closed", async () => {
    const { user } = await showScene("batch-not-listed");
    await user.click(await find(testIds.cardClose));
    await find(testIds.cardList);
    await focused(heading);
    expect(heading()).toHaveTextContent("41 filer");
  });

  it("at the list's heading when many returns are dropped", async () => {
    const { backend } = await showScene("empty");
    act(() => {
      backend.emit({ kind: "cards", cards: batchWorld.batch("nb") });
    });
    await find(testIds.cardList);
    await focused(heading);
    expect(heading()).toHaveTextContent("40 mva-meldinger");
  });

  it("at the heading of what is wrong with a file that cannot be read", async () => {
    const { user } = await showScene("several");
    const row = screen.getAllByTestId(testIds.cardRow).find(({ dataset }) => dataset.id === "c3");
    await user.click(within(row ?? document.body).getByTestId(testIds.cardOpen));
    await find(testIds.fileProblem);
    await focused(heading);
    expect(heading()).toHaveTextContent("Filen er ikke en mva-melding");
  });

  it("at the row that was left, far down in a list of many", async () => {
    const { user } = await showScene("batch-many");
    const scroll = screen.getByRole("region", { name: "Meldinger" });
    const last = nth(testIds.cardOpen, screen.getAllByTestId(testIds.cardOpen).length - 1);
    const { id } = last.dataset;
    expect(scroll).toContainElement(last);
    await user.click(last);
    await find(testIds.cardCompany);
    await user.click(await find(testIds.backToList));
    await focused(
      () => screen.getAllByTestId(testIds.cardOpen).find(({ dataset }) => dataset.id === id) ?? document.body,
    );
    expect(document.body).not.toHaveFocus();
  });

  it("at a row beside the one that is closed in the list", async () => {
    const { user } = await showScene("several");
    const before = screen.getAllByTestId(testIds.cardOpen).map(({ dataset }) => dataset.id);
    await user.click(screen.getAllByRole("button", { name: /^Lukk (?!alle)/ })[0] ?? document.body);
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.cardRow)).toHaveLength(before.length - 1);
    });
    expect(document.activeElement).toHaveAttribute("data-testid", testIds.cardOpen);
    expect(document.activeElement).toHaveAttribute("data-id", before[1]);
  });

  it("at the heading when what is received has been cleared away", async () => {
    const { user } = await showScene("batch-done");
    await user.click(await find(testIds.batchTidy));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.batchTidy)).not.toBeInTheDocument();
    });
    await focused(heading);
  });
});
