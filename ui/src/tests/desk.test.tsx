/** What a desktop has: closing and its way back, tables with the keyboard, the clipboard, a menu of one's own, printing. */
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { lineOf, plain, tsv } from "../parts/copying";
import { testIds, type TestId } from "../testids";
import { must, nth, showScene } from "./render";

const find = (id: TestId) => screen.findByTestId(id);
const calls = (backend: { calls: [string, ...unknown[]][] }, name: string) =>
  backend.calls.filter(([command]) => command === name);

describe("closing", () => {
  it("begins with the newest filings as one stop of the tab key, and arrows go through them", async () => {
    const { user } = await showScene("empty");
    const links = (await screen.findAllByTestId(testIds.recent)).map((row) =>
      must(row.querySelector("a") ?? undefined),
    );
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter(({ tabIndex }) => tabIndex >= 0)).toEqual([links[0]]);
    must(links[0]).focus();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(document.activeElement).toBe(links[2]);
    expect(links.filter(({ tabIndex }) => tabIndex >= 0)).toEqual([links[2]]);
  });

  it("says what was closed and undoes it", async () => {
    const { backend, user } = await showScene("return-ready");
    await user.click(await find(testIds.cardClose));
    expect(await find(testIds.told)).toHaveTextContent("er lukket");
    expect(await find(testIds.dropZone)).toBeInTheDocument();
    await user.click(await find(testIds.toldDeed));
    expect(await find(testIds.card)).toBeInTheDocument();
    expect(calls(backend, "reopenCards")).toHaveLength(1);
  });

  it("asks before attachments go, and leaves them when she thinks better of it", async () => {
    const { backend, user } = await showScene("return-attachments");
    await user.click(await find(testIds.cardClose));
    expect(await find(testIds.closeDialog)).toHaveTextContent(/vedlegg fjernes/);
    await user.click(screen.getByRole("button", { name: "Behold" }));
    expect(calls(backend, "closeCard")).toEqual([]);
  });

  it("closes all after a question that says how many were not sent", async () => {
    const { backend, user } = await showScene("batch-close-all");
    const rows = screen.getAllByTestId(testIds.cardRow).length;
    expect(rows).toBeGreaterThan(2);
    expect(await find(testIds.closeDialog)).toHaveTextContent("41 er ikke sendt.");
    await user.click(await find(testIds.closeConfirm));
    expect(await find(testIds.dropZone)).toBeInTheDocument();
    expect(must(calls(backend, "closeCards")[0])[1]).toHaveLength(42);
    await user.click(await find(testIds.toldDeed));
    expect(await find(testIds.batch)).toBeInTheDocument();
  });
});

describe("a table", () => {
  it("is one stop of the tab key, and arrows go from row to row", async () => {
    const { user } = await showScene("history", { historyLength: 60 });
    const rows = await screen.findAllByTestId(testIds.historyRow);
    expect(rows.flatMap((row) => [...row.querySelectorAll('[tabindex="0"]')])).toHaveLength(1);
    must(rows[0]).querySelector<HTMLElement>("a")?.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(nth(testIds.historyRow, 2)).toContainElement(document.activeElement as HTMLElement);
    await user.keyboard("{Home}");
    expect(nth(testIds.historyRow, 0)).toContainElement(document.activeElement as HTMLElement);
  });

  it("gives a spreadsheet lines of plain digits: one row, picked rows, all rows", async () => {
    const { backend, user } = await showScene("history", { historyLength: 120 });
    const [row] = await screen.findAllByTestId(testIds.historyRow);
    must(row).querySelector<HTMLElement>("a")?.focus();
    await user.keyboard("{Control>}c{/Control}");
    const [, text] = must(calls(backend, "copyText")[0]) as [string, string];
    expect(text.split("\t")).toHaveLength(7);
    expect(text).toMatch(/^[^\t]+\t\d{9}\t[^\t]+\t-?\d+\t/);
    expect(text).not.toMatch(/[\u00a0\u2212\n]/);
    expect(await find(testIds.told)).toHaveTextContent("1 rad er kopiert");
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}{Control>}c{/Control}");
    await waitFor(() => {
      expect(calls(backend, "copyText")).toHaveLength(2);
    });
    expect(String(must(calls(backend, "copyText")[1])[1]).split("\n")).toHaveLength(3);
    await user.keyboard("{Control>}a{/Control}{Control>}c{/Control}");
    await waitFor(() => {
      expect(calls(backend, "copyText")).toHaveLength(3);
    });
    expect(String(must(calls(backend, "copyText")[2])[1]).split("\n")).toHaveLength(120);
  });

  it("is sorted by any column, and says so", async () => {
    const { backend, user } = await showScene("history", { historyLength: 60 });
    const sorts = await screen.findAllByTestId(testIds.historySort);
    const amount = must(sorts.find(({ dataset }) => dataset.value === "amount"));
    await user.click(amount);
    await user.click(amount);
    const asked = calls(backend, "history").map(([, query]) => query);
    expect(asked).toContainEqual(expect.objectContaining({ sort: "amount", ascending: false }));
    expect(asked.at(-1)).toMatchObject({ sort: "amount", ascending: true });
    expect(screen.getByRole("columnheader", { name: "Beløp" })).toHaveAttribute("aria-sort", "ascending");
  });
});

describe("the clipboard", () => {
  it("writes numbers with plain digits and the keyboard's minus", () => {
    expect(plain("\u221218\u00a0250\u00a0kr")).toBe("-18250 kr");
    expect(plain("315\u00a0203\u00a0857")).toBe("315203857");
    expect(plain("mars\u2013april\u00a02026")).toBe("mars\u2013april 2026");
    const row = document.createElement("tr");
    row.innerHTML =
      '<td>Dalheim <span class="sr">virksomhet</span></td><td class="num">\u221218\u00a0250\u00a0kr</td><td><button>x</button></td>';
    expect(lineOf(row)).toBe("Dalheim\t-18250\t");
  });

  it("gives a spreadsheet no formula to compute", () => {
    for (const evil of [
      "=cmd|' /C calc'!A0",
      "@SUM(A1)",
      "+47",
      " =1",
      "\u00a0=1",
      "\u200b=1",
      "＝1",
      "|cmd",
      "-2+3",
      "%0A=1",
    ]) {
      expect(tsv([evil, "-1250", "-1250,50", "-18.5"])).toMatch(/^'.*\t-1250\t-1250,50\t-18\.5$/u);
      const row = document.createElement("tr");
      const cells = ["td", "th", "td"].map((kind) => row.appendChild(document.createElement(kind)));
      cells.forEach((cell, at) => {
        cell.textContent = at < 2 ? evil : "\u22121\u00a0250,50\u00a0kr";
      });
      must(cells[2]).className = "num";
      const [first, second, number] = lineOf(row).split("\t");
      expect([first?.[0], second?.[0], number], evil).toEqual(["'", "'", "-1250,50"]);
      must(cells[0]).dataset.copy = evil;
      expect(lineOf(row)[0], evil).toBe("'");
    }
  });
});

describe("what every desktop has", () => {
  it("asks for everything anew with F5, and says so", async () => {
    const { backend, user } = await showScene("history", { historyLength: 60 });
    await screen.findAllByTestId(testIds.historyRow);
    const before = calls(backend, "history").length;
    await user.keyboard("{F5}");
    expect(await find(testIds.told)).toHaveTextContent("Alt er hentet på nytt");
    expect(calls(backend, "history").length).toBeGreaterThan(before);
  });

  it("opens with a double click as with one, and what was opened stays open", async () => {
    const history = await showScene("history", { historyLength: 60 });
    await history.user.dblClick(must((await screen.findAllByTestId(testIds.historyRow))[0]));
    expect(await find(testIds.historyDetail)).toBeInTheDocument();
    cleanup();
    const batch = await showScene("batch");
    await batch.user.dblClick(must((await screen.findAllByTestId(testIds.cardRow))[9]));
    expect(await find(testIds.card)).toBeInTheDocument();
  });

  it("closes with Escape what was opened, and not while something is looked for", async () => {
    const { user } = await showScene("history-detail");
    await user.click(await find(testIds.historySearch));
    await user.paste("fjordlys");
    await user.keyboard("{Escape}");
    expect(screen.getByTestId(testIds.historyDetail)).toBeInTheDocument();
    screen.getByTestId(testIds.historySearch).blur();
    await user.keyboard("{Escape}");
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.historyDetail)).toBeNull();
    });
  });
});

describe("the menu under the right mouse button", () => {
  it("offers what can be done with a row, and nothing of the browser's", async () => {
    const { backend, user } = await showScene("history", { historyLength: 60 });
    const [row] = await screen.findAllByTestId(testIds.historyRow);
    const event = new MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX: 50, clientY: 60 });
    act(() => {
      must(row).dispatchEvent(event);
    });
    expect(event.defaultPrevented).toBe(true);
    const menu = await find(testIds.contextMenu);
    const items = within(menu).getAllByRole("menuitem");
    expect(items.map(({ textContent }) => textContent)).toEqual([
      "Åpne",
      "Kopier raden",
      "Kopier beløpet",
      "Vis i arkivet",
      "Skriv ut …",
    ]);
    await user.keyboard("{ArrowDown}{Enter}");
    expect(screen.queryByTestId(testIds.contextMenu)).not.toBeInTheDocument();
    await waitFor(() => {
      expect(calls(backend, "copyText")).toHaveLength(1);
    });
  });
});

describe("Ctrl+P", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("prints the whole list, what is out of sight too", async () => {
    let drawn = 0;
    vi.stubGlobal("print", () => {
      drawn = document.querySelectorAll(`[data-testid="${testIds.historyRow}"]`).length;
    });
    await showScene("history", { historyLength: 150 });
    await screen.findAllByTestId(testIds.historyRow);
    fireEvent.keyDown(document.body, { key: "p", ctrlKey: true });
    await waitFor(() => {
      expect(drawn).toBe(150);
    });
  });
});

describe("a wide window", () => {
  it("shows the list and what is chosen in it side by side", async () => {
    const { user } = await showScene("batch-beside");
    expect(await find(testIds.cardList)).toBeInTheDocument();
    expect(await find(testIds.card)).toBeInTheDocument();
    const rows = screen.getAllByTestId(testIds.cardRow);
    await user.click(must(rows[0]));
    await waitFor(() => {
      expect(nth(testIds.cardRow, 0)).toHaveAttribute("aria-current", "true");
    });
  });
});
