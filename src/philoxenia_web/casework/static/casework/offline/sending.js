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

  async function post(where, told, city) {
    const { token } = city || (await ask("hello/"));
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    return ask(where, { method: "POST", headers, body: JSON.stringify(told) });
  }

  /* Do what the city says of this device, whoever is signed in, or nobody. False where nothing is left here. Only a plain
     answer counts: a page of a proxy, or none at all, removes nothing. */
  async function obey(device) {
    let told;
    try {
      told = await ask(`devices/${device}/`);
    } catch {
      return true;
    }
    if (typeof told.keep !== "boolean") return true;
    // Another tab may empty the device at this moment.
    return follow(told).catch((fault) => { if (fault.kind === "wiped") return false; throw fault; });
  }

  async function follow(told) {
    await vault.setClock(told.now);
    const found = await vault.state();
    if (["none", "wiped"].includes(found.kind)) return false;
    const revoked = !told.keep && !(told.unsent && found.unsent);
    if (revoked || vault.isOver()) {
      await vault.wipe(revoked ? "revoked" : "time");
      return false;
    }
    if (!told.keep) await vault.endCopies();
    else if (told.hold) await vault.keepOnly(told.hold);
    return true;
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

  /* Send until nothing waits but what the city asked to hear later. */
  async function send(device, most) {
    const later = [];
    for (;;) {
      const city = await ask("hello/");
      const batch = await vault.alone(async () => {
        const [found, box] = outbox.batch((await vault.get("outbox")) || outbox.empty(), city.batch || most, later);
        // Noted before it goes: from now on it may have arrived.
        if (found.length) await vault.put({ outbox: box }, outbox.unsent(box));
        return found;
      });
      const unsent = (await vault.state()).unsent - batch.length;
      // The list of devices says how much waits here.
      if (!batch.length) return post("sync/", { device, changes: batch, unsent }, city).catch(() => {});
      let results;
      try {
        ({ results } = await post("sync/", { device, changes: batch, unsent }, city));
      } catch (fault) {
        if (fault.kind === "stopped") await obey(device);
        throw fault;
      }
      later.push(...results.filter((one) => one.result === "later").map((one) => one.key));
      const heard = new Set(results.map((one) => one.key));
      if (batch.some((one) => !heard.has(one.key))) throw new Silence("broke");
      await vault.alone(() => hear(results));
    }
  }

  async function hear(results) {
    const before = await copiesOf().catch((fault) => { if (fault.kind === "expired") return {}; throw fault; });
    const [copies, box] = outbox.hear(before, (await vault.get("outbox")) || outbox.empty(), results);
    const values = { outbox: box };
    for (const [id, copy] of Object.entries(copies)) if (copy !== before[id]) values[`case:${id}`] = copy;
    await vault.put(values, outbox.unsent(box));
  }

  async function tellWiped({ device, why }) {
    try {
      await post("wiped/", { device, why });
    } catch (fault) {
      if (fault.kind !== "not_yours") return;
    }
    await vault.forget();
  }

  /* A worker that could not get all its files never begins. */
  const settled = (worker) => new Promise((resolve) => {
    const look = () => { if (["activated", "redundant"].includes(worker.state)) resolve(); };
    worker.addEventListener("statechange", look);
    look();
  });

  /* The page that needs no network is kept by its worker. */
  async function keepPage() {
    const registered = await navigator.serviceWorker.register(`${HERE}sw.js`, { scope: HERE });
    const fresh = registered.installing || registered.waiting;
    if (!registered.active && fresh) await settled(fresh);
    const { active } = registered;
    if (!active) return false;
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
