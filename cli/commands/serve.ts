// fltlab serve: the workbench in a browser, on this machine only.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { LabError } from '../../contract/errors/labError.ts';
import { assetPath } from '../../lab/assets.ts';
import { serveWorkbench } from '../../lab/rpc/server.ts';
import { action, badArgument, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';

interface ServeOptions {
  readonly port: string;
  readonly open?: boolean;
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the workbench to a browser on this machine')
    .option('--port <number>', 'port of 127.0.0.1; 0 takes a free one', '0')
    .option('--open', "open it in the system's browser")
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  fltlab serve --open')
    .action(action(serve));
}

async function serve({ terminal, signal }: Context, options: ServeOptions): Promise<ExitCode> {
  const port = Number(options.port);
  if (!/^[0-9]+$/.test(options.port) || port > 65_535) {
    throw badArgument(
      `--port takes 0 to 65535, not "${options.port}".`,
      'Leave it out for a free one.',
    );
  }
  const assets = assetPath('out/renderer');
  if (!existsSync(join(assets, 'index.html'))) {
    throw new LabError('file.unreadable', {
      problem: 'The workbench has not been built.',
      remedy: 'Run `npm start` once in the folder of FltLab: it builds and opens it.',
    });
  }
  const served = await serveWorkbench({ assets, port });
  terminal.object({ address: served.address });
  terminal.line(`The workbench is at ${served.address}`);
  terminal.line('Ctrl+C ends it.');
  if (options.open === true) openBrowser(served.address);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  await served.close();
  return ExitCode.agrees;
}

/** Asks the desktop to open the address; without a desktop the printed address has to do. */
function openBrowser(address: string): void {
  const [program, args]: [string, string[]] =
    process.platform === 'win32'
      ? ['rundll32', ['url.dll,FileProtocolHandler', address]]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', [address]];
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => console.error('No browser could be opened; open the address yourself.'));
  child.unref();
}
