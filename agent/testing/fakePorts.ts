// Ports of filters at the edge of a test.
import { observerCommands } from '../../contract/observerRecords.ts';
import { PortRefused, type FilterPorts } from '../observer/filterPort.ts';

/** As under Wine. */
export const noPorts: FilterPorts = {
  connect: () => {
    throw new PortRefused('FilterConnectCommunicationPort returned 0x80004001');
  },
  deviceOf: () => undefined,
};

export interface FakePorts extends FilterPorts {
  /** What was asked, in order: "watchProcess 8", "getRecords", "close". */
  readonly asked: string[];
}

/**
 * A driver that has these answers: one of instances, then one of records for each time that it is asked,
 * and after those an answer without any. An answer may be an error instead.
 */
export function fakePorts(
  instances: Uint8Array,
  records: readonly (Uint8Array | PortRefused)[],
): FakePorts {
  const asked: string[] = [];
  const left = [...records];
  const codes = new Map(Object.entries(observerCommands).map(([name, code]) => [code, name]));
  return {
    asked,
    deviceOf: (drive) => (drive === 'C:' ? '\\Device\\HarddiskVolume2' : undefined),
    connect: (name, context) => {
      asked.push(`connect ${name} ${Buffer.from(context).toString('hex')}`);
      return {
        send: (message) => {
          const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
          const command = codes.get(view.getUint32(4, true) as never);
          const process = command === 'watchProcess' ? ` ${view.getBigUint64(8, true)}` : '';
          asked.push(`${command ?? 'unknown'}${process}`);
          if (command === 'getInstances') return instances;
          if (command !== 'getRecords') return new Uint8Array();
          const answer = left.shift() ?? emptied(records);
          if (answer instanceof PortRefused) throw answer;
          return answer;
        },
        close: () => {
          asked.push('close');
        },
      };
    },
  };
}

/** The header of the last answer, with no record behind it. */
function emptied(records: readonly (Uint8Array | PortRefused)[]): Uint8Array {
  const last = records.filter((one) => one instanceof Uint8Array).at(-1);
  const header = Uint8Array.from((last ?? new Uint8Array(40)).subarray(0, 40));
  const view = new DataView(header.buffer);
  view.setUint32(0, 1, true);
  view.setUint32(4, header.length, true);
  view.setUint32(8, 0, true);
  view.setUint32(12, 0, true);
  return header;
}
