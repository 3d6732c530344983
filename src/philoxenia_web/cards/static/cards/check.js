"use strict";
/* The page that checks a card. The code stands after # in the address, which no server sees; it is taken from there
   at once, so that it does not stay in the address bar or the history. */
(function (root) {
  const { code } = root.philoxenia;
  const box = (id) => document.getElementById(id);
  const SAY = JSON.parse(box("sentences").textContent);
  const language = document.documentElement.lang;
  const HOUR = 3600000;
  const PATIENCE = 4000;
  let keys = null;
  let about = null;
  let card = null;
  let round = 0;

  const say = (name, told = {}) => SAY[name].replace(/\{(\w+)\}/g, (whole, key) => told[key] ?? whole);
  const day = (time) => new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(time);
  const moment = (time) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(time);

  /* The local day as the city writes days; no earlier than the list, whatever this device's clock says. */
  function today(list) {
    const now = new Date(Math.max(Date.now(), list.from || 0));
    return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  }

  /* What is kept on this device answers at once; `fresh` asks the city, and gives up soon where something is known. */
  function ask(path, fresh) {
    const signal = fresh && keys && AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
    return fetch(path, { credentials: "omit", cache: fresh ? "no-cache" : "force-cache", signal });
  }

  async function know(fresh) {
    try {
      const answer = await ask("/card/keys.json", fresh);
      if (!answer.ok) return false;
      about = await answer.json();
      keys = Object.fromEntries(about.keys.map((one) => [one.kid, code.base64url(one.x)]));
      return true;
    } catch {
      return false;
    }
  }

  /* Whether the card's place is set: {state: none|packed|clock|old|known, from, set}. */
  async function looked(index, fresh) {
    if (!root.DecompressionStream) return { state: "packed" };
    try {
      const number = Math.floor(index / about.list_bits);
      const answer = await ask(`/card/lists/${number}/`, fresh);
      if (!answer.ok) return { state: "none" };
      const list = await code.list(await answer.text(), keys);
      if (!new URL(list.id).pathname.endsWith(`/lists/${number}/`)) return { state: "none" };
      const place = index % about.list_bits;
      const set = place >= list.bits.length * 8 || code.withdrawn(list.bits, place);
      return { state: aging(list), from: list.from, set };
    } catch {
      return { state: "none" };
    }
  }

  function aging(list) {
    // A list of the future: this device's clock is behind, so days and ages cannot be trusted.
    if (list.from - Date.now() > HOUR) return "clock";
    return Date.now() > list.until ? "old" : "known";
  }

  async function verdict(found, fresh) {
    const key = Object.hasOwn(keys, found.key) && keys[found.key];
    if (!key || !(await code.cardSigned(found, key))) return ["forged", { state: "" }];
    const list = await looked(found.index, fresh);
    if (list.set) return ["withdrawn", list];
    if (today(list) > found.until) return ["expired", list];
    if (today(list) < found.from) return ["early", list];
    return [list.state === "known" ? "good" : "unsure", list];
  }

  async function check(text) {
    const mine = (round += 1);
    card = null;
    box("name-form").hidden = true;
    box("name-said").textContent = "";
    let found;
    try {
      found = code.claims(code.read(text));
    } catch (slip) {
      return complain(slip.kind === "line" ? say("line", { line: slip.line }) : say("code"));
    }
    const online = root.navigator.onLine !== false;
    const before = await kept(found, online);
    if (mine !== round) return;
    const newer = online && (await know(true));
    if (mine !== round) return;
    if (!newer && !before.said) return complain(say("no_keys"));
    if (!newer) return before.waits ? show(before.said, before.list, found) : lines(before.said, before.list, found);
    const after = await verdict(found, true);
    if (mine !== round) return;
    // The list did not come: what was kept is known still.
    if (after[1].state === "none" && before.list && before.said !== "forged") after.splice(0, 2, before.said, before.list);
    if (after[0] === before.said && !before.waits) return lines(...after, found);
    show(...after, found);
  }

  /* The answer of what is kept here, shown at once. One that the city may mend in a moment waits for that. */
  async function kept(found, online) {
    if (!(await know(false))) return { waits: true };
    const began = performance.now();
    const [said, list] = await verdict(found, false);
    root.philoxenia.took = performance.now() - began;
    const waits = online && (said === "forged" || list.state === "none");
    if (!waits) show(said, list, found, online);
    return { said, list, waits };
  }

  function complain(words) {
    fill("slip", words, "", []);
  }

  function show(said, list, found, looking = false) {
    const told = { from: day(found.from), until: day(found.until) };
    fill(said, say(said), say(`${said}_more`, told), told_of(said, list, found, looking));
    card = said === "forged" ? null : found;
    box("name-form").hidden = !card;
  }

  /* The same answer, of a newer list: nothing is read out again. */
  function lines(said, list, found) {
    write(told_of(said, list, found, false));
  }

  function told_of(said, list, found, looking) {
    if (said === "forged") return [];
    return [say("until", { until: day(found.until) }), ...aged(list), ...(looking ? [say("looking")] : [])];
  }

  function aged(list) {
    const when = list.from ? moment(list.from) : "";
    return [say({ none: "list_none", packed: "list_packed", clock: "clock", old: "list_old" }[list.state] || "list_age", { when })];
  }

  function write(lines) {
    box("answer-lines").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  }

  function fill(kind, title, more, lines) {
    const answer = box("answer");
    answer.className = `answer ${kind}`;
    answer.hidden = false;
    box("answer-sign").setAttribute("href", `#sign-${{ good: "yes", unsure: "ask", early: "ask", slip: "ask" }[kind] || "no"}`);
    box("answer-title").textContent = title;
    box("answer-more").textContent = more;
    write(lines);
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
  let stop = null;

  async function scan() {
    const view = box("camera-view");
    const button = box("camera");
    const words = button.textContent;
    try {
      const detector = new root.BarcodeDetector({ formats: ["qr_code"] });
      const stream = await root.navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      view.srcObject = stream;
      view.hidden = false;
      button.textContent = say("camera_stop");
      box("camera-said").textContent = say("point");
      await view.play();
      const text = await seen(detector, view, stream);
      button.textContent = words;
      if (text) check(text);
    } catch {
      button.textContent = words;
      box("camera-said").textContent = say("camera_no");
    }
  }

  function seen(detector, view, stream) {
    return new Promise((resolve) => {
      stop = (text) => {
        stop = null;
        stream.getTracks().forEach((one) => one.stop());
        view.hidden = true;
        box("camera-said").textContent = "";
        resolve(text);
      };
      const look = async () => {
        if (!stop) return;
        if (document.hidden) return stop("");
        const [first] = await detector.detect(view).catch(() => []);
        if (!stop) return;
        if (first) stop(first.rawValue);
        else root.requestAnimationFrame(look);
      };
      look();
    });
  }

  async function keep() {
    const said = box("kept");
    said.textContent = say("not_kept");
    if (!root.navigator.serviceWorker) return;
    try {
      await root.navigator.serviceWorker.register("/card/sw.js", { scope: "/card/" });
      await root.navigator.serviceWorker.ready;
      if (!root.navigator.serviceWorker.controller) await new Promise((done) => root.navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
      // Asked for again: what was read before the worker was there is not kept yet.
      (await know(true)) || (await know(false));
      for (let number = 0; about && number < about.lists; number += 1) {
        const path = `/card/lists/${number}/`;
        await fetch(path, { credentials: "omit", cache: "no-cache" }).catch(() => ask(path, false));
      }
      if (about) said.textContent = say("kept");
    } catch {
      // Works with the network alone.
    }
  }

  if (root.BarcodeDetector && root.navigator.mediaDevices) {
    box("camera").hidden = false;
    box("camera").addEventListener("click", () => (stop ? stop("") : scan()));
  }
  box("code-form").hidden = false;
  root.addEventListener("hashchange", taken);
  taken();
  keep();
})(self);
