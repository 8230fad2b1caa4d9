import type { Client } from 'pg';
import { departments } from './catalogue/index.ts';
import { insertRows, type Row } from './insert.ts';
import type { Random } from './random.ts';
import type { Product } from './shop.ts';

const outOfSeason = new Set(['Watermelon', 'Mango Maya', 'Honey Cake']);
const everyday = /^(Milk|Cottage|White Bread|Pita|Tomato|Cucumber|Banana|Large Eggs|Chicken Breast|Hummus|חלב|לחם)/;

/** Inserts departments and their leaf categories; returns the id of each leaf by its name. */
export async function insertCategories(client: Client, since: Row): Promise<Map<string, number>> {
  const rows: Row[] = [];
  const leafIds = new Map<string, number>();
  const add = (node: { name: string; iconSlug: string; description: string }, parentId: number | null) => {
    const { name, iconSlug, description } = node;
    const id = rows.length + 1;
    rows.push({ id, name, icon_slug: iconSlug, description, parent_id: parentId, is_active: true, ...since });
    return id;
  };
  for (const department of departments) {
    const departmentId = add(department, null);
    for (const leaf of department.leaves) leafIds.set(leaf.name, add(leaf, departmentId));
  }
  await insertRows(client, 'categories', rows);
  return leafIds;
}

export async function insertCatalogue(client: Client, since: Row, random: Random): Promise<Product[]> {
  const leafIds = await insertCategories(client, since);
  const leaves = departments.flatMap((department) => department.leaves);
  const items = leaves.flatMap((leaf) =>
    leaf.products.map((item) => ({ item, categoryId: leafIds.get(leaf.name) ?? 0 })),
  );
  const products = items.map(({ item, categoryId }, index): Product => {
    const { name, sku, unit, imageUrl } = item;
    const popularity = everyday.test(name) ? 12 : random.integer(1, 5);
    const price = Math.round(Number(item.price) * 100);
    const isActive = !outOfSeason.has(name);
    return { id: index + 1, name, sku, unit, imageUrl, price, categoryId, popularity, isActive };
  });
  const rows = items.map(({ item, categoryId }, index) => ({
    id: index + 1,
    name: item.name,
    sku: item.sku,
    price: item.price,
    old_price: item.oldPrice,
    unit: item.unit,
    nutritional_info: item.nutrition,
    is_organic: item.isOrganic,
    bin_location: item.binLocation,
    image_url: item.imageUrl,
    description: item.description,
    category_id: categoryId,
    is_active: !outOfSeason.has(item.name),
    rating_count: 0,
    ...since,
  }));
  await insertRows(client, 'products', rows);
  return products;
}
