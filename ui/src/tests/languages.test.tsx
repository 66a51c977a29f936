/** That the window speaks every language there is. No list here names one: a file in `translations` brings its own. */
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { languages, messages } from "../i18n";
import { testIds } from "../testids";
import { must, showScene } from "./render";

/** From one language to the next in the list, and from the last to the first. */
const pairs = languages.map((language, at) => [must(languages.at(at - 1)), language] as const);

describe("the language of the window", () => {
  it.each(pairs)("is changed from %s to %s", async (from, to) => {
    const { user } = await showScene("settings", { language: from });
    expect(await screen.findByRole("heading", { name: messages[from]["place.settings"] })).toBeInTheDocument();
    const offered = await screen.findAllByTestId(testIds.language);
    const button = must(offered.find(({ dataset }) => dataset.value === to));
    expect(button).toHaveTextContent(messages[to]["language.name"]);
    await user.click(button);
    expect(await screen.findByRole("heading", { name: messages[to]["place.settings"] })).toBeInTheDocument();
    expect(screen.getByRole("navigation", { name: messages[to]["nav.label"] })).toBeInTheDocument();
    await waitFor(() => {
      expect(document.documentElement).toHaveAttribute("lang", to);
    });
  });
});
