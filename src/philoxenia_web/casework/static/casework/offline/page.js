"use strict";
/* Words, elements and times for the pages of offline work. What a person wrote is only ever put in as text. */
(function (root) {
  const words = new Map();
  const box = document.getElementById("words");
  for (const one of box ? box.content.querySelectorAll("[data-word]") : []) words.set(one.dataset.word, one.textContent);

  /* What is filled in keeps its own direction (first strong isolate). */
  function say(name, values = {}) {
    return (words.get(name) || name).replace(/%\((\w+)\)s/g, (_, key) => `\u2068${values[key] ?? ""}\u2069`);
  }

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== ""));
    return made;
  }

  let fields = 0;
  /* A control with its label. */
  function field(label, control) {
    control.id ||= `o${(fields += 1)}`;
    return element("p", { class: "field" }, element("label", { for: control.id }, label), control);
  }

  function options(pairs, chosen) {
    return pairs.map(([code, label]) => element("option", { value: code, selected: String(code) === String(chosen) }, label));
  }

  const button = (word, work, kind = "") => element("button", { type: "button", class: `button ${kind}`.trim(), onclick: work }, word);

  function notice(kind, ...children) {
    const live = kind === "problem" ? "alert" : "status";
    return element("div", { class: `notice notice-${kind}`, role: live }, element("div", { class: "notice-body" }, ...children));
  }

  const language = document.documentElement.lang || "en";
  const time = (moment) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));
  const day = (text) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));

  root.philoxenia = Object.assign(root.philoxenia || {}, { page: { say, element, field, options, button, notice, time, day } });
})(self);
