import type { Client } from 'pg';
import { hebrewCategory } from './catalogue/hebrew.ts';
import { departments } from './catalogue/index.ts';
import { barcodeOf, brandOf, labelsOf } from './catalogue/labels.ts';
import { insertRows, type Row } from './insert.ts';
import type { Random } from './random.ts';
import type { Product } from './shop.ts';

const outOfSeason = new Set(['Watermelon', 'Mango Maya', 'Honey Cake']);
/** As in Israel: fresh fruit and vegetables bear no VAT, bottles and cans of drinks up to five litres a deposit of 0.30 each. */
const WITHOUT_VAT = new Set(['Fruit', 'Vegetables']);
const IN_BOTTLES = new Set(['Water & Soft Drinks', 'Juice & Syrups', 'Beer & Wine']);
const DEPOSIT = 30;

function depositOf(leaf: string, unit: string): number {
  if (!IN_BOTTLES.has(leaf)) return 0;
  const bottles = /^(\d+) x /.exec(unit)?.[1] ?? '1';
  return DEPOSIT * Number(bottles);
}

/** Loose fruit and vegetables, meat and fish are weighed: by the kilogram, or a piece of about as much. */
const WEIGHED = new Set(['Fruit', 'Vegetables', 'Beef & Lamb', 'Poultry', 'Fish']);
const KILOGRAM = /^(1 )?kg$/;

function weightOf(leaf: string, { unit, price }: { unit: string; price: string }): Row {
  const isWeighed = WEIGHED.has(leaf) && KILOGRAM.test(unit);
  return isWeighed
    ? { sold_by: 'WEIGHT', price_per_kg: price, nominal_grams: 1000 }
    : { sold_by: 'EACH', price_per_kg: null, nominal_grams: null };
}

/** `6 x 1.5 L` holds nine litres. */
function contentOf(unit: string): Row {
  const [, count = '1', amount, measure = ''] = /^(?:(\d+) x )?(\d+(?:\.\d+)?) (g|kg|ml|l|pcs)$/i.exec(unit) ?? [];
  if (amount === undefined) return { net_content_amount: null, net_content_unit: null };
  const known = measure.toLowerCase() === 'pcs' ? 'unit' : measure.toLowerCase();
  return { net_content_amount: Number(count) * Number(amount), net_content_unit: known };
}

const everyday = /^(Milk|Cottage|White Bread|Pita|Tomato|Cucumber|Banana|Large Eggs|Chicken Breast|Hummus|חלב|לחם)/;

/** Inserts departments and their leaf categories; returns the id of each leaf by its name. */
export async function insertCategories(client: Client, since: Row): Promise<Map<string, number>> {
  const rows: Row[] = [];
  const leafIds = new Map<string, number>();
  const add = (node: { name: string; iconSlug: string; description: string }, parentId: number | null) => {
    const { name, iconSlug, description } = node;
    const id = rows.length + 1;
    const translations = { he: hebrewCategory(name), en: { name, description } };
    rows.push({
      id,
      name,
      icon_slug: iconSlug,
      description,
      parent_id: parentId,
      translations,
      is_active: true,
      ...since,
    });
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
  const items = departments.flatMap((department) =>
    department.leaves.flatMap((leaf) =>
      leaf.products.map((item, place) => ({
        item,
        leafName: leaf.name,
        categoryId: leafIds.get(leaf.name) ?? 0,
        taxClass: WITHOUT_VAT.has(leaf.name) ? ('ZERO' as const) : ('STANDARD' as const),
        deposit: depositOf(leaf.name, item.unit),
        labels: labelsOf(leaf, item),
        brand: brandOf(department.name, place),
      })),
    ),
  );
  const products = items.map(({ item, categoryId, taxClass, deposit }, index): Product => {
    const { name, sku, unit, imageUrl } = item;
    const popularity = everyday.test(name) ? 12 : random.integer(1, 5);
    const price = Math.round(Number(item.price) * 100);
    const isActive = !outOfSeason.has(name);
    return { id: index + 1, name, sku, unit, imageUrl, price, categoryId, taxClass, deposit, popularity, isActive };
  });
  const rows = items.map(({ item, leafName, categoryId, taxClass, deposit, labels, brand }, index) => ({
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
    tax_class: taxClass,
    deposit: deposit > 0 ? (deposit / 100).toFixed(2) : null,
    ...weightOf(leafName, item),
    ...contentOf(item.unit),
    allergens: labels.allergens,
    may_contain: labels.mayContain,
    dietary: labels.dietary,
    age_restricted: labels.ageRestricted,
    brand,
    barcode: barcodeOf(index + 1),
    translations: labels.translations,
    is_active: !outOfSeason.has(item.name),
    rating_count: 0,
    ...since,
  }));
  await insertRows(client, 'products', rows);
  return products;
}
