/** A text as the file that the browser saves, without a request. */
export function download(fileName: string, type: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // Not at once, for the browser has yet to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Rows as a CSV file (RFC 4180), with the byte order mark by which spreadsheets know
 * UTF-8. A field that a spreadsheet would take for a formula is kept from being one.
 */
export function csv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')}`;
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
