// What the desktop shell offers beside the lab; in a browser there is none of it.
import { z } from 'zod';

const OpenedFile = z.strictObject({ name: z.string(), base64: z.string() });
export type OpenedFile = z.infer<typeof OpenedFile>;

interface Bridge {
  chooseFolder(): Promise<unknown>;
  onOpenRun(told: (file: unknown) => void): void;
}

const bridge = (window as unknown as { fltlabDesktop?: Bridge }).fltlabDesktop;

export const isDesktop = bridge !== undefined;

/** Null when nothing was chosen. */
export async function chooseFolder(): Promise<string | null> {
  return z
    .string()
    .nullable()
    .parse(await bridge?.chooseFolder());
}

/** Runs that the system opens with this program: double-clicked, or dropped on it. */
export function onOpenRun(told: (file: OpenedFile) => void): void {
  bridge?.onOpenRun((file) => told(OpenedFile.parse(file)));
}
