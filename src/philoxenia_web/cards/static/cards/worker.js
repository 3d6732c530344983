/* The service worker of /card/: keeps the page in every language, the city's keys and the lists of withdrawn cards.
   `SHELL` (version, files, languages) is put before this file by the view that serves it. */
const KEPT = "philoxenia-card-";
const HERE = KEPT + SHELL.version;
const DATA = "philoxenia-cards-data";
const pages = SHELL.languages.map((one) => `/card/${one}/`);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const where = new URL(request.url);
  if (request.method !== "GET" || where.origin !== self.location.origin) return;
  if (SHELL.files.includes(where.pathname)) event.respondWith(kept(request));
  else if (/^\/card\/(keys\.json|lists\/\d+\/)$/.test(where.pathname)) event.respondWith(newest(request));
  else if (request.mode === "navigate" && /^\/card\/([a-z-]+\/)?$/i.test(where.pathname)) event.respondWith(page(where));
});

const fresh = (where) => new Request(where, { cache: "no-cache", credentials: "omit" });

/* All or nothing: where one file fails, the worker before this one stays. */
async function install() {
  const cache = await caches.open(HERE);
  await cache.addAll([...SHELL.files, ...pages].map(fresh));
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(KEPT) && name !== HERE) await caches.delete(name);
  await self.clients.claim();
}

async function kept(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}

/* Asked for with force-cache: what is kept, at once. Else from the city where it answers, and kept; the page says how
   old a list is. Asked for with no-cache, no answer is an answer: the page has shown what is kept already. */
async function newest(request) {
  const cache = await caches.open(DATA);
  const held = await cache.match(request.url);
  if (held && request.cache === "force-cache") return held;
  try {
    // Where nothing is kept, a slow network is better than none.
    const signal = held && AbortSignal.timeout ? AbortSignal.timeout(4000) : undefined;
    const found = await fetch(fresh(request.url), { signal });
    if (found.ok) await cache.put(request.url, found.clone());
    if (found.ok || found.status === 404) return found;
  } catch {
    // No network: what is kept must do.
  }
  return (request.cache !== "no-cache" && held) || Response.error();
}

/* The page is always the kept one: it opens at once, also where the network only seems to be there. */
async function page(where) {
  const cache = await caches.open(HERE);
  const wanted = where.pathname === "/card/" ? spoken() : where.pathname;
  return (await cache.match(wanted, { ignoreVary: true })) || fetch(fresh(where.pathname));
}

function spoken() {
  const asked = self.navigator.languages || [self.navigator.language || "en"];
  const known = asked.map((one) => one.split("-")[0].toLowerCase()).find((one) => SHELL.languages.includes(one));
  return `/card/${known || "en"}/`;
}
