import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { freePort } from './free-port.ts';
import { makeDirectory } from './postgres.ts';

/** Follows the README like a newcomer: starts the development run, runs the first purchase, stops it again. */
async function rehearse(): Promise<void> {
  const port = await freePort();
  const data = await makeDirectory('mami-readme-');
  const dev = spawn(process.execPath, ['scripts/dev.ts', '--port', String(port), '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => dev.once('exit', resolve));
  try {
    await Promise.race([
      said(dev.stdout, 'Ctrl-C stops everything'),
      ended.then((code) => Promise.reject(new Error(`npm run dev ended with ${code}`))),
    ]);
    const printed = await bash((await purchase()).replaceAll('8787', String(port)));
    console.log(printed);
    const answers = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).data);
    const order = answers.at(-2);
    if (answers.at(-1)?.status !== 'CANCELED' || order?.items?.[0]?.quantity !== 2) {
      throw new Error('The first purchase of the README does not end as it says.');
    }
  } finally {
    dev.kill('SIGINT');
    await ended;
    await rm(data, { recursive: true, force: true });
  }
  if (dev.exitCode !== 0) throw new Error(`Ctrl-C ended npm run dev with ${dev.exitCode}`);
  console.log('The README works when pasted.');
}

/** The README's shell block that starts with the API's address. */
async function purchase(): Promise<string> {
  const block = /```sh\n(API=[\s\S]+?)```/.exec(await readFile('README.md', 'utf8'))?.[1];
  if (!block) throw new Error('The README has no first purchase.');
  return block;
}

function bash(script: string): Promise<string> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  shell.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  return new Promise((resolve, reject) => {
    shell.once('close', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`The README's commands ended with ${code}`)),
    );
  });
}

function said(stream: NodeJS.ReadableStream, words: string): Promise<void> {
  let heard = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk) => {
      heard += chunk;
      if (heard.includes(words)) resolve();
    });
  });
}

await rehearse();
