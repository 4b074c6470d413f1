// Signing drivers with a certificate of the lab's own, and reading signatures.
export { labCertificate } from './certificate.ts';
export { osslsigncode } from './osslsigncode.ts';
export { signDriver, verifySignature, } from './signDriver.ts';
