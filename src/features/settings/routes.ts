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
        'Any subset. `slots` are the service hours, two hours or longer; hours that would leave active delivery slots ' +
        'outside are refused, with their ids in `details.slot_ids`. Orders keep the amounts they were made with.',
      body: schemas.SettingsChange,
      changes: ['settings'],
      returns: schemas.Settings,
      errors: ['INVALID_SLOT'],
    },
    (call, { body }) => changeSettings(call, body),
  ),
]);
