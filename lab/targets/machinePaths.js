import { joinWindows, windowsPath } from './windowsPath.ts';
export function machinePaths({ root }) {
    const folder = windowsPath(root);
    const nodeFolder = joinWindows(folder, 'node');
    return {
        root: folder,
        nodeFolder,
        node: joinWindows(nodeFolder, 'node.exe'),
        agentFolder: joinWindows(folder, 'agent'),
        driversFolder: joinWindows(folder, 'drivers'),
    };
}
