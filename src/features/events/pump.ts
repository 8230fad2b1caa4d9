import { type Config, shopName } from '../../config.ts';

/** The object that lets publishers take turns, and knows the rooms that have sockets. */
export const pumpOf = (env: Env, config: Config) => env.EVENT_PUMP.getByName(shopName(config));
