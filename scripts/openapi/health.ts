import type { JsonSchema } from './schemas.ts';

const HEADERS = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };
const state = { type: 'string', enum: ['ok', 'failed', 'unknown'] };
const checks = {
  type: 'object',
  required: ['configuration', 'database'],
  properties: { configuration: state, database: state },
};
const good = { type: 'string', const: 'ok' };

const jobs = {
  type: 'array',
  items: {
    type: 'object',
    required: ['schedule', 'succeeded_at', 'is_late'],
    properties: {
      schedule: { type: 'string' },
      succeeded_at: { type: ['string', 'null'], format: 'date-time' },
      is_late: { type: 'boolean' },
    },
  },
};
const runs = (isLate: boolean) => [
  { schedule: '*/5 * * * *', succeeded_at: '2026-03-01T09:30:04.120Z', is_late: isLate },
  { schedule: '0 * * * *', succeeded_at: '2026-03-01T09:00:02.480Z', is_late: false },
];

const answer = (data: JsonSchema, example: unknown): JsonSchema => ({
  description: 'Healthy.',
  headers: HEADERS,
  content: {
    'application/json': { schema: { type: 'object', required: ['data'], properties: { data } }, example },
  },
});

const unavailable = (description: string, message: string, details: JsonSchema, shown: unknown): JsonSchema => ({
  description,
  headers: { ...HEADERS, 'Retry-After': { $ref: '#/components/headers/Retry-After' } },
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['code', 'message', 'status_code', 'details'],
            properties: {
              code: { type: 'string', enum: ['SERVICE_UNAVAILABLE'] },
              message: { type: 'string' },
              status_code: { type: 'integer', const: 503 },
              details,
            },
          },
        },
      },
      example: {
        error: {
          code: 'SERVICE_UNAVAILABLE',
          message,
          status_code: 503,
          details: shown,
        },
      },
    },
  },
});

/** The health routes are not declared as features: no rate limit, no configuration needed. Also served below /api/v1. */
export const HEALTH_PATHS: Record<string, Record<string, JsonSchema>> = {
  '/health': {
    get: {
      tags: ['Health'],
      summary: 'Whether the Worker runs',
      description: 'Checks no dependencies. Also at `/api/v1/health`.',
      operationId: 'getHealth',
      security: [],
      responses: {
        200: answer({ type: 'object', required: ['status'], properties: { status: good } }, { data: { status: 'ok' } }),
      },
    },
  },
  '/health/ready': {
    get: {
      tags: ['Health'],
      summary: 'Whether configuration and database are ready',
      description: 'Queries the database at most once a second. Also at `/api/v1/health/ready`.',
      operationId: 'getHealthReady',
      security: [],
      responses: {
        200: answer(
          { type: 'object', required: ['status', 'checks'], properties: { status: good, checks } },
          { data: { status: 'ok', checks: { configuration: 'ok', database: 'ok' } } },
        ),
        503: unavailable(
          'Not ready; `details.checks` names the failed part.',
          'Not ready: database.',
          { type: 'object', required: ['checks'], properties: { checks } },
          { checks: { configuration: 'ok', database: 'failed' } },
        ),
      },
    },
  },
  '/health/jobs': {
    get: {
      tags: ['Health'],
      summary: 'Whether the scheduled jobs run',
      description:
        'For a monitor outside of Cloudflare: 503 when the jobs of a cron expression have not ended without a failure for 15 minutes, ' +
        'those of every hour for two hours and five minutes. Queries the database at most once a second. Also at `/api/v1/health/jobs`.',
      operationId: 'getHealthJobs',
      security: [],
      responses: {
        200: answer(
          { type: 'object', required: ['status', 'jobs'], properties: { status: good, jobs } },
          { data: { status: 'ok', jobs: runs(false) } },
        ),
        503: unavailable(
          'Jobs are late; `details.jobs` says which.',
          'No run without a failure for too long: */5 * * * *.',
          { type: 'object', required: ['jobs'], properties: { jobs } },
          { jobs: runs(true) },
        ),
      },
    },
  },
};
