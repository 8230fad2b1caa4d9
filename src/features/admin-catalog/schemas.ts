import * as z from 'zod';
import { importAnswer } from '../../csv-import.ts';
import { ALLERGENS, DIETARY } from '../../db/schema/words.ts';
import { subsetOf } from '../../http/change.ts';
import {
  FlagText,
  Id,
  IdText,
  Instant,
  line,
  linesText,
  MoneyInput,
  ONE_LINE,
  Page,
  paragraph,
  searchText,
} from '../../http/fields.ts';
import { Translations, translationsInput } from '../../http/translations.ts';
import { MAX_PRICE } from '../../limits.ts';
import { isGtin } from '../catalog/gtin.ts';
import { Age, AllergenName, DietaryLabel, NetContentInput, Product, SoldBy, TaxClass } from '../catalog/schemas.ts';
import { isStorableJson } from './nutrition.ts';

export const AdminCategory = z
  .object({
    id: Id,
    name: z.string(),
    icon_slug: z.string().nullable(),
    description: z.string().nullable(),
    parent_id: Id.nullable(),
    is_active: z.boolean(),
    product_count: z.int(),
    translations: Translations,
  })
  .meta({ id: 'AdminCategory' });

export const NewCategory = z
  .strictObject({
    name: line(2, 50),
    description: paragraph(0, 2000).nullish(),
    icon_slug: z
      .string()
      .trim()
      .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/i, 'must be letters, digits, - and _')
      .nullish(),
    parent_id: Id.nullish(),
    translations: translationsInput({ name: line(2, 50).nullish(), description: paragraph(0, 2000).nullish() }),
  })
  .meta({ id: 'NewCategory' });
export const CategoryChange = subsetOf(NewCategory).meta({ id: 'CategoryChange' });

const positive = (max: number) =>
  MoneyInput.refine((amount) => Number(amount) > 0, 'must be more than 0')
    .refine((amount) => Number(amount) <= max, `must be ${max} or less`)
    .meta({
      type: ['string', 'number'],
      // Checked on the text: not zero, and no more digits than the maximum.
      pattern: `^(?=.*[1-9])(\\d{1,${String(max).length - 1}}(\\.\\d{1,2})?|${max}(\\.0{1,2})?)$`,
      minimum: 0.01,
      maximum: max,
      example: '12.90',
    });

export const PriceInput = positive(MAX_PRICE);
export const OldPriceInput = positive(100_000);

const NutritionalInfo = z
  .union(
    [
      linesText().max(2000),
      z.record(z.string().max(100), z.json()).refine((info) => JSON.stringify(info).length <= 4000, 'is too large'),
    ],
    { error: 'must be a text of at most 2000 characters, or a JSON object' },
  )
  .refine(isStorableJson, 'must be nested at most 4 levels and contain no control characters')
  .meta({
    anyOf: [
      { type: 'string', maxLength: 2000 },
      { type: 'object', additionalProperties: true },
    ],
    example: { energy_kcal: 60, protein_g: 3.2 },
  });

/** Each word once, in the order of the list; null is none. */
const wordsInput = <const Word extends string>(word: z.ZodType<Word>, words: readonly Word[]) =>
  z
    .array(word)
    .max(50)
    .nullish()
    .transform((found) => (found === undefined ? undefined : words.filter((each) => found?.includes(each))));

export const NewProduct = z
  .strictObject({
    name: line(2, 100),
    sku: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9-]{2,20}$/, 'must be 2 to 20 letters, digits and -'),
    price: PriceInput,
    category_id: Id,
    description: paragraph(0, 4000).nullish(),
    old_price: OldPriceInput.nullish(),
    unit: line(1, 32).nullish(),
    is_organic: z.boolean().optional(),
    nutritional_info: NutritionalInfo.nullish(),
    bin_location: line(1, 32).nullish(),
    image_url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .max(2048)
      .regex(ONE_LINE, 'must not hold control characters')
      .nullish(),
    tax_class: TaxClass.optional(),
    deposit: positive(1000).nullish(),
    sold_by: SoldBy.optional(),
    // A gram of saffron has a price per kilogram far above that of any product.
    price_per_kg: positive(10_000_000).nullish().meta({
      description: 'For WEIGHT. Changed alone, it changes the price of the nominal piece, and the other way round.',
    }),
    nominal_grams: z.int().min(1).max(100_000).nullish().meta({ example: 1000 }),
    weight_tolerance_percent: MoneyInput.refine((percent) => Number(percent) <= 100, 'must be at most 100').optional(),
    net_content: NetContentInput.nullish(),
    allergens: wordsInput(AllergenName, ALLERGENS),
    may_contain: wordsInput(AllergenName, ALLERGENS),
    dietary: wordsInput(DietaryLabel, DIETARY),
    age_restricted: Age.nullish(),
    brand: line(1, 64).nullish(),
    barcode: z
      .string()
      .trim()
      .refine(isGtin, 'must be a GTIN of 8, 12, 13 or 14 digits with a valid check digit')
      .nullish()
      .meta({ pattern: '^(\\d{8}|\\d{12,14})$', example: '7290004131074' }),
    translations: translationsInput({ name: line(2, 100).nullish(), description: paragraph(0, 4000).nullish() }),
  })
  .meta({ id: 'NewProduct' });
export const ProductChange = subsetOf(NewProduct).meta({ id: 'ProductChange' });

export const AdminProduct = Product.extend({
  translations: Translations,
  created_at: Instant,
  updated_at: Instant,
}).meta({ id: 'AdminProduct' });

export const PRODUCT_ORDERS = [
  'id_desc',
  'name_asc',
  'name_desc',
  'price_asc',
  'price_desc',
  'updated_at_desc',
  'name',
  'price',
  'date',
] as const;

export const ProductFilters = Page.extend({
  q: searchText(0, 100).optional(),
  category_id: IdText.optional(),
  is_active: FlagText.optional(),
  sort: z.enum(PRODUCT_ORDERS).default('id_desc'),
});

export const ImportQuery = z.object({
  dry_run: FlagText.default(false).meta({ description: 'Reports what the import would do, and changes nothing.' }),
});

export const ProductImport = importAnswer(['created', 'updated', 'unchanged'])
  .extend({ dry_run: z.boolean() })
  .meta({ id: 'ProductImport' });
