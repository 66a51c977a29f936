/** What Innstillinger shows beside the preferences: asked for when the place is opened, kept current by its commands. */
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import type { SettingsView } from "../../bindings";
import { useBackend } from "../../office";

const settingsKey = ["settings"] as const;

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
