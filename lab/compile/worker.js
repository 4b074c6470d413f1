// Runs LLVM's tools, one after the other, in a thread that stays warm: the package is 105 MB and
// takes seconds to load, a compile then takes a fraction of one.
import { parentPort } from 'node:worker_threads';
import { Exit, runLLVM } from '@yowasp/clang';
import { assert } from '../../contract/assert.ts';
assert(parentPort !== null, 'this file is the entry of a worker thread');
const port = parentPort;
let mounted = {};
async function run(request) {
    const said = [];
    const listen = (bytes) => {
        if (bytes !== null)
            said.push(bytes.slice());
    };
    const files = { ...mounted, ...request.files };
    const options = { stdout: listen, stderr: listen, decodeASCII: false, fetchProgress: () => { } };
    const { id } = request;
    const before = process.threadCpuUsage();
    const ended = (exitCode, file) => {
        const { user, system } = process.threadCpuUsage(before);
        return {
            id,
            kind: 'ended',
            exitCode,
            output: output(),
            file,
            cpu_ms: Math.round((user + system) / 1000),
        };
    };
    const output = () => Buffer.concat(said).toString('utf8');
    try {
        const tree = (await runLLVM([...request.arguments], files, options)) ?? {};
        return ended(0, pick(tree, request.result));
    }
    catch (error) {
        // The boundary of the thread: an exit code is the tool's answer, anything else a crash of it.
        if (error instanceof Exit)
            return ended(error.code, undefined);
        return { id, kind: 'crashed', output: output(), problem: String(error) };
    }
}
function pick(tree, name) {
    const file = tree[name];
    return file instanceof Uint8Array ? file : undefined;
}
let queue = Promise.resolve();
port.on('message', (request) => {
    if (request.kind === 'mount') {
        mounted = request.files;
        return;
    }
    queue = queue.then(async () => port.postMessage(await run(request)));
});
