// The program as a Wayland client, which it is on most Linux desktops: drawn, and good for a filing.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";

const SOCKET = "momsbud-wayland";

test("on Wayland the window is drawn, and a return is filed", async () => {
  const desktop = await Desktop.open();
  let program;
  try {
    const compositor = desktop.start("weston", [
      "--backend=x11-backend.so", "--use-pixman", "--width=1400", "--height=860", "--idle-time=0", `--socket=${SOCKET}`,
    ]);
    const socket = join(desktop.env.XDG_RUNTIME_DIR ?? "", SOCKET);
    await until("the compositor", async () => {
      if (compositor.ended) throw new Error(compositor.output);
      return stat(socket).then(() => true);
    });
    program = await Program.start(desktop, { env: { WAYLAND_DISPLAY: SOCKET, GDK_BACKEND: "wayland" } });
    await program.signIn("Ingrid Solvang");
    await program.sendSample();
    await program.see(ids.openReceipt);
    // Waits for two pictures to be drawn: a window that is never drawn never is.
    await program.picture("wayland");
  } finally {
    await program?.quit();
    await desktop.close();
  }
});
