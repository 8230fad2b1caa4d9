import type { Allergen, Dietary } from '../../../src/db/schema/words.ts';
import { hebrewCategory } from './hebrew.ts';

const ALLERGENS: Record<Allergen, string> = {
  gluten: 'גלוטן',
  crustaceans: 'סרטנים',
  eggs: 'ביצים',
  fish: 'דגים',
  peanuts: 'בוטנים',
  soybeans: 'סויה',
  milk: 'חלב',
  nuts: 'אגוזים',
  celery: 'סלרי',
  mustard: 'חרדל',
  sesame: 'שומשום',
  sulphites: 'סולפיטים',
  lupin: 'תורמוס',
  molluscs: 'רכיכות',
};

/** The labels worth a word on the shelf; that something is vegetarian is seen from the rest. */
const LABELS: Partial<Record<Dietary, string>> = {
  'kosher-dairy': 'כשר חלבי',
  'kosher-meat': 'כשר בשרי',
  parve: 'כשר פרווה',
  'kosher-passover': 'כשר לפסח',
  vegan: 'טבעוני',
  'gluten-free': 'ללא גלוטן',
  'lactose-free': 'ללא לקטוז',
  'sugar-free': 'ללא סוכר',
};

const UNITS: [RegExp, string][] = [
  [/\bkg\b/g, 'ק"ג'],
  [/\bg\b/g, 'גרם'],
  [/\bml\b/g, 'מ"ל'],
  [/\bL\b/g, 'ליטר'],
  [/\b1 pack\b/g, 'חבילה'],
  [/\bpack\b/g, 'יחידות במארז'],
  [/\bpcs\b/g, 'יחידות'],
  [/\bbags\b/g, 'שקיות'],
  [/\brolls\b/g, 'גלילים'],
  [/\bsheets\b/g, 'גיליונות'],
  [/\bboxes\b/g, 'קופסאות'],
  [/\beach\b/g, 'יחידה'],
  [/\bbunch\b/g, 'צרור'],
  [/\bm\b/g, 'מטר'],
  [/ x /g, ' × '],
];

interface Described {
  unit: string;
  leaf: string;
  allergens: readonly Allergen[];
  mayContain: readonly Allergen[];
  dietary: readonly Dietary[];
  ageRestricted: 18 | null;
}

const named = (allergens: readonly Allergen[]): string => allergens.map((allergen) => ALLERGENS[allergen]).join(', ');

/** What a Hebrew label says: the shelf it stands on, how much it holds, for whom it is, and what is in it. */
export function hebrewDescription({ unit, leaf, allergens, mayContain, dietary, ageRestricted }: Described): string {
  const amount = UNITS.reduce((text, [english, hebrew]) => text.replace(english, hebrew), unit);
  const sold = unit === 'kg' ? 'נמכר במשקל, המחיר לק"ג' : `תכולה: ${amount}`;
  const labels = dietary.flatMap((label) => LABELS[label] ?? []);
  const sentences = [
    hebrewCategory(leaf).description,
    sold,
    ...(labels.length > 0 ? [labels.join(', ')] : []),
    ...(allergens.length > 0 ? [`מכיל: ${named(allergens)}`] : []),
    ...(mayContain.length > 0 ? [`עלול להכיל: ${named(mayContain)}`] : []),
    ...(ageRestricted ? [`המכירה מגיל ${ageRestricted} בלבד`] : []),
  ];
  return `${sentences.join('. ')}.`;
}
