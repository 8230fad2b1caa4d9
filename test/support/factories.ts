import type { Shop } from './shop.ts';

export type Role = 'CUSTOMER' | 'EMPLOYEE' | 'MANAGER' | 'ADMIN';

export interface TestUser {
  id: number;
  email: string;
  password: string;
  role: Role;
}

const password = 'Password1';
/** Of that password, at the cost the tests run with. */
const passwordHash = '$2b$04$12lIov5.ShvuezKTJh033OTV0RIPjBmIgngbwXnq0YdWDW0hwjP.O';

let made = 0;
/** Tells apart what must be unique within one database. */
const next = () => {
  made += 1;
  return made;
};

/** A customer, unless told otherwise. */
export async function makeUser(
  shop: Shop,
  { role = 'CUSTOMER', email = `user${next()}@example.com`, isActive = true, fullName = 'Dana Levi' } = {} as {
    role?: Role;
    email?: string;
    isActive?: boolean;
    fullName?: string;
  },
): Promise<TestUser> {
  const [user] = await shop.sql<{ id: number }>(
    `insert into users (email, password_hash, full_name, role, is_active) values ($1, $2, $3, $4, $5) returning id`,
    [email, passwordHash, fullName, role, isActive],
  );
  return { id: user!.id, email, password, role };
}

/** Signs in as the user would, and answers the access token. */
export async function signIn(shop: Shop, { email, password }: { email: string; password: string }): Promise<string> {
  const { status, body, text } = await shop.request('POST', '/auth/login', { body: { email, password } });
  if (status !== 200) throw new Error(`Signing in as ${email} failed with ${status}: ${text}`);
  return body.data.access_token;
}

/** A new user of that role, signed in. */
export async function signInAs(shop: Shop, role: Role = 'CUSTOMER'): Promise<TestUser & { token: string }> {
  const user = await makeUser(shop, { role });
  return { ...user, token: await signIn(shop, user) };
}

export async function makeBranch(shop: Shop, { name = `Branch ${next()}`, isActive = true } = {}): Promise<number> {
  const sql = `insert into branches (name, address, is_active) values ($1, '1 Herzl Street, Haifa', $2) returning id`;
  return idOf(await shop.sql(sql, [name, isActive]));
}

export async function makeCategory(
  shop: Shop,
  { name = `Category ${next()}`, parentId = null, isActive = true } = {} as {
    name?: string;
    parentId?: number | null;
    isActive?: boolean;
  },
): Promise<number> {
  const sql = 'insert into categories (name, parent_id, is_active) values ($1, $2, $3) returning id';
  return idOf(await shop.sql(sql, [name, parentId, isActive]));
}

/** Makes a category of its own for the product, unless told which. */
export async function makeProduct(
  shop: Shop,
  options: {
    name?: string;
    sku?: string;
    price?: string;
    categoryId?: number;
    isActive?: boolean;
    taxClass?: 'STANDARD' | 'ZERO';
    deposit?: string | null;
    /** Sold by weight: the price is that of a piece. */
    pricePerKg?: string;
    nominalGrams?: number;
  } = {},
): Promise<number> {
  const number = next();
  const { name = `Product ${number}`, sku = `SKU-${number}`, price = '10.00', isActive = true } = options;
  const { taxClass = 'STANDARD', deposit = null } = options;
  const sql = `
    with category as (
      insert into categories (name) select $1 where $2::integer is null returning id
    )
    insert into products (name, sku, price, is_active, category_id, tax_class, deposit, sold_by, price_per_kg, nominal_grams)
      select $3, $4, coalesce(round($9::numeric * $10::integer / 1000, 2), $5::numeric), $6,
        coalesce($2, (select id from category)), $7, $8, case when $9::numeric is null then 'EACH' else 'WEIGHT' end, $9, $10
      returning id`;
  const params = [
    `Shelf ${number}`,
    options.categoryId ?? null,
    name,
    sku,
    price,
    isActive,
    taxClass,
    deposit,
    options.pricePerKg ?? null,
    options.nominalGrams ?? null,
  ];
  return idOf(await shop.sql(sql, params));
}

/** Puts a product on a branch's shelves, with the ledger row that explains it; answers the inventory id. */
export async function makeStock(
  shop: Shop,
  stock: { productId: number; branchId: number; onHand: number; reorderPoint?: number },
): Promise<number> {
  const sql = `
    with shelf as (
      insert into inventory (product_id, branch_id, reorder_point) values ($1, $2, $3) returning id
    ), movement as (
      insert into stock_movements (inventory_id, delta, reason) select id, $4, 'INITIAL' from shelf
    )
    select id from shelf`;
  return idOf(await shop.sql(sql, [stock.productId, stock.branchId, stock.reorderPoint ?? 0, stock.onHand]));
}

/** A two-hour slot; 0 is Sunday. */
export async function makeSlot(
  shop: Shop,
  slot: { branchId: number; dayOfWeek: number; startTime?: string; capacity?: number | null; isActive?: boolean },
): Promise<number> {
  const { branchId, dayOfWeek, startTime = '08:00', capacity = 50, isActive = true } = slot;
  const sql = `
    insert into delivery_slots (branch_id, day_of_week, start_time, end_time, capacity, is_active)
      values ($1, $2, $3::time, $3::time + interval '2 hours', $4, $5) returning id`;
  return idOf(await shop.sql(sql, [branchId, dayOfWeek, startTime, capacity, isActive]));
}

/** A saved card of the built-in provider; the token decides how charges end. */
export async function makePaymentToken(
  shop: Shop,
  token: { userId: number; providerToken?: string; isDefault?: boolean },
): Promise<number> {
  const { userId, providerToken = 'tok_approve_1', isDefault = true } = token;
  const sql = `
    insert into payment_tokens (user_id, provider, provider_token, brand, last4, exp_month, exp_year, is_default)
      values ($1, 'mockpay', $2, 'Visa', '4242', 12, 2040, $3) returning id`;
  return idOf(await shop.sql(sql, [userId, providerToken, isDefault]));
}

export async function makeAddress(shop: Shop, address: { userId: number; isDefault?: boolean }): Promise<number> {
  const sql = `
    insert into addresses (user_id, address_line, city, postal_code, country, is_default)
      values ($1, '5 Allenby Street', 'Tel Aviv', '6332101', 'Israel', $2) returning id`;
  return idOf(await shop.sql(sql, [address.userId, address.isDefault ?? true]));
}

function idOf(rows: { id?: number }[]): number {
  return rows[0]!.id!;
}
