/** What only a session with machines needs, as a bundle of its own, `dist/ssh.js`, that the first session loads; see `lazy.ts`. */
export { createArtifacts } from './files/artifacts';
export { downloads } from './files/downloads';
export { createSshHosts } from './ssh/hosts';
export { addressLook } from './system/addressLook';
export { handshakes } from './system/handshakes';
export { createInstallScripts } from './system/installScripts';
export { createProgramRunner } from './system/localPrograms';
