"use strict";
/* Answers by keyboard: a letter presses its button. Can be turned off, for those whose tools send letters. */
(() => {
  const note = document.querySelector("[data-keys]");
  const choice = document.querySelector("[data-keys-on]");
  const kept = "review-keys";
  if (!note || !choice) return;
  note.hidden = false;
  choice.checked = localStorage.getItem(kept) !== "off";
  choice.addEventListener("change", () => localStorage.setItem(kept, choice.checked ? "on" : "off"));

  // A keyboard of another script has no y: there the place of the key counts.
  const pressed = (event) => {
    if (event.key.startsWith("Arrow")) return event.key;
    const letter = event.key.toLowerCase();
    if (/^[a-z]$/.test(letter)) return letter;
    return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
  };
  let done = false;
  addEventListener("pageshow", () => { done = false; });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open], [role=region]");
    const held = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
    if (!choice.checked || held || done || (typing && event.key.startsWith("Arrow")) || event.target.closest("textarea, select, input:not([type=checkbox])")) return;
    const key = pressed(event);
    const target = key && document.querySelector(`[data-press="${key}"]`);
    if (!target) return;
    event.preventDefault();
    done = true;
    target.click();
  });
})();
