"use strict";
/* Pieces of the page: templates filled, words of the page, texts with their language, numbers and days in a language. */
(function (root) {
  const { now } = root.philoxenia;
  const page = document.documentElement;
  const language = page.lang;
  const locale = `${language}-u-nu-latn`;
  const words = new Map();
  for (const one of document.getElementById("words").content.querySelectorAll("[data-word]")) words.set(one.dataset.word, one.textContent);

  /* A sentence of the page; %(name)s are filled, each kept in its own direction. */
  function say(name, values = {}) {
    return (words.get(name) || name).replace(/%\((\w+)\)s/g, (_, key) => (key in values ? `\u2068${values[key]}\u2069` : ""));
  }

  function make(template) {
    return document.getElementById(template).content.firstElementChild.cloneNode(true);
  }

  const slot = (node, name) => node.querySelector(`[data-slot="${name}"]`);

  function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children.filter((one) => one !== null && one !== undefined));
    return node;
  }

  /* Put something into a slot; a slot that stays empty goes away. */
  function fill(node, name, ...children) {
    const place = slot(node, name);
    const told = children.flat().filter((one) => one !== null && one !== undefined && one !== "");
    if (told.length) place.append(...told);
    else place.remove();
  }

  const doubt = (status) => element("small", { class: "note" }, say(status === "m" ? "machine" : "outdated"));

  /* A name or other short text of a record, marked with its language. */
  function name(told) {
    if (!told) return null;
    if (!Array.isArray(told)) return element("bdi", {}, told);
    const [said, of] = told;
    return element("bdi", of ? { lang: of, dir: "auto" } : { dir: "auto" }, said);
  }

  /* The same, and what it is where it is a translation in doubt. */
  function text(told) {
    const status = Array.isArray(told) && told[2];
    return status ? element("span", {}, name(told), " ", doubt(status)) : name(told);
  }

  /* Numbers and addresses keep their order in a page that runs from right to left. */
  const isolated = (said) => element("bdi", { dir: "ltr" }, said);

  const number = (value) => new Intl.NumberFormat(locale).format(value);
  const bytes = (value) => new Intl.NumberFormat(locale, {
    style: "unit", unit: value < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: value < 1e6 ? 0 : 1,
  }).format(Math.max(1, value / (value < 1e6 ? 1e3 : 1e6)));
  const day = (moment) => new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(moment);
  const clock = (minute) => new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format((minute % 1440) * 60000);
  const weekday = (at, style = "long") => new Intl.DateTimeFormat(locale, { weekday: style, timeZone: "UTC" }).format(at * 86400000);

  /* How long ago, in words: today, yesterday, 3 weeks ago. */
  function ago(moment, at = Date.now()) {
    const days = Math.max(0, Math.floor((at - moment) / 86400000));
    const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    if (days < 14) return format.format(-days, "day");
    if (days < 60) return format.format(-Math.round(days / 7), "week");
    if (days < 365) return format.format(-Math.round(days / 30.4), "month");
    return format.format(-Math.floor(days / 365), "year");
  }

  function languageName(code) {
    try {
      return new Intl.DisplayNames([language], { type: "language" }).of(code);
    } catch {
      return code;
    }
  }

  function ownName(code) {
    try {
      return new Intl.DisplayNames([code], { type: "language" }).of(code);
    } catch {
      return code;
    }
  }

  /* Whether it is open now, in a sentence. */
  function openNow(hours, time) {
    if (!hours.known) return element("span", {}, say("hours_unknown"));
    const until = hours.until(time.day, time.minute);
    if (until !== null) {
      const always = until - time.minute >= 1440;
      return element("span", { class: "open" }, always ? say("open") : say("open_until", { time: clock(until) }));
    }
    const next = hours.next(time.day, time.minute);
    if (!next) return element("span", { class: "shut" }, say("closed"));
    const told = { time: clock(next.minute), day: next.day - time.day < 7 ? weekday(next.day) : day(next.day * 86400000) };
    return element("span", { class: "shut" }, say(next.day === time.day ? "opens_today" : "opens", told));
  }

  /* A number to be called with a touch; where it cannot be dialled for certain it is only shown. */
  function call(phone, small = false) {
    const within = phone.x ? element("small", {}, ` ${say("extension", { number: `\u2066${phone.x}\u2069` })}`) : null;
    if (!phone.t) return element("span", {}, isolated(phone.n), within);
    const node = make("t-call");
    if (small) node.classList.add("small");
    node.href = phone.t;
    slot(node, "number").append(isolated(phone.n));
    return element("span", {}, node, within);
  }

  root.philoxenia = Object.assign(root.philoxenia, {
    page: { language, say, make, slot, element, fill, name, text, doubt, isolated, number, bytes, day, ago, clock, weekday, languageName, ownName, openNow, call, now },
  });
})(self);
