import type { Config } from './generated/client/index.ts';

/** Generated calls fall back to one client for all. There is none here: on a server, people would share its session. */
export const createClientConfig = <Options extends Config>(config?: Options): Options =>
  ({
    ...config,
    baseUrl: 'https://client.invalid',
    fetch: () => Promise.reject(new Error('Name the client: getCartOptions({ client: createClient({ baseUrl }) })')),
  }) as unknown as Options;
