import * as z from 'zod';
import { IdParams, Page } from '../../http/fields.ts';
import { CUSTOMERS, feature, protectedRoute, publicRoute } from '../../http/route.ts';
import { autocomplete } from './autocomplete.ts';
import { categoryTree, listCategories } from './categories.ts';
import { featured } from './featured.ts';
import { listCategory, listProducts } from './listing.ts';
import { productByBarcode, productById } from './product.ts';
import { postReview, reviewsOf } from './reviews.ts';
import * as schemas from './schemas.ts';

const CATEGORY_SECONDS = 60;
const PRODUCT_SECONDS = 10;
const PRODUCT_FACTS = ['catalog', 'products', 'branches'] as const;

const branchNote = 'An unknown or inactive `branch_id` returns 404.';

const idsOf = (products: { id: number }[]) => products.map(({ id }) => id);

/** Existing clients use this list under two paths. */
const productList = (path: string, summary: string) =>
  publicRoute(
    {
      method: 'get',
      path,
      summary,
      description:
        'A flag that is `false` does not filter. `category_id` includes subcategories; an unknown ' +
        `or hidden category has no products, and neither has a \`promotion_id\` that is unknown or not running. With \`in_stock\`, \`branch_id\` limits it to the stock of that branch. ${branchNote} ` +
        '`q` finds products with all of its words in name, SKU or description: exact words first, then words that ' +
        'begin with them, then words of four letters or more with one letter wrong, missing, extra or two swapped; ' +
        'shorter names first among equal matches. A `q` without letters or digits is matched literally. `sort` is by default `relevance` with `q` and ' +
        '`updated_at_desc` without; `price`, `name` and `date` are short for `price_asc`, `name_asc` and `updated_at_desc`. ' +
        'Lists by name are in the order of the main texts in every language.',
      query: schemas.ProductQuery,
      returns: schemas.Product,
      paged: true,
      alsoMeta: { facets: schemas.Facets.optional() },
      errors: ['NOT_FOUND'],
      cacheSeconds: PRODUCT_SECONDS,
      translated: true,
      dependsOn: PRODUCT_FACTS,
      shows: (data, { query }) =>
        query.in_stock || query.facets || query.sort === 'rating_desc' ? undefined : idsOf(data),
    },
    (call, { query }) => listProducts(call, query),
  );

export const catalog = feature('/catalog', 'Catalog', [
  publicRoute(
    {
      method: 'get',
      path: '/categories',
      summary: 'Categories, by name',
      description:
        'Without `parent_id`, all levels. Inactive categories and their subcategories are left out. ' +
        '`product_count` counts visible products, including those of subcategories.',
      query: schemas.CategoryQuery,
      returns: schemas.Category,
      paged: true,
      cacheSeconds: CATEGORY_SECONDS,
      translated: true,
      dependsOn: ['catalog'],
    },
    (call, { query }) => listCategories(call, query),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/categories/tree',
      summary: 'Categories, nested',
      query: schemas.TreeQuery,
      returns: z.array(schemas.CategoryNode),
      cacheSeconds: CATEGORY_SECONDS,
      translated: true,
      dependsOn: ['catalog'],
    },
    categoryTree,
  ),
  publicRoute(
    {
      method: 'get',
      path: '/categories/{id}/products',
      summary: 'Products of a category and its subcategories, newest first',
      description: branchNote,
      params: IdParams,
      query: schemas.CategoryProductsQuery,
      returns: schemas.Product,
      paged: true,
      errors: ['NOT_FOUND'],
      cacheSeconds: PRODUCT_SECONDS,
      translated: true,
      dependsOn: PRODUCT_FACTS,
      shows: idsOf,
    },
    (call, { params, query }) => listCategory(call, params.id, query),
  ),
  productList('/products', 'Products'),
  productList('/products/search', 'Search products'),
  publicRoute(
    {
      method: 'get',
      path: '/products/featured',
      summary: 'Featured products: in stock first, then on sale',
      description: branchNote,
      query: schemas.FeaturedQuery,
      returns: z.array(schemas.Product),
      errors: ['NOT_FOUND'],
      cacheSeconds: PRODUCT_SECONDS,
      translated: true,
      dependsOn: PRODUCT_FACTS,
    },
    (call, { query }) => featured(call, query),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/products/autocomplete',
      summary: 'Suggested product names while typing',
      description:
        'Names that begin with `q`, then names with a word that begins with it, then names with a similar word. ' +
        '`total` counts at most 1000.',
      query: schemas.AutocompleteQuery,
      returns: schemas.Suggestions,
      cacheSeconds: PRODUCT_SECONDS,
      translated: true,
      dependsOn: ['catalog'],
    },
    (call, { query }) => autocomplete(call, query),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/products/{id}',
      summary: 'One product',
      description: branchNote,
      params: IdParams,
      query: schemas.BranchQuery,
      returns: schemas.Product,
      errors: ['PRODUCT_NOT_FOUND', 'NOT_FOUND'],
      cacheSeconds: PRODUCT_SECONDS,
      translated: true,
      dependsOn: PRODUCT_FACTS,
      shows: (product) => [product.id],
    },
    (call, { params, query }) => productById(call, params.id, query.branch_id),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/products/by-barcode/{gtin}',
      summary: 'The product of a bar code',
      description: `For scanners. Leading zeros do not count: a GTIN-12 is found by its GTIN-13 too. ${branchNote}`,
      params: schemas.Gtin,
      query: schemas.BranchQuery,
      returns: schemas.Product,
      errors: ['PRODUCT_NOT_FOUND', 'NOT_FOUND'],
      cacheSeconds: PRODUCT_SECONDS,
      translated: true,
      dependsOn: PRODUCT_FACTS,
      shows: (product) => [product.id],
    },
    (call, { params, query }) => productByBarcode(call, params.gtin, query.branch_id),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/products/{id}/reviews',
      summary: 'Reviews of a product, newest first',
      params: IdParams,
      query: Page,
      returns: schemas.Reviews,
      errors: ['PRODUCT_NOT_FOUND'],
      cacheSeconds: PRODUCT_SECONDS,
      dependsOn: PRODUCT_FACTS,
      shows: (_, { params }) => [params.id],
    },
    (call, { params, query }) => reviewsOf(call, params.id, query),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/products/{id}/reviews',
      summary: 'Review a product',
      description:
        'One per customer and product: a later review replaces it. `verified_purchase` is true when a delivered order of ' +
        'the customer contained the product, also as a replacement.',
      params: IdParams,
      body: schemas.ReviewBody,
      changes: ['products'],
      returns: schemas.Review,
      status: 201,
      errors: ['PRODUCT_NOT_FOUND'],
      limitKind: 'default',
    },
    (call, { params, body }) => postReview(call, params.id, body),
  ),
]);
