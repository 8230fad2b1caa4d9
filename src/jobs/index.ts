/** Runs the jobs of one cron expression of wrangler.toml. @throws Error for an expression that is not one of them */
export async function runScheduled(cron: string, _env: Env): Promise<void> {
  throw new Error(`No jobs for the cron expression "${cron}"`);
}
