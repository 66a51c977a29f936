/** What Innstillinger shows beside the preferences: asked for when the place is opened, kept current by its commands. */
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { BooksMemory, PracticeSwitch, ReminderSettings, SettingsView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { autostartKey, reminderSettingsKey, settingsKey, useBackend, useStart } from "../../office";

export function useSettings(): UseQueryResult<SettingsView> {
  const backend = useBackend();
  // What lies on the disk and what the system says of the network may have changed since last time.
  return useQuery({ queryKey: settingsKey, queryFn: () => backend.settingsView(), staleTime: 0 });
}

/** Takes the answer of a command for what is shown. */
export function useNewSettings(): (view: SettingsView) => void {
  const client = useQueryClient();
  return (view) => {
    client.setQueryData(settingsKey, view);
  };
}

export function useReminderAnswer(): UseQueryResult<ReminderSettings> {
  const backend = useBackend();
  return useQuery({ queryKey: reminderSettingsKey, queryFn: () => backend.reminderSettings() });
}

export function useAutostart(): UseQueryResult<boolean> {
  const backend = useBackend();
  return useQuery({ queryKey: autostartKey, queryFn: () => backend.startsWithSystem() });
}

/** The answers that are remembered for SAF-T files. */
export function useMemory(): UseQueryResult<BooksMemory[]> {
  const backend = useBackend();
  return useQuery({ queryKey: useMemoryKey(), queryFn: () => backend.booksMemory(), staleTime: 0 });
}
export function useMemoryKey(): readonly string[] {
  const { language } = useTexts();
  return ["booksMemory", language];
}

export const situationsKey = ["practiceSituations"] as const;

export function useSituations(): UseQueryResult<PracticeSwitch[]> {
  const backend = useBackend();
  const enabled = useStart().environment === "practice";
  return useQuery({ queryKey: situationsKey, queryFn: () => backend.practiceSituations(), enabled });
}

/** Milliseconds after which what has not answered is not waited for: an archive on a share may be long in being counted. */
const NO_LONGER = 1_500;

/**
 * Whether everything that is shown has been answered. What comes later would push down what a hand is on its way to.
 */
export function useAnswered(): boolean {
  const practice = useStart().environment === "practice";
  // What has been shown stays: in another language the words are asked for again.
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setShown(true);
    }, NO_LONGER);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  const asked = [useSettings(), useReminderAnswer(), useAutostart(), useMemory()];
  const situations = useSituations();
  if (practice) asked.push(situations as (typeof asked)[number]);
  const answered = asked.every(({ isPending }) => !isPending);
  if (answered && !shown) setShown(true);
  return shown || answered;
}
