// The watch on pages with planted faults, so that its silence means something.

import assert from "node:assert/strict";
import { listen, nameless, overflow } from "./watch.mjs";

const faulty = `<!doctype html><title>x</title><button></button><input>
  <div style="width: 900px; height: 1px"></div><script>console.error("planted"); missing();</script>`;
const sound = `<!doctype html><title>x</title><label>Name <input></label><button>Go</button>
  <div style="overflow-x: auto"><div style="width: 900px; height: 1px"></div></div>`;

export async function watchFindsPlantedFaults(browser) {
  const page = await browser.newPage({ viewport: { width: 400, height: 800 } });
  const heard = listen(page);
  await page.setContent(faulty);
  assert.deepEqual(heard.map((text) => text.split(":")[0]).sort(), ["console", "script"]);
  assert.match((await overflow(page))[0], /px too wide/);
  assert.equal((await nameless(page)).length, 2);
  heard.length = 0;
  await page.setContent(sound);
  assert.deepEqual([heard, await overflow(page), await nameless(page)], [[], [], []]);
  await page.close();
}
