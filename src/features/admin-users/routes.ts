import { TOGGLE_NOTE, ToggleBody, ToggleQuery, wantedState } from '../../http/change.ts';
import { IdParams } from '../../http/fields.ts';
import { ADMINS, feature, protectedRoute } from '../../http/route.ts';
import { changeUser, createStaff, toggleUser } from './commands.ts';
import { listUsers, oneUser } from './queries.ts';
import * as schemas from './schemas.ts';

const ACCESS_RULES =
  'Users cannot change their own role or deactivate themselves, and one active administrator must remain. ' +
  'A change of role or state immediately ends all sessions of the user. Activating somebody who has asked to be deleted calls ' +
  'the erasure off; after it, the account stays off.';

export const adminUsers = feature('/admin/users', 'Admin: users', [
  protectedRoute(
    ADMINS,
    {
      method: 'get',
      path: '',
      summary: 'List users',
      description: '`q` is matched literally in name, email and phone.',
      query: schemas.UserFilters,
      paged: true,
      returns: schemas.AdminUser,
    },
    (call, { query }) => listUsers(call, query),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'post',
      path: '',
      summary: 'Create a staff account',
      description: 'For employees, managers and administrators; customers register themselves.',
      body: schemas.NewStaff,
      returns: schemas.AdminUser,
      status: 201,
      errors: ['BRANCH_NOT_FOUND', 'USER_EXISTS'],
      auditDenied: 'user',
    },
    (call, { body }) => createStaff(call, body),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'get',
      path: '/{id}',
      summary: 'Get a user',
      params: IdParams,
      returns: schemas.AdminUser,
      errors: ['USER_NOT_FOUND'],
    },
    (call, { params }) => oneUser(call, params.id),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'patch',
      path: '/{id}',
      summary: 'Change a user',
      description: `Any subset of the fields. ${ACCESS_RULES}`,
      params: IdParams,
      body: schemas.UserChange,
      changes: ['products'],
      returns: schemas.AdminUser,
      errors: [
        'USER_NOT_FOUND',
        'BRANCH_NOT_FOUND',
        'CANNOT_MODIFY_SELF_ROLE',
        'CANNOT_DEACTIVATE_SELF',
        'USER_ERASED',
        'LAST_ADMIN',
      ],
      auditDenied: 'user',
    },
    (call, { params, body }) => changeUser(call, params.id, body),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'patch',
      path: '/{id}/toggle',
      summary: 'Activate or deactivate a user',
      description: `${TOGGLE_NOTE} ${ACCESS_RULES}`,
      params: IdParams,
      query: ToggleQuery,
      body: ToggleBody,
      bodyOptional: true,
      returns: schemas.AdminUser,
      errors: ['USER_NOT_FOUND', 'CANNOT_DEACTIVATE_SELF', 'USER_ERASED', 'LAST_ADMIN'],
    },
    (call, input) => toggleUser(call, input.params.id, wantedState(input)),
  ),
]);
