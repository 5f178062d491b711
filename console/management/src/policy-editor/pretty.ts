/** A document that was written by a program on one line, as people read it; one that has lines, or is no JSON, as it is. */
export function pretty(document: string): string {
  if (document.includes('\n')) return document;
  try {
    return JSON.stringify(JSON.parse(document), null, 4);
  } catch {
    return document;
  }
}
