import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
  // The steps of a purchase can be made to die here, and only here.
  define: { CRASH_TESTS: 'true' },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    // Files share an isolate, as requests of many customers do; each has a database of its own. Half the time.
    isolate: false,
    maxWorkers: 2,
    // Stripe's package is two hundred files, whose source maps lead nowhere: one file loads faster and warns of nothing.
    deps: { optimizer: { ssr: { enabled: true, include: ['stripe'] } } },
    silent: 'passed-only',
    // Ten times what the longest race needs alone.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
