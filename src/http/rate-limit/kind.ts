import type { RateLimitKind } from '../../rate-limits/kinds.ts';
import type { Route } from '../route.ts';

/** The one place that decides the kind of a route, from its declaration. A limit of the route's own comes before it. */
export function rateLimitKindOf({ spec, roles }: Pick<Route, 'spec' | 'roles'>): RateLimitKind {
  if (spec.limitKind) return spec.limitKind;
  // A route where something can be guessed, such as the password in change-password, keeps the tight default.
  if (spec.limitMode === 'sign-in') return 'default';
  if (roles === null) return spec.method === 'get' ? 'browse' : 'default';
  return roles.includes('CUSTOMER') ? 'shop' : 'staff';
}
