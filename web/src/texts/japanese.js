/* English text -> Japanese text. */

export const JAPANESE = {
  // library
  "Add songs": "曲を追加", "Add a folder": "フォルダーを追加", "Add files": "ファイルを追加",
  "or drop them anywhere on this page": "またはこのページのどこにでもドロップ",
  "Search": "検索", "Search title, artist, key, chords …": "曲名・アーティスト・調・コードで検索…", "Order": "並び順",
  "Newest first": "新しい順", "Title": "曲名", "Artist": "アーティスト", "Length": "長さ", "Examples of searches": "検索の例",
  "Songs": "曲", "1 song": "1曲", "{count} songs": "{count}曲", "Nothing fits this search.": "見つかりませんでした。",
  "Drop a song here": "ここに曲をドロップ",
  "onpu listens to it and shows its chords, beats, sections, notes and words. It stays on this computer.":
    "onpuが聴き取り、コード・拍・構成・音符・歌詞を表示します。データはこのコンピューターから出ません。",
  "Uploads": "追加中のファイル", "Waiting": "待機中", "Checking": "確認中", "Starting": "準備中", "Take away {name}": "{name}を取り消す",
  "Cancel": "キャンセル", "Cancelled": "キャンセルしました", "Try again": "やり直す", "{time} left": "残り{time}",
  "Analysing {title}": "{title}を分析中", "Delete": "削除", "Delete {title}": "{title}を削除", "Delete {title}?": "{title}を削除しますか？",
  "The recording and all its corrections are taken out of the library. The file it came from stays.":
    "録音と修正内容がすべてライブラリーから削除されます。元のファイルは残ります。",
  "Language": "言語", "Library": "ライブラリー", "Loading …": "読み込み中…", "Close": "閉じる",
  "This song has not been analysed yet.": "この曲はまだ分析されていません。",
  "onpu does not answer. Is `onpu serve` still running?": "onpuが応答しません。`onpu serve`は動いていますか？",
  "The recording cannot be played.": "この録音は再生できません。",

  // hearing and seeing
  "Play": "再生", "Pause": "一時停止", "Play (space)": "再生（スペース）", "Pause (space)": "一時停止（スペース）", "Speed": "速さ",
  "Repeat": "繰り返す", "Repeat off": "繰り返しをやめる", "Stop repeating these bars": "この小節の繰り返しをやめる", "Repeat {label}": "{label}を繰り返す",
  "Transpose": "移調", "Transpose down a semitone (↓)": "半音下げる（↓）", "Transpose up a semitone (↑)": "半音上げる（↑）",
  "Semitones that names are transposed by": "移調する半音の数", "Zoom": "拡大", "All": "全体", "Show more (−)": "縮小（−）",
  "Show the whole recording (0)": "全体を表示（0）", "Show closer (+)": "拡大（+）", "Controls": "操作",
  "Click": "クリック", "A click on every beat": "拍ごとにクリックを鳴らす", "Count in": "カウントイン", "Count a bar before the music": "1小節数えてから再生",
  "How chords are written": "コードの書き方", "Chord names": "コードネーム", "Simple chords": "簡単なコード", "Roman numerals": "ローマ数字",
  "Read for": "楽器に合わせる", "Concert pitch": "実音", "B♭ instrument": "B♭管", "E♭ instrument": "E♭管", "F instrument": "F管", "Capo {fret}": "カポ{fret}",
  "Instrument of the diagrams": "コード図の楽器", "No diagram": "図なし", "Guitar": "ギター", "Ukulele": "ウクレレ", "Piano": "ピアノ",
  "Now": "現在", "Next": "次", "Bar": "小節", "Key": "調", "Timeline": "タイムライン", "Overview": "全体図", "Lanes": "レーン", "Instruments": "楽器",
  "Show or hide: {name}": "表示／非表示：{name}", "{bpm} beats a minute": "♩={bpm}", "{share} sure": "確信度{share}", "or {names}": "または{names}",
  "Lead sheet": "リードシート", "Print": "印刷", "Play from bar {number}": "{number}小節から再生",
  "Click: play from this bar. Drag: repeat these bars.": "クリック：ここから再生。ドラッグ：この範囲を繰り返す。",
  "Form": "構成", "Bars": "小節", "Chords": "コード", "Sound": "音", "Onsets": "発音", "Stems": "パート", "Players": "楽器", "Voice": "歌",
  "Melody": "メロディー", "Notes": "音符", "Drums": "ドラム", "Spectrum": "スペクトル", "Pitches": "音高", "high": "高", "low": "低",
  "How sure": "確信度", "Every chord": "すべてのコード", "Confidence": "確信度", "Time": "時間", "Sure": "確信度", "Or": "または",
  "Engraved sheets": "楽譜", "Engraving …": "浄書中…", "Install onpu[engrave] to see engraved sheets here.": "onpu[engrave]を入れると楽譜が表示されます。",
  "Space plays · ← → by bars, with shift by beats · ↑ ↓ transpose · + − 0 zoom · R repeats the bar · E corrects: C chord, B beat, D bar line, K key, S section · Ctrl+Z undoes":
    "スペース：再生 · ← →：小節（Shiftで拍） · ↑ ↓：移調 · + − 0：拡大 · R：小節を繰り返す · E：修正（C コード、B 拍、D 小節線、K 調、S 構成） · Ctrl+Z：元に戻す",

  // parts
  "Take the song apart": "曲をパートに分ける", "Taking the song apart": "パートに分けています", "Mute": "ミュート", "Solo": "ソロ", "Level: {name}": "音量：{name}",
  "Bass": "ベース", "The rest": "その他", "Voice, drums, bass and the rest, to be muted or heard alone. It takes about as long as the song.":
    "歌・ドラム・ベース・その他に分け、ミュートやソロで聴けます。曲とほぼ同じ時間がかかります。",

  // other drums
  "Drumix": "ドラミックス", "Change the drums": "ドラムを変える", "Other drums for this song, on its own beats: the song is taken apart first.": "この曲の拍に合わせて別のドラムを鳴らします。先に曲をパートに分けます。",
  "No beats were found in this song, on which drums could play.": "この曲には拍が見つからないため、ドラムを変えられません。",
  "Pattern": "パターン", "Kit": "キット", "Pattern of all drums": "全体のパターン", "Kit of all drums": "全体のキット", "As it was played": "元の演奏どおり", "Drawn": "描いたもの", "Nothing": "なし",
  "Kick": "キック", "Snare": "スネア", "Hi-hat": "ハイハット", "Toms": "タム", "Cymbals": "シンバル", "Crash": "クラッシュ", "Ride": "ライド", "Open hi-hat": "オープンハイハット",
  "Closed hi-hat": "クローズハイハット", "High tom": "ハイタム", "Middle tom": "ミドルタム", "Low tom": "ロータム", "nothing": "なし", "hit": "打", "accent": "アクセント", "ghost note": "ゴーストノート",
  "The song's own drums": "元のドラム", "Add a kit": "キットを追加", "Remove a kit": "キットを削除", "{title} is there as a kit now.": "{title}をキットに追加しました。",
  "Write as a file": "ファイルに書き出す", "Writing the song with these drums": "このドラムで書き出しています",
  "A kit is a soundfont (.sf2), or an .sfz file chosen together with its samples.": "キットはサウンドフォント（.sf2）、または.sfzファイルとそのサンプルです。",
  "Rock": "ロック", "Pop": "ポップ", "Slow ballad": "バラード", "Hard rock": "ハードロック", "Punk": "パンク", "Double bass drums": "ツーバス", "Blast beat": "ブラストビート", "Disco": "ディスコ",
  "House": "ハウス", "Techno": "テクノ", "Boom bap": "ブームバップ", "Trap": "トラップ", "Drum and bass": "ドラムンベース", "Breakbeat": "ブレイクビーツ", "Half time": "ハーフタイム", "Funk": "ファンク",
  "Soul": "ソウル", "Rhythm and blues": "R&B", "Shuffle": "シャッフル", "Jazz swing": "ジャズ", "Train beat": "トレインビート", "Country two-beat": "カントリー", "Reggae, one drop": "レゲエ",
  "Bossa nova": "ボサノバ", "Samba": "サンバ", "Reggaeton": "レゲトン", "Afrobeat": "アフロビート", "Waltz": "ワルツ", "Jazz waltz": "ジャズワルツ", "Six eight": "6/8", "Slow blues, twelve eight": "スローブルース 12/8",
  "March": "マーチ", "Tom groove": "タムのグルーヴ", "Five four": "5/4", "Hi-hat alone": "ハイハットのみ",

  // making
  "Make": "作る", "Make music": "音楽を作る", "What is made": "作るもの", "Weights": "重み", "Instrument": "楽器", "Tempo": "テンポ", "Making …": "作成中…",
  "{title} is in the library.": "{title}がライブラリーに入りました。", "It is listened to now.": "いま聴き取っています。", "It is being made; it will be in the library.": "作成中です。できあがるとライブラリーに入ります。",
  "from (s)": "開始（秒）", "to (s)": "終了（秒）", "Make something of the bars that are repeated, or of the whole song": "繰り返している小節、または曲全体から作る",
  "Continue this": "この続き", "piano, as it is played": "ピアノ演奏", "chords and melody": "コードとメロディー", "Chords for this melody": "このメロディーにコード", "Four voices for this melody": "このメロディーを四声に",
  "A melody after this": "この後に続くメロディー", "In between this and another": "もう1曲との中間", "Strings instead of piano": "ピアノを弦楽器に", "Guitar instead of piano": "ピアノをギターに",
  "A band instead of piano": "ピアノをバンドに", "Without noise": "ノイズを除く",

  // correcting
  "Correct": "修正", "Correct what onpu found (E)": "onpuの結果を修正する（E）", "Undo (Ctrl+Z)": "元に戻す（Ctrl+Z）", "Redo (Ctrl+Shift+Z)": "やり直す（Ctrl+Shift+Z）",
  "List of corrections": "修正の一覧", "Corrections": "修正", "1 correction": "修正1件", "{count} corrections": "修正{count}件", "Nothing is corrected yet.": "まだ修正はありません。",
  "Take out": "取り消す", "Metre": "拍子", "Bars ←": "小節 ←", "Bars →": "小節 →", "Bars begin a beat earlier": "小節の頭を1拍前へ", "Bars begin a beat later": "小節の頭を1拍後へ",
  "Half tempo": "テンポ半分", "Double tempo": "テンポ倍", "Every other beat is none": "拍を1つおきにする", "There is a beat between every two": "拍の間に拍を入れる",
  "Half a beat →": "半拍→", "Off-beats were taken for beats": "裏拍が拍とされている", "Beats moved by half a beat": "拍を半拍ずらす",
  "Deciding …": "判定中…", "Decided anew: {changes}": "新たに判定：{changes}", "Nothing else has changed": "ほかに変化はありません",
  "1 chord": "コード1個", "{count} chords": "コード{count}個", "1 key": "調1か所", "{count} keys": "調{count}か所", "1 section": "区間1個", "{count} sections": "区間{count}個",
  "1 beat": "拍1個", "{count} beats": "拍{count}個", "1 note": "音符1個", "{count} notes": "音符{count}個", "1 drum hit": "打音1個", "{count} drum hits": "打音{count}個", ", ": "、",
  "Chord": "コード", "Chord, bar {bar}, {time}": "コード：{bar}小節、{time}", "Set": "決定", "No chord": "コードなし",
  "Not a chord. Write it as Am7, F♯m7♭5, G/B or N.C.": "コードとして読めません。Am7、F♯m7♭5、G/B、N.C.のように書いてください。",
  "Or, as onpu hears it": "onpuの候補", "Often in this song": "この曲によく出るコード", "The other {chord} too": "もう1つの{chord}も", "The {count} other {chord} too": "ほかの{count}個の{chord}も",
  "Only from {time} on": "{time}以降だけ",
  "Right as it is": "このままで正しい", "Split at {time}": "{time}で分ける", "Join with next": "次とつなぐ",
  "Beat {position}, {time}": "{position}拍目、{time}", "Bar begins here": "ここから小節", "No bar begins here": "小節の頭ではない", "Not a beat": "拍ではない",
  "At {time}": "{time}", "Add a beat": "拍を追加", "Add a beat that begins a bar": "小節の頭の拍を追加",
  "Tonic": "主音", "Mode": "長短", "major": "長調", "minor": "短調", "Set for the whole song": "曲全体に設定", "Set from {start} on": "{start}以降に設定", "Set from {start} to {end}": "{start}〜{end}に設定",
  "Section, {start} to {end}": "区間：{start}〜{end}", "Name of the section": "区間の名前", "All that are called {name}": "{name}という区間すべて",
  "{note}, {time}": "{note}、{time}", "Semitone up": "半音上", "Semitone down": "半音下", "Octave up": "オクターブ上", "Octave down": "オクターブ下", "Add this note": "この音を追加",
  "Melody, {start} to {end}": "メロディー：{start}〜{end}", "{note} is sung": "{note}を歌っている", "Nothing is sung here": "歌っていない", "silent": "無音",
  "Beat at {time}": "{time}に拍", "No beat at {time}": "{time}は拍ではない", "Bar begins at {time}": "{time}から小節", "No bar begins at {time}": "{time}は小節の頭ではない",
  "Metre {numerator}/{denominator}": "拍子 {numerator}/{denominator}", "Bars moved by {beats} beats": "小節を{beats}拍ずらす", "Chord {label}, {start} to {end}": "コード {label}、{start}〜{end}",
  "Key {label}, {start} to {end}": "調 {label}、{start}〜{end}", "Section {label}, {start} to {end}": "区間 {label}、{start}〜{end}", "Section begins at {time}": "{time}から区間",
  "No section begins at {time}": "{time}は区間の境目ではない", "Note {pitch} at {start}": "音符 {pitch}、{start}", "No note {pitch} at {start}": "音符なし {pitch}、{start}",
  "Melody {pitch}, {start} to {end}": "メロディー {pitch}、{start}〜{end}", "Drum hit at {time}": "{time}に打音", "No drum hit at {time}": "{time}に打音なし",

  // saving and taking away
  "Save": "保存", "Saved": "保存済み", "Save as a new version": "新しい版として保存", "Save as a new version (Ctrl+S)": "新しい版として保存（Ctrl+S）", "Your name": "お名前", "Note": "メモ",
  "Saved as version {number}": "第{number}版として保存しました", "Version {number}": "第{number}版", "Versions": "版の履歴", "Restore": "戻す",
  "Version {number} is back, as version {version}": "第{number}版を第{version}版として戻しました", "Leave without saving?": "保存せずに移動しますか？", "Leave": "移動する",
  "Your corrections since the last version are not saved.": "前の版からの修正が保存されていません。", "What you had not saved last time is here again.": "前回保存しなかった修正を復元しました。",
  "Export": "書き出し", "The saved version {number} is exported; save to have your corrections in it.": "保存済みの第{number}版を書き出します。修正を含めるには保存してください。",
  "notes, drums, tempo, for sequencers": "音符・ドラム・テンポ", "for MuseScore, Sibelius, Dorico": "MuseScoreなどの楽譜ソフト用", "engraved sheets": "楽譜", "engraved sheets as pictures": "楽譜の画像",
  "Web page": "ウェブページ", "the report, to be passed on": "人に渡せるレポート", "everything, for programs": "全データ（プログラム用）", "Chords (.lab)": "コード (.lab)",
  "for Sonic Visualiser and mir_eval": "Sonic Visualiser・mir_eval用", "Beats": "拍", "times and positions": "時刻と拍の位置", "layers as CSV": "CSVレイヤー", "label tracks": "ラベルトラック",
  "Note events (.csv)": "音符の表 (.csv)", "notes as a table": "音符の一覧",
  "Tagged copy": "タグ付きコピー", "the recording, with tempo and key in its tags": "テンポと調をタグに書いた録音",
};
