// Errors whose remedy the workbench can carry out: code and the command that does it.
import type { ReportedError } from '../../../contract/rpc.ts';

interface Remedy {
  readonly title: string;
  readonly command: string;
}

const remedies: Readonly<Record<string, Remedy>> = {
  'target.not-found': { title: 'Show the targets', command: 'side-targets' },
  'target.not-prepared': { title: 'Show the targets', command: 'side-targets' },
  'ssh.refused': { title: 'Show the targets', command: 'side-targets' },
  'ssh.connection-lost': { title: 'Run again', command: 'run' },
  'run.cancelled': { title: 'Run again', command: 'run' },
  'build.compile-failed': { title: 'Show the problems', command: 'panel-problems' },
  'compile.failed': { title: 'Show the problems', command: 'panel-problems' },
  'workspace.read-only': { title: 'Copy the sample', command: 'copy' },
  'workspace.not-saved': { title: 'Save again', command: 'save' },
  'comparison.closed': { title: 'Simulate again', command: 'simulate' },
};

export const remedyOf = ({ code }: ReportedError): Remedy | undefined => remedies[code];
