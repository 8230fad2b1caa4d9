import { IdParams } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute, publicRoute } from '../../http/route.ts';
import { deleteZone, saveZone } from './commands.ts';
import { deliveryCheck, listZones } from './queries.ts';
import * as schemas from './schemas.ts';

const PATTERNS =
  'A pattern is a postal code (`61000`), the beginning of codes of any length (`6*`), or a range (`61000-61999`), which means ' +
  'codes of that length alone. Zones that one branch delivers to share no code: ZONES_OVERLAP names the other zone and one of the ' +
  'codes. Zones of different branches may; the slot that is booked decides which branch delivers.';

export const deliveryAreas = feature('/store', 'Store', [
  publicRoute(
    {
      method: 'get',
      path: '/delivery-check',
      summary: 'Whether and from where we deliver to a postal code',
      description:
        'Of several zones, the one made first. A code outside all zones is delivered by the delivery source at the fee of the settings, ' +
        'or, where the setting `require_zone` is on, not at all: everything is null then.',
      query: schemas.CheckQuery,
      returns: schemas.DeliveryCheck,
    },
    (call, { query }) => deliveryCheck(call, query.postal_code),
  ),
]);

export const deliveryZones = feature('/admin/delivery-zones', 'Admin: delivery', [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '',
      summary: 'List delivery zones, by name',
      query: schemas.ZoneFilters,
      paged: true,
      returns: schemas.Zone,
    },
    (call, { query }) => listZones(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '',
      summary: 'Create a delivery zone',
      description: PATTERNS,
      body: schemas.NewZone,
      returns: schemas.Zone,
      status: 201,
      errors: ['BRANCH_NOT_FOUND', 'ZONES_OVERLAP'],
    },
    (call, { body }) => saveZone(call, null, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/{id}',
      summary: 'Change a delivery zone',
      description: `Any subset of the fields. ${PATTERNS}`,
      params: IdParams,
      body: schemas.ZoneChange,
      returns: schemas.Zone,
      errors: ['ZONE_NOT_FOUND', 'BRANCH_NOT_FOUND', 'ZONES_OVERLAP'],
    },
    (call, { params, body }) => saveZone(call, params.id, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'delete',
      path: '/{id}',
      summary: 'Delete a delivery zone',
      description: 'Orders keep their branch and fee.',
      params: IdParams,
      returns: schemas.ZoneDeleted,
      errors: ['ZONE_NOT_FOUND'],
    },
    (call, { params }) => deleteZone(call, params.id),
  ),
]);
