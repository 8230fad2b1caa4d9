/** What a route is counted as when it has no limit of its own: each kind has its variable in the configuration. */
export const RATE_LIMIT_KINDS = {
  browse: { variable: 'RATE_LIMIT_BROWSE', limit: '600 per minute' },
  shop: { variable: 'RATE_LIMIT_SHOP', limit: '240 per minute' },
  staff: { variable: 'RATE_LIMIT_STAFF', limit: '1200 per minute' },
  /** All routes together, of one key. */
  apiKey: { variable: 'RATE_LIMIT_API_KEYS', limit: '600 per minute' },
  default: { variable: 'RATE_LIMIT_DEFAULTS', limit: '200 per day, 50 per hour' },
} as const;

export type RateLimitKind = keyof typeof RATE_LIMIT_KINDS;
