// What signs drivers and reads their signatures. osslsigncode implements it on Linux and macOS;
// Windows' own signtool comes behind the same interface.
import type { MissingPart } from '../build/index.ts';
import type { LabCertificate } from './certificate.ts';

export interface Signer {
  /** As a person knows the program: "osslsigncode". */
  readonly name: string;
  probe(signal: AbortSignal): Promise<SignerProbe>;
  /** Writes a signed copy. Errors: `build.toolchain-missing`, `sign.failed`, `run.cancelled`. */
  sign(request: SignRequest, signal: AbortSignal): Promise<void>;
  /** Errors: `build.toolchain-missing`, `run.cancelled`; what the signature is like is a result. */
  verify(file: string, certificate: LabCertificate, signal: AbortSignal): Promise<Verification>;
}

export interface SignerProbe {
  readonly available: boolean;
  readonly version: string;
  readonly missing: readonly MissingPart[];
}

export interface SignRequest {
  readonly unsigned: string;
  /** Must not exist. */
  readonly signed: string;
  readonly certificate: LabCertificate;
}

export type Verification =
  | {
      readonly verified: true;
      readonly subject: string;
      /** "SHA256". */
      readonly digestAlgorithm: string;
      /** Whether each page has a hash of its own, which the kernel checks as it pages code in. */
      readonly pageHashes: boolean;
    }
  | {
      readonly verified: false;
      readonly reason: Distrust;
      /** What the program said, for a log. */
      readonly detail: string;
    };

export type Distrust =
  /** The file carries no signature. */
  | 'not-signed'
  /** The file is not what was signed. */
  | 'content-changed'
  /** The signature itself is damaged or wrong. */
  | 'signature-invalid'
  /** Well signed, but not by the certificate of this lab. */
  | 'another-certificate';
