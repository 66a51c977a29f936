// What every window with this UI library pays for: React, the design system, the typeface, one button.

import "@digdir/designsystemet-css/base.css";
import "@digdir/designsystemet-css/button.css";
import "@digdir/designsystemet-css/theme";
import "@fontsource-variable/inter";
import "./page.css";
import { invoke } from "@tauri-apps/api/core";
import { createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";

function Page() {
  // Ready as Momsbud counts it: the second frame begins when the first has been painted.
  useEffect(() => {
    requestAnimationFrame(() => requestAnimationFrame(() => void invoke("ui_ready")));
  }, []);
  return createElement("button", { className: "ds-button", "data-variant": "primary" }, "Ingenting");
}

createRoot(document.getElementById("root")).render(createElement(Page));
