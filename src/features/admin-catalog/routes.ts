import { TOGGLE_NOTE, ToggleBody, ToggleQuery, wantedState } from '../../http/change.ts';
import { IdParams } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { changeCategory, createCategory, toggleCategory } from './commands/categories.ts';
import { changeProduct, createProduct, toggleProduct } from './commands/products.ts';
import { listProducts } from './queries.ts';
import * as schemas from './schemas.ts';

export const adminCatalog = feature('/admin', 'Admin: catalog', [
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/categories',
      summary: 'Create a category',
      description:
        'Names are unique below one parent, whatever their case, white space, invisible characters and Unicode form.',
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
      summary: 'Change or move a category',
      description: 'Any subset of the fields; null clears an optional one, a null parent_id moves it to the top.',
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
      summary: 'Switch a category on or off',
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
      summary: 'List products, inactive ones too',
      description:
        '`q` is literal text in name, SKU or description, compared as names are; `category_id` includes the categories below it. Quantities are ' +
        'what customers can still take in active branches.',
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
      summary: 'Create a product',
      description:
        'SKUs are unique whatever their case. The category may be inactive: its products stay invisible until it is not.',
      body: schemas.NewProduct,
      changes: ['catalog'],
      returns: schemas.AdminProduct,
      status: 201,
      errors: ['CATEGORY_NOT_FOUND', 'SKU_EXISTS'],
    },
    (call, { body }) => createProduct(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/products/{id}',
      summary: 'Change a product',
      description:
        'Any subset of the fields; null clears an optional one. Orders keep the name and price they were made at.',
      params: IdParams,
      body: schemas.ProductChange,
      changes: ['catalog'],
      returns: schemas.AdminProduct,
      errors: ['PRODUCT_NOT_FOUND', 'CATEGORY_NOT_FOUND', 'SKU_EXISTS'],
    },
    (call, { params, body }) => changeProduct(call, params.id, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/products/{id}/toggle',
      summary: 'Switch a product on or off',
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
