import { type Customer, login } from './customers.ts';
import type { HttpRequest } from './job.ts';
import { LINES_PER_CART, type Site } from './site.ts';

/** One kind of request, measured against the API and its baselines. */
export interface Scenario {
  name: string;
  requests: HttpRequest[];
  /** A public read: measured with and without the cache, and against the minimal Worker. */
  isCached?: true;
  /** Not repeated as plain SQL. */
  withoutBaseline?: true;
  connections: number;
}

const get = (path: string): HttpRequest => ({ method: 'GET', path: `/api/v1${path}` });
const WORDS = ['milk', 'bread', 'organic', 'cheese', 'apple', 'chicken', 'water', 'rice', 'coffee', 'soap'];

export async function scenariosFor(site: Site, customers: Customer[], readers: number): Promise<Scenario[]> {
  const products = await site.ask<{ id: number }>('select id from products where is_active order by random() limit 20');
  const lines = await site.ask<{ user_id: number; product_id: number }>(
    `select c.user_id, i.product_id from carts c join cart_items i on i.cart_id = c.id
     where c.status = 'ACTIVE' order by i.id`,
  );
  const shoppers = customers.length;
  const as = ({ token }: Customer) => ({ authorization: `Bearer ${token}` });
  const json = { 'content-type': 'application/json' };
  const known = lines.map(({ product_id }) => product_id);
  return [
    {
      name: 'product page of 20',
      isCached: true,
      connections: readers,
      requests: Array.from({ length: 20 }, (_, page) => get(`/catalog/products?branch_id=1&offset=${page * 20}`)),
    },
    {
      name: 'product detail',
      isCached: true,
      connections: readers,
      requests: products.map(({ id }) => get(`/catalog/products/${id}`)),
    },
    {
      name: 'search by a word',
      isCached: true,
      connections: readers,
      requests: WORDS.map((word) => get(`/catalog/products/search?q=${word}`)),
    },
    {
      name: 'autocomplete',
      isCached: true,
      connections: readers,
      requests: WORDS.map((word) => get(`/catalog/products/autocomplete?q=${word.slice(0, 3)}`)),
    },
    {
      name: 'cart read',
      connections: shoppers,
      requests: customers.map((customer) => ({ ...get('/cart'), headers: as(customer) })),
    },
    {
      name: 'add to cart',
      connections: shoppers,
      requests: customers.map((customer, index) => ({
        method: 'POST',
        path: '/api/v1/cart/items',
        headers: { ...as(customer), ...json },
        body: JSON.stringify({ product_id: known[index * LINES_PER_CART] ?? known[0], quantity: 1 }),
      })),
    },
    {
      name: 'login (bcrypt cost 10)',
      // Each request is bound by computation: more connections would only queue.
      connections: 2,
      withoutBaseline: true,
      requests: customers.map((_, index) => ({
        method: 'POST',
        path: '/api/v1/auth/login',
        headers: json,
        body: JSON.stringify(login(index + 1)),
        freshAddress: true,
      })),
    },
  ];
}
