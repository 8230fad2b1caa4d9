import * as z from 'zod';
import {
  AGES,
  ALLERGENS,
  CONTENT_UNITS,
  DIETARY,
  PROMOTION_KINDS,
  SOLD_BY,
  TAX_CLASSES,
} from '../../db/schema/words.ts';
import {
  FlagText,
  Id,
  IdText,
  Instant,
  limitText,
  line,
  Money,
  MoneyInput,
  Page,
  paragraph,
  searchText,
  wordsText,
} from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { isGtin } from './gtin.ts';

const category = {
  id: Id,
  name: z.string(),
  icon_slug: z.string().nullable(),
  description: z.string().nullable(),
  parent_id: Id.nullable(),
  is_active: z.boolean(),
  product_count: z.int().meta({ description: 'Visible products, including those of subcategories.' }),
};

export const SoldBy = z.enum(SOLD_BY).meta({ id: 'SoldBy', example: 'EACH' });

const ContentUnit = z.enum(CONTENT_UNITS);

const NetContent = z
  .object({ amount: z.number(), unit: ContentUnit })
  .meta({ id: 'NetContent', description: 'What one piece holds.', example: { amount: 500, unit: 'g' } });

export const NetContentInput = z
  .strictObject({ amount: z.number().min(0.001).max(1_000_000).multipleOf(0.001), unit: ContentUnit })
  .meta({ id: 'NetContentInput', example: { amount: 500, unit: 'g' } });

const UnitPrice = z
  .object({ amount: Money.meta({ example: '3.18' }), per: z.enum(['100g', 'kg', '100ml', 'l', 'unit']) })
  .meta({ id: 'UnitPrice', description: 'The price per unit of measure.' });

export const TaxClass = z.enum(TAX_CLASSES).meta({ id: 'TaxClass', example: 'STANDARD' });

export const Category = z.object(category).meta({ id: 'Category' });

type CategoryTree = (z.output<typeof Category> & { children: CategoryTree })[];

export const CategoryNode = z
  .object({
    ...category,
    // The type annotation breaks the circular inference.
    get children(): z.ZodType<CategoryTree, CategoryTree> {
      return z.array(CategoryNode);
    },
  })
  .meta({ id: 'CategoryNode' });

/** A product as wishlists and shopping lists show it. */
export const ListedProduct = z
  .object({
    name: z.string(),
    price: Money,
    image_url: z.string().nullable(),
    is_active: z.boolean().meta({ description: 'False: no longer on sale.' }),
    in_stock_anywhere: z.boolean(),
  })
  .meta({ id: 'ListedProduct' });

const ProductPromotion = z
  .object({
    id: Id,
    name: z.string(),
    kind: z.enum(PROMOTION_KINDS),
    value: Money.nullable(),
    take: z.int().nullable(),
    pay: z.int().nullable(),
    bundle_price: Money.nullable(),
    minimum_total: Money.nullable(),
    tiers: z.array(z.string()).nullable(),
    ends_at: Instant.nullable(),
  })
  .meta({ id: 'ProductPromotion', description: 'A running promotion that covers a product and needs no code.' });
export const AllergenName = z.enum(ALLERGENS).meta({ id: 'Allergen' });
export const DietaryLabel = z.enum(DIETARY).meta({ id: 'DietaryLabel' });
export const Age = z.literal(AGES).meta({ type: 'integer', enum: [...AGES], example: 18 });

export const Product = z
  .object({
    id: Id,
    name: z.string(),
    sku: z.string(),
    price: Money,
    old_price: Money.nullable(),
    unit: z.string().nullable(),
    nutritional_info: z.union([z.record(z.string(), z.unknown()), z.string()]).nullable(),
    is_organic: z.boolean(),
    bin_location: z.string().nullable(),
    image_url: z.string().nullable(),
    description: z.string().nullable(),
    category_id: Id,
    is_active: z.boolean(),
    in_stock_anywhere: z.boolean(),
    in_stock_for_branch: z.boolean().nullable(),
    available_quantity: z.int(),
    branch_available_quantity: z.int().nullable(),
    rating_average: z.number().nullable(),
    rating_count: z.int(),
    tax_class: TaxClass.meta({ description: 'Prices include VAT. STANDARD: at the rate of the day; ZERO: none.' }),
    deposit: Money.nullable().meta({
      description: 'Charged for the container of one unit, beside the price; null: none.',
    }),
    promotions: z.array(ProductPromotion).meta({
      description: 'Of the named branch; without `branch_id`, of any.',
    }),
    sold_by: SoldBy.meta({
      description: 'WEIGHT: `price` is that of a nominal piece, and what is picked is weighed and costs its weight.',
    }),
    price_per_kg: Money.nullable().meta({ description: 'Null unless sold by weight.' }),
    nominal_grams: z.int().nullable().meta({ description: 'What a piece is meant to weigh.' }),
    weight_tolerance_percent: Money.meta({ example: '10.00' }),
    net_content: NetContent.nullable(),
    unit_price: UnitPrice.nullable().meta({ description: 'By `price_per_kg` or `net_content`; null without them.' }),
    allergens: z.array(AllergenName).meta({ description: 'What it contains, of the fourteen that EU law lists.' }),
    may_contain: z.array(AllergenName).meta({ description: 'Traces of what else may be in it.' }),
    dietary: z.array(DietaryLabel),
    age_restricted: Age.nullable().meta({ description: 'The age that a buyer must have; null: any.' }),
    brand: z.string().nullable(),
    barcode: z.string().nullable().meta({ description: 'GTIN-8, -12, -13 or -14.', example: '7290004131074' }),
  })
  .meta({ id: 'Product' });

const SORTS = [
  'relevance',
  'price_asc',
  'price_desc',
  'name_asc',
  'name_desc',
  'updated_at_desc',
  'rating_desc',
] as const;
export type Sort = (typeof SORTS)[number];

const ALIASES = { price: 'price_asc', name: 'name_asc', date: 'updated_at_desc' } as const;

const SortText = z
  .enum([...SORTS, 'price', 'name', 'date'])
  .transform((sort): Sort => (sort in ALIASES ? ALIASES[sort as keyof typeof ALIASES] : (sort as Sort)));

const SearchText = searchText(1, 200).meta({
  example: 'milk 3%',
  description:
    'Words of name, SKU and description, in any script; all of them have to be there, each may be only begun. Exact matches come first. ' +
    'One typing error (a letter wrong, missing, extra, or two swapped) is forgiven in a word of four letters or more. ' +
    'Accents, apostrophes, gereshes, hyphens and invisible characters may be left out or put in; ' +
    'a number may stand apart from its unit or joined to it (`1.5l`, `1.5 l`, `1.5`); œ is `oe`, ß is `ss`, ø is `o`. ' +
    'Chinese, Japanese, Thai, Lao, Khmer and Burmese words are found inside a run without spaces. ' +
    '`%`, `_`, quotes and operators are text.',
});

export const TreeQuery = InLanguage;
const TranslatedPage = Page.extend(InLanguage.shape);
export const CategoryQuery = TranslatedPage.extend({ parent_id: IdText.optional() });
export const CategoryProductsQuery = TranslatedPage.extend({ branch_id: IdText.optional() });
export const BranchQuery = InLanguage.extend({ branch_id: IdText.optional() });
export const FeaturedQuery = BranchQuery.extend({ limit: limitText(10) });
export const AutocompleteQuery = InLanguage.extend({ q: SearchText, limit: limitText(10) });

export const ProductQuery = TranslatedPage.extend({
  q: SearchText.optional(),
  category_id: IdText.optional(),
  branch_id: IdText.optional(),
  in_stock: FlagText.optional(),
  min_price: MoneyInput.optional(),
  max_price: MoneyInput.optional(),
  organic_only: FlagText.optional(),
  on_sale: FlagText.optional(),
  promotion_id: IdText.optional(),
  without_allergens: wordsText(ALLERGENS)
    .optional()
    .meta({ description: 'Leaves out products that contain, or may contain, any of these.' }),
  dietary: wordsText(DIETARY).optional().meta({ description: 'Products with all of these labels.' }),
  brand: searchText(1, 200).optional().meta({
    description: 'A brand, or several separated by commas: products of any of them. Case does not count.',
    example: 'Tnuva',
  }),
  facets: FlagText.optional().meta({ description: 'True: `meta.facets` counts what the filters would leave.' }),
  sort: SortText.optional(),
});

const count = z.int().meta({ example: 12 });

/** Each is counted under all filters but its own, so that a customer sees what another choice would find. */
export const Facets = z
  .object({
    categories: z.array(z.object({ id: Id, name: z.string(), count })).meta({
      description: 'Visible categories with products, each with those of its subcategories.',
    }),
    brands: z.array(z.object({ value: z.string().meta({ example: 'Tnuva' }), count })).meta({
      description: 'At most 100, those of most products; chosen ones always.',
    }),
    dietary: z.array(z.object({ value: DietaryLabel, count })),
    price_bands: z.array(z.object({ min: Money, max: Money, count })).meta({
      description: '`min` and `max` can be sent as `min_price` and `max_price`.',
    }),
  })
  .meta({ id: 'Facets' });

export const Gtin = z.object({
  gtin: z
    .string()
    .refine(isGtin, 'must be a GTIN of 8, 12, 13 or 14 digits with a valid check digit')
    .meta({ type: 'string', pattern: '^(\\d{8}|\\d{12,14})$', example: '7290004131074' }),
});

const counted = { total: z.int(), limit: z.int(), offset: z.int() };

export const Suggestions = z
  .object({ items: z.array(z.object({ id: Id, name: z.string() })), ...counted })
  .meta({ id: 'Suggestions' });

export const Review = z
  .object({
    id: Id,
    rating: z.int(),
    title: z.string().nullable(),
    body: z.string().nullable(),
    author: z.string().meta({ description: 'First name and initial.', example: 'Dana L.' }),
    verified_purchase: z.boolean(),
    created_at: Instant,
  })
  .meta({ id: 'Review' });

export const Reviews = z.object({ items: z.array(Review), ...counted }).meta({ id: 'Reviews' });

export const ReviewBody = z
  .strictObject({
    rating: z.int().min(1).max(5),
    title: line(0, 120).nullish(),
    body: paragraph(0, 4000).nullish(),
  })
  .meta({ id: 'ReviewBody' });
