// Where the lab keeps its things on a machine: all of it below the root of the target.
import type { MachineDescription } from '../../contract/target.ts';
import { joinWindows, windowsPath, type WindowsPath } from './windowsPath.ts';

export interface MachinePaths {
  readonly root: WindowsPath;
  readonly nodeFolder: WindowsPath;
  readonly node: WindowsPath;
  readonly agentFolder: WindowsPath;
  /** One folder below it for each driver. */
  readonly driversFolder: WindowsPath;
}

export function machinePaths({ root }: Pick<MachineDescription, 'root'>): MachinePaths {
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
