import { ALLERGENS, type Allergen, DIETARY, type Dietary } from '../../../src/db/schema/words.ts';
import { otherName } from './hebrew.ts';
import { hebrewDescription } from './hebrew-descriptions.ts';

/** What the rules read of a product. */
interface Labelled {
  name: string;
  sku: string;
  unit: string;
  description: string;
}

export interface Labels {
  allergens: Allergen[];
  mayContain: Allergen[];
  dietary: Dietary[];
  ageRestricted: 18 | null;
  /** In Hebrew, and in English what the main text does not say in English. */
  translations: { he: Texts; en?: Texts };
}

interface Texts {
  name: string;
  description: string;
}

const FOOD_ENDS = /^(CLEN|LAUN|PAPR|HAIR|ORAL|DIAP|PETS)/;
const MEAT =
  /beef|lamb|asado|steak|sirloin|entrecote|chicken|turkey|salami|pastrami|merguez|kubbeh|schnitzel|hot dogs$/i;
const FISH = /salmon|bream|bass|tilapia|fish|herring|tuna/i;
const DAIRY_FREE = /^(PLMK)|vegan|non alcoholic|coconut milk|kitten milk/i;

/** Each allergen by the words that name it in the catalogue, English and Hebrew. */
const CONTAINS: [Allergen, RegExp][] = [
  [
    'gluten',
    /bread|לחם|pita|פיתה|bun|bagel|roll(?!ed oats)|challah|baguette|tortilla wrap|crispbread|babka|rugelach|croissant|burekas|cake(?!s$)|סופגני|pizza|malawach|jachnun|breaded|schnitzel(?! cut)|ravioli|kubbeh|pastry|spaghetti|penne|fusilli|ptitim|couscous|bulgur|flour|קמח|cornflakes|cereal|branflakes|granola|oats?\b|pretzel|cracker|wafer|biscuit|cookie|ladyfinger|beer(?! mat)|soy sauce|lachmaniyot|cones/i,
  ],
  [
    'milk',
    /milk|חלב|שוקו|cheese|קוטג|yogurt|butter|cream|labneh|pudding|gouda|emmental|mozzarella|feta|halloumi|parmesan|latte|wafers with chocolate|infant formula|pizza|white chocolate|chocolate spread/i,
  ],
  ['eggs', /egg(?!plant)|ביצ|mayonnaise|babka|rugelach|cake(?!s$)|ladyfinger|challah|סופגני/i],
  ['fish', FISH],
  ['soybeans', /soy|protein bar|vegan burger/i],
  ['nuts', /almond|cashew|walnut|pecan|hazelnut|granola|trail mix|pine nuts/i],
  ['peanuts', /peanut|במבה/i],
  ['sesame', /sesame|tahini|halva|hummus/i],
  ['mustard', /mustard/i],
  ['sulphites', /cabernet|chardonnay|rosé|merlot|kiddush|dried apricot|cranberr/i],
];

/** What the labels of a product say, by rules that hold for this catalogue. */
export function labelsOf({ name: leaf }: { name: string }, { name, sku, unit, description }: Labelled): Labels {
  const isFood = !FOOD_ENDS.test(sku);
  const isPlant = DAIRY_FREE.test(sku) || DAIRY_FREE.test(name);
  const isGlutenFree =
    /gluten free|rice|corn(?!flakes)|potato/i.test(name) &&
    !/bread(?! gluten)|schnitzel|burekas/i.test(name.replace(/gluten free bread/i, ''));
  const found = CONTAINS.filter(([, words]) => isFood && words.test(name)).map(([allergen]) => allergen);
  const allergens = found.filter(
    (allergen) =>
      !(allergen === 'milk' && (isPlant || /peanut butter|butter lettuce|hand cream/i.test(name))) &&
      !(allergen === 'gluten' && (isGlutenFree || /gluten free|tortilla chips/i.test(name))),
  );
  const meat = isFood && MEAT.test(name) && !FISH.test(name) && !/corn schnitzel/i.test(name);
  const isDairy = allergens.includes('milk');
  const facts = {
    allergens: inOrderOf(ALLERGENS, allergens),
    mayContain: inOrderOf(ALLERGENS, mayContain(leaf, allergens)),
    dietary: inOrderOf(DIETARY, isFood ? dietaryOf({ name, leaf, allergens, meat, isDairy }) : []),
    ageRestricted: leaf === 'Beer & Wine' && !/non alcoholic/i.test(name) ? (18 as const) : null,
  };
  const inHebrew = hebrewDescription({ unit, leaf, ...facts });
  const other = otherName(sku);
  const translations = /[א-ת]/.test(name)
    ? { he: { name, description: inHebrew }, en: { name: other, description } }
    : { he: { name: other, description: inHebrew } };
  return { ...facts, translations };
}

/** As the API stores them, whatever order they were found in. */
const inOrderOf = <Word extends string>(known: readonly Word[], words: readonly Word[]): Word[] =>
  known.filter((word) => words.includes(word));

function mayContain(leaf: string, allergens: readonly Allergen[]): Allergen[] {
  const traces: Record<string, Allergen[]> = {
    'Nuts & Dried Fruit': ['nuts', 'peanuts', 'sesame'],
    'Chocolate & Sweets': ['nuts', 'milk'],
    Cookies: ['nuts', 'sesame'],
    'Cakes & Pastries': ['nuts', 'sesame'],
    'Cereals & Spreads': ['nuts'],
    Bread: ['sesame'],
  };
  return (traces[leaf] ?? []).filter((allergen) => !allergens.includes(allergen));
}

interface Facts {
  name: string;
  leaf: string;
  allergens: readonly Allergen[];
  meat: boolean;
  isDairy: boolean;
}

function dietaryOf({ name, leaf, allergens, meat, isDairy }: Facts): Dietary[] {
  const isVegetarian = !meat && !FISH.test(name);
  const isVegan = isVegetarian && !isDairy && !allergens.includes('eggs') && !/honey|gummy|marshmallow/i.test(name);
  const isRaw = ['Fruit', 'Vegetables', 'Herbs & Salads', 'Beef & Lamb', 'Poultry', 'Fish'].includes(leaf);
  const labels: [Dietary, boolean][] = [
    ['kosher-dairy', isDairy],
    ['kosher-meat', meat],
    ['parve', !isDairy && !meat],
    ['kosher-passover', isRaw || /matz|kiddush|grape juice/i.test(name)],
    ['vegan', isVegan],
    ['vegetarian', isVegetarian],
    ['gluten-free', !allergens.includes('gluten')],
    ['lactose-free', /lactose free/i.test(name)],
    ['sugar-free', /unsweetened|zero|no added sugar|ללא סוכר/i.test(name)],
  ];
  return labels.filter(([, holds]) => holds).map(([label]) => label);
}

/** A GTIN-13 with Israel's prefix, by a product's number in the catalogue. */
export function barcodeOf(number: number): string {
  const digits = `729${String(1_000_000 + number * 37).padStart(9, '0')}`;
  const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
  return digits + ((10 - (sum % 10)) % 10);
}

/** Invented brands, by department. */
const BRANDS: Record<string, readonly string[]> = {
  'Dairy & Eggs': ['Galil Dairies', 'Tavor', 'Emek'],
  Bakery: ['Maafiat HaShuk', 'Lechem Tov'],
  'Meat & Fish': ['Golan Butchers', 'Yam Tichon'],
  Frozen: ['Kfor', 'Emek'],
  Pantry: ['Mazave', 'Zeit HaGalil', 'Tavor'],
  'Snacks & Sweets': ['Pitzuchit', 'Matok'],
  Drinks: ['Maayan', 'Kerem Carmel'],
  'Coffee & Tea': ['Finjan', 'Maayan'],
  Household: ['Naki', 'Bayit'],
  'Personal Care': ['Yam HaMelach', 'Naki'],
  Baby: ['Tinok', 'Galil Dairies'],
  Pets: ['Zanav'],
};

/** The brand of a product by its place in the department; loose goods have none. */
export function brandOf(department: string, place: number): string | null {
  const brands = BRANDS[department];
  return brands?.[place % brands.length] ?? null;
}
