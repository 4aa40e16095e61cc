const NOTES = [
  { hertz: 659.3, atSeconds: 0 },
  { hertz: 880, atSeconds: 0.16 },
] as const;
const NOTE_SECONDS = 0.35;

/** Two soft notes. Silent where the browser lets no page make a sound before somebody touched it. */
export function playChime(): void {
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.gain.value = 0.12;
  volume.connect(audio.destination);
  for (const { hertz, atSeconds } of NOTES) {
    const at = audio.currentTime + atSeconds;
    const note = audio.createOscillator();
    const fade = audio.createGain();
    note.frequency.value = hertz;
    fade.gain.setValueAtTime(1, at);
    fade.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS);
    note.connect(fade).connect(volume);
    note.start(at);
    note.stop(at + NOTE_SECONDS);
  }
  setTimeout(() => void audio.close(), 1000 * (NOTE_SECONDS + 0.5));
}
