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
        'Any subset. `slots` are the service hours, two hours or longer; delivery slots outside of them have nothing left ' +
        'until the hours widen again. Orders keep the amounts and the window they were made with.',
      body: schemas.SettingsChange,
      changes: ['settings'],
      returns: schemas.Settings,
    },
    (call, { body }) => changeSettings(call, body),
  ),
]);
