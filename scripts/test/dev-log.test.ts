import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DevLog } from '../dev-log.ts';

const ready = () => {
  const log = new DevLog();
  log.lines('[wrangler:info] Ready on http://127.0.0.1:8787');
  return log;
};
const told = (log: DevLog, facts: object) =>
  log.lines(JSON.stringify(facts)).map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
const job = { level: 'info', job: 'settle_refunds', ms: 6, request_id: 'job-1' };

it('a request is one readable line', () => {
  const request = { level: 'info', method: 'GET', route: '/api/v1/cart', status: 200, ms: 12, db_trips: 1, db_ms: 9 };
  assert.deepEqual(told(ready(), { ...request, request_id: 'r', client: '127.0.0.1', user_id: 7 }), [
    'GET /api/v1/cart 200  12 ms, database 1 × in 9 ms, user 7',
  ]);
  assert.deepEqual(ready().lines('[wrangler:info] GET /api/v1/cart 200 OK (14ms)'), []);
});

it('a job says something only when it did something', () => {
  assert.deepEqual(told(ready(), { ...job, succeeded: 0, failed: 0 }), []);
  assert.deepEqual(told(ready(), job), []);
  assert.deepEqual(told(ready(), { ...job, succeeded: 2, failed: 0 }), ['job settle_refunds: succeeded 2  6 ms']);
});

it('a failure names itself, its cause and its request, with the stack', () => {
  const error = { name: 'TypeError', message: 'no such thing', stack: 'TypeError: no such thing\n    at src/app.ts:1' };
  const [line, ...stack] = ready().lines(
    `\u001b[31m✘ [ERROR] \u001b[1m${JSON.stringify({ level: 'error', route: '/x', request_id: 'r1', error, cause: { name: 'NeonDbError', code: '42P01' } })}\u001b[0m`,
  );
  assert.match(line ?? '', /ERROR {2}\/x: TypeError no such thing: NeonDbError 42P01 {2}\(request r1\)$/);
  assert.deepEqual(stack, ['    at src/app.ts:1']);
});

it('an alert is told once, until it changes', () => {
  const log = ready();
  const alert = { level: 'alert', job: 'watch', request_id: 'r', payments_stuck: 1, mails_failed: 0 };
  assert.deepEqual(told(log, alert), ['ALERT  payments_stuck 1']);
  assert.deepEqual(told(log, alert), []);
  assert.deepEqual(told(log, { ...alert, payments_stuck: 2 }), ['ALERT  payments_stuck 2']);
});

it('what wrangler says while it starts is kept for a start that fails', () => {
  const log = new DevLog();
  assert.deepEqual(log.lines('env.RATE_LIMITER (RateLimiter)  Durable Object  local'), []);
  assert.deepEqual(log.lines('✘ [ERROR] Build failed'), []);
  assert.deepEqual(log.beforeReady.at(-1), '✘ [ERROR] Build failed');
});

it('other lines pass, empty ones do not', () => {
  assert.deepEqual(ready().lines('⎔ Reloading local server...'), ['⎔ Reloading local server...']);
  assert.deepEqual(ready().lines(''), []);
});
