const MAX_DEPTH = 4;
// A NUL or half a surrogate pair is text to JavaScript, but none that the database can keep.
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/** Whether a JSON value of bounded depth can be kept as it is. */
export function isStorableJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value.replaceAll(/[\n\r\t]/g, ''));
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  return Object.entries(value).every(([key, child]) => !UNSTORABLE.test(key) && isStorableJson(child, depth + 1));
}
