"use strict";
/* One case as it lies on the device: what stands there, what is written anew, what waits and what a person decides. */
(function (root) {
  const { say, element, field, options, button, time, day } = root.philoxenia.page;
  /* Pressed twice is once. */
  const once = (work) => {
    let busy = false;
    return async () => {
      if (busy) return;
      busy = true;
      try { await work(); } finally { busy = false; }
    };
  };
  const isolated = (text) => element("bdi", {}, text);

  /* `work`: change(copy, given), add(copy, given), draft(copy, text), rules, box, languages. */
  function draw(copy, work, draft) {
    const of = (kind) => copy.things.filter((one) => one.kind === kind);
    return element("article", { class: "offline-case" },
      head(copy, work),
      section("needs", ...list(of("need").map((one) => need(copy, one, work))), newNeed(copy, work)),
      section("tasks", ...list(of("task").map((one) => task(copy, one, work)))),
      section("notes", newNote(copy, work, draft), notes(copy, of("note"), work)),
      section("contacts", ...of("contact").map((one) => contacts(copy, one, work))));
  }

  const section = (name, ...children) => element("section", { class: "part", "aria-label": say(name) }, element("h2", {}, say(name)), ...children);
  const list = (rows) => [rows.length ? element("ul", { class: "rows-list" }, ...rows) : element("p", { class: "note" }, say("nothing_open"))];

  function head(copy, work) {
    const facts = [
      ["number", element("bdi", { dir: "ltr" }, copy.number)],
      ["language", work.languages[copy.language] || copy.language],
      ["interpreter", work.languages[copy.interpreter] || copy.interpreter],
      ["born", copy.birth_year],
      ["household", copy.household_size],
    ].filter(([, value]) => value);
    return element("header", { class: "person-head" }, element("h2", { class: "offline-name" }, isolated(copy.name)),
      element("dl", { class: "person-facts" }, ...facts.map(([name, value]) => element("div", {}, element("dt", {}, say(name)), element("dd", {}, value instanceof Node ? value : String(value))))));
  }

  /* Waiting, to be decided, or nothing to say. */
  function mark(thing, name, work) {
    if (thing.disputed.includes(name)) return element("span", { class: "status status-attention" }, say("mark_disputed"));
    const waits = work.box.waiting.some((one) => one.object === thing.id && (one.field === name || one.field === ""));
    return waits ? element("span", { class: "status status-waiting" }, say("mark_waiting")) : null;
  }

  function choice(copy, thing, name, pairs, label, work) {
    const control = element("select", { "aria-label": label, disabled: thing.disputed.includes(name) }, ...options(pairs, thing.values[name]));
    control.addEventListener("change", () => {
      const value = name === "severity" ? Number(control.value) : control.value;
      work.change(copy, { kind: thing.kind, object: thing.id, field: name, value });
    });
    return control;
  }

  function need(copy, thing, work) {
    const name = say(`need.${(thing.shown || thing.values).need}`);
    const state = thing.values.state;
    const states = [state, ...work.rules.steps.need[state]].map((code) => [code, say(`need_state.${code}`)]);
    const severities = work.rules.severities.map((code) => [code, say(`severity.${code}`)]);
    return element("li", { class: "need" },
      element("span", { class: `severity severity-${thing.values.severity}`, "aria-hidden": "true" }),
      element("div", { class: "row-what" }, element("strong", {}, name), mark(thing, "severity", work) || mark(thing, "state", work)),
      element("div", { class: "row-steps" },
        choice(copy, thing, "severity", severities, `${name}: ${say("severity")}`, work),
        choice(copy, thing, "state", states, `${name}: ${say("state")}`, work)));
  }

  function newNeed(copy, work) {
    const known = new Set(copy.things.filter((one) => one.kind === "need" && ["open", "in_hand"].includes(one.values.state))
      .map((one) => (one.shown || one.values).need));
    const needs = work.needs.filter(([code]) => !known.has(code));
    const which = element("select", {}, ...options(needs));
    const severity = element("select", {}, ...options(work.rules.severities.map((code) => [code, say(`severity.${code}`)]), 3));
    const save = once(() => work.add(copy, { kind: "need", value: { need: which.value, severity: Number(severity.value) }, beside: { state: "open" } }));
    return element("details", { class: "fold" }, element("summary", {}, say("new_need")),
      element("div", { class: "inline-form" }, element("div", { class: "pair" }, field(say("new_need"), which), field(say("severity"), severity)),
        element("p", { class: "buttons" }, button(say("note_it"), save))));
  }

  function task(copy, thing, work) {
    const done = thing.values.state === "done";
    const name = say(`task.${thing.shown.task}`);
    const turn = () => work.change(copy, { kind: thing.kind, object: thing.id, field: "state", value: done ? "open" : "done" });
    return element("li", {},
      element("div", { class: "row-what" }, element("strong", {}, name), element("span", { class: "note" }, say("due", { day: day(thing.shown.due_on) })),
        done ? element("span", { class: "status status-success" }, say("done")) : null, mark(thing, "state", work)),
      element("div", { class: "row-steps" }, element("button", { type: "button", class: "button-step", disabled: thing.disputed.includes("state"), onclick: turn }, say(done ? "not_done" : "done"))),
      thing.shown.words ? element("p", { class: "row-words", dir: "auto" }, thing.shown.words) : null);
  }

  function newNote(copy, work, draft) {
    const kind = element("select", {}, ...options(work.kinds, "visit"));
    const text = element("textarea", { rows: "5", maxlength: "10000", dir: "auto" });
    text.defaultValue = draft || "";
    let clock = 0, saving = false;
    text.addEventListener("change", () => saving || work.draft(copy, text.value));
    text.addEventListener("input", () => {
      clock ||= setTimeout(() => { clock = 0; work.draft(copy, text.value); }, 400);
    });
    const save = once(async () => {
      clearTimeout(clock);
      clock = 0;
      if (!text.value.trim()) return;
      saving = true;
      await work.add(copy, { kind: "note", value: { kind: kind.value, text: text.value }, beside: {}, drafted: true });
      saving = false;
    });
    return element("div", { class: "inline-form" }, field(say("note_kind"), kind), field(say("new_note"), text),
      element("p", { class: "note" }, say("papers")), element("p", { class: "buttons" }, button(say("save"), save)));
  }

  function notes(copy, fresh, work) {
    const lines = [
      ...fresh.map((one) => ({ kind: one.values.kind, at: one.made, words: one.values.text, mark: mark(one, "", work) })).reverse(),
      ...copy.notes,
    ];
    return element("ol", { class: "notes" }, ...lines.map((one) => element("li", { class: "note-line" },
      element("p", { class: "note" }, `${say(`note.${one.kind}`)}, `, isolated(time(one.at)), " ", one.mark || null),
      element("p", { class: "words", dir: "auto" }, one.words))));
  }

  function contacts(copy, thing, work) {
    const locked = thing.disputed.includes("contacts");
    const rows = [...thing.values.contacts];
    const kinds = work.contacts;
    const box = element("div", {});
    const row = (one, at) => {
      const kind = element("select", { disabled: locked }, ...options(kinds, one.kind));
      const value = element("input", { value: one.value, dir: "auto", maxlength: "200", disabled: locked });
      const safe = element("input", { type: "checkbox", checked: Boolean(one.safe), disabled: locked });
      const note = () => { rows[at] = { ...one, ...rows[at], kind: kind.value, value: value.value, safe: safe.checked }; };
      for (const control of [kind, value, safe]) control.addEventListener("input", note);
      return element("div", { class: "contact-row" }, field(say("contact_kind"), kind), field(say("contact_value"), value),
        element("p", { class: "field-check" }, element("label", {}, safe, ` ${say("contact_safe")}`)));
    };
    rows.forEach((one, at) => box.append(row(one, at)));
    const more = () => { rows.push({ kind: "phone", value: "", safe: false, how: "", hours: "", note: "" }); box.append(row(rows[rows.length - 1], rows.length - 1)); };
    const save = once(() => {
      form.classList.remove("is-edited");
      return work.change(copy, { kind: thing.kind, object: thing.id, field: "contacts", value: rows.filter((one) => one.value.trim()) });
    });
    const form = element("div", { class: "inline-form contacts-form", "data-of": thing.id, oninput: () => form.classList.add("is-edited") },
      mark(thing, "contacts", work), box,
      locked ? null : element("p", { class: "buttons" }, button(say("add_contact"), more, "button-plain"), button(say("save"), save)));
    return form;
  }

  /* Contacts that somebody is writing go on where their case is drawn anew by `work`, under its fresh mark. */
  function keepContacts(view, work) {
    const edited = [...view.querySelectorAll(".contacts-form.is-edited")], active = document.activeElement;
    work();
    for (const one of edited) {
      const place = view.querySelector(`.contacts-form[data-of="${one.dataset.of}"]`);
      if (!place) continue;
      one.querySelector(":scope > .status")?.remove();
      one.prepend(...place.querySelectorAll(":scope > .status"));
      place.replaceWith(one);
      if (one.contains(active)) active.focus();
    }
  }

  root.philoxenia = Object.assign(root.philoxenia || {}, { drawCase: draw, drawNote: newNote, keepContacts });
})(self);
