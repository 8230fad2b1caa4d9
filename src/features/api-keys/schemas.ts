import * as z from 'zod';
import { API_SCOPES } from '../../db/schema/words.ts';
import { Id, Instant, line, optional } from '../../http/fields.ts';

const Scope = z.enum(API_SCOPES);

const Expiry = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2027-03-01T09:30:00Z' })
  .refine((instant) => Date.parse(instant) > Date.now(), 'must be in the future')
  .meta({ type: 'string', format: 'date-time', example: '2027-03-01T09:30:00Z' });

export const NewApiKeyBody = z
  .strictObject({
    name: line(2, 64).meta({ example: 'Warehouse scanner' }),
    scopes: z
      .array(Scope)
      .min(1)
      .max(API_SCOPES.length)
      .refine((scopes) => new Set(scopes).size === scopes.length, 'must not repeat a scope'),
    branch_id: optional(Id),
    expires_at: optional(Expiry),
  })
  .meta({ id: 'NewApiKeyBody' });

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    hint: z.string().meta({ description: 'The last characters of the key.', example: '9c41' }),
    scopes: z.array(Scope),
    branch_id: Id.nullable(),
    expires_at: Instant.nullable(),
    created_by: Id,
    created_at: Instant,
    last_used_at: Instant.nullable().meta({ description: 'To about five minutes.' }),
    revoked_at: Instant.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const NewApiKey = ApiKey.extend({
  key: z.string().meta({
    description: 'Shown only here: the shop stores its hash.',
    example: 'mami_1_k7q2m9xdjbswy3dpehpk3pxpa5fzt4ouvnrg6i2c9b1f04d7',
  }),
}).meta({ id: 'NewApiKey' });
