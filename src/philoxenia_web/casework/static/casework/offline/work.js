"use strict";
/* The page that needs no network: the door with its passphrase, the cases behind it, and what is to be sent. */
(function (root) {
  const { vault, outbox, sending, drawCase, drawNote, keepContacts } = root.philoxenia;
  const { say, element, field, button, notice, time } = root.philoxenia.page;
  const desk = document.getElementById("desk");
  const view = document.getElementById("view");
  const sent = document.getElementById("sent");
  const rules = JSON.parse(desk.dataset.rules);
  const labels = (start) => [...document.getElementById("words").content.querySelectorAll(`[data-word^="${start}."]`)]
    .map((one) => [one.dataset.word.slice(start.length + 1), one.textContent]);
  const lists = { needs: labels("need"), kinds: labels("note"), contacts: labels("contact") };
  let state = { kind: "none" }, box = outbox.empty(), said = "", shown = "", busy = false;
  // The cases whose names the screen tells, and whether it asks if this device shall be emptied.
  let onScreen = [], sure = false;

  const put = (...children) => view.replaceChildren(...children.flat().filter(Boolean));
  const choose = () => element("p", { class: "buttons" }, element("a", { class: "button", href: desk.dataset.address }, say("choose")));

  /* One after the other, and once for all who asked before it begins. `quiet` is what nobody asked for: it takes nothing
     away that somebody is writing, unless a case on the screen had to go. */
  let drawn = Promise.resolve(), asked = null;
  function draw(quiet = false) {
    if (asked) asked.quiet &&= quiet;
    else {
      const mine = (asked = { quiet });
      drawn = drawn.then(() => { asked = null; return drawNow(mine.quiet); });
    }
    return drawn;
  }

  async function drawNow(quiet) {
    const which = shown;
    if (quiet && vault.isOpen()) await keepBegun();
    try {
      if (!vault.able()) return put(notice("problem", element("p", {}, say("unable"))));
      state = await vault.state();
      if (state.kind === "none") { line(); return put(element("p", {}, say("none")), choose()); }
      if (state.kind === "wiped") return drawWiped();
      if (state.kind === "over") { line(); return put(notice("attention", element("p", {}, say("over")), unsaid()), foot()); }
      if (!vault.isOpen()) return void ((quiet && isTyping(".offline-door input")) || drawLocked());
      box = (await vault.get("outbox")) || outbox.empty();
      line();
      const copies = state.kind === "expired" ? {} : await sending.copiesOf();
      const allKept = onScreen.every((id) => copies[id]);
      const one = copies[which];
      const fresh = one ? await caseOf(one) : listOf(copies, await leftovers(copies));
      if (quiet && allKept && isTyping()) return;
      keepContacts(view, () => put(fresh));
      onScreen = one ? [one.id] : Object.keys(copies);
    } catch (fault) {
      failed(fault);
    }
  }

  function failed(fault) {
    if (fault.kind === "locked" || fault.kind === "expired" || fault.kind === "none") return void (vault.lock(), draw());
    if (fault.kind === "wiped" || fault.kind === "over") return void draw();
    const words = fault.kind === "full" ? "full" : "broken";
    sent.replaceChildren();
    put(notice("problem", element("p", {}, say(words))), fault.kind === "full" ? null : foot());
  }

  function drawWiped() {
    line();
    const why = { time: "wiped_time", tries: "wiped_tries", revoked: "wiped_revoked" }[state.why];
    put(notice("info", element("p", {}, say("wiped"), " ", why ? say(why) : "")), choose());
    sending.tellWiped(state);
  }

  function drawLocked(fault = "") {
    sure = false;
    line();
    const input = element("input", { type: "password", autocomplete: "off", maxlength: "200", required: true });
    const open = async (event) => {
      event.preventDefault();
      // One try at a time.
      for (const one of event.target.querySelectorAll("button")) one.disabled = true;
      try {
        await vault.unlock(input.value);
        said = "";
        await draw();
        if (navigator.onLine) send();
      } catch (found) {
        if (found.kind === "wrong") drawLocked(say("wrong", { left: found.left })); else failed(found);
      }
    };
    put(
      state.kind === "expired" ? notice("attention", element("p", {}, say("expired"))) : null,
      unsaid(),
      element("form", { class: "form offline-door", onsubmit: open }, field(say("locked"), input),
        fault ? element("p", { class: "field-error", role: "alert" }, fault) : null,
        element("p", { class: "buttons" }, element("button", { class: "button" }, say("open")))),
      state.kind === "expired" ? null : element("p", { class: "note" }, say("until", { time: time(state.until) })));
    input.focus();
  }

  const unsaid = () => (state.unsent ? element("p", {}, say("unsent_locked", { count: state.unsent })) : null);

  function listOf(copies, left) {
    const cases = Object.values(copies).sort((a, b) => a.name.localeCompare(b.name));
    const go = (id) => () => { shown = id; sure = false; draw(); root.scrollTo(0, 0); };
    const row = (one) => {
      const worst = Math.max(0, ...one.things.filter((found) => found.kind === "need" && ["open", "in_hand"].includes(found.values.state)).map((found) => found.values.severity));
      return element("li", { class: "caseline" }, element("span", { class: `severity severity-${worst}`, "aria-hidden": "true" }),
        element("div", { class: "case-who" }, element("button", { type: "button", class: "case-open", onclick: go(one.id) }, element("bdi", {}, one.name)),
          element("p", { class: "hit-facts" }, element("bdi", { dir: "ltr" }, one.number), worst ? element("span", { class: "severity-word" }, say(`severity.${worst}`)) : null)));
    };
    if (state.kind === "expired") return [notice("attention", element("p", {}, say("expired"))), refusals(), left, foot()].flat();
    return [refusals(), left, element("h2", {}, say("cases")), element("ul", { class: "caselist" }, ...cases.map(row)), foot()].flat();
  }

  const tools = () => ({ change, add, draft, rules, box, ...lists });

  /* Words about cases that are not on this device any more: they wait, or were begun and not saved. */
  async function leftovers(copies) {
    const waiting = box.waiting.filter((one) => !copies[one.case]).map((one) => element("div", { class: "words-left" },
      element("span", { class: "status status-waiting" }, say("mark_waiting")), element("p", { class: "words", dir: "auto" }, text(one))));
    const begun = (await vault.names("draft:")).map((name) => name.slice(6)).filter((id) => !copies[id]);
    for (const id of begun) {
      const copy = { id, things: [], notes: [] };
      const leave = async () => { await draft(copy, ""); draw(); };
      waiting.push(element("div", { class: "words-left" }, element("p", {}, say("begun")), drawNote(copy, tools(), await vault.get(`draft:${id}`)),
        element("p", { class: "buttons" }, button(say("discard"), leave, "button-plain"))));
    }
    return waiting;
  }

  async function caseOf(copy) {
    const work = { ...tools(), languages: (await vault.get("languages")) || {} };
    const back = element("p", {}, button(say("back"), () => { shown = ""; draw(); }, "button-plain"));
    return [back, refusals(), drawCase(copy, work, await vault.get(`draft:${copy.id}`))].flat();
  }

  /* What was refused stays until its author has read it. */
  function refusals() {
    const leave = (key) => () => keep((_copy, kept) => [null, { ...kept, refused: kept.refused.filter((one) => one.key !== key) }]);
    return box.refused.map((one) => notice("attention",
      element("p", {}, say("refused"), " ", say(`reason.${one.reason}`)),
      element("p", { class: "words", dir: "auto" }, text(one)),
      element("p", { class: "buttons" }, button(say("discard"), leave(one.key), "button-plain"))));
  }

  function text(one) {
    if (one.kind === "note") return one.value.text;
    if (one.kind === "contact") return one.value.map((found) => found.value).join(", ");
    if (!one.field) return `${say(`need.${one.value.need}`)}: ${say(`severity.${one.value.severity}`)}`;
    return one.field === "severity" ? say(`severity.${one.value}`) : say(`${one.kind}_state.${one.value}`);
  }

  /* --- writing --- */

  const late = (fault) => { if (fault.kind === "expired") return null; throw fault; };

  /* Read, change and put together what belongs together; no other window in between. Where the copy is gone (its time was
     over while somebody wrote), the words are kept without it. */
  async function keep(work, drawn = null, more = {}) {
    let beside = false;
    try {
      await vault.alone(async () => {
        const kept = (await vault.get("outbox")) || outbox.empty();
        const stored = drawn && (await vault.get(`case:${drawn.id}`).catch(late));
        const [copy, fresh] = work(stored || drawn, kept);
        beside = fresh.refused.length !== kept.refused.length;
        await vault.put({ outbox: fresh, ...(stored ? { [`case:${drawn.id}`]: copy } : {}), ...more }, outbox.unsent(fresh));
      });
      // What was put beside, or left away, was not saved.
      said = beside ? "" : say("saved");
    } catch (fault) {
      return failed(fault);
    }
    return draw();
  }

  const made = () => ({ key: crypto.randomUUID(), at: new Date().toISOString() });
  const change = (copy, given) => keep((kept, waiting) => outbox.set(kept, waiting, { ...given, ...made() }), copy);

  function add(copy, { kind, value, beside, drafted }) {
    const more = drafted ? { [`draft:${copy.id}`]: null } : {};
    return keep((kept, waiting) => outbox.add(kept, waiting, { kind, value, beside, ...made() }), copy, more);
  }

  /* In its turn: what is saved after it removes it. */
  const draft = (copy, words) => vault.alone(() => vault.put({ [`draft:${copy.id}`]: words || null })).catch(failed);

  /* --- sending --- */

  function line(kind = "") {
    const count = state.kind === "none" || state.kind === "wiped" ? 0 : vault.isOpen() ? box.waiting.length : 0;
    const disputed = box.heard.conflict || 0;
    const told = kind ? say(kind) : count ? say("waiting", { count }) : box.number ? say("all_sent") : "";
    sent.replaceChildren(...[
      said && !kind ? element("span", {}, said) : null,
      told ? element("strong", {}, told) : null,
      count && !busy && kind !== "sign_in" ? button(say("send"), send, "button-small") : null,
      kind === "sign_in" ? element("a", { class: "button button-small", href: `/account/login/?next=${encodeURIComponent(location.pathname)}` }, say("to_sign_in")) : null,
      disputed ? element("span", {}, say("conflicts", { count: disputed }), " ", element("a", { href: `${desk.dataset.address}conflicts/` }, say("decide"))) : null,
    ].filter(Boolean));
  }

  async function send() {
    if (busy || !vault.isOpen()) return;
    busy = true;
    said = "";
    line("sending");
    let kind = "";
    try {
      if (await sending.obey(state.device)) await sending.send(state.device, rules.batch);
    } catch (fault) {
      kind = ["offline", "sign_in", "not_yours"].includes(fault.kind) ? fault.kind : fault.kind === "stopped" ? "" : "broke";
      if (fault instanceof vault.Shut) kind = "";
    }
    busy = false;
    await draw(true);
    line(kind);
  }

  /* Whether drawing anew would take words away that somebody is writing. */
  const isTyping = (where = "textarea, .contact-row input") => [...view.querySelectorAll(where)].some((one) =>
    (one.type !== "password" && one === document.activeElement)
    || (one.type === "checkbox" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue));

  /* What was typed this moment is kept as begun words: its case may be about to go, or the time to be over. */
  async function keepBegun() {
    const begun = [...view.querySelectorAll("textarea")].filter((one) => one.value !== one.defaultValue);
    for (const one of begun) one.dispatchEvent(new Event("change"));
    if (begun.length) await vault.alone(() => {});
  }

  async function renew() {
    if (box.waiting.length) await send();
    if (box.waiting.length) return;
    try {
      const cases = (await vault.names("case:")).map((name) => name.slice(5));
      const { grant, values } = await sending.take({ device: state.device, cases });
      await vault.alone(() => takeIn(cases, values));
      await vault.renew(grant);
      await sending.keepPage();
      await draw(true);
    } catch (fault) {
      if (fault.said) put(notice("problem", element("p", {}, fault.said)), foot());
      else line(["offline", "sign_in", "not_yours"].includes(fault.kind) ? fault.kind : "broke");
    }
  }

  /* Fresh copies, but for cases in which somebody wrote meanwhile, in another tab too; what the city left out goes. */
  async function takeIn(cases, values) {
    const kept = (await vault.get("outbox")) || outbox.empty();
    const touched = new Set(kept.waiting.map((one) => `case:${one.case}`));
    const fresh = Object.fromEntries(Object.entries(values).filter(([name]) => !touched.has(name)));
    for (const id of cases) if (!(`case:${id}` in values)) fresh[`case:${id}`] = null;
    await vault.put({ ...fresh, outbox: kept.waiting.length ? kept : { ...kept, heard: {} } }, outbox.unsent(kept));
  }

  /* --- the foot: until when, lock, bring up to date, empty --- */

  function foot() {
    const lock = () => { vault.lock(); said = ""; sure = false; draw(); };
    return element("div", { class: "offline-foot" },
      state.kind === "open" ? element("p", { class: "note" }, say("until", { time: time(state.until) })) : null,
      element("p", { class: "buttons" },
        state.kind === "open" ? button(say("renew"), renew, "button-plain") : null, button(say("lock"), lock, "button-plain"), emptying()));
  }

  /* Asked twice where something would be lost. */
  function emptying() {
    const wipe = (why) => async () => { await vault.wipe(why); box = outbox.empty(); shown = said = ""; sure = false; draw(); };
    if (sure) return button(say("empty_sure", { count: state.unsent ?? "?" }), wipe("hand"), "button-danger");
    return button(say("empty"), async () => {
      const { unsent } = await vault.state().catch(() => ({ unsent: "?" }));
      if (!unsent) return wipe("done")();
      sure = true;
      draw();
    }, "button-plain");
  }

  /* --- beginning --- */

  for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, () => vault.isOpen() && vault.touch(), { passive: true });
  root.addEventListener("online", () => (vault.isOpen() ? send() : look()));
  setInterval(watch, 15000);
  vault.beforeEnd(keepBegun);
  vault.whenShut(() => draw(true));

  /* What is behind the door goes from the screen when it is shut or its time is over. */
  function watch() {
    if (!["open", "expired"].includes(state.kind) || view.querySelector(".offline-door")) return;
    if (!vault.isOpen() || (state.kind === "open" ? vault.isLate() : vault.isOver())) draw(true);
  }

  /* What the city says of this device. */
  async function look() {
    if (!["locked", "expired", "open", "over"].includes(state.kind) || !navigator.onLine) return;
    const before = state.kind;
    const left = await sending.obey(state.device);
    if (!left || before !== (await vault.state()).kind) await draw(true);
  }

  (async () => {
    await draw();
    await look();
  })();
})(self);
