"use strict";
/* What lies on this device, sealed: AES-GCM with a random key, which is wrapped by a key made of a passphrase (PBKDF2).
   The key is in memory only while the page is open. In the clear lie: the device's number, times, counts of tries and of
   what is not sent yet. After its time what was taken along is removed; what is not sent yet stays sealed for some days
   more. After too many wrong tries everything is removed. */
(function (root) {
  const NAME = "philoxenia-desk";
  const FORMAT = 1;
  const DOOR = "door", THINGS = "things";
  const MINUTE = 60000;
  let key = null, door = null, deadline = 0;

  class Shut extends Error {
    /* `kind`: none, locked, wrong, wiped, expired, broken, full. */
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
  const writeDoor = (fresh) => together("readwrite", (doors) => { doors.put(fresh, DOOR); });

  /* The time by the city's clock. A clock that was set back does not give more time. */
  function now(of = door) {
    return Math.max(Date.now() + (of.offset || 0), of.latest || 0);
  }

  async function noteTime() {
    door = { ...door, latest: now() };
    await writeDoor(door);
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
    await together("readwrite", (doors, things) => { things.clear(); doors.put(door, DOOR); });
    await unlock(passphrase);
  }

  /* A longer or shorter time, told by the city. */
  async function renew(grant) {
    door = { ...door, until: Date.parse(grant.until), keep_until: Date.parse(grant.keep_until), offset: Date.parse(grant.now) - Date.now() };
    await writeDoor(door);
  }

  /* What can be known without the passphrase; removes what is over its time. */
  async function state() {
    const found = await readDoor();
    if (!found) return { kind: "none" };
    if (found.gone) return { kind: "wiped", ...found.gone };
    door = found;
    if (now() > door.keep_until || (now() > door.until && !door.unsent)) {
      await wipe("time");
      return { kind: "wiped", device: door.device, why: "time" };
    }
    if (now() > door.until) await dropTaken();
    return {
      kind: now() > door.until ? "expired" : key ? "open" : "locked",
      device: door.device, until: door.until, keep_until: door.keep_until, unsent: door.unsent, left: door.allowed_tries - door.tries,
    };
  }

  const dropTaken = () => together("readwrite", (_doors, things) => {
    things.delete(IDBKeyRange.bound("case:", "case:\uffff"));
  });

  async function unlock(passphrase) {
    const found = await state();
    if (found.kind === "none" || found.kind === "wiped") throw new Shut(found.kind);
    // Counted before it is tried: whoever closes the page has used up a try all the same.
    await together("readwrite", (doors) => {
      const kept = doors.get(DOOR);
      // Within the transaction: two windows that try at once use up two tries.
      kept.onsuccess = () => { if (kept.result && !kept.result.gone) doors.put((door = { ...kept.result, tries: kept.result.tries + 1 }), DOOR); };
    });
    const left = door.allowed_tries - door.tries;
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
    door.tries = 0;
    touch();
    await noteTime();
    return state();
  }

  /* Somebody is working: the door stays open for a while longer. */
  function touch() { deadline = Date.now() + door.idle_minutes * MINUTE; }

  function lock() { key = null; }

  function check() {
    if (!key) throw new Shut("locked");
    if (Date.now() > deadline) { lock(); throw new Shut("locked"); }
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
  async function put(values, unsent = door.unsent) {
    check();
    const sealed = [];
    for (const [name, value] of Object.entries(values)) sealed.push([name, value === null ? null : await seal(name, value)]);
    const fresh = { ...door, unsent, latest: now() };
    await together("readwrite", (doors, things) => {
      for (const [name, value] of sealed) value === null ? things.delete(name) : things.put(value, name);
      doors.put(fresh, DOOR);
    });
    door = fresh;
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

  /* Remove everything; without the wrapped key what a disk may still hold is noise. The city is told later. */
  async function wipe(why) {
    const device = door ? door.device : ((await readDoor()) || {}).device;
    lock();
    await together("readwrite", (doors, things) => {
      things.clear();
      doors.clear();
      if (device) doors.put({ gone: { device, why, at: new Date().toISOString() } }, DOOR);
    });
    tell();
  }

  const forget = () => together("readwrite", (doors, things) => { things.clear(); doors.clear(); });

  function tell() {
    if (!root.BroadcastChannel) return;
    const channel = new BroadcastChannel(NAME);
    channel.postMessage("shut");
    channel.close();
  }

  /* One tab at a time changes what is kept. */
  function alone(work) {
    return root.navigator.locks ? root.navigator.locks.request(NAME, work) : work();
  }

  const shut = [];
  /* Another window emptied this device. */
  const whenShut = (work) => shut.push(work);
  if (root.BroadcastChannel) new BroadcastChannel(NAME).addEventListener("message", () => { lock(); shut.forEach((work) => work()); });

  function isOpen() {
    if (key && Date.now() > deadline) lock();
    return Boolean(key);
  }

  const able = () => Boolean(root.indexedDB && root.crypto && crypto.subtle && "serviceWorker" in navigator);

  root.philoxenia = Object.assign(root.philoxenia || {}, {
    vault: { Shut, able, create, renew, state, unlock, lock, touch, put, get, names, wipe, forget, alone, isOpen, whenShut },
  });
})(self);
