import { requestRefused } from './sshErrors.ts';
/** What is kept of each stream; the lab's own commands print a few kilobytes. */
const KEPT_CHARACTERS = 4 * 1024 * 1024;
export async function startCommand(shell, command, options) {
    const channel = await openChannel(shell, command, options.signal);
    // Listened to from the start: a short command has ended before the caller asks.
    let code;
    const listeners = new Set();
    channel.once('exit', (exit) => {
        code = exit;
        for (const tell of listeners)
            tell();
    });
    channel.once('close', () => {
        code ??= null;
        for (const tell of listeners)
            tell();
    });
    return {
        stdin: channel.stdin,
        stdout: channel,
        stderr: channel.stderr,
        ended: () => shell.link.call({
            what: 'waiting for a command',
            signal: options.signal,
            fails: (error) => requestRefused(shell.at, 'run a command', error),
        }, (done) => {
            if (code !== undefined)
                done(null, code);
            else
                listeners.add(() => done(null, code ?? null));
        }),
        close: () => hangUp(channel),
    };
}
export async function runCommand(shell, command, options) {
    const channel = await openChannel(shell, command, options.signal);
    const stdout = gather(channel, (text) => options.onOutput?.(text, 'stdout'));
    const stderr = gather(channel.stderr, (text) => options.onOutput?.(text, 'stderr'));
    let code = null;
    channel.once('exit', (exit) => (code = exit));
    const ended = shell.link.call({
        what: 'running a command on the target',
        signal: options.signal,
        fails: (error) => requestRefused(shell.at, 'run a command', error),
    }, (done) => {
        channel.once('error', done);
        channel.once('close', () => done(null));
    });
    channel.end(options.input);
    try {
        await ended;
    }
    finally {
        hangUp(channel);
    }
    return {
        code,
        stdout: stdout.text(),
        stderr: stderr.text(),
        truncated: stdout.truncated() || stderr.truncated(),
    };
}
function openChannel({ at, client, link }, command, signal) {
    return link.call({
        what: 'starting a command on the target',
        signal,
        counts: 'commands',
        discard: hangUp,
        fails: (error) => requestRefused(at, 'run a command', error),
    }, (done) => client.exec(command, done));
}
/** Ends a channel whatever state it is in; unread data would keep it, and the server, waiting. */
function hangUp(channel) {
    // A write may still be under way when the command goes away: that failure is nobody's news.
    channel.on('error', () => undefined);
    channel.resume();
    channel.stderr.resume();
    channel.close();
}
function gather(stream, told) {
    const decoder = new TextDecoder();
    const kept = [];
    let length = 0;
    stream.on('data', (chunk) => {
        const text = decoder.decode(chunk, { stream: true });
        told(text);
        length += text.length;
        if (length <= KEPT_CHARACTERS)
            kept.push(text);
    });
    return {
        text: () => kept.join(''),
        truncated: () => length > KEPT_CHARACTERS,
    };
}
