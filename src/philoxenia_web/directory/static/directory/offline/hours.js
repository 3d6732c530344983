"use strict";
/* When a place is open, from the rules of an edition: the twin of philoxenia.directory.hours. Days are numbers since
   1970 in the city's own calendar, times minutes after midnight. */
(function (root) {
  const DAY = 1440;
  const AHEAD = 62;
  const SINCE = 4; // 5 January 1970 was a Monday.

  const dayOf = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / 86400000);
  const dateOf = (day) => new Date(day * 86400000);
  const weekday = (day) => (((day - SINCE) % 7) + 7) % 7;

  /* Today and the minute in a time zone. */
  function now(zone, moment) {
    const parts = {};
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    });
    for (const { type, value } of format.formatToParts(moment || new Date())) parts[type] = value;
    return { day: dayOf(`${parts.year}-${parts.month}-${parts.day}`), minute: Number(parts.hour) * 60 + Number(parts.minute) };
  }

  function read(rule) {
    const start = rule.s ? dayOf(rule.s) : null;
    return {
      ...rule, start, first: rule.a ? dayOf(rule.a) : start, last: rule.b ? dayOf(rule.b) : null,
      anchor: start !== null ? start : rule.a ? dayOf(rule.a) : SINCE, every: rule.i || 1, days: rule.d || [], dates: rule.m || [],
    };
  }

  function falls(rule, day) {
    if ((rule.first !== null && day < rule.first) || (rule.last !== null && day > rule.last)) return false;
    if (rule.f === "WEEKLY") {
      const days = rule.days.length ? rule.days : [weekday(rule.anchor)];
      if (!days.includes(weekday(day))) return false;
      const week = (one) => Math.floor((one - SINCE - (rule.w || 0)) / 7);
      return (week(day) - week(rule.anchor)) % rule.every === 0;
    }
    if (rule.f === "MONTHLY") return monthly(rule, day);
    const named = !rule.days.length || rule.days.includes(weekday(day));
    return named && (day - rule.anchor) % rule.every === 0;
  }

  function monthly(rule, day) {
    const [date, start] = [dateOf(day), dateOf(rule.anchor)];
    const months = (date.getUTCFullYear() - start.getUTCFullYear()) * 12 + date.getUTCMonth() - start.getUTCMonth();
    if (months % rule.every) return false;
    const number = date.getUTCDate();
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    if (rule.dates.length) return rule.dates.includes(number) || rule.dates.includes(number - last - 1);
    if (!rule.days.length) return number === start.getUTCDate();
    const places = [0, Math.floor((number - 1) / 7) + 1, -(Math.floor((last - number) / 7) + 1)];
    return rule.days.some(([place, one]) => one === weekday(day) && places.includes(place));
  }

  const span = (rule) => (rule.first === null || rule.last === null ? null : rule.last - rule.first + 1);

  class Hours {
    constructor(rules) {
      const all = (rules || []).filter((rule) => rule.f).map(read);
      this.open = all.filter((rule) => !rule.x);
      this.closed = all.filter((rule) => rule.x);
      this.words = (rules || []).map((rule) => rule.k).filter(Boolean);
    }

    get known() { return this.open.length > 0; }

    /* Pairs of minutes of a day, earliest first. */
    on(day) { return merged(this.spans(day)); }

    spans(day) {
      const closings = this.closed.filter((rule) => falls(rule, day)).map(span);
      return this.open
        .filter((rule) => falls(rule, day))
        .filter((rule) => closings.every((days) => span(rule) !== null && (days === null || span(rule) <= days)))
        .map((rule) => {
          const opens = rule.o || 0;
          const closes = (rule.c || 0) + (rule.c === DAY - 1 ? 1 : 0);
          return closes > opens ? [opens, closes] : [opens, closes + DAY];
        });
    }

    /* The minute at which it closes, where it is open; null where it is not. */
    until(day, minute) {
      const spans = [-1, 0, 1].flatMap((ahead) => this.spans(day + ahead).map(([a, b]) => [a + ahead * DAY, b + ahead * DAY]));
      const found = merged(spans).find(([opens, closes]) => opens <= minute && minute < closes);
      return found ? found[1] : null;
    }

    /* The next day and minute it opens; null where that is too far off. */
    next(day, minute) {
      for (let ahead = 0; ahead < AHEAD; ahead += 1) {
        const found = this.on(day + ahead).find(([opens]) => ahead > 0 || opens > minute);
        if (found) return { day: day + ahead, minute: found[0] };
      }
      return null;
    }
  }

  function merged(spans) {
    const found = [];
    for (const [first, last] of [...spans].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      if (found.length && first <= found.at(-1)[1]) found.at(-1)[1] = Math.max(found.at(-1)[1], last);
      else found.push([first, last]);
    }
    return found;
  }

  root.philoxenia = Object.assign(root.philoxenia || {}, { Hours, now, dayOf });
})(self);
