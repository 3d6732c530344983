"use strict";
/* A service, a line of a list and a guide as parts of the page, from rows of an edition. */
(function (root) {
  const { wordsOf, Hours } = root.philoxenia;
  const { language, say, make, fill, element, name, text, isolated, clock, weekday, languageName, openNow, call, number } = root.philoxenia.page;
  const FAX = "fax";
  const addressOf = (kind, id) => `/help/${language}/${kind}/${encodeURIComponent(id)}/`;

  const phonesOf = (row, place) => [...(row.p || []), ...((place && place.p) || [])].filter((one) => one.k !== FAX);
  const street = (place) => [...(place.a || []), place.c, place.z].filter(Boolean).join(", ");

  function marks(row) {
    const told = [];
    if (row.f === 1) told.push(["good", "free"]);
    if (row.sp === 1) told.push(["good", "safe"]);
    if (row.as === 0) told.push(["good", "not_asked"]);
    if ((row.pl || []).some((place) => place.w === 1)) told.push(["", "wheelchair"]);
    if (row.sy) told.push(["", "synthetic"]);
    return told.map(([kind, word]) => element("li", kind ? { class: kind } : {}, say(word)));
  }

  /* One line of what was found. */
  function result({ row, place, km }, time) {
    const node = make("t-result");
    fill(node, "name", element("a", { href: addressOf("service", row.i) }, name(row.n)));
    fill(node, "organisation", name(row.o));
    const hours = new Hours((place && place.h && place.h.length ? place.h : row.h) || []);
    fill(node, "open", row.z ? element("span", { class: "shut" }, say("closed_now")) : openNow(hours, time));
    const where = [];
    if (place && street(place)) where.push(isolated(street(place)));
    if (km !== null) where.push(" · ", say("away", { km: number(Math.round(km * 10) / 10) }));
    if (row.cf) where.push(say("hidden"));
    fill(node, "where", where);
    fill(node, "marks", marks(row));
    fill(node, "call", phonesOf(row, place).slice(0, 1).map((phone) => call(phone, true)));
    return node;
  }

  function week(rules, time) {
    const hours = new Hours(rules);
    const parts = [];
    const open = openNow(hours, time);
    if (open) parts.push(element("p", {}, open));
    if (hours.known) {
      const table = element("table");
      for (let ahead = 0; ahead < 7; ahead += 1) {
        const spans = hours.on(time.day + ahead);
        const said = spans.length ? spans.map(([opens, closes]) => `${clock(opens)} – ${clock(closes)}`).join(", ") : say("shut_day");
        const line = element("tr", ahead ? {} : { class: "today" }, element("th", { scope: "row" }, weekday(time.day + ahead)), element("td", {}, spans.length ? element("bdi", {}, said) : said));
        table.append(line);
      }
      parts.push(table);
    }
    for (const words of hours.words) parts.push(element("p", { class: "note", dir: "auto" }, words));
    return parts;
  }

  function place(row, one, time, names) {
    const node = make("t-place");
    fill(node, "name", one.n ? name(one.n) : null);
    fill(node, "address", street(one) ? isolated(street(one)) : null);
    fill(node, "district", one.di && names.get(one.di) ? element("bdi", {}, names.get(one.di)) : null);
    fill(node, "hours", week((one.h && one.h.length ? one.h : row.h) || [], time));
    fill(node, "calls", (one.p || []).filter((phone) => phone.k !== FAX).map((phone) => element("li", {}, call(phone))));
    fill(node, "more", [...(one.ac || []), one.tr].filter(Boolean).map((said) => element("p", {}, text(said))));
    return node;
  }

  function facts(row) {
    const node = element("dl", { class: "facts" });
    const add = (word, ...told) => {
      const given = told.flat().filter(Boolean);
      if (given.length) node.append(element("dt", {}, say(word)), ...given.map((one) => element("dd", {}, one)));
    };
    add("cost", row.f === 1 ? say("free") : null, (row.c || []).map(text));
    add("for_whom", text(row.el), ages(row.ag));
    add("bring", (row.do || []).map(text));
    add("apply", text(row.ap));
    add("wait", text(row.wa));
    add("spoken", (row.l || []).length ? (row.l || []).map(languageName).join(", ") : null, text(row.it));
    if (/^https?:\/\//i.test(row.u || "")) add("website", element("a", { href: row.u, rel: "noreferrer" }, isolated(row.u)));
    if (row.e) add("email", element("a", { href: `mailto:${row.e}` }, isolated(row.e)));
    return node;
  }

  function ages(pair) {
    if (!pair) return null;
    const [from, to] = pair;
    if (from !== null && to !== null) return say("ages", { from: number(from), to: number(to) });
    return from !== null ? say("age_from", { from: number(from) }) : say("age_to", { to: number(to) });
  }

  /* The whole service. */
  function service(row, time, names) {
    const node = make("t-service");
    fill(node, "organisation", row.oi ? element("a", { href: addressOf("organisation", row.oi) }, name(row.o)) : name(row.o));
    fill(node, "alert", text(row.al), row.z ? say("closed_now") : null);
    fill(node, "marks", marks(row));
    fill(node, "calls", phonesOf(row, null).map((phone) => element("li", {}, call(phone), phone.d ? element("small", {}, " ", text(phone.d)) : null)));
    fill(node, "description", text(row.d));
    fill(node, "papers", papers(row));
    fill(node, "hours", (row.pl || []).length ? null : week(row.h || [], time));
    fill(node, "places", (row.pl || []).map((one) => place(row, one, time, names)));
    if (row.cf) node.append(element("p", { class: "safe" }, say("hidden")));
    fill(node, "facts", facts(row));
    const checked = row.ck ? say("checked", { day: root.philoxenia.page.day(Date.parse(row.ck)) }) : say("unchecked");
    fill(node, "source", [checked, " ", row.so ? element("bdi", {}, row.so) : null, row.li ? element("bdi", {}, ` (${row.li})`) : null]);
    return node;
  }

  function papers(row) {
    const told = [];
    if (row.sp === 1) told.push(say("safe_long"));
    if (row.as === 1) told.push(say("asked"));
    if (row.as === 0) told.push(say("not_asked_long"));
    return [told.join(" "), row.ss ? element("span", {}, " ", text(row.ss)) : null].filter(Boolean);
  }

  root.philoxenia = Object.assign(root.philoxenia, { shown: { result, service, addressOf, wordsOf } });
})(self);
