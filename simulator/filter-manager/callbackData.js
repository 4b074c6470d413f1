const windows7 = {
    callbackData: 0x60,
    workingIopb: 0x8c,
    nodes: 0xb8,
    nodeLength: 0x48,
    nodeSnapshot: 0x18,
};
const windowsXp = {
    callbackData: 0x5c,
    workingIopb: 0x88,
    nodes: 0xb4,
    nodeLength: 0x48,
    nodeSnapshot: 0x18,
};
/**
 * Known for XP and Windows 7 from transcripts. Differs: the versions between and after are taken to
 * be like the nearer one of the two, which no transcript shows.
 */
export const irpCtrlLayout = (profile) => profile.irpCtrl === 'xp' ? windowsXp : windows7;
