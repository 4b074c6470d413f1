import { didNotAnswer, toolFailed, toolMissing, unknownToHypervisor } from '../vmErrors.ts';
const QUICK_MS = 30_000;
/** Snapshots write gigabytes. */
export const SLOW_MS = 600_000;
export class Tool {
    parts;
    constructor(parts) {
        this.parts = parts;
    }
    /** What it printed. Errors: `vm.tool-*`, `vm.unknown-to-hypervisor`, `vm.did-not-answer`. */
    async run(what, args, signal, limit_ms = QUICK_MS) {
        const output = await this.ask(what, args, signal, limit_ms);
        if (output.code === 0)
            return output.stdout;
        throw this.refusal(what, output);
    }
    async powershell(what, script, signal, limit_ms = QUICK_MS) {
        const result = await this.parts.host.powershell(script, { signal, timeout_ms: limit_ms });
        const output = this.ended(what, result);
        if (output.code === 0)
            return output.stdout;
        throw this.refusal(what, output);
    }
    /** For programs whose refusals are answers. */
    async ask(what, args, signal, limit_ms = QUICK_MS) {
        const { host, program } = this.parts;
        return this.ended(what, await host.run(program, args, { signal, timeout_ms: limit_ms }));
    }
    refusal(what, { stdout, stderr }) {
        const { vm, machine, unknown } = this.parts;
        const said = `${stderr}\n${stdout}`.trim();
        return unknown.test(said) ? unknownToHypervisor(vm, machine, said) : toolFailed(vm, what, said);
    }
    ended(what, result) {
        const { vm, program, install } = this.parts;
        if (result.kind === 'not-found')
            throw toolMissing(program, install);
        if (result.kind === 'timed-out')
            throw didNotAnswer(vm, what, result.timeout_ms);
        if (result.kind === 'killed')
            throw toolFailed(vm, what, `${program} was ended: ${result.by}`);
        return result;
    }
}
