/** Signing in, and how it can end. */
import type { ErrorCode } from "../../bindings";
import { testIds } from "../../testids";
import * as world from "../world";
import { plain, withCard, type Scene } from "./make";

const signInErrors: readonly ErrorCode[] = [
  "signInDenied",
  "signInUntrusted",
  "signInTooLate",
  "integrationRefused",
  "noBrowser",
  "signInTooWeak",
];

export const signIn: readonly Scene[] = [
  {
    name: "signin-waiting",
    act: [testIds.stepSignIn],
    options: withCard(() => ({}), { session: null }, { signIn: "wait" }),
  },
  {
    name: "signin-no-browser",
    act: [testIds.signIn],
    options: plain(() => ({ session: null }), { signIn: "wait", browserOpened: false }),
  },
  {
    name: "signin-timed-out",
    act: [testIds.stepSignIn],
    options: withCard(() => ({}), { session: null }, { signIn: { kind: "timedOut" } }),
  },
  {
    name: "signin-cancelled",
    act: [testIds.signIn],
    options: plain(() => ({ session: null }), { signIn: { kind: "cancelled" } }),
  },
  ...signInErrors.map((code): Scene => ({
    name: `signin-${code}`,
    act: [testIds.stepSignIn],
    options: withCard(() => ({}), { session: null }, { signIn: { kind: "refused", error: world.error(code) } }),
  })),
];
