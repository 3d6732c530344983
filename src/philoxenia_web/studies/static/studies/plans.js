"use strict";
/* The budget slider: the list of levels becomes a range whose words are read out; the plan follows it. */
(() => {
  const form = document.querySelector("form[data-levels]");
  if (!form) return;
  let asked = 0;
  const ask = () => {
    clearTimeout(asked);
    asked = setTimeout(() => {
      asked = 0;
      htmx.trigger(form, "chosen");
    }, 120);
  };
  form.classList.add("plan-live");
  for (const aim of form.querySelectorAll("[name=aim]")) aim.addEventListener("change", ask);

  // The list comes anew with each plan: what a level brings differs by aim.
  const list = () => form.querySelector("select[name=level]");
  const place = form.querySelector("[data-range]");
  if (!place) return;
  const told = place.querySelector("[data-said]");
  const range = document.createElement("input");
  range.type = "range";
  range.id = "level-range";
  range.min = "0";
  range.step = "1";
  const say = () => {
    const words = list().options[list().selectedIndex].text;
    range.max = String(list().options.length - 1);
    range.value = String(list().selectedIndex);
    range.setAttribute("aria-valuetext", words);
    told.textContent = words;
  };
  range.addEventListener("input", () => {
    list().selectedIndex = Number(range.value);
    say();
    ask();
  });
  form.querySelector("label[for=level]").htmlFor = range.id;
  place.hidden = false;
  place.prepend(range);
  say();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "plan" || !list()) return;
    // Somebody who moved on meanwhile is not taken back.
    if (asked) list().selectedIndex = Number(range.value);
    say();
  });
})();
