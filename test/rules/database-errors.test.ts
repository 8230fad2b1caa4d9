import { NeonDbError } from '@neondatabase/serverless';
import { expect, test } from 'vitest';
import { isUnreached, translate } from '../../src/db/errors.ts';
import type { AppError } from '../../src/errors.ts';

const answered = (status: number, body: object) =>
  new NeonDbError(`Server error (HTTP status ${status}): ${JSON.stringify(body)}`);
const detailsOf = (error: unknown) => (translate(error) as AppError).details;

test.each([
  [500, { message: "Couldn't connect to compute node", code: '' }],
  [500, { message: 'Control plane request failed', code: '' }],
  [
    500,
    {
      message: 'Failed to acquire permit to connect to the database. Too many database connection attempts are…',
      code: '',
    },
  ],
  [500, { message: 'remaining connection slots are reserved for roles with the SUPERUSER attribute', code: '53300' }],
  [500, { message: 'the database system is starting up', code: '57P03' }],
])('%i %o reached no PostgreSQL: it is sent again, and at last answered as what has not happened', (status, body) => {
  expect(isUnreached(answered(status, body))).toBe(true);
  expect(detailsOf(answered(status, body))).toEqual({});
});

test.each([
  // The statement has run; its rows could not be read.
  [500, { message: 'could not parse postgres response', code: '' }],
  [507, { message: 'response is too large (max is 67108864 bytes)', code: '' }],
  [500, { message: 'error communicating with the server', code: '' }],
  [502, { message: "Couldn't connect to compute node", code: '' }],
])('%i %o may have happened: it is sent once', (status, body) => {
  expect(isUnreached(answered(status, body))).toBe(false);
  expect(detailsOf(answered(status, body))).toEqual({ may_have_happened: true });
});

test('what will not get better by itself is not sent again', () => {
  const disabled = { message: 'Control plane request failed: endpoint is disabled', code: '' };
  expect(isUnreached(answered(500, disabled))).toBe(false);
});
