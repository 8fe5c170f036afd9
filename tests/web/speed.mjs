/* How quick the workbench's page is with the one song of a library, as JSON: node speed.mjs CHROMIUM ADDRESS

Milliseconds until the song can be seen and played, and those of frames while it plays, scrolls and is transposed. */

import { launch } from "./headless.mjs";

const [executablePath, address] = process.argv.slice(2);
const FRAMES = 300;
const { browser, close } = await launch(executablePath);

/* In the page: milliseconds between so many frames, ascending. */
function frames(count) {
  return new Promise((resolve) => {
    const times = [];
    const tick = (time) => {
      times.push(time);
      if (times.length <= count) requestAnimationFrame(tick);
      else resolve(times.slice(1).map((each, i) => each - times[i]).sort((one, other) => one - other));
    };
    requestAnimationFrame(tick);
  });
}

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(address);
  const link = page.locator(".song a.title[href]");
  await link.waitFor();
  const begin = Date.now();
  await link.click();
  await page.waitForFunction(() => document.querySelector("footer") && document.querySelector(".lane.chords .block"));
  const out = { ready: Date.now() - begin };
  await page.keyboard.press("Space");
  await page.waitForSelector('.play[aria-label="Pause"]');
  out.playing = await page.evaluate(frames, FRAMES);
  await page.evaluate(() => (window.scrolling = setInterval(() => (document.querySelector(".pane").scrollLeft += 30), 16)));
  out.scrolling = await page.evaluate(frames, FRAMES);
  await page.evaluate(() => clearInterval(window.scrolling));
  await page.locator('.transpose button').last().click();
  await page.waitForTimeout(1000);
  out.transposed = await page.evaluate(frames, FRAMES);
  await page.click(".tools .correct");
  await page.waitForTimeout(500);
  const from = Date.now();
  await page.locator(".lane.chords .block").nth(1).click();
  await page.fill(".panel input", "F#m7b5");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".status").textContent && !document.querySelector(".status.busy"));
  out.corrected = Date.now() - from;
  console.log(JSON.stringify(out));
} finally {
  await close();
}
