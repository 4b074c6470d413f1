import { escapeMarkup as text } from './markup.ts';
import { reportStyle } from './style.ts';
import { countsText, verdictLine, verdictMarks, verdictText } from './text.ts';
export function htmlReport(run) {
    const title = `${run.sample} · ${run.variant} · ${run.workload} on ${run.facts.name}`;
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<p class="product">FltLab run report</p>
<h1>${text(title)}</h1>
<p class="verdict ${run.comparison.verdict}"><strong>${text(verdictLine[run.comparison.verdict])}</strong>
<span>${text(countsText(run))}</span></p>
</header>
<main>
${factsSection(run)}
${findingsSection(run.prediction.findings)}
${comparisonSection(run)}
${expectationsSection(run)}
${notesSection(run.notes)}
${timingsSection(run)}
</main>
</body>
</html>
`;
}
function factsSection(run) {
    const rows = [
        ['Target', `${run.facts.name} (${run.facts.kind})`],
        [
            'Windows',
            run.facts.windowsVersion + (run.facts.wineVersion ? `, Wine ${run.facts.wineVersion}` : ''),
        ],
        ['Predicted for', `${run.profile}, seed ${run.seed}, outcome ${run.prediction.outcome}`],
        ['Driver', `service ${run.driver.service} reached ${run.driver.reached}`],
        ['SHA-256 of the .sys', run.driver.sha256],
        ['Started', run.startedAt],
        ['Can show', run.facts.has.join(', ') || 'nothing'],
        ...run.facts.lacks.map(({ capability, because }) => [`Cannot show ${capability}`, because]),
    ];
    return `<section><h2>Run</h2><dl>${rows
        .map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`)
        .join('')}</dl></section>`;
}
function findingsSection(findings) {
    if (findings.length === 0)
        return '';
    const items = findings.map((one) => {
        const place = one.file === undefined ? '' : `${one.file}:${one.line ?? '?'}`;
        return `<li><code>${text(one.id)}</code> <span class="place">${text(place)}</span><p>${text(one.message)}</p>
<p class="rules">${text(one.rules.join(' '))}</p></li>`;
    });
    return `<section><h2>Findings of the prediction</h2><ul class="findings">${items.join('')}</ul></section>`;
}
function comparisonSection(run) {
    return `<section><h2>Step by step</h2>
<table>
<thead><tr><th scope="col">Actor and step</th><th scope="col">Operation</th>
<th scope="col">Predicted (${text(run.profile)})</th><th scope="col"><span class="hidden">Verdict</span></th>
<th scope="col">Observed (${text(run.facts.name)})</th></tr></thead>
<tbody>
${run.comparison.rows.map(comparisonRow).join('\n')}
</tbody></table></section>`;
}
function comparisonRow(row) {
    const who = row.actor === '' ? row.phase : `${row.actor} <span class="step">${text(row.step)}</span>`;
    const operation = row.phase === 'completion' ? `${row.operation} ▸` : row.operation;
    const head = `<tr class="${row.verdict}"><td>${who}</td><td>${text(operation)}</td>
<td><code>${text(row.predicted?.text ?? '')}</code></td>
<td class="mark" title="${text(verdictText(row))}">${verdictMarks[row.verdict]}<span class="hidden">${text(verdictText(row))}</span></td>
<td><code>${text(row.observed?.text ?? '')}</code></td></tr>`;
    return head + explanation(row);
}
function explanation(row) {
    if (row.verdict === 'agrees' && row.reason === undefined)
        return '';
    const fields = row.differences.map((one) => `<li>${text(one.field)}: predicted <code>${text(one.predicted)}</code>, observed <code>${text(one.observed)}</code></li>`);
    const reason = row.reason === undefined ? '' : `: ${text(row.reason)}`;
    return `<tr class="why"><td colspan="5">${text(verdictText(row))}${reason}
<span class="rules">${text(row.rules.join(' '))}</span>${fields.length > 0 ? `<ul>${fields.join('')}</ul>` : ''}</td></tr>`;
}
function expectationsSection(run) {
    if (run.expectations.length === 0)
        return '';
    const rows = run.expectations.map((miss) => `<tr><td>${text(`${miss.actor} ${miss.step}`)}</td><td>${text(miss.what)}</td>
<td><code>${text(miss.expected)}</code></td><td><code>${text(miss.found)}</code></td></tr>`);
    return `<section><h2>Expectations not met</h2><table><thead><tr><th scope="col">Step</th><th scope="col">What</th>
<th scope="col">Expected</th><th scope="col">Found</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}
const notesSection = (notes) => notes.length === 0
    ? ''
    : `<section><h2>Notes</h2><ul>${notes.map((note) => `<li>${text(note)}</li>`).join('')}</ul></section>`;
function timingsSection(run) {
    const rows = run.timings.map(([stage, took_ms]) => `<tr><td>${text(stage)}</td><td class="number">${took_ms.toFixed(0)} ms</td></tr>`);
    return `<section><h2>Time</h2><table class="narrow"><tbody>${rows.join('')}</tbody></table></section>`;
}
