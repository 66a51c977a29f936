/** What jsdom lacks of a browser. */
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

// A busy machine is not a fault; and the whole document in every message hides what the message says.
configure({
  asyncUtilTimeout: 10_000,
  getElementError: (message) => new Error(message ?? "The element was not found."),
});

beforeEach(() => {
  window.location.hash = "";
});

afterEach(() => {
  cleanup();
});

// The size of the window as it opens; jsdom lays nothing out.
window.innerWidth = 1280;
window.innerHeight = 860;
Object.defineProperties(Element.prototype, {
  clientWidth: { configurable: true, get: () => 800 },
  clientHeight: { configurable: true, get: () => 700 },
});

window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList;

// What lies at a point of the window: nothing, where nothing is laid out.
document.elementFromPoint = () => null;

Element.prototype.scrollIntoView = () => undefined;

HTMLDialogElement.prototype.showModal = function showModal() {
  this.setAttribute("open", "");
};
HTMLDialogElement.prototype.close = function close() {
  this.removeAttribute("open");
};
