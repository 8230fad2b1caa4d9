import type { Role } from '../factories.ts';
import { signInAs, type TestUser } from '../factories.ts';
import type { RequestOptions, Shop } from '../shop.ts';
import type { StandardShop } from '../standard-shop.ts';

/** Where the calls are made: a stocked shop, and one person of each role who may be reused. */
export interface World {
  shop: Shop;
  goods: StandardShop;
  staff: Record<Exclude<Role, 'CUSTOMER'>, TestUser & { token: string }>;
}

/** One call that succeeds, on data made for it alone. */
export interface GoodCall extends RequestOptions {
  params?: Record<string, number | string>;
  /** One where nothing else is said. */
  trips?: number;
  /** Whoever makes the call owns what its path names: to anybody else it is not there. */
  owned?: boolean;
  /** Fields of the body that name what the caller owns. */
  ownedFields?: string[];
  /** What an id of nothing is answered with; 404 where nothing else is said. */
  absent?: number;
}

/** By method and path, as the document writes them. */
export type Calls = Record<string, (world: World) => GoodCall | Promise<GoodCall>>;

export async function openWorld(shop: Shop, goods: StandardShop): Promise<World> {
  const [EMPLOYEE, MANAGER, ADMIN] = await Promise.all([
    signInAs(shop, 'EMPLOYEE'),
    signInAs(shop, 'MANAGER'),
    signInAs(shop, 'ADMIN'),
  ]);
  return { shop, goods, staff: { EMPLOYEE, MANAGER, ADMIN } };
}

/** `/orders/{id}` with its parameters filled in. */
export const fill = (path: string, params: Record<string, number | string> = {}): string =>
  path.replaceAll(/\{(.+?)\}/g, (_, name: string) => String(params[name] ?? name));
