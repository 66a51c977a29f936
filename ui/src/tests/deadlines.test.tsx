/** Frister, the bell and the settings of reminders, against the fake office. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { DeadlineCell, DeadlineRow } from "../bindings";
import { reminders } from "../fake/year";
import { passes } from "../places/deadlines/periodTexts";
import { testIds } from "../testids";
import { must, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const cellsOf = (row: HTMLElement) => within(row).getAllByTestId(testIds.deadlineCell);
const one = (id: string, value: string) =>
  must(screen.getAllByTestId(id).find(({ dataset }) => dataset.value === value));
const rowOf = async (name: string) => must((await screen.findByText(name)).closest("tr") ?? undefined);

describe("the year", () => {
  it("shows each company's periods as long as they are, with what is known of them", async () => {
    await showScene("deadlines");
    expect(await screen.findByRole("heading", { name: "Frister 2026" })).toBeInTheDocument();
    const aasen = await rowOf("Aasen Rørservice AS");
    expect(cellsOf(aasen).map((cell) => cell.dataset.state)).toEqual([
      "filed",
      "near",
      "later",
      "later",
      "later",
      "later",
    ]);
    expect(cellsOf(aasen)[0]).toHaveTextContent("Levert 8. april");
    expect(cellsOf(aasen)[1]).toHaveTextContent("I morgen");
    expect(cellsOf(aasen)[1]).toHaveAttribute("title", "Mars–april 2026: Frist 10. juni 2026, i morgen, ikke levert");
    expect(cellsOf(aasen)[2]).toHaveTextContent("31. aug.");
    expect([...aasen.querySelectorAll("td")].map(({ colSpan }) => colSpan)).toEqual([2, 2, 2, 2, 2, 2]);
    const late = await rowOf("Bryggen Fisk og Vilt AS");
    expect(cellsOf(late)[0]).toHaveTextContent("Forfalt 60 dager");
    const yearly = await rowOf("Anne Lie Keramikk");
    expect(cellsOf(yearly)[0]).toHaveTextContent("Frist 10. mars 2027");
    const unfollowed = await rowOf("Granås Regnskog Design");
    expect(cellsOf(unfollowed)[0]).toHaveTextContent("Før Momsbud");
    const waits = await rowOf("Hardanger Siderhus AS");
    expect(cellsOf(waits)[1]).toHaveTextContent("Venter på svar");
    expect(cellsOf(await rowOf("Ukebladet Vev AS"))).toHaveLength(53);
    expect(screen.getByRole("columnheader", { name: /Jun/ })).toHaveAttribute("aria-current", "date");
    expect(await find(testIds.deadlineSummary)).toHaveTextContent(
      /Neste frist er onsdag 10\. juni, i morgen: \d+ .* 1 termin er forfalt\./,
    );
  });

  it("says what was rejected, what must be looked at, what is put aside and what was filed too late", async () => {
    await showScene("deadlines-left");
    const rejected = await rowOf("Bergvik Maskin AS 2");
    expect(cellsOf(rejected)[0]).toHaveTextContent("Levert, avvist");
    expect(cellsOf(rejected)[0]).toHaveAttribute("data-state", "late");
    expect(cellsOf(rejected)[0]?.title).toMatch(/Levert, avvist, .*Forfalt 60 dager/);
    expect(cellsOf(await rowOf("Bryggen Fisk og Vilt AS 2"))[1]).toHaveTextContent("Se på svaret");
    const aside = cellsOf(await rowOf("Blåfjell Turutstyr AS"))[0];
    expect(aside).toHaveTextContent("Lagt til side");
    expect(aside?.title).toContain("levert i et annet program");
    expect(cellsOf(await rowOf("Aasen Rørservice AS 2"))[0]).toHaveTextContent(
      /For sent.*Levert 14\. april 2026, for sent/,
    );
  });

  it("puts a late period aside with a reason and not without one, and takes it back", async () => {
    const { backend, user } = await showScene("deadlines-late-asked");
    const dialog = await find(testIds.periodDialog);
    await user.click(within(dialog).getByTestId(testIds.asidePut));
    expect(backend.calls.map(([command]) => command)).not.toContain("putAside");
    await user.type(within(dialog).getByTestId(testIds.asideReason), "slettet i mva-registeret");
    await user.click(within(dialog).getByTestId(testIds.asidePut));
    await waitFor(() => {
      expect(backend.calls.find(([command]) => command === "putAside")?.[2]).toBe("slettet i mva-registeret");
    });
    expect(screen.queryByTestId(testIds.periodDialog)).not.toBeInTheDocument();
  });

  it("takes a period back that was put aside", async () => {
    const { backend, user } = await showScene("deadlines-aside-asked");
    const dialog = await find(testIds.periodDialog);
    expect(within(dialog).getByTestId(testIds.asideReason)).toHaveValue("levert i et annet program");
    await user.click(within(dialog).getByTestId(testIds.asideTake));
    await waitFor(() => {
      expect(backend.calls.find(([command]) => command === "putAside")?.[2]).toBeNull();
    });
  });

  it("counts the same in the sentence and on the chips", async () => {
    const { user } = await showScene("deadlines");
    const said = (await find(testIds.deadlineSummary)).textContent;
    const remaining = Number(/(\d+) virksomheter gjenstår/.exec(said)?.[1]);
    expect(remaining).toBeGreaterThan(0);
    await user.click(one(testIds.deadlineFilter, "remaining"));
    expect(screen.getByText(/^Gjenstår/)).toHaveTextContent(`Gjenstår ${String(remaining)}`);
    expect(screen.getAllByTestId(testIds.deadlineRow)).toHaveLength(remaining);
    expect(screen.getByText(/^Forfalt/, { selector: "label" })).toHaveTextContent("Forfalt 1");
  });

  it("counts what is due on the next day as remaining, however far away that is", () => {
    const cell = { period: "", month: 9, months: 2, filing: null, filedOn: null } as const;
    const row = (...cells: Partial<DeadlineCell>[]) =>
      ({ cells: cells.map((more) => ({ ...cell, state: "later", deadline: "2026-12-10", ...more })) }) as DeadlineRow;
    expect(passes(row({}), "remaining", "2026-12-10")).toBe(true);
    expect(passes(row({ deadline: "2027-02-10" }), "remaining", "2026-12-10")).toBe(false);
    expect(passes(row({ state: "filed" }), "remaining", "2026-12-10")).toBe(false);
    expect(passes(row({ state: "waiting", filedOn: "2026-11-20" }), "remaining", "2026-12-10")).toBe(false);
    expect(passes(row({ state: "late" }), "remaining", "2026-12-10")).toBe(false);
    expect(passes(row({ state: "near" }), "remaining", null)).toBe(true);
  });

  it("is one stop of the tab key, and arrows go through it", async () => {
    const { user } = await showScene("deadlines");
    const grid = await find(testIds.deadlineTable);
    const at = () => document.activeElement?.getAttribute("data-at");
    await screen.findByText("Aasen Rørservice AS");
    expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
    act(() => {
      must(grid.querySelector<HTMLElement>('[tabindex="0"]') ?? undefined).focus();
    });
    expect(at()).toBe("0.-1");
    await user.keyboard("{ArrowRight}{ArrowRight}");
    expect(at()).toBe("0.1");
    // The yearly company has one period for all of the year.
    await user.keyboard("{ArrowDown}");
    expect(at()).toBe("1.0");
    await user.keyboard("{End}{ArrowDown}");
    expect(at()).toBe("2.0");
    await user.keyboard("{End}");
    expect(at()).toBe("2.5");
    await user.keyboard("{Control>}{Home}{/Control}");
    expect(at()).toBe("0.-1");
    expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
    await user.keyboard("{Enter}");
    expect(await find(testIds.dutyDialog)).toBeInTheDocument();
  });

  it("is searched with Ctrl+F, of few companies too, and the box goes when nothing was looked for", async () => {
    const { user } = await showScene("deadlines");
    await find(testIds.deadlineTable);
    expect(screen.queryByTestId(testIds.deadlineSearch)).toBeNull();
    await user.keyboard("{Control>}f{/Control}");
    const box = await find(testIds.deadlineSearch);
    expect(box).toHaveFocus();
    await user.keyboard("aasen");
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.deadlineRow)).toHaveLength(1);
    });
    // What is looked for stays in sight.
    await user.tab();
    expect(screen.getByTestId(testIds.deadlineSearch)).toHaveValue("aasen");
    await user.keyboard("{Control>}f{/Control}");
    expect(box).toHaveFocus();
    await user.clear(box);
    await user.tab();
    expect(screen.queryByTestId(testIds.deadlineSearch)).toBeNull();
    expect(screen.getByRole("heading", { name: "Frister 2026" })).toBeInTheDocument();
  });

  it("has no search box where there is no company, and goes to the history with Ctrl+F", async () => {
    const { user } = await showScene("deadlines-empty");
    await find(testIds.deadlinesEmpty);
    expect(screen.queryByTestId(testIds.deadlineSearch)).toBeNull();
    await user.keyboard("{Control>}f{/Control}");
    expect(await screen.findByRole("heading", { name: "Historikk" })).toBeInTheDocument();
  });

  it("draws two hundred companies in part, and finds any of them", async () => {
    const { user } = await showScene("deadlines-many");
    const grid = await find(testIds.deadlineTable);
    expect(grid).toHaveAttribute("aria-rowcount", "201");
    expect(screen.getAllByTestId(testIds.deadlineRow).length).toBeLessThan(60);
    await user.click(await find(testIds.deadlineSearch));
    await user.paste("Heggedal Elektro AS 12");
    await waitFor(() => {
      expect(screen.getAllByTestId(testIds.deadlineRow)).toHaveLength(1);
    });
    await user.clear(await find(testIds.deadlineSearch));
    await user.paste("finnes ikke");
    expect(await screen.findByText("Ingen virksomheter passer med søket.")).toBeInTheDocument();
  });

  it("filters by what is asked of the user", async () => {
    const { user } = await showScene("deadlines");
    await screen.findByText("Aasen Rørservice AS");
    const late = must(screen.getAllByTestId(testIds.deadlineFilter).find(({ dataset }) => dataset.value === "late"));
    await user.click(late);
    expect(screen.getAllByTestId(testIds.deadlineRow)).toHaveLength(1);
    expect(screen.getByText("Bryggen Fisk og Vilt AS")).toBeInTheDocument();
  });

  it("leads from a period to its filing, and from an open one to Innsending", async () => {
    const { user } = await showScene("deadlines");
    const cells = cellsOf(await rowOf("Aasen Rørservice AS"));
    expect(cells[0]).toHaveAttribute("href", "#/history/h0");
    expect(cells[1]).toHaveAttribute("href", "#/filing");
    await user.click(must(cells[0]));
    await waitFor(() => {
      expect(screen.getByRole("main")).toHaveAttribute("data-place", "history");
    });
  });

  it("goes to other years and saves the calendar", async () => {
    const { backend, user } = await showScene("deadlines");
    await user.click(await find(testIds.yearAfter));
    expect(await screen.findByRole("heading", { name: "Frister 2027" })).toBeInTheDocument();
    await user.click(await find(testIds.saveCalendar));
    expect(await find(testIds.told)).toHaveTextContent("Kalenderfilen er lagret");
    expect(backend.calls.map(([name]) => name)).toContain("saveCalendar");
  });
});

describe("what a company files", () => {
  it("can be said, with no reminders for it", async () => {
    const { backend, user } = await showScene("deadlines-duty");
    await user.selectOptions(await find(testIds.dutyKind), "month");
    await user.selectOptions(await find(testIds.dutyFrom), "2026-03-01");
    await user.click(await find(testIds.dutyMuted));
    await user.click(await find(testIds.dutySave));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.dutyDialog)).not.toBeInTheDocument();
    });
    const calls = backend.calls.filter(([name]) => name === "chooseDuty" || name === "muteCompany");
    expect(calls).toEqual([
      ["chooseDuty", { orgNumber: "900000000", category: "ordinary", kind: "month", from: "2026-03-01" }],
      ["muteCompany", "900000000", true],
    ]);
  });

  it("is not asked of the office when nothing was changed", async () => {
    const { backend, user } = await showScene("deadlines-duty");
    await user.click(await find(testIds.dutySave));
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.dutyDialog)).not.toBeInTheDocument();
    });
    expect(backend.calls.map(([name]) => name)).not.toContain("chooseDuty");
  });

  it("of a new company wants a whole number first", async () => {
    const { backend, user } = await showScene("deadlines-add");
    await user.type(await find(testIds.dutyCompany), "315 203");
    expect(await find(testIds.dutySave)).toHaveAttribute("aria-disabled", "true");
    await user.type(await find(testIds.dutyCompany), " 857");
    await user.click(await find(testIds.dutySave));
    await waitFor(() => {
      expect(backend.calls).toContainEqual([
        "chooseDuty",
        { orgNumber: "315203857", category: "ordinary", kind: "twoMonths", from: "2026-03-01" },
      ]);
    });
    // The year behind it shows what was said at once.
    expect(backend.calls.filter(([command]) => command === "deadlines").length).toBeGreaterThan(1);
  });

  it("is found by its name, and begins with nothing that is late", async () => {
    const { backend, user } = await showScene("deadlines-add");
    await user.type(await find(testIds.dutyCompany), "dal");
    const choices = await screen.findAllByTestId(testIds.dutyChoice);
    expect(choices.map((choice) => choice.textContent)).toEqual(["Dalheim Maskin AS313\u00a0468\u00a0727"]);
    await user.keyboard("{ArrowDown}{Enter}");
    expect(await find(testIds.dutyCompany)).toHaveValue("Dalheim Maskin AS");
    expect(await find(testIds.dutyFrom)).toHaveValue("2026-03-01");
    await user.selectOptions(await find(testIds.dutyKind), "year");
    expect(await find(testIds.dutyFrom)).toHaveValue("2026-01-01");
    await user.click(await find(testIds.dutySave));
    await waitFor(() => {
      expect(backend.calls).toContainEqual([
        "chooseDuty",
        { orgNumber: "313468727", category: "ordinary", kind: "year", from: "2026-01-01" },
      ]);
    });
  });

  it("can be followed no longer", async () => {
    const { backend, user } = await showScene("deadlines-duty");
    await user.click(await find(testIds.dutyUnfollow));
    await waitFor(() => {
      expect(backend.calls).toContainEqual(["unfollowDuty", "900000000", "ordinary"]);
    });
  });
});

describe("the bell", () => {
  it("lists what is told, and each can be put off, left out or taken away", async () => {
    const { backend, user } = await showScene("deadlines-notices");
    // What the window itself has noticed stands below them, and has no key of the office's.
    const notices = () => screen.getAllByTestId(testIds.notice).filter(({ dataset }) => dataset.id?.includes(":"));
    expect(notices()).toHaveLength(3);
    expect(notices()[0]).toHaveTextContent("10 virksomheter har frist i morgen");
    // Many companies: none of them is "this one".
    expect(within(must(notices()[0])).queryByTestId(testIds.noticeMute)).not.toBeInTheDocument();
    await user.click(must(within(must(notices()[1])).getByTestId(testIds.noticeMute)));
    await waitFor(() => {
      expect(backend.calls).toContainEqual(["muteCompany", "900000008", true]);
    });
    await user.click(within(must(notices()[0])).getByRole("button", { name: "Utsett til i morgen" }));
    await waitFor(() => {
      expect(notices()).toHaveLength(2);
    });
    expect(backend.calls).toContainEqual(["snoozeNotice", "deadline:2026-06-10", "tomorrow"]);
    await user.click(within(must(notices()[1])).getByTestId(testIds.noticeDismiss));
    await waitFor(() => {
      expect(notices()).toHaveLength(1);
    });
  });

  it("says the same as the menu, and a notification leads to its place", async () => {
    const { backend, user } = await showScene("deadlines");
    expect(await find(testIds.nextDeadline)).toHaveTextContent("onsdag 10. junii morgen · 10 gjenstår");
    expect(screen.getByTestId(testIds.placeDeadlines)).toHaveTextContent("1 termin er forfalt, 10 frister nærmer seg");
    await user.click(screen.getByTestId(testIds.notices));
    expect(screen.getByTestId(testIds.noticeOverdue)).toHaveTextContent("1 termin er forfalt.");
    act(() => {
      backend.emit({ kind: "go", target: { place: "access", id: null } });
    });
    await waitFor(() => {
      expect(screen.getByRole("main")).toHaveAttribute("data-place", "access");
    });
    act(() => {
      backend.emit({ kind: "reminders", reminders: { ...reminders("nb"), notices: [], next: null } });
    });
    await waitFor(() => {
      expect(screen.getByTestId(testIds.placeDeadlines)).not.toHaveTextContent("nær");
    });
    expect(screen.queryByTestId(testIds.noticeOverdue)).not.toBeInTheDocument();
  });

  it("never says that nothing is urgent while something is overdue", async () => {
    const { backend, user } = await showScene("deadlines");
    await find(testIds.nextDeadline);
    const { next } = reminders("nb");
    act(() => {
      backend.emit({
        kind: "reminders",
        reminders: { ...reminders("nb"), notices: [], next: next && { ...next, near: 0, late: 2 } },
      });
    });
    await waitFor(() => {
      expect(screen.getByTestId(testIds.placeDeadlines)).toHaveTextContent("2 terminer er forfalt");
    });
    await user.click(screen.getByTestId(testIds.notices));
    expect(screen.getByTestId(testIds.noticeList)).toHaveTextContent("2 terminer er forfalt.");
    expect(screen.getByTestId(testIds.noticeList)).not.toHaveTextContent("Ingenting haster");
  });
});

describe("the settings of reminders", () => {
  it("are switched one by one, and the days are written", async () => {
    const { backend, user } = await showScene("settings");
    await screen.findAllByTestId(testIds.reminder);
    const kept = () => backend.calls.filter(([name]) => name === "setReminderSettings").map(([, settings]) => settings);
    await user.click(one(testIds.reminder, "payment"));
    await waitFor(() => {
      expect(kept().at(-1)).toMatchObject({ payment: false, deadline: true });
    });
    expect(one(testIds.reminder, "payment")).not.toBeChecked();
    const days = one(testIds.reminderDays, "deadline");
    await user.clear(days);
    await user.type(days, "5, 20, 5{Enter}");
    await waitFor(() => {
      expect(kept().at(-1)).toMatchObject({ payment: false, deadlineDays: [20, 5] });
    });
    expect(await screen.findByText("20 og 5 dager før")).toBeInTheDocument();
    await user.click(one(testIds.startup, "autostart"));
    await waitFor(() => {
      expect(backend.calls).toContainEqual(["startWithSystem", true]);
    });
    await waitFor(() => {
      expect(one(testIds.startup, "autostart")).toBeChecked();
    });
    await user.click(one(testIds.startup, "keep"));
    await waitFor(() => {
      expect(kept().at(-1)).toMatchObject({ keepRunning: true });
    });
  });
});
