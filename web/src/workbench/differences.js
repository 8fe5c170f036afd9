/* What is otherwise than before, by kind: starts of stretches, and how many things. */

const rows = (found, names) => {
  if (!found?.[names[0]]) return new Map();
  return new Map(found[names[0]].map((_, index) => {
    const values = names.map((name) => found[name]?.[index]);
    return [values.map((value) => (typeof value === "number" ? value.toFixed(2) : value)).join("|"), values];
  }));
};
const COLUMNS = {
  chord: ["chords", "starts", "ends", "labels"], key: ["keys", "starts", "ends", "labels"],
  section: ["sections", "starts", "ends", "labels"], beat: ["beats", "times", "positions"],
  lyric: ["voice", "starts", "ends", "labels"],
  note: ["notes", "onsets", "pitches"], drum: ["drums", "times", "pitches"],
};

/* Kind -> [[start, end]] of what is new in the later report. */
export function differences(before, after) {
  return Object.fromEntries(Object.entries(COLUMNS).map(([kind, [field, ...names]]) => {
    const old = rows(before[field], names);
    return [kind, [...rows(after[field], names)].filter(([row]) => !old.has(row)).map(([, values]) => values)];
  }));
}
