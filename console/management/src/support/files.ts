import type { Attachment, SupportClient } from '@aws-sdk/client-support';

const MAX_FILES = 3;
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

export type FileProblem = { kind: 'tooMany' } | { kind: 'tooLarge' | 'empty'; name: string };

/** What keeps these files from being attached. */
export function problemOf(files: readonly Pick<File, 'name' | 'size'>[]): FileProblem | undefined {
  if (files.length > MAX_FILES) return { kind: 'tooMany' };
  const large = files.find(({ size }) => size > MAX_FILE_BYTES);
  if (large) return { kind: 'tooLarge', name: large.name };
  const empty = files.find(({ size }) => size === 0);
  return empty && { kind: 'empty', name: empty.name };
}

/** Sends the files to wait for the case or message that they go with; undefined when there are none. */
export async function attach(client: SupportClient, files: readonly File[]): Promise<string | undefined> {
  if (!files.length) return undefined;
  const { AddAttachmentsToSetCommand } = await import('@aws-sdk/client-support');
  let set: string | undefined;
  // One by one: each is a request, and requests have a size, too.
  for (const file of files) {
    const data = new Uint8Array(await file.arrayBuffer());
    const answer = await client.send(new AddAttachmentsToSetCommand({ attachmentSetId: set, attachments: [{ fileName: file.name, data }] }));
    set = answer.attachmentSetId;
  }
  return set;
}

/** Saves a file that somebody attached. As bytes of no type, so that the browser does not open it here. */
export function save({ fileName = 'attachment', data = new Uint8Array() }: Attachment) {
  const url = URL.createObjectURL(new Blob([new Uint8Array(data)], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
