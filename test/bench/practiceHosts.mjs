const quiet = () => undefined;
const LOG = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/** The hosts of a practice fleet that was started in the folder, over SSH, with the secrets that they take. */
export function practiceHosts(lib, folder) {
  const secrets = lib.agreedDoor(lib.createCliSecrets({ baseDir: folder, env: {}, file: `${folder}/none` }));
  const hosts = lib.createSshHosts({
    secrets,
    prompter: { confirmHostKey: async () => 'reject', askSecret: async () => undefined },
    log: LOG,
    baseDir: folder,
    homeDir: folder,
    env: {},
  });
  return { log: LOG, secrets, hosts };
}
