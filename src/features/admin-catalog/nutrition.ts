const MAX_DEPTH = 4;
// A NUL or a lone surrogate is valid in a JavaScript string, but PostgreSQL's jsonb rejects it.
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/** Whether a JSON value can be stored as it is; its depth is bounded. */
export function isStorableJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value.replaceAll(/[\n\r\t]/g, ''));
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  return Object.entries(value).every(([key, child]) => !UNSTORABLE.test(key) && isStorableJson(child, depth + 1));
}
