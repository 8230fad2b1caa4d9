import { feature, protectedRoute, SIGNED_IN } from '../../http/route.ts';
import { deleteMe } from './commands.ts';
import { exportOf } from './export.ts';
import * as schemas from './schemas.ts';

export const privacy = feature('/me', 'Privacy', [
  protectedRoute(
    SIGNED_IN,
    {
      method: 'get',
      path: '/export',
      summary: 'Everything that is stored about the caller',
      description:
        'As JSON, secrets (password, keys, tokens of the payment provider) apart. Staff also get what they asked for and reported at ' +
        'work. What is only a reference to the caller in the records of others (who picked a line, who decided a claim) is not ' +
        'repeated here.',
      returns: schemas.PersonalData,
    },
    exportOf,
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'delete',
      path: '',
      summary: 'Delete the account',
      description:
        'All access ends at once, and the email cannot register again yet. After 14 days, and not before the last order is finished, ' +
        'everything personal is erased: orders, receipts and ledgers stay without the person, and the audit log forgets the values. ' +
        'Until then an administrator can activate the account again. A wrong password counts as a failed sign-in.',
      body: schemas.DeletionBody,
      returns: schemas.Deletion,
      errors: ['WRONG_CURRENT_PASSWORD', 'LAST_ADMIN'],
      limitMode: 'sign-in',
    },
    (call, { body }) => deleteMe(call, body.password),
  ),
]);
