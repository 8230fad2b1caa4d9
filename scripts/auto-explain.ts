import type pg from 'pg';

/** One statement as `auto_explain` told it. */
export interface Told {
  milliseconds: number;
  text: string;
  plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number; 'Shared Dirtied Blocks': number };
}

/** From here on every statement of this connection is told, nested ones and triggers included, in the array it answers. */
export async function explained(client: pg.Client): Promise<Told[]> {
  const told: Told[] = [];
  client.on('notice', ({ message = '' }) => {
    const [, milliseconds, json] = /^duration: ([\d.]+) ms\s+plan:\s*(\{[\s\S]*\})$/.exec(message) ?? [];
    if (!json) return;
    const { 'Query Text': text, Plan: plan } = JSON.parse(json);
    told.push({ milliseconds: Number(milliseconds), text, plan });
  });
  await client.query(`
    load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
    set auto_explain.log_buffers = on; set auto_explain.log_timing = off; set auto_explain.log_format = json;
    set auto_explain.log_nested_statements = on; set client_min_messages = log`);
  return told;
}
