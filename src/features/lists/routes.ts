import { IdParams, Page } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { CUSTOMERS, feature, protectedRoute } from '../../http/route.ts';
import { MAX_LIST_ITEMS, MAX_LISTS } from '../../limits.ts';
import { Success } from '../auth/schemas.ts';
import { createList, deleteList, renameList, setListItems } from './commands.ts';
import { listById, listsOf, usualsOf } from './queries.ts';
import { ListItems, ListName, ShoppingList, Usual } from './schemas.ts';

const NAME_NOTE =
  'Names are unique among the lists of one customer; case, white space, invisible characters and Unicode form are ignored.';

export const lists = feature('/store', 'Shopping lists', [
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '/lists',
      summary: 'Shopping lists of the caller, by name',
      query: Page.extend(InLanguage.shape),
      paged: true,
      returns: ShoppingList,
      translated: true,
    },
    (call, { query }) => listsOf(call, query),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/lists',
      summary: 'Create a shopping list',
      description: `${NAME_NOTE} A customer has at most ${MAX_LISTS} lists.`,
      body: ListName,
      query: InLanguage,
      returns: ShoppingList,
      translated: true,
      status: 201,
      errors: ['LIST_EXISTS', 'LIST_LIMIT'],
    },
    (call, { body }) => createList(call, body.name),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '/lists/{id}',
      summary: 'A shopping list',
      params: IdParams,
      query: InLanguage,
      returns: ShoppingList,
      translated: true,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => listById(call, params.id),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'patch',
      path: '/lists/{id}',
      summary: 'Rename a shopping list',
      description: NAME_NOTE,
      params: IdParams,
      body: ListName,
      query: InLanguage,
      returns: ShoppingList,
      translated: true,
      errors: ['NOT_FOUND', 'LIST_EXISTS'],
    },
    (call, { params, body }) => renameList(call, params.id, body.name),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'put',
      path: '/lists/{id}/items',
      summary: 'Set the products of a shopping list',
      description:
        `Replaces all of them, in this order; at most ${MAX_LIST_ITEMS}, each once. ` +
        'A product that is new to the list must be on sale; one that is on ' +
        'it already may stay when it no longer is. `details.product_ids` names those that are not found.',
      params: IdParams,
      body: ListItems,
      query: InLanguage,
      returns: ShoppingList,
      translated: true,
      errors: ['NOT_FOUND', 'PRODUCT_NOT_FOUND', 'LIST_LIMIT'],
    },
    (call, { params, body }) => setListItems(call, params.id, body),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'delete',
      path: '/lists/{id}',
      summary: 'Delete a shopping list',
      params: IdParams,
      returns: Success,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => deleteList(call, params.id),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '/usuals',
      summary: 'What the caller usually buys',
      description:
        'Products of the latest 100 orders that were not canceled, the most usual first: each order counts, and half as much as one 60 days ' +
        'later. Products that are no longer on sale are left out.',
      query: Page.extend(InLanguage.shape),
      paged: true,
      returns: Usual,
      translated: true,
    },
    (call, { query }) => usualsOf(call, query),
  ),
]);
