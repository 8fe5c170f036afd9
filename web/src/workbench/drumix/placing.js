/* Where hits come to lie on the beats of a song, and how loud they are: the rules of onpu.music.drum_patterns and
   onpu.engine.render.drumkits.mixing, which a test holds these to. */

/* Hits { time, row, velocity } of rows of a pattern, in order. beats: { times, positions }. */
export function placed(rules, pattern, rows, { times, positions }) {
  const out = [];
  let bar = -1;
  times.forEach((start, index) => {
    const end = index + 1 < times.length ? times[index + 1] : times.length > 1 ? 2 * start - times[index - 1] : start;
    const position = positions[index];
    if (position === 1) bar++;
    const ofBar = position > 0 ? position - 1 : index;
    const round = position > 0 ? bar : Math.floor(index / pattern.beats);
    const first = ((((round % pattern.bars) + pattern.bars) % pattern.bars) * pattern.beats + (ofBar % pattern.beats)) * pattern.steps;
    for (let step = 0; step < pattern.steps; step++) {
      const time = start + ((end - start) * (step + (step % 2 ? pattern.swing : 0))) / pattern.steps;
      for (const row of rows) {
        const velocity = rules.velocities[pattern.rows[row]?.[first + step] ?? "."];
        if (velocity) out.push({ time, row, velocity });
      }
    }
  });
  return out;
}

/* Hits of what was heard, { times, pitches, velocities } as a report has them. */
export function played(rules, heard, rows) {
  if (!heard) return [];
  return Array.from(heard.times, (time, index) => ({ time, row: rules.rows[heard.pitches[index]], velocity: heard.velocities[index] }))
    .filter(({ row }) => rows.includes(row));
}

/* All hits of a mix, of drums that are not muted: { time, row, velocity, drum, end? }, in order; end: when a hi-hat is cut
   off by the next. */
export function hitsOf(rules, mix, beats, heard) {
  const out = [];
  for (const [drum, rows] of Object.entries(rules.drums)) {
    const { pattern, muted } = mix.drums[drum];
    if (muted || pattern === "none") continue;
    const found = pattern === "drawn" ? mix.drawn : rules.patterns.find(({ name }) => name === pattern);
    const hits = (pattern === "played" ? played(rules, heard, rows) : found && beats ? placed(rules, found, rows, beats) : [])
      .sort((one, other) => one.time - other.time);
    const choking = hits.filter(({ row }) => rules.chokes.includes(row));
    for (const hit of hits) out.push({ ...hit, drum });
    choking.forEach((hit, index) => {
      const next = choking.slice(index + 1).find(({ time }) => time > hit.time);
      if (next) out[out.length - hits.length + hits.indexOf(hit)].end = next.time;
    });
  }
  return out.sort((one, other) => one.time - other.time);
}

export const loudness = (rules, velocity) => (velocity / rules.full) ** rules.exponent;

/* Number of the layer, of so many, that is heard at a velocity. */
export const layerOf = (velocity, layers) => Math.min(layers - 1, Math.floor((velocity / 128) * layers));
