export type TextFile = { is: 'read'; text: string } | { is: 'tooLarge' } | { is: 'notText' };

/** The text of a file that somebody chose, in UTF-8. `limit` is the size of the largest request in bytes. */
export async function readTextFile(file: Blob, limit: number): Promise<TextFile> {
  if (file.size > limit) return { is: 'tooLarge' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.includes('\0') ? { is: 'notText' } : { is: 'read', text };
  } catch {
    // A folder cannot be read, and other bytes are no UTF-8.
    return { is: 'notText' };
  }
}
