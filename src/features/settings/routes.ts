import { ADMINS, feature, protectedRoute } from '../../http/route.ts';
import { changeSettings } from './commands.ts';
import { currentSettings } from './queries.ts';
import * as schemas from './schemas.ts';

export const settings = feature('/admin/settings', 'Admin: settings', [
  protectedRoute(
    ADMINS,
    { method: 'get', path: '', summary: 'The amounts, hours and currency of the shop', returns: schemas.Settings },
    currentSettings,
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'put',
      path: '',
      summary: 'Change the settings',
      description:
        'Any subset of the fields. `slots` are the service hours, at least two hours; delivery slots outside of them cannot be booked. ' +
        'Existing orders keep their amounts, their window and their `payment_mode`. `authorization_margin_percent` is reserved ' +
        'with AUTHORIZE in addition to the price of weighed goods. ' +
        '`require_staff_totp` can be turned on only by an administrator who ' +
        'uses two-step sign-in; from then on every staff route answers `TOTP_SETUP_REQUIRED` to those who do not.',
      body: schemas.SettingsChange,
      errors: ['TOTP_NOT_SET_UP', 'UNPROCESSABLE'],
      changes: ['settings'],
      returns: schemas.Settings,
    },
    (call, { body }) => changeSettings(call, body),
  ),
]);
