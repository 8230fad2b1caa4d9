import type { Call } from '../../src/http/context.ts';
import { moduleOf } from '../build.ts';

type Language = Call['language'];

/** Answers as a client gets them, and the process that works for them. */
export interface Reader {
  list(filters: object, language?: Language): Promise<string>;
  category(id: number, page: object): Promise<string>;
  detail(id: number, branchId?: number, language?: Language): Promise<string>;
  autocomplete(q: string, limit?: number): Promise<string>;
  featured(limit: number, branchId?: number): Promise<string>;
  backend: number;
}

/** The reads of the build in this directory, through a gateway with one connection. */
export async function readerOf(directory: string, databaseUrl: string, databaseGatewayUrl: string): Promise<Reader> {
  const load = <T>(path: string) => moduleOf<T>(directory, `src/${path}`);
  const catalog = <T>(name: string) => load<T>(`features/catalog/${name}.ts`);
  const { Database } = await load<typeof import('../../src/db/database.ts')>('db/database.ts');
  const { listProducts, listCategory } =
    await catalog<typeof import('../../src/features/catalog/listing.ts')>('listing');
  const { productById } = await catalog<typeof import('../../src/features/catalog/product.ts')>('product');
  const { autocomplete } = await catalog<typeof import('../../src/features/catalog/autocomplete.ts')>('autocomplete');
  const { featured } = await catalog<typeof import('../../src/features/catalog/featured.ts')>('featured');
  const { Product, Suggestions } = await catalog<typeof import('../../src/features/catalog/schemas.ts')>('schemas');
  const database = new Database({ databaseUrl, databaseGatewayUrl, databaseTimeoutMs: 60_000 });
  const call = (language?: Language) =>
    ({
      database,
      language,
      batch: (statements) => database.batch(statements),
      changesAfter: () => {},
    }) satisfies Partial<Call> as unknown as Call;
  const page = ({ items, ...rest }: Awaited<ReturnType<typeof listProducts>>) =>
    JSON.stringify({ items: items.map((item) => Product.parse(item)), total: rest.total, facets: rest.facets });
  const refused = (error: unknown) => String(error);
  const [answer] = await neonQuery(databaseUrl, databaseGatewayUrl, 'select pg_backend_pid()');
  return {
    backend: Number(answer),
    list: (filters, language) =>
      listProducts(call(language), { limit: 20, offset: 0, ...filters } as Parameters<typeof listProducts>[1]).then(
        page,
        refused,
      ),
    category: (id, filters) =>
      listCategory(call(), id, { limit: 20, offset: 0, ...filters } as Parameters<typeof listCategory>[2]).then(
        page,
        refused,
      ),
    detail: (id, branchId, language) =>
      productById(call(language), id, branchId).then((product) => JSON.stringify(Product.parse(product)), refused),
    autocomplete: (q, limit = 10) =>
      autocomplete(call(), { q, limit }).then((found) => JSON.stringify(Suggestions.parse(found)), refused),
    featured: (limit, branch_id) =>
      featured(call(), { limit, branch_id }).then(
        (found) => JSON.stringify(found.map((item) => Product.parse(item))),
        refused,
      ),
  };
}

async function neonQuery(url: string, gatewayUrl: string, query: string): Promise<unknown[]> {
  const headers = { 'neon-connection-string': url, 'neon-array-mode': 'true' };
  const response = await fetch(gatewayUrl, { method: 'POST', headers, body: JSON.stringify({ query, params: [] }) });
  const { rows } = (await response.json()) as { rows: unknown[][] };
  return rows[0] ?? [];
}
