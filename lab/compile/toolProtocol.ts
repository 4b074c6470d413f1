// What the compiler's thread and its client tell each other.
import type { Tree } from '@yowasp/clang';

export type ToolRequest =
  /** Files that every later run sees, under the root. */
  | { readonly kind: 'mount'; readonly files: Tree }
  | {
      readonly kind: 'run';
      readonly id: number;
      /** The tool's name first: "clang", "wasm-ld". */
      readonly arguments: readonly string[];
      readonly files: Tree;
      /** The file in the root that is wanted back. */
      readonly result: string;
    };

export type ToolReply =
  | {
      readonly kind: 'ended';
      readonly id: number;
      readonly exitCode: number;
      /** Standard output and error, as they came. */
      readonly output: string;
      readonly file: Uint8Array | undefined;
      /** Processor time of the run: what it costs whatever else the machine does. */
      readonly cpu_ms: number;
    }
  | {
      readonly kind: 'crashed';
      readonly id: number;
      readonly output: string;
      readonly problem: string;
    };
