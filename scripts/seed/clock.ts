/** The shop's local time as seconds since 1970-01-01 00:00; the database session knows the time zone. */
export type LocalTime = number;

export const shopTimeZone = process.env.SHOP_TIME_ZONE || 'Asia/Jerusalem';

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const dayOf = (time: LocalTime) => Math.floor(time / DAY);

/** 0 = Sunday; the first of January 1970 was a Thursday. */
export const weekdayOf = (day: number) => (day + 4) % 7;

export const timestampText = (time: LocalTime) => new Date(time * 1000).toISOString().slice(0, 19);
export const dateText = (day: number) => timestampText(day * DAY).slice(0, 10);
export const timeText = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
