/**
 * Seconds until a question answers itself. The server's clock says since when it is asked; where that cannot be, since
 * the clocks differ, it counts from when this page showed it.
 */
export function secondsLeft(question: {
  timeoutSeconds: number;
  since: number;
  shownAt: number;
  now: number;
}): number {
  const { timeoutSeconds, since, shownAt, now } = question;
  const timeoutMs = timeoutSeconds * 1000;
  const isPlausible = since <= shownAt && shownAt - since < timeoutMs;
  const end = (isPlausible ? since : shownAt) + timeoutMs;
  return Math.max(0, Math.ceil((end - now) / 1000));
}
