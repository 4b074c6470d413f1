// Listens on the loopback interface, keeps count of who is connected, and ends the agent when nobody
// has been there for a while and nothing runs.
import { createServer, type Server } from 'node:net';
import { assert } from '../../contract/assert.ts';
import { Connection, type ConnectionServices } from './connection.ts';

export interface AgentServerOptions extends ConnectionServices {
  readonly idle_ms: number;
  readonly onIdle: () => void;
}

/** The lab needs one; a second lab, or a resumed one, a few more. */
const CONNECTIONS_MAX = 16;

export class AgentServer {
  private readonly options: AgentServerOptions;
  private readonly server: Server;
  private readonly connections = new Set<Connection>();
  private idleTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: AgentServerOptions) {
    this.options = options;
    this.server = createServer((socket) => {
      const connection = new Connection(socket, options);
      this.connections.add(connection);
      socket.once('close', () => {
        this.connections.delete(connection);
        this.considerIdleness();
      });
      this.considerIdleness();
    });
    this.server.maxConnections = CONNECTIONS_MAX;
  }

  /** Listens on a free port of 127.0.0.1 and returns it. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => {
        const address = this.server.address();
        assert(typeof address === 'object' && address !== null, 'a TCP server has a port');
        this.considerIdleness();
        resolve(address.port);
      });
    });
  }

  /** To be called whenever a run begins or ends. */
  considerIdleness(): void {
    clearTimeout(this.idleTimer);
    if (this.closed || this.connections.size > 0 || this.options.runs.busy) return;
    this.idleTimer = setTimeout(() => this.options.onIdle(), this.options.idle_ms);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idleTimer);
    this.server.close();
    await Promise.all([...this.connections].map((connection) => connection.end()));
  }
}
