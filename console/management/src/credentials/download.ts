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
 * UTF-8. A field that a spreadsheet would take for a formula is kept from being one,
 * unless the file is for programs, which need what is in it `exact`.
 */
export function csv(rows: readonly (readonly string[])[], { exact = false } = {}): string {
  return `\ufeff${rows.map((row) => `${row.map((text) => field(exact || !/^[=+\-@\t\r]/.test(text) ? text : `'${text}`)).join(',')}\r\n`).join('')}`;
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
