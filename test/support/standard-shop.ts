import type { Shop } from './shop.ts';

interface StandardProduct {
  id: number;
  name: string;
  sku: string;
  price: string;
  category_id: number;
}

export interface StandardShop {
  /** The branch that serves deliveries; its id is 1. */
  warehouseId: number;
  /** A branch for pick-up. */
  storeId: number;
  /** By name: the parent Dairy with Milk under it, Bakery and Produce. */
  categories: Record<'Dairy' | 'Milk' | 'Bakery' | 'Produce', number>;
  /** In the order of the list below, each with 100 at the warehouse and 20 in the store. */
  products: StandardProduct[];
  /** Of both branches, every day of the week from 08:00 to 20:00, 50 orders each. */
  slots: { id: number; branch_id: number; day_of_week: number; start_time: string }[];
}

const products = [
  ['Fresh milk 3%', 'MILK-3', '7.90', 'Milk'],
  ['Organic milk 1%', 'MILK-1', '9.50', 'Milk'],
  ['Oat drink', 'MILK-OAT', '12.90', 'Milk'],
  ['Cottage cheese', 'DAIRY-COTTAGE', '6.20', 'Dairy'],
  ['Yellow cheese', 'DAIRY-YELLOW', '24.90', 'Dairy'],
  ['Sourdough bread', 'BAKERY-SOUR', '18.00', 'Bakery'],
  ['Challah', 'BAKERY-CHALLAH', '11.50', 'Bakery'],
  ['Tomatoes', 'PRODUCE-TOMATO', '8.90', 'Produce'],
  ['Bananas', 'PRODUCE-BANANA', '9.90', 'Produce'],
  ['Cucumbers', 'PRODUCE-CUCUMBER', '5.90', 'Produce'],
] as const;

/** Stocks a fresh database: two branches, categories, ten products on the shelves of both, delivery slots. */
export async function standardShop(shop: Shop): Promise<StandardShop> {
  const [made] = await shop.sql<{ made: Omit<StandardShop, 'warehouseId' | 'storeId'> & { branches: number[] } }>(
    statement,
    [0, 1, 2, 3].map((column) => products.map((product) => product[column])),
  );
  const { branches, ...rest } = made!.made;
  return { warehouseId: branches[0]!, storeId: branches[1]!, ...rest };
}

const statement = `
  with branch as (
    insert into branches (name, address) values ('Warehouse', '3 HaTaasiya Street, Haifa'), ('Center', '1 Herzl Street, Haifa')
    returning id, name
  ), parent as (
    insert into categories (name) values ('Dairy'), ('Bakery'), ('Produce') returning id, name
  ), child as (
    insert into categories (name, parent_id) select 'Milk', id from parent where name = 'Dairy' returning id, name
  ), category as (
    select * from parent union all select * from child
  ), product as (
    insert into products (name, sku, price, category_id)
      select wanted.name, wanted.sku, wanted.price, category.id
      from unnest($1::text[], $2::text[], $3::numeric[], $4::text[]) with ordinality
        as wanted (name, sku, price, category, position)
      join category on category.name = wanted.category
      order by wanted.position
    returning id, name, sku, price, category_id
  ), shelf as (
    insert into inventory (product_id, branch_id, reorder_point)
      select product.id, branch.id, 5 from product cross join branch order by branch.id, product.id
    returning id, branch_id
  ), movement as (
    insert into stock_movements (inventory_id, delta, reason)
      select shelf.id, case branch.name when 'Warehouse' then 100 else 20 end, 'INITIAL'
      from shelf join branch on branch.id = shelf.branch_id
  ), slot as (
    insert into delivery_slots (branch_id, day_of_week, start_time, end_time, capacity)
      select branch.id, day, make_time(hour, 0, 0), make_time(hour + 2, 0, 0), 50
      from branch cross join generate_series(0, 6) day cross join generate_series(8, 18, 2) hour
      order by branch.id, day, hour
    returning id, branch_id, day_of_week, start_time
  )
  select json_build_object(
    'branches', (select json_agg(id order by id) from branch),
    'categories', (select json_object_agg(name, id) from category),
    'products', (select json_agg(json_build_object(
      'id', id, 'name', name, 'sku', sku, 'price', price::text, 'category_id', category_id) order by id) from product),
    'slots', (select json_agg(slot order by id) from slot)
  ) as made`;
