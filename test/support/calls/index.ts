import { features } from '../../../src/app.ts';
import type { Route } from '../../../src/http/route.ts';
import { adminCalls } from './admin.ts';
import type { Calls } from './call.ts';
import { customerCalls } from './customer.ts';
import { publicCalls } from './public.ts';
import { staffCalls } from './staff.ts';

/** A call that succeeds, for every route there is. */
export const goodCalls: Calls = { ...publicCalls, ...customerCalls, ...staffCalls, ...adminCalls };

export interface DeclaredRoute {
  /** As in `goodCalls`. */
  name: string;
  method: string;
  path: string;
  route: Route;
}

export const routes: DeclaredRoute[] = features.flatMap(({ basePath, routes: declared }) =>
  declared.map((route) => {
    const method = route.spec.method.toUpperCase();
    const path = basePath + route.spec.path;
    return { name: `${method} ${path}`, method, path, route };
  }),
);
