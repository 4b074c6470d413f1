const DISPATCH_LEVEL = 2;
function row(support, note, kinds, returns, blocks, handler, options) {
    const { irql = DISPATCH_LEVEL, since = null } = options;
    // Its own types were proved where the row was written; a table forgets them.
    const forgotten = handler;
    return { support, note, kinds, returns, blocks, irql, since, handler: forgotten };
}
/** Modelled as documented, and never waits. */
export const full = (kinds, returns, handler, options = {}) => row('full', null, kinds, returns, false, handler, options);
/** Modelled as documented; may wait. */
export const fullBlocking = (kinds, returns, handler, options = {}) => row('full', null, kinds, returns, true, handler, options);
/** Modelled in part: `note` says what is not. */
export const partial = (note, kinds, returns, handler, options = {}) => row('partial', note, kinds, returns, false, handler, options);
export const partialBlocking = (note, kinds, returns, handler, options = {}) => row('partial', note, kinds, returns, true, handler, options);
/** May be imported; a call ends the simulation by name. */
export const none = (note, options = {}) => row('none', note, null, 'void', false, null, options);
