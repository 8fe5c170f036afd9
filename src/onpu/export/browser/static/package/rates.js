/* Samples a second of a file of sound, read from its head, so that the browser decodes it without resampling. */

const MP3 = [[11025, 12000, 8000], null, [22050, 24000, 16000], [44100, 48000, 32000]]; // by version 2.5, -, 2, 1
const [LOWEST, HIGHEST] = [8000, 96000]; // that every browser decodes at

/** Hz; null where the head does not tell, or browsers decode at no such rate. */
export function nativeRate(bytes) {
  const rate = found(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return rate >= LOWEST && rate <= HIGHEST ? rate : null;
}

function found(bytes, view) {
  const has = (place, word) => [...word].every((letter, number) => bytes[place + number] === letter.charCodeAt(0));
  const search = (word, from = 0, until = bytes.length) => {
    for (let place = from; place < Math.min(until, bytes.length - word.length); place++) if (has(place, word)) return place;
    return -1;
  };
  if (bytes.length < 64) return null;
  if (has(0, "RIFF") || has(0, "RF64")) {
    const place = search("fmt ", 12, 4096);
    return place < 0 ? null : view.getUint32(place + 12, true);
  }
  if (has(0, "fLaC")) return (bytes[18] << 12) | (bytes[19] << 4) | (bytes[20] >> 4);
  if (has(0, "OggS")) {
    if (search("OpusHead", 0, 256) >= 0) return 48_000;
    const place = search("\x01vorbis", 0, 256);
    return place < 0 ? null : view.getUint32(place + 12, true);
  }
  if (has(0, "FORM")) {
    const place = search("COMM", 12, 4096);
    return place < 0 ? null : extended(view, place + 16);
  }
  if (has(4, "ftyp")) {
    const place = search("mp4a");
    return place < 0 ? null : view.getUint16(place + 28);
  }
  return mp3(bytes, has(0, "ID3") ? 10 + ((bytes[6] << 21) | (bytes[7] << 14) | (bytes[8] << 7) | bytes[9]) : 0);
}

/* A float of 80 bits, as AIFF has it. */
function extended(view, place) {
  return view.getUint32(place + 2) * 2 ** (view.getUint16(place) - 16383 - 31);
}

function mp3(bytes, from) {
  for (let place = from; place < Math.min(bytes.length - 4, from + 65536); place++) {
    const [one, two, three] = bytes.subarray(place, place + 3);
    const rates = MP3[(two >> 3) & 3];
    const rate = (three >> 2) & 3;
    if (one === 0xff && (two & 0xe0) === 0xe0 && rates && (two >> 1) & 3 && rate < 3 && three >> 4 < 15) return rates[rate];
  }
  return null;
}
