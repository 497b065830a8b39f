/** Saves what the page has made as a file. */
export function saveFile(name: string, content: Blob) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it behind this turn; a minute later it has long begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
