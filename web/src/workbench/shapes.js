/* Shapes of chords that players know: frets from the lowest string to the highest, x: not played. */

/* Root and quality -> shape with open strings. */
export const OPEN = {
  guitar: {
    "C maj": "x32010", "C 7": "x32310", "C maj7": "x32000", "C maj9": "x30000", "D maj": "xx0232", "D min": "xx0231", "D 7": "xx0212",
    "D min7": "xx0211", "D maj7": "xx0222", "D sus4": "xx0233", "D sus2": "xx0230", "E maj": "022100", "E min": "022000", "E 7": "020100",
    "E min7": "022030", "E maj7": "021100", "E sus4": "022200", "E 5": "022xxx", "F maj7": "xx3210", "G maj": "320003", "G 7": "320001",
    "G maj7": "320002", "A maj": "x02220", "A min": "x02210", "A 7": "x02020", "A min7": "x02010", "A maj7": "x02120", "A sus4": "x02230",
    "A sus2": "x02200", "A 5": "x022xx", "B 7": "x21202",
  },
  ukulele: {
    "C maj": "0003", "C min": "0333", "C 7": "0001", "C maj7": "0002", "C min7": "3333", "D maj": "2220", "D min": "2210", "D 7": "2223",
    "D min7": "2213", "E maj": "4442", "E min": "0432", "E 7": "1202", "E min7": "0202", "F maj": "2010", "F min": "1013", "F 7": "2310",
    "G maj": "0232", "G min": "0231", "G 7": "0212", "G min7": "0211", "G maj7": "0222", "A maj": "2100", "A min": "2000", "A 7": "0100",
    "A min7": "0000", "A maj7": "1100", "B maj": "4322", "B min": "4222", "B 7": "2322", "B min7": "2222", "Bb maj": "3211", "Bb min": "3111",
    "Bb 7": "1211", "Eb maj": "0331", "Eb 7": "3334", "Ab maj": "5343", "F# maj": "3121", "F# min": "2120", "C# maj": "1114", "C# min": "1104",
  },
};

/* Quality -> shapes of the guitar that move along the neck, as frets from that of the root, on the sixth and the fifth
   string. */
export const MOVED = {
  maj: ["0 2 2 1 0 0", "x 0 2 2 2 0"], min: ["0 2 2 0 0 0", "x 0 2 2 1 0"], 7: ["0 2 0 1 0 0", "x 0 2 0 2 0"],
  min7: ["0 2 0 0 0 0", "x 0 2 0 1 0"], maj7: ["0 x 1 1 0 x", "x 0 2 1 2 0"], sus4: ["0 2 2 2 0 0", "x 0 2 2 3 0"], sus2: [null, "x 0 2 2 0 0"],
  5: ["0 2 2 x x x", "x 0 2 2 x x"], maj6: ["0 x -1 1 0 x", "x 0 2 2 2 2"], min6: ["0 x -1 0 0 x", null], dim: [null, "x 0 1 2 1 x"],
  dim7: ["0 x -1 0 -1 x", "x 0 1 -1 1 x"], hdim7: ["0 x 0 0 -1 x", "x 0 1 0 1 x"], aug: [null, "x 0 -1 -2 -2 x"], 9: [null, "x 0 -1 0 0 0"],
  min9: [null, "x 0 -2 0 0 x"], maj9: [null, "x 0 -1 1 0 x"], minmaj7: [null, "x 0 2 1 1 0"],
};
