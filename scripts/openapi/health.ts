import type { JsonSchema } from './schemas.ts';

const HEADERS = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };
const state = { type: 'string', enum: ['ok', 'failed', 'unknown'] };
const checks = {
  type: 'object',
  required: ['configuration', 'database'],
  properties: { configuration: state, database: state },
};
const good = { type: 'string', const: 'ok' };

const answer = (data: JsonSchema, example: unknown): JsonSchema => ({
  description: 'Healthy.',
  headers: HEADERS,
  content: {
    'application/json': { schema: { type: 'object', required: ['data'], properties: { data } }, example },
  },
});

const notReady: JsonSchema = {
  description: 'Not ready; `details.checks` names the failed part.',
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
              details: { type: 'object', required: ['checks'], properties: { checks } },
            },
          },
        },
      },
      example: {
        error: {
          code: 'SERVICE_UNAVAILABLE',
          message: 'Not ready: database.',
          status_code: 503,
          details: { checks: { configuration: 'ok', database: 'failed' } },
        },
      },
    },
  },
};

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
        503: notReady,
      },
    },
  },
};
