import * as z from 'zod';
import { LANGUAGES, SUBSTITUTION_POLICIES } from '../../db/schema/words.ts';
import { Id, line, optional, PostalCode } from '../../http/fields.ts';
import { FullName, Phone, User } from '../auth/schemas.ts';

const Language = z.enum(LANGUAGES).meta({ id: 'Language', example: 'he' });

const someField = (body: object) => Object.values(body).some((value) => value !== undefined);
const SOME_FIELD = 'must name at least one field to change';

export const Profile = User.extend({
  membership_tier: z.string().meta({ example: 'STANDARD' }),
  default_branch_id: Id.nullable(),
  substitution_policy: z
    .enum(SUBSTITUTION_POLICIES)
    .meta({ description: 'Of the lines of a cart that say nothing else.' }),
  language: Language.nullable().meta({ description: 'Of mails; null: English.' }),
}).meta({ id: 'Profile' });

export const ProfileChange = z
  .strictObject({
    full_name: FullName.optional(),
    phone: Phone.nullable().optional(),
    substitution_policy: z.enum(SUBSTITUTION_POLICIES).exclude(['SPECIFIC']).optional(),
    language: Language.nullable().optional(),
  })
  .refine(someField, SOME_FIELD)
  .meta({ id: 'ProfileChange', minProperties: 1 });

export const PhoneChange = z.strictObject({ phone: Phone }).meta({ id: 'PhoneChange' });

const addressFields = {
  address_line: line(5, 256).meta({ example: '12 Herzl Street, apartment 4' }),
  city: line(2, 64).meta({ example: 'Haifa' }),
  postal_code: PostalCode,
  country: line(2, 64).meta({ example: 'Israel' }),
  is_default: optional(z.boolean()),
  lat: z.number().min(-90).max(90).nullable().optional().meta({ example: 32.8191 }),
  lng: z.number().min(-180).max(180).nullable().optional().meta({ example: 34.9983 }),
};

export const Address = z
  .object({
    id: Id,
    user_id: Id,
    address_line: z.string(),
    city: z.string(),
    postal_code: z.string(),
    country: z.string(),
    is_default: z.boolean(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
  })
  .meta({ id: 'Address' });

export const NewAddress = z.strictObject(addressFields).meta({ id: 'NewAddress' });

export const AddressChange = z
  .strictObject(addressFields)
  .partial()
  .refine(someField, SOME_FIELD)
  .meta({ id: 'AddressChange', minProperties: 1 });
