import { TOGGLE_NOTE, ToggleBody, ToggleQuery, wantedState } from '../../http/change.ts';
import { IdParams } from '../../http/fields.ts';
import { ADMINS, feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { changeBranch, createBranch, toggleBranch } from './commands/branches.ts';
import { changeSlot, createSlot, toggleSlot } from './commands/slots.ts';
import { listBranches, listSlots } from './queries.ts';
import * as schemas from './schemas.ts';

const SLOT_RULES =
  'A slot is two hours long, lies within the service hours of the settings, and overlaps no other active slot of its branch ' +
  'and day; a refusal names which in `details.reason`: NOT_TWO_HOURS, OUTSIDE_SERVICE_HOURS, TWO_CUTOFFS or OVERLAP. `cutoff_minutes` (above 0) and `cutoff_day_before` exclude ' +
  'each other; both are in the time zone of the shop.';

export const adminBranches = feature('/admin', 'Admin: branches', [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/delivery-slots',
      scopes: ['catalog:read'],
      summary: 'List delivery slots, including inactive ones',
      description: 'Sorted by branch, day and time. `limit` is 1,000 by default and at most.',
      query: schemas.SlotFilters,
      paged: true,
      returns: schemas.AdminSlot,
    },
    (call, { query }) => listSlots(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/delivery-slots',
      scopes: ['catalog:write'],
      summary: 'Create a delivery slot',
      description: SLOT_RULES,
      body: schemas.NewSlot,
      returns: schemas.AdminSlot,
      status: 201,
      errors: ['BRANCH_NOT_FOUND', 'INVALID_SLOT'],
    },
    (call, { body }) => createSlot(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/delivery-slots/{id}',
      scopes: ['catalog:write'],
      summary: 'Change a delivery slot',
      description:
        `Any subset of the fields; a null capacity is unlimited. ${SLOT_RULES} Existing orders keep their window; a ` +
        'capacity below the number of bookings of a date only prevents further bookings.',
      params: IdParams,
      body: schemas.SlotChange,
      returns: schemas.AdminSlot,
      errors: ['SLOT_NOT_FOUND', 'BRANCH_NOT_FOUND', 'INVALID_SLOT'],
    },
    (call, { params, body }) => changeSlot(call, params.id, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/delivery-slots/{id}/toggle',
      scopes: ['catalog:write'],
      summary: 'Activate or deactivate a delivery slot',
      description: `${TOGGLE_NOTE} Activation checks the rules of a new slot.`,
      params: IdParams,
      query: ToggleQuery,
      body: ToggleBody,
      bodyOptional: true,
      returns: schemas.AdminSlot,
      errors: ['SLOT_NOT_FOUND', 'INVALID_SLOT'],
    },
    (call, input) => toggleSlot(call, input.params.id, wantedState(input)),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'get',
      path: '/branches',
      scopes: ['catalog:read'],
      summary: 'List branches, including inactive ones',
      query: schemas.BranchFilters,
      paged: true,
      returns: schemas.AdminBranch,
    },
    (call, { query }) => listBranches(call, query),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'post',
      path: '/branches',
      summary: 'Create a branch',
      description: 'Names are unique; case, white space, invisible characters and Unicode form are ignored.',
      body: schemas.NewBranch,
      changes: ['branches', 'products'],
      returns: schemas.AdminBranch,
      status: 201,
      errors: ['BRANCH_EXISTS'],
    },
    (call, { body }) => createBranch(call, body),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'patch',
      path: '/branches/{id}',
      summary: 'Change a branch',
      params: IdParams,
      body: schemas.BranchChange,
      changes: ['branches', 'products'],
      returns: schemas.AdminBranch,
      errors: ['BRANCH_NOT_FOUND', 'BRANCH_EXISTS'],
    },
    (call, { params, body }) => changeBranch(call, params.id, body),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'patch',
      path: '/branches/{id}/toggle',
      summary: 'Activate or deactivate a branch',
      description: `${TOGGLE_NOTE} The branch that ships deliveries cannot be deactivated.`,
      params: IdParams,
      query: ToggleQuery,
      body: ToggleBody,
      bodyOptional: true,
      changes: ['branches', 'products'],
      returns: schemas.AdminBranch,
      errors: ['BRANCH_NOT_FOUND', 'DELIVERY_SOURCE_BRANCH'],
    },
    (call, input) => toggleBranch(call, input.params.id, wantedState(input)),
  ),
]);
