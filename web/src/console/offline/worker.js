/**
 * The console's service worker, at /console/sw.js: it has the page come up where there is no network,
 * for those who count in a warehouse. It keeps the page and what the page loads, and nothing else: what
 * the server is asked at /graphql never passes through here. The build fills in `BUILD`
 * (vite.config.js): each build has a cache of its own.
 */
const BUILD = { version: "__VERSION__", files: ["__FILES__"] };

const PAGE = "/console";
const PREFIX = "stockflow-console-";
const CACHE = PREFIX + BUILD.version;
/** A page that was loaded before the last build still asks for its own files. */
const CACHES_MAX = 2;
/** A network that takes longer is as good as none. */
const PAGE_MS_MAX = 4_000;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
});

async function install() {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache, which may have the page of another build.
  const page = new Request(PAGE, { cache: "reload", headers: { accept: "text/html" } });
  await cache.addAll([page, ...BUILD.files]);
  await skipWaiting();
}

async function activate() {
  const kept = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const old = kept.filter((name) => name !== CACHE).slice(0, -(CACHES_MAX - 1));
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

/** The network's page, which is the newest, unless it is not to be had. */
async function page(request) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PAGE_MS_MAX);
  try {
    const response = await fetch(request, { signal: late.signal });
    if (response.status < 500) return response;
    return (await kept(PAGE)) ?? response;
  } catch (error) {
    const response = await kept(PAGE);
    if (response === undefined) throw error;
    return response;
  } finally {
    clearTimeout(timer);
  }
}

/** Its name has a hash of its contents, so that what was kept is right. */
async function asset(request) {
  return (await kept(request)) ?? fetch(request);
}

async function kept(request) {
  const anyForm = { ignoreVary: true };
  const cache = await caches.open(CACHE);
  return (await cache.match(request, anyForm)) ?? (await caches.match(request, anyForm));
}
