"use strict";
/* Editions on this device: read whole or brought up to date by a difference, checked by hash, changed all at once.
   Used by pages and by the service worker. What is held is one pointer (`held`) and the files it names, in a cache of the
   language; whatever breaks before the pointer is written leaves the older edition as it was. */
(function (root) {
  const FORMAT = 1;
  const CACHE = "philoxenia-edition-";
  const NAME = 20, GROUPS = 4;

  class Fault extends Error {
    /* `kind`: offline, refused, broken, full, busy, pages (newer pages are needed). */
    constructor(kind) { super(kind); this.kind = kind; }
  }

  const box = (language) => caches.open(CACHE + language);
  const address = (language, name = "") => `/help/${language}/edition/${name ? `${name}/` : ""}`;
  const held = (language) => `/help/${language}/edition/held`;

  async function hash(text) {
    const found = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function ask(where) {
    let answer;
    try {
      answer = await fetch(where, { cache: "no-store", credentials: "omit" });
    } catch {
      throw new Fault("offline");
    }
    if (!answer.ok) throw new Fault(answer.status === 404 ? "gone" : "refused");
    return answer;
  }

  async function readText(where) {
    const answer = await ask(where);
    try {
      return await answer.text();
    } catch {
      throw new Fault("offline");
    }
  }

  /* A file whose name is the beginning of its hash. A second try, then it is broken. */
  async function readFile(language, name) {
    for (let time = 0; time < 2; time += 1) {
      const text = await readText(address(language, name));
      if ((await hash(text)).slice(0, NAME) === name) return text;
    }
    throw new Fault("broken");
  }

  async function put(cache, where, text) {
    try {
      await cache.put(where, new Response(text, { headers: { "Content-Type": "text/plain; charset=utf-8" } }));
    } catch (fault) {
      throw new Fault(fault && fault.name === "QuotaExceededError" ? "full" : "broken");
    }
  }

  async function kept(cache, where) {
    const found = await cache.match(where, { ignoreVary: true });
    return found ? found.text() : null;
  }

  /* What this device holds of a language: its manifest, names of files, when it was last known to be the newest. */
  async function read(language) {
    if (!(await caches.has(CACHE + language))) return null;
    try {
      return JSON.parse(await kept(await box(language), held(language)));
    } catch {
      return null;
    }
  }

  /* Languages of which an edition is held. */
  async function languages() {
    const found = [];
    for (const name of await caches.keys()) {
      if (name.startsWith(CACHE) && (await read(name.slice(CACHE.length)))) found.push(name.slice(CACHE.length));
    }
    return found;
  }

  async function lines(language, state) {
    const cache = await box(language);
    const texts = await Promise.all(state.files.map((name) => kept(cache, address(language, name))));
    if (texts.includes(null)) throw new Fault("broken");
    return state.files.flatMap((name, at) => (name.length === NAME ? linesOf(texts[at]) : texts[at] ? texts[at].split("\n") : []));
  }

  /* A part holds all first objects of its lines, then all second ones: lines again. */
  function linesOf(part) {
    const pieces = part ? part.split("\n") : [];
    const size = pieces.length / GROUPS;
    return Array.from({ length: size }, (_, at) => Array.from({ length: GROUPS }, (__, group) => pieces[group * size + at]).join("\t"));
  }

  const rowOf = (line) => Object.assign({}, ...line.split("\t").map((one) => JSON.parse(one)));

  /* The rows and tables of what is held; `Fault("pages")` where it is of another format than this script reads. */
  async function open(language) {
    const state = await read(language);
    if (!state) return null;
    if (state.manifest.format !== FORMAT) throw new Fault("pages");
    const words = await kept(await box(language), address(language, state.manifest.words[0]));
    if (words === null) throw new Fault("broken");
    return { state, lines: await lines(language, state), words: JSON.parse(words) };
  }

  /* One at a time on this device, whichever tab or worker asks. */
  function alone(language, work) {
    if (!root.navigator.locks) return work();
    return root.navigator.locks.request(CACHE + language, { ifAvailable: true }, (lock) => {
      if (!lock) throw new Fault("busy");
      return work();
    });
  }

  async function point(language, manifest, files) {
    const cache = await box(language);
    await put(cache, held(language), JSON.stringify({ manifest, files, checked: new Date().toISOString() }));
    const stay = new Set([held(language), ...[...files, manifest.words[0]].map((name) => address(language, name))]);
    for (const request of await cache.keys()) {
      if (!stay.has(new URL(request.url).pathname)) await cache.delete(request);
    }
    if (root.BroadcastChannel) {
      const channel = new BroadcastChannel("philoxenia-edition");
      channel.postMessage({ language, number: manifest.number });
      channel.close();
    }
  }

  async function manifestOf(language) {
    let manifest;
    try {
      manifest = JSON.parse(await readText(address(language)));
    } catch (fault) {
      throw fault instanceof Fault ? fault : new Fault("broken");
    }
    if (manifest.format !== FORMAT) throw new Fault("pages");
    return manifest;
  }

  /* All parts, those that came before a broken line left out; `say(done, all)` in bytes. */
  async function whole(language, manifest, say) {
    const cache = await box(language);
    const wanted = [manifest.words, ...manifest.parts];
    let done = 0;
    for (const [name, bytes] of wanted) {
      if ((await kept(cache, address(language, name))) === null) {
        await put(cache, address(language, name), await readFile(language, name));
      }
      done += bytes;
      say(done, manifest.bytes);
    }
    const files = manifest.parts.map(([name]) => name);
    if ((await hash((await lines(language, { files })).join("\n"))) !== manifest.digest) {
      for (const name of files) await cache.delete(address(language, name));
      throw new Fault("broken");
    }
    await point(language, manifest, files);
  }

  /* Lines of the old edition changed into those of the new one. */
  function changed(old, text) {
    const [first, ...given] = text.split("\n");
    const head = JSON.parse(first);
    const sum = (steps) => { let at = 0; return steps.map((step) => (at += step)); };
    const out = new Set(sum(head.out));
    const stay = old.filter((_, position) => !out.has(position));
    const result = new Array(head.rows);
    sum(head.at).forEach((position, number) => { result[position] = given[number]; });
    let next = 0;
    for (let position = 0; position < head.rows; position += 1) {
      if (result[position] === undefined) result[position] = stay[next++];
    }
    if (next !== stay.length || result.includes(undefined)) throw new Fault("broken");
    return result;
  }

  async function byDifference(language, state, manifest) {
    const [name] = manifest.differences[state.manifest.number];
    const text = changed(await lines(language, state), await readFile(language, name)).join("\n");
    if ((await hash(text)) !== manifest.digest) throw new Fault("broken");
    const cache = await box(language);
    if ((await kept(cache, address(language, manifest.words[0]))) === null) {
      await put(cache, address(language, manifest.words[0]), await readFile(language, manifest.words[0]));
    }
    await put(cache, address(language, manifest.digest), text);
    await point(language, manifest, [manifest.digest]);
  }

  /* Hold the newest edition. Without `may.whole` only what a difference brings; answers "same", "changed" or
     "whole is needed". */
  function renew(language, may = {}, say = () => {}) {
    return alone(language, async () => {
      const state = await read(language);
      const manifest = await manifestOf(language);
      if (state && state.manifest.digest === manifest.digest && state.manifest.words[0] === manifest.words[0]) {
        await point(language, manifest, state.files);
        return "same";
      }
      if (state && state.manifest.format === FORMAT && manifest.differences[state.manifest.number]) {
        try {
          await byDifference(language, state, manifest);
          return "changed";
        } catch (fault) {
          // An edition that is not what its number says is read whole, if we may.
          if (fault.kind !== "broken" && fault.kind !== "gone") throw fault;
        }
      }
      if (!may.whole) return "whole is needed";
      try {
        await whole(language, manifest, say);
      } catch (fault) {
        if (fault.kind !== "gone") throw fault;
        // Another edition was made meanwhile: parts that are in both are not read again.
        await whole(language, await manifestOf(language), say);
      }
      return "changed";
    });
  }

  /* How many bytes of the newest edition are here already, and how many it has. */
  async function begun(language, manifest) {
    if (!(await caches.has(CACHE + language))) return 0;
    const cache = await box(language);
    let bytes = 0;
    for (const [name, size] of [manifest.words, ...manifest.parts]) {
      if (await cache.match(address(language, name), { ignoreVary: true })) bytes += size;
    }
    return bytes;
  }

  /* Room for what is still to come; a phone that says it has none is not asked to try. */
  async function hasRoom(bytes) {
    if (!root.navigator.storage || !root.navigator.storage.estimate) return true;
    const { quota, usage } = await root.navigator.storage.estimate();
    // Unpacked, an edition is about five times what travels, and old and new lie there together.
    return !quota || quota - usage > bytes * 10;
  }

  const forget = (language) => caches.delete(CACHE + language);

  root.philoxenia = Object.assign(root.philoxenia || {}, {
    edition: { FORMAT, Fault, read, open, rowOf, renew, languages, manifestOf, begun, hasRoom, forget, changed, hash },
  });
})(self);
