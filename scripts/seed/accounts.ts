import { hash } from '@node-rs/bcrypt';
import type { Client } from 'pg';
import { DAY, HOUR, type LocalTime, timestampText } from './clock.ts';
import { insertRows, type Row } from './insert.ts';
import { customerNames, employeeNames, towns } from './people.ts';
import type { Random } from './random.ts';
import { type Customer, type Shop, WAREHOUSE_ID } from './shop.ts';

const staff: [string, string, string][] = [
  ['admin@mami.local', 'Miriam Admin', 'ADMIN'],
  ['manager@mami.local', 'Moran Manager', 'MANAGER'],
  ['employee@mami.local', 'Eyal Employee', 'EMPLOYEE'],
  ...employeeNames.map(([name, email]): [string, string, string] => [`${email}@mami.local`, name, 'EMPLOYEE']),
];

type People = Pick<Shop, 'customers' | 'employeeIds' | 'managerId'>;

/** Staff and customers, all with the password `Password1`. */
export async function insertPeople(client: Client, openedAt: LocalTime, random: Random): Promise<People> {
  const passwordHash = await hash('Password1', 10);
  const accounts: [string, string, string][] = [
    ...staff,
    ['customer@mami.local', 'Carmel Customer', 'CUSTOMER'],
    ...customerNames.map(([name, email]): [string, string, string] => [`${email}@mail.example`, name, 'CUSTOMER']),
  ];
  const users = accounts.map(([email, fullName, role], index) => {
    const joined = timestampText(role === 'CUSTOMER' ? openedAt + random.integer(1, 20 * 24) * HOUR : openedAt);
    return {
      id: index + 1,
      email,
      password_hash: passwordHash,
      full_name: fullName,
      phone: `+97254${random.integer(2_000_000, 9_999_999)}`,
      role,
      membership_tier: role === 'CUSTOMER' && index % 6 === 0 ? 'GOLD' : 'STANDARD',
      default_branch_id: role === 'CUSTOMER' ? null : WAREHOUSE_ID,
      is_active: true,
      password_changed_at: joined,
      created_at: joined,
      updated_at: joined,
    };
  });
  await insertRows(client, 'users', users);
  const of = (role: string) => users.filter((user) => user.role === role).map((user) => user.id);
  const customers = await insertCustomerDetails(client, of('CUSTOMER'), openedAt + 20 * DAY, random);
  return { customers, employeeIds: of('EMPLOYEE'), managerId: of('MANAGER')[0] ?? 0 };
}

async function insertCustomerDetails(client: Client, ids: number[], at: LocalTime, random: Random) {
  const since = { created_at: timestampText(at), updated_at: timestampText(at) };
  const addresses: Row[] = [];
  const tokens: Row[] = [];
  const customers = ids.map((userId, index): Customer => {
    const isDemo = index === 0;
    const lines = Array.from({ length: isDemo || random.chance(0.3) ? 2 : 1 }, (_, nth) => {
      const town = isDemo && nth === 0 ? towns[0] : random.pick(towns);
      if (!town) throw new Error('No towns');
      const addressLine = `${random.pick(town.streets)} ${random.integer(1, 140)}, apt ${random.integer(1, 32)}`;
      addresses.push({
        id: addresses.length + 1,
        user_id: userId,
        address_line: addressLine,
        city: town.city,
        postal_code: town.postalCode,
        country: 'Israel',
        is_default: nth === 0,
        lat: town.lat + random.integer(-150, 150) / 10_000,
        lng: town.lng + random.integer(-150, 150) / 10_000,
        ...since,
      });
      return `${addressLine}, ${town.city} ${town.postalCode}, Israel`;
    });
    const card = index % 3 === 2 ? { brand: 'mastercard', last4: '4444' } : { brand: 'visa', last4: '4242' };
    const token = {
      id: tokens.length + 1,
      user_id: userId,
      provider: 'mockpay',
      provider_token: `tok_approve_seed_${userId}`,
    };
    tokens.push({ ...token, ...card, exp_month: 12, exp_year: 2031, is_default: true, is_active: true, ...since });
    return { id: userId, isDemo, address: lines[0] ?? '', paymentTokenId: token.id };
  });
  await insertRows(client, 'addresses', addresses);
  await insertRows(client, 'payment_tokens', tokens);
  return customers;
}
