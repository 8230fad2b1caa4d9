import { parseArgs } from 'node:util';
import { neonFlags, neonOptions } from './gateway/flags.ts';
import { startGateway } from './gateway/server.ts';

export { neonFlags, neonOptions } from './gateway/flags.ts';
export { type Gateway, startGateway } from './gateway/server.ts';

if (import.meta.main) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '5480' }, delay: { type: 'string', default: '0' }, ...neonFlags },
  });
  const gateway = await startGateway({
    port: Number(values.port),
    delayMs: Number(values.delay),
    likeNeon: neonOptions(values),
  });
  console.log(`Neon gateway on ${gateway.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => gateway.stop().then(() => process.exit(0)));
  }
}
