/** Energy in kcal, then protein, carbohydrates and fat in grams, all per 100 g or 100 ml. */
interface Nutrition {
  energy_kcal: number;
  protein_g: number;
  carbohydrates_g: number;
  fat_g: number;
}

interface CatalogueProduct {
  name: string;
  sku: string;
  unit: string;
  price: string;
  oldPrice: string | null;
  isOrganic: boolean;
  nutrition: Nutrition | null;
  binLocation: string;
  imageUrl: string;
  description: string;
}

export interface Leaf {
  name: string;
  iconSlug: string;
  description: string;
  products: CatalogueProduct[];
}

export interface Department {
  name: string;
  iconSlug: string;
  description: string;
  leaves: Leaf[];
}

interface LeafHeader {
  name: string;
  iconSlug: string;
  description: string;
  /** Starts every SKU of the leaf: `MILK` gives `MILK-001`. */
  sku: string;
  /** First bay of the leaf in the warehouse: `A-03` gives the bins `A-03-1` … */
  bay: string;
}

const SHELVES_PER_BAY = 5;
const PRODUCTS_PER_SHELF = 2;

/**
 * Parses a leaf category from a table, one product per line: `name | unit | price | nutrition | description`.
 * The price may be followed by `was 9.90`; nutrition is `kcal protein carbohydrates fat`, or `-`.
 */
export function leaf(header: LeafHeader, table: string): Leaf {
  const { sku, bay, ...rest } = header;
  const rows = table.trim().split('\n');
  return { ...rest, products: rows.map((row, index) => readProduct(row, index, sku, bay)) };
}

function readProduct(row: string, index: number, skuPrefix: string, firstBay: string): CatalogueProduct {
  const [name, unit, prices, nutrition, description, ...extra] = row.split('|').map((cell) => cell.trim());
  if (!name || !unit || !prices || !nutrition || !description || extra.length > 0) {
    throw new Error(`Catalogue row is not "name | unit | price | nutrition | description": ${row}`);
  }
  const [price, oldPrice] = prices.split(' was ');
  if (!isMoney(price) || (oldPrice !== undefined && (!isMoney(oldPrice) || Number(oldPrice) <= Number(price)))) {
    throw new Error(`Catalogue row has no sensible price: ${row}`);
  }
  const sku = `${skuPrefix}-${String(index + 1).padStart(3, '0')}`;
  return {
    name,
    sku,
    unit,
    price,
    oldPrice: oldPrice ?? null,
    isOrganic: /organic|אורגני/i.test(name),
    nutrition: readNutrition(nutrition, row),
    binLocation: binLocation(firstBay, index),
    imageUrl: `https://images.mami.example/products/${sku.toLowerCase()}.webp`,
    description,
  };
}

function isMoney(text: string | undefined): text is string {
  return text !== undefined && /^\d+\.\d\d$/.test(text);
}

function readNutrition(cell: string, row: string): Nutrition | null {
  if (cell === '-') return null;
  const [energy, protein, carbohydrates, fat] = cell.split(' ').map(Number);
  if (energy === undefined || protein === undefined || carbohydrates === undefined || !Number.isFinite(fat)) {
    throw new Error(`Catalogue row has no sensible nutrition: ${row}`);
  }
  return { energy_kcal: energy, protein_g: protein, carbohydrates_g: carbohydrates, fat_g: fat ?? 0 };
}

function binLocation(firstBay: string, index: number): string {
  const [aisle = 'A', bay = '01'] = firstBay.split('-');
  const shelf = Math.floor(index / PRODUCTS_PER_SHELF);
  const number = Number(bay) + Math.floor(shelf / SHELVES_PER_BAY);
  return `${aisle}-${String(number).padStart(2, '0')}-${(shelf % SHELVES_PER_BAY) + 1}`;
}
