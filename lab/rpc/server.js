// Serves the workbench to a browser: loopback only, a token in the first address, and nothing of the
// host but what the contract offers. Origin and Host are checked, because a page of another site can
// also reach loopback.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { closeService, router } from './router.ts';
const CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
    "font-src 'self' data:; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'";
const contentTypes = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.woff2': 'font/woff2',
    '.ttf': 'font/ttf',
    '.json': 'application/json; charset=utf-8',
};
const COOKIE = 'fltlab';
export async function serveWorkbench(options) {
    const token = randomBytes(32).toString('base64url');
    const http = createServer((request, response) => {
        answer(request, response, options.assets, token, port).catch((error) => {
            response.writeHead(500).end(error instanceof Error ? error.message : 'failed');
        });
    });
    const sockets = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024 * 1024 });
    const handler = new RPCHandler(router);
    await new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(options.port, '127.0.0.1', resolve);
    });
    const { port } = http.address();
    http.on('upgrade', (request, socket, head) => {
        if (request.url !== '/rpc' || !trusted(request, port) || !hasToken(request, token)) {
            socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
            return;
        }
        sockets.handleUpgrade(request, socket, head, (opened) => void handler.upgrade(opened));
    });
    return {
        address: `http://127.0.0.1:${port}/?token=${token}`,
        close: () => close(http, sockets),
    };
}
/** The Host and the Origin must be ours: neither a rebound name nor another site may ask. */
function trusted(request, port) {
    const own = [`127.0.0.1:${port}`, `localhost:${port}`];
    const { host, origin } = request.headers;
    if (host === undefined || !own.includes(host))
        return false;
    return origin === undefined || own.some((one) => origin === `http://${one}`);
}
function hasToken(request, token) {
    const cookies = (request.headers.cookie ?? '').split(';').map((one) => one.trim());
    const given = cookies.find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
    return given !== undefined && same(given, token);
}
function same(given, wanted) {
    const a = Buffer.from(given);
    const b = Buffer.from(wanted);
    return a.length === b.length && timingSafeEqual(a, b);
}
async function answer(request, response, assets, token, port) {
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    if (!trusted(request, port))
        return refuse(response, 403, 'This address is not served.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
        return refuse(response, 405, 'GET only.');
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
    const offered = url.searchParams.get('token');
    if (offered !== null && same(offered, token)) {
        response.setHeader('Set-Cookie', `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/`);
        response.writeHead(303, { Location: '/' }).end();
        return;
    }
    if (!hasToken(request, token)) {
        return refuse(response, 403, 'Open the address that `fltlab serve` printed: it carries the token.');
    }
    await sendAsset(url.pathname, response, assets);
}
function refuse(response, code, text) {
    response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}
async function sendAsset(path, response, assets) {
    const wanted = decodeURIComponent(path === '/' ? '/index.html' : path);
    const file = normalize(join(assets, wanted));
    const inside = file.startsWith(assets + sep) && !wanted.includes('\0');
    const facts = inside ? await stat(file).catch(() => undefined) : undefined;
    if (!facts?.isFile())
        return refuse(response, 404, 'There is no such page.');
    const immutable = wanted.startsWith('/assets/');
    response.writeHead(200, {
        'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
        'Content-Length': facts.size,
        'Cache-Control': immutable ? 'max-age=31536000, immutable' : 'no-store',
    });
    createReadStream(file).pipe(response);
}
async function close(http, sockets) {
    for (const one of sockets.clients)
        one.terminate();
    sockets.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(() => resolve()));
    await closeService();
}
