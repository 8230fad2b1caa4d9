/** More units of one product than any shelf of a shop holds. */
export const MAX_ON_HAND = 1_000_000;

/** Data rows of one import. */
export const MAX_IMPORT_ROWS = 10_000;
