"use strict";
/* What a page gains with a script: menus that close, dialogs that stand over the page, forms sent once, files dropped. */
(() => {
  const body = document.body;

  // A menu closes when another opens, on Escape, and on a click elsewhere.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      const held = menu.contains(document.activeElement);
      menu.open = false;
      if (held) menu.querySelector("summary").focus();
    }
  });

  // A dialog written as a fold becomes a modal one.
  document.addEventListener("click", (event) => {
    const summary = event.target.closest(".dialog-fold > summary");
    if (summary) {
      event.preventDefault();
      openDialog(document.getElementById(summary.parentElement.dataset.dialog));
    }
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close();
  });
  function openDialog(dialog) {
    const fold = dialog.closest("details");
    fold.open = true;
    // Not close(): its event would come later and fold the dialog away.
    dialog.removeAttribute("open");
    dialog.querySelector("[data-close]").hidden = false;
    dialog.showModal();
    dialog.addEventListener("close", () => {
      fold.open = false;
      fold.querySelector("summary").focus();
    }, { once: true });
  }

  // A form is sent once, however often its button is pressed; coming back to the page frees it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
  });

  // Files dropped on a zone are chosen in its field.
  for (const zone of document.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const chosen = zone.querySelector("[data-chosen]");
    const tell = () => { chosen.textContent = [...input.files].map((file) => file.name).join(", "); };
    input.addEventListener("change", tell);
    for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // A table that fits its box needs no scrolling of its own, so its head may stay in sight.
  const sizes = new ResizeObserver((entries) => {
    for (const box of new Set(entries.map((entry) => entry.target.closest(".scroll")))) {
      const table = box?.querySelector(":scope > table");
      if (table) box.classList.toggle("fits", table.scrollWidth <= box.clientWidth + 1);
    }
  });
  const watch = (within) => {
    for (const box of within.querySelectorAll(".scroll")) {
      sizes.observe(box);
      for (const table of box.querySelectorAll(":scope > table")) sizes.observe(table);
    }
  };
  watch(document);
  document.addEventListener("htmx:afterSwap", () => watch(document));

  // After a form that could not be saved, reading begins at what was wrong.
  document.querySelector("[data-focus]")?.focus();
  body.classList.add("scripted");
})();
