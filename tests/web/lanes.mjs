/* Corrects melody, drums, notes and metre in a headless Chromium by mouse, touch and keys, and prints what came as JSON:
   node lanes.mjs CHROMIUM ADDRESS RECORDING

Corrections are read from where the page keeps what is not saved. */

import { faults, launch, newPage } from "./headless.mjs";

const [executablePath, address, recording] = process.argv.slice(2);
const { browser, close } = await launch(executablePath, { slowMo: 30, hasTouch: true });
const { page, complaints } = await newPage(browser, 60_000);
const touch = await browser.newCDPSession(page);

const count = (steps) => page.waitForFunction((wanted) => document.querySelector(".count").textContent.startsWith(wanted) && !document.querySelector(".status.busy"), String(steps));
const undo = async (steps) => (await page.keyboard.press("Control+z"), count(steps));
/* The corrections of the last step. */
const made = () => page.evaluate(() => {
  const [name] = Object.keys(localStorage).filter((each) => each.startsWith("onpu.draft."));
  return JSON.parse(localStorage.getItem(name)).steps.at(-1).corrections;
});
const lane = (name) => page.locator(`.lane.${name}`);
const second = () => page.evaluate(() => document.querySelector(".spacer").clientWidth / 8);
const buttons = () => page.locator(".panel button").allInnerTexts();
const press = (text) => page.locator(".panel button", { hasText: new RegExp(`^${text}`) }).first().click();

/* Where a time and a height of a lane lie in the window. */
async function place(name, time, y) {
  await lane(name).scrollIntoViewIfNeeded();
  const box = await lane(name).boundingBox();
  return [box.x + time * (await second()), box.y + y];
}
async function drag([x, y], [toX, toY]) {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move((x + toX) / 2, (y + toY) / 2);
  await page.mouse.move(toX, toY);
  await page.mouse.up();
}
async function swipe([x, y], [toX, toY]) {
  const at = (type, points) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await at("touchStart", [{ x, y }]);
  for (const share of [0.3, 0.7, 1]) await at("touchMove", [{ x: x + share * (toX - x), y: y + share * (toY - y) }]);
  await at("touchEnd", []);
}
/* Row height of the melody, and the height of a pitch in it: two semitones are shown beyond the highest, which is 64. */
const ROW = 7;
const high = (pitch) => (66 - pitch + 0.5) * ROW;

async function used() {
  const out = {};
  await page.goto(address);
  await page.setInputFiles('input[type="file"]:not([webkitdirectory])', [recording]);
  await page.waitForSelector('.song[data-state="ready"]');
  await page.locator(".song a.title[href]").first().click();
  await page.waitForSelector(".lane.melody");
  await page.click(".tools .correct");
  await page.keyboard.press("+"); // closer, so that lanes reach beyond their window
  out.faults = [await faults(page)];
  await page.keyboard.press("0");

  /* Moved up two semitones, by mouse; then later by a beat, by touch. */
  await drag(await place("melody", 1.3, high(62)), await place("melody", 1.3, high(64)));
  await count(1);
  out.higher = await made();
  await undo(0);
  await swipe(await place("melody", 3.9, high(60)), await place("melody", 4.4, high(60)));
  await count(1);
  out.later = await made();
  await undo(0);
  /* The end pulled from 4.5 to 4.75. */
  await drag(await place("melody", 4.5, high(60)), await place("melody", 4.75, high(60)));
  await count(1);
  out.longer = await made();
  await undo(0);
  /* A tap tells what can be done; split; joined; taken away. */
  await page.mouse.click(...(await place("melody", 4.0, high(60))));
  out.offered = await buttons();
  out.title = await page.locator(".panel h2").innerText();
  out.faults.push(await faults(page));
  await press("Split at");
  await count(1);
  out.split = await made();
  await page.mouse.click(...(await place("melody", 3.75, high(60))));
  await press("Join with next");
  await count(2);
  out.joined = await made();
  await undo(1);
  await undo(0);
  await page.touchscreen.tap(...(await place("melody", 5.5, high(60))));
  await press("Nothing is sung here");
  await count(1);
  out.gone = await made();
  await page.keyboard.press("Control+Shift+Z");
  await undo(0);
  /* Drawn where nothing is. */
  await drag(await place("melody", 6.5, high(63)), await place("melody", 7.0, high(63)));
  await press("This is sung");
  await count(1);
  out.drawn = await made();
  await undo(0);
  /* By keys: the tone at the player's place an octave down. */
  await page.keyboard.press("Home");
  for (let beat = 0; beat < 3; beat++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("m");
  await press("Octave down");
  await count(1);
  out.byKeys = await made();
  await undo(0);

  /* A hit from the kick's row to the snare's; hits by keys. */
  const row = 17;
  await drag(await place("drums", 1.01, 1.5 * row), await place("drums", 1.5, 0.5 * row));
  await count(1);
  out.hit = await made();
  await undo(0);
  await page.keyboard.press("h");
  out.hits = await buttons();
  await press("Add Crash");
  await count(1);
  out.crash = await made();
  await undo(0);
  /* A note by keys, and a beat that becomes the first of bars of three. */
  await page.keyboard.press("Home");
  await page.keyboard.press("n");
  await press("Longer");
  await count(1);
  out.note = await made();
  await undo(0);
  for (let beat = 0; beat < 4; beat++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("t");
  await page.selectOption('.panel select[aria-label="Metre"]', "3/4");
  out.faults.push(await faults(page));
  await press("Metre from here on");
  await count(1);
  out.metre = await made();
  out.listed = await page.locator(".tools .count").click().then(() => page.locator(".corrections li span").allInnerTexts());
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.keyboard.press("m");
  out.small = await page.locator(".panel button, .panel select").evaluateAll((all) => all
    .filter((each) => each.getBoundingClientRect().height < 43.5).map((each) => each.textContent));
  out.faults.push(await faults(page));
  return out;
}

try {
  console.log(JSON.stringify({ ...(await used()), complaints }));
} finally {
  await close();
}
