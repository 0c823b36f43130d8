{% load design %}// The offline page and the files it needs; no business page is ever kept (ui.md 1.2).
const cache = "{{ version }}";
const shell = ["{{ offline }}", "{% asset 'style.css' %}", "{% asset 'app.js' %}", "{% asset 'sprite.svg' %}", "{% asset 'mark.svg' %}"];
self.addEventListener("install", (event) => event.waitUntil(caches.open(cache).then((kept) => kept.addAll(shell)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== cache).map((name) => caches.delete(name)))).then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match("{{ offline }}")));
  else if (shell.includes(new URL(event.request.url).pathname)) event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
});
