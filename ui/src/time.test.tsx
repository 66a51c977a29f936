import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTicker, TickerContext, usePassed } from "./time";

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(0);
});
afterEach(() => {
  vi.useRealTimers();
});

function Shows({ at, onRender }: { at: string; onRender: () => void }) {
  onRender();
  return <p>{usePassed(at) ? "passed" : "waits"}</p>;
}

const show = (until: number) => {
  const onRender = vi.fn();
  render(
    <TickerContext value={createTicker()}>
      <Shows at={new Date(until).toISOString()} onRender={onRender} />
    </TickerContext>,
  );
  return onRender;
};

describe("time", () => {
  it("turns at the moment and draws nothing before", () => {
    const onRender = show(60_000);
    const first = onRender.mock.calls.length;
    act(() => {
      vi.advanceTimersByTime(59_999);
    });
    expect(screen.getByText("waits")).toBeInTheDocument();
    expect(onRender).toHaveBeenCalledTimes(first);
    act(() => {
      vi.advanceTimersByTime(1);
    });
    expect(screen.getByText("passed")).toBeInTheDocument();
  });

  it("turns soon after the computer has slept, though its timer did not run", () => {
    show(3_600_000);
    // Asleep: the clock goes on, timers do not.
    vi.setSystemTime(7_200_000);
    act(() => {
      vi.advanceTimersByTime(10_000);
    });
    expect(screen.getByText("passed")).toBeInTheDocument();
  });

  it("turns at once when the window is looked at again", () => {
    show(3_600_000);
    vi.setSystemTime(7_200_000);
    act(() => {
      window.dispatchEvent(new Event("focus"));
    });
    expect(screen.getByText("passed")).toBeInTheDocument();
  });

  it("counts nothing while the window is hidden, and is right when it is shown", () => {
    const visibility = vi.spyOn(document, "visibilityState", "get");
    show(3_600_000);
    visibility.mockReturnValue("hidden");
    act(() => {
      document.dispatchEvent(new Event("visibilitychange"));
    });
    expect(vi.getTimerCount()).toBe(0);
    vi.setSystemTime(7_200_000);
    expect(screen.queryByText("passed")).not.toBeInTheDocument();
    visibility.mockReturnValue("visible");
    act(() => {
      document.dispatchEvent(new Event("visibilitychange"));
    });
    expect(screen.getByText("passed")).toBeInTheDocument();
    expect(vi.getTimerCount()).toBe(1);
  });

  it("leaves no timer behind", () => {
    const ticker = createTicker();
    const stop = ticker.watch(
      () => 1000,
      () => undefined,
    );
    expect(vi.getTimerCount()).toBe(1);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
