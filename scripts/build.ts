// Builds the command line (out/cli/main.mjs) and the agent (out/agent/agent.cjs).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot, run } from './programs.ts';

await build({
  absWorkingDir: projectRoot,
  entryPoints: {
    'cli/main': 'cli/main.ts',
    'lab/compileWorker': 'lab/compile/worker.ts',
    'lab/wineSftp': 'lab/targets/wine/sftp/main.ts',
  },
  outdir: 'out',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  packages: 'external',
  sourcemap: 'linked',
  logLevel: 'warning',
});

const agent = join(projectRoot, 'scripts', 'bundleAgent.ts');
if (existsSync(agent)) {
  const { code } = await run(process.execPath, [agent]);
  if (code !== 0) process.exitCode = code;
}
