/* English text -> Japanese text, of learning from corrections. */

export const LEARNING = {
  "Learning": "学習", "Learn from my corrections": "修正から学習する", "Beats and bars": "拍と小節", "What is learned": "学習する項目", "What was learned": "学習の結果",
  "What you correct, onpu can learn: it then hears music like yours better. A part of what you have set right is kept out, to see whether it does.":
    "修正した内容をonpuが学習すると、似た音楽をより正しく聴き取れるようになります。正しくした部分の一部は学習に使わず、よくなったかどうかの確認に使います。",
  "{time} set right": "{time} 確認済み", "{time} set right; {needed} s are needed": "{time} 確認済み（{needed}秒必要です）",
  "Nothing is corrected yet. Correct a song, or say when you save it that something in it is right.": "まだ修正がありません。曲を修正するか、保存するときに正しい項目を選んでください。",
  "some minutes, in the background; it can be stopped, and goes on after a restart": "数分かかります。裏で進み、いつでも止められ、再起動後も続きます",
  "from 1 song": "1曲から", "from {count} songs": "{count}曲から",
  "1 song was heard by other weights than those in use.": "1曲は、いま使っている重みとは別の重みで聴き取られています。",
  "{count} songs were heard by other weights than those in use.": "{count}曲は、いま使っている重みとは別の重みで聴き取られています。",
  "Hear them anew": "聴き直す", "They are heard anew, one after the other; what you have set right stays.": "1曲ずつ聴き直します。正しくした内容は残ります。",
  "{task}: back to what onpu came with": "{task}：onpuの元の重みに戻す", "Learning: {task}": "学習中：{task}", "It begins when no song is being heard.": "曲の聴き取りが終わると始まります。",
  "better": "よくなりました", "no better, so nothing was changed": "よくならなかったので、変更していません", "in use": "使用中", "Use these": "これを使う", "Learning has ended.": "学習が終わりました。",
  "On what was kept out {before} before, {after} after; on composed songs {forgot} before, {still} after.": "確認用の部分：{before} → {after}、作られた曲：{forgot} → {still}。",
  "Heard by other weights": "別の重みで聴き取り済み", "Hear again": "聴き直す", "Waits to be heard anew": "聴き直し待ち", "Heard anew": "聴き直し中",
  "Everything in it is right, and can be learned from:": "すべて正しいので学習に使える項目：", "Keys": "調", "Confirm": "確認", "Say what is right, so that it can be learned from": "正しい項目を選び、学習に使えるようにする",
};
