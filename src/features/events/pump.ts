import type { Config } from '../../config.ts';

/** Databases share the Durable Objects of one deployment in tests alone; everywhere else this is a constant. */
export function shopName({ databaseUrl }: Config): string {
  const { host, pathname } = new URL(databaseUrl);
  return host + pathname;
}

/** The object that lets publishers take turns. */
export const pumpOf = (env: Env, config: Config) => env.EVENT_PUMP.getByName(shopName(config));
