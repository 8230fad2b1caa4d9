import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root, so root starts it as the `postgres` account, which is created when missing. */
export async function postgresAccount(): Promise<Account> {
  for (let triesLeft = 20; ; triesLeft -= 1) {
    const account = findAccount();
    if (account) return account;
    try {
      run('groupadd', '-f', 'postgres');
      run('useradd', '-g', 'postgres', 'postgres');
    } catch (error) {
      // A concurrent run may be creating the account; wait for it.
      if (triesLeft === 0) throw error;
      await sleep(100);
    }
  }
}

function findAccount(): Account | undefined {
  try {
    return { uid: Number(run('id', '-u', 'postgres')), gid: Number(run('id', '-g', 'postgres')) };
  } catch {
    return undefined;
  }
}

function run(program: string, ...options: string[]): string {
  return execFileSync(program, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
