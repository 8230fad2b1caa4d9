import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends a process group when this process ends, even when killed: a shell waits on a pipe from this process; when the pipe
 * closes, it interrupts the group and then removes the directory. Returns a function that removes this tie.
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
