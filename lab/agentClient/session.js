import { StringDecoder } from 'node:string_decoder';
import { AGENT_LINE_LIMIT, AGENT_PROTOCOL, AgentReply, } from '../../contract/agentProtocol.ts';
import { assert } from '../../contract/assert.ts';
import { LineSplitter } from '../../contract/lineSplitter.ts';
import { cancelledError } from '../data/cancellation.ts';
import { AgentLostError, agentRefused, protocolBroken } from './agentErrors.ts';
export class Session {
    stream;
    signal;
    replies;
    broken = false;
    /** What the agent said of itself. */
    greeting;
    constructor(stream, signal) {
        this.stream = stream;
        this.signal = signal;
        // An error also ends the iteration below, which reports it; unheard it would end the lab.
        stream.on('error', () => undefined);
        stream.once('close', () => (this.broken = true));
        this.replies = this.read();
    }
    /** Throws AgentLostError, or LabError `agent.refused`, `agent.protocol`, `run.cancelled`. */
    static async open(connect, token, signal) {
        const session = new Session(await connect(), signal);
        try {
            const reply = await session.call({ kind: 'hello', protocol: AGENT_PROTOCOL, token });
            if (reply.kind === 'error')
                throw agentRefused(reply.problem);
            if (reply.kind !== 'welcome')
                throw protocolBroken(`hello was answered by "${reply.kind}"`);
            session.greeting = { build: reply.build, roots: reply.roots };
            return session;
        }
        catch (error) {
            session.close();
            throw error;
        }
    }
    get agent() {
        assert(this.greeting !== undefined, 'an open session has been greeted');
        return this.greeting;
    }
    /** False once the other end has gone. */
    get usable() {
        return !this.broken;
    }
    /** Sends a request and takes the next reply. One call at a time. */
    async call(request) {
        this.send(request);
        return this.next();
    }
    send(request) {
        if (this.stream.writable)
            this.stream.write(`${JSON.stringify(request)}\n`);
    }
    async next() {
        const closeNow = () => this.close();
        this.signal?.addEventListener('abort', closeNow);
        try {
            if (this.signal?.aborted)
                this.close();
            const { done, value } = await this.replies.next();
            if (!done)
                return value;
            throw this.ended(undefined);
        }
        catch (error) {
            this.close();
            throw error;
        }
        finally {
            this.signal?.removeEventListener('abort', closeNow);
        }
    }
    close() {
        this.broken = true;
        this.stream.destroy();
    }
    ended(cause) {
        if (this.signal?.aborted)
            return cancelledError(this.signal, 'talking to the agent');
        return new AgentLostError('the connection to the agent ended', { cause });
    }
    async *read() {
        const decoder = new StringDecoder('utf8');
        const splitter = new LineSplitter(() => AGENT_LINE_LIMIT.reply);
        const chunks = this.stream.iterator({ destroyOnReturn: false });
        for (;;) {
            const chunk = await chunks.next().catch((cause) => {
                throw this.ended(cause);
            });
            if (chunk.done)
                return;
            const lines = splitter.push(decoder.write(chunk.value));
            if (lines === undefined)
                throw protocolBroken('a line is longer than any reply may be');
            for (const line of lines)
                yield parseReply(line);
        }
    }
}
function parseReply(line) {
    let document;
    try {
        document = JSON.parse(line);
    }
    catch (error) {
        if (error instanceof SyntaxError)
            throw protocolBroken('a line is not JSON', line);
        throw error;
    }
    const parsed = AgentReply.safeParse(document);
    if (parsed.success)
        return parsed.data;
    throw protocolBroken(`a line is not a reply (${parsed.error.issues[0]?.message ?? ''})`, line);
}
