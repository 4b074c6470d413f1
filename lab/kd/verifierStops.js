export const unattended = { ours: 'zap', others: 'remove' };
/** What to type; nothing when it does not ask. */
export function answerFor(stop, driver, policy = unattended) {
    if (!stop.asks)
        return undefined;
    return (isOurs(stop, driver) ? policy.ours : policy.others)[0];
}
export const isOurs = (stop, driver) => stop.filter === undefined || stop.filter.toLowerCase() === driver.toLowerCase();
export function findingOfStop(stop, driver) {
    if (!isOurs(stop, driver))
        return undefined;
    return {
        id: 'filter-verifier',
        rules: [],
        stack: [],
        count: 1,
        message: [stop.message, stop.details].filter((text) => text !== '').join('\n'),
    };
}
