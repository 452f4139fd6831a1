const SCRIPT_NAME = /^(?:k3s[-_]?)?install(?:er)?(?:[-_]?k3s)?\.sh$|^(?:get[-_])?k3s[\w.-]*\.sh$/;
const OTHER_TOOL = /k3sup|autok3s|k3d\b|get-?docker/i;

/** Whether a file is the install script, by its name. */
export function isScriptName(path: string): boolean {
  const name = path.replace(/^.*\//, '');
  return SCRIPT_NAME.test(name) && !/uninstall|killall/.test(name);
}

/** Whether an address gives the install script, or a mirror of it. */
export function isInstaller(url: string): boolean {
  return /k3s/i.test(url) && !OTHER_TOOL.test(url);
}

/** Whether an address gives another tool. */
export function isOtherTool(url: string): boolean {
  return OTHER_TOOL.test(url);
}
