/* English text -> Japanese text, of the makers: what they are, their options, and what may be given to them. */

export const MAKING = {
  // makers
  "strokes of a drum, out of noise": "ノイズから作るドラムの一打", "Make strokes of a drum.": "ドラムの一打を作ります。",
  "strokes of drums, out of noise": "ノイズから作るいろいろなドラムの一打", "Make strokes of drums, whichever come.": "種類を決めずにドラムの一打を作ります。",
  "four-part chorales": "四声のコラール", "Compose four-part chorales in the manner of J. S. Bach, or harmonise a melody.": "J. S. バッハ風の四声のコラールを作曲します。メロディーに和声を付けることもできます。",
  "melodies over chords, bar by bar": "コードに合わせた1小節ずつのメロディー", "Make melodies over chords, bar by bar.": "コードに合わせて1小節ずつメロディーを作ります。",
  "melodies, drumming, small bands of 2 or 16 bars, and what lies between two": "2小節か16小節のメロディー・ドラム・小編成、2曲の中間",
  "Make melodies, drumming or small bands, as the weights say; vary a passage, or go from one to another.":
    "重みに応じてメロディー・ドラム・小編成を作ります。与えた部分の変奏や、2つの間をつなぐこともできます。",
  "performances on the piano": "ピアノの演奏", "Play the piano, event by event, from nothing or continuing a primer.": "何もないところから、または与えた音楽の続きとして、ピアノを弾きます。",
  "music painted pixel by pixel: bars for the piano, or strokes of drums": "ピクセルごとに描く音楽：ピアノの小節、またはドラムの一打",
  "Paint bars for the piano, or strokes of drums, pixel by pixel with a Gated PixelCNN.": "Gated PixelCNNで、ピアノの小節かドラムの一打をピクセルごとに描きます。",
  "music painted by a network that is recurrent in time and pitch": "時間と音高の両方向に再帰するネットワークが描く音楽",
  "Paint bars for the piano, or strokes of drums, pixel by pixel with spatial LSTMs (RIDE).": "空間LSTM（RIDE）で、ピアノの小節かドラムの一打をピクセルごとに描きます。",
  "notes between the notes of instruments": "楽器の音と音の中間の音",
  "Play a note that lies between the notes of instruments; as a page, all that lies between them; as a sampled instrument, all its keys.":
    "楽器の音と音の中間にある音を鳴らします。ページとして中間のすべてを、サンプル音源としてすべての鍵を作ることもできます。",
  "chords for a melody": "メロディーに付けるコード", "Find chords for a melody.": "メロディーに合うコードを付けます。",

  // options
  "seed": "乱数の種", "random seed of the first piece; the next pieces have the next seeds": "最初の曲の乱数の種。次の曲には次の数を使います",
  "iterations": "反復回数", "iterations of fast Griffin-Lim that find the phases, 0 to 1000": "位相を求める高速Griffin-Limの反復回数、0〜1000",
  "iterations of fast Griffin-Lim that find the phases": "位相を求める高速Griffin-Limの反復回数",
  "share": "割合", "place from the first sound, 0, to the second, 1": "1つ目の音（0）から2つ目の音（1）までの位置",
  "down": "下への割合", "place from the first two, 0, to the two below, 1": "上の2つの音（0）から下の2つの音（1）までの位置",
  "key, a MIDI number, 36 to 84; the default is the first sound's pitch": "鍵のMIDI番号、36〜84。指定しなければ1つ目の音の高さ",
  "iterations of fast Griffin-Lim that find the phases, 0 to 1000, for weights of strokes": "位相を求める高速Griffin-Limの反復回数、0〜1000（一打を作る重みの場合）",
  "drum": "ドラム", "drum: kick, snare, closed hi-hat, open hi-hat, tom, ride, crash, clap": "ドラムの種類",
  "drum that is struck, for weights of strokes: kick, snare, closed hi-hat, open hi-hat, tom, ride, crash, clap": "叩くドラム（一打を作る重みの場合）",
  "kick": "キック", "snare": "スネア", "closed hi-hat": "クローズハイハット", "open hi-hat": "オープンハイハット", "tom": "タム", "ride": "ライド", "crash": "クラッシュ", "clap": "クラップ",
  "bars": "小節数", "length in bars, 1 to 64": "長さ（小節）、1〜64", "length in bars, 1 to 64, without those that are continued": "長さ（小節）、1〜64。続きの元になる小節は含みません",
  "key": "調",
  "key, as in Eb:major or a minor; modes: major, minor, dorian, phrygian, lydian, mixolydian, locrian; the default is G:major, or the key of the melody":
    "調。Eb:majorやa minorのように書きます。旋法はmajor、minor、dorian、phrygian、lydian、mixolydian、locrian。指定しなければG:major、またはメロディーの調",
  "key, major or minor, as in Eb:major or a minor": "調（長調か短調）。Eb:majorやa minorのように書きます",
  "key in which chords are spelled, as in Eb:major or a minor; the default is the melody's": "コードを書く調。Eb:majorやa minorのように書きます。指定しなければメロディーの調",
  "metre": "拍子", "metre: 4/4, 3/4": "拍子：4/4、3/4", "upbeat": "弱起", "begin with the last quarter note of a bar": "小節の最後の四分音符から始める",
  "phrase": "フレーズ", "length of a phrase in bars, each of which ends with a fermata; 0: the last one alone": "フェルマータで終わるフレーズの長さ（小節）。0：最後だけ",
  "temperature": "温度", "sampling temperature of the last sweeps: below 1 plainer, above 1 bolder": "最後の掃引でのサンプリング温度。1未満は素直に、1を超えると大胆に",
  "sampling temperature: below 1 plainer, above 1 bolder": "サンプリング温度。1未満は素直に、1を超えると大胆に",
  "sampling temperature: below 1 plainer, above 1 bolder, 0 the likeliest; the default is 0.5, or 0 with a passage that is given":
    "サンプリング温度。1未満は素直に、1を超えると大胆に、0は最もありそうなもの。指定しなければ0.5、音楽を与えた場合は0",
  "sampling temperature; 0: the most probable chords, without sampling": "サンプリング温度。0：最も確率の高いコード", "scale of the noise: below 1 plainer, above 1 bolder": "ノイズの大きさ。1未満は素直に、1を超えると大胆に",
  "cadences": "終止", "chords that the phrases end on, as in I,V,vi,I; the default is as Bach's do, the last one on the tonic": "フレーズの終わりの和音。I,V,vi,Iのように書きます。指定しなければバッハ風に、最後は主和音",
  "sweeps": "掃引の回数", "sweeps of Gibbs sampling, in each of which every note is drawn anew": "ギブスサンプリングの掃引の回数。1回ごとにすべての音を引き直します",
  "strictness": "厳しさ", "penalty in nats of a parallel fifth or octave; 0: none, as in the paper": "連続5度・8度への罰（ナット）。0：論文と同じく罰なし",
  "staves": "譜表の数", "staves of the score: 2, each with two voices, as in hymnals, or 4: 2, 4": "楽譜の譜表の数。2は賛美歌集のように2声ずつ、4は1声ずつ", "2": "2", "4": "4", "4/4": "4/4", "3/4": "3/4",
  "chords": "コード", "chords as in Am or in the syntax of Harte et al., one a bar, repeated from the first one on": "コード。Amのように、またはHarteらの書き方で、1小節に1つ。足りなければ最初から繰り返します",
  "candidates": "候補の数", "bars that are made for each bar, of which the one with the fewest leaps is taken; 1: the first one": "1小節につき作る候補の数。跳躍の最も少ないものを選びます。1：最初のもの",
  "density": "密度", "how many times the attribute vector of note density is added; below 0: taken off": "音の密度の属性ベクトルを何倍足すか。負なら引きます",
  "syncopation": "シンコペーション", "the same of syncopation": "シンコペーションについて同様", "range": "音域", "the same of pitch range": "音域の広さについて同様",
  "steps": "段階の数", "passages from the first to the second, both included, 2 to 64": "1つ目から2つ目までの段階の数（両端を含む）、2〜64",
  "seconds": "秒数", "length of what is composed in seconds, 1 to 600": "作る長さ（秒）、1〜600", "top p": "上位確率 (top p)",
  "nucleus sampling: only the likeliest events are drawn that together have this probability; 1: all": "合わせてこの確率になる、ありそうな出来事だけから引きます。1：すべて",
  "primer seconds": "元の音楽の秒数", "length of the primer in seconds, from its first note on": "元になる音楽の長さ（秒）。最初の音から数えます",
  "beam": "ビーム幅", "width of the beam search at temperature 0; 1: the most probable chord each time": "温度0のときのビームサーチの幅。1：毎回最も確率の高いコード",

  "a line of notes by an instrument, sample by sample": "楽器が奏でる旋律（1サンプルずつ）",
  "Play a line of notes on an instrument, sample by sample.": "1サンプルずつ、楽器で旋律を鳴らします。",
  "instrument": "楽器", "instrument that plays: piano, guitar, trumpet, flute": "演奏する楽器：ピアノ、ギター、トランペット、フルート",
  "length of a line at random in seconds": "無作為に作る旋律の長さ（秒）",
  "sampling temperature: below 1 purer, above 1 noisier": "サンプリング温度。1未満は澄んだ音に、1を超えるとノイズが多く",

  // what may be given
  "notes": "音符", "a tune, of which one note sounds at a time": "一度に1つの音だけが鳴るメロディー",
  "soprano": "ソプラノ", "melody to harmonise, whose bars, metre and phrases are kept": "和声を付けるメロディー。小節・拍子・フレーズはそのまま使います",
  "after": "前の音楽", "music whose first bar with notes the melody continues": "この音楽の最初の小節に続くメロディーを作ります",
  "like": "手本", "music whose first bars with notes are made anew": "この音楽の最初の小節を新しく作り直します",
  "interpolate": "2曲の中間", "two such files, and passages on the way from one to the other": "2曲を選ぶと、その間をつなぐ音楽を作ります",
  "primer": "元の音楽", "music that is continued": "続きを作る音楽", "continue": "続きの元", "music that is continued, in its key and metre": "その調と拍子で続きを作る音楽",
  "melody": "メロディー", "melody, in place of the Ode to Joy": "「歓喜の歌」の代わりに使うメロディー",

  // instruments
  "piano": "ピアノ", "harpsichord": "チェンバロ", "organ": "オルガン", "guitar": "ギター", "violin": "バイオリン", "strings": "弦楽合奏", "choir": "合唱", "trumpet": "トランペット",
  "oboe": "オーボエ", "clarinet": "クラリネット", "flute": "フルート",
};
