"use strict";
/* Words of any writing in one form, on the device: the twin of philoxenia.directory.words and exchange.scripts, with
   their tables, which come with the edition. Owns folding and Latin spelling; knows nothing of services. */
(function (root) {
  const RANGES = [
    ["arabic", 0x600, 0x6ff], ["arabic", 0x750, 0x77f], ["arabic", 0xfb50, 0xfdff], ["arabic", 0xfe70, 0xfeff],
    ["cyrillic", 0x400, 0x52f], ["greek", 0x370, 0x3ff], ["greek", 0x1f00, 0x1fff], ["latin", 0x41, 0x24f],
    ["latin", 0x1e00, 0x1eff],
  ];
  // Letters of one sound that keyboards exchange.
  const SAME = new Map(Object.entries({
    "ٱ": "ا", "ک": "ك", "ی": "ي", "ى": "ي", "ے": "ي", "ة": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه", "ء": "", "ـ": "",
  }));
  const UKRAINIAN = /[іїєґ]/;
  const LONGEST = 80, LONGEST_WORD = 40;
  // й and ї are letters of their own; a stress mark is not.
  const MARKS = /[\u0300\u0301\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]|(?<![а-яіїє])[\u0300-\u036f]/gu;
  const UNSEEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu;
  const APOSTROPHE = /(?<=[\u0400-\u04ff])['`ʼ’‘](?=[\u0400-\u04ff])/gu;
  const POSSESSIVE = /['ʼ’]s(?![\p{L}\p{N}_])/gu;
  const ASCII = /^[\x00-\x7f]*$/;
  const WORD = /[\p{L}\p{N}]+/gu;
  // Digits that stand for letters in Arabic chats.
  const CHAT = { 2: "", 3: "a", 5: "kh", 6: "t", 7: "h", 8: "gh", 9: "s" };
  const CHAT_WORD = /^(?=.*[a-z])(?=.*[235-9])[a-z2356789]+$/;

  function scriptOf(letter) {
    const point = letter.codePointAt(0);
    const found = RANGES.find(([, first, last]) => first <= point && point <= last);
    return found ? found[0] : "other";
  }

  class Letters {
    constructor(tables) {
      this.letters = new Map();
      for (const script of ["arabic", "cyrillic", "greek", "latin"]) {
        for (const [letter, latin] of Object.entries(tables.letters[script])) this.letters.set(letter, latin);
      }
      this.latin = new Map(Object.entries(tables.letters.latin));
      this.ukrainian = new Map(Object.entries(tables.letters.cyrillic_ukrainian));
      this.rules = {};
      for (const [name, rules] of Object.entries(tables.rewrites)) {
        this.rules[name] = rules.map(([pattern, replacement]) => [new RegExp(pattern, "gu"), replacement]);
      }
      this.same = tables.same;
      this.sameLetters = new RegExp(`[${Object.keys(tables.same).join("")}]`, "gu");
    }

    /* A word without case, accents and signs. */
    plain(word) {
      const kept = [];
      for (const letter of word.slice(0, LONGEST).normalize("NFKD").toLowerCase().replace(/ς/g, "σ")) {
        if (/\p{M}/u.test(letter) && (!kept.length || ["latin", "greek", "arabic"].includes(scriptOf(kept.at(-1))))) continue;
        kept.push(letter);
      }
      let text = "";
      for (const letter of kept.join("").normalize("NFC")) {
        const same = SAME.has(letter) ? SAME.get(letter) : letter;
        text += this.latin.has(same) ? this.latin.get(same) : same;
      }
      return text.replace(/[^\p{L}\p{M}]/gu, "");
    }

    /* A plain word in Latin letters. */
    romanised(word) {
      const script = word ? scriptOf(word[0]) : "other";
      let text = this.rewritten(word, `script ${script}`);
      if (script === "arabic") text = text.replace(/([^a-z\W]|[\u0600-\u06ff])(?=\1)/gu, "$1a");
      if (script === "cyrillic" && UKRAINIAN.test(text)) text = translated(text, this.ukrainian);
      return translated(text, this.letters);
    }

    /* What all spellings of one word share: its consonants in classes. */
    bones(word) {
      const chat = CHAT_WORD.test(word) ? word.replace(/[2-9]/g, (digit) => CHAT[digit] ?? digit) : word;
      const latin = this.romanised(this.plain(chat));
      const text = this.rewritten(latin, "skeleton latin");
      if (!text) return latin;
      const first = /^y[aeiou]/.test(text) ? "y" : text[0].replace(/[aeiouy]/, "a");
      return first + text.slice(1).replace(/[aeiouy]/g, "");
    }

    rewritten(word, stage) {
      for (const [pattern, replacement] of this.rules[stage] || []) word = word.replace(pattern, replacement);
      return word;
    }

    /* The text as search compares it. */
    fold(text) {
      if (ASCII.test(text)) return text.toLowerCase();
      const bare = text.replace(UNSEEN, "").normalize("NFKD").toLowerCase().replace(/ß/g, "ss").replace(MARKS, "").normalize("NFC");
      return bare.replace(this.sameLetters, (letter) => this.same[letter]);
    }

    /* The folded words of a text, in their order. */
    words(text) {
      const folded = this.fold(text).replace(APOSTROPHE, "").replace(POSSESSIVE, "");
      return (folded.match(WORD) || []).map((word) => word.slice(0, LONGEST_WORD));
    }
  }

  function translated(word, table) {
    let text = "";
    for (const letter of word) text += table.has(letter) ? table.get(letter) : letter;
    return text;
  }

  root.philoxenia = Object.assign(root.philoxenia || {}, { Letters, scriptOf });
})(self);
