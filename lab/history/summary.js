export function summarize(run, { tags, note, origin }) {
    return {
        id: run.id,
        startedAt: run.startedAt,
        sample: run.sample,
        variant: run.variant,
        workload: run.workload,
        profile: run.profile,
        target: run.facts.name,
        targetKind: run.facts.kind,
        outcome: run.prediction.outcome,
        findings: run.prediction.findings.length,
        ended: run.ended.how,
        verdict: run.comparison.verdict,
        counts: run.comparison.counts,
        took_ms: run.timings.reduce((sum, [, took_ms]) => sum + took_ms, 0),
        tags: [...tags],
        note,
        origin,
    };
}
