/**
 * What a clock shows of the time that is left, and when it shows something else.
 *
 * Days above 48 hours, then hours and minutes, and seconds only for the last two minutes. Amber and red begin at
 * 15 and 2 minutes for a token, at 30 and 7 days for the authorization.
 */
export type Urgency = "calm" | "soon" | "bad" | "expired";

export interface Limits {
  /** Amber from here, in milliseconds left. */
  soon: number;
  /** Red from here. */
  bad: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const tokenLimits: Limits = { soon: 15 * MINUTE, bad: 2 * MINUTE };
export const authorizationLimits: Limits = { soon: 30 * DAY, bad: 7 * DAY };

export type Left =
  | { unit: "days"; days: number }
  | { unit: "hours"; hours: number; minutes: number }
  | { unit: "minutes"; minutes: number }
  | { unit: "seconds"; seconds: number }
  | { unit: "none" };

export function left(milliseconds: number): Left {
  if (milliseconds <= 0) return { unit: "none" };
  if (milliseconds > 48 * HOUR) return { unit: "days", days: Math.floor(milliseconds / DAY) };
  if (milliseconds >= 2 * MINUTE) {
    const minutes = Math.floor(milliseconds / MINUTE);
    return minutes >= 60
      ? { unit: "hours", hours: Math.floor(minutes / 60), minutes: minutes % 60 }
      : { unit: "minutes", minutes };
  }
  return { unit: "seconds", seconds: Math.ceil(milliseconds / SECOND) };
}

export function urgency(milliseconds: number, limits: Limits): Urgency {
  if (milliseconds <= 0) return "expired";
  if (milliseconds <= limits.bad) return "bad";
  return milliseconds <= limits.soon ? "soon" : "calm";
}

/** Milliseconds until `left` or `urgency` gives something else. */
export function untilChange(milliseconds: number, limits: Limits): number {
  if (milliseconds <= 0) return Number.POSITIVE_INFINITY;
  const past = (step: number) => (milliseconds % step) + 1;
  const text =
    milliseconds > 48 * HOUR
      ? Math.min(past(DAY), milliseconds - 48 * HOUR)
      : milliseconds >= 2 * MINUTE
        ? past(MINUTE)
        : milliseconds % SECOND || SECOND;
  const turns = [limits.soon, limits.bad, 0].map((limit) => milliseconds - limit).filter((wait) => wait > 0);
  return Math.min(text, ...turns);
}

/** The part that is left of the whole, from 0 to 1, as far as the text tells it. */
export function shareOf(time: Left, whole: number): number {
  if (time.unit === "none" || whole <= 0) return 0;
  const shown =
    time.unit === "days"
      ? time.days * DAY
      : time.unit === "hours"
        ? time.hours * HOUR + time.minutes * MINUTE
        : time.unit === "minutes"
          ? time.minutes * MINUTE
          : time.seconds * SECOND;
  return Math.min(1, shown / whole);
}
