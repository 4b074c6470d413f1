/** 2026-01-01 00:00:00 UTC in 100 ns since 1601: every simulation begins there. */
export const EPOCH_100NS = 134116992000000000n;
/** One system service, in 100 ns. */
const SERVICE_100NS = 100;
export class SimulatedClock {
    /** Since the simulation began: exact, since 2^53 units are 28 years. */
    elapsed_100ns = 0;
    now() {
        return EPOCH_100NS + BigInt(this.elapsed_100ns);
    }
    /** A system service begins. */
    tick() {
        this.elapsed_100ns += SERVICE_100NS;
    }
    /** Nothing can run before `elapsed_100ns`. Time never moves back. */
    jumpTo(elapsed_100ns) {
        if (elapsed_100ns > this.elapsed_100ns)
            this.elapsed_100ns = elapsed_100ns;
    }
}
