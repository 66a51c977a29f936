// The practice authorities' side of the story: what reached them, and what they shall do wrong.

async function ask(program, path, options) {
  const { control } = await program.practice();
  const answer = await fetch(`${control}${path}`, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json().catch(() => undefined);
}

/** Every request so far and every return delivered, see crates/practice/src/log.rs. */
export function log(program) {
  return ask(program, "/log");
}

/**
 * Every code and token that the authorities have given out in this run.
 *
 * @returns {Promise<string[]>}
 */
export function issued(program) {
  return ask(program, "/issued");
}

/** The returns that the authorities have, oldest first. */
export async function deliveries(program) {
  return (await log(program)).deliveries;
}

/** Plans faults, see crates/practice/src/faults.rs. */
export function faults(program, rules) {
  return ask(program, "/faults", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(rules),
  });
}

/** Changes how the authorities behave, see crates/practice/src/settings.rs; what is not named stays. */
export function settings(program, change) {
  return ask(program, "/settings", {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(change),
  });
}

/** Sets the authorities' clock forward. */
export function advance(program, seconds) {
  return ask(program, "/clock", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ advanceSeconds: seconds }),
  });
}

/** Sets the authorities' clock right again. */
export function resetClock(program) {
  return ask(program, "/clock", { method: "DELETE" });
}

/** Forgets all planned faults: the authorities answer again. */
export function clearFaults(program) {
  return ask(program, "/faults", { method: "DELETE" });
}

/** The situations of the practice menu, and which are on, see crates/practice/src/situations.rs. */
export function situations(program) {
  return ask(program, "/situations");
}
