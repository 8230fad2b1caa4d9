/** Whole months for which events are kept besides the present one. */
export const EVENT_MONTHS = 3;
