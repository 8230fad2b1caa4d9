import { vi } from 'vitest';

/** Everything written to the console from here on. `vi.restoreAllMocks()` ends it. */
export function captureLog() {
  const written: string[] = [];
  for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => {
      written.push(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
    });
  }
  return {
    text: () => written.join('\n'),
    /** The lines of one request. */
    about: (requestId: string): any[] =>
      written.map((line) => JSON.parse(line)).filter((line) => line.request_id === requestId),
    /** The lines of one job. */
    of: (job: string): any[] => written.map((line) => JSON.parse(line)).filter((line) => line.job === job),
  };
}
