import * as z from 'zod';

/** The code of a coupon, in whatever case. */
export const CouponCode = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]{3,32}$/, 'must be 3 to 32 letters, digits, hyphens or underscores')
  .meta({ type: 'string', example: 'WELCOME10' });
