import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments } from '../../../db/change.ts';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import {
  ADDRESSES,
  clearDefault,
  guardOwned,
  guardRoom,
  isFirst,
  lockOwner,
  promoteNewest,
} from '../default-choice.ts';
import { ADDRESS_COLUMNS, type AddressRow } from '../queries.ts';
import type { AddressChange, NewAddress } from '../schemas.ts';

export async function addAddress(call: SignedInCall, address: z.output<typeof NewAddress>): Promise<AddressRow> {
  const { userId } = call.user;
  const { address_line, city, postal_code, country, is_default = false, lat = null, lng = null } = address;
  const [, , , [saved]] = await call.batch([
    lockOwner(userId),
    guardRoom(ADDRESSES, userId),
    clearDefault(ADDRESSES, userId, is_default),
    statement<AddressRow>(sql`
      insert into addresses (user_id, address_line, city, postal_code, country, lat, lng, is_default)
      values (${userId}, ${address_line}, ${city}, ${postal_code}, ${country}, ${lat}, ${lng},
              ${isFirst(ADDRESSES, userId)})
      returning ${ADDRESS_COLUMNS}`),
  ]);
  if (!saved) throw new Error('Saving an address returned no row');
  return saved;
}

/** A user with addresses always has one default, so `is_default: false` is ignored: choose another default instead. */
export async function changeAddress(
  call: SignedInCall,
  id: number,
  { is_default, ...fields }: z.output<typeof AddressChange>,
): Promise<AddressRow> {
  const { userId } = call.user;
  const [, , , [saved]] = await call.batch([
    lockOwner(userId),
    guardOwned(ADDRESSES, userId, id),
    clearDefault(ADDRESSES, userId, is_default === true, id),
    statement<AddressRow>(sql`
      update addresses set ${assignments(fields)}, is_default = is_default or ${is_default === true}::boolean
      where id = ${id}
      returning ${ADDRESS_COLUMNS}`),
  ]);
  if (!saved) throw new AppError('ADDRESS_NOT_FOUND');
  return saved;
}

export const makeAddressDefault = (call: SignedInCall, id: number): Promise<AddressRow> =>
  changeAddress(call, id, { is_default: true });

/** Orders store the text of their address, so the row can be deleted. */
export async function removeAddress(call: SignedInCall, id: number) {
  const { userId } = call.user;
  const [, [removed]] = await call.batch([
    lockOwner(userId),
    statement(sql`delete from addresses where id = ${id} and user_id = ${userId} returning id`),
    promoteNewest(ADDRESSES, userId),
  ]);
  if (!removed) throw new AppError('ADDRESS_NOT_FOUND');
  return { success: true } as const;
}
