// Goal: nothing of the host is reachable but by who holds the token, from our own page, on loopback.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { serveWorkbench, type ServedWorkbench } from './server.ts';

let folder: string;
let served: ServedWorkbench;
let url: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fltlab-serve-'));
  await mkdir(join(folder, 'pages', 'assets'), { recursive: true });
  await writeFile(join(folder, 'pages', 'index.html'), '<title>FltLab</title>');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  served = await serveWorkbench({ assets: join(folder, 'pages'), port: 0 });
  url = new URL(served.address);
});
afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** node:http, because fetch would mend the very things that are tried here. */
function get(
  asked: Asked,
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: asked.path ?? '/',
        method: asked.method ?? 'GET',
        headers: asked.headers ?? {},
      },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

const token = (): string => url.searchParams.get('token') ?? '';
const cookie = (): Record<string, string> => ({ cookie: `fltlab=${token()}` });

test('the printed address turns the token into a cookie and leaves the address bar clean', async () => {
  const first = await get({ path: `/?token=${token()}` });
  expect([first.status, first.headers['location']]).toEqual([303, '/']);
  expect(String(first.headers['set-cookie'])).toContain('HttpOnly; SameSite=Strict');
  const page = await get({ headers: cookie() });
  expect([page.status, page.body]).toEqual([200, '<title>FltLab</title>']);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
});

describe('refused', () => {
  test.each<[string, () => Asked, number]>([
    ['no token', () => ({}), 403],
    ['a wrong token', () => ({ path: '/?token=guess' }), 403],
    ['a wrong cookie', () => ({ headers: { cookie: 'fltlab=guess' } }), 403],
    ['a rebound name', () => ({ headers: { ...cookie(), host: 'evil.example' } }), 403],
    ['another origin', () => ({ headers: { ...cookie(), origin: 'http://evil.example' } }), 403],
    ['a write', () => ({ method: 'POST', headers: cookie() }), 405],
    ['a way out of the folder', () => ({ path: '/..%2fsecret.txt', headers: cookie() }), 404],
    ['a page that is not there', () => ({ path: '/nothing', headers: cookie() }), 404],
  ])('%s', async (_name, asked, status) => {
    const answer = await get(asked());
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('secret');
  });

  test.each<[string, () => { origin: string; cookie: string }]>([
    [
      'a socket of another site',
      () => ({ origin: 'http://evil.example', cookie: `fltlab=${token()}` }),
    ],
    ['a socket without the token', () => ({ origin: url.origin, cookie: '' })],
  ])('%s', async (_name, headers) => {
    const socket = new WebSocket(`ws://127.0.0.1:${url.port}/rpc`, { headers: headers() });
    const told = await new Promise<string>((resolve) => {
      socket.on('open', () => resolve('opened'));
      socket.on('error', (error) => resolve(error.message));
    });
    socket.terminate();
    expect(told).toContain('403');
  });
});

test('our own page may open the socket', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${url.port}/rpc`, {
    headers: { origin: url.origin, ...cookie() },
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', reject);
  });
  socket.terminate();
});
