/** How many days ahead a delivery can be booked. */
export const BOOKING_DAYS = 60;
