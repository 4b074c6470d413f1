export function predictedSide(prediction) {
    const { events, evidence } = prediction;
    const endedEarly = whyEarly(prediction);
    return { events, evidence, ...(endedEarly === undefined ? {} : { endedEarly }) };
}
function whyEarly({ outcome, bugcheck, notModelled }) {
    switch (outcome) {
        case 'completed':
            return undefined;
        case 'bugcheck':
            return `the prediction ends before it: bugcheck ${bugcheck?.name ?? ''}`.trim();
        case 'hang':
            return 'the prediction ends before it: hang';
        case 'load-failed':
            return 'the driver does not load in the prediction';
        case 'not-modelled':
            return `the model refuses ${notModelled ?? 'something before it'}`;
    }
}
