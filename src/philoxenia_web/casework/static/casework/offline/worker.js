/* The service worker of /front/offline/: it keeps one page and its files, which name nobody. Everything about people
   lies sealed in the database of the device, out of its reach. `SHELL` (version, files, scripts) is put before this file. */
const KEPT = "philoxenia-desk-pages-";
const HERE = KEPT + SHELL.version;
const PAGE = new URL("work/", self.location).pathname;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(told(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const where = new URL(request.url);
  if (request.method !== "GET" || where.origin !== self.location.origin) return;
  if (SHELL.files.includes(where.pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate" && where.pathname.startsWith("/front/offline/")) event.respondWith(answer(request, where));
});

const fresh = (where) => new Request(where, { cache: "no-cache", credentials: "same-origin" });

/* All or nothing: where one file or the page fails, the worker before this one stays with a page and files that fit. */
async function install() {
  const cache = await caches.open(HERE);
  await cache.addAll(SHELL.files.map(fresh));
  await keepPage(cache);
  await self.skipWaiting();
}

async function keepPage(cache) {
  const found = await fetch(fresh(PAGE));
  const text = await found.clone().text();
  // Led to sign-in it is another page; of another version it needs scripts that are not here.
  if (!found.ok || found.redirected || !SHELL.scripts.every((one) => text.includes(one))) throw new Error("not the page");
  await cache.put(PAGE, found);
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(KEPT) && name !== HERE) await caches.delete(name);
  await self.clients.claim();
}

async function told(event) {
  if (!event.data || !event.data.keep) return;
  try {
    await keepPage(await caches.open(HERE));
    event.ports[0]?.postMessage({ done: true });
  } catch {
    event.ports[0]?.postMessage({ done: Boolean(await (await caches.open(HERE)).match(PAGE)) });
  }
}

const kept = async (request) => (await (await caches.open(HERE)).match(request, { ignoreVary: true })) || fetch(request);

async function answer(request, where) {
  const page = await (await caches.open(HERE)).match(PAGE, { ignoreVary: true });
  if (page && where.pathname === PAGE) return page;
  try {
    return await fetch(request);
  } catch (fault) {
    if (page) return Response.redirect(PAGE, 302);
    throw fault;
  }
}
