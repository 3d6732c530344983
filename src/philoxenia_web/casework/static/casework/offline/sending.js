"use strict";
/* Speaking with the city: sending what waits, taking cases along, saying that the device was emptied. An answer that got
   lost is no harm: the same is sent again. */
(function (root) {
  const { vault, outbox } = root.philoxenia;
  const HERE = "/front/offline/";

  class Silence extends Error {
    /* `kind`: offline, sign_in, not_yours, stopped, said, broke. */
    constructor(kind, said = "") { super(kind); this.kind = kind; this.said = said; }
  }

  async function ask(where, options = {}) {
    let answer;
    try {
      answer = await fetch(HERE + where, { cache: "no-store", credentials: "same-origin", redirect: "manual", ...options });
    } catch {
      throw new Silence("offline");
    }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Silence("sign_in");
    if (answer.status === 404) throw new Silence("not_yours");
    if (answer.status === 410) throw new Silence("stopped");
    if (answer.status === 409) throw new Silence("said", (await answer.json()).said);
    if (!answer.ok) throw new Silence("broke");
    try {
      return await answer.json();
    } catch {
      throw new Silence("broke");
    }
  }

  async function post(where, told) {
    const { token } = await ask("hello/");
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    return ask(where, { method: "POST", headers, body: JSON.stringify(told) });
  }

  /* A stopped device empties itself, whoever is signed in, or nobody. */
  async function obey(device) {
    try {
      if ((await ask(`devices/${device}/`)).keep) return true;
    } catch (fault) {
      if (fault.kind !== "not_yours") return true;
    }
    await vault.wipe("revoked");
    return false;
  }

  const copiesOf = async () => {
    const found = {};
    for (const name of await vault.names("case:")) found[name.slice(5)] = await vault.get(name);
    return found;
  };

  async function take(told) {
    const answer = await post("take/", told);
    answer.values = { languages: answer.languages };
    for (const one of answer.copies) answer.values[`case:${one.id}`] = one;
    return answer;
  }

  /* Send until nothing waits or nothing moves on. `copied` is false where the time of the copies is over. */
  async function send(device, most, copied) {
    for (;;) {
      const batch = await vault.alone(async () => {
        const [found, box] = outbox.batch((await vault.get("outbox")) || outbox.empty(), most);
        // Noted before it goes: from now on it may have arrived.
        if (found.length) await vault.put({ outbox: box }, box.waiting.length);
        return { found, left: box.waiting.length };
      });
      if (!batch.found.length) return tellEmpty(device);
      let results;
      try {
        ({ results } = await post("sync/", { device, changes: batch.found, unsent: batch.left - batch.found.length }));
      } catch (fault) {
        if (fault.kind === "stopped") await vault.wipe("revoked");
        throw fault;
      }
      const left = await vault.alone(() => hear(results, copied));
      if (left >= batch.left) return;
    }
  }

  async function hear(results, copied) {
    const before = copied ? await copiesOf() : {};
    const [copies, box] = outbox.hear(before, await vault.get("outbox"), results);
    const values = { outbox: box };
    for (const [id, copy] of Object.entries(copies)) if (copy !== before[id]) values[`case:${id}`] = copy;
    await vault.put(values, box.waiting.length);
    return box.waiting.length;
  }

  /* The list of devices says that nothing waits here. */
  const tellEmpty = (device) => post("sync/", { device, changes: [], unsent: 0 }).catch(() => {});

  async function tellWiped({ device, why }) {
    try {
      await post("wiped/", { device, why });
    } catch (fault) {
      if (fault.kind !== "not_yours") return;
    }
    await vault.forget();
  }

  /* The page that needs no network is kept by its worker. */
  async function keepPage() {
    await navigator.serviceWorker.register(`${HERE}sw.js`, { scope: HERE });
    const { active } = await navigator.serviceWorker.ready;
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => resolve(event.data.done);
      active.postMessage({ keep: true }, [channel.port2]);
    });
  }

  root.philoxenia = Object.assign(root.philoxenia || {}, {
    sending: { Silence, ask, post, obey, take, send, copiesOf, tellWiped, keepPage },
  });
})(self);
