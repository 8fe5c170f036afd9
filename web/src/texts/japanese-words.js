/* English text -> Japanese text, of words that are sung, of songs that are alike, and of what was found in a song. */

export const FOUND = {
  // words
  "Words": "歌詞", "Singing": "歌声", "{what}, {start} to {end}, {share} sure": "{what}、{start}〜{end}、確信度{share}", "Words, {start} to {end}": "歌詞：{start}〜{end}",
  "A hyphen at the end says that the word goes on.": "語が次に続くときは、最後にハイフンを付けます。", "A word each": "1語ずつに分ける", "Words of the song": "この曲の歌詞",
  "From a file": "ファイルから", ".lrc, UltraStar .txt": ".lrc、UltraStarの.txt", "Words from a file": "歌詞ファイル", "Text without times": "時刻のないテキスト", "Words without times": "時刻のない歌詞",
  "A line each. They are laid over what is sung, and can be moved then.": "1行に1節ずつ書いてください。歌っているところに割り当てられ、あとで動かせます。", "Japanese, placed by listening": "日本語の歌詞を聴いて配置", "kana or Latin letters": "かな・ローマ字",
  "All that is sung, in kana or Latin letters, words parted by spaces. onpu listens where each is sung.": "歌われるすべての言葉を、かなかローマ字で、語を空白で区切って書いてください。onpuが聴いて位置を決めます。",
  "It is listened to where the words are sung …": "言葉がどこで歌われているか聴いています…", "Take all words away": "歌詞をすべて取り除く",
  "Words of {name} are there; save to keep them.": "{name}の歌詞を入れました。残すには保存してください。",
  "Onto a song, words are dropped (.lrc, UltraStar .txt); songs are dropped into the library.": "曲の画面には歌詞（.lrc、UltraStarの.txt）をドロップできます。曲はライブラリーにドロップしてください。",
  "Words {label}, {start} to {end}": "歌詞{label}、{start}〜{end}", "Nothing is sung, {start} to {end}": "{start}〜{end}は歌なし", "“{text}”": "「{text}」", "unknown": "不明", "and {count} more": "ほか{count}件",
  "1 passage of words": "歌詞1か所", "{count} passages of words": "歌詞{count}か所", "Words (.lrc)": "歌詞 (.lrc)", "words with their times, for players": "時刻付きの歌詞（プレーヤー用）",

  // songs that are alike
  "Songs like {title}": "{title}に似た曲", "Songs like this": "この曲に似た曲", "of the library": "ライブラリーから", "All songs": "すべての曲", "Alike in": "何が似ているか",
  "Sound: instruments, density, colour": "音：楽器・密度・音色", "Chords and melody, in any key and tempo": "コードとメロディー（調・テンポは問わない）", "Listening for likeness": "似た曲を探すために聴いています",
  "The library is listened to once for this …": "似た曲を探すため、ライブラリーを一度聴いています…", "There is no other song to compare it with.": "比べられる曲がほかにありません。",
  "{share} alike": "類似度{share}", "the same song": "同じ曲", "{count} semitones higher": "半音{count}個高い", "{count} semitones lower": "半音{count}個低い",
  "key {text}": "調 {text}", "{text} bpm": "♩={text}", "chords {text}": "コード {text}", "{text}": "{text}",

  // sheets
  "Page {page} of {count}": "{page}／{count}ページ", "Page before": "前のページ", "Next page": "次のページ",

  // what was found
  "{name}, {time}, {share} sure": "{name}、{time}、確信度{share}", "{name}, {share} sure": "{name}、確信度{share}", "{time} · velocity {velocity} · {share} sure": "{time} · 強さ{velocity} · 確信度{share}",
  "{start} to {end} · {share} sure": "{start}〜{end} · 確信度{share}", "{time} · {share} sure": "{time} · 確信度{share}", "Pedal down": "ペダル",
  "Key along the way": "調の移り変わり", "Tuning": "チューニング", "In words": "言葉で", "On average": "平均", "{count} onsets": "発音{count}個", "none found": "見つかりません", "{count} cents": "{count}セント",
  "Semitones up": "半音上", "written {count} semitones up": "半音{count}個上で記譜", "written {count} semitones down": "半音{count}個下で記譜", "Nothing was found in this recording.": "この録音からは何も見つかりませんでした。",
  "no key": "調なし", "dorian": "ドリア旋法", "phrygian": "フリギア旋法", "lydian": "リディア旋法", "mixolydian": "ミクソリディア旋法", "locrian": "ロクリア旋法",
  "intro": "イントロ", "verse": "Aメロ", "pre-chorus": "Bメロ", "chorus": "サビ", "bridge": "大サビ", "solo": "ソロ", "instrumental": "間奏", "outro": "アウトロ",
  "Percussion": "パーカッション", "voice": "歌", "drums": "ドラム", "bass": "ベース", "chromatic percussion": "鍵盤打楽器", "ensemble": "アンサンブル", "brass": "金管", "reed": "リード楽器", "pipe": "笛",
  "synth lead": "シンセリード", "synth pad": "シンセパッド", "synth effects": "シンセ効果音", "ethnic": "民族楽器", "percussive": "打楽器", "sound effects": "効果音", "keyboard": "鍵盤", "synthesiser": "シンセサイザー", "winds": "木管",
};
