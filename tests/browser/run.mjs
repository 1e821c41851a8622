// The browser test: starts the built binary on a fresh data folder, takes one exception through with the
// keyboard, looks at every page wide and narrow, light and dark, stops the server and starts it again on the
// same folder. Screenshots go to a temporary folder, which is named in the output; BATON_SHOTS names another.

import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import * as journey from "./journey.mjs";
import * as live from "./live.mjs";
import * as server from "./server.mjs";
import { listen, nameless, overflow } from "./watch.mjs";
import { watchFindsPlantedFaults } from "./watch.test.mjs";

const shots = process.env.BATON_SHOTS ?? mkdtempSync(join(tmpdir(), "baton-shots-"));
const wide = { width: 1440, height: 900 };
const narrow = { width: 400, height: 860 };
const exception = /Resolve exception/;

mkdirSync(shots, { recursive: true });
const data = mkdtempSync(join(tmpdir(), "baton-browser-"));
const browser = await launch();
const checks = [];

function check(name, body) {
  checks.push([name, body]);
}

const at = {};

check("the watch finds planted faults", () => watchFindsPlantedFaults(browser));

check("the demo prints its address and a one-time link for each worker", async () => {
  at.port = await server.freePort();
  // Nobody else works here: what the checks look at stays where it is.
  at.server = await server.start("demo", data, at.port, "--pace", "0");
  const links = await server.printed(at.server, server.links);
  at.link = links.find((link) => /\bKS\b|Kestrel/.test(link.name)) ?? links[0];
  assert.ok(links.length > 3, `links: ${links.map((link) => link.name)}`);
});

check("a link signs in once, and only once", async () => {
  at.context = await browser.newContext({ viewport: wide, baseURL: at.server.url });
  at.page = await at.context.newPage();
  at.heard = listen(at.page);
  await at.page.goto("/work");
  assert.match(at.page.url(), /\/sign-in/, "nobody sees the work list without a link");
  at.heard.length = 0;
  await journey.signIn(at.page, at.link.url);
  const again = await browser.newContext({ baseURL: at.server.url });
  const page = await again.newPage();
  await page.goto(at.link.url);
  await page.waitForFunction(() => document.activeElement?.matches("form button"));
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  await page.goto("/work");
  assert.match(page.url(), /\/sign-in/, "a used link opens nothing");
  await again.close();
});

check("an exception is completed by keyboard and the case moves on", async () => {
  await at.page.goto("/work");
  await at.page.screenshot({ path: join(shots, "work.png") });
  const row = await journey.moveTo(at.page, exception);
  await journey.open(at.page, row);
  const code = (await at.page.locator(".desk-head .tag.line").innerText()).trim();
  const before = await journey.hops(at.page, code);
  await at.page.goto(row.href);
  await journey.claim(at.page);
  assert.ok((await at.page.locator(".pane-step tbody tr").count()) > 1, "the rules that fired are shown");
  assert.doesNotMatch(await at.page.locator(".pane-step").innerText(), /No rule has fired/);
  await journey.answer(at.page, "1");
  await at.page.screenshot({ path: join(shots, "exception.png") });
  await journey.complete(at.page);
  await at.page.screenshot({ path: join(shots, "completed.png") });
  const after = await journey.hops(at.page, code);
  assert.ok(after.length > before.length, `the case moved on: ${before.length} hops, then ${after.length}`);
  await at.page.goto("/work");
  assert.equal(await at.page.locator(`tr[data-row][data-href="${row.href}"]`).count(), 0, "the item left the list");
});

check("every page says what it holds without scripts", async () => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    baseURL: at.server.url,
    storageState: await at.context.storageState(),
  });
  const page = await context.newPage();
  await page.goto("/work");
  const href = await page.locator("tr[data-row] a").first().getAttribute("href");
  await page.goto(href);
  assert.equal(await page.locator("form#work, form[action$='/claim']").count() > 0, true, "an item has its form");
  await context.close();
});

const seen = ["/work", "/cases", "/documents", "/documents/refused", "/documents/upload", "/journal"];
for (const [look, viewport] of Object.entries({ wide, narrow })) {
  for (const colorScheme of ["light", "dark"]) {
    check(`every page holds, ${look} and ${colorScheme}`, () => lookAt(look, viewport, colorScheme));
  }
}

async function lookAt(look, viewport, colorScheme) {
  await at.page.setViewportSize(viewport);
  await at.page.emulateMedia({ colorScheme });
  const row = await first(at.page, "/work", "tr[data-row]", "data-href");
  const found = await first(at.page, "/cases", "main a[href^='/cases/']", "href");
  const entry = await first(at.page, "/journal", "main a[href^='/journal/']", "href");
  for (const path of [...seen, row, found, entry].filter(Boolean)) {
    await at.page.goto(path);
    assert.equal(new URL(at.page.url()).pathname, path.split("?")[0], "the page that was asked for");
    const name = path.split("/").slice(1, 2)[0] + (path.split("/").length > 2 ? "-one" : "");
    await at.page.screenshot({ path: join(shots, `${name}-${look}-${colorScheme}.png`), fullPage: look === "narrow" });
    assert.deepEqual(await overflow(at.page), [], `${path} is wider than its window`);
    assert.deepEqual(await nameless(at.page), [], `${path} has controls without a name`);
  }
}

async function first(page, path, selector, attribute) {
  await page.goto(path);
  const found = page.locator(selector).first();
  return (await found.count()) ? found.getAttribute(attribute) : null;
}

check("stopped and started on the same folder, it continues", async () => {
  const before = await rowsOf(at.page);
  await at.page.goto("about:blank");
  assert.equal(await at.server.stop(), 0, "it stops cleanly when asked");
  at.server = await server.start("serve", data, at.port);
  await at.page.goto("/work");
  assert.match(at.page.url(), /\/work/, "the session outlives the restart");
  assert.deepEqual(await rowsOf(at.page), before);
});

async function rowsOf(page) {
  await page.setViewportSize(wide);
  await page.goto("/work");
  return page.locator("tr[data-row]").evaluateAll((rows) => rows.map((row) => row.dataset.href).sort());
}

check("no page complained", () => {
  assert.deepEqual(at.heard, []);
  return at.context.close();
});

// ---- pages that stay open

const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`) });

check("a colleague's presence is seen in the list", async () => {
  for (const [seat, worker] of [["anna", "agnieszka.wrona"], ["jana", "jana.kos"], ["tom", "tom.harms"]]) {
    const url = server.invite(data, at.port, worker);
    at[seat] = await live.sit(browser, at.server, { url }, { viewport: wide });
  }
  await live.presence(at.anna, at.jana, shot);
});
check("a second completion is explained and nothing typed is lost", () => live.secondCompletion(at.anna, at.jana, shot));
check("a list left open counts new rows and keeps its place", () => live.newRows(at.anna, at.jana, at.tom, shot));
check("without a connection a page says so and keeps what is typed", () => live.offline(at.anna, shot));
check("a hidden page rests and catches up", () => live.hidden(at.anna, at.tom));
for (const round of [1, 2]) {
  check(`a page outlives its server, ${round === 1 ? "once" : "and twice"}`, () => {
    const stop = async () => assert.equal(await at.server.stop(), 0, "it stops cleanly when asked");
    const start = async () => (at.server = await server.start("serve", data, at.port));
    return live.restart(at.anna, data, stop, start, shot, round);
  });
}
check("an item handed over leaves what was typed in it", () =>
  live.handedOver(at.anna, () => server.stepIn(data, "resolve", "LV")));
check("no page that stayed open complained", () => {
  const away = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_INTERNET_DISCONNECTED|ERR_NETWORK/;
  assert.deepEqual([...at.anna.heard, ...at.jana.heard, ...at.tom.heard].filter((line) => !away.test(line)), []);
});


let failed = 0;
let passed = 0;
for (const [name, body] of checks) {
  try {
    await body();
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n      ${String(error.stack ?? error).replaceAll("\n", "\n      ")}`);
    await (at.anna?.page ?? at.page)?.screenshot({ path: join(shots, `failed-${failed}.png`) }).catch(() => {});
    if (!at.page) break;
  }
}
await browser.close();
await at.server?.stop();
if (failed && at.server) console.log(`the server said:\n${at.server.output.slice(-4000)}`);
rmSync(data, { recursive: true, force: true });
console.log(`${passed} of ${checks.length} browser checks passed; pictures in ${shots}`);
process.exitCode = passed === checks.length ? 0 : 1;
