import { TOGGLE_NOTE, ToggleBody, ToggleQuery, wantedState } from '../../http/change.ts';
import { IdParams } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { changePromotion, createPromotion, togglePromotion } from './commands.ts';
import { listPromotions } from './queries.ts';
import { NewPromotion, Promotion, PromotionChange, PromotionFilters } from './schemas.ts';

const REFUSALS = [
  'BRANCH_NOT_FOUND',
  'PRODUCT_NOT_FOUND',
  'CATEGORY_NOT_FOUND',
  'PROMOTION_EXISTS',
  'COUPON_EXISTS',
  'INVALID_PROMOTION',
  'PROMOTION_MULTI_BUY',
  'PROMOTION_CODE',
  'PROMOTION_PERIOD',
] as const;

export const promotions = feature('/admin/promotions', 'Admin: promotions', [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '',
      summary: 'Promotions, newest first',
      query: PromotionFilters,
      paged: true,
      returns: Promotion,
    },
    (call, { query }) => listPromotions(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '',
      summary: 'Create a promotion',
      description:
        'Promotions apply one after the other, high `priority` first, each to what the earlier ones left of a line; of a `group`, ' +
        'only the one that takes off most. PERCENT, FIXED and MEMBER_PRICE price each unit of the covered products. MULTI_BUY ' +
        'sorts all units of the covered products by price and takes groups of `take`, dearest first: of each whole group, the ' +
        'cheapest `take - pay` units are free, or it costs `bundle_price`; the rest pays in full. COUPON_PERCENT and COUPON_FIXED ' +
        'take something off all covered goods, spread over the lines. FREE_DELIVERY waives the delivery fee. Deposits are never ' +
        'discounted. The delivery fee and the minimum order go by what the goods cost after discounts.\n\nAmounts are rounded ' +
        'half up, once a line. The limits count orders; a declined or canceled one is given back.',
      body: NewPromotion,
      changes: ['catalog'],
      returns: Promotion,
      status: 201,
      errors: REFUSALS,
    },
    (call, { body }) => createPromotion(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/{id}',
      summary: 'Change a promotion',
      description:
        'Any subset of the fields; null clears an optional one. The kind stays. Orders keep their discounts. A limit below the ' +
        'orders that use it already is refused (409 `LIMIT_BELOW_USES` with `details.used`).',
      params: IdParams,
      body: PromotionChange,
      changes: ['catalog'],
      returns: Promotion,
      errors: ['PROMOTION_NOT_FOUND', ...REFUSALS, 'LIMIT_BELOW_USES'],
    },
    (call, { params, body }) => changePromotion(call, params.id, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/{id}/toggle',
      summary: 'Switch a promotion on or off',
      description: TOGGLE_NOTE,
      params: IdParams,
      query: ToggleQuery,
      body: ToggleBody,
      bodyOptional: true,
      changes: ['catalog'],
      returns: Promotion,
      errors: ['PROMOTION_NOT_FOUND'],
    },
    (call, input) => togglePromotion(call, input.params.id, wantedState(input)),
  ),
]);
