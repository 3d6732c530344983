"use strict";
/* The budget slider: the list of levels becomes a range whose words are read out; the plan follows it. */
(() => {
  const form = document.querySelector("form[data-levels]");
  if (!form) return;
  const list = form.querySelector("select[name=level]");
  let asked = 0;
  const ask = () => {
    clearTimeout(asked);
    asked = setTimeout(() => htmx.trigger(form, "chosen"), 120);
  };
  form.querySelector("[data-show]")?.setAttribute("hidden", "");
  for (const aim of form.querySelectorAll("[name=aim]")) aim.addEventListener("change", ask);
  if (!list) return;

  const place = form.querySelector("[data-range]");
  const told = place.querySelector("[data-said]");
  const range = document.createElement("input");
  range.type = "range";
  range.id = "level-range";
  range.min = "0";
  range.max = String(list.options.length - 1);
  range.step = "1";
  range.value = String(list.selectedIndex);
  const say = () => {
    const words = list.options[Number(range.value)].text;
    range.setAttribute("aria-valuetext", words);
    told.textContent = words;
  };
  range.addEventListener("input", () => {
    list.selectedIndex = Number(range.value);
    say();
    ask();
  });
  form.querySelector("label[for=level]").htmlFor = range.id;
  list.hidden = true;
  place.hidden = false;
  place.prepend(range);
  say();
})();
