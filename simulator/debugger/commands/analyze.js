import { hex8 } from '../failure.ts';
import { stackLines } from './stack.ts';
const STARS = '*'.repeat(79);
const framed = (text) => `*${text.padStart(39 + Math.ceil(text.length / 2)).padEnd(77)}*`;
const banner = (title) => [
    STARS,
    framed(''),
    framed(title),
    framed(''),
    STARS,
    '',
];
export const analyze = (looking) => {
    const { end } = looking.standing.still;
    if (end?.bugcheck !== undefined)
        return bugcheckLines(looking, end.bugcheck);
    if (end?.outcome === 'hang')
        return hangLines(looking, end.waitGraph ?? []);
    return [...banner('Analysis'), ...outcomeLines(looking), ...findingLines(looking)];
};
function bugcheckLines(looking, { code, name, parameters }) {
    const values = [0, 1, 2, 3].map((index) => hex8(Number(parameters[index] ?? 0)));
    return [
        ...banner('Bugcheck Analysis'),
        `${name} (${code.toString(16)})`,
        'Arguments:',
        ...values.map((value, index) => `Arg${index + 1}: ${value}`),
        '',
        'Debugging Details:',
        '------------------',
        '',
        `BUGCHECK_STR:  0x${code.toString(16).toUpperCase()}`,
        '',
        `PROCESS_NAME:  ${looking.standing.thread.process.name}`,
        '',
        `CURRENT_IRQL:  ${looking.standing.thread.irql}`,
        '',
        'STACK_TEXT:  ',
        ...stackText(looking),
        '',
        ...findingLines(looking),
    ];
}
function hangLines(looking, waitGraph) {
    return [
        ...banner('Hang Analysis'),
        'No thread can run any more.',
        '',
        ...waitGraph,
        '',
        `BLOCKED_THREAD:  ${hex8(looking.standing.thread.address)}`,
        '',
        'STACK_TEXT:  ',
        ...stackText(looking),
        '',
        ...findingLines(looking),
    ];
}
const stackText = (looking) => stackLines(looking, looking.standing.frames, {
    numbers: false,
    arguments: true,
    details: false,
    addresses: true,
    source: true,
}).slice(1);
function outcomeLines({ standing }) {
    const { end } = standing.still;
    if (end === null)
        return ['The machine was stopped by the debugger: no bug check has occurred.', ''];
    const what = end.notModelled === undefined ? end.outcome : `${end.outcome}: ${end.notModelled}`;
    return [`The simulation ended: ${what}.`, ''];
}
function findingLines({ standing }) {
    const findings = standing.records.recorder.machine.reported();
    if (findings.length === 0)
        return ['No finding so far.'];
    return findings.flatMap((one) => [
        'FAULTING_SOURCE:  ',
        ...oneFinding(standing.knowledge.sources, one),
        '',
    ]);
}
function oneFinding(sources, finding) {
    const place = finding.file === undefined ? '' : `${finding.file} @ ${finding.line ?? 0}: `;
    const text = sources.get(finding.file ?? '')?.split('\n')[(finding.line ?? 0) - 1];
    return [
        `${place}${finding.id}: ${finding.message}`,
        ...(text === undefined ? [] : [`>${String(finding.line).padStart(5)}: ${text}`]),
        `    ${finding.rules.join(' ')}`,
    ];
}
