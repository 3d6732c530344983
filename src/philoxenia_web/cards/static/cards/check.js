"use strict";
/* The page that checks a card. The code stands after # in the address, which no server sees; it is taken from there
   at once, so that it does not stay in the address bar or the history. */
(function (root) {
  const { code } = root.philoxenia;
  const box = (id) => document.getElementById(id);
  const SAY = JSON.parse(box("sentences").textContent);
  const language = document.documentElement.lang;
  const HOUR = 3600000;
  let keys = null;
  let about = null;
  let card = null;

  const say = (name, told = {}) => SAY[name].replace(/\{(\w+)\}/g, (whole, key) => told[key] ?? whole);
  const day = (time) => new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(time);
  const moment = (time) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(time);

  /* The local day as the city writes days. */
  function today() {
    const now = new Date();
    return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  }

  async function know() {
    if (keys) return;
    try {
      about = await (await fetch("/card/keys.json", { credentials: "omit" })).json();
      keys = Object.fromEntries(about.keys.map((one) => [one.kid, code.base64url(one.x)]));
    } catch {
      keys = null;
    }
  }

  /* Whether the card's place is set: {state: none|packed|old|known, from, set}. */
  async function looked(index) {
    if (!root.DecompressionStream) return { state: "packed" };
    try {
      const number = Math.floor(index / about.list_bits);
      const answer = await fetch(`/card/lists/${number}/`, { credentials: "omit" });
      if (!answer.ok) return { state: "none" };
      const list = await code.list(await answer.text(), keys);
      if (!new URL(list.id).pathname.endsWith(`/lists/${number}/`)) return { state: "none" };
      const place = index % about.list_bits;
      const set = place >= list.bits.length * 8 || code.withdrawn(list.bits, place);
      return { state: Date.now() - list.from > about.old_hours * HOUR ? "old" : "known", from: list.from, set };
    } catch {
      return { state: "none" };
    }
  }

  async function verdict(found) {
    const key = Object.hasOwn(keys, found.key) && keys[found.key];
    if (!key || !(await code.cardSigned(found, key))) return ["forged", { state: "" }];
    const list = await looked(found.index);
    if (list.set) return ["withdrawn", list];
    if (today() > found.until) return ["expired", list];
    if (today() < found.from) return ["early", list];
    return [list.state === "known" ? "good" : "unsure", list];
  }

  async function check(text) {
    card = null;
    box("name-form").hidden = true;
    box("name-said").textContent = "";
    let found;
    try {
      found = code.claims(code.read(text));
    } catch (slip) {
      return complain(slip.kind === "line" ? say("line", { line: slip.line }) : say("code"));
    }
    await know();
    if (!keys) return complain(say("no_keys"));
    const began = performance.now();
    const [said, list] = await verdict(found);
    root.philoxenia.took = performance.now() - began;
    return show(said, list, found);
  }

  function complain(words) {
    fill("slip", words, "", []);
  }

  function show(said, list, found) {
    const told = { from: day(found.from), until: day(found.until) };
    const lines = said === "forged" ? [] : [say("until", told), ...aged(list)];
    fill(said, say(said), say(`${said}_more`, told), lines);
    if (said === "forged") return;
    card = found;
    box("name-form").hidden = false;
  }

  function aged(list) {
    const when = list.from ? moment(list.from) : "";
    if (list.state === "none") return [say("list_none")];
    if (list.state === "packed") return [say("list_packed")];
    // A list of the future: the device's clock is behind, so the days cannot be trusted.
    if (list.from - Date.now() > HOUR) return [say("clock", { when })];
    return [say(list.state === "old" ? "list_old" : "list_age", { when })];
  }

  function fill(kind, title, more, lines) {
    const answer = box("answer");
    answer.className = `answer ${kind}`;
    answer.hidden = false;
    box("answer-sign").setAttribute("href", `#sign-${{ good: "yes", unsure: "ask", early: "ask", slip: "ask" }[kind] || "no"}`);
    box("answer-title").textContent = title;
    box("answer-more").textContent = more;
    box("answer-lines").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    answer.focus();
  }

  function taken() {
    if (root.location.hash.length < 2) return;
    const text = root.location.hash;
    root.history.replaceState(null, "", root.location.pathname);
    check(text);
  }

  box("code-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = box("code");
    const text = field.value;
    field.value = "";
    check(text);
  });

  box("name-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = box("name");
    if (!card || !field.value.trim()) return;
    const fits = code.nameFits(card, field.value);
    field.value = "";
    box("name-said").className = fits ? "safe" : "said";
    box("name-said").textContent = say(fits ? "fits" : "fits_not");
  });

  /* A camera in the page, where the browser reads codes by itself; elsewhere the phone's own camera opens the address. */
  async function scan() {
    const view = box("camera-view");
    try {
      const detector = new root.BarcodeDetector({ formats: ["qr_code"] });
      const stream = await root.navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      view.srcObject = stream;
      view.hidden = false;
      box("camera-said").textContent = say("point");
      await view.play();
      const text = await seen(detector, view, stream);
      if (text) check(text);
    } catch {
      box("camera-said").textContent = say("camera_no");
    }
  }

  function seen(detector, view, stream) {
    return new Promise((resolve) => {
      const stop = (text) => {
        stream.getTracks().forEach((one) => one.stop());
        view.hidden = true;
        box("camera-said").textContent = "";
        resolve(text);
      };
      const look = async () => {
        if (document.hidden) return stop("");
        const [first] = await detector.detect(view).catch(() => []);
        return first ? stop(first.rawValue) : root.requestAnimationFrame(look);
      };
      look();
    });
  }

  async function keep() {
    const kept = box("kept");
    kept.textContent = say("not_kept");
    if (!root.navigator.serviceWorker) return;
    try {
      await root.navigator.serviceWorker.register("/card/sw.js", { scope: "/card/" });
      await root.navigator.serviceWorker.ready;
      if (!root.navigator.serviceWorker.controller) await new Promise((done) => root.navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
      // Asked for again: what was read before the worker was there is not kept yet.
      await fetch("/card/keys.json", { credentials: "omit" });
      await know();
      for (let number = 0; about && number < about.lists; number += 1) await fetch(`/card/lists/${number}/`, { credentials: "omit" });
      if (about) kept.textContent = say("kept");
    } catch {
      // Works with the network alone.
    }
  }

  if (root.BarcodeDetector && root.navigator.mediaDevices) {
    box("camera").hidden = false;
    box("camera").addEventListener("click", scan);
  }
  box("code-form").hidden = false;
  root.addEventListener("hashchange", taken);
  taken();
  keep();
})(self);
