import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ties a process group to ours: a shell waits on a pipe from us, and when we are gone, even killed, the pipe closes and
 * the shell interrupts the group, then removes the directory. Returns how to let go.
 */
export function tether(group: ChildProcess, directory = ''): () => void {
  const script = `read -r _; kill -INT -"$0" 2>/dev/null
tries=100; while kill -0 -"$0" 2>/dev/null && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
[ -z "$1" ] || rm -rf "$1"`;
  const shell = spawn('sh', ['-c', script, String(group.pid), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  return () => shell.kill('SIGKILL');
}
