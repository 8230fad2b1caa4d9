import * as z from 'zod';
import { Id, Money } from '../../http/fields.ts';

export const AppliedDiscount = z
  .object({ promotion_id: Id, name: z.string(), amount: Money })
  .meta({ id: 'AppliedDiscount', description: 'What a promotion takes off, in the order in which they apply.' });
