import * as z from 'zod';
import { PAYMENT_PROVIDERS } from './payments/names.ts';
import { RATE_LIMIT_KINDS, type RateLimitKind } from './rate-limits/kinds.ts';
import { parsePolicy } from './rate-limits/policy.ts';

const EXAMPLE_TOTP_KEY = 'development-key-of-authenticator-secrets';
const EXAMPLE_SECRETS = [
  'change-me-to-a-random-string-of-32-or-more',
  'development-secret-of-more-than-32-characters',
  EXAMPLE_TOTP_KEY,
];

const whole = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const optional = z
  .string()
  .trim()
  .transform((value) => value || undefined)
  .optional();
const flag = z.union([z.literal('').transform(() => false), z.stringbool()]).default(false);
/** On by this one word: what must not be switched on by chance. */
const explicit = z
  .enum(['true', 'false', ''], 'must be true or false')
  .default('false')
  .transform((word) => word === 'true');
/** By its name: PostgreSQL takes the sign of an offset such as `+02:00` the other way round. */
const timeZone = z.string().refine((zone) => {
  try {
    return /^[a-z]/i.test(zone) && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}, 'is not the name of a time zone');

function isOrigin(text: string): boolean {
  return text === '*' || (/^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text);
}

/** Of few characters, one pattern again and again, or the alphabet or the digits in a row. */
function isTrivialKey(key: string): boolean {
  const steps = Array.from(key.slice(1), (_, i) => key.charCodeAt(i + 1) - key.charCodeAt(i));
  const inARow = steps.filter((step) => Math.abs(step) <= 1).length;
  const isRepeating = (length: number) => key.slice(length) === key.slice(0, -length);
  const halfLengths = Array.from({ length: Math.floor(key.length / 2) }, (_, i) => i + 1);
  return new Set(key).size < 8 || inARow > steps.length / 2 || halfLengths.some(isRepeating);
}

const signingKey = z
  .string()
  .min(32, 'needs 32 characters or more')
  .refine((key) => !isTrivialKey(key), 'can be guessed: use 32 random characters or more');
const optionalKey = z.union([z.literal('').transform(() => undefined), signingKey]).optional();
const webAddress = z.url({ protocol: /^https?$/, error: 'must be a web address' });
/** Exactly as browsers send them. `null` stands for any sandboxed page or file there is. */
const origins = z
  .string()
  .transform((list) => list.split(',').flatMap((origin) => origin.trim() || []))
  .pipe(z.array(z.string().refine(isOrigin, 'must be origins such as https://www.example.com')).min(1, 'is missing'));
const rateLimit = (kind: RateLimitKind) =>
  z
    .string()
    .default(RATE_LIMIT_KINDS[kind].limit)
    .transform((text, ctx) => {
      try {
        return parsePolicy(text);
      } catch (error) {
        ctx.addIssue({ code: 'custom', message: String(error) });
        return z.NEVER;
      }
    });

/** Names separated by commas; undefined when there is none. */
const providers = z
  .string()
  .transform((list) => list.split(',').flatMap((name) => name.trim() || []))
  .pipe(z.array(z.enum(PAYMENT_PROVIDERS, `must name payment providers: ${PAYMENT_PROVIDERS.join(', ')}`)))
  .transform((names) => (names.length > 0 ? names : undefined))
  .optional();

const bindings = z.object({
  APP_ENV: z.enum(['production', 'staging', 'development']).default('production'),
  DATABASE_URL: z.string().min(1),
  DATABASE_GATEWAY_URL: optional,
  DATABASE_TIMEOUT_MS: whole(10_000, 100, 60_000),
  JWT_SECRET_KEY: signingKey,
  JWT_SECRET_KEY_PREVIOUS: optionalKey,
  TOTP_ENCRYPTION_KEY: optionalKey,
  TOTP_ENCRYPTION_KEY_PREVIOUS: optionalKey,
  JWT_ACCESS_TOKEN_EXPIRES_MINUTES: whole(240, 1, 1440),
  CORS_ALLOWED_ORIGINS: origins,
  FRONTEND_BASE_URL: webAddress,
  DELIVERY_SOURCE_BRANCH_ID: z.coerce.number().int().positive(),
  BREVO_API_KEY: optional,
  BREVO_SENDER_EMAIL: optional,
  BREVO_RESET_TOKEN_OTP_ID: z.coerce.number().int().positive().optional().catch(undefined),
  BREVO_REGISTER_OTP_ID: z.coerce.number().int().positive().optional().catch(undefined),
  BREVO_API_URL: optional,
  PAYMENT_PROVIDERS: providers,
  ALLOW_MOCKPAY: explicit,
  MOCKPAY_URL: optional,
  STRIPE_SECRET_KEY: optional,
  STRIPE_WEBHOOK_SECRET: optional,
  STRIPE_PUBLISHABLE_KEY: optional,
  STRIPE_API_URL: optional,
  PAYMENT_TIMEOUT_MS: whole(15_000, 100, 60_000),
  EVENT_COLLECT_MS: whole(50, 0, 1_000),
  WEBHOOK_ALLOW_PRIVATE: explicit,
  WEBHOOK_DNS_URL: webAddress.default('https://cloudflare-dns.com/dns-query'),
  ENABLE_REGISTRATION_OTP: flag,
  PUBLIC_CACHE: z.stringbool().default(true),
  RATE_LIMIT_BROWSE: rateLimit('browse'),
  RATE_LIMIT_SHOP: rateLimit('shop'),
  RATE_LIMIT_STAFF: rateLimit('staff'),
  RATE_LIMIT_API_KEYS: rateLimit('apiKey'),
  RATE_LIMIT_DEFAULTS: rateLimit('default'),
  RESERVATION_MINUTES: whole(10, 1, 120),
  SHOP_TIME_ZONE: timeZone.default('Asia/Jerusalem'),
  BCRYPT_COST: whole(10, 4, 14),
});

const SECRET_KEYS = [
  'JWT_SECRET_KEY',
  'JWT_SECRET_KEY_PREVIOUS',
  'TOTP_ENCRYPTION_KEY',
  'TOTP_ENCRYPTION_KEY_PREVIOUS',
] as const;

/** The secrets of each provider that `PAYMENT_PROVIDERS` may name. */
const SECRETS_OF = {
  mockpay: [],
  stripe: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'STRIPE_PUBLISHABLE_KEY'],
} as const;

const complete = bindings.superRefine((value, ctx) => {
  for (const provider of value.PAYMENT_PROVIDERS ?? []) {
    for (const name of SECRETS_OF[provider]) {
      if (!value[name])
        ctx.addIssue({ code: 'custom', path: [name], message: `is missing: PAYMENT_PROVIDERS names ${provider}` });
    }
  }
});

/** What only a deployment open to the world must have, and what only a developer's may. */
const production = complete.superRefine((value, ctx) => {
  if (value.APP_ENV === 'development') return;
  const refuse = (name: string, message: string) => ctx.addIssue({ code: 'custom', path: [name], message });
  for (const name of SECRET_KEYS) {
    if (EXAMPLE_SECRETS.includes(value[name] ?? '')) refuse(name, 'is an example value');
  }
  if (value.CORS_ALLOWED_ORIGINS.includes('*')) refuse('CORS_ALLOWED_ORIGINS', 'must name its origins');
  for (const name of ['CORS_ALLOWED_ORIGINS', 'FRONTEND_BASE_URL', 'WEBHOOK_DNS_URL'] as const) {
    if ([value[name]].flat().some((url) => url.startsWith('http:'))) refuse(name, 'must be https');
  }
  for (const name of ['BREVO_API_KEY', 'BREVO_SENDER_EMAIL'] as const) {
    if (!value[name]) refuse(name, 'is missing');
  }
  for (const name of ['DATABASE_GATEWAY_URL', 'BREVO_API_URL', 'MOCKPAY_URL', 'STRIPE_API_URL'] as const) {
    if (value[name]) refuse(name, 'is for development only');
  }
  if (value.WEBHOOK_ALLOW_PRIVATE) refuse('WEBHOOK_ALLOW_PRIVATE', 'is for development only');
  if (!value.PAYMENT_PROVIDERS) refuse('PAYMENT_PROVIDERS', 'is missing');
  if (value.PAYMENT_PROVIDERS?.includes('mockpay') && !value.ALLOW_MOCKPAY) {
    refuse('PAYMENT_PROVIDERS', 'names mockpay, which moves no money: set ALLOW_MOCKPAY="true" if that is meant');
  }
  if (!value.PUBLIC_CACHE) refuse('PUBLIC_CACHE', 'can be off in development only');
  if (value.BCRYPT_COST < 10) refuse('BCRYPT_COST', 'must be 10 or more');
});

/** Development has a key of its own, so that two-step sign-in works without configuration. */
function totpKeysOf(value: z.output<typeof bindings>): string[] {
  const newest = value.TOTP_ENCRYPTION_KEY ?? (value.APP_ENV === 'development' ? EXAMPLE_TOTP_KEY : undefined);
  return [newest, value.TOTP_ENCRYPTION_KEY_PREVIOUS].flatMap((key) => key ?? []);
}

const config = production.transform((value) => ({
  isDevelopment: value.APP_ENV === 'development',
  databaseUrl: value.DATABASE_URL,
  databaseGatewayUrl: value.DATABASE_GATEWAY_URL,
  databaseTimeoutMs: value.DATABASE_TIMEOUT_MS,
  jwtSecrets: [value.JWT_SECRET_KEY, ...(value.JWT_SECRET_KEY_PREVIOUS ? [value.JWT_SECRET_KEY_PREVIOUS] : [])],
  /** Newest first; none: two-step sign-in cannot be set up. */
  totpKeys: totpKeysOf(value),
  accessTokenMinutes: value.JWT_ACCESS_TOKEN_EXPIRES_MINUTES,
  corsOrigins: value.CORS_ALLOWED_ORIGINS,
  frontendBaseUrl: value.FRONTEND_BASE_URL.replace(/\/$/, ''),
  deliverySourceBranchId: value.DELIVERY_SOURCE_BRANCH_ID,
  email: {
    apiKey: value.BREVO_API_KEY ?? '',
    senderEmail: value.BREVO_SENDER_EMAIL ?? '',
    resetTemplateId: value.BREVO_RESET_TOKEN_OTP_ID,
    registerTemplateId: value.BREVO_REGISTER_OTP_ID,
    frontendBaseUrl: value.FRONTEND_BASE_URL,
    apiUrl: value.BREVO_API_URL,
    appEnv: value.APP_ENV,
  },
  paymentProviders: value.PAYMENT_PROVIDERS ?? (['mockpay'] as const),
  mockpayUrl: value.MOCKPAY_URL,
  stripe:
    value.STRIPE_SECRET_KEY && value.STRIPE_WEBHOOK_SECRET && value.STRIPE_PUBLISHABLE_KEY
      ? {
          secretKey: value.STRIPE_SECRET_KEY,
          webhookSecret: value.STRIPE_WEBHOOK_SECRET,
          publishableKey: value.STRIPE_PUBLISHABLE_KEY,
          apiUrl: value.STRIPE_API_URL,
        }
      : undefined,
  paymentTimeoutMs: value.PAYMENT_TIMEOUT_MS,
  eventCollectMs: value.EVENT_COLLECT_MS,
  webhooks: { allowPrivate: value.WEBHOOK_ALLOW_PRIVATE, dnsUrl: value.WEBHOOK_DNS_URL },
  registrationOtp: value.ENABLE_REGISTRATION_OTP,
  publicCache: value.PUBLIC_CACHE,
  rateLimits: {
    browse: value.RATE_LIMIT_BROWSE,
    shop: value.RATE_LIMIT_SHOP,
    staff: value.RATE_LIMIT_STAFF,
    apiKey: value.RATE_LIMIT_API_KEYS,
    default: value.RATE_LIMIT_DEFAULTS,
  },
  reservationMinutes: value.RESERVATION_MINUTES,
  timeZone: value.SHOP_TIME_ZONE,
  bcryptCost: value.BCRYPT_COST,
}));

export type Config = z.output<typeof config>;

/** Databases share the Durable Objects of one deployment in tests alone; everywhere else this is a constant. */
export function shopName({ databaseUrl }: Pick<Config, 'databaseUrl'>): string {
  const { host, pathname } = new URL(databaseUrl);
  return host + pathname;
}

/** The deployment's variables are not fit to serve with; the message names each, for the log only. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const parsed = new WeakMap<object, Config | ConfigError>();

/** As `configOf`; undefined when the deployment is not fit to serve. */
export function fitConfigOf(env: object): Config | undefined {
  try {
    return configOf(env);
  } catch {
    return undefined;
  }
}

/** The bindings, parsed once for each isolate. @throws ConfigError naming every unfit variable */
export function configOf(env: object): Config {
  let result = parsed.get(env);
  if (!result) {
    const outcome = config.safeParse(env);
    result = outcome.success
      ? outcome.data
      : new ConfigError(outcome.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    parsed.set(env, result);
  }
  if (result instanceof ConfigError) throw result;
  return result;
}
