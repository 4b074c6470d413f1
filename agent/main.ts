// One file, three roles: the agent that the lab talks to, the processes that play those of a workload,
// and their threads. Each role loads only what it needs.
import { parentPort, workerData } from 'node:worker_threads';

const bundle = process.argv[1] ?? '';
const [first] = process.argv.slice(2);

async function main(): Promise<void> {
  const role = (workerData as { role?: string } | null)?.role;
  if (role === 'actor' && parentPort !== null) {
    const { koffiApi } = await import('./native/koffiApi.ts');
    const { serveActorThread } = await import('./thread/actorThread.ts');
    serveActorThread(parentPort, koffiApi());
  } else if (first === 'worker') {
    const { serveWorker } = await import('./process/workerMain.ts');
    serveWorker(bundle);
  } else {
    const { parseAgentOptions } = await import('./options.ts');
    const parsed = parseAgentOptions(process.argv.slice(2));
    if ('problem' in parsed) {
      process.stderr.write(`agent: ${parsed.problem}\n`);
      process.exitCode = 64;
      return;
    }
    const { runAgent } = await import('./server/agentMain.ts');
    await runAgent(parsed.options, bundle);
  }
}

void main();
