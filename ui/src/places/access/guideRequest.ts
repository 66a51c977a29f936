/** What has been filled in in the guide, for as long as the window is open: it goes on into the integration's form. */
import type { GuideRequest } from "../../bindings";

let kept: GuideRequest = { variant: "yearly", firm: "", orgNumber: "", page: "" };

export const keptRequest = (): GuideRequest => kept;

export function keepRequest(request: GuideRequest): void {
  kept = request;
}
