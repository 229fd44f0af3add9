/** The longest key of a pipeline. */
const KEY_MAX = 64;

/** The key that the name of a file gives, as on the command line; null if it has no letter or digit of which one could be made. */
export function keyOfFileName(name: string): string | null {
  const stem = name.replace(/\.[^.]*$/, '');
  const text = stem.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const key = text
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('-')
    .slice(0, KEY_MAX)
    .replace(/-+$/, '');
  return key === '' ? null : key;
}
