"use strict";
/* htmx: the token of the page's forms, what a reader hears after a change, and what is said when an answer fails. */
(() => {
  const say = (words) => {
    const place = document.getElementById("say");
    place.textContent = "";
    requestAnimationFrame(() => { place.textContent = words; });
  };

  function toast(words) {
    const shape = document.getElementById("toast-shape").content.cloneNode(true);
    shape.querySelector("p").textContent = words;
    document.getElementById("toasts").replaceChildren(shape);
  }
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".toast").remove();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "get") return;
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (token) event.detail.headers["X-CSRFToken"] = token.value;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const told = event.target.closest?.("[data-say]");
    if (told) say(told.dataset.say);
  });
  document.addEventListener("htmx:responseError", (event) => {
    toast(decodeURIComponent(event.detail.xhr.getResponseHeader("X-Said") || "") || document.body.dataset.failed);
  });
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, () => toast(document.body.dataset.noAnswer));
  }
  window.philoxenia = { say, toast };
})();
