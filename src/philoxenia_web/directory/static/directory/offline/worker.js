/* The service worker of /help/: without a connection it answers every page with the one that reads the edition.
   `SHELL` (version, files, edition script, seconds to wait) is put before this file by the view that serves it. */
importScripts(SHELL.edition);
const KEPT = "philoxenia-pages-";
const HERE = KEPT + SHELL.version;
const page = (language) => `/help/${language}/offline/`;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(told(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const where = new URL(request.url);
  if (request.method !== "GET" || where.origin !== self.location.origin) return;
  if (SHELL.files.includes(where.pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate" && where.pathname.startsWith("/help/")) event.respondWith(answer(event, where));
});

/* All or nothing: where one file fails, the worker before this one stays. */
async function install() {
  const cache = await caches.open(HERE);
  await cache.addAll([...SHELL.files.map(fresh), ...(await languagesKept()).map((one) => fresh(page(one)))]);
  await self.skipWaiting();
}

const fresh = (where) => new Request(where, { cache: "no-cache", credentials: "omit" });

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(KEPT) && name !== HERE) await caches.delete(name);
  await self.clients.claim();
}

async function languagesKept() {
  const found = new Set(await philoxenia.edition.languages());
  for (const name of await caches.keys()) {
    if (!name.startsWith(KEPT)) continue;
    for (const request of await (await caches.open(name)).keys()) {
      const [, language] = /^\/help\/([a-z-]+)\/offline\/$/i.exec(new URL(request.url).pathname) || [];
      if (language) found.add(language);
    }
  }
  return [...found];
}

async function told(event) {
  const cache = await caches.open(HERE);
  const { keep, forget } = event.data || {};
  try {
    if (keep) await cache.add(fresh(page(keep)));
    if (forget) await cache.delete(page(forget));
    event.ports[0]?.postMessage({ done: true });
  } catch (fault) {
    event.ports[0]?.postMessage({ done: false, fault: fault.name });
  }
}

async function kept(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}

/* The page from the city; the one that is kept here where the city does not answer in time. */
async function answer(event, where) {
  const [, language] = /^\/help\/([a-z-]+)\//i.exec(where.pathname) || [];
  const shell = await shellOf(language);
  if (!shell) return fetch(event.request);
  if (where.pathname === page(language)) return shell;
  try {
    const found = await inTime(fetch(event.request));
    if (found.status >= 500) return shell;
    event.waitUntil(renewNowAndThen(language));
    return found;
  } catch {
    return shell;
  }
}

async function shellOf(language) {
  const cache = await caches.open(HERE);
  const own = language && (await cache.match(page(language), { ignoreVary: true }));
  if (own) return own;
  for (const other of await philoxenia.edition.languages()) {
    const found = await cache.match(page(other), { ignoreVary: true });
    if (found) return found;
  }
  return null;
}

function inTime(promise) {
  return new Promise((resolve, reject) => {
    const clock = setTimeout(() => reject(new Error("slow")), SHELL.wait * 1000);
    promise.then(resolve, reject).finally(() => clearTimeout(clock));
  });
}

/* Bring the edition up to date by a difference while there is a connection; the whole only when somebody asks. */
async function renewNowAndThen(language) {
  const state = await philoxenia.edition.read(language);
  if (!state || Date.now() - Date.parse(state.checked) < state.manifest.check_hours * 3600000) return;
  try {
    await philoxenia.edition.renew(language);
  } catch {
    // Tried again at the next page.
  }
}
