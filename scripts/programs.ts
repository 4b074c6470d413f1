// Runs the project's own tools for the scripts: output goes straight to the terminal.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

export interface ToolOptions {
  readonly env?: Record<string, string>;
  /** Keep the output instead of showing it. */
  readonly quiet?: boolean;
}

export interface ToolResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a JavaScript tool of node_modules under this Node. */
export function runTool(
  script: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  return run(process.execPath, [join(projectRoot, 'node_modules', script), ...args], options);
}

export function run(
  program: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: projectRoot,
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...options.env },
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
