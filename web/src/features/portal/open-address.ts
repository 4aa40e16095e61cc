/**
 * Opens an address of an installed program. In a hidden frame: a browser without such a program leaves the page as it
 * is, where a navigation of the page itself would end in an error page.
 */
export function openAddress(address: string): void {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = 'Opens the app';
  frame.src = address;
  document.body.append(frame);
  // Long enough for the question that browsers ask before they open another program.
  setTimeout(() => frame.remove(), 30_000);
}
