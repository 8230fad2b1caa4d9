import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// Vite would resolve the package as for a browser; the native addon is what is wanted.
const { hash, verify }: typeof import('@node-rs/bcrypt') = createRequire(import.meta.url)('@node-rs/bcrypt');

/** An independent bcrypt, which cannot be loaded inside the Workers runtime. */
export async function startPasswordJudge(): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { password, digest, cost } = JSON.parse(body);
    const answer =
      digest === undefined ? { digest: await hash(password, cost) } : { verified: await verify(password, digest) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}
