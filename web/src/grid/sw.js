/* Keeps the shell of the worker's page, so that it opens without a network.  What the page shows and sends is the
 * page's own affair (IndexedDB); no answer of the interface is ever kept here.  The build fills in the file list. */
const SHELL = __SHELL__
const CACHE = 'linli-grid-__VERSION__'
const PAGE = '/grid/'
const PATIENCE_MS = 4000

self.addEventListener('install', event => {
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll([PAGE, ...SHELL])).then(() => self.skipWaiting()))
})

self.addEventListener('activate', event => {
  event.waitUntil(
    caches.keys()
      .then(names => Promise.all(names.filter(name => name.startsWith('linli-grid-') && name !== CACHE).map(name => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', event => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin) return
  if (event.request.mode === 'navigate' && pathname === PAGE) event.respondWith(newestPage(event.request))
  else if (SHELL.includes(pathname)) event.respondWith(caches.match(pathname).then(kept => kept ?? fetch(event.request)))
})

/* The server's page when it answers in time, else the kept one. */
function newestPage(request) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), PATIENCE_MS))
  return Promise.race([fetch(request), late]).catch(() => caches.match(PAGE))
}
