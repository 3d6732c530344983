"use strict";
/* What this phone holds: how old it is, keeping it, bringing it up to date, taking it away. */
(function (root) {
  const { edition } = root.philoxenia;
  const { language, say, element, number, bytes, day, ago } = root.philoxenia.page;
  const DAY = 86400000;
  const panel = document.getElementById("status");

  const able = () => "serviceWorker" in navigator && "caches" in root && root.crypto && crypto.subtle;
  const since = (state) => Date.parse(state.checked || state.manifest.made_at);
  const isOld = (state) => Date.now() - since(state) > state.manifest.stale_days * DAY;

  /* The sentence about age that stands over everything read from this phone. */
  function age(state) {
    const moment = since(state);
    const node = element("p", { class: isOld(state) ? "age said" : "age note" }, say("as_of", { ago: ago(moment), day: day(moment) }));
    if (isOld(state)) node.append(" ", element("strong", {}, say("old")));
    return node;
  }

  function show(...children) { panel.replaceChildren(...children.filter(Boolean)); }

  function button(word, work, plain = false) {
    const node = element("button", { type: "button", ...(plain ? { class: "plain" } : {}) }, say(word));
    node.addEventListener("click", work);
    return node;
  }

  const problem = (kind) => element("p", { class: "fault", role: "alert" }, say(`fault_${kind}`));

  /* What can be done now. `fault` is what just went wrong. */
  async function draw(fault = "") {
    if (!able()) return show(element("p", { class: "fault" }, say("unable")));
    const state = await edition.read(language);
    return state ? drawHeld(state, fault) : drawOffer(fault);
  }

  async function drawOffer(fault) {
    let manifest = null;
    try {
      manifest = await edition.manifestOf(language);
    } catch (found) {
      return show(problem(fault || found.kind || "broken"), button("again", () => draw()));
    }
    const here = await edition.begun(language, manifest);
    const words = here ? "go_on" : "keep";
    const told = say("offer", { count: number(manifest.rows), size: bytes(manifest.bytes - here) });
    return show(fault ? problem(fault) : null, element("p", {}, told), element("p", { class: "buttons" }, button(words, () => keep(manifest))));
  }

  function drawHeld(state, fault) {
    const odd = state.manifest.format !== edition.FORMAT;
    show(
      fault ? problem(fault) : null,
      age(state),
      element("p", {}, say(odd ? "other_format" : "here", { count: number(state.manifest.rows), size: bytes(state.manifest.bytes) })),
      element("p", { class: "buttons" }, button("renew", () => keep(state.manifest)), button("forget", forget, true)),
    );
  }

  async function keep(manifest) {
    const bar = element("progress", { max: "100", value: "0", "aria-label": say("keeping") });
    const told = element("p", { role: "status" }, say("keeping"));
    show(told, bar);
    try {
      if (!(await edition.hasRoom(manifest.bytes - (await edition.begun(language, manifest))))) throw new edition.Fault("full");
      await prepared();
      const found = await edition.renew(language, { whole: true }, (done, all) => {
        bar.value = (100 * done) / all;
        told.textContent = say("so_far", { done: bytes(done), all: bytes(all) });
      });
      if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
      await draw(found === "same" ? "same" : "");
      root.philoxenia.app.restart();
    } catch (fault) {
      await draw(fault.kind || "broken");
    }
  }

  /* The worker runs and holds this page: without it nothing opens when the connection is gone. */
  async function prepared() {
    await navigator.serviceWorker.register("/help/sw.js", { scope: "/help/" });
    const registration = await navigator.serviceWorker.ready;
    if (!(await tell(registration.active, { keep: language }))) throw new edition.Fault("offline");
  }

  function tell(worker, message) {
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => resolve(event.data.done);
      worker.postMessage(message, [channel.port2]);
    });
  }

  async function forget() {
    await edition.forget(language);
    const registration = await navigator.serviceWorker.getRegistration("/help/");
    if (registration && registration.active) await tell(registration.active, { forget: language });
    await draw();
    root.philoxenia.app.restart();
  }

  /* Small changes come by themselves while somebody looks; a whole edition only on asking. */
  async function renewQuietly(state) {
    if (!navigator.onLine || Date.now() - Date.parse(state.checked) < state.manifest.check_hours * 3600000) return;
    try {
      if ((await edition.renew(language)) === "changed") await root.philoxenia.app.restart();
      await draw();
    } catch {
      // What is held stays; its age is told.
    }
  }

  root.philoxenia = Object.assign(root.philoxenia, { status: { draw, age, isOld, able, renewQuietly, problem } });
})(self);
