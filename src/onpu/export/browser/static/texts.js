/* The page's texts; the English ones are the keys. The report asks for its language under the same name. */

const KEPT = "onpu.language";

const JAPANESE = {
  "Language": "言語",
  "Drop a song here": "ここに曲をドロップ",
  "or choose a file": "またはファイルを選択",
  "It is analysed on this computer; nothing is sent anywhere. Up to 15 minutes.":
    "このコンピューターの中で分析し、どこにも送信しません。15分まで。",
  "Stop": "中止",
  "Another song": "別の曲",
  "Save this page": "このページを保存",
  "Save as JSON": "JSONで保存",
  "Report": "レポート",
  "Reading {name}": "{name}を読み込み中",
  "Fetching what listens (once)": "分析プログラムを読み込み中（初回のみ）",
  "Listening to {name}": "{name}を聴き取り中",
  "Deciding on beats, chords and notes": "拍・コード・音符を判定中",
  "Drawing the report": "レポートを作成中",
  "{name}: lasts {length}; this page takes 15 minutes at most. Use onpu analyze.":
    "{name}：長さが{length}です。このページは15分までです。onpu analyzeを使ってください。",
  "{name}: this browser finds no sound in it; convert it to MP3, FLAC or WAV.":
    "{name}：このブラウザーでは音声として読めません。MP3・FLAC・WAVに変換してください。",
  "{name}: is empty; get a complete copy.": "{name}：空のファイルです。完全なファイルを用意してください。",
  "{name}: this browser has not enough memory for it; close other pages, or use onpu analyze.":
    "{name}：ブラウザーのメモリーが足りません。他のページを閉じるか、onpu analyzeを使ってください。",
  "{name}: cannot be analysed ({reason}).": "{name}：分析できません（{reason}）。",
};

let language = chosen();

function chosen() {
  const kept = localStorage.getItem(KEPT);
  return kept === "en" || kept === "ja" ? kept : navigator.language.startsWith("ja") ? "ja" : "en";
}

export const spoken = () => language;

export function speak(name) {
  language = name;
  localStorage.setItem(KEPT, name);
}

/** The text in the page's language, with {name} replaced by values. */
export function t(text, values = {}) {
  return ((language === "ja" && JAPANESE[text]) || text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
