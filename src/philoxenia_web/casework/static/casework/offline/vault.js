"use strict";
/* What lies on this device, sealed: AES-GCM with a random key, which is wrapped by a key made of a passphrase (PBKDF2).
   The key is in memory only while the page is open. In the clear lie: the device's number, times, counts of tries and of
   what is not sent yet. After its time what was taken along is removed; what is not sent yet stays sealed for some days
   more, and is removed only by the city's clock, as this device's own may be wrong. After too many wrong tries everything
   is removed. Several tabs work on it at once: whatever is written looks first at what the others wrote. */
(function (root) {
  const NAME = "philoxenia-desk";
  const FORMAT = 1;
  const DOOR = "door", THINGS = "things";
  const MINUTE = 60000;
  let key = null, door = null, touched = null;

  class Shut extends Error {
    /* `kind`: none, held, locked, wrong, wiped, expired, over, broken, full. */
    constructor(kind, left) { super(kind); this.kind = kind; this.left = left; }
  }

  const bytes = (text) => new TextEncoder().encode(text);
  const random = (size) => crypto.getRandomValues(new Uint8Array(size));
  const bound = (name) => bytes(`philoxenia desk ${FORMAT}|${door.device}|${name}`);

  function asked(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(fault(request.error));
    });
  }

  const fault = (error) => new Shut(error && error.name === "QuotaExceededError" ? "full" : "broken");

  async function database() {
    const request = indexedDB.open(NAME, FORMAT);
    request.onupgradeneeded = () => { for (const store of [DOOR, THINGS]) request.result.createObjectStore(store); };
    return asked(request);
  }

  /* Several reads or writes that happen together or not at all. */
  async function together(mode, work) {
    const opened = await database();
    try {
      const transaction = opened.transaction([DOOR, THINGS], mode, mode === "readwrite" ? { durability: "strict" } : {});
      const done = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = transaction.onerror = () => reject(fault(transaction.error));
      });
      const found = work(transaction.objectStore(DOOR), transaction.objectStore(THINGS));
      const answer = found instanceof IDBRequest ? await asked(found) : found;
      await done;
      return answer;
    } finally {
      opened.close();
    }
  }

  const readDoor = () => together("readonly", (doors) => doors.get(DOOR));

  /* What is not sent yet, begun notes among it: counted in one step, as another may save at this moment. */
  const unsentOf = (kept, keys) => (kept.unsent || 0) + keys.filter((name) => name.startsWith("draft:")).length;

  async function readUnsent() {
    const [kept, keys] = await together("readonly", (doors, things) => [doors.get(DOOR), things.getAllKeys()]);
    return { door: kept.result, unsent: kept.result ? unsentOf(kept.result, keys.result) : 0 };
  }

  /* The door as it is now, changed together with things. Nothing is written where another tab emptied this device. */
  async function change(work, more = () => {}) {
    const { device } = door;
    let fresh = null;
    await together("readwrite", (doors, things) => {
      const kept = doors.get(DOOR);
      kept.onsuccess = () => {
        if (!kept.result || kept.result.device !== device) return;
        fresh = work(kept.result);
        doors.put(fresh, DOOR);
        more(things);
      };
    });
    if (!fresh) { lock(); throw new Shut("wiped"); }
    return (door = fresh);
  }

  /* The time by the city's clock. A clock that was set back does not give more time. */
  function now(of = door) {
    return Math.max(Date.now() + (of.offset || 0), of.latest || 0);
  }

  /* What the city says the time is: it counts, also where this device's clock had run far ahead. */
  async function setClock(text) {
    const latest = Date.parse(text);
    if (Number.isFinite(latest)) await change((kept) => ({ ...kept, latest, offset: latest - Date.now() }));
  }

  async function wrapping(passphrase, salt, iterations, uses) {
    const secret = await crypto.subtle.importKey("raw", bytes(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt, iterations }, secret, { name: "AES-GCM", length: 256 }, false, uses);
  }

  /* A new store. `grant`: device, until, keep_until, now (times of the city), rules (iterations, tries, idle_minutes). */
  async function create(passphrase, grant) {
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
    const salt = random(16), iv = random(12);
    door = {
      format: FORMAT, device: grant.device, salt, iv, tries: 0, unsent: 0,
      until: Date.parse(grant.until), keep_until: Date.parse(grant.keep_until),
      offset: Date.parse(grant.now) - Date.now(), latest: Date.parse(grant.now), ...grant.rules,
    };
    const wrapper = await wrapping(passphrase, salt, door.iterations, ["wrapKey"]);
    door.wrapped = new Uint8Array(await crypto.subtle.wrapKey("raw", fresh, wrapper, { name: "AES-GCM", iv, additionalData: bound("key") }));
    const made = door;
    await together("readwrite", (doors, things) => {
      const kept = doors.get(DOOR);
      kept.onsuccess = () => {
        // Another tab took cases along meanwhile: what lies there is not ours to remove.
        if (kept.result && !kept.result.gone) return void (door = null);
        things.clear();
        doors.put(made, DOOR);
      };
    });
    if (!door) throw new Shut("held");
    named(door.device, door.keep_until);
    await unlock(passphrase);
  }

  /* By this the city knows at signing out that something lies in this browser, and leads to the page that empties it. */
  function named(device, until) {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    document.cookie = `desk-device=${device}; path=/; samesite=lax; max-age=${seconds}${location.protocol === "https:" ? "; secure" : ""}`;
  }

  /* A longer or shorter time, told by the city. */
  async function renew(grant) {
    await setClock(grant.now);
    await change((kept) => ({ ...kept, until: Date.parse(grant.until), keep_until: Date.parse(grant.keep_until) }));
    named(door.device, door.keep_until);
  }

  /* What can be known without the passphrase; removes copies that are over their time. Begun notes count as unsent. */
  async function state() {
    const found = await readDoor();
    if (!found || found.gone || (door && door.device !== found.device)) lock();
    if (!found) return { kind: "none" };
    if (found.gone) return { kind: "wiped", ...found.gone };
    door = found;
    const late = now() > door.until, over = now() > door.keep_until;
    if (late && key) for (const work of ending) await work();
    if (late && (await wipe("time", true))) return { kind: "wiped", device: found.device, why: "time" };
    const { door: kept, unsent } = await readUnsent();
    if (!kept || kept.gone || kept.device !== found.device) return state();
    door = kept;
    if (late) await keepOnly([]);
    if (over) lock();
    return {
      kind: over ? "over" : late ? "expired" : key ? "open" : "locked", unsent,
      device: door.device, until: door.until, keep_until: door.keep_until, left: door.allowed_tries - door.tries,
    };
  }

  /* Copies of these cases stay, those of others go. */
  async function keepOnly(ids) {
    const gone = (await names("case:")).filter((name) => !ids.includes(name.slice(5)));
    if (!gone.length) return;
    await change((kept) => kept, (things) => { for (const name of gone) things.delete(name); });
    tell("changed");
  }

  /* No copy may stay; what is not sent yet does, as after the time limit. */
  async function endCopies() {
    await change((kept) => ({ ...kept, until: Math.min(kept.until, now(kept) - 1) }));
    await keepOnly([]);
  }

  const isLate = () => now() > door.until;
  const isOver = () => now() > door.keep_until;

  async function unlock(passphrase) {
    const found = await state();
    if (["none", "wiped", "over"].includes(found.kind)) throw new Shut(found.kind);
    // Counted before it is tried, in one step: whoever closes the page, or guesses in two tabs, has used up a try all the same.
    const { tries, allowed_tries } = await change((kept) => ({ ...kept, tries: kept.tries + 1 }));
    const left = allowed_tries - tries;
    if (left < 0) { await wipe("tries"); throw new Shut("wiped"); }
    const wrapper = await wrapping(passphrase, door.salt, door.iterations, ["unwrapKey"]);
    try {
      key = await crypto.subtle.unwrapKey(
        "raw", door.wrapped, wrapper, { name: "AES-GCM", iv: door.iv, additionalData: bound("key") },
        { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
    } catch {
      if (left > 0) throw new Shut("wrong", left);
      await wipe("tries");
      throw new Shut("wiped");
    }
    touch();
    await change((kept) => ({ ...kept, tries: 0, latest: now(kept) }));
    return state();
  }

  /* Somebody is working: the door stays open for a while longer, by a clock that nobody sets and by one that sleep does
     not stop. */
  const clocks = () => [Date.now(), performance.now()];
  function touch() { touched = clocks(); }

  function idle() {
    const gone = clocks().map((at, which) => at - touched[which]);
    return Math.max(...gone) > door.idle_minutes * MINUTE || Math.min(...gone) < -MINUTE;
  }

  function lock() { key = null; }

  function check() {
    if (!key) throw new Shut("locked");
    if (idle()) { lock(); throw new Shut("locked"); }
  }

  async function seal(name, value) {
    const iv = random(12);
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(name) }, key, bytes(JSON.stringify(value)));
    return { iv, data: new Uint8Array(data) };
  }

  async function unseal(name, found) {
    try {
      const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv, additionalData: bound(name) }, key, found.data);
      return JSON.parse(new TextDecoder().decode(opened));
    } catch {
      throw new Shut("broken");
    }
  }

  /* Put named values together, or none of them; `null` removes. `unsent` is counted in the clear. */
  async function put(values, unsent) {
    check();
    const sealed = [];
    for (const [name, value] of Object.entries(values)) sealed.push([name, value === null ? null : await seal(name, value)]);
    await change(
      (kept) => ({ ...kept, unsent: unsent ?? kept.unsent, latest: now(kept) }),
      (things) => { for (const [name, value] of sealed) value === null ? things.delete(name) : things.put(value, name); });
  }

  async function get(name) {
    check();
    if (name.startsWith("case:") && now() > door.until) throw new Shut("expired");
    const found = await together("readonly", (_doors, things) => things.get(name));
    return found ? unseal(name, found) : null;
  }

  async function names(prefix) {
    const found = await together("readonly", (_doors, things) => things.getAllKeys());
    return found.filter((name) => name.startsWith(prefix));
  }

  /* Remove everything; without the wrapped key what a disk may still hold is noise. The city is told later. `onlySent`:
     nothing is removed, and false is the answer, where something is not sent yet. */
  async function wipe(why, onlySent = false) {
    const device = door && door.device;
    let left = false;
    if (!onlySent) lock();
    await together("readwrite", (doors, things) => {
      const kept = doors.get(DOOR);
      const keys = things.getAllKeys();
      keys.onsuccess = () => {
        const found = kept.result;
        // Another tab emptied it and took along anew: that is another device.
        if (!found || found.gone || (device && found.device !== device)) return;
        if (onlySent && unsentOf(found, keys.result)) return void (left = true);
        things.clear();
        doors.put({ gone: { device: found.device, why, at: new Date().toISOString() } }, DOOR);
        named("", 0);
      };
    });
    if (left) return false;
    lock();
    tell("shut");
    return true;
  }

  const forget = () => together("readwrite", (doors, things) => {
    const kept = doors.get(DOOR);
    kept.onsuccess = () => { if (!kept.result || kept.result.gone) { things.clear(); doors.clear(); } };
  });

  const channel = root.BroadcastChannel ? new BroadcastChannel(NAME) : null;
  const tell = (what) => channel && channel.postMessage(what);

  /* One tab at a time changes what is kept. */
  function alone(work) {
    return root.navigator.locks ? root.navigator.locks.request(NAME, work) : work();
  }

  const ending = [];
  /* What is being written is kept before the time that is over removes anything. */
  const beforeEnd = (work) => ending.push(work);

  const shut = [];
  /* Another window emptied this device, or removed copies. */
  const whenShut = (work) => shut.push(work);
  if (channel) channel.addEventListener("message", ({ data }) => { if (data === "shut") lock(); shut.forEach((work) => work()); });

  function isOpen() {
    if (key && idle()) lock();
    return Boolean(key);
  }

  const able = () => Boolean(root.indexedDB && root.crypto && crypto.subtle && "serviceWorker" in navigator);

  root.philoxenia = Object.assign(root.philoxenia || {}, {
    vault: {
      Shut, able, create, renew, setClock, state, isLate, isOver, unlock, lock, touch, put, get, names, keepOnly, endCopies, wipe, forget,
      alone, isOpen, beforeEnd, whenShut,
    },
  });
})(self);
