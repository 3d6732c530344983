"use strict";
/* Maps: what lies under the pointer, closer and farther. Charts: the figures at a point, by pointer or arrow keys. */
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, attributes, words) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (words) made.textContent = words;
    return made;
  };

  function tip(stage) {
    const shown = make("p", { class: "tip", "aria-hidden": "true", hidden: "" });
    stage.append(shown);
    return {
      at(words, x, y) {
        shown.textContent = words;
        shown.hidden = false;
        const room = stage.clientWidth - shown.offsetWidth;
        shown.style.left = `${Math.max(0, Math.min(room, x - shown.offsetWidth / 2))}px`;
        const above = y - shown.offsetHeight - 14;
        shown.style.top = `${above < 0 ? y + 18 : above}px`;
      },
      hide() { shown.hidden = true; },
    };
  }

  function prepareMap(stage) {
    const svg = stage.querySelector("svg.map");
    const whole = svg.getAttribute("viewBox").split(" ").map(Number);
    let box = [...whole];
    const told = tip(stage);
    // The browser's own tooltip would come late and twice.
    for (const title of svg.querySelectorAll("title")) {
      title.parentNode.dataset.said = title.textContent;
      title.remove();
    }
    svg.addEventListener("pointermove", (event) => {
      const place = event.target.closest("[data-said]");
      if (!place) return told.hide();
      const frame = stage.getBoundingClientRect();
      told.at(place.dataset.said, event.clientX - frame.left, event.clientY - frame.top);
    });
    svg.addEventListener("pointerleave", told.hide);

    const show = () => svg.setAttribute("viewBox", box.map((n) => n.toFixed(2)).join(" "));
    const held = () => {
      box[2] = Math.min(box[2], whole[2]);
      box[3] = Math.min(box[3], whole[3]);
      box[0] = Math.min(Math.max(box[0], whole[0]), whole[0] + whole[2] - box[2]);
      box[1] = Math.min(Math.max(box[1], whole[1]), whole[1] + whole[3] - box[3]);
      stage.classList.toggle("closer", box[2] < whole[2]);
      show();
    };
    const zoom = (factor, x = box[0] + box[2] / 2, y = box[1] + box[3] / 2) => {
      if (box[2] * factor < whole[2] / 12) return;
      box = [x - (x - box[0]) * factor, y - (y - box[1]) * factor, box[2] * factor, box[3] * factor];
      held();
    };
    const tools = make("div", { class: "picture-tools" });
    const button = (sign, words, act) => {
      const made = make("button", { type: "button", class: "button button-plain button-small", title: words, "aria-label": words }, sign);
      made.addEventListener("click", act);
      tools.append(made);
    };
    button("+", stage.dataset.in, () => zoom(1 / 1.6));
    button("−", stage.dataset.out, () => zoom(1.6));
    button("⤢", stage.dataset.whole, () => { box = [...whole]; held(); });
    stage.prepend(tools);

    // Dragging moves a map that is seen closer; a drag is not a click on a district.
    let from = null, moved = false;
    svg.addEventListener("pointerdown", (event) => { if (box[2] < whole[2]) from = [event.clientX, event.clientY, ...box]; moved = false; });
    addEventListener("pointermove", (event) => {
      if (!from) return;
      const scale = from[4] / svg.clientWidth;
      box = [from[2] - (event.clientX - from[0]) * scale, from[3] - (event.clientY - from[1]) * scale, from[4], from[5]];
      moved ||= Math.hypot(event.clientX - from[0], event.clientY - from[1]) > 4;
      held();
    });
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, () => { from = null; });
    svg.addEventListener("click", (event) => { if (moved) event.preventDefault(); });
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const frame = svg.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 1 / 1.2 : 1.2,
        box[0] + (event.clientX - frame.left) / frame.width * box[2],
        box[1] + (event.clientY - frame.top) / frame.height * box[3]);
    }, { passive: false });
  }

  function prepareChart(stage) {
    const svg = stage.querySelector("svg");
    const data = JSON.parse(stage.querySelector("script").textContent);
    if (!data.points.length) return;
    const told = tip(stage);
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("class", "reading");
    const dot = document.createElementNS(SVG, "circle");
    dot.setAttribute("class", "reading-dot");
    dot.setAttribute("r", "3.5");
    svg.append(line, dot);
    const view = svg.viewBox.baseVal;
    let place = -1;
    const show = (next) => {
      place = Math.max(0, Math.min(data.points.length - 1, next));
      const point = data.points[place];
      line.setAttribute("d", `M${point.x} ${data.top}V${data.bottom}`);
      dot.setAttribute("cx", point.x);
      dot.setAttribute("cy", point.y);
      for (const one of [line, dot]) one.removeAttribute("display");
      const frame = svg.getBoundingClientRect(), outer = stage.getBoundingClientRect();
      told.at(point.said, frame.left - outer.left + (point.x - view.x) / view.width * frame.width,
        frame.top - outer.top + (point.y - view.y) / view.height * frame.height);
      return point;
    };
    const hide = () => {
      told.hide();
      for (const one of [line, dot]) one.setAttribute("display", "none");
    };
    hide();
    svg.addEventListener("pointermove", (event) => {
      const frame = svg.getBoundingClientRect();
      const x = view.x + (event.clientX - frame.left) / frame.width * view.width;
      let nearest = 0;
      data.points.forEach((point, index) => {
        if (Math.abs(point.x - x) < Math.abs(data.points[nearest].x - x)) nearest = index;
      });
      show(nearest);
    });
    svg.addEventListener("pointerleave", () => { if (document.activeElement !== stage) hide(); });
    // As a slider: the arrow keys go from point to point, and what stands there is read out.
    stage.tabIndex = 0;
    stage.setAttribute("role", "slider");
    stage.setAttribute("aria-label", stage.dataset.words);
    stage.setAttribute("aria-valuemin", "1");
    stage.setAttribute("aria-valuemax", String(data.points.length));
    const read = (next) => {
      const point = show(next);
      stage.setAttribute("aria-valuenow", String(place + 1));
      stage.setAttribute("aria-valuetext", point.said);
    };
    stage.setAttribute("aria-valuenow", String(data.points.length));
    stage.setAttribute("aria-valuetext", data.points[data.points.length - 1].said);
    stage.addEventListener("focus", () => { if (place < 0 && stage.matches(":focus-visible")) read(data.points.length - 1); });
    stage.addEventListener("blur", hide);
    const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 12, PageDown: -12 };
    stage.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return hide();
      if (event.key in STEPS) read(place + STEPS[event.key]);
      else if (event.key === "Home") read(0);
      else if (event.key === "End") read(data.points.length - 1);
      else return;
      event.preventDefault();
    });
  }

  const prepare = (root) => {
    for (const stage of root.querySelectorAll("[data-map]:not([data-ready])")) { stage.dataset.ready = ""; prepareMap(stage); }
    for (const stage of root.querySelectorAll("[data-chart]:not([data-ready])")) { stage.dataset.ready = ""; prepareChart(stage); }
  };
  prepare(document);
  document.addEventListener("htmx:afterSettle", () => prepare(document));
})();
