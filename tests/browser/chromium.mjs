// Chromium as the system has it, driven by playwright-core, which brings no browser of its own.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome"];

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of names) {
    for (const folder of process.env.PATH.split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // The next folder may have it.
      }
    }
  }
  throw new Error("no Chromium; run tests/setup.sh test, or name one in CHROMIUM");
}

export function launch() {
  const args = ["--disable-dev-shm-usage", "--font-render-hinting=none"];
  // Root has no use for Chromium's own sandbox and cannot start it.
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  return chromium.launch({ executablePath: executable(), args });
}
