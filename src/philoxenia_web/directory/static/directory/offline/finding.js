"use strict";
/* Search over the rows of an edition, on the device. Owns matching and order; ignores how rows came here and look. */
(function (root) {
  const { Hours, now } = root.philoxenia;
  // What a word is worth by where it stands.
  const WORTH = { name: 12, other: 9, terms: 6, needs: 5, organisation: 5, places: 3, text: 1 };
  const EXACT = 1, BEGINS = 0.7, MISSPELT = 0.45, SPELT_OTHERWISE = 0.5, MEANT = 4, TOLD = 0.5;
  const ARABIC_BEFORE = /^(?:وال|بال|كال|فال|لل|ال|و|ب|ل)(?=[\u0600-\u06ff]{3})/u;

  const wordsOf = (text) => (Array.isArray(text) ? text[0] : text || "");
  const all = (texts) => (texts || []).map(wordsOf).join(" ");

  /* Whether two words lie no more edits apart than allowed; a swap of neighbours is one edit. */
  function near(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return false;
    let [before, last] = [null, Array.from({ length: other.length + 1 }, (_, at) => at)];
    for (let row = 1; row <= one.length; row += 1) {
      const line = [row];
      let least = row;
      for (let at = 1; at <= other.length; at += 1) {
        const change = one[row - 1] === other[at - 1] ? 0 : 1;
        let value = Math.min(last[at] + 1, line[at - 1] + 1, last[at - 1] + change);
        if (before && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]) value = Math.min(value, before[at - 2] + 1);
        line.push(value);
        least = Math.min(least, value);
      }
      if (least > most) return false;
      [before, last] = [last, line];
    }
    return last[other.length] <= most;
  }

  const forgiven = (word) => (word.length >= 7 ? 2 : word.length >= 4 ? 1 : 0);

  function kilometres([latitude, longitude], [other, beside]) {
    const radians = Math.PI / 180;
    const x = (beside - longitude) * Math.cos(((latitude + other) / 2) * radians);
    return Math.hypot(x, other - latitude) * 111.2;
  }

  class Finder {
    /* `rows` of services, `tables` the words of the edition, `zone` the city's. */
    constructor(rows, tables, zone) {
      this.rows = rows;
      this.tables = tables;
      this.zone = zone;
      this.letters = new root.philoxenia.Letters(tables);
      this.index = new Map();
      this.hours = new Map();
      this.stop = new Set(tables.stop || []);
      this.phrases = this.meanings();
      this.read = 0;
    }

    /* Read some more rows into the index, so that a slow device can breathe; true when all are in. */
    prepare(milliseconds = Infinity) {
      const end = performance.now() + milliseconds;
      while (this.read < this.rows.length) {
        this.add(this.read, this.rows[this.read]);
        this.read += 1;
        if (this.read % 50 === 0 && performance.now() > end) return false;
      }
      return true;
    }

    add(number, row) {
      const places = (row.pl || []).map((place) => [wordsOf(place.n), ...(place.a || []), place.c, place.z].join(" ")).join(" ");
      const fields = {
        name: wordsOf(row.n), other: wordsOf(row.a), terms: all(row.t), organisation: wordsOf(row.o), places,
        needs: (row.ne || []).map((code) => this.tables.needs[code] || code).join(" "),
        text: [row.d, row.el, row.ap].map(wordsOf).join(" ") + " " + all(row.do),
      };
      const worth = new Map();
      for (const [field, text] of Object.entries(fields)) {
        for (const word of this.words(text)) worth.set(word, Math.max(worth.get(word) || 0, WORTH[field]));
      }
      for (const [word, value] of worth) {
        const found = this.index.get(word);
        if (found) found.push(number, value);
        else this.index.set(word, [number, value]);
      }
    }

    words(text) {
      return this.letters.words(text).filter((word) => !this.stop.has(word)).map((word) => word.replace(ARABIC_BEFORE, ""));
    }

    /* Newcomers' words: each with its topic; and the words by which services tell of a topic. */
    meanings() {
      this.topics = new Map();
      const phrases = [];
      for (const [code, [need, both, asked, offered]] of Object.entries(this.tables.topics || {})) {
        this.topics.set(code, { need, words: [...both, ...offered].map((text) => this.words(text)).filter((one) => one.length) });
        for (const text of [...both, ...asked]) {
          const parts = this.words(text);
          if (parts.length) phrases.push([parts, code]);
        }
      }
      return phrases;
    }

    /* Words of the index that a written word may be, each with how sure that is. */
    meant(word, vocabulary = this.index) {
      const found = new Map();
      if (vocabulary.has(word)) found.set(word, EXACT);
      for (const known of vocabulary.keys()) {
        if (found.has(known)) continue;
        if (begins(word, known)) found.set(known, BEGINS);
      }
      if (found.size) return found;
      const most = forgiven(word);
      if (most) for (const known of vocabulary.keys()) if (known.length >= 4 && near(word, known, most)) found.set(known, MISSPELT);
      if (!found.size) for (const known of this.spelt(word, vocabulary)) found.set(known, SPELT_OTHERWISE);
      return found;
    }

    /* Words that are spelt otherwise, perhaps in other letters. */
    spelt(word, vocabulary) {
      if (!vocabulary.bones) {
        vocabulary.bones = new Map();
        for (const known of vocabulary.keys()) {
          const bones = this.letters.bones(known);
          if (vocabulary.bones.has(bones)) vocabulary.bones.get(bones).push(known);
          else vocabulary.bones.set(bones, [known]);
        }
      }
      const bones = this.letters.bones(word);
      return bones.length >= 2 ? vocabulary.bones.get(bones) || [] : [];
    }

    /* Topics that the words of a question stand for. */
    topicsOf(words) {
      if (!this.phraseWords) this.phraseWords = new Map(this.phrases.flatMap(([parts]) => parts.map((one) => [one, true])));
      const may = new Map();
      for (const word of words) for (const [one, sure] of this.meant(word, this.phraseWords)) may.set(one, Math.max(sure, may.get(one) || 0));
      const found = new Map();
      for (const [parts, code] of this.phrases) {
        const sure = Math.min(...parts.map((part) => may.get(part) || 0));
        if (sure > 0) found.set(code, Math.max(sure, found.get(code) || 0));
      }
      return found;
    }

    /* Score of each row for a text; none where the text has no word to look for. */
    scores(text) {
      this.prepare();
      const words = [...new Set(this.words(text))];
      const total = new Map();
      const hits = new Map();
      for (const word of words) {
        for (const [number, value] of this.rowsOf(this.meant(word))) {
          total.set(number, (total.get(number) || 0) + value);
          hits.set(number, (hits.get(number) || 0) + 1);
        }
      }
      // Rows that hold all the words come first.
      for (const [number, count] of hits) total.set(number, total.get(number) * (count / words.length) ** 2);
      for (const [code, sure] of this.topicsOf(words)) this.addTopic(code, sure, total);
      return total;
    }

    /* Rows that hold one of the words, with what that is worth. */
    rowsOf(words) {
      const best = new Map();
      for (const [known, sure] of words) {
        const list = this.index.get(known);
        if (!list) continue;
        const rare = Math.log(1 + (2 * this.rows.length) / list.length);
        for (let at = 0; at < list.length; at += 2) {
          const value = sure * rare * list[at + 1];
          if (value > (best.get(list[at]) || 0)) best.set(list[at], value);
        }
      }
      return best;
    }

    /* Services that tell of a topic in their own words come before those that only answer its need. */
    addTopic(code, sure, total) {
      const topic = this.topics.get(code);
      const add = (number, value) => total.set(number, (total.get(number) || 0) + sure * value);
      for (const parts of topic.words) {
        const lists = parts.map((part) => this.rowsOf([[part, EXACT]]));
        for (const [number, value] of lists[0]) {
          if (lists.every((list) => list.has(number))) add(number, value * TOLD);
        }
      }
      this.rows.forEach((row, number) => {
        if (topic.need && (row.ne || []).includes(topic.need)) add(number, MEANT);
      });
    }

    hoursOf(row, place) {
      const rules = (place && place.h && place.h.length ? place.h : row.h) || [];
      if (!this.hours.has(rules)) this.hours.set(rules, new Hours(rules));
      return this.hours.get(rules);
    }

    isOpen(row, { day, minute }) {
      if (row.z) return false;
      const places = row.pl && row.pl.length ? row.pl : [null];
      return places.some((place) => this.hoursOf(row, place).until(day, minute) !== null);
    }

    passes(row, asked, moment) {
      if (asked.need && !(row.ne || []).includes(asked.need)) return false;
      if (asked.free && row.f !== 1) return false;
      if (asked.safe && row.sp !== 1) return false;
      if (asked.nothing && (row.do || []).length) return false;
      if (asked.wheelchair && !(row.pl || []).some((place) => place.w === 1)) return false;
      if (asked.spoken && !this.speaks(row, asked.spoken)) return false;
      if (asked.organisation && row.oi !== asked.organisation) return false;
      return !asked.open || this.isOpen(row, moment);
    }

    speaks(row, code) {
      const spoken = [...(row.l || []), ...[row, ...(row.pl || [])].flatMap((one) => (one.p || []).flatMap((phone) => phone.l || []))];
      return spoken.some((one) => one === code || one.split("-")[0] === code);
    }

    /* What was asked for: rows with their nearest place and distance, best first. */
    find(asked, moment) {
      const time = now(this.zone, moment);
      const text = (asked.q || "").trim();
      const scores = text ? this.scores(text) : null;
      const district = asked.near && this.tables.districts.find(([id]) => id === asked.near);
      const found = [];
      this.rows.forEach((row, number) => {
        if (scores && !scores.has(number)) return;
        if (!this.passes(row, asked, time)) return;
        const one = { row, score: scores ? scores.get(number) : 0, place: (row.pl || [])[0] || null, km: null };
        if (district) Object.assign(one, closest(row, [district[2], district[3]]));
        found.push(one);
      });
      found.sort((a, b) => order(a, b, Boolean(district)));
      return { found, time };
    }
  }

  function closest(row, point) {
    let best = { place: (row.pl || [])[0] || null, km: null };
    for (const place of row.pl || []) {
      if (!place.g) continue;
      const km = kilometres(point, place.g);
      if (best.km === null || km < best.km) best = { place, km };
    }
    return best;
  }

  function order(a, b, byDistance) {
    if (byDistance && a.km !== b.km) return (a.km === null) - (b.km === null) || a.km - b.km;
    return b.score - a.score || wordsOf(a.row.n).localeCompare(wordsOf(b.row.n));
  }

  /* One word is the beginning of the other, or both differ in their endings alone. */
  function begins(word, known) {
    if (word.length < 3 || known.length < 3) return false;
    if (known.startsWith(word)) return known.length <= word.length + 6;
    if (known.length > word.length + 3 || word.length > known.length + 3) return false;
    let same = 0;
    while (same < word.length && word[same] === known[same]) same += 1;
    return same >= 4 && same >= Math.max(word.length, known.length) - 2 && same >= 0.65 * Math.max(word.length, known.length);
  }

  root.philoxenia = Object.assign(root.philoxenia, { Finder, wordsOf, kilometres });
})(self);
