export function createThreadRecord(place, process, daemon) {
    const irql = 0;
    return {
        address: place.address,
        name: `${process.name}/${place.name}`,
        id: place.id,
        process,
        irql,
        criticalRegions: 0,
        guardedRegions: 0,
        apcQueue: [],
        barriers: [],
        waiting: null,
        actor: null,
        step: null,
        because: [],
        topLevelIrp: 0,
        state: 'ready',
        daemon,
        resume: null,
        granted: false,
        waitNumber: 0,
        normalApcInProgress: false,
    };
}
