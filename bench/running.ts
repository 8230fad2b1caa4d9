interface Part {
  stop(): Promise<void>;
}

const running: Part[] = [];

/** Registers a started part, so that it is stopped in any case. */
export const keep = (part: Part): void => void running.push(part);

let stopping: Promise<void> | undefined;
/** Stops the started parts, last first, and ends this process. */
export function finish(exitCode: number): Promise<void> {
  stopping ??= (async () => {
    for (const part of running.reverse()) await part.stop().catch(() => {});
    process.exit(exitCode);
  })();
  return stopping;
}

/** Says what went wrong, and ends like `finish`. */
export function fail(error: Error): Promise<void> {
  console.error(error.stack ?? error.message);
  return finish(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => finish(1));
