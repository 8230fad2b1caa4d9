import { TOGGLE_NOTE, ToggleBody, ToggleQuery, wantedState } from '../../http/change.ts';
import { IdParams } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { changeCategory, createCategory, toggleCategory } from './commands/categories.ts';
import { importProducts } from './commands/import.ts';
import { changeProduct, createProduct, toggleProduct } from './commands/products.ts';
import { listProducts } from './queries.ts';
import * as schemas from './schemas.ts';

export const adminCatalog = feature('/admin', 'Admin: catalog', [
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/categories',
      scopes: ['catalog:write'],
      summary: 'Create a category',
      description:
        'Names are unique within a parent; case, white space, invisible characters and Unicode form are ignored.',
      body: schemas.NewCategory,
      changes: ['catalog'],
      returns: schemas.AdminCategory,
      status: 201,
      errors: ['CATEGORY_NOT_FOUND', 'CATEGORY_EXISTS'],
    },
    (call, { body }) => createCategory(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/categories/{id}',
      scopes: ['catalog:write'],
      summary: 'Change or move a category',
      description:
        'Any subset of the fields; null clears an optional field, a null parent_id moves the category to the top level.',
      params: IdParams,
      body: schemas.CategoryChange,
      changes: ['catalog'],
      returns: schemas.AdminCategory,
      errors: ['CATEGORY_NOT_FOUND', 'CATEGORY_EXISTS', 'CATEGORY_CYCLE'],
    },
    (call, { params, body }) => changeCategory(call, params.id, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/categories/{id}/toggle',
      scopes: ['catalog:write'],
      summary: 'Activate or deactivate a category',
      description: `${TOGGLE_NOTE} Products under an inactive category are invisible to customers.`,
      params: IdParams,
      query: ToggleQuery,
      body: ToggleBody,
      bodyOptional: true,
      changes: ['catalog'],
      returns: schemas.AdminCategory,
      errors: ['CATEGORY_NOT_FOUND'],
    },
    (call, input) => toggleCategory(call, input.params.id, wantedState(input)),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/products',
      scopes: ['catalog:read'],
      summary: 'List products, including inactive ones',
      description:
        '`q` is matched literally in name, SKU and description, ignoring case and Unicode form; `category_id` includes subcategories. Quantities are ' +
        'the units available to customers in active branches.',
      query: schemas.ProductFilters,
      paged: true,
      returns: schemas.AdminProduct,
    },
    (call, { query }) => listProducts(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/products',
      scopes: ['catalog:write'],
      summary: 'Create a product',
      description:
        'SKUs are unique, ignoring case. In an inactive category the product is invisible until the category is activated.',
      body: schemas.NewProduct,
      changes: ['catalog'],
      returns: schemas.AdminProduct,
      status: 201,
      errors: ['CATEGORY_NOT_FOUND', 'SKU_EXISTS', 'BARCODE_EXISTS', 'INVALID_WEIGHT'],
    },
    (call, { body }) => createProduct(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/products/bulk',
      scopes: ['catalog:write'],
      summary: 'Create and change products by SKU from a CSV file',
      description:
        'Good rows are applied, bad rows are reported. At most 10,000 rows of data. Columns are found by name, in any order: `sku`, `name`, ' +
        '`price` and `category_id` are required; the others are those of the export, and any other column is ignored. A column that the ' +
        'file does not have leaves the field as it is. An empty cell clears an optional field; in `is_active`, `is_organic`, `tax_class`, ' +
        '`sold_by` and `weight_tolerance_percent` it leaves it. `allergens`, `may_contain` and `dietary` separate words by `|`. ' +
        '`name_he`, `description_ar` and so on are the texts in other languages. Of several rows for one SKU, the first good one is ' +
        'applied. A row for a bar code that another product has is refused, also when the file takes it off that one: import that row ' +
        'first. Of a product sold by weight, `price`, `price_per_kg` and `nominal_grams` have to agree; without the column ' +
        '`price_per_kg` it is computed.\n\nA repeat of the file changes nothing. Rows are applied in portions of 2,500: after an error, ' +
        'such as 503, some may have been, and the file is sent again. With `dry_run=true` nothing is changed, and the report is that of ' +
        'the import.',
      upload: 'file',
      query: schemas.ImportQuery,
      changes: ['catalog'],
      returns: schemas.ProductImport,
      status: 202,
      errors: ['BARCODE_EXISTS', 'UNPROCESSABLE'],
    },
    (call, { file, query }) => importProducts(call, file, query.dry_run),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/products/{id}',
      scopes: ['catalog:write'],
      summary: 'Change a product',
      description:
        'Any subset of the fields; null clears an optional field. Existing orders keep their name and price.',
      params: IdParams,
      body: schemas.ProductChange,
      changes: ['catalog'],
      returns: schemas.AdminProduct,
      errors: ['PRODUCT_NOT_FOUND', 'CATEGORY_NOT_FOUND', 'SKU_EXISTS', 'BARCODE_EXISTS', 'INVALID_WEIGHT'],
    },
    (call, { params, body }) => changeProduct(call, params.id, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/products/{id}/toggle',
      scopes: ['catalog:write'],
      summary: 'Activate or deactivate a product',
      description: TOGGLE_NOTE,
      params: IdParams,
      query: ToggleQuery,
      body: ToggleBody,
      bodyOptional: true,
      changes: ['catalog'],
      returns: schemas.AdminProduct,
      errors: ['PRODUCT_NOT_FOUND'],
    },
    (call, input) => toggleProduct(call, input.params.id, wantedState(input)),
  ),
]);
