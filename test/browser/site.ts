import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

export const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

/** Pictures land here when it is set. */
const pictures = process.env.SCREENSHOTS;
const programs = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A development run of its own, and the Chromium of the system. */
export class Site {
  readonly origin: string;
  readonly browser: Browser;
  readonly #server: ChildProcess;
  readonly #directory: string;

  private constructor(origin: string, browser: Browser, server: ChildProcess, directory: string) {
    this.origin = origin;
    this.browser = browser;
    this.#server = server;
    this.#directory = directory;
  }

  static async open(port: number): Promise<Site> {
    const executablePath = programs.find((path) => path !== undefined && existsSync(path));
    assert.ok(executablePath, 'Install Chromium, or name its path in CHROMIUM.');
    const directory = await mkdtemp(join(tmpdir(), 'browser-test-'));
    if (pictures) await mkdir(pictures, { recursive: true });
    const server = spawn(process.execPath, ['scripts/dev.ts', '--port', String(port), '--data', directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      server.stdout?.on('data', (text) => String(text).includes('Ctrl-C') && resolve());
      server.once('exit', () => reject(new Error('The development run has ended.')));
    });
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    return new Site(`http://localhost:${port}`, browser, server, directory);
  }

  async close(): Promise<void> {
    await this.browser.close();
    if (this.#server.exitCode === null) {
      const ended = new Promise((resolve) => this.#server.once('exit', resolve));
      this.#server.kill('SIGINT');
      await ended;
    }
    await rm(this.#directory, { recursive: true, force: true });
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

/** Where a picture goes, if any are wanted. */
export const pictureAt = (name: string): string | undefined => (pictures ? join(pictures, name) : undefined);
