/** The sockets of `bench:live`, in a process of their own: opens them, picks the lines of an order and notes when each has heard. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf } from './cpu.ts';
import { Listener } from './socket.ts';

export interface LiveJob {
  api: string;
  /** Process id of workerd. */
  worker: number | undefined;
  branchId: number;
  /** One access token for each socket. */
  tokens: string[];
  /** Who picks. */
  picker: string;
  orderId: number;
  itemIds: number[];
  /** Lines a second in the second half. */
  perSecond: number;
}

/** A line: milliseconds from before the request until its answer, and until the first and the last socket has heard of it. */
export interface Heard {
  answer: number;
  first: number;
  last: number;
}

export interface LiveResult {
  openSeconds: number;
  singly: Heard[];
  rush: Heard[];
  /** Milliseconds from before a sign-out until the socket of that session has ended. */
  signOut: number;
  /** Bytes of workerd's memory: before the first socket, with all of them, at most. */
  memory: { before: number; open: number; most: number };
  /** Processor time of workerd in milliseconds: to open all, and for all lines. */
  cpu: { open: number; lines: number };
  /** Bytes that the sockets have received: to begin with, and for all lines. */
  bytes: { snapshots: number; lines: number };
  /** Milliseconds until a newcomer has a snapshot, while all others hang up. */
  afterAll: number;
  /** Sockets that have ended without being asked to. */
  lost: number;
}

interface Follower {
  socket: Listener;
  token: string;
  heard: Map<number, number>;
}

/** Clients that come at the same time. */
const ARRIVING = 64;
/** A socket that has heard nothing by then has lost the message. */
const PATIENCE_MS = 30_000;

async function ask(
  job: LiveJob,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<{ ticket?: string }> {
  const answer = await fetch(`${job.api}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 200)}`);
  return JSON.parse(text).data ?? {};
}

/** Resolves once the socket has its snapshot. */
async function follow(job: LiveJob, token: string): Promise<Follower> {
  const { ticket } = await ask(job, token, 'POST', '/live/tickets', { branch_id: job.branchId });
  const url = new URL(`${job.api}/api/v1/ops/live?branch_id=${job.branchId}&ticket=${ticket}`);
  const follower: Follower = { socket: new Listener(url), token, heard: new Map() };
  let isReady = false;
  follower.socket.onText = (text) => {
    const message: { type: string; data: { item_id: number } } = JSON.parse(text);
    if (message.type === 'snapshot') isReady = true;
    else if (message.type === 'order.item_changed') follower.heard.set(message.data.item_id, performance.now());
  };
  await until(() => isReady || follower.socket.ended !== undefined, 'A socket got no snapshot.');
  if (!isReady) throw new Error(`A socket was closed with ${follower.socket.ended}.`);
  return follower;
}

async function openAll(job: LiveJob): Promise<Follower[]> {
  const followers: Follower[] = [];
  const waiting = job.tokens.values();
  const arrive = async () => {
    for (const token of waiting) followers.push(await follow(job, token));
  };
  await Promise.all(Array.from({ length: ARRIVING }, arrive));
  return followers;
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !isSo(); await sleep(2)) {
    if (performance.now() > end) throw new Error(what);
  }
}

async function pick(job: LiveJob, itemId: number): Promise<void> {
  const path = `/ops/orders/${job.orderId}/items/${itemId}/picked-status`;
  await ask(job, job.picker, 'PATCH', path, { picked_status: 'PICKED' });
}

/** Picks a line and waits until all have heard of it. */
async function pickHeard(job: LiveJob, followers: Follower[], itemId: number): Promise<Heard> {
  const started = performance.now();
  const answer = pick(job, itemId).then(() => performance.now() - started);
  let left = followers;
  const isHeard = () => {
    left = left.filter(({ heard }) => !heard.has(itemId));
    return left.length === 0;
  };
  await Promise.all([answer, until(isHeard, `Sockets have not heard of line ${itemId}.`)]);
  const times = followers.map(({ heard }) => (heard.get(itemId) ?? 0) - started);
  const first = times.reduce((one, other) => Math.min(one, other));
  const last = times.reduce((one, other) => Math.max(one, other));
  return { answer: await answer, first, last };
}

/** One line after the other, each when all have heard of the one before. */
async function pickSingly(job: LiveJob, followers: Follower[], itemIds: number[]): Promise<Heard[]> {
  const all: Heard[] = [];
  for (const itemId of itemIds) all.push(await pickHeard(job, followers, itemId));
  return all;
}

/** So many lines a second, as many pickers do. */
async function pickInRush(job: LiveJob, followers: Follower[], itemIds: number[]): Promise<Heard[]> {
  const started: Promise<Heard>[] = [];
  for (const itemId of itemIds) {
    started.push(pickHeard(job, followers, itemId));
    await sleep(1000 / job.perSecond);
  }
  return Promise.all(started);
}

async function signOutOne(job: LiveJob, [follower]: Follower[]): Promise<number> {
  if (!follower) return 0;
  const started = performance.now();
  await ask(job, follower.token, 'POST', '/auth/logout');
  await until(() => follower.socket.ended !== undefined, 'The socket of a session that has ended is still open.');
  return performance.now() - started;
}

/** All hang up at once, as after an outage; how long somebody who comes then has to wait. */
async function closeAll(job: LiveJob, followers: Follower[]): Promise<number> {
  for (const { socket } of followers) socket.close();
  const started = performance.now();
  const { socket } = await follow(job, job.picker);
  const waited = performance.now() - started;
  socket.close();
  return waited;
}

const bytesOf = (followers: Follower[]): number => followers.reduce((sum, { socket }) => sum + socket.received, 0);

/** Resident memory of a process, now and at most; 0 on systems other than Linux. */
async function memoryOf(pid: number | undefined): Promise<{ now: number; most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { now: kib('VmRSS') * 1024, most: kib('VmHWM') * 1024 };
}

async function run(job: LiveJob): Promise<LiveResult> {
  // One follower warms everything up.
  (await follow(job, job.picker)).socket.close();
  const [memoryBefore, cpuBefore] = [await memoryOf(job.worker), await cpuOf(job.worker)];
  const started = performance.now();
  const followers = await openAll(job);
  const openSeconds = (performance.now() - started) / 1000;
  const [memoryOpen, cpuOpen, snapshots] = [await memoryOf(job.worker), await cpuOf(job.worker), bytesOf(followers)];
  const half = Math.ceil(job.itemIds.length / 2);
  const singly = await pickSingly(job, followers, job.itemIds.slice(0, half));
  const rush = await pickInRush(job, followers, job.itemIds.slice(half));
  const [cpuPicked, lines] = [await cpuOf(job.worker), bytesOf(followers) - snapshots];
  const signOut = await signOutOne(job, followers);
  const { most } = await memoryOf(job.worker);
  const lost = followers.filter(({ socket }) => socket.ended !== undefined).length - 1;
  const afterAll = await closeAll(job, followers);
  return {
    singly,
    rush,
    afterAll,
    openSeconds,
    signOut,
    memory: { before: memoryBefore.now, open: memoryOpen.now, most },
    cpu: { open: cpuOpen - cpuBefore, lines: cpuPicked - cpuOpen },
    bytes: { snapshots, lines },
    lost,
  };
}

process.on('message', (job: LiveJob) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.stack }),
  );
});
// The requesting process has ended.
process.on('disconnect', () => process.exit(0));
