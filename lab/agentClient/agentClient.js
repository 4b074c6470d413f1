import { setTimeout as delay } from 'node:timers/promises';
import { assert } from '../../contract/assert.ts';
import { isLabError } from '../../contract/errors/labError.ts';
import { cancelledError, throwIfCancelled } from '../data/cancellation.ts';
import { AgentLostError, connectionLost, protocolBroken, requestDeclined } from './agentErrors.ts';
import { Session } from './session.ts';
const ATTEMPTS = 5;
const PAUSE_MS_FIRST = 100;
const growingPause = async (attempt, signal) => delay(PAUSE_MS_FIRST * 2 ** (attempt - 1), undefined, signal === undefined ? {} : { signal });
/** Connects and says hello. */
export async function connectAgent(options) {
    const client = new Client(options);
    await client.connect();
    return client;
}
class Client {
    options;
    control;
    /** Requests on the one connection go one after the other. */
    last = Promise.resolve();
    sessions = new Set();
    constructor(options) {
        this.options = options;
    }
    get agent() {
        assert(this.control !== undefined, 'a client has connected once');
        return this.control.agent;
    }
    async connect() {
        await this.persistently(() => this.controlSession());
    }
    async facts() {
        const reply = await this.ask({ kind: 'facts' }, 'facts');
        return reply.facts;
    }
    async prepare(run, workload) {
        await this.ask({ kind: 'prepare', run, workload }, 'prepared');
    }
    async start(run) {
        await this.ask({ kind: 'start', run }, 'started');
    }
    async *follow(run, from = 0) {
        let next = from;
        let failures = 0;
        for (;;) {
            let session;
            try {
                session = await this.openSession();
                session.send({ kind: 'follow', run, from: next });
                for (;;) {
                    const reply = await session.next();
                    if (reply.kind === 'error')
                        throw requestDeclined(reply.code, reply.problem);
                    if (reply.kind === 'ended') {
                        yield reply;
                        return;
                    }
                    if (reply.kind !== 'line' || reply.index !== next)
                        throw outOfTurn(reply, next);
                    failures = 0;
                    next += 1;
                    yield { kind: 'line', index: reply.index, text: reply.text };
                }
            }
            catch (error) {
                failures += 1;
                await this.beforeRetry(error, failures);
            }
            finally {
                this.drop(session);
            }
        }
    }
    async abort(run) {
        // Not behind whatever the agent is busy with on the other connection.
        return this.persistently(async () => {
            const session = await this.openSession();
            try {
                return expect(await session.call({ kind: 'abort', run }), 'ended');
            }
            finally {
                this.drop(session);
            }
        });
    }
    async quit() {
        await this.inTurn(() => this.tellToQuit()).catch((error) => {
            throw error instanceof AgentLostError ? connectionLost(1, error.cause) : error;
        });
        this.close();
    }
    /**
     * A connection that is lost while the agent is told may have been lost before, unnoticed: the agent is
     * then told over a new one. Where nobody is there any more, it has heard.
     */
    async tellToQuit() {
        for (let told = 0; told < 2; told += 1) {
            const session = await this.controlSession().catch((error) => {
                if (told > 0 && error instanceof AgentLostError)
                    return undefined;
                throw error;
            });
            if (session === undefined)
                return;
            try {
                expect(await session.call({ kind: 'quit' }), 'goodbye');
                return;
            }
            catch (error) {
                if (!(error instanceof AgentLostError))
                    throw error;
            }
        }
    }
    close() {
        for (const session of this.sessions)
            session.close();
        this.sessions.clear();
    }
    ask(request, kind) {
        return this.inTurn(() => this.persistently(async () => {
            const session = await this.controlSession();
            return expect(await session.call(request), kind);
        }));
    }
    inTurn(work) {
        const mine = this.last.then(work, work);
        this.last = mine.catch(() => undefined);
        return mine;
    }
    async controlSession() {
        if (this.control?.usable !== true) {
            this.drop(this.control);
            this.control = await this.openSession();
        }
        return this.control;
    }
    async openSession() {
        const { open, token, signal } = this.options;
        throwIfCancelled(signal, 'connecting to the agent');
        const connect = () => open().catch((cause) => {
            if (signal?.aborted)
                throw cancelledError(signal, 'connecting to the agent');
            throw new AgentLostError('no connection to the agent', { cause });
        });
        const session = await Session.open(connect, token, signal);
        this.sessions.add(session);
        return session;
    }
    drop(session) {
        if (session === undefined)
            return;
        session.close();
        this.sessions.delete(session);
    }
    /** Tries again while only the connection is to blame. */
    async persistently(work) {
        for (let failures = 1;; failures += 1) {
            try {
                return await work();
            }
            catch (error) {
                await this.beforeRetry(error, failures);
            }
        }
    }
    /** Waits before the next attempt, or throws what the caller is to see. */
    async beforeRetry(error, failures) {
        if (!(error instanceof AgentLostError))
            throw error;
        const { attempts = ATTEMPTS, pause = growingPause, signal } = this.options;
        if (failures > attempts)
            throw connectionLost(attempts, error.cause);
        // A tunnel that is refused for good (a changed host key) is not knocked at again and again.
        if (isLabError(error.cause) && !mayPass.has(error.cause.code))
            throw error.cause;
        await pause(failures, signal).catch((cause) => {
            throw signal?.aborted ? cancelledError(signal, 'connecting to the agent again') : cause;
        });
    }
}
/** Failures of the tunnel that another attempt may overcome. */
const mayPass = new Set(['ssh.refused', 'ssh.connection-lost']);
function expect(reply, kind) {
    if (reply.kind === 'error')
        throw requestDeclined(reply.code, reply.problem);
    if (reply.kind !== kind) {
        throw protocolBroken(`"${kind}" was expected and "${reply.kind}" came`, JSON.stringify(reply));
    }
    return reply;
}
const outOfTurn = (reply, expected) => reply.kind === 'line'
    ? protocolBroken(`line ${expected} was expected and line ${reply.index} came`)
    : protocolBroken(`a line was expected and "${reply.kind}" came`);
