import * as z from 'zod';
import { ROLES } from '../../db/schema/words.ts';
import { subsetOf } from '../../http/change.ts';
import { FlagText, Id, Instant, Page, searchText } from '../../http/fields.ts';
import { Email, FullName, isOwnEmail, NewPassword, OWN_EMAIL, Phone, User } from '../auth/schemas.ts';

export const AdminUser = User.extend({
  is_active: z.boolean(),
  membership_tier: z.string(),
  default_branch_id: Id.nullable(),
  created_at: Instant,
  updated_at: Instant,
}).meta({ id: 'AdminUser' });

export const UserFilters = Page.extend({
  q: searchText(0, 100).optional(),
  role: z.enum(ROLES).optional(),
  is_active: FlagText.optional(),
});

/** Customers register themselves. */
export const NewStaff = z
  .strictObject({
    email: Email,
    password: NewPassword,
    full_name: FullName,
    phone: Phone.nullish(),
    role: z.enum(['EMPLOYEE', 'MANAGER', 'ADMIN']),
    default_branch_id: Id.nullish(),
  })
  .refine(({ password, email }) => !isOwnEmail(password, email), { path: ['password'], error: OWN_EMAIL })
  .meta({ id: 'NewStaff' });

export const UserChange = subsetOf(
  z.strictObject({
    role: z.enum(ROLES),
    is_active: z.boolean(),
    full_name: FullName,
    phone: Phone.nullable(),
    default_branch_id: Id.nullable(),
  }),
).meta({ id: 'UserChange' });
