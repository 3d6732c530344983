"use strict";
/* The desk by keyboard: "/" to search, "n" for a note. A choice that stands alone is sent when it is made. */
(() => {
  const writing = (element) => element.closest("input, select, textarea, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || writing(event.target)) return;
    if (event.key === "/") {
      const names = document.getElementById("id_names");
      event.preventDefault();
      if (names && names.offsetParent) names.focus();
      else location.assign(document.querySelector(".crumbs a, .rail a")?.href || "/front/");
    }
    if (event.key === "n") {
      const fold = document.getElementById("new-note");
      if (!fold) return;
      event.preventDefault();
      fold.open = true;
      fold.querySelector("textarea").focus();
    }
  });
  for (const form of document.querySelectorAll("form[data-sends]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }
})();
