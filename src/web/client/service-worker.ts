/// <reference lib="webworker" />

/**
 * Keeps our own static files and the page for being offline, and nothing else: no page made for a visitor, no picture
 * and no video ever lies in its cache.
 */
const worker = self as unknown as ServiceWorkerGlobalScope & {
  /** Put before this script by the server: what to keep, and the name that this state of it has. */
  KEPT: { version: string; addresses: string[]; offline: string }
}

const { version, addresses, offline } = worker.KEPT

worker.addEventListener('install', (event) => {
  event.waitUntil(keep().then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlder().then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => kept(offline)))
  else if (addresses.includes(new URL(request.url).pathname)) event.respondWith(keptOrFetched(request))
})

async function keep() {
  const cache = await caches.open(version)
  await cache.addAll([...addresses, offline].map((address) => new Request(address, { cache: 'no-cache' })))
}

async function forgetOlder() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== version).map((name) => caches.delete(name)))
}

const kept = async (address: string) => (await caches.match(address)) ?? Response.error()

const keptOrFetched = async (request: Request) => (await caches.match(request)) ?? fetch(request)
