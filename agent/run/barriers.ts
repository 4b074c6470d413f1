// Where actors that run freely meet.

interface Meeting {
  arrived: number;
  readonly met: Promise<void>;
  readonly open: () => void;
}

export class Barriers {
  private readonly meetings = new Map<string, Meeting>();

  /** Resolves when as many as `expected` have arrived at the barrier. */
  arrive(barrier: string, expected: number): Promise<void> {
    const meeting = this.meetings.get(barrier) ?? newMeeting();
    this.meetings.set(barrier, meeting);
    meeting.arrived += 1;
    if (meeting.arrived === expected) meeting.open();
    return meeting.met;
  }
}

function newMeeting(): Meeting {
  let open = (): void => undefined;
  const met = new Promise<void>((resolve) => (open = resolve));
  return { arrived: 0, met, open };
}
