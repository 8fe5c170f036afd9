/* Tools to practise with: transposition of the sound, for which instrument is read, how chords are written, click and
   count-in. */

import { h } from "../dom.js";
import { t } from "../texts.js";
import { complain } from "./dialogs.js";
import { createMetronome } from "./metronome.js";
import { createSound } from "./sound.js";

const READ = [["0", "Concert pitch"], ["2", "B♭ instrument"], ["-3", "E♭ instrument"], ["7", "F instrument"],
  ...[1, 2, 3, 4, 5, 6, 7].map((fret) => [`-${fret} capo`, "Capo {fret}", { fret }])];
const NAMINGS = { names: "Chord names", simple: "Simple chords", numerals: "Roman numerals" };

export function createPractice(app) {
  const { player } = app;
  const sound = createSound(player);
  const metronome = createMetronome(app, sound);
  let pitch = 0; // semitones by which the sound is moved
  let read = 0; // and names beyond it
  let counting = false;
  let waiting = null;

  /* What the buttons and keys of transposition change is the sound, and the names with it. */
  const plain = app.transpose;
  const transpose = async (semitones) => {
    pitch = Math.max(-11, Math.min(11, semitones - read));
    plain(pitch + read);
    try {
      await sound.shift(pitch);
    } catch (error) {
      pitch = 0;
      plain(read);
      complain(error);
    }
  };
  app.transpose = transpose;

  const play = player.play;
  const pause = player.pause;
  player.play = async () => {
    waiting?.abort();
    if (!counting || player.playing) return play();
    waiting = new AbortController();
    const begins = await metronome.countIn(waiting.signal);
    if (begins === null) return;
    waiting = null;
    return play(begins);
  };
  player.pause = () => {
    waiting?.abort();
    waiting = null;
    pause();
  };
  const toggle = player.toggle;
  player.toggle = () => (waiting ? player.pause() : toggle());

  const choice = (title, options, act) => {
    const select = h("select", { title: t(title), "aria-label": t(title), onchange: () => act(select.value) },
      options.map(([value, text, values]) => h("option", { value }, t(text, values))));
    return select;
  };
  const switched = (text, title, act) => {
    const button = h("button", { type: "button", class: "switch", title: t(title), "aria-pressed": "false", onclick: () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      act(on);
    } }, t(text));
    return button;
  };
  const naming = choice("How chords are written", Object.entries(NAMINGS), app.nameChords);
  const reading = choice("Read for", READ, (value) => {
    read = Number.parseInt(value, 10);
    plain(pitch + read);
  });
  const element = h("span", { class: "group practice" },
    app.report.beats && switched("Click", "A click on every beat", (on) => (metronome.on = on)),
    switched("Count in", "Count a bar before the music", (on) => (counting = on)),
    naming, reading);
  return {
    element,
    sound,
    metronome,
    /* Names and sound as they are, so that what is typed is what is heard. */
    reset() {
      read = 0;
      reading.value = "0";
      naming.value = "names";
      app.nameChords("names");
      if (pitch || app.shift) transpose(0);
    },
    close() {
      waiting?.abort();
      metronome.stop();
      sound.close();
    },
  };
}
