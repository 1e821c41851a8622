// Two workers of one party with pages open: what one does shows on the other's page without a reload, what
// somebody typed is never taken away, and a page outlives its server. Nothing is set by script but the
// page's being hidden, which a browser without a screen cannot do by itself.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as journey from "./journey.mjs";
import { listen, overflow } from "./watch.mjs";

const sample = fileURLToPath(new URL("../../packs/purchase-to-pay/sample/3-invoices/INV-20419-brixner.xml", import.meta.url));
const soon = { timeout: 10_000 };

// A worker with a window of their own; loads counts the pages, so that a check can say that none was reloaded.
export async function sit(browser, server, link, options) {
  const context = await browser.newContext({ baseURL: server.url, ...options });
  const page = await context.newPage();
  const seat = { context, page, loads: 0, heard: listen(page) };
  page.on("load", () => (seat.loads += 1));
  await journey.signIn(page, link.url);
  return seat;
}

const row = (page, item) => page.locator(`tr[data-row][data-item="${item}"]`);
const words = (locator, text) => locator.filter({ hasText: text }).waitFor(soon);
const connected = (page) => words(page.locator(".foot [data-live-state]"), /^\s*Live/);

// The items of the list that nobody has, with the addresses they open at.
async function free(page) {
  await page.goto("/work?view=free");
  return page.locator("tr[data-row]").evaluateAll((rows) => rows.map((row) => row.dataset.item));
}

// An invoice nobody has seen, as a file's bytes.
export function invoice(number) {
  return readFileSync(sample, "utf8").replace("<cbc:ID>INV-20419</cbc:ID>", `<cbc:ID>${number}</cbc:ID>`);
}

// Takes an invoice in as the upload page does, for one whose party documents arrive at.
export async function upload(seat, number) {
  await seat.page.goto("/documents/upload");
  const buffer = Buffer.from(invoice(number));
  await seat.page.setInputFiles("#files", { name: `${number}.xml`, mimeType: "application/xml", buffer });
  await Promise.all([seat.page.waitForEvent("load"), seat.page.click("form[data-drop] button")]);
  assert.match(await seat.page.locator(".results tbody").innerText(), /P2P-/, "a case began");
}

export async function presence(anna, jana, shot) {
  const [item] = await free(anna.page);
  await anna.page.goto("/work");
  await connected(anna.page);
  const before = anna.loads;
  await jana.page.goto(`/items/${item}`);
  await words(row(anna.page, item).locator(".c-here"), "views");
  await jana.page.locator("#work textarea").first().focus();
  await jana.page.keyboard.type("Is read back to the buyer.");
  await words(row(anna.page, item).locator(".c-here"), "edits");
  await shot(anna.page, "live-presence");
  await anna.page.goto(`/items/${item}`);
  await words(anna.page.locator(".desk-head"), "Jana Kos edits");
  await anna.page.goto("/work");
  await jana.page.goto("/keys");
  await words(row(anna.page, item).locator(".c-here"), "draft");
  assert.equal(anna.loads, before + 2, "only the pages that were asked for were loaded");
}

export async function secondCompletion(anna, jana, shot) {
  const [item] = await free(anna.page);
  const [mine, hers] = ["Checked: the price was agreed.", "The supplier sends a credit note."];
  for (const { page } of [anna, jana]) {
    await page.goto(`/items/${item}`);
    await connected(page);
  }
  const text = (page) => page.locator("#work textarea").first();
  // Both type at once. A draft is saved when its writer rests, and takes the item: Anna's, who is faster.
  const typed = text(jana.page).pressSequentially(hers, { delay: 150 });
  await journey.answer(anna.page, "1");
  await text(anna.page).fill(mine);
  await words(anna.page.locator("[data-saved]"), "Draft saved");
  await words(jana.page.locator("#changed"), "Agnieszka Wrona took this");
  await words(jana.page.locator(".acts .first"), "Send although Agnieszka Wrona has it");
  await typed;
  await text(jana.page).press("Home");
  await words(jana.page.locator("[data-saved]"), "Draft not saved");
  await shot(jana.page, "live-taken-desk");
  await journey.complete(anna.page);
  await words(jana.page.locator("#changed"), "Agnieszka Wrona completed this");
  assert.equal(await text(jana.page).inputValue(), hers, "what was typed stays");
  assert.equal(await text(jana.page).evaluate((field) => field === document.activeElement && field.selectionStart), 0, "focus and caret too");
  await words(jana.page.locator(".acts .first"), "See both answers");
  await shot(jana.page, "live-completed");
  jana.heard.length = 0;
  await Promise.all([jana.page.waitForEvent("load"), jana.page.keyboard.press("Control+Enter")]);
  const said = await jana.page.locator("main").innerText();
  for (const part of ["Agnieszka Wrona changed this", mine, hers]) assert.ok(said.includes(part), `${part}:\n${said}`);
  await shot(jana.page, "live-conflict");
  assert.deepEqual(jana.heard.filter((line) => !line.includes("409")), [], "and nothing else went wrong");
  jana.heard.length = 0;
}

export async function newRows(anna, jana, tom, shot) {
  await anna.page.goto("/work");
  await connected(anna.page);
  await anna.page.keyboard.press("j");
  const loads = anna.loads;
  const picked = anna.page.locator("tr[data-row].picked");
  const [item, box] = [await picked.getAttribute("data-item"), await picked.boundingBox()];
  const shown = await anna.page.locator("tr[data-row]").count();
  await upload(tom, "INV-29001");
  await words(anna.page.locator("[data-new]"), "1 new");
  assert.deepEqual(await picked.boundingBox(), box, "the picked row stays where it was");
  assert.equal(await anna.page.locator("tr[data-row]").count(), shown, "the new row waits");
  await shot(anna.page, "live-new");
  await anna.page.keyboard.press("n");
  await words(anna.page.locator("tr[data-row]"), "INV-29001");
  assert.equal(await picked.getAttribute("data-item"), item, "the same row is picked");
  assert.equal(await anna.page.locator("[data-new]").isVisible(), false);

  // What a colleague takes leaves the list of what is free, where it stood and in words.
  await anna.page.goto("/work?view=free");
  await connected(anna.page);
  const fresh = anna.page.locator("tr[data-row]").filter({ hasText: "INV-29001" });
  const [taken, place] = [await fresh.getAttribute("data-item"), await fresh.boundingBox()];
  await jana.page.goto(`/items/${taken}`);
  await jana.page.locator("#work textarea").first().fill("Mine.");
  await words(fresh.locator(".word"), "taken by Jana Kos");
  assert.deepEqual(await fresh.boundingBox(), place, "it stays where it stood");
  await shot(anna.page, "live-taken");
  assert.equal(anna.loads, loads + 1, "nothing was reloaded");
  await jana.page.goto("/work");
}

// Taken into the watched folder under another name first, so that no half of it is read.
function drop(data, number) {
  mkdirSync(join(data, "inbox"), { recursive: true });
  const [hidden, whole] = [`.${number}.xml`, `${number}.xml`].map((name) => join(data, "inbox", name));
  writeFileSync(hidden, invoice(number));
  renameSync(hidden, whole);
}

// The server goes and comes under an open page; what came in meanwhile is counted on it.
export async function restart(anna, data, stop, start, shot, round) {
  if (round === 1) await anna.page.goto("/work");
  await connected(anna.page);
  const loads = anna.loads;
  await stop();
  await anna.page.locator("[data-offline]").waitFor({ state: "visible", ...soon });
  await words(anna.page.locator(".foot [data-live-state]"), /Not live|restarts/);
  assert.deepEqual(await overflow(anna.page), []);
  await shot(anna.page, `live-away-${round}`);
  drop(data, `INV-2910${round}`);
  await start();
  await words(anna.page.locator("[data-new]"), `${round} new`);
  await connected(anna.page);
  assert.equal(await anna.page.locator("[data-offline]").isVisible(), false, "the band is gone");
  assert.equal(anna.loads, loads, "the page was never reloaded");
  assert.equal(await count(anna.page), await open(anna), "and its counts are right");
}

const count = (page) => page.locator("#views [aria-current] .view-count").innerText();

async function open(seat) {
  const page = await seat.context.newPage();
  await page.goto("/work");
  const shown = await count(page);
  await page.close();
  return shown;
}

export async function offline(anna, shot) {
  const [item] = await free(anna.page);
  await anna.page.goto(`/items/${item}`);
  await connected(anna.page);
  await anna.context.setOffline(true);
  await anna.page.locator("[data-offline]").waitFor({ state: "visible", ...soon });
  const text = anna.page.locator("#work textarea").first();
  await text.fill("Typed on the train.");
  await words(anna.page.locator("[data-saved]"), "the draft waits here");
  await shot(anna.page, "live-offline");
  await anna.context.setOffline(false);
  await words(anna.page.locator("[data-saved]"), "Draft saved");
  await anna.page.locator("[data-offline]").waitFor({ state: "hidden", ...soon });
  assert.equal(await text.inputValue(), "Typed on the train.");
  anna.heard.length = 0;
}

// An item that goes to another party while somebody types in it: the page says so and takes nothing away.
export async function handedOver(anna, hand) {
  const [item] = await free(anna.page);
  await anna.page.goto(`/items/${item}`);
  await connected(anna.page);
  const text = anna.page.locator("#work textarea").first();
  await text.pressSequentially("Half a sen");
  await words(anna.page.locator("[data-saved]"), "Draft saved");
  hand();
  await words(anna.page.locator("#changed"), "not with your party any more");
  assert.equal(await text.inputValue(), "Half a sen");
  anna.heard.length = 0;
  await anna.page.waitForTimeout(2_500);
  assert.deepEqual(anna.heard, [], "it asks no more for what it may not see");
}

// A hidden page asks for nothing, and is right again when it is shown.
export async function hidden(anna, tom) {
  const turn = (state) =>
    anna.page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await anna.page.goto("/work");
  await connected(anna.page);
  await turn("hidden");
  let asked = 0;
  const heard = () => (asked += 1);
  anna.page.on("request", heard);
  await upload(tom, "INV-29201");
  await tom.page.waitForTimeout(2_500);
  assert.equal(asked, 0, "a hidden page asks for nothing");
  anna.page.off("request", heard);
  await turn("visible");
  await words(anna.page.locator("[data-new]"), "1 new");
}
