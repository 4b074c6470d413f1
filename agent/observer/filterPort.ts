// A connection to the port of a minifilter, as the observation needs it. A parameter, so that it is
// tested without Windows.

export interface FilterPort {
  /** FilterSendMessage: the answer, at most `room` bytes of it. Errors: PortRefused. */
  send(message: Uint8Array, room: number): Uint8Array;
  close(): void;
}

export interface FilterPorts {
  /** FilterConnectCommunicationPort. Errors: PortRefused. */
  connect(name: string, context: Uint8Array): FilterPort;
  /** What the drive "C:" is to the kernel: "\Device\HarddiskVolume3". */
  deviceOf(drive: string): string | undefined;
}

/** There is no port here, or it does not answer; the message says which and why. */
export class PortRefused extends Error {
  override readonly name = 'PortRefused';
}
