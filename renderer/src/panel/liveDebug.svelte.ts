// The debuggers of real machines, as this window follows them. The sessions themselves are the lab's: a
// reloaded page finds them again, with what they said last.
import type {
  KdPiece,
  KdSessionSummary,
  KdWay,
  MachineSummary,
  ReportedError,
} from '../../../contract/rpc.ts';
import { ask, type Answer, type Lab } from '../lab.ts';

export class LiveDebug {
  sessions = $state.raw<readonly KdSessionSummary[]>([]);
  machines = $state.raw<readonly MachineSummary[]>([]);
  chosen = $state('');
  state = $state<KdPiece['state']>('running');
  losses = $state.raw<KdPiece['losses']>({});
  ended = $state<string | null>(null);
  opening = $state(false);
  error = $state.raw<ReportedError | null>(null);
  private readonly lab: Lab;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  get current(): KdSessionSummary | undefined {
    return this.sessions.find((one) => one.session === this.chosen) ?? this.sessions.at(-1);
  }

  async refresh(): Promise<void> {
    const [sessions, machines] = await Promise.all([
      ask(this.lab.kdSessions.list()),
      ask(this.lab.machines.list()),
    ]);
    if (sessions.ok) this.sessions = sessions.value;
    else this.error = sessions.error;
    if (machines.ok) this.machines = machines.value;
  }

  async open(way: KdWay): Promise<void> {
    this.opening = true;
    const opened = await ask(this.lab.kdSessions.open(way));
    this.opening = false;
    this.error = opened.ok ? null : opened.error;
    if (!opened.ok) return;
    this.chosen = opened.value.session;
    await this.refresh();
  }

  /** Reads on from the first word that is kept, until the session or the reader ends. */
  async follow(
    session: string,
    write: (text: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    let from = 0;
    let known: KdPiece['state'] | null = null;
    this.ended = null;
    while (!signal.aborted && known !== 'ended') {
      const piece: Answer<KdPiece> = await ask(
        this.lab.kdSessions.read({ session, from, state: known }, { signal }),
      );
      if (signal.aborted) return;
      if (!piece.ok) return void (this.error = piece.error);
      const { text, next, skipped }: KdPiece = piece.value;
      known = piece.value.state;
      this.state = known;
      this.losses = piece.value.losses;
      this.ended = piece.value.ended;
      if (skipped > 0) await write(`⋯ ${skipped} characters before this stand in the log only.\n`);
      // Not waited for: the terminal draws of a flood what it keeps.
      void write(text);
      from = next;
    }
  }

  async type(line: string): Promise<void> {
    await this.told((session) => this.lab.kdSessions.type({ session, line }));
  }

  async break(): Promise<void> {
    await this.told((session) => this.lab.kdSessions.break({ session }));
  }

  async close(): Promise<void> {
    await this.told((session) => this.lab.kdSessions.close({ session }));
    this.chosen = '';
    await this.refresh();
  }

  private async told(call: (session: string) => Promise<unknown>): Promise<void> {
    const { current } = this;
    if (current === undefined) return;
    const done = await ask(call(current.session));
    this.error = done.ok ? null : done.error;
  }
}
