// One exception from the list to its decision with the keyboard alone, as a worker would: sign in, move,
// open, answer, complete, and see the case move on. The mouse is never used; nothing is set by script.

import assert from "node:assert/strict";

const moves = 60;

// Opens a one-time link and confirms it; the button has the focus.
export async function signIn(page, link) {
  await page.goto(link);
  await page.waitForFunction(() => document.activeElement?.matches("form button"));
  await Promise.all([page.waitForURL("**/work**"), page.keyboard.press("Enter")]);
}

// Moves down the list until a row's words match, and gives that row's words and place.
export async function moveTo(page, words) {
  const picked = page.locator("tr[data-row].picked");
  for (let press = 0; press < moves; press += 1) {
    if ((await picked.count()) === 1 && words.test(await picked.innerText())) {
      return { text: await picked.innerText(), href: await picked.getAttribute("data-href") };
    }
    await page.keyboard.press("j");
    await page.waitForTimeout(20);
  }
  throw new Error(`no row matches ${words} within ${moves} moves`);
}

// Opens the picked row, when the preview has followed.
export async function open(page, row) {
  await page.waitForFunction((text) => {
    const code = document.querySelector("#preview .tag.line")?.textContent.trim();
    return code && text.includes(code);
  }, row.text);
  await Promise.all([page.waitForURL(`**${row.href}*`), page.keyboard.press("Enter")]);
}

// Takes the item, where it is only offered.
export async function claim(page) {
  if ((await page.locator("[data-claim]").count()) === 0) return;
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("c")]);
}

// Answers what the form asks: a digit outside fields, then Tab from field to field.
export async function answer(page, digit) {
  if (await page.locator("#work [data-digit]").count()) {
    await page.keyboard.press(digit);
    assert.equal(await page.locator(`#work [data-digit="${digit}"]:checked`).count(), 1, "a digit answers");
  }
  const fields = await page.locator("#work .input").count();
  const seen = new Set();
  for (let press = 0; press < 100 && seen.size < fields; press += 1) {
    await page.keyboard.press("Tab");
    const field = await focused(page);
    if (!field || seen.has(field.name)) continue;
    seen.add(field.name);
    await fill(page, field);
  }
  assert.equal(seen.size, fields, "every field can be reached with Tab");
}

// The field of the form that has the focus.
function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!at?.matches("#work .input")) return null;
    const kind = at.tagName === "INPUT" ? at.type : at.tagName.toLowerCase();
    return { name: at.name, kind, value: at.value, numeric: at.inputMode === "decimal", required: at.required };
  });
}

async function fill(page, field) {
  if (field.value) return;
  const text = field.numeric ? "1" : "Checked with the buyer, by keyboard.";
  if (field.kind === "textarea") return page.keyboard.type(text);
  if (!field.required) return;
  if (field.kind === "select") await page.keyboard.press("ArrowDown");
  else await page.keyboard.type(field.kind === "date" ? "11012026" : text);
}

// Completes from wherever the focus is, and waits for what comes next.
export async function complete(page) {
  const before = page.url();
  await Promise.all([
    page.waitForURL((url) => url.href !== before, { timeout: 15_000 }),
    page.keyboard.press("Control+Enter"),
  ]);
}

// The hops of a case as its own page tells them: party, lane and times, one row a hop.
export async function hops(page, code) {
  await page.goto(`/cases/${code}?strip=table`);
  return page.locator(".strip-table tbody tr").allInnerTexts();
}
