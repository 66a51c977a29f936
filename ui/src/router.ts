/** Which place is shown: in the address, so that back and forward work. */
import { useSyncExternalStore } from "react";

export const places = ["filing", "history", "deadlines", "access", "settings"] as const;
export type MenuPlace = (typeof places)[number];
/** The places of the menu, and what belongs to Innsending: SAF-T files, and the draft that is written. */
export type Place = MenuPlace | "books" | "draft";

export interface Route {
  place: Place;
  /** The card of Innsending or the filing of Historikk that is open. */
  id: string | null;
}

function parse(hash: string): Route {
  const [name = "", id] = hash.replace(/^#\/?/, "").split("/");
  const place = name === "books" || name === "draft" ? name : (places.find((known) => known === name) ?? "filing");
  return { place, id: id === undefined || id === "" ? null : decodeURIComponent(id) };
}

export const address = (place: Place, id: string | null = null): string =>
  `#/${place}${id === null ? "" : `/${encodeURIComponent(id)}`}`;

export function go(place: Place, id: string | null = null): void {
  window.location.hash = address(place, id);
}

const subscribe = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
  };
};

let last: { hash: string; route: Route } | undefined;
const read = (): Route => {
  const { hash } = window.location;
  if (last?.hash !== hash) last = { hash, route: parse(hash) };
  return last.route;
};

export const useRoute = (): Route => useSyncExternalStore(subscribe, read);
