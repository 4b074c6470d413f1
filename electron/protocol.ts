// app://workbench: the files of the built workbench, and nothing beside them.
import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { net } from 'electron';

export const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://workbench`;
const assets = join(import.meta.dirname, '..', 'renderer');

export function serveAsset(request: Request): Promise<Response> | Response {
  const { host, pathname } = new URL(request.url);
  const file = normalize(
    join(assets, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)),
  );
  if (host !== 'workbench' || !file.startsWith(assets + sep)) {
    return new Response('There is no such page.', { status: 404 });
  }
  return net.fetch(pathToFileURL(file).href);
}
