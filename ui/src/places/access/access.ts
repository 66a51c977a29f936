/** What the place Tilganger knows beside the session, and where its screens are. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { AccessView, EnvironmentName, GuideVariant, IntegrationRow } from "../../bindings";
import { accessKey, useBackend } from "../../office";
import { go } from "../../router";

export type Screen =
  | { kind: "overview" }
  | { kind: "guide" }
  | { kind: "new"; guide: GuideVariant | null }
  | { kind: "edit"; environment: EnvironmentName; id: string };

const environments: readonly string[] = ["practice", "test", "production"];

/** The screen that a route's id names. */
export function screenOf(id: string | null): Screen {
  if (id === "guide") return { kind: "guide" };
  if (id === "new") return { kind: "new", guide: null };
  if (id === "new:yearly" || id === "new:simple") {
    return { kind: "new", guide: id === "new:yearly" ? "yearly" : "simple" };
  }
  const [environment = "", key = ""] = (id ?? "").split("/");
  return environments.includes(environment) && key !== ""
    ? { kind: "edit", environment: environment as EnvironmentName, id: key }
    : { kind: "overview" };
}

export const goToAccess = (): void => {
  go("access");
};
export const goToGuide = (): void => {
  go("access", "guide");
};
export const goToNew = (guide: GuideVariant | null = null): void => {
  go("access", guide === null ? "new" : `new:${guide}`);
};
export const goToIntegration = (environment: EnvironmentName, id: string): void => {
  go("access", `${environment}/${id}`);
};

export function useAccess() {
  const backend = useBackend();
  const client = useQueryClient();
  const query = useQuery({ queryKey: accessKey, queryFn: () => backend.access() });
  return {
    access: query.data,
    error: query.error,
    /** Asks again: something has been changed. */
    again: () => client.invalidateQueries({ queryKey: accessKey }),
  };
}

export const rowOf = (
  access: AccessView | undefined,
  environment: EnvironmentName,
  id: string,
): IntegrationRow | undefined => access?.integrations.find((row) => row.environment === environment && row.id === id);

/** `"8d2f…41c7"`: enough to know it by. */
export const shortId = (id: string): string => (id.length > 14 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id);
