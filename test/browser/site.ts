import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

export const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

/** Pictures land here when it is set. */
const pictures = process.env.SCREENSHOTS;
const programs = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** A development run of its own, and the Chromium of the system. */
export class Site {
  readonly origin: string;
  readonly browser: Browser;
  readonly #stop: () => Promise<void>;

  private constructor(origin: string, browser: Browser, stop: () => Promise<void>) {
    this.origin = origin;
    this.browser = browser;
    this.#stop = stop;
  }

  static async open(port: number): Promise<Site> {
    const directory = await mkdtemp(join(tmpdir(), 'browser-test-'));
    const server = spawn(process.execPath, ['scripts/dev.ts', '--port', String(port), '--data', directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      server.stdout?.on('data', (text) => String(text).includes('Ctrl-C') && resolve());
      server.once('exit', () => reject(new Error('The development run has ended.')));
    });
    return new Site(`http://localhost:${port}`, await launch(), async () => {
      await ended(server);
      await rm(directory, { recursive: true, force: true });
    });
  }

  /** Files and nothing else, under the policy that the folder has in `public/_headers`. */
  static async ofFiles(directory: string, folder: string): Promise<Site> {
    const policy = await policyOf(folder);
    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const name = pathname.replace(/\/$/, '/index.html');
      const body = await readFile(join(directory, name)).catch(() => undefined);
      const type = types[extname(name)] ?? 'application/octet-stream';
      response.writeHead(body ? 200 : 404, { 'content-type': type, 'content-security-policy': policy }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address);
    return new Site(`http://localhost:${address.port}`, await launch(), async () => {
      server.closeAllConnections();
      server.close();
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#stop();
  }

  /** A new page, with what it complains of and whom else it asks. */
  async page(options: Parameters<Browser['newPage']>[0]): Promise<{ page: Page; complaints: string[] }> {
    const page = await this.browser.newPage(options);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.origin}/`) && !url.startsWith('data:')) complaints.push(`asked ${url}`);
    });
    return { page, complaints };
  }
}

async function launch(): Promise<Browser> {
  const executablePath = programs.find((path) => path !== undefined && existsSync(path));
  assert.ok(executablePath, 'Install Chromium, or name its path in CHROMIUM.');
  if (pictures) await mkdir(pictures, { recursive: true });
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  await exit;
}

async function policyOf(folder: string): Promise<string> {
  const headers = await readFile('public/_headers', 'utf8');
  const [, rules = ''] = headers.split(`\n${folder}*\n`);
  return /Content-Security-Policy: (.*)/.exec(rules)?.[1] ?? assert.fail(`${folder} has no policy.`);
}

/** Where a picture goes, if any are wanted. */
export const pictureAt = (name: string): string | undefined => (pictures ? join(pictures, name) : undefined);
