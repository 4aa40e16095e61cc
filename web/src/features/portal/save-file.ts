/** Has the browser download an address of ours, as if a link were clicked. */
export function saveFile(path: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
}
