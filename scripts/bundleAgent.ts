// Bundles the agent into one file, out/agent/agent.cjs, that Windows' own node.exe runs. koffi's
// JavaScript goes into it; its native half does not: koffi.node is laid beside the bundle on the target.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

export const agentBundle = join(projectRoot, 'out', 'agent', 'agent.cjs');

/**
 * koffi looks for its binary in a package of its own for each platform. Of these the agent has one,
 * as a file beside the bundle; the others are left out.
 */
const koffiBeside: Plugin = {
  name: 'koffi-beside-the-bundle',
  setup: ({ onResolve, onLoad }) => {
    // The CommonJS form: the other one asks import.meta where it lies.
    onResolve({ filter: /^koffi$/ }, () => ({
      path: join(projectRoot, 'node_modules', 'koffi', 'index.cjs'),
    }));
    onResolve({ filter: /^@koromix\/koffi-win32-x64$/ }, () => ({
      path: './koffi.node',
      external: true,
    }));
    onResolve({ filter: /^@koromix\/koffi-/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of the agent`)});`,
    }));
  },
};

export async function bundleAgent(outfile: string = agentBundle): Promise<string> {
  await build({
    absWorkingDir: projectRoot,
    entryPoints: ['agent/main.ts'],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    // Windows 10 and later run any of these; Wine 8 runs no newer one than 22.
    target: 'node20',
    charset: 'utf8',
    legalComments: 'inline',
    plugins: [koffiBeside],
    logLevel: 'warning',
  });
  return outfile;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await bundleAgent();
}
