// Signing drivers with a certificate of the lab's own, and reading signatures.
export { labCertificate, type LabCertificate } from './certificate.ts';
export { osslsigncode } from './osslsigncode.ts';
export {
  signDriver,
  verifySignature,
  type SignDriverRequest,
  type SignedDriver,
  type VerifyRequest,
} from './signDriver.ts';
export type { Distrust, Signer, SignerProbe, SignRequest, Verification } from './signer.ts';
