"use strict";
/* The app: which page an address is, read from the edition on this phone. Runs when the worker answers in place of the
   city, and on the page about keeping. */
(function (root) {
  const { edition, Finder, status, shown } = root.philoxenia;
  const { language, say, element, make, fill, slot, name, text, doubt, number, languageName, ownName, now } = root.philoxenia.page;
  const view = document.getElementById("view");
  const panel = document.getElementById("status-box");
  const BASE = `/help/${language}/`;
  const HOME = `${BASE}offline/`;
  const ON_A_PAGE = 20;
  // So long may the device be busy before it lets somebody scroll.
  const SLICE = 24;
  let held = null;
  let finder = null;
  let names = new Map();

  const isHere = (where) => where.origin === location.origin && where.pathname.startsWith(BASE);

  async function start() {
    root.addEventListener("popstate", () => route());
    document.addEventListener("click", follow);
    document.addEventListener("submit", submit);
    if (root.BroadcastChannel) new BroadcastChannel("philoxenia-edition").onmessage = (event) => told(event.data);
    await restart();
  }

  /* Another tab has changed the edition: its files are gone from under this one, its rows are still in memory. */
  function told({ language: changed }) {
    if (changed !== language) return;
    const note = element("p", { class: "said", role: "status" }, say("changed_elsewhere"));
    document.getElementById("told").replaceChildren(note);
  }

  async function restart() {
    held = finder = null;
    document.getElementById("told").replaceChildren();
    let fault = "";
    try {
      held = status.able() ? await edition.open(language) : null;
    } catch (found) {
      fault = found.kind || "broken";
    }
    if (held) read();
    await status.draw(fault === "pages" ? "" : fault);
    await route(fault);
    if (held) status.renewQuietly(held.state);
  }

  function read() {
    const rows = held.lines.map(edition.rowOf);
    held.guides = rows.filter((row) => row.k === "g");
    held.services = rows.filter((row) => row.k !== "g");
    names = new Map(held.words.districts.map(([id, named]) => [id, named]));
    finder = new Finder(held.services, held.words, held.state.manifest.zone);
  }

  /* Read the index in slices, so that the page stays awake. */
  function prepared() {
    return new Promise((resolve) => {
      const slice = () => (finder.prepare(SLICE) ? resolve() : setTimeout(slice));
      slice();
    });
  }

  function follow(event) {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const where = new URL(link.href);
    if (!held || link.dataset.online || !isHere(where) || link.hash && where.pathname === location.pathname) return;
    event.preventDefault();
    go(where);
  }

  function submit(event) {
    const form = event.target;
    const where = new URL(form.action);
    if (!held || !isHere(where)) return;
    event.preventDefault();
    const asked = new URLSearchParams();
    for (const [key, value] of new FormData(form)) if (value) asked.append(key, value);
    where.search = asked.toString();
    go(where);
  }

  async function go(where) {
    history.pushState(null, "", where);
    await route();
    root.scrollTo(0, 0);
    document.getElementById("main").focus({ preventScroll: true });
  }

  /* What stands at this address. */
  async function route(fault = "") {
    const where = new URL(location.href);
    const [kind, id] = where.pathname.startsWith(BASE) ? where.pathname.slice(BASE.length).split("/") : ["other"];
    const atHome = kind === "offline";
    panel.hidden = !atHome && Boolean(held);
    if (!held) return show(say(atHome ? "title_keep" : "title_nothing"), ...(await nothing(atHome, fault)));
    const pages = { "": home, offline: home, find, service, organisation, guides, person };
    // An address of another language, which is not kept here.
    const draw = where.pathname === "/help/" ? home : pages[kind] || missing;
    const [title, ...parts] = await draw(decodeURIComponent(id || ""), where.searchParams);
    if (!atHome) parts.unshift(status.age(held.state));
    return show(title, ...parts);
  }

  function show(title, ...parts) {
    document.getElementById("title").replaceChildren(title);
    document.title = document.getElementById("title").textContent;
    view.replaceChildren(...parts.filter(Boolean));
  }

  /* No edition of this language: others that are here. */
  async function nothing(atHome, fault) {
    const parts = [];
    if (fault === "pages") parts.push(element("p", { class: "fault" }, say("fault_pages")));
    if (!atHome) parts.push(element("p", {}, say("not_here")));
    const others = status.able() ? (await edition.languages()).filter((one) => one !== language) : [];
    const links = others.map((one) => element("li", {}, element("a", { href: `/help/${one}/offline/`, lang: one }, element("b", {}, ownName(one)))));
    if (links.length) parts.push(element("p", {}, say("others")), element("ul", { class: "tongues" }, ...links));
    return parts;
  }

  function home() {
    const node = make("t-home");
    if (!held.guides.length) slot(node, "guides").remove();
    return [say("title_home"), node];
  }

  function asked(from) {
    const told = Object.fromEntries(from);
    return { ...told, open: told.open ? 1 : 0, free: told.free ? 1 : 0, safe: told.safe ? 1 : 0, nothing: told.nothing ? 1 : 0, wheelchair: told.wheelchair ? 1 : 0, near: district(told.near) };
  }

  /* The district somebody named. */
  function district(named) {
    if (!named) return "";
    const fold = (one) => finder.letters.words(one).join(" ");
    const wanted = fold(named);
    const found = held.words.districts.find(([id, called]) => id === named || fold(called) === wanted)
      || held.words.districts.find(([, called]) => fold(called).includes(wanted));
    return found ? found[0] : "";
  }

  async function find(_id, from) {
    const wanted = asked(from);
    // The first search reads every service into the index: a slow phone takes seconds, and says so.
    if (wanted.q && finder.read < held.services.length) show(say("title_find"), element("p", { role: "status" }, say("keeping")));
    if (wanted.q) await prepared();
    const { found, time } = finder.find(wanted);
    const list = element("ol", { class: "found" });
    const more = element("button", { type: "button", class: "plain" }, say("more"));
    let next = 0;
    const add = () => {
      list.append(...found.slice(next, next + ON_A_PAGE).map((one) => shown.result(one, time)));
      next += ON_A_PAGE;
      more.hidden = next >= found.length;
    };
    more.addEventListener("click", add);
    add();
    const count = element("p", { id: "count", role: "status" }, found.length ? say("found", { count: number(found.length) }) : say("found_none"));
    return [say("title_find"), form(from), count, list, element("p", { class: "buttons" }, more)];
  }

  function form(from) {
    const node = make("t-find");
    const near = node.querySelector("[name=near]");
    for (const [id, named] of held.words.districts) near.append(element("option", { value: id }, named));
    const spoken = node.querySelector("[name=spoken]");
    for (const [code, named] of spokenHere()) spoken.append(element("option", { value: code }, named));
    for (const field of node.querySelectorAll("[name]")) {
      const value = field.name === "near" ? district(from.get("near")) : from.get(field.name);
      if (field.type === "checkbox") field.checked = Boolean(value);
      else if (value) field.value = value;
    }
    if ([...from.keys()].some((key) => key !== "q")) node.querySelector("details").open = true;
    return node;
  }

  function spokenHere() {
    if (!held.spoken) {
      const codes = new Set(held.services.flatMap((row) => (row.l || []).map((code) => code.split("-")[0])).filter((code) => /^[a-z]{2,3}$/.test(code)));
      held.spoken = [...codes].map((code) => [code, languageName(code)]).sort((a, b) => a[1].localeCompare(b[1], language));
    }
    return held.spoken;
  }

  function service(id) {
    const row = held.services.find((one) => one.i === id);
    if (!row) return missing();
    return [name(row.n), shown.service(row, now(held.state.manifest.zone), names), element("p", {}, element("a", { href: location.href, "data-online": "1" }, say("newest")))];
  }

  async function listed(title, wanted) {
    const { found, time } = finder.find(wanted);
    if (!found.length) return missing();
    return [title(found[0]), element("ol", { class: "found" }, ...found.map((one) => shown.result(one, time)))];
  }

  const organisation = (id) => listed(({ row }) => name(row.o), { organisation: id });
  function guides(id) {
    if (!id) {
      const items = held.guides.map((row) => element("li", {}, element("h2", {}, element("a", { href: `${BASE}guides/${row.i}/` }, name(row.n))), row.d ? element("p", { class: "soft" }, name(row.d)) : null));
      return items.length ? [say("title_guides"), element("ul", { class: "found" }, ...items)] : missing();
    }
    const row = held.guides.find((one) => one.i === id);
    return row ? [name(row.n), guide(row)] : missing();
  }

  function guide(row) {
    const node = element("article");
    if (row.d) node.append(element("p", { class: "lead" }, name(row.d)));
    // Said once for the whole guide.
    const status = [row.n, ...(row.st || []).flatMap((step) => step.t.map(([told]) => told))].map((told) => Array.isArray(told) && told[2]);
    for (const one of ["m", "o"]) if (status.includes(one)) node.append(element("p", {}, doubt(one)));
    for (const step of row.st || []) {
      node.append(element("h2", {}, name(step.n)), ...(step.t || []).map(statement));
    }
    const sources = (row.so || []).map(([owner, title, address, day]) => {
      const words = element("bdi", {}, `${owner}: ${title} (${day})`);
      return element("li", {}, /^https?:/i.test(address) ? element("a", { href: address, rel: "noreferrer" }, words) : words);
    });
    if (sources.length) node.append(element("h2", {}, say("sources")), element("ol", { class: "note" }, ...sources));
    return node;
  }

  /* What a guide says, how sure that is, and the numbers of its sources. */
  function statement([told, certain, sources]) {
    const node = element("p", certain ? {} : { class: "said" }, name(told));
    if (!certain) node.append(" ", element("small", { class: "note" }, say("uncertain")));
    if (sources.length) node.append(" ", element("small", { class: "note" }, `[${sources.map((one) => number(one + 1)).join(", ")}]`));
    return node;
  }

  const person = () => [say("title_person"), make("t-person")];
  const missing = () => [say("title_missing"), element("p", {}, say("missing")), element("p", {}, element("a", { href: HOME }, say("to_home")))];

  root.philoxenia.app = { restart };
  start();
})(self);
