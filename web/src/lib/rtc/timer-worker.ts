/** Timers of a page in the background, which browsers would let fire once a minute; workers keep their time. */
self.addEventListener('message', ({ data }: MessageEvent<{ id: number; ms: number }>) => {
  setTimeout(() => self.postMessage(data.id), data.ms);
});
